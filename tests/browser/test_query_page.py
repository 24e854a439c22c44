"""The query page as people use it: asking, errors, links, code, by keyboard, in both languages."""

import re
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from tests.browser.query_page import DRAWN, EDITOR, MARKS, OVERFLOW, PREFIX, SHOWN, STATUS, VALUE, open_page, write

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.browser.conftest import Visit

pytestmark = MARKS
expect = pytest.importorskip("playwright.sync_api", reason="playwright is not installed").expect

REFUSALS = [
    (
        503,
        '{"type": "http://x/problems/query-timeout", "detail": "5 s are over.", "remedy": "Ask less."}',
        ["Die Abfrage hat länger gedauert", "LIMIT", "5 s are over. Ask less."],
    ),
    (
        503,
        '{"type": "http://x/problems/query-timeout", "detail": "The query was stopped after 2.5 s."}',
        ["Die Abfrage wurde nach 2,5 s abgebrochen."],
    ),
    (413, '{"type": "about:blank", "title": "Content Too Large", "remedy": "Send less."}', ["Too Large", "Send less."]),
    (504, "<html><h1>Gateway Time-out</h1></html>", ["etwas anderes geantwortet: 504", "noch einmal"]),
]
"""Status and body of answers, the last a proxy's, and what the page is to say."""


def test_yes_no_answers(visit: "Visit") -> None:
    page = open_page(visit, PREFIX + "ASK { ?x a lb:Deployment }")
    expect(page.locator(f"{SHOWN} .boolean")).to_have_text("Ja")
    page.get_by_role("button", name="Antwort").click()
    expect(page.locator(f"{SHOWN} .response")).to_contain_text('"boolean":true')
    page.get_by_role("button", name="Tabelle").click()
    expect(page.locator(f"{SHOWN} .boolean")).to_have_text("Ja")


def test_no_rows_are_an_answer_too(visit: "Visit") -> None:
    page = open_page(visit, "SELECT ?nothing { ?nothing <x:y> ?z }")
    expect(page.locator(STATUS)).to_have_text("Die Abfrage hat keine Zeile ergeben.")
    expect(page.locator(f"{SHOWN} .view-table")).to_contain_text("OPTIONAL")
    page.get_by_role("button", name="Antwort").click()
    expect(page.locator(f"{SHOWN} .response")).to_contain_text('"bindings":[]')


def test_errors_say_what_to_do(visit: "Visit") -> None:
    page = open_page(visit)
    write(page, "SELECT * WHERE ? ")
    expect(page.locator("#syntax")).to_contain_text("Zeile 1")
    page.get_by_role("button", name="Ausführen").click()
    expect(page.locator(f"{SHOWN} .problem")).to_contain_text("Das ist kein SPARQL")
    expect(page.locator(f"{SHOWN} .problem [lang=de]").first).to_contain_text("In Zeile 1, Spalte 16 passt nur")
    visit.complaints.clear()  # the browser reports the refusal in its console, as it should


def test_explanation_that_came_with_the_page_stays(visit: "Visit") -> None:
    page = visit.open("/sparql?explain=1&query=SELECT%20*%20%7B%20%3Fa%20a%20%3Fb%20%7D")
    page.wait_for_selector(f"[data-editor=ready] {SHOWN} .explanation")
    expect(page.locator(f"{SHOWN} .explanation")).to_contain_text("?a a ?b")
    assert page.evaluate(VALUE) == "SELECT * { ?a a ?b }"


def test_running_query_can_be_stopped(visit: "Visit") -> None:
    page = open_page(visit)
    page.route("**/sparql", lambda _: None)  # whose answer never comes
    write(page, "ASK {}")
    page.keyboard.press("Control+Enter")
    page.get_by_role("button", name="Abbrechen").click()
    expect(page.locator(STATUS)).to_have_text("Abgebrochen.")
    expect(page.get_by_role("button", name="Abbrechen")).to_be_hidden()


@pytest.mark.parametrize(
    "query",
    [
        PREFIX + "SELECT ?x WHERE { ?x a lb:Deployment }",
        'SELECT ("a \'quoted\' \\"text\\" \\\\ end" AS ?x) {} # """ \' )-" end "',
        PREFIX + "CONSTRUCT { ?x a lb:Deployment } WHERE { ?x a lb:Deployment }",
    ],
    ids=["plain", "quotes", "graph"],
)
def test_code_asks_for_the_same(visit: "Visit", query: str) -> None:
    page = open_page(visit, 'SELECT ("x" AS ?x) {}')
    page.evaluate(f"query => {EDITOR}.setValue(query)", query)
    page.get_by_text("Link und Code zu dieser Abfrage").click()
    answers = []
    for language in ("curl", "Python"):
        page.get_by_label("Code in").select_option(language)
        code = page.locator("#code").inner_text()
        command = ["sh", "-c", code + " --silent --fail"] if language == "curl" else [sys.executable, "-c", code]
        if language == "curl":
            command[2] = code.rstrip() + " --silent --show-error --fail"
        run = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
        assert run.returncode == 0, run.stderr
        answers.append(run.stdout)
    rows = len(answers[0].strip().splitlines()) - 1
    assert answers[1].strip() == (answers[0].strip() if "CONSTRUCT" in query else f"{rows} rows")
    page.get_by_label("Code in").select_option("R")
    raw = re.search(r'query <- r"(-+)\((.*?)\)\1"\n', page.locator("#code").inner_text(), re.DOTALL)
    assert raw is not None
    assert raw[2] == query.strip()


