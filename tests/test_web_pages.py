"""The pages and the linked data behind them."""

import json
import re
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit

import pyoxigraph as ox
import pytest
from flask import Flask
from flask.testing import FlaskClient

from kg.settings import Settings
from kg.vocab import NIF
from kg.web.app import create_app
from kg.web.i18n import load_messages
from tests.gold import BASE, load_gold
from tests.web_site import BREAKOUT, build_site

HTML = {"Accept": "text/html"}
LB = "https://w3id.org/lagebild/ontology#"
KURSK = "article/13-nordkorea-kursk-2025"


class Page(HTMLParser):
    """The links, ids and tags of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.ids: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        self.tags.append((tag, values))
        if values.get("id"):
            self.ids.append(str(values["id"]))
        link = values.get("href") or values.get("src") or values.get("action")
        if link:
            self.links.append(link)


def get(client: FlaskClient, path: str) -> str:
    response = client.get(path, headers=HTML)
    assert response.status_code == 200, path
    return response.text


def select(client: FlaskClient, query: str) -> list[str]:
    """Return the values of the variable ?x."""
    body = client.post("/sparql", data={"query": f"PREFIX lb: <{LB}> {query}"}).data
    return [row["x"]["value"] for row in json.loads(body)["results"]["bindings"]]


def path_of(iri: str) -> str:
    return iri.replace(f"{BASE}id/", "/page/")


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
    assert "<h1>Nordkorea</h1>" in text
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


def test_language_by_parameter_cookie_and_header(site_app: Flask) -> None:
    assert '<html lang="de">' in site_app.test_client().get("/about").text
    english = site_app.test_client()
    assert '<html lang="en">' in english.get("/about?lang=en", headers=HTML).text
    assert '<html lang="en">' in english.get("/about", headers=HTML).text
    assert (
        '<html lang="en">' in site_app.test_client().get("/about", headers={"Accept-Language": "en-GB,de;q=0.5"}).text
    )
    assert '<html lang="de">' in site_app.test_client().get("/about", headers={"Accept-Language": "fr"}).text
    assert "North Korea" in english.get("/page/country/KP", headers=HTML).text


def test_every_message_is_in_both_languages() -> None:
    for key, text in load_messages().items():
        assert set(text) == {"de", "en"}, key
        assert set(re.findall(r"{\w+}", text["de"])) == set(re.findall(r"{\w+}", text["en"])), key


def test_every_message_is_used() -> None:
    folder = Path(create_app.__code__.co_filename).parent
    source = "".join(path.read_text(encoding="utf-8") for path in [*folder.glob("*.py"), *folder.glob("templates/*")])
    scripts = "".join(path.read_text(encoding="utf-8") for path in folder.glob("frontend/query/**/*.js"))
    source += re.sub(r'\bt\("', '"editor.', scripts)
    families = {"nav", "front", "error", "ontology", "group", "problem", "part", "why"}  # also put together from parts
    built = {"claim.personnel", "claim.quantity", "entity.role_attributedTo", "entity.role_relayedBy"}
    built |= {f"editor.view_{view}" for view in ("table", "chart", "map", "timeline", "graph")}
    unused = [
        key
        for key in load_messages()
        if f'"{key}"' not in source and key not in built and key.split(".")[0] not in families
    ]
    assert unused == []


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


def test_strict_content_security_policy(client: FlaskClient) -> None:
    for path in ("/", "/sparql", "/page/country/KP", "/nothing"):
        policy = client.get(path, headers=HTML).headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy


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


def test_links_stay_on_any_host(site_app: Flask, site_store: object) -> None:
    page = site_app.test_client().get("/page/country/KP", headers=HTML, base_url="https://graph.example.org/")
    asked = [link for link in Page(page.text).links if link.startswith("/sparql?query=")]
    assert all(f"<{BASE}id/country/KP>" in unquote(link) for link in asked)  # a query names things by the store's IRIs
    assert not [link for link in Page(page.text).links if "localhost" in link and link not in asked]


def test_all_internal_links_resolve(client: FlaskClient) -> None:
    pages: dict[str, Page] = {}
    waiting, fragments = ["/"], set()
    while waiting:
        path = waiting.pop()
        if path in pages:
            continue
        response = client.get(path, headers=HTML)
        assert response.status_code in {200, 303}, path
        pages[path] = Page(response.text if response.content_type.startswith("text/html") else "")
        for link in pages[path].links:
            target = urlsplit(urljoin(f"http://localhost{path}", link))
            if target.hostname != "localhost" or "lang=" in target.query or target.path in {"/sparql", "/data"}:
                continue
            bare = target._replace(scheme="", netloc="", fragment="").geturl()
            if target.fragment:
                fragments.add((path, bare, unquote(target.fragment)))
            if not target.path.startswith(("/static/", "/data/")):
                waiting.append(bare)
    assert len(pages) > 300
    for source, path, fragment in fragments:
        assert path not in pages or fragment in pages[path].ids, f"{source} links to {path}#{fragment}"


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/?order=latest",
        "/articles",
        "/browse/people",
        "/events?type=Deployment",
        "/page/article/hostile",
        "/page/person/hostile",
        "/page/country/ML",
        "/search?q=script",
        "/search?q=%22%3E%3Cscript%3Ealert(1)%3C/script%3E",
        "/?lang=%22%3E%3Cscript%3E",
        "/%22%3E%3Cscript%3Ealert(1)%3C/script%3E",
        "/events?x=%22%3E%3Cscript%3Ealert(1)%3C/script%3E&type=Deployment",
        "/page/article/hostile?lang=en&x=%22%3E%3Cimg%20src=x%20onerror=alert(1)%3E",
    ],
)
def test_scripting_attempts_are_inert(client: FlaskClient, path: str) -> None:
    text = client.get(path, headers=HTML).text
    page = Page(text)
    assert BREAKOUT not in text
    scripts = [values for tag, values in page.tags if tag == "script" and "src" not in values]
    assert [values for values in scripts if values != {"type": "application/ld+json"}] == []
    assert not [values for _, values in page.tags if any(name.startswith("on") for name in values)]
    assert not [link for link in page.links if link.strip().lower().startswith(("javascript:", "data:"))]
    assert "49" not in re.findall(r"\b49\b", text)


def test_hostile_claim_and_event_pages_are_inert(client: FlaskClient) -> None:
    found = select(
        client,
        f"SELECT ?x {{ ?c lb:sender <{BASE}id/person/hostile> ; lb:about ?e . VALUES ?first {{ true false }}"
        " BIND(IF(?first, ?c, ?e) AS ?x) }",
    )
    assert len(found) >= 2
    for iri in found:
        test_scripting_attempts_are_inert(client, path_of(iri))


def test_missing_store_is_named(tmp_path: object) -> None:
    app = create_app(str(tmp_path), Settings())
    response = app.test_client().get("/", headers=HTML)
    assert response.status_code == 503
    assert "kg build" in response.text
    app.extensions["supervisor"].close()
