"""What the pages show."""

import re
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient

from kg.settings import Settings
from kg.vocab import NIF
from kg.web.app import create_app
from tests.gold import BASE, load_gold
from tests.pages import HTML, Page, get, path_of, select
from tests.web_site import build_site

KURSK = "article/13-nordkorea-kursk-2025"


def test_front_page_answers_the_question(client: FlaskClient) -> None:
    text = get(client, "/?order=largest")
    assert "Wer schickt wie viele Soldaten wohin, wer sagt das, und ist es geschehen?" in text
    row = re.search(r'<li class="claim">.*?</li>', text, re.DOTALL)
    assert row
    for part in (r'class="figure">[^<]*\d', 'class="status s-', "<blockquote", "laut|der Artikel selbst", "<time "):
        assert re.search(part, row[0]), part


@pytest.mark.parametrize(
    "path", ["/?order=latest", "/?order=disputed", "/events", "/events?type=Deployment&status=denied"]
)
def test_lists_of_events(client: FlaskClient, path: str) -> None:
    assert 'class="event"' in get(client, path)


@pytest.mark.parametrize(
    "path", ["/?order=x", "/events?type=Nothing", "/events?status=x", "/browse/x", "/page/x", "/nothing"]
)
def test_what_is_not_there_is_404(client: FlaskClient, path: str) -> None:
    page = client.get(path, headers=HTML)
    assert page.status_code == 404
    assert "<h1>Diese Seite gibt es nicht</h1>" in page.text
    problem = client.get(path)
    assert (problem.status_code, problem.content_type) == (404, "application/problem+json")


@pytest.mark.parametrize("kind", ["people", "countries", "places", "organizations", "summits", "missions"])
def test_browse_lists_link_to_entities(client: FlaskClient, kind: str) -> None:
    page = Page(get(client, f"/browse/{kind}"))
    assert any(link.startswith("/page/") for link in page.links)


def test_entity_page_groups_claims(client: FlaskClient) -> None:
    text = get(client, "/page/country/KP")
    assert "<h1><bdi>Nordkorea</bdi></h1>" in text
    assert 'id="Deployment-sender"' in text
    assert "Wikidata Q423" in text
    assert "ISO 3166: KP" in text


def test_entity_page_of_one_group(client: FlaskClient) -> None:
    text = get(client, "/page/country/KP?type=Deployment&role=sender")
    assert 'id="Deployment-sender"' in text
    assert text.count("<h3 ") == 1
    assert client.get("/page/country/KP?type=Summit&role=sender", headers=HTML).status_code == 404


def test_event_page_shows_all_its_claims(client: FlaskClient) -> None:
    event = select(client, "SELECT ?x { ?x a lb:Event ; lb:claimCount ?n } ORDER BY DESC(?n) ?x LIMIT 1")[0]
    claims = select(client, f"SELECT ?x {{ ?x lb:about <{event}> }}")
    page = Page(get(client, path_of(event)))
    assert len(claims) > 1
    assert {path_of(claim) for claim in claims} <= set(page.links)


def test_an_event_that_another_one_swallowed_leads_there(client: FlaskClient) -> None:
    pattern = '?c lb:about ?e . FILTER(STRAFTER(STR(?c), "/claim/") != STRAFTER(STR(?e), "/event/"))'
    pattern += ' FILTER(CONTAINS(STR(?e), "/event/"))'
    claim, event = (
        select(client, f"SELECT ?x {{ {pattern} BIND({v} AS ?x) }} ORDER BY ?c LIMIT 1")[0] for v in ("?c", "?e")
    )
    for form in ("/page/{}", "/data/{}.ttl", "/id/{}"):
        former = form.format(claim.partition("/id/")[2].replace("claim/", "event/"))
        response = client.get(former, headers=HTML)
        assert response.status_code == 307
        assert urlsplit(response.location).path == form.format(event.partition("/id/")[2])
    assert client.get("/page/event/0123456789abcdef", headers=HTML).status_code == 404


def test_claim_page_leads_to_its_sentence(client: FlaskClient) -> None:
    claim, span = (
        select(client, f"SELECT ?x {{ ?c lb:eventType lb:Deployment . {p} }} ORDER BY ?c LIMIT 1")[0]
        for p in ("BIND(?c AS ?x)", "?c lb:evidence ?x")
    )
    link = next(link for link in Page(get(client, path_of(claim))).links if "#char=" in link)
    assert link == path_of(span)
    assert urlsplit(link).fragment in Page(get(client, urlsplit(link).path)).ids


