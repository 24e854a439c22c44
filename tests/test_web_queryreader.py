"""Queries read into their parts: which patterns they have, and which parts share no variable."""

from collections.abc import Iterator
from typing import Any

import pytest
from pyparsing import ParseResults
from rdflib.plugins.sparql.parser import parseQuery
from rdflib.plugins.sparql.parserutils import CompValue

from kg.errors import QueryError
from kg.queries import Query, load_queries, load_rules
from kg.web.querypatterns import Group, Pattern
from kg.web.queryproducts import estimate_rows, find_products
from kg.web.queryreader import MOST_DEPTH, read_query

EXAMPLES = [*load_queries(), *load_rules()]
INTENDED = {"event-label": [["VALUES (?language)"]], "event-disputed": [["VALUES (?kind)"]]}
"""What is combined with all else on purpose, by query."""


def texts(query: str) -> list[str]:
    return [part.text for group in read_query(query).group.walk() for part in group.parts if isinstance(part, Pattern)]


def products(query: str) -> list[list[list[str]]]:
    return [product.texts() for product in find_products(read_query(query).group)]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("SELECT * { ?s ?p ?o }", ["?s ?p ?o"]),
        ("ASK { ?s a <x:C> ; <x:p> 1, 'zwei'@de ; . }", ["?s a <x:C>", "?s <x:p> 1", "?s <x:p> 'zwei'@de"]),
        ("SELECT * { ?s x:p/x:q* ?o . ?o ^x:r|x:s ?t }", ["?s x:p/x:q* ?o", "?o ^x:r|x:s ?t"]),
        ("SELECT * { ?s (x:p|!(x:q|^x:r))+ -5 . ?o x:p +5, 1e3 }", [
            "?s (x:p|!(x:q|^x:r))+ -5", "?o x:p +5", "?o x:p 1e3"]),
        ("SELECT * { ?s x:p [ x:q ?o ] FILTER(?o > 1) ?o x:r ?t }", ["?blank1 x:q ?o", "?s x:p ?blank1", "?o x:r ?t"]),
        ("SELECT * { [ x:p 'a'^^x:t ] x:q (1 ?x) . _:b x:r [] }", [
            "?blank1 x:p 'a'^^x:t", "?blank1 x:q ( 1 ?x )", "?blank_b x:r ?blank2"]),
        ("SELECT * { { ?a ?b ?c } UNION { ?d ?e ?f } OPTIONAL { ?a x:p ?g } }", ["?a ?b ?c", "?d ?e ?f", "?a x:p ?g"]),
        ("SELECT * { GRAPH ?g { ?s ?p ?o } BIND(1 AS ?x) VALUES ?y { 1 2 } }", ["?s ?p ?o"]),
        ("SELECT * { ?s ?p 'a } b' } # ?x ?y ?z", ["?s ?p 'a } b'"]),
        ("SELECT (COUNT(?x) AS ?n) { { SELECT ?x { ?x a ?c } GROUP BY ?x HAVING(COUNT(*) > 1) ORDER BY DESC(?x) } }"
         " GROUP BY (STR(?x) AS ?y) ORDER BY ?y LIMIT 3 OFFSET 2 VALUES ?y { 'a' }", ["?x a ?c"]),
        ("SELECT ?x { ?x a ?c FILTER(!EXISTS { ?x x:p ?y } && ?x != ?y) FILTER NOT EXISTS { ?x x:q ?z } } ORDER BY ?x",
         ["?x a ?c", "?x x:p ?y", "?x x:q ?z"]),
        ("PREFIX x: <x:> CONSTRUCT { ?a ?b ?c } FROM <g> WHERE { ?d ?e ?f }", ["?d ?e ?f"]),
        ("CONSTRUCT WHERE { ?d ?e ?f }", ["?d ?e ?f"]),
        ("DESCRIBE <x>", []),
        ("DESCRIBE ?x WHERE { ?x a ?c }", ["?x a ?c"]),
        ("SELECT * { SERVICE SILENT <x:y> { ?a ?b ?c } ?a ?d ?e }", ["?a ?d ?e"]),
        ("SELECT * { ?s ?p <<( ?a x:b _:c )>> . << ?s ?p ?o ~ ?r >> x:q 1 }", [
            "?s ?p <<( ?a x:b ?blank_c )>>", "<< ?s ?p ?o ~ ?r >> x:q 1"]),
        ("SELECT * { ?s ?p ?o ~ ?r {| x:q ?t |} }", [
            "?s ?p ?o", "?r <http://www.w3.org/1999/02/22-rdf-syntax-ns#reifies> <<( ?s ?p ?o )>>", "?r x:q ?t"]),
    ],
)  # fmt: skip
def test_patterns_are_found(query: str, expected: list[str]) -> None:
    assert texts(query) == expected


