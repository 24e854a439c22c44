"""The search, and lists of events by words, figure, country and time; every list as a query and a table."""

import csv
import json
import re
from pathlib import Path
from urllib.parse import quote

import pytest
from flask import Flask
from flask.testing import FlaskClient

from kg.fulltext.asking import Index
from kg.fulltext.words import fold_words
from tests.gold import BASE, load_gold
from tests.pages import HTML, Page, get, path_of, select


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
    found = json.loads(client.get("/search?q=nordkorea 1500&format=json").text)
    assert (found["results"], set(found["counts"].values())) == ([], {0})
    assert not events_on(get(client, "/events?q=nordkorea 1500"))


def test_a_figure_that_nobody_names_is_said_and_left_out(client: FlaskClient) -> None:
    with_figure, without = (get(client, f"/search?q=nordkorea{rest}") for rest in (" 1.500", ""))
    assert events_on(with_figure) == events_on(without)
    assert "Kein Ereignis hat alle Wörter. Ohne „1.500“: " in with_figure
    assert 'value="nordkorea 1.500"' in with_figure
    assert "Nichts gefunden" in get(client, "/search?q=1500000")
    assert "Nichts gefunden" in get(client, "/search?q=zzzz 1500")


def test_a_question_is_asked_without_its_little_words(client: FlaskClient) -> None:
    asked, plain = (
        get(client, f"/search?q={quote(words)}")
        for words in ("Wie viele Soldaten aus Nordkorea?", "soldaten nordkorea")
    )
    assert events_on(asked) == events_on(plain)
    assert events_on(plain)
    assert "Ohne „Wie viele aus“: " in asked
    assert "Ohne" not in plain.partition("<main")[2].partition("</header>")[0]


def test_words_of_the_sentence_find_the_event(client: FlaskClient) -> None:
    assert events_on(get(client, "/events?q=Minenraeumung"))
    assert events_on(get(client, "/events?q=minenraumung"))


def listed(client: FlaskClient, **wanted: str) -> set[str]:
    """The IRIs in the table of what is found."""
    answer = client.get("/search", query_string={"kind": "event", "format": "csv", **wanted})
    assert (answer.status_code, answer.mimetype) == (200, "text/csv")
    return {row["iri"] for row in csv.DictReader(answer.text.splitlines())}


def test_choices_fit_the_graph(client: FlaskClient) -> None:
    korea = f"{BASE}id/country/KP"
    found = listed(client, type="Deployment", country="KP")
    assert set(select(client, f"SELECT ?x {{ ?x a lb:Deployment ; lb:claimCount ?n ; lb:sender <{korea}> }}")) <= found
    days = {"from": "2025-01-01", "to": "2025-03-31"}
    inside = '?x lb:claimCount ?n ; lb:begin ?b ; lb:end ?e FILTER(STR(?b) <= "2025-03-31" && STR(?e) >= "2025-01-01")'
    assert set(select(client, f"SELECT ?x {{ {inside} }}")) <= listed(client, **days)
    everything = set(select(client, "SELECT ?x { ?x lb:claimCount ?n }"))
    assert listed(client, **{"from": "0001-01-01"}) <= everything


