"""The query page as people use it: YASGUI's tabs, completion, views, links, code, by keyboard, on a small screen."""

import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

import pytest

import kg.web

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.browser.conftest import Visit

STATIC = Path(kg.web.__file__).parent / "static" / "vendor"
AXE = Path(kg.web.__file__).parent / "frontend" / "node_modules" / "axe-core" / "axe.min.js"
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not (STATIC / "world.json").exists(), reason="the query editor is not built: run make test"),
]
expect = pytest.importorskip("playwright.sync_api", reason="playwright is not installed").expect

OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
SHOWN = ".tabPanel.active"
"""What is in the tab that is shown."""
EDITOR = f"document.querySelector('{SHOWN} .CodeMirror').CodeMirror"
VALUE = f"{EDITOR}.getValue()"
STATUS = f"{SHOWN} .yasr [role=status]"
PREFIX = "PREFIX lb: <https://w3id.org/lagebild/ontology#>\n"
MOVEMENTS = f"""{PREFIX}SELECT ?sender ?destination ?status ?begin (COUNT(?event) AS ?events) WHERE {{
  ?event a lb:Deployment ; lb:sender ?sender ; lb:destination ?destination ; lb:status ?status ; lb:begin ?begin .
}} GROUP BY ?sender ?destination ?status ?begin ORDER BY ?begin"""
DRAWN = {
    "table": ".results-table tbody tr",
    "chart": ".bars .stack > span",
    "map": ".map .place circle",
    "timeline": ".timeline .span",
    "graph": ".graph .node circle",
}
"""View to what it draws."""


def open_page(
    visit: "Visit", query: str = "", view: str = "", *, width: int = 1280, dark: bool = False, policy: bool = True
) -> "Page":
    address = "/sparql" + (f"?query={quote(query)}" if query else "") + (f"&view={view}" if view else "")
    page = visit.open(address, width=width, dark=dark, policy=policy)
    page.locator("html[data-editor=ready]").wait_for(state="attached")
    return page


def write(page: "Page", text: str) -> None:
    """Replace the query by typing."""
    page.get_by_label("Abfrage", exact=True).focus()
    page.keyboard.press("Control+a")
    page.keyboard.press("Delete")
    page.keyboard.type(text)


@pytest.mark.parametrize(
    ("typed", "offered", "completed"),
    [
        ("SELECT * WHERE { ?e a lb:Dep", "Truppenentsendung", "?e a lb:Deployment"),
        ("SELECT * WHERE { ?e a Truppenab", "Truppenabzug", "?e a lb:Withdrawal"),
        ("SELECT * WHERE { ?e Empf", "Empfänger", "?e lb:recipient"),
        ("SELECT * WHERE { ?e lb:sender ?x ; lb:dest", "Zielort", "; lb:destination"),
        ("SELECT * WHERE { ?e lb:status eingetr", "eingetreten", "lb:status lb:occurred"),
        ("SELECT * WHERE { ?e lb:sender nordk", "Nordkorea", "lb:sender <http://localhost:8000/id/country/KP>"),
        ("SELECT * WHERE { ?e ?p <http://localhost:8000/id/person/kim", "Kim Jong Un", "/id/person/kim-jong-un>"),
        ("PREFIX sche", "schema:", "PREFIX schema: <https://schema.org/>"),
        ("SELECT ?event WHERE { ?ev", "?event", "{ ?event"),
    ],
)
def test_completion_offers_our_terms_and_names(visit: "Visit", typed: str, offered: str, completed: str) -> None:
    page = open_page(visit)
    write(page, typed)
    hint = page.locator(".CodeMirror-hint").first
    expect(hint).to_contain_text(offered)
    page.keyboard.press("Enter")
    assert completed in page.evaluate(VALUE)


def test_completion_declares_the_prefix(visit: "Visit") -> None:
    page = open_page(visit)
    write(page, "SELECT * WHERE { ?e lb:sen")
    expect(page.locator(".CodeMirror-hint").first).to_contain_text("lb:sender")
    page.keyboard.press("Enter")
    assert page.evaluate(VALUE).startswith(PREFIX)