def test_article_page_marks_mentions_claims_and_noise(client: FlaskClient) -> None:
    text = get(client, f"/page/{KURSK}")
    assert 'class="mention"' in text
    assert 'class="evidence' in text
    assert re.search(r'<a class="claim-number" href="#claim-1"', text)
    assert 'id="claim-1"' in text
    assert '<span class="noise">' in get(client, "/page/article/hostile")


def test_article_page_says_why_and_how_to_correct(client: FlaskClient) -> None:
    text = get(client, "/page/article/hostile")
    assert "<summary>Warum so gelesen</summary>" in text
    claim = select(client, f"SELECT ?x {{ ?x lb:sender <{BASE}id/person/hostile> ; lb:eventType ?type }}")[0]
    assert f"kg correct reject {claim.removeprefix(f'{BASE}id/')} --reason" in text


def test_article_page_shows_the_whole_text(client: FlaskClient, site_app: Flask) -> None:
    text = re.sub(r'<a class="claim-number".*?</a>', "", get(client, f"/page/{KURSK}"))
    shown = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", text))
    query = f"SELECT ?x {{ <{BASE}id/{KURSK}> <{NIF.iri}isString> ?x }}"
    for paragraph in select(client, query)[0].split("\n"):
        assert re.sub(r"\s+", " ", paragraph.strip()).replace('"', "&#34;").replace("'", "&#39;") in shown


def test_pages_are_known_by_the_snapshot(client: FlaskClient) -> None:
    page = client.get("/page/country/KP", headers=HTML)
    tag = page.headers["ETag"]
    assert client.get("/page/country/KP", headers={**HTML, "If-None-Match": tag}).status_code == 304
    other = client.get("/page/country/KP?lang=en", headers={**HTML, "If-None-Match": tag})
    assert other.status_code == 200


def test_pages_follow_a_new_snapshot(tmp_path: Path) -> None:
    first, second = load_gold()[:2]
    app = create_app(build_site(tmp_path, [first]), Settings())
    client = app.test_client()
    assert get(client, "/articles") == get(client, "/articles")
    assert first.article.title in get(client, "/articles")
    assert second.article.title not in get(client, "/articles")
    build_site(tmp_path, [first, second])
    assert second.article.title in get(client, "/articles")
    assert f"/page/article/{second.article.stem}" in get(client, f"/search?q={second.article.title.split()[0]}")
    app.extensions["supervisor"].close()


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("nordkorea", "/page/country/KP"),
        ("NORDK", "/page/country/KP"),
        ("kim jong", "/page/person/kim-jong-un"),
        ("north korea", "/page/country/KP"),
    ],
)
def test_search_finds(client: FlaskClient, query: str, expected: str) -> None:
    links = Page(get(client, f"/search?q={query}")).links
    assert expected in links


@pytest.mark.parametrize("query", ["", "zzzz", '"', "*", "a AND b OR", "NEAR(", "x" * 1000, "%00"])
def test_search_takes_anything(client: FlaskClient, query: str) -> None:
    assert "<h1>Suche</h1>" in get(client, f"/search?q={query}")


def test_health(client: FlaskClient, site_app: Flask) -> None:
    assert client.get("/health").text.strip() == site_app.extensions["supervisor"].snapshot()


def test_missing_store_is_named(tmp_path: object) -> None:
    app = create_app(str(tmp_path), Settings())
    response = app.test_client().get("/", headers=HTML)
    assert response.status_code == 503
    assert "kg build" in response.text
    assert str(tmp_path) not in response.text
    app.extensions["supervisor"].close()


def test_a_store_without_articles_has_pages_that_say_so(tmp_path: Path) -> None:
    app = create_app(build_site(tmp_path / "store", []), Settings(pages_ahead=0))
    client = app.test_client()
    paths = ("/events", "/movements", "/browse/people", "/browse/time", "/articles", "/search?q=mali", "/corrections")
    for path in paths:
        assert 'class="empty"' in (text := get(client, path)) or "Nichts gefunden" in text, path
    front = get(client, "/")
    assert "Der Graph kennt noch keine Truppenentsendung" in front
    assert "Gelesene Artikel: 0 · Behauptungen: 0 · Ereignisse: 0" in front
    assert not {"types", "articles", "movements"} & set(Page(front).ids)  # no heading stands above nothing
    for path in ("/feed.atom", "/fragments", "/sitemap.xml", "/dump.nq.gz", "/export/claims.csv", "/.well-known/void"):
        assert client.get(path).status_code == 200, path
    app.extensions["supervisor"].close()
