"""The interface in German and English."""

import re
from html.parser import HTMLParser
from pathlib import Path
from string import Formatter
from typing import Final
from urllib.parse import quote

import pytest
from flask import Flask
from flask.testing import FlaskClient
from markupsafe import escape

from kg.vocab import RDFS
from kg.web.app import create_app
from kg.web.columns import LONGEST, UNITS
from kg.web.i18n import load_messages, section
from tests.page_set import PAGES
from tests.pages import HTML, get, select
from tests.protocol import RUNAWAY

VOID: Final = {"meta", "link", "input", "br", "img", "wbr", "hr", "rect", "line", "circle", "path"}
"""Tags that have no end."""


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
    families = {
        "about",
        "nav",
        "front",
        "error",
        "ontology",
        "graphs",
        "group",
        "problem",
        "part",
        "told",
        "why",
    }  # also put together from parts
    built = {"claim.personnel", "claim.quantity", "entity.role_attributedTo", "entity.role_relayedBy"}
    built |= {f"editor.view_{view}" for view in ("table", "chart", "map", "timeline", "graph", "response")}
    built |= {f"search.{what}{kind}" for what in ("", "all_") for kind in ("entity", "event", "claim", "article")}
    built |= {f"columns.{by}{unit}" for by in ("", "by_") for unit in (*UNITS, LONGEST[0])}
    unused = [
        key
        for key in load_messages()
        if f'"{key}"' not in source and key not in built and key.split(".")[0] not in families
    ]
    assert unused == []


class Words(HTMLParser):
    """The words of a page that stand in its own language, in titles and attributes too."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self._languages: list[tuple[str, str]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        inherited = self._languages[-1][1] if self._languages else "en"
        spoken = values.get("lang") or inherited
        if spoken == "en":
            self.found += [values[name] or "" for name in ("title", "aria-label", "data-tip") if name in values]
        if tag not in VOID:
            self._languages.append((tag, spoken))

    def handle_endtag(self, tag: str) -> None:
        while self._languages and self._languages.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        tag, spoken = self._languages[-1] if self._languages else ("", "en")
        if spoken == "en" and tag not in {"script", "style", "pre", "textarea"}:
            self.found.append(data)


@pytest.mark.parametrize("page", ["front", "events", "movements", "country", "person", "article", "summit", "time"])
def test_english_pages_have_no_german_name_of_what_has_an_english_one(page: str, client: FlaskClient) -> None:
    rows = '?t rdfs:label ?d, ?e FILTER(LANG(?d) = "de" && LANG(?e) = "en" && STR(?d) != STR(?e)) BIND(STR(?d) AS ?x)'
    german = set(select(client, f"PREFIX rdfs: <{RDFS.iri}> SELECT DISTINCT ?x {{ {rows} }}"))
    assert "Nordkorea" in german
    path = PAGES[page]
    text = get(client, path + ("&" if "?" in path else "?") + "lang=en")
    assert german.intersection(words.strip() for words in Words(text).found) == set()


def test_what_is_told_is_what_the_program_says() -> None:
    """But for what werkzeug and the engine say themselves."""
    folder = Path(create_app.__code__.co_filename).parent.parent
    lines = "".join(path.read_text(encoding="utf-8") for path in folder.rglob("*.py"))
    source = re.sub(r'"\s*\n\s*f?"', "", lines).replace("{what}", "query")
    stale = [
        key
        for key in section("told")
        for piece, *_ in Formatter().parse(load_messages()[f"told.{key}"]["en"])
        if piece.strip(" .:")
        and piece not in source
        and key not in {"no_page", "expected", "expected_one", "no_number"}
    ]
    assert stale == []


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("/page/country/XX", "Der Graph sagt nichts über http://localhost:8000/id/country/XX."),
        ("/nowhere", "Unter dieser Adresse gibt es nichts."),
        ("/events?type=x", "Diese Liste gibt es nicht."),
        ("/search?kind=x", "Dinge dieser Art gibt es nicht."),
        ("/export/x.csv", "Es gibt keine Tabelle 'x.csv'."),
        ("/permalinks/x", "Diesen dauerhaften Link gibt es nicht oder nicht mehr."),
        ("/graph/none", "Es gibt keinen Graphen http://localhost:8000/graph/none."),
        ("/sparql?query=ASK%7B", "In Zeile 1, Spalte 5 passt nur eines von diesen:"),
        ("/sparql?query=ASK%7B%7D&timeout=never", "timeout='never' ist keine positive Zahl."),
        ("/sparql?query=CLEAR%20ALL", "Das ist keine Abfrage, sondern eine Änderung."),
        ("/sparql?query=" + quote("ASK { SERVICE <http://x/> {} }"), "SERVICE ist hier nicht erlaubt."),
        ("/sparql?query=" + quote("ASK " + "{" * 600), "Die Abfrage ist tiefer als 500 Klammern verschachtelt."),
        ("/sparql?query=" + quote("ASK {" + "?s ?p ?o ." * 200 + "}"), "Die Abfrage verbindet in einer Gruppe 200"),
        (f"/sparql?timeout=0.1&query={quote(RUNAWAY)}", "Die Abfrage wurde nach 0,1 s abgebrochen."),
    ],
)
def test_what_went_wrong_is_told_in_german(client: FlaskClient, path: str, words: str) -> None:
    german, english = (client.get(path, headers={**HTML, "Accept-Language": language}) for language in ("de", "en"))
    assert german.status_code == english.status_code >= 400
    shown = german.text.partition("<main")[2].partition("<form")[0].partition("</main>")[0]
    assert str(escape(words)) in shown
    assert " lang=" not in shown
    assert str(escape(words)) not in english.text
