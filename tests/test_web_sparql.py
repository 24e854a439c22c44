"""The SPARQL 1.1 Protocol at /sparql, test by test as the specification says it."""

import json
import uuid
from typing import cast
from urllib.parse import quote, urlencode

import pyoxigraph as ox
import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.gold import BASE

ASK = "ASK {}"
SELECT = "SELECT ?s WHERE { ?s a <https://w3id.org/lagebild/ontology#Article> } ORDER BY ?s LIMIT 2"
CONSTRUCT = "CONSTRUCT WHERE { <http://localhost:8000/id/country/ML> ?p ?o }"
ARTICLES = "SELECT (COUNT(*) AS ?n) WHERE { ?s a <https://w3id.org/lagebild/ontology#Article> }"
RUNAWAY = "SELECT (COUNT(*) AS ?n) WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
GRAPH_04 = f"{BASE}graph/article/04-aspides-hessen"
GRAPH_09 = f"{BASE}graph/article/09-nato-gipfel-vilnius"


def get(client: FlaskClient, query: str, accept: str | None = None, **parameters: str | list[str]) -> TestResponse:
    """Send a query by GET; `default_graph_uri` stands for the parameter `default-graph-uri`."""
    fields = {name.replace("_", "-"): value for name, value in parameters.items()}
    headers = {"Accept": accept} if accept else {}
    return client.get("/sparql?" + urlencode({"query": query, **fields}, doseq=True), headers=headers)


def count(response: TestResponse) -> int:
    return int(json.loads(response.data)["results"]["bindings"][0]["n"]["value"])


def assert_problem(response: TestResponse, status: int) -> dict[str, object]:
    assert response.status_code == status
    assert response.content_type == "application/problem+json"
    problem: dict[str, object] = json.loads(response.data)
    assert problem["status"] == status
    assert problem["detail"]
    assert problem["remedy"]
    assert str(problem["instance"]) == uuid.UUID(response.headers["X-Request-Id"]).urn
    assert "Traceback" not in response.text
    return problem


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


@pytest.mark.parametrize(
    ("accept", "content_type", "format_"),
    [
        (None, "application/sparql-results+json", ox.QueryResultsFormat.JSON),
        ("application/sparql-results+xml", "application/sparql-results+xml", ox.QueryResultsFormat.XML),
        ("text/tab-separated-values", "text/tab-separated-values; charset=utf-8", ox.QueryResultsFormat.TSV),
    ],
)
def test_query_select_content_type(
    client: FlaskClient, accept: str | None, content_type: str, format_: ox.QueryResultsFormat
) -> None:
    response = get(client, SELECT, accept)
    assert response.content_type == content_type
    results = ox.parse_query_results(response.data, format=format_)
    assert isinstance(results, ox.QuerySolutions)
    assert [solution["s"] for solution in results] == [
        ox.NamedNode(f"{BASE}id/article/04-aspides-hessen"),
        ox.NamedNode(f"{BASE}id/article/09-nato-gipfel-vilnius"),
    ]


def test_query_select_csv(client: FlaskClient) -> None:
    response = get(client, SELECT, "text/csv")
    assert response.content_type == "text/csv; charset=utf-8"
    assert response.text.splitlines()[:2] == ["s", f"{BASE}id/article/04-aspides-hessen"]


@pytest.mark.parametrize(
    ("accept", "content_type", "format_"),
    [
        (None, "text/turtle; charset=utf-8", ox.RdfFormat.TURTLE),
        ("application/n-triples", "application/n-triples; charset=utf-8", ox.RdfFormat.N_TRIPLES),
        ("application/rdf+xml", "application/rdf+xml", ox.RdfFormat.RDF_XML),
        ("application/ld+json", "application/ld+json", ox.RdfFormat.JSON_LD),
    ],
)
def test_query_construct_content_type(
    client: FlaskClient, accept: str | None, content_type: str, format_: ox.RdfFormat
) -> None:
    response = get(client, CONSTRUCT, accept)
    assert response.content_type == content_type
    triples = {quad.triple for quad in ox.parse(response.data, format=format_)}
    label = ox.NamedNode("http://www.w3.org/2000/01/rdf-schema#label")
    assert ox.Triple(ox.NamedNode(f"{BASE}id/country/ML"), label, ox.Literal("Mali", language="de")) in triples


def test_query_describe(client: FlaskClient) -> None:
    response = get(client, "DESCRIBE <http://localhost:8000/id/country/ML>", "application/n-triples")
    assert "<http://localhost:8000/id/country/ML>" in response.text


def test_query_columns_in_the_order_of_the_query(client: FlaskClient) -> None:
    query = "SELECT * WHERE { ?z a ?class . ?z ?b ?a } LIMIT 1"
    assert get(client, query, "text/csv").text.splitlines()[0] == "z,class,b,a"
    assert json.loads(get(client, query).data)["head"]["vars"] == ["z", "class", "b", "a"]


def test_query_compacted_json_ld(client: FlaskClient) -> None:
    compacted = 'application/ld+json;profile="http://www.w3.org/ns/json-ld#compacted"'
    response = get(client, CONSTRUCT, compacted)
    assert response.content_type == compacted.replace(";", "; ")
    assert '"rdfs:label":' in response.text
    triples = {quad.triple for quad in ox.parse(response.data, ox.RdfFormat.JSON_LD)}
    plain = get(client, CONSTRUCT, "application/ld+json")
    assert triples == {quad.triple for quad in ox.parse(plain.data, ox.RdfFormat.JSON_LD)}
    assert plain.headers["ETag"] != response.headers["ETag"]
    assert "1.2" in str(assert_problem(get(client, TRIPLE_TERM, compacted), 400)["remedy"])


