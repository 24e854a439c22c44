"""The map and the matrix of movements."""

import json
import re
from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient

from kg.web.context import Names
from kg.web.outlines import OUTLINES
from kg.web.worldmap import HEIGHT, WIDTH, Way, draw, project
from tests.gold import BASE

PAGE = {"Accept": "text/html"}
PLACES = {"KP": (39.03, 125.75), "RU": (55.75, 37.62), "UA": (50.45, 30.52)}


def way(start: str, goal: str, weight: int = 1, status: str = "occurred") -> Way:
    return Way(start, goal, status, weight, f"{start} → {goal}")


def get(client: FlaskClient, path: str) -> str:
    response = client.get(path, headers=PAGE)
    assert response.status_code == 200
    return response.text


def test_projection_is_equal_earth() -> None:
    assert project(0, 0) == pytest.approx((500, 243.36), abs=0.01)
    assert project(0, 180)[0] == pytest.approx(WIDTH)
    assert project(90, 0)[1] == pytest.approx(0)
    north, south = project(40, 10), project(-40, 10)
    assert north[0] == pytest.approx(south[0])
    assert north[1] + south[1] == pytest.approx(2 * project(0, 0)[1])


@pytest.mark.skipif(not OUTLINES.exists(), reason="the outlines are not built: run make test")
def test_outlines_are_in_the_same_projection() -> None:
    outlines = json.loads(OUTLINES.read_text(encoding="utf-8"))
    assert (outlines["width"], outlines["height"]) == (WIDTH, HEIGHT)
    assert outlines["equator"] == pytest.approx(project(0, 0)[1])
    assert project(0, 90)[0] - 500 == pytest.approx(250)
    assert re.fullmatch(r"(?:M\d+,\d+l[-\d ]+z)+", outlines["land"])


def test_arcs_lead_from_place_to_place() -> None:
    drawn = draw([way("KP", "RU", 3), way("RU", "KP")], PLACES, {"KP": "Nordkorea", "RU": "Russland"})
    assert drawn is not None
    there, back = drawn.arcs
    x, y = project(*PLACES["KP"])
    assert there.line.startswith(f"M{x:.1f},{y:.1f}Q")
    assert back.head.startswith(f"{x:.1f},{y:.1f} ")
    assert there.width > back.width
    assert {dot.label for dot in drawn.dots} == {"Nordkorea", "Russland"}


@pytest.mark.parametrize(("macro", "given"), [("world", ["label"]), ("places", [])])
def test_german_names_on_an_english_map_are_marked(site_app: Flask, macro: str, given: list[str]) -> None:
    name = Names({"KP": {"de": "Nordkorea", "en": "North Korea"}, "UA": {"de": "Basis al-Tanf"}}, "en")
    drawn = draw([way("KP", "UA")], PLACES, {iri: name(iri) for iri in PLACES})
    with site_app.test_request_context("/"):
        macros = site_app.jinja_env.get_template("worldmap.html").module
        html = getattr(macros, macro)(drawn, *given, name)
    marked = re.findall(r'class="place"([^>]*)><title>([^<]*)', html)
    assert {called: 'lang="de"' in rest for rest, called in marked} == {
        "North Korea": False,
        "Basis al-Tanf": True,
    }


def test_ways_with_equally_many_events_come_by_their_figures(client: FlaskClient) -> None:
    listed = get(client, "/").partition('<table class="routes ways">')[2].partition("</table>")[0]
    found = re.findall(r"<td title=[^>]*>(\d+).*?</td>\s*<td>(.*?)</td>", listed, re.DOTALL)
    ways = [(int(events), int(re.sub(r"<[^>]*>|\D", "", figure) or 0)) for events, figure in found]
    assert len(set(ways)) > 2
    assert ways == sorted(ways, reverse=True)


def test_bars_are_as_long_as_their_numbers(client: FlaskClient) -> None:
    listed = get(client, "/").partition('<ul class="type-list">')[2].partition("</ul>")[0]
    found = re.findall(r'<span class="count">(\d+)</span>(.*?)</svg>', listed, re.DOTALL)
    lengths = {int(count): sum(map(float, re.findall(r'width="([\d.]+)" height="4"', bar))) for count, bar in found}
    assert len(lengths) > 3
    assert lengths == {count: pytest.approx(100 * count / max(lengths)) for count in lengths}