def test_nothing_but_this_server_is_asked(visit: "Visit") -> None:
    """Neither what YASGUI has kept nor what an address says leads elsewhere: `visit` would complain of the request."""
    page = open_page(visit)
    write(page, "ASK {} ")
    page.goto(f"{visit.address}/about")  # a page that keeps nothing when one leaves it
    kept = page.evaluate("localStorage.lagebild_config")
    assert f"{visit.address}/sparql" in kept
    page.evaluate("kept => localStorage.lagebild_config = kept", kept.replace(visit.address, "http://127.0.0.1:9"))
    page.goto(f"{visit.address}/sparql?view=table#query=ASK%20%7B%7D&endpoint=http://127.0.0.1:9/sparql")
    page.get_by_role("button", name="Ausführen").click()
    expect(page.locator(f"{SHOWN} .boolean")).to_have_text("Ja")
    assert page.locator(".controlbar, .yasgui a[href*='triply'], .yasgui input[value^=http]").count() == 0


def test_keyboard_walk(visit: "Visit") -> None:
    page = open_page(visit)
    editor = page.get_by_label("Abfrage", exact=True)
    editor.focus()
    page.keyboard.press("Escape")  # which takes the focus nowhere
    expect(editor).to_be_focused()
    page.keyboard.press("Control+Enter")
    page.locator(".results-table tbody tr").first.wait_for()
    seen = []
    for _ in range(9):  # Tab leaves the editor
        page.keyboard.press("Tab")
        seen.append(page.evaluate("document.activeElement.id || document.activeElement.textContent.trim()"))
    assert seen == [
        *("Ausführen", "explain", "cite", "tidy", "Link und Code zu dieser Abfrage"),
        *("Tabelle", "Karte", "Netz", "Antwort"),  # what has nothing to draw is passed over
    ]
    page.get_by_role("button", name="Netz").focus()
    page.keyboard.press("Enter")
    page.locator(DRAWN["graph"]).first.wait_for()
    expect(page.get_by_role("button", name="Netz")).to_have_attribute("aria-pressed", "true")
    expect(page.get_by_role("button", name="Tabelle")).to_have_attribute("aria-pressed", "false")


def test_page_is_english_for_the_english(visit: "Visit") -> None:
    page = visit.open("/sparql?lang=en")
    page.locator("html[data-editor=ready]").wait_for(state="attached")
    page.get_by_role("button", name="Run").click()
    expect(page.locator(f"{SHOWN} .select_timeline")).to_have_text("Timeline")
    expect(page.locator(STATUS)).to_contain_text("rows")
    german = re.compile("Ausführen|Tabelle|Zeilen|Abbrechen|Einrücken|Vorschläge|Neuer|schließen|Antwort")
    assert not german.search(page.locator("main").inner_text().partition("Examples")[0])


def test_form_works_without_javascript(visit: "Visit") -> None:
    page = visit.open("/sparql", script=False, width=320)
    expect(page.locator("#find-example")).to_be_hidden()
    page.locator("textarea").fill("SELECT ?x WHERE { BIND(<http://localhost:8000/id/country/KP> AS ?x) }")
    page.get_by_role("button", name="Ausführen").click()
    expect(page.locator(".results-table td")).to_have_text("Nordkorea")
    assert page.evaluate(OVERFLOW) <= 0


def test_query_is_explained_by_keyboard(visit: "Visit") -> None:
    page = open_page(visit, f"{PREFIX}SELECT * WHERE {{ ?a a lb:Deployment . ?b a lb:Article }}")
    page.get_by_role("button", name="Erklären").focus()
    page.keyboard.press("Enter")
    rows = page.locator(".explanation tbody tr")
    expect(rows).to_have_count(2)
    expect(rows.first).to_contain_text("?a a lb:Deployment")
    expect(page.locator(".explanation .problem")).to_contain_text("keine Variable gemeinsam")
    expect(page.locator(".explanation")).to_contain_text("Grenzen: 5 s")


def test_permalink_is_made_and_keeps_the_answer(visit: "Visit") -> None:
    page = open_page(visit, "ASK {}")
    page.get_by_role("button", name="Dauerhafter Link").press("Enter")
    link = page.locator("#cited a")
    expect(page.locator("#cited")).to_contain_text("gilt bis")
    address = str(link.get_attribute("href"))
    assert re.fullmatch(r"http://localhost:8000/permalinks/[0-9a-f]{24}", address)
    kept = visit.open(address.removeprefix("http://localhost:8000"))
    expect(kept.locator("#results .boolean")).to_have_text("Ja")


def test_refusals_say_why_and_keep_the_query(visit: "Visit") -> None:
    page = open_page(visit)
    query = f"{PREFIX}ASK {{ ?x a lb:Deployment }}"
    page.evaluate(f"query => {EDITOR}.setValue(query)", query)
    for status, body, said in REFUSALS:
        answer_once(page, status, body)
        page.get_by_role("button", name="Ausführen").click()
        for words in said:
            expect(page.locator(f"{SHOWN} .problem")).to_contain_text(words)
        assert page.evaluate(VALUE) == query
    page.get_by_role("button", name="Ausführen").click()
    expect(page.locator(f"{SHOWN} .boolean")).to_have_text("Ja")
    visit.complaints.clear()  # the browser reports the refusals in its console, as it should


def answer_once(page: "Page", status: int, body: str) -> None:
    """Answer the next query in place of the server."""
    page.route("**/sparql", lambda route: route.fulfill(status=status, body=body), times=1)
