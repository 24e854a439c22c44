"""One trigger, several figures: which country sends how many."""

from dataclasses import replace

import pytest

from kg.model import Claim, Reason, Span
from kg.reading import Reading
from kg.shares import split_by_figures
from tests.readings import happening, read

NAMES = {
    "Australien": "country/AU", "Neuseeland": "country/NZ", "Fidschi": "country/FJ", "Honiara": "place/honiara",
    "Paris": "country/FR", "Estland": "country/EE", "Lettland": "country/LV", "Polen": "country/PL",
}  # fmt: skip


def shares(
    text: str, word: str, role: str, *keys: str, pos: str = "", type_: str = "Deployment"
) -> list[tuple[str, ...]]:
    """Return who of `keys` has which bounds after the split, in text order of the claims."""
    reading: Reading = read(text, {name: key for name, key in NAMES.items() if name in text}, pos=pos)
    figure = reading.figures[0]
    claim = Claim("Deployment", "occurred", Span(0, 1), Span(0, len(text)), {role: keys}, figure)
    found = split_by_figures(reading, happening(reading, "Deployment", word).token, claim)
    return [(*c.roles[role], str((c.personnel.min, c.personnel.max)) if c.personnel else "-") for c in found]


def test_each_sender_has_the_figure_behind_it() -> None:
    text = "Australien verlegt 350, Neuseeland 60 und Fidschi 80 Polizisten nach Honiara."
    pos = "PROPN VERB NUM PUNCT PROPN NUM CCONJ PROPN NUM NOUN ADP PROPN PUNCT"
    found = shares(text, "verlegt", "sender", "country/AU", "country/FJ", "country/NZ", pos=pos)
    assert found == [("country/AU", "(350, 350)"), ("country/FJ", "(80, 80)"), ("country/NZ", "(60, 60)")]


def test_who_has_a_figure_as_a_sender_has_is_one_too() -> None:
    text = "Australien verlegt 350, Neuseeland 60 und Fidschi 80 Polizisten nach Honiara."
    pos = "PROPN VERB NUM PUNCT PROPN NUM CCONJ PROPN NUM NOUN ADP PROPN PUNCT"
    found = shares(text, "verlegt", "sender", "country/AU", pos=pos)
    assert found == [("country/AU", "(350, 350)"), ("country/FJ", "(80, 80)"), ("country/NZ", "(60, 60)")]


@pytest.mark.parametrize(
    ("text", "pos", "expected"),
    [
        (
            "Australien will gut 1000 Mann entsenden, Fidschi 500.",
            "PROPN AUX ADV NUM NOUN VERB PUNCT PROPN NUM PUNCT",
            [("country/AU", "(1000, 1000)"), ("country/FJ", "(500, 500)")],
        ),
        (
            "Australien will ein Bataillon entsenden, Fidschi 500 Mann.",
            "PROPN AUX DET NOUN VERB PUNCT PROPN NUM NOUN PUNCT",
            [("country/AU", "-"), ("country/FJ", "(500, 500)")],
        ),
        (
            "Australien will 1000 Mann entsenden und Fidschi an die 500.",
            "PROPN AUX NUM NOUN VERB CCONJ PROPN ADP DET NUM PUNCT",
            [("country/AU", "(1000, 1000)"), ("country/FJ", "(500, 500)")],
        ),
        (
            "Australien denkt an 1000 Mann zu entsenden, Fidschi an 500.",
            "PROPN VERB ADP NUM NOUN PART VERB PUNCT PROPN ADP NUM PUNCT",
            [("country/AU", "(1000, 1000)"), ("country/FJ", "(500, 500)")],
        ),
        (
            "Australien will 1000 Mann entsenden, sagt Fidschi 500 Zeugen.",
            "PROPN AUX NUM NOUN VERB PUNCT VERB PROPN NUM NOUN PUNCT",
            [("country/AU", "(1000, 1000)")],
        ),
    ],
)
def test_who_stands_with_a_figure_and_without_a_verb_sends_too(
    text: str, pos: str, expected: list[tuple[str, str]]
) -> None:
    assert shares(text, "entsenden", "sender", "country/AU", pos=pos) == expected


