"""The feed of new claims: valid, stable, filtered, and cheap for those who ask every minute."""

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import pytest
from flask.testing import FlaskClient

from kg.settings import Settings
from kg.web.app import create_app
from tests.gold import BASE, load_gold
from tests.protocol import assert_problem
from tests.web_site import BREAKOUT, build_site

ATOM = "{http://www.w3.org/2005/Atom}"


def read(client: FlaskClient, path: str) -> ElementTree.Element:
    response = client.get(path)
    assert (response.status_code, response.mimetype) == (200, "application/atom+xml"), path
    return ElementTree.fromstring(response.data)  # noqa: S314 - our own answer


def pages(client: FlaskClient, path: str) -> Iterator[ElementTree.Element]:
    """Read a feed to its end."""
    while path:
        feed = read(client, path)
        yield feed
        path = next((link.get("href", "") for link in feed.findall(f"{ATOM}link") if link.get("rel") == "next"), "")


def ids(client: FlaskClient, path: str) -> list[str]:
    return [str(entry.findtext(f"{ATOM}id")) for feed in pages(client, path) for entry in feed.findall(f"{ATOM}entry")]


def select(client: FlaskClient, pattern: str) -> set[str]:
    query = (
        "PREFIX lb: <https://w3id.org/lagebild/ontology#> PREFIX prov: <http://www.w3.org/ns/prov#>"
        f"SELECT DISTINCT ?x {{ ?x lb:eventType ?type . {pattern}"
        " FILTER NOT EXISTS { ?x prov:wasInvalidatedBy ?correction } }"
    )
    body = json.loads(client.post("/sparql", data={"query": query}).data)
    return {row["x"]["value"] for row in body["results"]["bindings"]}


@pytest.mark.parametrize("query", ["type=Deployment&type=Aid", "status=denied&status=planned", "country=UA&country=DE"])
def test_several_of_a_kind_are_any_of_them(client: FlaskClient, query: str) -> None:
    together = ids(client, f"/feed.atom?{query}")
    apart = [set(ids(client, f"/feed.atom?{each}")) for each in query.split("&")]
    assert set(together) == set.union(*apart)
    assert all(apart)


def test_a_filter_that_fits_nothing(client: FlaskClient) -> None:
    assert ids(client, "/feed.atom?country=IS&type=Summit&status=denied") == []
    assert ids(client, "/feed.atom?type=Deployment&page=2") == []


def test_feed_has_what_atom_wants(client: FlaskClient) -> None:
    feed = read(client, "/feed.atom")
    assert feed.tag == f"{ATOM}feed"
    assert feed.findtext(f"{ATOM}id") == f"{BASE}feed.atom"
    assert feed.findtext(f"{ATOM}author/{ATOM}name")
    for element in (feed, *feed.findall(f"{ATOM}entry")):
        assert element.findtext(f"{ATOM}title")
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT00:00:00Z", str(element.findtext(f"{ATOM}updated")))
    days = [str(each.text) for each in feed.iter(f"{ATOM}published")]
    assert days == sorted(days, reverse=True)
    assert feed.findtext(f"{ATOM}updated") == max(str(each.text) for each in feed.findall(f"{ATOM}entry/{ATOM}updated"))


def test_pages_have_every_claim_that_counts_once(client: FlaskClient) -> None:
    found = ids(client, "/feed.atom")
    assert len(found) == len(set(found)) > 100
    assert set(found) == select(client, "")


@pytest.mark.parametrize(
    ("query", "pattern"),
    [
        ("type=Deployment", "?x lb:eventType lb:Deployment ."),
        ("status=denied", "?x lb:status lb:denied ."),
        ("type=Attack&type=Withdrawal", "VALUES ?type { lb:Attack lb:Withdrawal }"),
        ("type=Deployment&status=planned", "?x lb:eventType lb:Deployment ; lb:status lb:planned ."),
    ],
)
def test_filters(client: FlaskClient, query: str, pattern: str) -> None:
    found = ids(client, f"/feed.atom?{query}")
    assert found
    assert set(found) == select(client, pattern)


def test_filter_by_country_takes_part_itself_or_by_its_people_and_places(client: FlaskClient) -> None:
    found = set(ids(client, "/feed.atom?country=KP"))
    country = f"<{BASE}id/country/KP>"
    assert select(client, f"?x lb:sender {country} .") <= found
    roles = "lb:sender|lb:recipient|lb:beneficiary|lb:against|lb:participant|lb:speaker|lb:addressee|lb:attacker"
    roles += "|lb:target|lb:host|lb:destination|lb:origin|lb:place|lb:mission|lb:summit"
    taking_part = f"{{ ?x {roles} {country} }} UNION {{ ?x {roles} ?who . ?who lb:country {country} }}"
    assert found == select(client, taking_part)
    assert found < set(ids(client, "/feed.atom"))


@pytest.mark.parametrize("query", ["type=X", "status=done", "country=Korea", "country=kp", "type=Deployment&type="])
def test_filters_that_are_none(client: FlaskClient, query: str) -> None:
    assert_problem(client.get(f"/feed.atom?{query}"), 400)


def test_filter_that_nothing_fits_is_an_empty_feed(client: FlaskClient) -> None:
    feed = read(client, "/feed.atom?country=NZ")
    assert feed.findall(f"{ATOM}entry") == []
    assert feed.findtext(f"{ATOM}updated")


def test_polling_costs_nothing_until_there_is_something(tmp_path: Path) -> None:
    gold = load_gold()
    app = create_app(build_site(tmp_path / "store", gold[:2]), Settings())
    client = app.test_client()
    first = client.get("/feed.atom")
    known = {"If-None-Match": first.headers["ETag"]}
    assert client.get("/feed.atom", headers=known).status_code == 304
    before = set(ids(client, "/feed.atom"))
    new = replace(gold[2], article=replace(gold[2].article, published=max(each.article.published for each in gold)))
    build_site(tmp_path / "store", [new])
    after = client.get("/feed.atom", headers=known)
    assert after.status_code == 200
    assert before < set(ids(client, "/feed.atom"))
    app.extensions["supervisor"].close()


def test_feed_is_the_same_bytes_wherever_it_is_built(client: FlaskClient, tmp_path: Path) -> None:
    stores = [build_site(tmp_path / name, load_gold()[:3]) for name in ("a", "b")]
    feeds = []
    for store in stores:
        app = create_app(store, Settings())
        feeds.append(app.test_client().get("/feed.atom").data)
        app.extensions["supervisor"].close()
    assert feeds[0] == feeds[1]


def test_links_of_entries_lead_somewhere(client: FlaskClient) -> None:
    entry = read(client, "/feed.atom?type=Deployment").find(f"{ATOM}entry")
    assert entry is not None
    for link in entry.findall(f"{ATOM}link"):
        assert client.get(link.get("href", "")).status_code == 200, link.get("href")


def test_feed_in_english(client: FlaskClient) -> None:
    feed = read(client, "/feed.atom?lang=en")
    assert str(feed.findtext(f"{ATOM}title")).endswith("New claims")
    assert feed.get("{http://www.w3.org/XML/1998/namespace}lang") == "en"


def test_what_others_wrote_is_text(client: FlaskClient) -> None:
    response = client.get("/feed.atom")
    assert BREAKOUT not in response.text
    assert BREAKOUT in "".join(read(client, "/feed.atom").itertext())


def test_pages_name_the_feed(client: FlaskClient) -> None:
    text = client.get("/", headers={"Accept": "text/html"}).text
    assert '<link rel="alternate" type="application/atom+xml" href="/feed.atom"' in text