@pytest.mark.parametrize("typed", ["SELECT * WHERE { FILT", "SELECT * WHERE { ?s ?p ?o } # nordk", "SELECT nordk"])
def test_completion_keeps_out_of_the_way(visit: "Visit", typed: str) -> None:
    page = open_page(visit)
    write(page, typed)
    page.wait_for_load_state("networkidle")
    assert page.locator(".CodeMirror-hint").count() == 0


@pytest.mark.parametrize("view", DRAWN)
def test_view_draws_something_and_the_link_restores_it(visit: "Visit", view: str) -> None:
    page = open_page(visit)
    page.evaluate(f"{EDITOR}.setValue({MOVEMENTS!r})")
    page.get_by_role("button", name="Ausführen").click()
    page.locator(f"{SHOWN} .select_{view}").click()
    page.locator(DRAWN[view]).first.wait_for()
    drawn = page.locator(DRAWN[view]).count()
    again = visit.open(page.url.removeprefix(visit.address))
    again.locator(DRAWN[view]).first.wait_for()
    assert again.evaluate(VALUE) == MOVEMENTS
    expect(again.locator(DRAWN[view])).to_have_count(drawn)  # it is drawn again when names come


def test_map_joins_places_and_names_them(visit: "Visit") -> None:
    page = open_page(visit, MOVEMENTS, "map")
    page.locator(".map .way").first.wait_for()
    assert page.locator(".map .way title").first.text_content()
    assert page.locator(".map .land").get_attribute("d")
    expect(page.locator(".map a[href='/page/country/RU']")).to_have_attribute("aria-label", re.compile("Russland"))


def test_table_shows_names_sorts_filters_and_turns_pages(visit: "Visit") -> None:
    query = PREFIX + "SELECT ?claim ?type WHERE { ?claim lb:eventType ?type } ORDER BY ?claim"
    page = open_page(visit, query, "table")
    cells = page.locator(".results-table tbody td:nth-child(2)")
    page.locator(".results-table tbody tr").first.wait_for()
    assert page.locator(".results-table tbody tr").count() == 50
    page.locator(".results-table th button").last.click()
    assert page.locator(".results-table th").last.get_attribute("aria-sort") == "ascending"
    names = cells.all_inner_texts()
    assert names == sorted(names, key=lambda name: name.casefold().replace("ä", "a"))
    page.get_by_role("button", name="Weiter").click()
    expect(page.locator(".table-pager span")).to_contain_text("51–")
    page.get_by_label("Filtern").fill("truppenabzug")
    assert set(cells.all_inner_texts()) == {"Truppenabzug"}


def test_graph_answers_are_shown_too(visit: "Visit") -> None:
    query = "CONSTRUCT { ?a ?p ?b } WHERE { VALUES ?a { <http://localhost:8000/id/country/KP> } ?a ?p ?b }"
    page = open_page(visit, query, "graph")
    page.locator(".graph .node").first.wait_for()
    page.get_by_role("button", name="Tabelle").click()
    expect(page.locator(".results-table tbody")).to_contain_text("Nordkorea")
    expect(page.locator(".downloads")).to_contain_text("TTL")


def test_yes_no_answers(visit: "Visit") -> None:
    page = open_page(visit, PREFIX + "ASK { ?x a lb:Deployment }")
    expect(page.locator(f"{SHOWN} .boolean")).to_have_text("Ja")


def test_errors_say_what_to_do(visit: "Visit") -> None:
    page = open_page(visit)
    write(page, "SELECT * WHERE ? ")
    expect(page.locator("#syntax")).to_contain_text("Zeile 1")
    page.get_by_role("button", name="Ausführen").click()
    expect(page.locator(f"{SHOWN} .problem")).to_contain_text("Das ist kein SPARQL")
    visit.complaints.clear()  # the browser reports the refusal in its console, as it should


def test_running_query_can_be_stopped(visit: "Visit") -> None:
    page = open_page(visit)
    write(page, "SELECT (COUNT(*) AS ?n) WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }")
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


