"""Linked data: every IRI answers, says what else there is, and goes on page by page where much leads to it."""

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote, urlsplit

import pyoxigraph as ox
import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.http import parse_options_header
from werkzeug.test import TestResponse

from kg.rollup import derive
from kg.settings import Settings
from kg.store import Writer, open_snapshot
from kg.tombstones import FILE
from kg.vocab import LABEL, LB
from kg.web import dereference
from kg.web.app import create_app
from kg.web.graph import load
from tests.gold import BASE, load_gold
from tests.protocol import assert_problem
from tests.web_site import build_site

TURTLE = {"Accept": "text/turtle"}
HTML = {"Accept": "text/html"}
KURSK = "article/13-nordkorea-kursk-2025"
LICENSE = "https://creativecommons.org/licenses/by/4.0/"


def links(response: TestResponse) -> set[tuple[str, str]]:
    """Return relation and target of the Link headers."""
    found = set()
    for value in response.headers.getlist("Link"):
        target, parameters = parse_options_header(value)
        found.add((parameters["rel"], target.strip("<>")))
    return found


def parse(response: TestResponse) -> set[ox.Triple]:
    assert response.status_code == 200
    return {quad.triple for quad in ox.parse(response.data, format=ox.RdfFormat.TURTLE)}


def minted(store_path: Path) -> list[str]:
    """Return the IRIs of ours in a store, without their fragments."""
    with open_snapshot(store_path) as store:
        terms = (term for quad in store for term in (quad.subject, quad.predicate, quad.object, quad.graph_name))
        values = {term.value.partition("#")[0] for term in terms if isinstance(term, ox.NamedNode)}
    return sorted(value for value in values if value.startswith(BASE))


def follow(client: FlaskClient, iri: str, headers: dict[str, str]) -> TestResponse:
    """Ask this server for an IRI of the data, as a program would that has the base IRI mapped to it."""
    response = client.head("/" + iri.removeprefix(BASE), headers=headers)
    assert response.status_code == 303, iri
    return client.head(response.headers["Location"], headers=headers)


def test_every_iri_in_the_data_leads_to_data(client: FlaskClient, site_store: Path) -> None:
    iris = minted(site_store)
    assert {urlsplit(iri).path.split("/")[1] for iri in iris} == {"id", "graph"}
    for iri in iris:
        response = follow(client, iri, TURTLE)
        assert (response.status_code, response.mimetype) == (200, "text/turtle"), iri


def test_things_of_every_kind_lead_to_pages(client: FlaskClient, site_store: Path) -> None:
    one_a_kind = {iri.removeprefix(BASE).split("/")[1]: iri for iri in minted(site_store) if "/id/" in iri}
    assert {"claim", "event", "position", "correction", "person"} <= one_a_kind.keys()
    for iri in one_a_kind.values():
        response = follow(client, iri, HTML)
        assert (response.status_code, response.mimetype) == (200, "text/html"), iri


def test_graphs_lead_to_their_statements(client: FlaskClient) -> None:
    response = client.get("/graph/events", headers=TURTLE)
    assert response.headers["Location"] == "/graphs?graph=" + quote(f"{BASE}graph/events", safe="")
    assert "Accept" in response.headers["Vary"]
    assert client.get(f"/graph/{KURSK}", headers=HTML).headers["Location"] == f"/page/{KURSK}"
    for path in ("/graph/nothing", "/graph/article/nothing", "/graph/%3E"):
        assert_problem(client.get(path, headers=TURTLE), 404)
    assert_problem(client.get("/graph/events", headers={"Accept": "image/png"}), 406)


def test_page_links(client: FlaskClient) -> None:
    found = links(client.get("/page/country/KP", headers=HTML))
    assert {
        ("alternate", "/data/country/KP.ttl"),
        ("alternate", "/data/country/KP.jsonld"),
        ("describedby", "/data/country/KP.ttl"),
        ("cite-as", f"{BASE}id/country/KP"),
        ("type", "https://schema.org/Country"),
        ("type", f"{LB.iri}Country"),
    } <= found
    assert "license" not in {relation for relation, _ in found}


def test_data_links(client: FlaskClient) -> None:
    response = client.get("/data/country/KP.jsonld")
    assert {
        ("alternate", "/page/country/KP"),
        ("alternate", "/data/country/KP.rdf"),
        ("describedby", "/.well-known/void"),
        ("describes", f"{BASE}id/country/KP"),
        ("cite-as", f"{BASE}id/country/KP"),
        ("type", f"{LB.iri}Country"),
    } <= links(response)
    assert ("alternate", "/data/country/KP.jsonld") not in links(response)
    known = client.get("/data/country/KP.jsonld", headers={"If-None-Match": response.headers["ETag"]})
    assert (known.status_code, links(known)) == (304, links(response))


def test_license_is_the_one_that_is_set(site_store: Path) -> None:
    app = create_app(site_store, Settings(data_license=LICENSE))
    for path in ("/page/country/KP", "/data/country/KP.ttl"):
        assert ("license", LICENSE) in links(app.test_client().get(path))
    assert LICENSE in app.test_client().get("/.well-known/void").text
    app.extensions["supervisor"].close()


