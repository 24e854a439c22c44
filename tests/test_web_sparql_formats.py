"""The formats of the answers at /sparql: content negotiation, columns, tags, streams."""

import json
from typing import cast
from urllib.parse import quote

import pyoxigraph as ox
import pytest
from flask.testing import FlaskClient

from tests.gold import BASE
from tests.protocol import ASK, CONSTRUCT, SELECT, assert_problem, count, get


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
        problem = assert_problem(get(client, TRIPLE_TERM, accept), 400)
        assert str(problem["type"]).endswith("/answer-format")
        assert "1.2" in str(problem["remedy"])
    assert get(client, CONSTRUCT, "text/turtle;version=1.1").status_code == 200


def test_query_format_parameter_wins_over_accept(client: FlaskClient) -> None:
    assert get(client, SELECT, "application/json", format="csv").content_type == "text/csv; charset=utf-8"


def test_query_get_bad_accept(client: FlaskClient) -> None:
    for query, offered, other in ((ASK, "text/csv", "text/turtle"), (CONSTRUCT, "text/turtle", "text/csv")):
        problem = assert_problem(get(client, query, "image/png"), 406)
        listed = cast("list[str]", problem["offered"])
        assert offered in str(problem["remedy"])
        assert offered in listed
        assert other not in listed
        assert len(listed) == len(set(listed))


def test_query_accept_of_the_other_kind(client: FlaskClient) -> None:
    problem = assert_problem(get(client, SELECT, "text/turtle"), 406)
    assert "application/sparql-results+json" in str(problem["remedy"])
    assert_problem(get(client, CONSTRUCT, "text/csv"), 406)


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