@pytest.mark.parametrize(
    "query",
    ["", "SELECT", "SELECT * {", "no SPARQL \\", "CLEAR ALL", "ASK { ?s ?p", "ASK { ?s ?p [ }", "ASK { ( }", "ASK {} }",
     "ASK { BIND(1) }", "ASK { VALUES ?x", "ASK { FILTER", "ASK { FILTER EXISTS", "SELECT (1 AS ?x", "SELECT () {}",
     "SELECT {}", "PREFIX", "ASK {} LIMIT ?x", "DESCRIBE ?x {"],
)  # fmt: skip
def test_what_is_no_query_is_said(query: str) -> None:
    with pytest.raises(QueryError):
        read_query(query)


def test_what_nests_too_deeply_is_said() -> None:
    deep = MOST_DEPTH - 1
    assert texts("ASK {" + "{" * deep + "?s ?p ?o" + "}" * deep + "}") == ["?s ?p ?o"]
    with pytest.raises(QueryError, match="nests deeper"):
        read_query("ASK { FILTER(" + "(" * deep + "1" + ")" * deep + ") }")


@pytest.mark.parametrize("query", EXAMPLES, ids=lambda query: query.name)
def test_examples_have_the_patterns_that_rdflib_finds(query: Query) -> None:
    assert len(texts(query.text)) == sum(_count_triples(parseQuery(query.text)))


def _count_triples(node: Any) -> Iterator[int]:
    """Yield the number of triples in each block of rdflib's parse."""
    if isinstance(node, CompValue) and node.name == "TriplesBlock":
        yield from (len(each) // 3 for each in node.triples)
    elif isinstance(node, CompValue):
        yield from (number for value in node.values() for number in _count_triples(value))
    elif isinstance(node, list | ParseResults):
        yield from (number for each in node for number in _count_triples(each))


@pytest.mark.parametrize("query", EXAMPLES, ids=lambda query: query.name)
def test_examples_have_no_product_but_those_intended(query: Query) -> None:
    found = [product[1:] for product in products(query.text)]
    assert found == [INTENDED[query.name]] if query.name in INTENDED else not found


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * { ?a x:p ?b . ?b x:q ?c }",
        "SELECT * { ?a x:p ?b . ?c x:q ?d . ?a x:r ?d }",
        "SELECT * { ?a x:p ?b OPTIONAL { ?a x:q ?c } }",
        "SELECT * { ?a x:p $b . $b x:q ?c . x:s x:p x:o }",
        "SELECT * { ?a x:p ?b BIND(STR(?b) AS ?c) ?d x:q ?c }",
        "SELECT * { BIND(<x:y> AS ?c) ?a x:p ?c }",
        "SELECT * { ?a x:p ?b . ?c x:q ?d FILTER(?b > 1 && (STR(?b) = STR(?d))) }",
        "SELECT * { ?a x:p ?b . ?c x:q ?d FILTER sameTerm(?b, ?d) }",
        "SELECT * { ?a x:p ?b OPTIONAL { ?c x:q ?d FILTER(?d = ?b) } }",
        "SELECT * { VALUES (?a ?c) { (1 2) (3 4) } ?a x:p ?b . ?c x:q ?d }",
        "SELECT * { ?a x:p ?b . ?c x:q ?d } VALUES (?a ?c) { (1 2) (3 4) }",
        "SELECT * { VALUES ?x { 1 } ?a x:p ?b }",
        "SELECT * { ?a x:p ?b { SELECT ?b (COUNT(*) AS ?n) { ?b x:q ?c } GROUP BY ?b } }",
        "SELECT * { ?a x:p ?b { SELECT (COUNT(*) AS ?n) { ?c x:q ?d } } }",
        "SELECT * { ?a x:p ?b { SELECT ?d { ?c x:q ?d } LIMIT 1 } }",
        "SELECT * { ?a x:p ?b { ?a x:q ?c } UNION { ?b x:q ?d } }",
        "SELECT * { ?a x:p ?b FILTER EXISTS { ?c x:q ?d } MINUS { ?e x:r ?f } }",
        "SELECT * { ?a x:p ?b FILTER NOT EXISTS { ?a x:q ?c . ?b x:q ?d } }",
        "SELECT * { GRAPH ?g { ?a x:p ?b . ?c x:q ?d } }",
        "SELECT * { _:b x:p ?b . _:b x:q ?c }",
        "SELECT (COUNT(*) AS ?n) { ?a x:p ?b } GROUP BY ?x ?y ORDER BY ?n LIMIT 2",
        "DESCRIBE ?x ?y",
    ],
)
def test_what_is_joined_is_no_product(query: str) -> None:
    assert products(query) == []


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("SELECT * { ?a x:p ?b . ?c x:q ?d }", [["?a x:p ?b"], ["?c x:q ?d"]]),
        ("SELECT * { ?a x:p ?b . { ?c x:q ?d } }", [["?a x:p ?b"], ["{ … }"]]),
        ("SELECT * { ?a x:p ?b OPTIONAL { ?c x:q ?d } }", [["?a x:p ?b"], ["OPTIONAL { … }"]]),
        ("SELECT * { ?a x:p ?b . ?c x:q ?d FILTER(?b = 1 || ?b = ?d) }", [["?a x:p ?b"], ["?c x:q ?d"]]),
        ("SELECT * { ?a x:p ?b . ?c x:q ?d FILTER(!(?b = ?d)) }", [["?a x:p ?b"], ["?c x:q ?d"]]),
        ("SELECT * { ?a x:p ?b . ?c x:q ?d BIND(?a + ?c AS ?e) ?f x:r ?e }",
         [["?a x:p ?b"], ["?c x:q ?d"], ["?f x:r ?e"]]),
        ("SELECT * { ?a x:p ?b { SELECT ?c { ?a x:q ?c } } }", [["?a x:p ?b"], ["{ SELECT ?c … }"]]),
        ("SELECT * { ?a x:p ?b VALUES ?c { 1 2 } }", [["?a x:p ?b"], ["VALUES (?c)"]]),
        ("SELECT * { ?a x:p ?b { ?a x:q ?c } UNION { ?d x:q ?e } }", [["?a x:p ?b"], ["{ … }"]]),
        ("SELECT * { ?a x:p ?b FILTER EXISTS { ?a x:q ?c . ?d x:q ?e } }", [["?a x:q ?c"], ["?d x:q ?e"]]),
        ("SELECT * { ?a x:p ?b MINUS { ?a x:q ?b . ?d x:q ?e } }", [["?a x:q ?b"], ["?d x:q ?e"]]),
        ("SELECT * { GRAPH <g> { ?a x:p ?b . ?c x:q ?d } }", [["?a x:p ?b"], ["?c x:q ?d"]]),
        ("SELECT * { ?a x:p ?b SERVICE <x:y> { ?c x:q ?d } }", [["?a x:p ?b"], ["SERVICE { … }"]]),
    ],
)  # fmt: skip
def test_products_are_found(query: str, expected: list[list[str]]) -> None:
    assert products(query) == [expected]


