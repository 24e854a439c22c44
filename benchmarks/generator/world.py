"""Who and what is in the news, drawn by Zipf's law: a few are in most articles, and most are in a few."""

import math
from collections.abc import Sequence
from functools import cache, lru_cache
from random import Random
from typing import TypeVar

from kg.german.forms import slug
from kg.german.gazetteer import load_gazetteer, read_table
from kg.model import Entity

T = TypeVar("T")

HUB = "country/RU"
"""The state that is named most."""

_OFTEN = ("RU", "UA", "US", "DE", "CN", "IL", "FR", "GB", "IR", "TR", "SY", "PL", "KP", "IN", "ML", "SD")
_GIVEN = (
    *("Ada", "Boris", "Clara", "Dmitri", "Elif", "Farid", "Greta", "Hassan", "Ines", "Jonas", "Karim", "Lena"),
    *("Marek", "Nadia", "Olaf", "Petra", "Rania", "Samuel", "Tomas", "Ursula", "Viktor", "Wanda", "Yusuf", "Zora"),
)
_OPENINGS = ("Ald", "Bren", "Dor", "Fal", "Grat", "Hol", "Kar", "Lind", "Mor", "Nav", "Ost", "Pav", "Rad", "Sel", "Tor")
_MIDDLES = ("", "a", "e", "el", "in", "or", "ur", "is", "an", "om")
_ENDINGS = ("mann", "berg", "ow", "enko", "ić", "ova", "stein", "ini", "escu", "sson", "ali", "mba", "oğlu", "yan")
_PUBLISHERS = tuple(
    f"{where} {what}"
    for what in ("Nachrichten", "Tagblatt", "Rundschau", "Kurier")
    for where in ("Elbtaler", "Rheingauer", "Alpenländer", "Oderbrucher", "Emsländer", "Allgäuer", "Saaletaler")
)
_SUMMITS_A_YEAR = 40


def zipf(random: Random, number: int) -> int:
    """Draw a rank below `number`, each about as likely as one over its place in the order."""
    return min(int(math.exp(random.random() * math.log(number + 1))) - 1, number - 1)


def entity(key: str) -> Entity:
    """Return what the reference data know by this key."""
    return load_gazetteer().entity(key)


def draw_country(random: Random) -> Entity:
    """Draw a state."""
    return _draw(random, _countries())


def draw_alliance(random: Random) -> Entity:
    """Draw an organisation of states."""
    return _draw(random, _organizations("alliance"))


def draw_medium(random: Random) -> Entity:
    """Draw a newspaper, broadcaster or agency."""
    return _draw(random, _organizations("medium"))


def draw_place(random: Random, country: str) -> Entity:
    """Draw a town of a state; its capital where no other is known."""
    return _draw(random, _places()[country])


def draw_person(random: Random, population: int) -> Entity:
    """Draw one of so many people, none of whom any reference data know."""
    return _person(zipf(random, population))


def draw_summit(random: Random, year: int) -> Entity:
    """Draw an edition of a summit."""
    series, label = _draw(random, sorted(load_gazetteer().series.items())[:_SUMMITS_A_YEAR])
    return Entity(f"summit/{series}-{year}", "Summit", f"{label} {year}", series=label, year=year)


def draw_publisher(random: Random) -> str:
    """Draw who publishes an article."""
    return _draw(random, _PUBLISHERS)


def _draw(random: Random, choices: Sequence[T]) -> T:
    return choices[zipf(random, len(choices))]


@cache
def _countries() -> Sequence[Entity]:
    """Return the states that towns are known of, those first that are in the news most."""
    known = [row[0] for row in read_table("gazetteer", "countries.tsv", 11)]
    order = [*_OFTEN, *(code for code in known if code not in _OFTEN)]
    return [entity(f"country/{code}") for code in order if f"country/{code}" in _places()]


@cache
def _places() -> dict[str, list[Entity]]:
    found: dict[str, list[Entity]] = {}
    for row in read_table("gazetteer", "places.tsv", 10):
        place = entity(f"place/{row[0]}")
        if place.country:
            found.setdefault(place.country, []).append(place)
    return found


@cache
def _organizations(kind: str) -> Sequence[Entity]:
    rows = read_table("gazetteer", "organizations.tsv", 7)
    found = [entity(f"organization/{slug(row[0])}") for row in rows if row[2] == kind]
    return [organization for organization in found if organization.country is None]


@lru_cache(maxsize=20_000)
def _person(number: int) -> Entity:
    random = Random(number)
    name = f"{random.choice(_GIVEN)} {random.choice(_OPENINGS)}{random.choice(_MIDDLES)}{random.choice(_ENDINGS)}"
    return Entity(f"person/{slug(name)}-{number}", "Person", name, country=draw_country(random).key)