def test_names_keep_clear_of_each_other_and_of_places() -> None:
    places = {"a": (50.0, 10.0), "b": (50.0, 12.0), "c": (50.0, 40.0), **{f"far{n}": (0.0, 20.0 * n) for n in range(3)}}
    names = {iri: f"Ort mit langem Namen {iri}" for iri in places}
    drawn = draw([way("far0", "far1", 9), way("far2", "c", 8), way("a", "b")], places, names)
    assert drawn is not None
    near = next(dot for dot in drawn.dots if dot.iri == "a")
    assert near.anchor == "end"  # to the right of it lies b
    assert any(dot.chief for dot in drawn.dots)
    assert not all(dot.chief for dot in drawn.dots)  # in large letters they would cover each other


def test_two_standings_of_one_way_do_not_cover_each_other() -> None:
    drawn = draw([way("KP", "RU"), way("KP", "RU", status="denied")], PLACES, {"KP": "", "RU": ""})
    assert drawn is not None
    assert len({arc.line for arc in drawn.arcs}) == 2


def test_the_section_shows_all_places_in_the_proportions_of_the_map() -> None:
    for ways in ([way("RU", "UA")], [way("KP", "UA"), way("RU", "UA")]):
        drawn = draw(ways, PLACES, dict.fromkeys(PLACES, "x"))
        assert drawn is not None
        left, top, width, height = map(float, drawn.view_box.split())
        assert width / height == pytest.approx(WIDTH / HEIGHT, rel=0.02)
        assert all(left < dot.x < left + width and top < dot.y < top + height for dot in drawn.dots)


def test_nothing_is_drawn_without_places() -> None:
    assert draw([way("KP", "nowhere")], PLACES, {}) is None
    assert draw([], {}, {}) is None


def test_a_country_that_moves_its_own_forces_is_a_dot() -> None:
    drawn = draw([way("RU", "RU")], PLACES, {"RU": "Russland"})
    assert drawn is not None
    assert (len(drawn.arcs), len(drawn.dots)) == (0, 1)


@pytest.mark.parametrize("path", ["/", "/movements"])
def test_page_has_the_map_and_says_the_same_in_a_table(client: FlaskClient, path: str) -> None:
    text = unescape(get(client, path))
    ways = re.findall(r"<title>(Nordkorea → Russland, [^<]+): (\d+)</title>", text)
    assert ways
    assert re.search(r'href="/movements\?from=country/[A-Z]{2}&to=country/[A-Z]{2}"', text)


def test_front_page_is_small(client: FlaskClient) -> None:
    assert len(client.get("/", headers=PAGE).data) < 150_000


def test_a_cell_leads_to_its_events(client: FlaskClient) -> None:
    text = get(client, "/movements?from=country/KP&to=country/RU")
    events = re.findall(r'class="event-name"><a href="(/page/event/\w+)"', text)
    assert events
    assert re.search(rf'from=country/KP&amp;to=country/RU" title="[^"]+">{len(events)}</a>', text)
    rows = client.post(
        "/sparql",
        data={
            "query": f"""PREFIX lb: <https://w3id.org/lagebild/ontology#>
            SELECT DISTINCT ?event WHERE {{
              ?event a lb:Deployment ; lb:sender <{BASE}id/country/KP> ; lb:destination <{BASE}id/country/RU> }}"""
        },
    ).json
    assert rows is not None
    named = {row["event"]["value"].removeprefix(f"{BASE}id/") for row in rows["results"]["bindings"]}
    assert named <= {event.removeprefix("/page/") for event in events}


@pytest.mark.parametrize("query", ["from=x", "from=country/KP&to=", "from=%3E%3Cscript%3E&to=%00", "to=country/KP"])
def test_a_cell_that_is_none_is_empty(client: FlaskClient, query: str) -> None:
    text = get(client, f"/movements?{query}")
    assert "event-name" not in text
    assert "<script>" not in text
