"""What a request may ask for: time, rows, bytes, other endpoints; each limit names itself and how to stay inside it."""

import json
from urllib.parse import urlencode

import pytest
from flask.testing import FlaskClient

from kg.errors import QueryLimitError
from kg.settings import Settings
from kg.web.limits import Limits, check_query, read_limits
from kg.web.problems import ProblemError
from kg.web.querytext import examine

SETTINGS = Settings(query_timeout=10, query_timeout_max=60, result_max_rows=1000, result_max_mb=1)
TRIPLES = "SELECT * WHERE { ?s ?p ?o }"
RUNAWAY = "SELECT (COUNT(*) AS ?n) WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({}, Limits(10, 1000, 1_000_000)),
        ({"timeout": "0.5"}, Limits(0.5, 1000, 1_000_000)),
        ({"timeout": "61", "max-rows": "5", "max-bytes": "1e9"}, Limits(60, 5, 1_000_000)),
        ({"timeout": "inf", "max-rows": "inf"}, Limits(60, 1000, 1_000_000)),
    ],
)
def test_a_request_may_ask_for_what_there_is_at_most(asked: dict[str, str], expected: Limits) -> None:
    assert read_limits(list(asked.items()), SETTINGS) == expected


@pytest.mark.parametrize("name", ["timeout", "max-rows", "max-bytes"])
@pytest.mark.parametrize("value", ["", "0", "-1", "nan", "soon"])
def test_no_positive_number_is_told(name: str, value: str) -> None:
    with pytest.raises(ProblemError, match=name):
        read_limits([(name, value)], SETTINGS)


def test_deep_nesting_and_long_texts_are_refused() -> None:
    check_query("SELECT * " + "{" * 500 + "}" * 500, SETTINGS)
    for text in ("SELECT * " + "{" * 501, "ASK { FILTER(" + "!" * 501, "ASK { ?s ?p " + "(" * 400 + "[" * 200):
        with pytest.raises(QueryLimitError, match="deeper than 500"):
            check_query(text, SETTINGS)
    check_query("ASK { FILTER(?x = '" + "{(" * 5000 + "') } # " + "[" * 5000, SETTINGS)
    with pytest.raises(ProblemError, match="longer than"):
        check_query("é" * 50_001, SETTINGS)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("ASK { SERVICE <http://a.example/sparql> {} }", ["http://a.example/sparql"]),
        ("ASK { service silent <https://a.example/> {} }", ["https://a.example/"]),
        ("PREFIX a: <http://a.example/> ASK { SERVICE a:x {} }", ["http://a.example/x"]),
        ("PREFIX ex: <x:> ASK { ?s ?p ex:.SERVICE<http://a.example/>{} }", ["http://a.example/"]),
        ("ASK { FILTER(?a<1)SERVICE<http://a.example/>{} }", ["http://a.example/"]),
        ("ASK { SERVICE ?where {} }", [None]),
        ("BASE <http://a.example/> ASK { SERVICE <x> {} }", [None]),
        ("ASK { SERVICE a:x {} }", [None]),
        ('ASK { ?service ?SERVICE \'SERVICE\', """SERVICE <x>""" } # SERVICE <y>', []),
        ("ASK { ?s ex:service ex:a.SERVICE }", []),
    ],
)
def test_endpoints_are_found(query: str, found: list[str | None]) -> None:
    assert list(examine(query).services) == found


@pytest.mark.parametrize(
    "endpoint", ["<http://b.example/>", "?x", "<http://a.example@b.example/>", "<http://a.example:81/>"]
)
def test_only_allowed_endpoints_may_be_called(endpoint: str) -> None:
    allowing = Settings(service_hosts="a.example, c.example:8080")
    assert check_query("ASK { SERVICE <https://A.example/x> {} SERVICE <http://c.example:8080/> {} }", allowing)
    with pytest.raises(ProblemError, match="may not call") as refused:
        check_query(f"ASK {{ SERVICE <http://a.example/> {{}} SERVICE {endpoint} {{}} }}", allowing)
    assert "a.example" in refused.value.remedy
    with pytest.raises(ProblemError, match="not allowed here"):
        check_query("ASK { SERVICE <http://a.example/> {} }", Settings())


def test_a_short_answer_says_in_a_header_that_it_was_cut(client: FlaskClient) -> None:
    response = client.get("/sparql?" + urlencode({"query": TRIPLES, "max-rows": 3, "timeout": 1.5}))
    assert len(json.loads(response.data)["results"]["bindings"]) == 3
    assert response.headers["Lagebild-Truncated"] == "only the first 3 rows of the answer"
    assert response.headers["Lagebild-Limits"] == "seconds=1.5, rows=3, bytes=1000000000"


def test_a_whole_answer_says_nothing(client: FlaskClient) -> None:
    response = client.get("/sparql?" + urlencode({"query": TRIPLES + " LIMIT 3", "max-rows": 3}))
    assert "Lagebild-Truncated" not in response.headers


@pytest.mark.parametrize(("accept", "mark"), [("application/json", b'"truncated":'), ("text/turtle", b"# truncated:")])
def test_a_streamed_answer_says_at_its_end_that_it_was_cut(client: FlaskClient, accept: str, mark: bytes) -> None:
    query = TRIPLES if "json" in accept else "CONSTRUCT WHERE { ?s ?p ?o }"
    response = client.get("/sparql?" + urlencode({"query": query, "max-rows": 2000}), headers={"Accept": accept})
    assert response.content_length is None
    assert mark in response.data[-200:]


def test_a_request_may_have_less_time(client: FlaskClient) -> None:
    response = client.get("/sparql?" + urlencode({"query": RUNAWAY, "timeout": "0.3"}))
    problem = json.loads(response.data)
    assert (response.status_code, problem["limit"], problem["allowed"]) == (503, "query_timeout", 0.3)
