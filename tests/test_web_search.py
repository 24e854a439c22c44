"""Events found by words, figure, country and time; every list as a query and a table."""

import csv
import time
from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient

from kg.errors import IndexNotReadyError
from kg.web.eventindex import EventIndex, Wanted
from kg.web.graph import Graph
from tests.gold import BASE
from tests.pages import HTML, Page, get, path_of, select


@pytest.fixture
def graph(site_app: Flask) -> Iterator[Graph]:
    yield Graph(site_app.extensions["supervisor"].pages, BASE)


def events_on(text: str) -> set[str]:
    return {link for link in Page(text).links if link.startswith("/page/event/")}


@pytest.mark.parametrize("query", ["nordkorea 15000", "Nordkorea 15.000", "NORDK 15 000"])
def test_a_country_and_a_figure_find_the_deployment(client: FlaskClient, query: str) -> None:
    expected = select(
        client, f"SELECT ?x {{ ?x a lb:Deployment ; lb:sender <{BASE}id/country/KP> ; lb:personnelMin 15000 }}"
    )
    assert expected
    assert {path_of(iri) for iri in expected} <= events_on(get(client, f"/search?q={query}"))
    assert {path_of(iri) for iri in expected} <= events_on(get(client, f"/events?q={query}&type=Deployment"))


def test_numbers_are_found_whole(client: FlaskClient) -> None:
    assert not events_on(get(client, "/search?q=nordkorea 1500"))


def test_words_of_the_sentence_find_the_event(client: FlaskClient) -> None:
    assert events_on(get(client, "/events?q=Minenraeumung"))
    assert events_on(get(client, "/events?q=minenraumung"))


def test_filters_fit_the_graph(site_app: Flask, client: FlaskClient, graph: Graph) -> None:
    index, snapshot = EventIndex(), site_app.extensions["supervisor"].snapshot()
    korea = f"{BASE}id/country/KP"
    found = set(index.find(Wanted(kind="Deployment", country=korea), 1000, 0, snapshot, graph))
    assert set(select(client, f"SELECT ?x {{ ?x a lb:Deployment ; lb:claimCount ?n ; lb:sender <{korea}> }}")) <= found
    days = index.find(Wanted(since="2025-01-01", until="2025-03-31"), 1000, 0, snapshot, graph)
    inside = '?x lb:claimCount ?n ; lb:begin ?b ; lb:end ?e FILTER(STR(?b) <= "2025-03-31" && STR(?e) >= "2025-01-01")'
    assert set(select(client, f"SELECT ?x {{ {inside} }}")) <= set(days)
    counts = index.count(Wanted(country=korea), snapshot, graph)
    assert sum(counts["Deployment"].values()) == len(found)


def test_an_index_that_is_not_there_yet(
    site_app: Flask, client: FlaskClient, graph: Graph, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kg.web.eventindex.PATIENCE", 0.0)
    monkeypatch.setitem(site_app.extensions, "events", EventIndex())
    monkeypatch.setattr("kg.web.eventindex._build", lambda graph: time.sleep(1))
    with pytest.raises(IndexNotReadyError):
        site_app.extensions["events"].find(Wanted(words="x"), 1, 0, "other", graph)
    page = client.get("/search?q=nordkorea+soldaten", headers=HTML)
    assert (page.status_code, page.headers["Cache-Control"]) == (200, "no-store")
    assert "noch" in page.text
    assert client.get("/events?q=soldaten", headers=HTML).status_code == 503


@pytest.mark.parametrize(
    "choice", ["country=kp", "country=KPX", "from=2024-13-01", "to=gestern", "type=x", "from=20240101"]
)
def test_choices_that_there_cannot_be(client: FlaskClient, choice: str) -> None:
    assert client.get(f"/events?{choice}", headers=HTML).status_code == 404


@pytest.mark.parametrize("query", ['"', "*", "a AND b OR", "NEAR(", "-", "%00", "x" * 1000, "(", "{sender}:"])
def test_events_take_any_words(client: FlaskClient, query: str) -> None:
    assert client.get("/events", query_string={"q": query}, headers=HTML).status_code == 200


def test_search_of_one_kind(client: FlaskClient) -> None:
    everything, people = (get(client, f"/search?q=kim{rest}") for rest in ("", "&kind=Person"))
    assert events_on(everything)
    assert not events_on(people)
    assert "/page/person/kim-jong-un" in Page(people).links
    assert client.get("/search?q=kim&kind=x", headers=HTML).status_code == 404


LISTS = (
    *("/events", "/events?type=Deployment&status=occurred", "/events?type=Deployment&country=KP"),
    *("/events?from=2025-01-01&to=2025-12-31", "/browse/people", "/browse/countries", "/articles"),
)


@pytest.mark.parametrize("path", LISTS)
def test_every_list_is_a_query_and_a_table(client: FlaskClient, path: str) -> None:
    links = Page(get(client, path)).links
    table = next(link for link in links if link.startswith("/sparql?") and link.endswith("&format=csv"))
    assert table.removesuffix("&format=csv") in links
    answer = client.get(table)
    assert (answer.status_code, answer.mimetype) == (200, "text/csv")
    assert answer.text.count("\r\n") > 1


def test_the_table_of_events_is_the_page(client: FlaskClient) -> None:
    text = get(client, "/events?type=Deployment&country=KP")
    table = next(link for link in Page(text).links if link.endswith("&format=csv"))
    rows = list(csv.DictReader(client.get(table).text.splitlines()))
    assert {path_of(row["event"]) for row in rows} == events_on(text)
    assert len(rows) > 1
