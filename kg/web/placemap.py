"""Where the claims on a page take place: their places as dots, with arcs from who acts to where or to whom."""

from collections import Counter
from collections.abc import Iterable

from kg.model import STATUSES
from kg.web.context import Names, language, route
from kg.web.graph import Graph
from kg.web.movements import read_places
from kg.web.records import Claim
from kg.web.terms import name_term
from kg.web.wording import word_number
from kg.web.worldmap import Map, Way, draw

MOST_ARCS = 30
"""Arcs on the map of a page: more cover each other."""
ENLARGED = 1.9
"""It is half as wide as the map of the front page."""


def map_claims(graph: Graph, claims: Iterable[Claim], home: str, name: Names) -> Map | None:
    """Draw the places of some claims on a map; None where nothing but `home` has a place.

    Args:
        claims: those that the page shows; one that comes twice counts once.
        home: the IRI of what the page is about, which is drawn even if no claim goes from or to it.
        name: names of all things in the claims.
    """
    shown = {claim.iri: claim for claim in claims}.values()
    dots = Counter(iri for claim in shown for iri in set(claim.iris()))
    places = read_places(graph, [home, *dots])
    ways: Counter[tuple[str, str, str]] = Counter()
    for claim in shown:
        sides = route(claim)
        pairs = ((left, right) for left in sides.left for right in sides.right)
        if sides.arrow == "→":
            ways.update((left, right, claim.status) for left, right in pairs)
        elif sides.arrow == "←":  # a withdrawal: back to who withdraws
            ways.update((right, left, claim.status) for left, right in pairs)
    located = {key: count for key, count in ways.items() if key[0] in places and key[1] in places}
    order = sorted(located, key=lambda key: (-located[key], key[0], key[1], STATUSES.index(key[2])))
    drawn = [
        Way(start, goal, status, located[start, goal, status], _title(start, goal, status, located, name))
        for start, goal, status in order[:MOST_ARCS]
    ]
    if not places.keys() - {home}:
        return None
    weights = {iri: count for iri, count in dots.items() if iri in places} | {home: dots[home]}
    return draw(drawn, places, {iri: name(iri) for iri in weights}, weights, enlarged=ENLARGED)


def _title(start: str, goal: str, status: str, counts: dict[tuple[str, str, str], int], name: Names) -> str:
    spoken = language()
    number = word_number(counts[start, goal, status], spoken)
    return f"{name(start)} → {name(goal)}, {name_term(status, spoken)}: {number}"
