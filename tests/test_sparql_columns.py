"""The columns of `SELECT *` in the order of the query."""

import pyoxigraph as ox
import pytest

from kg.sparql_columns import name_columns


def columns(query: str) -> list[str]:
    store = ox.Store()

    def run(text: str) -> list[str]:
        found = store.query(text)
        assert isinstance(found, ox.QuerySolutions)
        return [variable.value for variable in found.variables]

    return run(name_columns(query, lambda: run(query)))


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("SELECT * { ?z ?a ?m }", "zam"),
        ("select distinct * { ?z $a ?z }", "za"),
        ("SELECT REDUCED * FROM <http://g> WHERE { ?z ?y ?x OPTIONAL { ?x ?b ?a } }", "zyxba"),
        ("PREFIX s: <http://select/*#> SELECT * { ?z s:a '?q' BIND(1 AS ?b) } # ?c", "zb"),
        ("SELECT * { ?z ?y ?x MINUS { ?n ?o ?z } FILTER NOT EXISTS { ?p ?q ?z } }", "zyx"),
        ("SELECT * { { SELECT ?c ?b { ?b ?a ?c } } ?z ?y ?c }", "cbzy"),
        ("SELECT * { ?z ?y 1 } VALUES ?a { 1 2 }", "zya"),
        ("SELECT ?z ?a { ?a ?b ?z }", "za"),
        ("SELECT (COUNT(*) AS ?n) { ?z ?a ?m }", "n"),
        ("SELECT ?b { { SELECT * { ?z ?b ?a } } }", "b"),
        ("SELECT * { }", ""),
        ("SELECT*{?z?a?m}", "zam"),
    ],
)
def test_columns(query: str, expected: str) -> None:
    assert "".join(columns(query)) == expected


@pytest.mark.parametrize(
    "query", ["ASK { ?s ?p ?o }", "SELECT", "SELECT DISTINCT", "", "SELECT * { \\ }", "CONSTRUCT WHERE { ?s ?p ?o }"]
)
def test_other_queries_stay(query: str) -> None:
    assert name_columns(query, lambda: []) == query
