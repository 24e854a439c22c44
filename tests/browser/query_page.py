"""What the tests of the query page have in common: opening it, writing a query, and where on it what is."""

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
MARKS = [
    pytest.mark.browser,
    pytest.mark.skipif(not (STATIC / "world.json").exists(), reason="the query editor is not built: run make test"),
]
"""For each module of these tests."""

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
    """Open the page, with a query that is asked at once if there is one, and wait for its editor."""
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
