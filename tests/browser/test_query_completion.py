"""What the editor of the query page completes, where, and where it keeps out of the way."""

from typing import TYPE_CHECKING

import pytest

from tests.browser.query_page import EDITOR, MARKS, PREFIX, VALUE, open_page, write

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.browser.conftest import Visit

pytestmark = MARKS
expect = pytest.importorskip("playwright.sync_api", reason="playwright is not installed").expect


PREFIXES = f"""{PREFIX}PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
"""
THINGS = "http://localhost:8000/id/"
GRAPHS = "http://localhost:8000/graph/"
PLACES = {
    "a class": [
        ("{ ?e a lb:Dep", "Truppenentsendung", "?e a lb:Deployment"),
        ("{ ?e a Truppenab", "Truppenabzug", "?e a lb:Withdrawal"),
        ("{ ?e rdf:type/rdfs:subClassOf* lb:Dep", "Truppenentsendung", "subClassOf* lb:Deployment"),
    ],
    "a property": [
        ("{ ?e Empf", "Empfänger", "?e lb:recipient"),
        ("{ ?e lb:sender ?x ; lb:dest", "Zielort", "; lb:destination"),
        ("{ ?e lb:sender/rdfs:la", "label", "lb:sender/rdfs:label"),
        ("{ ?e ^lb:send", "Sender", "?e ^lb:sender"),
        ("{ ?e !lb:send", "Sender", "?e !lb:sender"),
        ("{ ?e lb:sender|lb:recip", "Empfänger", "lb:sender|lb:recipient"),
        ("{ ?e (lb:sender|^lb:recip", "Empfänger", "(lb:sender|^lb:recipient"),
    ],
    "a thing": [
        ("{ ?e lb:status eingetr", "eingetreten", "lb:status lb:occurred"),
        ("{ ?e lb:sender nordk", "Nordkorea", f"lb:sender <{THINGS}country/KP>"),
        ("{ ?e lb:sender North Ko", "Nordkorea", f"lb:sender <{THINGS}country/KP>"),
        (f"{{ ?e ?p <{THINGS}person/kim", "Kim Jong Un", "/id/person/kim-jong-un>"),
    ],
    "a value": [
        ("{ ?e ?p ?x FILTER(?x = eingetr", "eingetreten", "?x = lb:occurred"),
        ("{ ?e ?p ?x FILTER(?x != lb:occ", "eingetreten", "?x != lb:occurred"),
        ("{ ?e ?p ?x FILTER(?x IN (nordk", "Nordkorea", f"IN (<{THINGS}country/KP>"),
        ("{ ?e ?p ?x FILTER(?p NOT IN (lb:sender, lb:recip", "Empfänger", "lb:sender, lb:recipient"),
        ("{ VALUES ?x { Kim Jong", "Kim Jong Un", f"{{ <{THINGS}person/kim-jong-un>"),
        ("{ VALUES (?x ?y) { (lb:occurred nordk", "Nordkorea", f"(lb:occurred <{THINGS}country/KP>"),
    ],
    "a graph": [
        ("FROM Alle Erei", "Alle Ereignisse", f"FROM <{GRAPHS}events>"),
        ("FROM NAMED entit", "Alle Entitäten", f"FROM NAMED <{GRAPHS}entities>"),
        ("{ GRAPH Kiew rech", "Kiew rechnet mit", f"GRAPH <{GRAPHS}article/13-nordkorea-kursk-2025>"),
    ],
    "after a mistake": [
        ("{ ?x lb:sender ?e lb:sender . ?e lb:recip", "Empfänger", "?e lb:recipient"),
        ("{ ?x lb:sender ?e lb:sender . ?e lb:sender nordk", "Nordkorea", f"lb:sender <{THINGS}country/KP>"),
    ],
}
"""Where the cursor stands, to what is typed after `SELECT *`, the name that is offered first, and what it becomes."""
ELSEWHERE = [
    "SELECT * WHERE { FILT",
    "SELECT * WHERE { ?s ?p ?o } # nordk",
    "SELECT nordk",
    "SELECT * WHERE { ?s ?p ?o FILTER(st",
    "SELECT * WHERE { SERVICE nordk",
    "SELECT * WHERE { ?s ?p 'x'^^nordk",
    "PREFIX x: <http://localhost:8000/id/person/kim",
]
"""Where no term may stand."""


@pytest.mark.parametrize("place", PLACES)
def test_completion_offers_our_terms_and_names(visit: "Visit", place: str) -> None:
    page = open_page(visit)
    for typed, offered, completed in PLACES[place]:
        end_with(page, f"{PREFIXES}SELECT * {typed}")
        expect(page.locator(".CodeMirror-hint").first).to_contain_text(offered)
        page.keyboard.press("Enter")
        assert completed in page.evaluate(VALUE)
        expect(page.locator(".CodeMirror-hint")).to_have_count(0)  # Enter is for the next line again


@pytest.mark.parametrize(
    ("typed", "offered", "completed"),
    [
        ("PREFIX sche", "schema:", "PREFIX schema: <https://schema.org/>"),
        ("SELECT ?event WHERE { ?ev", "?event", "{ ?event"),
        ("DESCRIBE nordk", "Nordkorea", f"DESCRIBE <{THINGS}country/KP>"),
    ],
)
def test_completion_offers_in_other_places(visit: "Visit", typed: str, offered: str, completed: str) -> None:
    page = open_page(visit)
    end_with(page, typed)
    expect(page.locator(".CodeMirror-hint").first).to_contain_text(offered)
    page.keyboard.press("Enter")
    assert completed in page.evaluate(VALUE)


def test_completion_declares_the_prefix(visit: "Visit") -> None:
    page = open_page(visit)
    write(page, "SELECT * WHERE { ?e lb:sen")
    expect(page.locator(".CodeMirror-hint").first).to_contain_text("lb:sender")
    page.keyboard.press("Enter")
    assert page.evaluate(VALUE).startswith(PREFIX)


def test_completion_keeps_out_of_the_way(visit: "Visit") -> None:
    page = open_page(visit)
    for typed in ELSEWHERE:
        end_with(page, f"{PREFIXES}{typed}")
        assert not page.evaluate(f"Boolean({EDITOR}.state.completionActive)"), typed


def end_with(page: "Page", query: str) -> None:
    """Replace the query, as if it were written up to its end: while offers change with each letter, Enter waits."""
    page.get_by_label("Abfrage", exact=True).focus()
    page.evaluate(f"text => {{ {EDITOR}.setValue(text); {EDITOR}.setCursor({EDITOR}.lineCount(), 0) }}", query)
