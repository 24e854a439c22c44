"""The site as people use it: every page type, in both schemes and three widths, with and without JavaScript."""

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import kg.web
from tests.page_set import PAGES

if TYPE_CHECKING:
    from tests.browser.conftest import Visit

pytestmark = pytest.mark.browser
expect = pytest.importorskip("playwright.sync_api", reason="playwright is not installed").expect

AXE = Path(kg.web.__file__).parent / "frontend" / "node_modules" / "axe-core" / "axe.min.js"
VARIANTS = {
    *("front, largest", "front, disputed", "events of a type", "events, none", "movements, no cell", "missions"),
    *("organizations", "a page beyond the last", "country in English", "search for a figure", "search, nothing asked"),
    *("hostile claim", "hostile event", "awkward place", "awkward claim 1", "awkward claim 2"),
}
"""Pages of a type that another one stands for where looking takes long."""
FOCUSABLE = """[...document.querySelectorAll("a[href], button, input, select, summary, [tabindex='0']")]
    .filter((element) => element.tabIndex >= 0 && element.checkVisibility())
    .map((element, place) => (element.dataset.order = String(place)))"""
SEEN = """(() => {
  const box = document.activeElement.getBoundingClientRect();
  return box.width > 1 && box.height > 1 && box.bottom > 0 && box.top < innerHeight;
})()"""
OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"

SQUEEZED = """[...document.querySelectorAll("th, td, dt, dd, p, h1, h2, h3, figcaption")]
    .filter((element) => element.checkVisibility() && !element.closest(".hidden, .matrix thead")) // that one is upright
    .filter((element) => element.textContent.trim().length > 8 && element.clientWidth < 40)
    .map((element) => element.textContent.trim())"""
"""Texts in boxes too narrow for a word."""
CROWDED = """[...document.querySelectorAll("svg.axis")].flatMap((axis) => {
  const numbers = [...axis.querySelectorAll("text")].filter((text) => text.checkVisibility());
  const boxes = numbers.map((text) => text.getBoundingClientRect());
  return boxes.slice(1).filter((box, place) => box.left < boxes[place].right).map(() => axis.textContent);
})"""
"""Axes whose numbers run into each other."""
SMALL = """[...document.querySelectorAll("a[href], button, summary, input, select")]
    .filter((element) => element.checkVisibility() && !element.closest(
      ".hidden, .skip, svg, p, dd, td, h1, h2, h3, blockquote, .filter, .cm-editor, .results-table"))
    .map((element) => [element, element.getBoundingClientRect()])
    .filter(([element, box]) => box.height < 23.5)
    .map(([element, box]) => `${element.textContent.trim()}: ${box.height}`)"""
"""Links and buttons that stand alone and are lower than 24 px, and so hard to hit with a thumb."""


def test_pages_fit_their_window(visit: "Visit") -> None:
    page = visit.open("/about")
    wrong = []
    for name, path in PAGES.items():
        page.goto(visit.address + path)
        headings = page.locator("h1").count()
        if headings != 1:
            wrong.append((name, "headings", headings))
        for width in (1280, 768, 320):
            page.set_viewport_size({"width": width, "height": 900})
            if page.evaluate(OVERFLOW) > 0:
                wrong.append((name, "wider than", width))
            for fault, script in (("squeezed", SQUEEZED), ("crowded", CROWDED), ("small", SMALL)):
                found = page.evaluate(script)
                wrong += [(name, f"{fault} at {width}", text) for text in found]
    assert wrong == []


@pytest.mark.skipif(not AXE.exists(), reason="axe-core is not installed: run make test")
def test_pages_are_accessible(visit: "Visit") -> None:
    page = visit.open("/about", policy=False)
    found = []
    for place, name in enumerate(sorted(PAGES.keys() - VARIANTS)):
        page.emulate_media(color_scheme="dark" if place % 2 else "light")
        page.goto(visit.address + PAGES[name])
        page.evaluate(AXE.read_text(encoding="utf-8"))
        result = page.evaluate("axe.run({resultTypes: ['violations']})")
        found += [(name, rule["id"], rule["nodes"][0]["html"][:200]) for rule in result["violations"]]
    assert found == []


def test_pages_work_without_javascript(visit: "Visit") -> None:
    page = visit.open("/about", width=320, script=False)
    for name, path in PAGES.items():
        page.goto(visit.address + path)
        assert page.locator("body").inner_text().strip(), name
        if name != "preview":
            assert page.locator("main").inner_text().strip(), name


@pytest.mark.parametrize("name", ["front", "events of a type", "country", "awkward event 1", "hostile article", "time"])
def test_keyboard_reaches_everything_in_order(visit: "Visit", name: str) -> None:
    page = visit.open(PAGES[name])
    expected, reached = page.evaluate(FOCUSABLE), list[str]()
    while len(reached) < len(expected):
        page.keyboard.press("Tab")
        order = page.evaluate("document.activeElement.dataset.order")
        if order not in reached[-1:]:  # a date has several stops of its own
            reached.append(order)
        assert page.evaluate(SEEN), f"{name}: what has the focus cannot be seen"
    assert reached == expected


def test_front_page_is_small_on_the_wire(visit: "Visit") -> None:
    page = visit.open("/")
    sizes = "performance.getEntries().map(entry => entry.transferSize ?? 0).reduce((sum, size) => sum + size)"
    assert 0 < page.evaluate(sizes) < 150_000