@pytest.fixture
def no_index(site_app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(site_app.extensions, "index", Index(tmp_path))


@pytest.mark.usefixtures("no_index")
@pytest.mark.parametrize("path", ["/search?q=nordkorea", "/events", "/search/offers?q=nord"])
def test_an_index_that_is_not_there_yet(client: FlaskClient, path: str) -> None:
    page = client.get(path, headers=HTML)
    assert page.status_code == 503
    assert "kg index" in page.text


@pytest.mark.parametrize(
    "choice", ["country=kp", "country=KPX", "from=2024-13-01", "to=gestern", "type=x", "from=20240101"]
)
def test_choices_that_there_cannot_be(client: FlaskClient, choice: str) -> None:
    assert client.get(f"/events?{choice}", headers=HTML).status_code == 404


@pytest.mark.parametrize("query", ['"', "*", "a AND b OR", "NEAR(", "-", "\x00", "x" * 1000, "(", "{sender}:"])
@pytest.mark.parametrize(
    "path", ["/events?", "/search?", "/search/offers?", "/sparql/entities?", "/search?kind=claim&"]
)
def test_any_words_will_do(client: FlaskClient, path: str, query: str) -> None:
    assert client.get(f"{path}q={quote(query)}", headers=HTML).status_code == 200


def test_search_of_one_kind(client: FlaskClient) -> None:
    everything, people = (get(client, f"/search?q=kim{rest}") for rest in ("", "&kind=entity&type=Person"))
    assert events_on(everything)
    assert not events_on(people)
    assert "/page/person/kim-jong-un" in Page(people).links
    for wrong in ("kind=x", "kind=event&type=x", "status=x"):
        assert client.get(f"/search?q=kim&{wrong}", headers=HTML).status_code == 404


def test_all_kinds_together_are_narrowed_down_by_what_events_there_are(client: FlaskClient) -> None:
    text = get(client, "/search?q=soldaten")
    offered = dict(re.findall(r'<option value="(\w+)">[^<(]+\((\d+)\)', text.partition('<details class="narrow">')[2]))
    assert int(offered["Deployment"]) > 0
    chosen = get(client, "/search?q=soldaten&type=Deployment")
    assert '<details class="narrow" open>' in chosen
    assert 0 < len(events_on(chosen)) <= int(offered["Deployment"])
    assert 'class="narrow"' not in get(client, "/search")


def test_sentences_have_their_words_marked(client: FlaskClient) -> None:
    text = get(client, "/search?q=soldaten+15.000&kind=claim")
    assert "<mark>15.000</mark>" in text
    assert any("char=" in link for link in Page(text).links)


def test_results_come_page_by_page(client: FlaskClient) -> None:
    seen, path = list[str](), "/search?kind=claim&from=0001-01-01&format=json"
    while path:
        answer = json.loads(client.get(path).text)
        assert 0 < len(answer["results"]) <= 20
        seen += [row["iri"] for row in answer["results"]]
        path = answer["next"]
    assert len(seen) == len(set(seen)) == answer["counts"]["claim"] > 20
    types = answer["facets"]["types"]
    assert sum(sum(by_status.values()) for by_status in types.values()) == len(seen)


def test_the_search_as_data(client: FlaskClient) -> None:
    answer = client.get("/search?q=kim+jong&kind=entity", headers={"Accept": "application/json"})
    assert answer.mimetype == "application/json"
    assert "Accept" in answer.vary
    found = json.loads(answer.text)["results"][0]
    assert (found["iri"], found["type"], found["kind"]) == (f"{BASE}id/person/kim-jong-un", "Person", "entity")
    sentence, *_ = json.loads(client.get("/search?q=15000&kind=claim&format=json").text)["results"]
    assert "15.000" in sentence["sentence"]
    assert client.get("/search?q=kim", headers={"Accept": "image/png"}).status_code == 406
    rows = list(csv.DictReader(client.get("/search?q=kim&format=csv").text.splitlines()))
    assert {row["kind"] for row in rows} == {"entity", "event", "claim", "article"}


@pytest.mark.parametrize(
    ("language", "words", "none"),
    [
        ("de", "Nichts gefunden für „xyzzy“", "Hiervon passt nichts"),
        ("en", "Nothing found for “xyzzy”", "None of these fit"),
    ],
)
def test_nothing_found(client: FlaskClient, language: str, words: str, none: str) -> None:
    assert words in get(client, f"/search?q=xyzzy&lang={language}")
    assert none in get(client, f"/search?q=kim&kind=article&from=2099-01-01&lang={language}")


def test_offers(client: FlaskClient) -> None:
    def offers(query: str) -> list[dict[str, str]]:
        found: list[dict[str, str]] = json.loads(client.get(f"/search/offers?q={query}").text)["offers"]
        return found

    assert offers("nordk")[0] == {
        "label": "Nordkorea",
        "lang": "de",
        "kind": "Staat",
        "href": "/page/country/KP",
    }
    assert any(offer["href"].startswith("/page/event/") for offer in offers("nordk"))
    assert offers("") == offers("%20*") == []
    english = offers("nordk&lang=en")[0]
    assert (english["label"], english["lang"], english["kind"]) == ("North Korea", "en", "Country")


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


def words_in(*texts: str) -> set[str]:
    return {word for text in texts for word in fold_words(text)}


def test_articles_are_found_by_sentences_without_a_claim(client: FlaskClient) -> None:
    gold = load_gold()
    told = words_in(*(claim.evidence.of(each.article.text) for each in gold for claim in each.claims))
    told |= words_in(*(each.article.title for each in gold))
    for article in (each.article for each in gold[:3]):
        word = max(words_in(article.text) - told, key=len)
        answer = client.get("/search", query_string={"q": word, "kind": "article", "format": "json"}).json
        assert answer is not None
        found = {result["iri"]: result["sentence"] for result in answer["results"]}
        assert word in words_in(found[f"{BASE}id/article/{article.stem}"])
        table = client.get("/search", query_string={"q": word, "kind": "article", "format": "csv"}).text
        rows = list(csv.DictReader(table.splitlines()))
        assert {row["iri"]: row["sentence"] for row in rows} == found
        assert re.search(r'<p class="snippet" lang="de">.*<mark>', get(client, f"/search?q={word}"))
