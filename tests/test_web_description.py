"""What the service says of itself: service description, VoID and DCAT, compression, other sites' scripts."""

import gzip
import json
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pyoxigraph as ox
import pytest
import zstandard
from flask import Flask
from flask.testing import FlaskClient
from rdflib import DCAT, DCTERMS, RDF, VOID, Graph, Literal, URIRef
from werkzeug.test import TestResponse

from kg.settings import Settings
from kg.store import open_snapshot
from kg.web.app import create_app
from kg.web.tokens import make_token
from tests.gold import BASE, load_gold
from tests.protocol import assert_problem
from tests.web_site import build_site

SD = "http://www.w3.org/ns/sparql-service-description#"
LB = "https://w3id.org/lagebild/ontology#"
ALL = "/sparql?query=" + quote("SELECT ?s ?p ?o { ?s ?p ?o }")


def parse(response: TestResponse) -> Graph:
    assert response.status_code == 200
    return Graph().parse(data=response.data, format=response.mimetype)


@pytest.mark.parametrize("accept", [None, "text/turtle", "application/rdf+xml", "application/n-triples", "*/*"])
def test_endpoint_returns_rdf(client: FlaskClient, accept: str | None) -> None:
    found = parse(client.get("/sparql", headers={"Accept": accept} if accept else {}))
    (service,) = found.subjects(URIRef(f"{SD}endpoint"), URIRef("http://localhost/sparql"))
    assert (service, RDF.type, URIRef(f"{SD}Service")) in found


def test_service_description_conforms_to_its_schema(client: FlaskClient) -> None:
    found = parse(client.get("/sparql"))
    (service,) = found.subjects(RDF.type, URIRef(f"{SD}Service"))
    assert set(found.objects(service, URIRef(f"{SD}supportedLanguage"))) == {URIRef(f"{SD}SPARQL11Query")}
    assert URIRef("http://www.w3.org/ns/formats/SPARQL_Results_CSV") in set(
        found.objects(service, URIRef(f"{SD}resultFormat"))
    )
    assert (service, URIRef(f"{SD}feature"), URIRef(f"{SD}UnionDefaultGraph")) in found
    (dataset,) = found.objects(service, URIRef(f"{SD}defaultDataset"))
    names = {
        str(name)
        for graph in found.objects(dataset, URIRef(f"{SD}namedGraph"))
        for name in found.objects(graph, URIRef(f"{SD}name"))
    }
    assert {f"{BASE}graph/entities", f"{BASE}graph/events"} <= names
    assert not any("/article/" in name for name in names)


def test_service_description_of_a_service_that_may_be_written_to(site_store: Path) -> None:
    app = create_app(site_store, Settings(tokens=make_token("a", ["update"])[1]))
    found = parse(app.test_client().get("/sparql"))
    app.extensions["supervisor"].close()
    assert URIRef(f"{SD}SPARQL11Update") in set(found.objects(None, URIRef(f"{SD}supportedLanguage")))


def test_service_description_not_acceptable(client: FlaskClient) -> None:
    assert_problem(client.get("/sparql", headers={"Accept": "image/png"}), 406)


def test_void_counts_what_is_there(client: FlaskClient, site_store: Path) -> None:
    found = parse(client.get("/.well-known/void"))
    (dataset,) = found.subjects(RDF.type, VOID.Dataset)
    with open_snapshot(site_store) as store:
        quads = list(store)
    assert found.value(dataset, VOID.triples) == Literal(len(quads))
    partitions = {
        str(found.value(part, VOID["class"])): found.value(part, VOID.entities)
        for part in found.objects(dataset, VOID.classPartition)
    }
    types = [quad for quad in quads if quad.predicate.value == str(RDF.type)]
    claims = [quad for quad in types if quad.object == ox.NamedNode(f"{LB}Claim")]
    assert partitions[f"{LB}Claim"] == Literal(len(claims))
    assert len(partitions) == len({quad.object for quad in types})
    counts = [found.value(part, VOID.triples) for part in found.objects(dataset, VOID.propertyPartition)]
    assert sum(count.toPython() for count in counts if isinstance(count, Literal)) == len(quads)


def test_dcat_lists_the_dumps(client: FlaskClient) -> None:
    found = parse(client.get("/.well-known/void", headers={"Accept": "application/rdf+xml"}))
    (catalog,) = found.subjects(RDF.type, DCAT.Catalog)
    dataset = found.value(catalog, DCAT.dataset)
    addresses = {
        str(url) for dump in found.objects(dataset, DCAT.distribution) for url in found.objects(dump, DCAT.downloadURL)
    }
    assert addresses == {f"{BASE}dump.nq.gz", f"{BASE}dump.trig.gz"}
    assert {title.language for title in found.objects(dataset, DCTERMS.title) if isinstance(title, Literal)} == {
        "de",
        "en",
    }
    service = found.value(catalog, DCAT.service)
    assert found.value(service, DCAT.endpointURL) == URIRef(f"{BASE}sparql")


def test_void_is_not_made_twice(client: FlaskClient) -> None:
    tag = client.get("/.well-known/void").headers["ETag"]
    assert client.get("/.well-known/void", headers={"If-None-Match": tag}).status_code == 304


