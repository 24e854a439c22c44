"""The dry run: how many triples fit each pattern, what would multiply, what it would call and which limits apply."""

import json
import time
from typing import Any
from urllib.parse import urlencode

import pytest
from flask.testing import FlaskClient

from kg.web import explaining
from tests.gold import BASE
from tests.protocol import assert_problem

PREFIX = "PREFIX lb: <https://w3id.org/lagebild/ontology#> "


@pytest.fixture
def _patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """The machine may be busy with other things."""
    for name in ("COUNT_SECONDS", "EXPLAIN_SECONDS"):
        monkeypatch.setattr(explaining, name, 20.0)


def explain(client: FlaskClient, query: str, **parameters: str) -> Any:
    fields = {name.replace("_", "-"): value for name, value in parameters.items()}
    response = client.get("/sparql?" + urlencode({"query": query, "explain": "1", "timeout": "15", **fields}))
    assert response.status_code == 200
    return json.loads(response.data)


@pytest.mark.usefixtures("_patient")
def test_a_dry_run_tells_and_does_not_ask(client: FlaskClient) -> None:
    query = "SELECT * { ?claim lb:eventType ?type . ?article a lb:Article . ?a ?b ?c . FILTER(RAND() > 0.5) }"
    found = explain(client, PREFIX + query)
    assert found["patterns"][1] == {"pattern": "?article a lb:Article", "triples": 10}
    (product,) = found["cartesianProducts"]
    assert product["parts"] == [["?claim lb:eventType ?type"], ["?article a lb:Article"], ["?a ?b ?c"]]
    assert product["rowsEstimated"] == found["patterns"][0]["triples"] * 10 * found["patterns"][2]["triples"]
    assert (found["limits"]["seconds"], found["repeatable"], found["services"]) == (15.0, False, [])


@pytest.mark.usefixtures("_patient")
def test_patterns_are_counted_in_the_graphs_that_are_asked(client: FlaskClient) -> None:
    graph = f"<{BASE}graph/article/04-aspides-hessen>"
    inside = f"{{ ?article a lb:Article . GRAPH {graph} {{ ?article a lb:Article ; lb:nothing ?x }} }}"
    found = explain(client, f"{PREFIX} ASK {inside}")["patterns"]
    assert found == [
        {"pattern": "?article a lb:Article", "triples": 10},
        {"pattern": "?article a lb:Article", "graph": graph, "triples": 1},
        {"pattern": "?article lb:nothing ?x", "graph": graph, "triples": 0},
    ]
    (found,) = explain(client, f"{PREFIX} ASK FROM {graph} {{ ?article a lb:Article }}")["patterns"]
    assert found["triples"] == 1
    (found,) = explain(client, f"{PREFIX} ASK {{ ?a a lb:Article }}", default_graph_uri=graph.strip("<>"))["patterns"]
    assert found["triples"] == 1


@pytest.mark.usefixtures("_patient")
def test_a_query_within_gives_as_many_rows_as_it_has_groups(client: FlaskClient) -> None:
    within = "{ SELECT ?kind (COUNT(*) AS ?n) { ?claim lb:eventType ?kind } GROUP BY ?kind }"
    kinds = json.loads(client.get("/sparql?" + urlencode({"query": f"{PREFIX} SELECT * {within}"})).data)
    (product,) = explain(client, f"{PREFIX} ASK {{ ?article a lb:Article {within} }}")["cartesianProducts"]
    assert product["rowsEstimated"] == 10 * len(kinds["results"]["bindings"])


def test_a_product_with_nothing_is_of_no_rows(client: FlaskClient) -> None:
    (product,) = explain(client, f"{PREFIX} ASK {{ ?a lb:nothing ?b . ?c lb:nothing ?d }}")["cartesianProducts"]
    assert product["rowsEstimated"] == 0


def test_calls_of_other_endpoints_are_told_and_not_made(client: FlaskClient) -> None:
    query = "SELECT * { SERVICE <http://a.example/q> { ?s ?p ?o } SERVICE ?s { ?s ?q ?t } }"
    found = explain(client, query)
    assert found["services"] == [
        {"endpoint": "http://a.example/q", "allowed": False},
        {"endpoint": "variable", "allowed": False},
    ]
    assert found["patterns"] == []  # they are for others to count


@pytest.mark.parametrize(
    ("query", "kind", "word"),
    [
        ("ASK {" * 600, "query-limit", "nests"),
        ("ASK {" + "{" * 200 + "}" * 200 + "}", "malformed-query", "nests"),
        ("SELECT * {", "malformed-query", "error at 1:"),
        ("ASK { SERVICE <http://a.example/> {}", "malformed-query", "ends too early"),
        ("", "malformed-query", "error at 1:"),
    ],
)
def test_what_is_no_query_is_refused(client: FlaskClient, query: str, kind: str, word: str) -> None:
    problem = assert_problem(client.get("/sparql?" + urlencode({"query": query, "explain": "1"})), 400)
    assert problem["type"] == f"{BASE}problems/{kind}"
    assert word in str(problem["detail"])


def test_an_update_is_neither_explained_nor_run(client: FlaskClient) -> None:
    problem = assert_problem(client.post("/sparql", data={"update": "CLEAR ALL", "explain": "1"}), 400)
    assert "not explained" in str(problem["detail"])


def test_a_dry_run_has_one_time_limit(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(explaining, "EXPLAIN_SECONDS", 0.2)
    patterns = " ".join(f"?a{number} (!<x:p>)* ?b{number} ." for number in range(30))
    begin = time.monotonic()
    found = json.loads(client.get("/sparql?" + urlencode({"query": f"ASK {{ {patterns} }}", "explain": "1"})).data)
    assert time.monotonic() - begin < 3
    assert [each["triples"] for each in found["patterns"]] == ["not counted in time"] * 30
