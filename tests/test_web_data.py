"""The data behind the pages: identifiers lead to it, and it describes what they name."""

import pyoxigraph as ox
import pytest
from flask.testing import FlaskClient

from tests.gold import BASE
from tests.pages import LB, Page, get, select

KURSK = "article/13-nordkorea-kursk-2025"


@pytest.mark.parametrize(
    ("accept", "target"),
    [
        ("text/html", "/page/country/KP"),
        ("*/*", "/page/country/KP"),
        ("text/turtle", "/data/country/KP.ttl"),
        ("application/ld+json", "/data/country/KP.jsonld"),
        ("application/rdf+xml;q=0.9, text/html;q=0.1", "/data/country/KP.rdf"),
        ("application/n-triples", "/data/country/KP.nt"),
    ],
)
def test_identifiers_lead_by_accept(client: FlaskClient, accept: str, target: str) -> None:
    response = client.get("/id/country/KP", headers={"Accept": accept})
    assert (response.status_code, response.headers["Location"]) == (303, target)
    assert "Accept" in response.headers["Vary"]


def test_identifiers_that_cannot_be_served(client: FlaskClient) -> None:
    assert client.get("/id/country/KP", headers={"Accept": "image/png"}).status_code == 406
    for path in ("/id/country/ZZ", "/id/x", "/id/country/%3E%20%7D", "/data/country/ZZ.ttl", "/data/country/KP.pdf"):
        assert client.get(path).status_code == 404, path


@pytest.mark.parametrize(
    ("ending", "format_"),
    [
        ("ttl", ox.RdfFormat.TURTLE),
        ("nt", ox.RdfFormat.N_TRIPLES),
        ("jsonld", ox.RdfFormat.JSON_LD),
        ("rdf", ox.RdfFormat.RDF_XML),
    ],
)
def test_data_describes_the_thing(client: FlaskClient, ending: str, format_: ox.RdfFormat) -> None:
    response = client.get(f"/data/country/KP.{ending}")
    triples = {quad.triple for quad in ox.parse(response.data, format=format_)}
    korea = ox.NamedNode(f"{BASE}id/country/KP")
    assert (
        ox.Triple(korea, ox.NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type"), ox.NamedNode(f"{LB}Country"))
        in triples
    )
    assert any(triple.predicate.value == f"{LB}sender" and triple.object == korea for triple in triples)
    assert response.data == client.get(f"/data/country/KP.{ending}").data
    tag = {"If-None-Match": response.headers["ETag"]}
    assert client.get(f"/data/country/KP.{ending}", headers=tag).status_code == 304


def test_data_of_an_article_is_its_graph(client: FlaskClient) -> None:
    triples = list(ox.parse(client.get(f"/data/{KURSK}.nt").data, format=ox.RdfFormat.N_TRIPLES))
    expected = select(client, f"SELECT (COUNT(*) AS ?x) {{ GRAPH <{BASE}graph/{KURSK}> {{ ?s ?p ?o }} }}")
    assert [str(len(triples))] == expected


def test_ontology_is_a_page_and_data(client: FlaskClient) -> None:
    page = Page(get(client, "/ontology"))
    assert {"Deployment", "sender", "occurred", "personnelMax"} <= set(page.ids)
    turtle = client.get("/ontology", headers={"Accept": "text/turtle"})
    subjects = {quad.subject for quad in ox.parse(turtle.data, format=ox.RdfFormat.TURTLE)}
    assert ox.NamedNode(f"{LB}Deployment") in subjects
    assert client.get("/ontology.rdf").status_code == 200
    assert client.get("/ontology.pdf").status_code == 404