def test_rows_are_estimated_part_by_part() -> None:
    class Letters:
        """As many triples as letters in a pattern, as many values as letters in a variable."""

        def triples(self, pattern: Pattern) -> int:
            return len(pattern.text)

        def values(self, pattern: Pattern, variable: str) -> int:
            return len(variable)

    def estimate(query: str) -> int:
        return estimate_rows(read_query(query).group, Letters())

    assert estimate("ASK { ?a <p> ?bb . ?a <ppp> ?b }") == len("?a <p> ?bb")
    assert estimate("ASK { ?a <p> ?b . ?cc <p> ?d }") == len("?a <p> ?b") * len("?cc <p> ?d")
    assert estimate("ASK { ?a <p> ?b VALUES ?c { 1 2 3 } }") == len("?a <p> ?b") * 3
    assert estimate("ASK { ?a <ppp> ?b OPTIONAL { ?a <p> ?c } }") == len("?a <ppp> ?b")
    assert estimate("ASK { { ?a <p> ?b } UNION { ?a <p> ?c } }") == 2 * len("?a <p> ?b")
    assert estimate("ASK { ?a <p> ?b { SELECT ?c { ?c <p> ?d } LIMIT 2 } }") == len("?a <p> ?b") * 2
    grouped = "ASK {{ {{ SELECT ?x (COUNT(*) AS ?n) {{ ?cc <pppppppppp> ?d }} GROUP BY {} }} }}"
    assert estimate(grouped.format("?cc")) == len("?cc")
    assert estimate(grouped.format("?cc ?d HAVING(?n > 1) ORDER BY ?n")) == len("?cc") * len("?d")
    assert estimate(grouped.format("(STR(?cc) AS ?d)")) == len("?cc")
    assert estimate(grouped.format("STR(?cc) LIMIT 2")) == 2
    assert estimate(grouped.format("?other")) == len("?cc <pppppppppp> ?d")
    assert estimate("ASK { { SELECT DISTINCT ?cc { ?cc <pppppppppp> ?d } } }") == len("?cc")
    assert isinstance(read_query("ASK {}").group, Group)