@pytest.mark.parametrize("path", ["/id/country/KP", "/data/country/KP.ttl", "/page/country/KP", "/data/country/ZZ.ttl"])
def test_head_is_get_without_the_body(client: FlaskClient, path: str) -> None:
    head, get = client.head(path), client.get(path)
    assert (head.status_code, head.data) == (get.status_code, b"")
    for name in ("Link", "ETag", "Vary", "Location", "Content-Type"):
        assert head.headers.getlist(name) == get.headers.getlist(name), name


def test_description_names_what_it_leads_to_and_what_leads_to_it(client: FlaskClient) -> None:
    kim = ox.NamedNode(f"{BASE}id/person/kim-jong-un")
    triples = parse(client.get("/data/person/kim-jong-un.ttl"))
    named = {triple.subject for triple in triples if triple.predicate == LABEL}
    subjects = {triple.subject for triple in triples if triple.object == kim}
    events = {each for each in subjects if isinstance(each, ox.NamedNode) and "/id/event/" in each.value}
    assert events
    assert events <= named
    for event in events:
        triples = parse(client.get(f"/data/{event.value.removeprefix(f'{BASE}id/')}.ttl"))
        named = {triple.subject for triple in triples if triple.predicate == LABEL}
        fillers = {t.object for t in triples if t.subject == event and str(t.object).startswith(f"<{BASE}id/")}
        assert kim in fillers
        assert fillers <= named


@pytest.fixture
def small_pages(monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    """Pages of the data with 7 statements that lead to a thing."""
    text = (Path(dereference.__file__).parent / "queries" / "description.rq").read_text(encoding="utf-8")
    assert f"LIMIT {dereference.PAGE_TRIPLES} OFFSET 0" in text
    monkeypatch.setattr("kg.web.graph.load", lambda name, load=load: load(name).replace("LIMIT 1000", "LIMIT 7"))
    monkeypatch.setattr(dereference, "PAGE_TRIPLES", 7)
    yield 7


def test_pages_of_a_hub_have_all_that_leads_to_it(client: FlaskClient, small_pages: int, site_store: Path) -> None:
    korea = ox.NamedNode(f"{BASE}id/country/KP")
    path, found, pages = "/data/country/KP.ttl", set[ox.Triple](), 0
    while path:
        response = client.get(path)
        inverse = {triple for triple in parse(response) if triple.object == korea}
        assert inverse.isdisjoint(found)
        found |= inverse
        pages += 1
        targets = dict(links(response) - {link for link in links(response) if link[0] == "alternate"})
        assert ("prev" in targets) == (pages > 1)
        path = targets.get("next", "")
    with open_snapshot(site_store) as store:
        assert found == {quad.triple for quad in store.quads_for_pattern(None, None, korea)}
    assert pages == -(-len(found) // small_pages)
    assert_problem(client.get(f"/data/country/KP.ttl?page={pages + 1}"), 404)
    assert_problem(client.get(f"/data/{KURSK}.ttl?page=2"), 404)


@pytest.fixture
def removed(tmp_path: Path) -> Iterator[tuple[Flask, set[str]]]:
    """A site from which an article was removed, and the IRIs that were in it before."""
    first, second = load_gold()[:2]
    path = build_site(tmp_path / "store", [first, second])
    before = set(minted(path))
    with Writer(path, BASE, derive) as writer:
        assert writer.remove_article(first.article.stem)
        writer.publish()
    app = create_app(path, Settings())
    yield app, before - set(minted(path))
    app.extensions["supervisor"].close()


def test_what_was_removed_is_gone(removed: tuple[Flask, set[str]]) -> None:
    app, gone = removed
    stem = load_gold()[0].article.stem
    assert f"{BASE}id/article/{stem}" in gone
    wanted = [iri for iri in gone if f"{BASE}graph/" in iri or iri.split("/")[4] in {"article", "claim", "event"}]
    assert len(wanted) > 3
    for iri in wanted:
        path = iri.removeprefix(BASE)
        assert_problem(app.test_client().get(f"/{path}"), 410)
    for path in (f"/page/article/{stem}", f"/data/article/{stem}.ttl"):
        answer = app.test_client().get(path)
        assert_problem(answer, 410)
        assert answer.json is not None
        assert answer.json["type"].endswith("/problems/removed")
    page = app.test_client().get(f"/page/article/{stem}", headers=HTML)
    assert (page.status_code, "entfernt" in page.text) == (410, True)
    assert_problem(app.test_client().get("/id/article/never"), 404)


def test_what_is_there_again_is_not_gone(removed: tuple[Flask, set[str]], tmp_path: Path) -> None:
    app, _ = removed
    first = load_gold()[0]
    build_site(tmp_path / "store", [first])
    assert app.test_client().get(f"/page/article/{first.article.stem}").status_code == 200
    assert f"article/{first.article.stem}" in (tmp_path / "store" / FILE).read_text(encoding="utf-8")
