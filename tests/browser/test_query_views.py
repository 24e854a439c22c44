"""The views of an answer on the query page: table, chart, map, timeline, graph and response."""

import re
from typing import TYPE_CHECKING
from urllib.parse import quote

import pytest

from tests.browser.query_page import AXE, DRAWN, EDITOR, MARKS, MOVEMENTS, OVERFLOW, PREFIX, SHOWN, VALUE, open_page

if TYPE_CHECKING:
    from tests.browser.conftest import Visit

pytestmark = MARKS
expect = pytest.importorskip("playwright.sync_api", reason="playwright is not installed").expect


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


@pytest.mark.parametrize("width", [320, 1000, 1440])
def test_table_has_the_width_of_the_page_below_the_examples(visit: "Visit", width: int) -> None:
    page = visit.open(f"/sparql?query={quote(MOVEMENTS)}", width=width)
    page.locator(DRAWN["table"]).first.wait_for()
    main, table, examples = (
        page.locator(part).bounding_box() for part in ("main", f"{SHOWN} .view-table .scroll", "aside")
    )
    assert main
    assert table
    assert examples
    assert table["width"] > main["width"] - 70  # its padding
    assert width < 1000 or examples["y"] + examples["height"] <= table["y"]


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


def test_what_has_no_label_has_a_name(visit: "Visit") -> None:
    """A claim is shown as its sentence, a passage as its words, an item elsewhere by what it is here."""
    query = f"""{PREFIX}PREFIX owl: <http://www.w3.org/2002/07/owl#>
    PREFIX nif: <http://persistence.uni-leipzig.org/nlp2rdf/ontologies/nif-core#>
    PREFIX prov: <http://www.w3.org/ns/prov#>
    SELECT ?claim ?passage ?item WHERE {{
      ?claim lb:trigger ?passage ; lb:sender ?sender ; prov:wasDerivedFrom ?article . ?sender owl:sameAs ?item .
      ?passage nif:anchorOf ?words .
      FILTER(STR(?words) = "Mit" && STRENDS(STR(?article), "/04-aspides-hessen"))
    }}"""
    page = open_page(visit, query)
    cells = page.locator(f"{SHOWN} .results-table tbody td a")
    expect(cells).to_have_text([re.compile("^Mit der „Hessen“ .*EU-Mission"), "Mit", "Deutschland (Q183)"])
    page.get_by_role("button", name="Netz").click()
    expect(page.locator(f"{SHOWN} .graph .node title").first).to_contain_text(re.compile("„Hessen“|Mit|Q183"))


def test_graph_answers_are_shown_too(visit: "Visit") -> None:
    query = "CONSTRUCT { ?a ?p ?b } WHERE { VALUES ?a { <http://localhost:8000/id/country/KP> } ?a ?p ?b }"
    page = open_page(visit, query, "graph")
    page.locator(".graph .node").first.wait_for()
    page.get_by_role("button", name="Tabelle").click()
    expect(page.locator(".results-table tbody")).to_contain_text("Nordkorea")
    expect(page.locator(".downloads")).to_contain_text("TTL")


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


@pytest.mark.parametrize("view", DRAWN)
def test_hostile_names_are_inert(visit: "Visit", view: str) -> None:
    hostile = "<http://localhost:8000/id/person/hostile>"
    query = f"SELECT ?x ?p ?y (1 AS ?n) (NOW() AS ?t) WHERE {{ BIND({hostile} AS ?x) ?x ?p ?y }}"
    page = open_page(visit, query, view)
    page.locator(f".view-{view}").wait_for()
    page.wait_for_load_state("networkidle")
    assert page.locator("img[src=x]").count() == 0
