"""How large queries are for the planner, and that those which are too large are refused before they run."""

import time
from urllib.parse import quote

import pytest
from flask.testing import FlaskClient

from kg.queries import Query, load_queries
from kg.settings import Settings
from kg.sparql_size import Size, measure
from kg.sparql_tokens import tokenize
from kg.web.limits import check_query
from kg.workers import Supervisor
from tests.gold import BASE
from tests.protocol import assert_problem

SETTINGS = Settings()


def size(query: str) -> Size:
    return measure(tokenize(query))


@pytest.mark.parametrize(
    ("query", "joined"),
    [
        ("ASK {}", 0),
        ("ASK { ?s ?p ?o }", 1),
        ("ASK { ?s ?p ?o . ?s a ?c ; ?q 1, 2 ; . }", 4),
        ("ASK { ?s <a>/^<b>/<c> ?o }", 3),
        ("ASK { ?s ?p [ ?q 1 ; ?r [] ] }", 3),
        ("ASK { ?s ?p (1 2 3) }", 5),
        ("ASK { ?s ?p ?o { ?a ?b ?c . ?d ?e ?f } OPTIONAL { ?g ?h ?i } GRAPH ?j { ?k ?l ?m } }", 5),
        ("ASK { { ?s ?p ?o } UNION { ?a ?b ?c . ?d ?e ?f } ?g ?h ?i }", 3),
        ("ASK { ?s ?p ?o { SELECT ?a { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i } } }", 3),
        ("ASK { ?s ?p ?o MINUS { ?a ?b ?c } FILTER(?p IN (1, 2) || EXISTS { ?g ?h 1 }) }", 1),
        ("CONSTRUCT { ?s ?p 1, 2, 3, 4 } WHERE { ?s ?p ?o VALUES (?o ?p) { (1 2) (3 4) } FILTER <f>(?s, ?p, ?o) }", 2),
        ("SELECT (CONCAT(?a, ?b, ?c) AS ?d) { ?a ?b ?c } GROUP BY (STR(?a) AS ?e) ORDER BY <f>(?a, ?b, ?c)", 1),
        ("ASK { ?s ?p ?o {| ?q 1 |} }", 4),
        ("ASK } ) ] {", 0),
    ],
)  # fmt: skip
def test_joined_parts_are_counted(query: str, joined: int) -> None:
    assert size(query).joined == joined


@pytest.mark.parametrize(
    ("query", "parts"),
    [
        ("ASK { FILTER(1 + 2 * 3 = 4 || !?x) }", 7),
        ("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }", 4),
        ("DESCRIBE <a> <b> <c>", 3),
        ("ASK { ?s <a>|<b>|<c> ?o }", 3),
    ],
)
def test_parts_are_counted(query: str, parts: int) -> None:
    assert size(query).parts == parts


@pytest.mark.parametrize("query", load_queries(), ids=lambda query: query.name)
def test_examples_are_far_from_the_limits(query: Query) -> None:
    found = size(query.text)
    assert found.joined < SETTINGS.query_max_joined / 5
    assert found.parts < SETTINGS.query_max_parts / 5


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * { VALUES ?x { " + "1 " * 20_000 + "} ?s ?p ?x }",
        "SELECT * { VALUES (?x ?y) { " + "(1 2)" * 10_000 + "} }",
        "SELECT * { ?s !(" + "<a>|" * 10_000 + "<b>) ?o }",
        "SELECT * { ?s ?p ?o FILTER(?o IN (" + "1," * 20_000 + "1)) }",
        "SELECT (COALESCE(" + "?x," * 10_000 + "1) AS ?y) {}",
        "CONSTRUCT { " + "?s ?p ?o ." * 5_000 + " } WHERE { ?s ?p ?o }",
        "PREFIX a: <a> " * 2_000 + "ASK {}",
        "SELECT * " + "FROM <a> " * 5_000 + "{ ?s ?p ?o }",
        "ASK { ?s ?p '" + "a.b,c;d/" * 10_000 + "' }",
    ],
    ids=["values", "rows", "ruled out", "in", "arguments", "template", "prefixes", "graphs", "literal"],
)
def test_what_is_only_long_may_be_asked(query: str) -> None:
    check_query(query, SETTINGS)


@pytest.mark.parametrize(
    ("query", "limit"),
    [
        ("SELECT * { ?s " + "/".join(["<a>"] * 15_000) + " ?o }", "query_max_joined"),
        ("SELECT * { " + "?s ?p ?o." * 200 + " }", "query_max_joined"),
        ("SELECT*{?s<a>" + ",".join(["?o"] * 110) + "}", "query_max_joined"),
        ("SELECT * { ?s ?p ?o " + "OPTIONAL { ?s <a> ?o }" * 200 + " }", "query_max_joined"),
        ("SELECT * { ?s ?p (" + "1 " * 150 + ") }", "query_max_joined"),
        ("SELECT * { " + "{ ?s ?p ?o } UNION { ?s ?p ?o }" * 60 + " }", "query_max_joined"),
        ("SELECT (" + "1+" * 40_000 + "1 AS ?x) {}", "query_max_parts"),
        ("SELECT * { " + "{?s ?p ?o}UNION" * 6_000 + "{} }", "query_max_parts"),
        ("SELECT * { ?s " + "|".join(["<a>"] * 15_000) + " ?o }", "query_max_parts"),
        ("SELECT * { ?s ?p ?o FILTER(" + "||".join(["?o=1"] * 10_000) + ") }", "query_max_parts"),
        ("SELECT * { " + "BIND(1 AS ?x)" * 5_000 + " }", "query_max_parts"),
        ("DESCRIBE " + "<a> " * 20_000, "query_max_parts"),
    ],
)
def test_what_would_take_long_to_plan_is_refused_before_it_runs(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch, query: str, limit: str
) -> None:
    monkeypatch.delattr(Supervisor, "queries_for")  # no worker is asked
    problem = assert_problem(client.post("/sparql", data={"query": query}), 400)
    assert (problem["type"], problem["limit"]) == (f"{BASE}problems/query-limit", limit)
    assert problem["allowed"] == getattr(SETTINGS, limit)


def test_measuring_takes_a_time_in_proportion(client: FlaskClient) -> None:
    query = "SELECT * { ?s " + "/".join(["<a>"] * 20_000) + " ?o }"
    begin = time.process_time()
    assert client.get(f"/sparql?query={quote(query)}").status_code == 400
    assert time.process_time() - begin < 5