def test_from_the_search_to_the_sentence(visit: "Visit") -> None:
    page = visit.open("/")
    box = page.get_by_role("combobox", name="Suchen")
    box.fill("nordkorea")
    box.press("Enter")
    page.get_by_role("link", name="Nordkorea", exact=True).first.click()
    expect(page.locator("h1")).to_have_text("Nordkorea")
    quote_link = page.locator("blockquote a").first
    words = quote_link.inner_text()
    quote_link.click()
    page.wait_for_url("**/page/article/*#char=*")
    page.locator(":target").first.wait_for(state="attached")  # the address changes before the page is there
    assert words.strip("„“") in " ".join((page.locator("article.news").text_content() or "").split())


def test_what_is_typed_is_offered(visit: "Visit") -> None:
    page = visit.open("/", width=320)
    box, offers = page.get_by_role("combobox", name="Suchen"), page.get_by_role("listbox")
    expect(box).to_have_attribute("aria-expanded", "false")
    box.press_sequentially("nordk")
    expect(offers.get_by_role("option").first).to_contain_text("Nordkorea")
    expect(box).to_have_attribute("aria-expanded", "true")
    expect(page.locator(".search [role=status]")).to_contain_text("Vorschläge")
    box.press("ArrowUp")
    box.press("ArrowDown")  # round the end, back to the box
    assert box.get_attribute("aria-activedescendant") is None
    box.press("ArrowDown")
    active = page.locator(f"#{box.get_attribute('aria-activedescendant')}")
    expect(active).to_have_attribute("aria-selected", "true")
    assert page.evaluate(OVERFLOW) <= 0
    if AXE.exists():
        page.evaluate(AXE.read_text())
        assert [rule["id"] for rule in page.evaluate("axe.run('.site-header')")["violations"]] == []
    box.press("Escape")
    expect(offers).to_be_hidden()
    expect(box).to_have_value("nordk")
    box.press("ArrowDown")
    box.press("ArrowDown")
    box.press("Enter")
    expect(page.locator("h1")).to_have_text("Nordkorea")


def test_language_switch(visit: "Visit") -> None:
    page = visit.open("/page/country/KP")
    page.get_by_role("link", name="English").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page.locator("h1")).to_have_text("North Korea")
    page.get_by_role("link", name="Events", exact=True).click()
    page.wait_for_url("**/events*")
    expect(page.locator("html")).to_have_attribute("lang", "en")


def test_dark_scheme(visit: "Visit") -> None:
    colour = "getComputedStyle(document.documentElement).backgroundColor"
    assert visit.open("/").evaluate(colour) != visit.open("/", dark=True).evaluate(colour)


def test_skip_link_comes_first_by_keyboard(visit: "Visit") -> None:
    page = visit.open("/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "content"


def test_mention_tells_what_it_is_on_focus(visit: "Visit") -> None:
    page = visit.open("/page/article/13-nordkorea-kursk-2025")
    mention = page.locator("a.mention").first
    mention.focus()
    shown = mention.evaluate("element => getComputedStyle(element, '::after').content")
    assert shown.strip('"') == mention.get_attribute("data-tip")


@pytest.mark.parametrize("width", [320, 768])
@pytest.mark.parametrize("name", ["article", "awkward article"])
def test_what_a_mention_is_stays_on_the_page(visit: "Visit", name: str, width: int) -> None:
    page = visit.open(PAGES[name], width=width)
    for mention in page.locator("a.mention").all():
        mention.focus()
        assert page.evaluate(OVERFLOW) <= 0, mention.inner_text()


def test_lines_under_marked_words_are_as_wide_as_they_are(visit: "Visit") -> None:
    page = visit.open(PAGES["hostile claim"] + "?lang=en")
    part = page.locator("ruby.part.short", has_text="Mali").first
    word, name = (part.locator(each).evaluate("one => one.getBoundingClientRect().width") for each in ("span", "rt"))
    assert word < name


def test_claim_and_sentence_point_at_each_other(visit: "Visit") -> None:
    page = visit.open("/page/article/13-nordkorea-kursk-2025")
    assert "Truppenentsendung" in "".join(span.get_attribute("title") or "" for span in page.locator(".evidence").all())
    page.locator("#claim-1").hover()
    assert page.locator(".evidence.shown").count() > 0
    page.locator(".evidence").last.hover()
    assert page.locator(".claim-column li.shown").count() > 0
    assert page.locator("#claim-1.shown").count() == 0


def test_pointing_at_a_sentence_shows_its_claim_in_the_column(visit: "Visit") -> None:
    page = visit.open("/page/article/13-nordkorea-kursk-2025")
    page.locator(".claim-number").last.focus()
    shown = page.locator(".claim-column li.shown").last
    expect(shown).to_be_in_viewport()
    expect(shown.locator("details.why")).to_have_attribute("open", "")
    page.locator("#claim-1 summary").last.click()
    expect(page.locator("#claim-1 .commands")).to_contain_text("kg correct reject claim/")


@pytest.mark.skipif(not AXE.exists(), reason="axe-core is not installed: run make test")
@pytest.mark.parametrize("dark", [False, True])
def test_claims_side_by_side(visit: "Visit", dark: bool) -> None:
    page = visit.open("/?order=disputed", dark=dark, policy=False)
    page.locator(".event-name a").first.click()
    page.locator(".compared").first.wait_for()
    assert page.locator("ruby.part").count() > 0
    page.evaluate(AXE.read_text(encoding="utf-8"))
    assert [rule["id"] for rule in page.evaluate("axe.run()")["violations"]] == []
    for width in (1280, 768, 320):
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate(OVERFLOW) <= 0, width


def test_from_a_figure_to_the_deployment(visit: "Visit") -> None:
    page = visit.open("/", script=False)
    page.get_by_role("searchbox").fill("nordkorea 15000")
    page.get_by_role("searchbox").press("Enter")
    page.locator(".event-name a").first.click()
    expect(page.locator("h1")).to_contain_text("Nordkorea")
    assert "15.000" in page.locator(".compare").inner_text()