def test_examples_are_found_and_shown_in_a_tab_and_their_view(visit: "Visit") -> None:
    page = open_page(visit)
    page.get_by_label("Beispiele durchsuchen").fill("karte truppen")
    shown = page.locator("#examples-list li:visible a")
    expect(shown).to_have_count(1)
    title = shown.inner_text()
    shown.click()
    page.locator(DRAWN["map"]).first.wait_for()
    assert "view=map" in page.url
    tabs = page.get_by_role("tab")
    expect(tabs).to_have_text([re.compile("^Abfrage"), re.compile(f"^{re.escape(title)}")])
    tabs.first.click()
    assert page.url.endswith("/sparql")  # nothing is asked there yet
    shown.click()  # it has a tab already
    expect(tabs).to_have_count(2)
    assert "view=map" in page.url


def test_tabs_and_drafts_are_kept_until_all_are_closed(visit: "Visit") -> None:
    page = open_page(visit)
    write(page, "ASK { ?draft ?of ?mine } ")
    page.reload()
    page.locator("html[data-editor=ready]").wait_for(state="attached")
    assert page.evaluate(VALUE) == "ASK { ?draft ?of ?mine } "
    page.goto(f"{visit.address}/sparql?query={quote('ASK {}')}&view=chart")  # a link opens in a tab of its own
    expect(page.locator(f"{SHOWN} .boolean")).to_have_text("Ja")
    expect(page.get_by_role("tab")).to_have_count(2)
    page.reload()
    expect(page.locator(f"{SHOWN} .boolean")).to_have_text("Ja")
    expect(page.get_by_role("tab")).to_have_count(2)  # the same link, the same tab
    kept = "JSON.stringify(localStorage)"
    assert "?mine" in page.evaluate(kept)
    page.get_by_role("button", name="Alle schließen").click()
    expect(page.get_by_role("tab")).to_have_count(1)
    assert "?mine" not in page.evaluate(kept)
    assert "ASK" not in page.evaluate(kept)


def test_tabs_by_keyboard(visit: "Visit") -> None:
    page = open_page(visit)
    page.get_by_role("button", name="Neuer Tab").press("Enter")
    tabs = page.get_by_role("tab")
    expect(tabs.last).to_have_attribute("aria-selected", "true")
    tabs.last.focus()
    for key in ("ArrowRight", "Enter"):
        page.keyboard.press(key)
    expect(tabs.first).to_have_attribute("aria-selected", "true")
    page.keyboard.press("F2")
    page.keyboard.press("Control+a")
    page.keyboard.type("Meine")
    for key in ("ArrowLeft", "Delete", "Enter"):  # within a name they do not go elsewhere, nor close anything
        page.keyboard.press(key)
    expect(tabs).to_have_text([re.compile("^Mein✖"), re.compile("^Abfrage 1")])
    page.keyboard.press("Delete")
    page.keyboard.press("Delete")
    expect(tabs).to_have_text([re.compile("^Abfrage✖")])  # there is always one
    assert page.evaluate("document.activeElement.getAttribute('role')") == "tab"


def test_menu_of_a_tab_speaks_the_language_of_the_page(visit: "Visit") -> None:
    page = open_page(visit)
    page.get_by_role("tab").click(button="right")
    expect(page.locator(".context-menu-item")).to_have_text(
        ["Neuer Tab", "Umbenennen", "Kopieren", "Schließen", "Andere schließen", "Wieder öffnen"]
    )
    page.get_by_text("Kopieren", exact=True).click()
    expect(page.get_by_role("tab")).to_have_count(2)


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


def test_literals_are_shown_as_they_are(visit: "Visit") -> None:
    query = 'SELECT ("{{n}} is not {{ x }}" AS ?text) (1 AS ?n) {}'
    page = open_page(visit, query)
    expect(page.locator(".results-table tbody td").first).to_have_text("{{n}} is not {{ x }}")
    page.get_by_role("button", name="Antwort").click()
    expect(page.locator(".response")).to_contain_text('"{{n}} is not {{ x }}"')