@pytest.mark.parametrize(("name", "rdf_format"), [("nq", ox.RdfFormat.N_QUADS), ("trig", ox.RdfFormat.TRIG)])
def test_dump_holds_everything(client: FlaskClient, site_store: Path, name: str, rdf_format: ox.RdfFormat) -> None:
    response = client.get(f"/dump.{name}.gz")
    assert response.status_code == 200
    assert response.content_type == "application/gzip"
    assert response.content_length is None
    with open_snapshot(site_store) as store:
        assert set(ox.parse(gzip.decompress(response.data), rdf_format)) == set(store)
    assert client.get(f"/dump.{name}.gz").data == response.data
    tag = response.headers["ETag"]
    assert client.get(f"/dump.{name}.gz", headers={"If-None-Match": tag}).status_code == 304
    head = client.head(f"/dump.{name}.gz", headers={"Accept-Encoding": "gzip"})
    assert (head.status_code, head.headers["ETag"], head.content_type) == (200, tag, "application/gzip")
    assert "Content-Length" not in head.headers


def test_dump_depends_on_the_content_only(tmp_path: Path) -> None:
    """Two stores in which the same articles were built in another order."""
    dumps = []
    for number, articles in enumerate((load_gold()[:4], load_gold()[3::-1])):
        app = create_app(build_site(tmp_path / str(number), articles), Settings())
        dumps.append([gzip.decompress(app.test_client().get(f"/dump.{name}.gz").data) for name in ("nq", "trig")])
        app.extensions["supervisor"].close()
    assert dumps[0] == dumps[1]


@pytest.mark.alone  # all statements are asked for: a query of the slow lane
@pytest.mark.parametrize(
    ("accepted", "encoding"),
    [
        ("gzip", "gzip"),
        ("zstd", "zstd"),
        ("gzip, deflate, br, zstd", "zstd"),
        ("zstd;q=0.5, gzip", "gzip"),
        ("*", "zstd"),
        ("gzip;q=0", None),
        ("br", None),
        ("", None),
        ("identity, gzip;q=0.5", None),
    ],
)
@pytest.mark.parametrize("path", ["/sparql", ALL, "/"])
def test_compression(client: FlaskClient, path: str, accepted: str, encoding: str | None) -> None:
    plain = client.get(path)
    response = client.get(path, headers={"Accept-Encoding": accepted})
    assert response.headers.get("Content-Encoding") == encoding
    assert "Accept-Encoding" in response.headers["Vary"]
    body = response.data
    if encoding == "gzip":
        body = gzip.decompress(body)
    if encoding == "zstd":
        body = zstandard.ZstdDecompressor().decompressobj().decompress(body)
    assert body == plain.data
    if encoding:
        assert len(response.data) < len(plain.data) / 2
        assert response.content_length in {None, len(response.data)}


def test_short_answers_are_sent_as_they_are(client: FlaskClient) -> None:
    response = client.get("/sparql?query=ASK%20%7B%7D", headers={"Accept-Encoding": "gzip"})
    assert "Content-Encoding" not in response.headers


def test_static_files_are_compressed(client: FlaskClient) -> None:
    plain = client.get("/static/site.css")
    for _ in range(2):
        response = client.get("/static/site.css", headers={"Accept-Encoding": "gzip"})
        assert gzip.decompress(response.data) == plain.data
        assert response.headers["ETag"].startswith("W/")
    tag = response.headers["ETag"]
    again = client.get("/static/site.css", headers={"Accept-Encoding": "gzip", "If-None-Match": tag})
    assert again.status_code == 304


@pytest.fixture
def apps(site_store: Path) -> Iterator[dict[str, Flask]]:
    made = {
        setting: create_app(site_store, Settings(cors_origins=setting))
        for setting in ("", "https://a.example https://b.example")
    }
    yield made
    for app in made.values():
        app.extensions["supervisor"].close()


def test_other_sites_by_setting(apps: dict[str, Flask]) -> None:
    closed, some = (app.test_client() for app in apps.values())
    headers = {"Origin": "https://b.example"}
    assert "Access-Control-Allow-Origin" not in closed.get("/sparql", headers=headers).headers
    response = some.options("/graphs", headers=headers)
    assert response.headers["Access-Control-Allow-Origin"] == "https://b.example"
    assert "Origin" in response.headers["Vary"]
    assert "PUT" in response.headers["Access-Control-Allow-Methods"]
    assert "Authorization" in response.headers["Access-Control-Allow-Headers"]
    assert "Access-Control-Allow-Origin" not in some.get("/sparql", headers={"Origin": "https://c.example"}).headers


@pytest.mark.parametrize(
    ("path", "methods"),
    [
        ("/sparql", {"GET", "HEAD", "POST", "OPTIONS"}),
        ("/graphs", {"GET", "HEAD", "PUT", "POST", "DELETE", "OPTIONS"}),
        ("/graphs/a", {"GET", "HEAD", "PUT", "POST", "DELETE", "OPTIONS"}),
        ("/.well-known/void", {"GET", "HEAD", "OPTIONS"}),
    ],
)
def test_options(client: FlaskClient, path: str, methods: set[str]) -> None:
    response = client.options(path)
    assert response.status_code == 200
    assert set(response.headers["Allow"].split(", ")) == methods


@pytest.mark.parametrize("path", ["/sparql", ALL, "/.well-known/void", f"/graphs?graph={quote(BASE + 'graph/events')}"])
def test_head_is_get_without_a_body(client: FlaskClient, path: str) -> None:
    get, head = client.get(path), client.head(path)
    assert head.data == b""
    assert head.status_code == get.status_code
    for name in ("Content-Type", "ETag", "Vary", "Cache-Control"):
        assert head.headers.get(name) == get.headers.get(name)
    assert json.dumps(head.headers.get("Content-Length")) == json.dumps(get.headers.get("Content-Length"))
