"""The query page's tabs, as YASGUI keeps them, and the examples that open in them."""

import re
from typing import TYPE_CHECKING
from urllib.parse import quote

import pytest

from tests.browser.query_page import DRAWN, MARKS, SHOWN, VALUE, open_page, write

if TYPE_CHECKING:
    from tests.browser.conftest import Visit

pytestmark = MARKS
expect = pytest.importorskip("playwright.sync_api", reason="playwright is not installed").expect


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


def test_menu_of_a_tab_by_keyboard(visit: "Visit") -> None:
    page = open_page(visit)
    tabs = page.get_by_role("tab")
    tabs.focus()
    page.keyboard.press("Shift+F10")
    expect(page.get_by_role("menuitem", name="Neuer Tab")).to_be_focused()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Escape")
    expect(page.get_by_role("menu")).to_have_count(0)
    expect(tabs).to_be_focused()
    page.keyboard.press("Shift+F10")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.keyboard.type("Meine")
    page.keyboard.press("Enter")
    expect(tabs).to_have_text([re.compile("^Meine✖")])
    expect(tabs).to_be_focused()
