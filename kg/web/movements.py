"""Who sends forces where, country by country: read from the graph, drawn as a map."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from kg.model import STATUSES
from kg.web.context import Names, language
from kg.web.graph import Graph, local_name
from kg.web.records import Figure
from kg.web.terms import name_term
from kg.web.wording import word_number
from kg.web.worldmap import Map, Way, draw

MOST_LINES = 60
"""Arcs on a map: more cover each other."""
MOST_COUNTRIES = 40
"""Rows and columns of the matrix, those with the most events."""
MOST_EVENTS = 100


@dataclass(slots=True)
class Movement:
    """All deployments from one country to another."""

    start: str
    goal: str
    counts: dict[str, int] = field(default_factory=dict)
    """Events by standing, in the order of the standings."""
    largest: Figure | None = None
    """The largest figure that is named; both bounds are the same number where none is open."""

    @property
    def total(self) -> int:
        """The number of events."""
        return sum(self.counts.values())


def read_movements(graph: Graph) -> list[Movement]:
    """Read all movements, those with the most events first, and of these those with the largest figure."""
    found: dict[tuple[str, str], Movement] = {}
    for row in graph.select("movements"):
        start, goal = row["from"].value, row["to"].value
        movement = found.setdefault((start, goal), Movement(start, goal))
        movement.counts[local_name(row["status"].value)] = int(row["events"].value)
    # Of figures that are equal the first qualifier by the alphabet counts; the engine takes long to order names.
    largest = graph.select("movements-largest")
    for row in sorted(largest, key=lambda row: (-int(row["largest"].value), row["qualifier"].value)):
        way = (row["from"].value, row["to"].value)
        if way in found and found[way].largest is None:
            found[way].largest = _figure(int(row["largest"].value), local_name(row["qualifier"].value))
    for movement in found.values():
        movement.counts = {status: movement.counts[status] for status in STATUSES if status in movement.counts}
    return sorted(found.values(), key=_place)


def _place(movement: Movement) -> tuple[int, int, str, str]:
    figure = movement.largest
    return -movement.total, -(figure.max or 0) if figure else 0, movement.start, movement.goal


def _figure(number: int, qualifier: str) -> Figure:
    """Return a figure that is named with one number."""
    return Figure("personnel", number, number, qualifier, "")


def draw_map(graph: Graph, found: Sequence[Movement], name: Names) -> Map | None:
    """Draw the movements whose ends have a place; None where none has."""
    ways = [
        Way(each.start, each.goal, status, count, _title(each, status, count, name))
        for each in found
        for status, count in each.counts.items()
    ][:MOST_LINES]
    ends = {iri for way in ways for iri in (way.start, way.goal)}
    return draw(ways, read_places(graph, ends), {iri: name(iri) for iri in ends})


def read_places(graph: Graph, iris: Iterable[str]) -> dict[str, tuple[float, float]]:
    """Return the latitude and longitude of those things that have them."""
    return {
        row["this"].value: (float(row["lat"].value), float(row["long"].value))
        for row in graph.select_each("places", "this", iris)
    }


def _title(movement: Movement, status: str, count: int, name: Names) -> str:
    spoken = language()
    return f"{name(movement.start)} → {name(movement.goal)}, {name_term(status, spoken)}: {word_number(count, spoken)}"


def busiest(found: Iterable[Movement]) -> tuple[list[str], list[str]]:
    """Return the senders and the destinations with the most events."""
    totals: tuple[dict[str, int], dict[str, int]] = ({}, {})
    for each in found:
        for counted, iri in zip(totals, (each.start, each.goal), strict=True):
            counted[iri] = counted.get(iri, 0) + each.total
    rows, columns = (_largest(counted) for counted in totals)
    return rows, columns


def _largest(counted: Mapping[str, int]) -> list[str]:
    return sorted(counted, key=lambda iri: (-counted[iri], iri))[:MOST_COUNTRIES]


def events_between(graph: Graph, start: str, goal: str) -> list[str]:
    """Return the IRIs of the deployments from one country to another, the latest first."""
    senders = {start} | {row["sender"].value for row in graph.select("senders-of", country=start)}
    rows = graph.select_each("movements-from", "sender", senders)
    return list(dict.fromkeys(row["event"].value for row in rows if "to" in row and row["to"].value == goal))[
        :MOST_EVENTS
    ]