def test_who_announces_his_own_forces_does_not_announce_those_of_others() -> None:
    names = {name: NAMES[name] for name in ("Australien", "Fidschi")}
    reading = read(
        "Australien stellt 350 und Fidschi 80 Polizisten.", names, pos="PROPN VERB NUM CCONJ PROPN NUM NOUN PUNCT"
    )
    claim = Claim("Deployment", "planned", Span(0, 1), Span(0, 1), {"sender": ("country/AU",)}, reading.figures[0])
    said = replace(
        claim, attributed_to=("country/AU", "organization/un"), reasons=(Reason("sender", "Australien", "…"),)
    )
    ours, theirs = split_by_figures(reading, 1, said)
    assert (ours.attributed_to, theirs.attributed_to) == (("country/AU", "organization/un"), ("organization/un",))
    assert [reason.words for reason in theirs.reasons] == ["FJ"]


def test_each_destination_has_the_figure_before_it() -> None:
    text = "Paris schickt 2000 Soldaten nach Estland und bis zu 1500 nach Lettland."
    pos = "PROPN VERB NUM NOUN ADP PROPN CCONJ ADP ADP NUM ADP PROPN PUNCT"
    found = shares(text, "schickt", "destination", "country/EE", "country/LV", pos=pos)
    assert found == [("country/EE", "(2000, 2000)"), ("country/LV", "(None, 1500)")]


def test_each_sender_has_the_figure_of_its_people() -> None:
    text = "In Honiara sind 270 Australier und 140 fidschianische Soldaten stationiert."
    pos = "ADP PROPN AUX NUM NOUN CCONJ NUM ADJ NOUN VERB PUNCT"
    names = {"Australier": "country/AU", "fidschianische": "country/FJ", "Honiara": "place/honiara"}
    reading = read(text, names, pos=pos)
    keys = ("country/AU", "country/FJ")
    claim = Claim("Deployment", "occurred", Span(0, 1), Span(0, len(text)), {"sender": keys}, reading.figures[0])
    found = split_by_figures(reading, reading.lower.index("stationiert"), claim)
    assert [(c.roles["sender"], c.personnel and c.personnel.max) for c in found] == [
        (("country/AU",), 270),
        (("country/FJ",), 140),
    ]


def test_who_has_no_figure_keeps_a_claim_without_one() -> None:
    text = "Australien mit 350 und Fidschi mit 80 Polizisten verlegen, Polen auch."
    pos = "PROPN ADP NUM CCONJ PROPN ADP NUM NOUN VERB PUNCT PROPN ADV PUNCT"
    found = shares(text, "verlegen", "sender", "country/AU", "country/FJ", "country/PL", pos=pos)
    assert found == [("country/AU", "(350, 350)"), ("country/FJ", "(80, 80)"), ("country/PL", "-")]


@pytest.mark.parametrize(
    ("text", "pos", "keys"),
    [
        ("Paris schickt 300 Soldaten.", "PROPN VERB NUM NOUN PUNCT", ("country/FR",)),
        ("Paris und Polen schicken 300 Soldaten und 20 Panzer.",
         "PROPN CCONJ PROPN VERB NUM NOUN CCONJ NUM NOUN PUNCT", ("country/FR", "country/PL")),
        ("Paris schickt 300 Soldaten und Polen 20 Panzer.",
         "PROPN VERB NUM NOUN CCONJ PROPN NUM NOUN PUNCT", ("country/FR", "country/PL")),
    ],
)  # fmt: skip
def test_what_is_not_paired_stays_together(text: str, pos: str, keys: tuple[str, ...]) -> None:
    word = "schickt" if "schickt" in text else "schicken"
    assert shares(text, word, "sender", *keys, pos=pos) == [(*keys, "(300, 300)")]


def test_only_types_that_count_people_are_split() -> None:
    reading = read("Paris liefert 300 Panzer.", {"Paris": "country/FR"})
    claim = Claim("ArmsTransfer", "occurred", Span(0, 1), Span(0, 1), {"sender": ("country/FR",)})
    assert split_by_figures(reading, 1, claim) == [claim]
    assert split_by_figures(reading, 1, replace(claim, type="Deployment")) == [replace(claim, type="Deployment")]
