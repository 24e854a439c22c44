"""For whom and against whom a force goes."""

from collections.abc import Mapping

import pytest

from kg.model import Entity
from kg.sides import find_sides
from tests.readings import entity, read

STATES = {"Russland": "country/RU", "Russlands": "country/RU", "Ukraine": "country/UA", "Kiew": "country/UA"}
PUTIN = {"Putins": entity("person/putin", country="country/RU"), "Putin": entity("person/putin", country="country/RU")}


def sides(text: str, names: Mapping[str, str | Entity] = STATES) -> tuple[tuple[str, ...], tuple[str, ...]]:
    used = {surface: what for surface, what in names.items() if surface in text.replace(".", " ").split()}
    reading = read(text, used)
    return find_sides(reading, len(reading.sentences) - 1)


@pytest.mark.parametrize(
    "text",
    [
        "Sie kämpfen an der Seite Russlands.",
        "Sie kamen zur Unterstützung der Armee Russlands.",
        "Man schickt Soldaten zum Schutz von Russland.",
        "Man schickt Soldaten, um Russland zu helfen.",
        "Man schickt Soldaten, um Russland zu unterstützen.",
    ],
)
def test_who_is_helped(text: str) -> None:
    assert sides(text) == (("country/RU",), ())


@pytest.mark.parametrize("text", ["Sie kämpfen gegen die Ukraine.", "Der Einsatz gegen Kiew dauert."])
def test_who_is_fought(text: str) -> None:
    assert sides(text) == ((), ("country/UA",))


def test_both_sides_of_one_sentence() -> None:
    text = "Sie kämpfen an der Seite Russlands gegen die Ukraine."
    assert sides(text) == (("country/RU",), ("country/UA",))


def test_who_is_fought_is_not_helped() -> None:
    text = "Zum Schutz von Russland kämpfen sie gegen Russland."
    assert sides(text) == ((), ("country/RU",))


@pytest.mark.parametrize(
    "text",
    [
        "Russland schickt Soldaten nach Kursk.",
        "Man schickt Soldaten, um Russland zu überfallen.",
        "Man schickt Soldaten nach Russland, weil man helfen will.",
    ],
)
def test_who_is_neither(text: str) -> None:
    assert sides(text) == ((), ())


def test_a_purpose_clause_helps_only_the_first_that_it_names() -> None:
    text = "Man schickt Soldaten, um Russland nahe der Ukraine zu helfen."
    assert sides(text) == (("country/RU",), ())


def test_adjectives_and_places_are_no_side() -> None:
    names = {"russischen": "country/RU", "Kursk": "place/kursk"}
    assert sides("Zum Schutz der russischen Grenze und zum Schutz von Kursk kamen sie.", names) == ((), ())


def test_a_leaders_army_stands_for_the_state_and_the_leader_for_himself() -> None:
    assert sides("Heute stehen sie an der Seite Putins Truppen.", PUTIN) == (("country/RU",), ())
    assert sides("Heute stehen sie an der Seite Putins.", PUTIN) == (("person/putin",), ())
