"""The SPARQL 1.1 Protocol at /sparql, test by test as the specification says it: queries, datasets, refusals."""

import json
from urllib.parse import quote, urlencode

import pytest
from flask.testing import FlaskClient

from tests.gold import BASE
from tests.protocol import ARTICLES, ASK, GRAPH_04, GRAPH_09, RUNAWAY, SELECT, assert_problem, count, get


def test_query_get(client: FlaskClient) -> None:
    response = get(client, ASK)
    assert response.status_code == 200
    assert response.content_type == "application/sparql-results+json"
    assert json.loads(response.data)["boolean"] is True


def test_query_get_with_trailing_slash(client: FlaskClient) -> None:
    assert client.get(f"/sparql/?query={quote(ASK)}").status_code == 200


def test_query_post_form(client: FlaskClient) -> None:
    response = client.post("/sparql", data={"query": ASK})
    assert json.loads(response.data)["boolean"] is True


def test_query_post_direct(client: FlaskClient) -> None:
    response = client.post("/sparql", data=ASK, content_type="application/sparql-query; charset=utf-8")
    assert json.loads(response.data)["boolean"] is True


def test_query_head(client: FlaskClient) -> None:
    response = client.head(f"/sparql?query={quote(ASK)}")
    assert (response.status_code, response.data) == (200, b"")


def test_query_relative_iris_are_of_the_data(client: FlaskClient) -> None:
    assert "<http://localhost:8000/s>" in get(client, "CONSTRUCT { <s> <p> 1 } WHERE {}", "application/n-triples").text
    assert json.loads(get(client, "ASK { <id/country/KP> a ?type }").data)["boolean"] is True


def test_query_union_of_all_graphs_by_default(client: FlaskClient) -> None:
    assert count(get(client, ARTICLES)) == 10


def test_query_dataset_default_graphs_get(client: FlaskClient) -> None:
    assert count(get(client, ARTICLES, default_graph_uri=[GRAPH_04, GRAPH_09])) == 2


def test_query_dataset_default_graphs_post_direct(client: FlaskClient) -> None:
    response = client.post(
        "/sparql?" + urlencode({"default-graph-uri": GRAPH_04}), data=ARTICLES, content_type="application/sparql-query"
    )
    assert count(response) == 1


def test_query_dataset_named_graphs_only(client: FlaskClient) -> None:
    query = "SELECT (COUNT(DISTINCT ?g) AS ?n) WHERE { GRAPH ?g { ?s ?p ?o } FILTER NOT EXISTS { ?x ?y ?z } }"
    assert count(get(client, query, named_graph_uri=[GRAPH_04, GRAPH_09])) == 2


def test_query_dataset_full_form(client: FlaskClient) -> None:
    query = "SELECT (COUNT(*) AS ?n) WHERE { ?a a <https://w3id.org/lagebild/ontology#Article> GRAPH ?g { ?b a ?c } }"
    form = {"query": query, "default-graph-uri": GRAPH_04, "named-graph-uri": f"{BASE}graph/none"}
    assert count(client.post("/sparql", data=form)) == 0


def test_query_from_clause_replaces_the_union(client: FlaskClient) -> None:
    assert count(get(client, ARTICLES.replace("WHERE", f"FROM <{GRAPH_04}> WHERE"))) == 1


def test_query_protocol_dataset_wins_over_the_querys(client: FlaskClient) -> None:
    query = ARTICLES.replace("WHERE", f"FROM <{BASE}graph/none> WHERE")
    assert count(get(client, query, default_graph_uri=GRAPH_04)) == 1


@pytest.mark.parametrize("iri", ["", "relative", "a b", "<http://example.org/>", "http://example.org/\0"])
def test_query_dataset_bad_iri(client: FlaskClient, iri: str) -> None:
    for name in ("default_graph_uri", "named_graph_uri"):
        problem = assert_problem(get(client, ASK, **{name: iri}), 400)
        assert f"{name.replace('_', '-')}={iri!r} is no absolute IRI" in str(problem["detail"])


def test_query_word_from_elsewhere_keeps_the_union(client: FlaskClient) -> None:
    query = ARTICLES.replace("WHERE {", 'WHERE { # FROM <x>\n BIND("FROM <x>" AS ?from)')
    assert count(get(client, query)) == 10


def test_query_missing(client: FlaskClient) -> None:
    assert_problem(client.post("/sparql", data={"x": "y"}), 400)