TRIPLE_TERM = "CONSTRUCT { <s> <p> ?term } WHERE { BIND(TRIPLE(<a>, <b>, 1) AS ?term) }"


def test_query_triple_terms_need_rdf_12(client: FlaskClient) -> None:
    response = get(client, TRIPLE_TERM, "text/turtle;version=1.2")
    assert response.content_type == "text/turtle; version=1.2; charset=utf-8"
    assert "<<(" in response.text
    for accept in ("text/turtle;version=1.1", "application/ld+json"):
        assert "1.2" in str(assert_problem(get(client, TRIPLE_TERM, accept), 400)["remedy"])
    assert get(client, CONSTRUCT, "text/turtle;version=1.1").status_code == 200


def test_query_relative_iris_are_of_the_data(client: FlaskClient) -> None:
    assert "<http://localhost:8000/s>" in get(client, "CONSTRUCT { <s> <p> 1 } WHERE {}", "application/n-triples").text
    assert json.loads(get(client, "ASK { <id/country/KP> a ?type }").data)["boolean"] is True


def test_query_format_parameter_wins_over_accept(client: FlaskClient) -> None:
    assert get(client, SELECT, "application/json", format="csv").content_type == "text/csv; charset=utf-8"


def test_query_get_bad_accept(client: FlaskClient) -> None:
    problem = assert_problem(get(client, ASK, "image/png"), 406)
    assert "text/csv" in str(problem["remedy"])
    assert {"text/csv", "application/sparql-results+json", "text/turtle"} <= set(cast("list[str]", problem["offered"]))


def test_query_accept_of_the_other_kind(client: FlaskClient) -> None:
    problem = assert_problem(get(client, SELECT, "text/turtle"), 406)
    assert "application/sparql-results+json" in str(problem["remedy"])
    assert_problem(get(client, CONSTRUCT, "text/csv"), 406)


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
    assert "2 seconds" in str(problem["detail"])
    assert count(get(client, ARTICLES)) == 10


def test_query_nesting_bomb(client: FlaskClient) -> None:
    problem = assert_problem(
        client.post("/sparql", data={"query": "SELECT * WHERE " + "{" * 20_000 + "}" * 20_000}), 400
    )
    assert (problem["limit"], problem["allowed"]) == ("query_max_nesting", 500)
    assert count(get(client, ARTICLES)) == 10


def test_query_etag_of_the_snapshot(client: FlaskClient) -> None:
    response = get(client, SELECT)
    tag = response.headers["ETag"]
    assert response.headers["Vary"] == "Accept, Accept-Encoding"
    again = client.get(f"/sparql?query={quote(SELECT)}", headers={"If-None-Match": tag})
    assert (again.status_code, again.data) == (304, b"")
    other = client.get(f"/sparql?query={quote(SELECT)}", headers={"If-None-Match": tag, "Accept": "text/csv"})
    assert other.status_code == 200


def test_cors(client: FlaskClient) -> None:
    assert get(client, ASK).headers["Access-Control-Allow-Origin"] == "*"
    response = client.options("/sparql", headers={"Origin": "https://example.org"})
    assert response.status_code == 200
    assert "POST" in response.headers["Access-Control-Allow-Methods"]
    assert "Content-Type" in response.headers["Access-Control-Allow-Headers"]


def test_large_answer_streams_whole(client: FlaskClient) -> None:
    response = get(client, "SELECT ?s ?p ?o WHERE { ?s ?p ?o }", "text/tab-separated-values")
    assert response.content_length is None
    rows = response.text.count("\n") - 1
    assert rows == count(get(client, "SELECT (COUNT(*) AS ?n) WHERE { ?s ?p ?o }"))
    assert len(response.data) > 500_000


def test_query_page_for_a_browser(client: FlaskClient) -> None:
    page = client.get("/sparql", headers={"Accept": BROWSER})
    assert page.content_type == "text/html; charset=utf-8"
    assert "<textarea" in page.text
    assert page.text.count('<a href="/sparql?query=') >= 15
    assert "Wer schickt" in page.text


def test_query_page_shows_names_and_downloads(client: FlaskClient) -> None:
    query = "SELECT ?a ?b WHERE { VALUES ?a { <http://localhost:8000/id/country/ML> } ?a a ?b }"
    page = get(client, query, BROWSER)
    assert '<a href="/page/country/ML" title="http://localhost:8000/id/country/ML">Mali</a>' in page.text
    assert "format=csv" in page.text


def test_query_page_shows_graphs_and_booleans(client: FlaskClient) -> None:
    assert '<a href="/page/country/ML"' in get(client, CONSTRUCT, BROWSER).text
    assert '<p class="boolean">Ja</p>' in get(client, ASK, BROWSER).text
    assert '<p class="boolean">Nein</p>' in get(client, "ASK { ?s <http://nothing> ?o }", BROWSER).text


def test_query_page_cuts_long_answers_visibly(client: FlaskClient) -> None:
    page = get(client, "SELECT ?s ?p ?o WHERE { ?s ?p ?o }", BROWSER)
    assert "Gezeigt sind die ersten 500 Zeilen" in page.text
    assert page.text.count("<tr>") == 501


def test_query_page_shows_errors(client: FlaskClient) -> None:
    page = get(client, "SELECT * WHERE {", BROWSER)
    assert page.status_code == 400
    assert 'role="alert"' in page.text


def test_query_page_escapes_everything(client: FlaskClient) -> None:
    query = 'SELECT ("<script>alert(1)</script>" AS ?x) (<javascript:alert(1)> AS ?y) { } # </textarea><script>'
    page = get(client, query, BROWSER).text
    assert "<script>alert" not in page
    assert "</textarea><script>" not in page
    assert 'href="javascript' not in page
