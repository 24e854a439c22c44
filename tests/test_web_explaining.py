"""The dry run: which patterns a query has, which of them multiply, what it would call and which limits apply."""

import json
import time
from urllib.parse import urlencode

import pytest
from flask.testing import FlaskClient

from kg.web import explaining
from kg.web.querypatterns import find_products, read_groups


def texts(query: str) -> list[str]:
    return [pattern.text for group in read_groups(query).walk() for pattern in group.patterns]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("SELECT * { ?s ?p ?o }", ["?s ?p ?o"]),
        ("ASK { ?s a <x:C> ; <x:p> 1, 'zwei'@de . }", ["?s a <x:C>", "?s <x:p> 1", "?s <x:p> 'zwei'@de"]),
        ("SELECT * { ?s x:p/x:q* ?o . ?o ^x:r|x:s ?t }", ["?s x:p/x:q* ?o", "?o ^x:r|x:s ?t"]),
        ("SELECT * { ?s x:p [ x:q ?o ] FILTER(?o > 1) ?o x:r ?t }", ["?blank1 x:q ?o", "?s x:p ?blank1", "?o x:r ?t"]),
        ("SELECT * { { ?a ?b ?c } UNION { ?d ?e ?f } OPTIONAL { ?a x:p ?g } }", ["?a ?b ?c", "?d ?e ?f", "?a x:p ?g"]),
        ("SELECT * { GRAPH ?g { ?s ?p ?o } BIND(1 AS ?x) VALUES ?y { 1 2 } }", ["?s ?p ?o"]),
        ("SELECT * { ?s ?p 'a } b' } # ?x ?y ?z", ["?s ?p 'a } b'"]),
        ("SELECT * {", []),
        ("no SPARQL \\", []),
    ],
)
def test_patterns_are_found(query: str, expected: list[str]) -> None:
    assert texts(query) == expected


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("SELECT * { ?a x:p ?b . ?b x:q ?c }", []),
        ("SELECT * { ?a x:p ?b . ?c x:q ?d }", [[["?a x:p ?b"], ["?c x:q ?d"]]]),
        ("SELECT * { ?a x:p ?b . ?c x:q ?d . ?a x:r ?d }", []),
        ("SELECT * { ?a x:p ?b . OPTIONAL { ?a x:q ?c } }", []),
        ("SELECT * { ?a x:p ?b . { ?c x:q ?d } }", [[["?a x:p ?b"], ["{ … }"]]]),
        ("SELECT * { ?a x:p ?b . x:s x:p x:o }", []),
    ],
)
def test_products_are_found(query: str, expected: list[list[list[str]]]) -> None:
    assert find_products(read_groups(query)) == expected


def test_a_dry_run_tells_and_does_not_ask(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("COUNT_SECONDS", "EXPLAIN_SECONDS"):
        monkeypatch.setattr(explaining, name, 20.0)  # the machine may be busy with other things
    query = (
        "PREFIX lb: <https://w3id.org/lagebild/ontology#> "
        "SELECT * { ?claim lb:eventType ?type . ?article a lb:Article . ?a ?b ?c . FILTER(RAND() > 0.5) }"
    )
    response = client.get("/sparql?" + urlencode({"query": query, "explain": "1", "timeout": "15"}))
    found = json.loads(response.data)
    assert found["patterns"][1] == {"pattern": "?article a lb:Article", "triples": 10}
    (product,) = found["cartesianProducts"]
    assert len(product["parts"]) == 3
    assert product["rowsAtMost"] == found["patterns"][0]["triples"] * 10 * found["patterns"][2]["triples"]
    assert (found["limits"]["seconds"], found["repeatable"], found["services"]) == (15.0, False, [])


def test_a_dry_run_refuses_what_would_be_refused(client: FlaskClient) -> None:
    query = {"query": "ASK { SERVICE <http://a.example/> {} }", "explain": "1"}
    assert client.get("/sparql?" + urlencode(query)).status_code == 400


def test_a_dry_run_has_one_time_limit(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(explaining, "EXPLAIN_SECONDS", 0.2)
    patterns = " ".join(f"?a{number} (!<x:p>)* ?b{number} ." for number in range(30))
    begin = time.monotonic()
    found = json.loads(client.get("/sparql?" + urlencode({"query": f"ASK {{ {patterns} }}", "explain": "1"})).data)
    assert time.monotonic() - begin < 3
    assert [each["triples"] for each in found["patterns"]] == ["not counted in time"] * 30