def test_query_syntax(client: FlaskClient) -> None:
    problem = assert_problem(get(client, "SELECT * WHERE {"), 400)
    assert "error at 1:" in str(problem["detail"])


def test_query_multiple(client: FlaskClient) -> None:
    assert_problem(client.get(f"/sparql?query={quote(ASK)}&query={quote(SELECT)}"), 400)


def test_query_bad_method(client: FlaskClient) -> None:
    response = client.put("/sparql?query=ASK%20%7B%7D")
    assert_problem(response, 405)
    assert {"GET", "POST"} <= set(response.headers["Allow"].split(", "))


def test_query_post_wrong_media_type(client: FlaskClient) -> None:
    assert_problem(client.post("/sparql", data=ASK, content_type="text/plain"), 415)


def test_query_post_missing_media_type(client: FlaskClient) -> None:
    assert_problem(client.post("/sparql", data=ASK.encode()), 415)


def test_query_post_not_utf8(client: FlaskClient) -> None:
    response = client.post("/sparql", data="ASK { 'ü' }".encode("utf-16"), content_type="application/sparql-query")
    assert_problem(response, 400)
    assert_problem(client.get("/sparql?query=ASK%20%7B%7D%FF"), 400)


def test_query_too_long(client: FlaskClient) -> None:
    padding = "#" + "x" * 110_000
    answers = [
        assert_problem(client.post("/sparql", data={"query": ASK + padding}), 413),
        assert_problem(client.post("/sparql", data={"query": ASK + padding * 4}), 413),
        assert_problem(client.post("/sparql", data=ASK + padding, content_type="application/sparql-query"), 413),
        assert_problem(client.get("/sparql?query=" + quote(padding) * 2), 414),
    ]
    assert {(problem["limit"], problem["allowed"]) for problem in answers} == {("query_max_bytes", 100_000)}


def test_query_service_is_refused(client: FlaskClient) -> None:
    problem = assert_problem(get(client, "SELECT * { SERVICE <http://127.0.0.1/> { ?s ?p ?o } }"), 400)
    assert "SERVICE" in str(problem["detail"])


def test_update_is_refused(client: FlaskClient) -> None:
    update = "CLEAR ALL"
    assert_problem(client.post("/sparql", data={"update": update}), 403)
    assert_problem(client.post("/sparql", data=update, content_type="application/sparql-update"), 403)
    assert_problem(get(client, update), 400)
    assert count(get(client, ARTICLES)) == 10


def test_query_time_limit(client: FlaskClient) -> None:
    problem = assert_problem(get(client, RUNAWAY), 503)
    assert (problem["type"], problem["limit"], problem["allowed"]) == (
        f"{BASE}problems/query-timeout",
        "query_timeout",
        2,
    )
    assert "after 2 s." in str(problem["detail"])
    assert count(get(client, ARTICLES)) == 10


def test_query_nesting_bomb(client: FlaskClient) -> None:
    problem = assert_problem(
        client.post("/sparql", data={"query": "SELECT * WHERE " + "{" * 20_000 + "}" * 20_000}), 400
    )
    assert (problem["limit"], problem["allowed"]) == ("query_max_nesting", 500)
    assert count(get(client, ARTICLES)) == 10


@pytest.mark.parametrize(
    "update", ["INSERT DATA { <a> <b> <c> }", "PREFIX select: <x:> # ASK\nwith <g> DELETE {} WHERE {}"]
)
def test_update_sent_as_a_query_says_how_to_send_it(client: FlaskClient, update: str) -> None:
    for response in (
        get(client, update),
        client.post("/sparql", data={"query": update}),
        client.post("/sparql", data=update, content_type="application/sparql-query"),
        client.post("/permalinks", data={"query": update}),
    ):
        problem = assert_problem(response, 400)
        assert problem["type"] == f"{BASE}problems/malformed-query"
        assert problem["detail"] == "The query is an update."
        assert "`update`" in str(problem["remedy"])


def test_query_sent_as_an_update_says_how_to_send_it(client: FlaskClient) -> None:
    problem = assert_problem(client.post("/sparql", data={"update": f"PREFIX insert: <x:> {SELECT}"}), 400)
    assert problem["detail"] == "The update is a query."
    assert "`query`" in str(problem["remedy"])


def test_query_that_only_speaks_of_updates_is_no_update(client: FlaskClient) -> None:
    problem = assert_problem(get(client, "SELECT * WHERE { ?insert 'DELETE' INSERT }"), 400)
    assert str(problem["detail"]).startswith("The query cannot be read")
