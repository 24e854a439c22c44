"""Browsing by time, the lists as tables and queries, and what the site says of itself."""

import re
from html import unescape
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from flask.testing import FlaskClient

from kg.web.modelcard import read_card
from kg.web.wording import last_day, word_percent
from tests.pages import HTML, Page, get, path_of, select

LISTS = (
    "/",
    "/?order=disputed",
    "/events",
    "/movements",
    "/browse/people",
    "/browse/time",
    "/articles",
    "/corrections",
)


def test_every_dated_event_stands_with_its_month(client: FlaskClient) -> None:
    text = get(client, "/browse/time")
    rows = re.findall(
        r'<a href="/events\?from=(\d{4}-\d\d)-01&amp;to=(\d{4}-\d\d-\d\d)">[^<]+</a></th>\s+<td>(\d+)', text
    )
    assert len(rows) > 5
    assert [month for month, _, _ in rows] == sorted({month for month, _, _ in rows}, reverse=True)
    assert all(end == last_day(month) for month, end, _ in rows)
    dated = "?e lb:claimCount ?n ; lb:begin ?b"
    assert [str(sum(int(count) for _, _, count in rows))] == select(client, f"SELECT (COUNT(?e) AS ?x) {{ {dated} }}")


def test_a_month_leads_to_its_events(client: FlaskClient) -> None:
    links = [link for link in Page(get(client, "/browse/time")).links if "type=PhoneCall" in link]
    assert links
    assert 'class="event"' in get(client, unescape(links[0]))


@pytest.mark.parametrize("path", [*LISTS, "/page/country/KP"])
def test_every_list_is_a_table_and_a_query(client: FlaskClient, path: str) -> None:
    asked = [parse_qs(urlsplit(link).query) for link in Page(get(client, path)).links if link.startswith("/sparql?")]
    table = next(each for each in asked if each.get("format") == ["csv"])
    assert any(each == {"query": table["query"]} for each in asked) or path == "/movements"
    answer = client.post("/sparql", data={"query": table["query"][0]}, headers={"Accept": "text/csv"})
    assert answer.status_code == 200
    assert answer.text.count("\r\n") > 1


def test_organizations_of_a_country(client: FlaskClient) -> None:
    everything = get(client, "/browse/organizations")
    offered = dict(re.findall(r'<option value="([A-Z]{2})">[^<]+\((\d+)\)', everything))
    assert offered
    code, count = max(offered.items(), key=lambda pair: int(pair[1]))
    chosen = get(client, f"/browse/organizations?country={code}")
    listed = re.findall(r'<li><a href="(/page/organization/[^"]+)">', chosen)
    assert len(listed) == int(count) < everything.count("/page/organization/")
    query = unquote(next(link for link in Page(chosen).links if link.endswith("format=csv"))).partition("query=")[2]
    answer = client.post("/sparql", data={"query": query.removesuffix("&format=csv")}, headers={"Accept": "text/csv"})
    assert answer.text.count("\r\n") - 1 == len(listed)
    assert client.get("/browse/people?country=x", headers=HTML).status_code == 404


def test_lists_leave_out_what_no_article_mentions(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    unmentioned = select(
        client,
        "SELECT ?x { ?x a lb:Place FILTER NOT EXISTS { ?article <https://schema.org/mentions> ?x } }",
    )
    assert unmentioned  # capitals that come with their countries
    for snapshot in ("index", "graph"):
        if snapshot == "graph":
            monkeypatch.setattr("kg.web.browse.current_snapshot", lambda: -1)
        text = get(client, "/browse/places")
        assert 'class="count"' in text
        assert not [iri for iri in unmentioned if f'"{path_of(iri)}"' in text]


def test_list_is_the_same_without_an_index(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    listed = re.compile(r'<li><a href="/page/[^"]+"><bdi>.*?</li>')
    with_index = listed.findall(get(client, "/browse/people"))
    monkeypatch.setattr("kg.web.browse.current_snapshot", lambda: -1)
    assert listed.findall(get(client, "/browse/people")) == with_index


def test_last_days_and_shares() -> None:
    assert [last_day(month) for month in ("2024-02", "2023-02", "2024-12", "x")] == [
        *("2024-02-29", "2023-02-28", "2024-12-31", "x-28")
    ]
    assert (word_percent(0.92, "de"), word_percent(0.7664, "en")) == ("92,0\u00a0%", "76.6%")


def test_model_card_has_its_figures() -> None:
    card = read_card()
    assert set(card.overall) == {"entities", "events", "slots"}
    assert all(0 < score.f1 < 1 for score in card.overall.values())
    assert len(card.by_type) == 12
    assert card.attribution
    assert card.articles > 100


@pytest.mark.parametrize(("lang", "mark"), [("de", ",{}\u00a0%"), ("en", ".{}%")])
def test_about_gives_the_measured_figures(client: FlaskClient, lang: str, mark: str) -> None:
    text = get(client, f"/about?lang={lang}")
    whole, tenths = f"{read_card().overall['events'].f1:.1%}".rstrip("%").split(".")
    assert whole + mark.format(tenths) in text
    assert "http://localhost:8000/" in text
