"""The page of an event: its claims side by side, figures on one axis, differences, parts of sentences."""

import re
from dataclasses import replace

import pytest
from flask.testing import FlaskClient

from kg.web.differences import find_differences, gather_figures
from kg.web.records import Article, Claim, Figure, Span
from kg.web.scales import make_scale
from kg.web.sentences import Mention, Word, mark
from kg.web.wording import word_units
from tests.pages import get, path_of, select

KOREA, RUSSIA = "http://localhost:8000/id/country/KP", "http://localhost:8000/id/country/RU"
SENTENCE = "Nordkorea schickt 2024 bis zu 10.000 Soldaten nach Russland."
CLAIM = Claim(
    iri="http://localhost:8000/id/claim/1",
    type="Deployment",
    status="occurred",
    roles={"sender": (KOREA,), "destination": (RUSSIA,)},
    figures=(Figure("personnel", None, 10_000, "upTo", "bis zu 10.000 Soldaten"),),
    begin="2024-01-01",
    end="2024-12-31",
    event="http://localhost:8000/id/event/1",
    article=Article("http://localhost:8000/id/article/a", "Titel", "2024-11-01", ""),
    evidence=(Span("http://localhost:8000/id/article/a#char=100,160", 100, 160, SENTENCE),),
    trigger=(Span("http://localhost:8000/id/article/a#char=110,117", 110, 117, "schickt"),),
    sources=(),
    source_text="",
    relayed_by=(),
    units=(),
    items=(),
    time_text="2024",
    confidence="0.9",
    reasons=(),
    corrections=(),
    revises="",
    stands=True,
)


def claim(number: int, low: int | None, high: int | None) -> Claim:
    figures = (Figure("personnel", low, high, "exactly", ""),)
    return replace(CLAIM, iri=f"{CLAIM.iri}{number}", figures=figures)


def test_figures_stand_with_the_standing_of_their_claims() -> None:
    done, also = claim(1, 15_000, 15_000), replace(claim(2, 15_000, 15_000), figures=claim(1, 15_000, 15_000).figures)
    planned = replace(claim(3, 25_000, 30_000), status="planned")
    open_ = replace(CLAIM, iri=f"{CLAIM.iri}4", status="possible", figures=())
    found = gather_figures([planned, open_, done, also])
    assert list(found.items()) == [
        ("occurred", [done.figures[0]]),
        ("planned", [planned.figures[0]]),
        ("possible", []),
    ]


def test_head_of_an_event_tells_what_has_happened_from_what_has_not(client: FlaskClient) -> None:
    wanted = f"?c lb:about ?x ; lb:sender <{KOREA}> ; lb:destination <{RUSSIA}> ; lb:status lb:occurred"
    (event,) = select(client, f"SELECT DISTINCT ?x {{ {wanted} ; lb:personnelMin 15000 }}")
    head = get(client, path_of(event)).partition('class="by-standing"')[2].partition("</ul>")[0]
    told = [re.sub(r"<[^>]*>", "", line).split() for line in head.split("<li>")[1:]]
    assert told == [["eingetreten", "rund", "15.000"], ["möglich", "25.000–30.000"]]


def test_units_that_the_figure_names_are_not_named_again() -> None:
    figures = (Figure("personnel", 1_000, 1_000, "exactly", "1.000 Pioniere zur Minenräumung"),)
    claim = replace(CLAIM, figures=figures, units=("Pioniere", "Bataillon"))
    assert word_units(claim) == ["Bataillon"]
    assert word_units(replace(CLAIM, figures=(), units=("Pioniere",))) == ["Pioniere"]


@pytest.mark.parametrize(
    ("numbers", "ends"),
    [
        ([(8_000, 12_000)], (5_000, 20_000)),
        ([(3, None), (None, 100_000)], (2, 100_000)),
        ([(1_000, 1_000)], (1_000, 2_000)),
        ([(0, 0)], (1, 2)),
    ],
)
def test_axis_holds_all_numbers(numbers: list[tuple[int | None, int | None]], ends: tuple[int, int]) -> None:
    scale = make_scale(claim(place, *pair) for place, pair in enumerate(numbers))
    assert scale
    assert (scale.low, scale.high) == ends
    assert 1 <= len(scale.ticks) <= 4
    places = [scale.place(number) for pair in numbers for number in pair if number is not None]
    assert all(0 < place < 100 for place in places)


def test_no_axis_without_a_number() -> None:
    assert make_scale([claim(1, None, None)]) is None
    assert make_scale([CLAIM], "quantity") is None


def test_open_ends_reach_the_edge() -> None:
    scale = make_scale([claim(1, 100, 1_000)])
    assert scale
    at_least, up_to, dot = (
        scale.bar(Figure("personnel", low, high, "", "")) for low, high in ((100, None), (None, 1_000), (500, 500))
    )
    assert (at_least.end, at_least.opens_right, at_least.opens_left) == (100, True, False)
    assert (up_to.begin, up_to.opens_left, up_to.opens_right) == (0, True, False)
    assert dot.is_dot


def test_differences_from_what_most_say() -> None:
    same = [claim(1, 100, 100), claim(2, 100, 100)]
    odd = replace(claim(3, 300, 300), status="denied", begin="", end="", roles={"sender": (RUSSIA,)})
    found = find_differences([*same, odd])
    assert [found[each.iri] for each in same] == [set(), set()]
    assert found[odd.iri] == {"personnel", "status", "sender"}


def test_of_two_that_contradict_each_other_both_differ() -> None:
    found = find_differences([claim(1, 100, 100), claim(2, 200, 200)])
    assert list(found.values()) == [{"personnel"}, {"personnel"}]


def test_words_are_marked_by_their_part() -> None:
    mentions = [(100, 109, KOREA), (151, 159, RUSSIA), (151, 159, "http://localhost:8000/id/place/elsewhere")]
    words = mark(CLAIM.evidence[0], CLAIM, [Mention(*each) for each in mentions])
    assert "".join(word.text for word in words) == SENTENCE
    assert [word for word in words if word.part] == [
        Word("Nordkorea", "sender"),
        Word("schickt", "trigger"),
        Word("2024", "time"),
        Word("bis zu 10.000 Soldaten", "personnel"),
        Word("Russland", "destination"),
    ]


def test_event_page_compares_claims(client: FlaskClient) -> None:
    denied = "?claim lb:about ?x ; lb:status lb:denied . ?x lb:personnelMin ?n ; lb:claimCount ?c FILTER(?c > 2)"
    text = get(client, path_of(select(client, f"SELECT ?x {{ {denied} }} ORDER BY ?x LIMIT 1")[0]))
    for part in ('class="differs"', '<svg class="interval', '<svg class="axis', "<ruby ", "/sparql?query="):
        assert part in text, part
