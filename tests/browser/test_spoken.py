"""What a screen reader says of the pages, by one that speaks into a list."""

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import kg.web
from tests.page_set import PAGES

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.browser.conftest import Visit

READER = (
    Path(kg.web.__file__).parent
    / "frontend/node_modules/@guidepup/virtual-screen-reader/lib/esm/index.browser.js"
)  # fmt: skip
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not READER.exists(), reason="the screen reader is not installed: run make test"),
]

READ_ALOUD = """async (code) => {
  const { virtual } = await import(`data:text/javascript,${encodeURIComponent(code)}`);
  await virtual.start({ container: document.body });
  for (let step = 0; step < 600; step++) {
    if ((await virtual.lastSpokenPhrase()) === "end of document") break;
    await virtual.next();
  }
  const phrases = await virtual.spokenPhraseLog();
  await virtual.stop();
  return phrases;
}"""
"""Goes through a page from its beginning, by as many steps as a reader would have the patience for."""
NAMELESS = re.compile(
    r"(?:link|button|combobox|searchbox|textbox|checkbox|image|form|heading)"
    r"(?:, (?:(?:not )?(?:expanded|selected|checked)|has popup \w+|level \d|autocomplete [\w ]+|\d+ controls?))*"
)
"""What is said of a control that has no name: its kind, and perhaps its state."""


def read_aloud(page: "Page") -> list[str]:
    """Return what a screen reader says of a page, phrase by phrase."""
    return [" ".join(phrase.split()) for phrase in page.evaluate(READ_ALOUD, READER.read_text(encoding="utf-8"))]


@pytest.mark.parametrize("name", ["front", "country", "country in English", "article", "awkward event 1", "events"])
def test_all_that_can_be_used_has_a_name(visit: "Visit", name: str) -> None:
    spoken = read_aloud(visit.open(PAGES[name], policy=False))
    assert {"main", "banner"} <= set(spoken)
    assert [phrase for phrase in spoken if NAMELESS.fullmatch(phrase)] == []


def test_a_claim_is_spoken_with_bounds_standing_source_and_sentence(visit: "Visit") -> None:
    spoken = iter(read_aloud(visit.open(PAGES["search for a figure"], policy=False)))
    wanted = ["Truppenentsendung", "heading, Nordkorea → Russland, level 3", "25.000–30.000", "möglich", "link, CNN"]
    assert [phrase for phrase in wanted if phrase in spoken] == wanted  # in this order: `in` reads on


def test_sentence_leads_to_its_place_in_the_article(visit: "Visit") -> None:
    spoken = read_aloud(visit.open(PAGES["search for a figure"], policy=False))
    links = [
        phrase
        for phrase in spoken
        if "Nordkorea könnte in den kommenden Monaten" in phrase and phrase.startswith("link")
    ]
    assert links
    assert all(link.endswith(", Zum Satz im Artikel") for link in links)
