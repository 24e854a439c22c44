"""The query page: a form, the examples, an answer as a table, and a query that is refused given back."""

from collections.abc import Mapping

import pytest
from flask.testing import FlaskClient
from markupsafe import escape

from tests.protocol import ASK, BROWSER, CONSTRUCT, RUNAWAY, get


def test_query_page_for_a_browser(client: FlaskClient) -> None:
    page = client.get("/sparql", headers={"Accept": BROWSER})
    assert page.content_type == "text/html; charset=utf-8"
    assert "<textarea" in page.text
    assert page.text.count('<a href="/sparql?query=') >= 15
    assert "Wer schickt" in page.text


def test_query_page_shows_names_and_downloads(client: FlaskClient) -> None:
    query = "SELECT ?a ?b WHERE { VALUES ?a { <http://localhost:8000/id/country/ML> } ?a a ?b }"
    page = get(client, query, BROWSER)
    assert '<a href="/page/country/ML" title="http://localhost:8000/id/country/ML">Mali</a>' in page.text
    assert "format=csv" in page.text


def test_query_page_shows_graphs_and_booleans(client: FlaskClient) -> None:
    assert '<a href="/page/country/ML"' in get(client, CONSTRUCT, BROWSER).text
    assert '<p class="boolean">Ja</p>' in get(client, ASK, BROWSER).text
    assert '<p class="boolean">Nein</p>' in get(client, "ASK { ?s <http://nothing> ?o }", BROWSER).text


def test_query_page_cuts_long_answers_visibly(client: FlaskClient) -> None:
    page = get(client, "SELECT ?s ?p ?o WHERE { ?s ?p ?o }", BROWSER)
    assert "Gezeigt sind die ersten 500 Zeilen" in page.text
    assert page.text.count("<tr>") == 501


@pytest.mark.parametrize(
    ("query", "parameters", "status"),
    [
        ("SELECT * WHERE {", {}, 400),
        ("SELECT * { SERVICE <http://other.example/> { ?s ?p ?o } }", {}, 400),
        ("ASK " + "{" * 600 + "}" * 600, {}, 400),
        ("ASK {} #" + "x" * 100_000, {}, 413),
        (RUNAWAY, {"timeout": "0.1"}, 503),
        ("ASK {}", {"timeout": "never"}, 400),
        ("SELECT * WHERE {", {"explain": "1"}, 400),
    ],
    ids=["broken", "service", "nested", "long", "slow", "parameter", "explained"],
)
def test_query_page_gives_back_what_is_refused(
    client: FlaskClient, query: str, parameters: Mapping[str, str], status: int
) -> None:
    page = client.post("/sparql", data={"query": query, **parameters}, headers={"Accept": BROWSER})
    assert (page.status_code, page.content_type) == (status, "text/html; charset=utf-8")
    assert page.headers["Cache-Control"] == "no-store"
    problem, form = page.text.index('role="alert"'), page.text.index("<textarea")
    assert problem < form
    assert f">{escape(query)}</textarea>" in page.text


def test_query_page_says_which_place_is_wrong(client: FlaskClient) -> None:
    page = get(client, "SELECT * WHERE {", BROWSER)
    assert "Das ist kein SPARQL" in page.text
    assert "In Zeile 1, Spalte 17 passt nur" in page.text


def test_query_page_escapes_everything(client: FlaskClient) -> None:
    query = 'SELECT ("<script>alert(1)</script>" AS ?x) (<javascript:alert(1)> AS ?y) { } # </textarea><script>'
    page = get(client, query, BROWSER).text
    assert "<script>alert" not in page
    assert "</textarea><script>" not in page
    assert 'href="javascript' not in page


def test_query_page_explains_a_query_without_a_script(client: FlaskClient) -> None:
    query = "SELECT * { ?a a ?b . ?c <x:none> <y:&none> . SERVICE <http://other.example/> { ?s ?p ?o } }"
    page = get(client, query, BROWSER, explain="1")
    assert (page.status_code, page.content_type) == (200, "text/html; charset=utf-8")
    assert page.headers["Cache-Control"] == "no-store"
    assert "<code>?a a ?b</code>" in page.text
    assert '<code>?c &lt;x:none&gt; &lt;y:&amp;none&gt;</code></td><td class="number">0</td>' in page.text
    assert "keine Variable gemeinsam" in page.text
    assert "http://other.example/ (hier nicht erlaubt" in page.text
    assert "Grenzen: 2 s, 1.000.000 Zeilen" in page.text
    assert f">{escape(query)}</textarea>" in page.text


@pytest.mark.parametrize("accept", [None, "application/json", "*/*"])
def test_query_is_explained_to_programs_as_json(client: FlaskClient, accept: str | None) -> None:
    response = get(client, ASK, accept, explain="1")
    assert response.content_type == "application/json"
    assert "Accept" in response.headers["Vary"]