def test_view_without_anything_to_draw_says_so(visit: "Visit") -> None:
    page = open_page(visit, 'SELECT ("x" AS ?x) {}', "map")
    expect(page.locator(".yasr_fallback_info")).to_contain_text("Für die Ansicht „Karte“ ist in dieser Antwort nichts")
    expect(page.locator(".results-table tbody td")).to_have_text("x")
    expect(page.get_by_role("button", name="Tabelle")).to_have_attribute("aria-pressed", "true")


def test_keyboard_walk(visit: "Visit") -> None:
    page = open_page(visit)
    page.get_by_label("Abfrage", exact=True).focus()
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


@pytest.mark.parametrize("view", DRAWN)
@pytest.mark.parametrize("dark", [False, True])
def test_views_fit_a_small_screen(visit: "Visit", view: str, dark: bool) -> None:
    page = open_page(visit, MOVEMENTS, view, width=320, dark=dark)
    page.locator(DRAWN[view]).first.wait_for()
    assert page.evaluate(OVERFLOW) <= 0
    editor = page.locator(f"{SHOWN} .CodeMirror").bounding_box()
    button = page.locator("#tools button").first.bounding_box()
    assert editor is not None
    assert button is not None
    assert button["y"] >= editor["y"] + editor["height"]  # nothing covers the query


@pytest.mark.skipif(not AXE.exists(), reason="axe-core is not installed: run make test")
@pytest.mark.parametrize("view", DRAWN)
def test_views_are_accessible(visit: "Visit", view: str) -> None:
    page = open_page(visit, MOVEMENTS, view, dark=view in {"map", "table"}, policy=False)
    page.locator(DRAWN[view]).first.wait_for()
    page.get_by_text("Link und Code zu dieser Abfrage").click()
    page.get_by_role("button", name="Neuer Tab").click()
    page.get_by_role("tab").first.click()
    page.locator(DRAWN[view]).first.wait_for()
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate("axe.run()")
    assert [(rule["id"], rule["nodes"][0]["html"][:200]) for rule in found["violations"]] == []


def test_page_is_english_for_the_english(visit: "Visit") -> None:
    page = visit.open("/sparql?lang=en")
    page.locator("html[data-editor=ready]").wait_for(state="attached")
    page.get_by_role("button", name="Run").click()
    expect(page.locator(f"{SHOWN} .select_timeline")).to_have_text("Timeline")
    expect(page.locator(STATUS)).to_contain_text("rows")
    german = re.compile("Ausführen|Tabelle|Zeilen|Abbrechen|Einrücken|Vorschläge|Neuer|schließen|Antwort")
    assert not german.search(page.locator("main").inner_text().partition("Examples")[0])


@pytest.mark.parametrize("view", DRAWN)
def test_hostile_names_are_inert(visit: "Visit", view: str) -> None:
    hostile = "<http://localhost:8000/id/person/hostile>"
    query = f"SELECT ?x ?p ?y (1 AS ?n) (NOW() AS ?t) WHERE {{ BIND({hostile} AS ?x) ?x ?p ?y }}"
    page = open_page(visit, query, view)
    page.locator(f".view-{view}").wait_for()
    page.wait_for_load_state("networkidle")
    assert page.locator("img[src=x]").count() == 0


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
    expect(page.locator(".explanation")).to_contain_text("Grenzen: 5 Sekunden")


def test_permalink_is_made_and_keeps_the_answer(visit: "Visit") -> None:
    page = open_page(visit, "ASK {}")
    page.get_by_role("button", name="Dauerhafter Link").press("Enter")
    link = page.locator("#cited a")
    expect(page.locator("#cited")).to_contain_text("gilt bis")
    address = str(link.get_attribute("href"))
    assert re.fullmatch(r"http://localhost:8000/permalinks/[0-9a-f]{24}", address)
    kept = visit.open(address.removeprefix("http://localhost:8000"))
    expect(kept.locator("#results .boolean")).to_have_text("Ja")
