"""When things happen: deployments, or the claims about an entity, by time and standing, drawn as columns.

A column is a month, or where that would make too many of them a quarter, a year, a decade, a century: the whole span is
seen, with the stretches in which nothing happened.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Final, NamedTuple

from kg.model import STATUSES
from kg.web.graph import Graph
from kg.web.overview import read_overview

MOST: Final = 60
"""Columns that a strip has room for."""
UNITS: Final[Mapping[str, int]] = {"month": 1, "quarter": 3, "year": 12, "decade": 120}
"""What a column may be, in months, where `MOST` of them are enough; else it is the longest."""
LONGEST: Final = "century", 1200
HEIGHT: Final = 100
"""Height of the tallest column."""
WIDTH: Final = 10


class Stretch(NamedTuple):
    """What falls into a month, a quarter, a year …"""

    begin: str
    """Its first month: `2024-10`."""
    unit: str
    """Key of `UNITS`, or the longest."""
    counts: Mapping[str, int]
    """How many of each standing, in the order of the standings."""

    @property
    def total(self) -> int:
        """How many in all."""
        return sum(self.counts.values())


class Part(NamedTuple):
    """A piece of a column, from the top."""

    status: str
    y: float
    height: float


class Column(NamedTuple):
    """A stretch of time as it is drawn."""

    stretch: Stretch
    x: int
    parts: Sequence[Part]


def read_months(graph: Graph) -> Sequence[tuple[str, str, int]]:
    """Read the months that deployments begin in, with standing and number."""
    months = read_overview(graph).months()
    return [(each.month, each.status, each.events) for each in months if each.type == "Deployment"]


def draw_columns(counted: Iterable[tuple[str, str, int]]) -> list[Column]:
    """Return columns from the first to the last month that something falls into, `WIDTH` apart.

    Args:
        counted: month (`2024-11`), standing and number; what is no month is left out.
    """
    stretches = divide(counted)
    most = max((each.total for each in stretches), default=0)
    return [Column(each, WIDTH * place, _stack(each, most)) for place, each in enumerate(stretches)]


def divide(counted: Iterable[tuple[str, str, int]]) -> list[Stretch]:
    """Return the stretches of time in a row, the earliest first, those without anything too, of one length."""
    known = [(_count(month), status, number) for month, status, number in counted if _is_month(month)]
    if not known:
        return []
    first, last = min(month for month, *_ in known), max(month for month, *_ in known)
    fitting = (each for each in UNITS.items() if last // each[1] - first // each[1] < MOST)
    unit, length = next(fitting, LONGEST)
    found: list[dict[str, int]] = [{} for _ in range(first // length, last // length + 1)]
    for month, status, number in known:
        counts = found[month // length - first // length]
        counts[status] = counts.get(status, 0) + number
    return [
        Stretch(_name(place * length), unit, {status: counts[status] for status in STATUSES if status in counts})
        for place, counts in enumerate(found, first // length)
    ]


def _is_month(text: str) -> bool:
    return re.fullmatch(r"[0-9]{4}-(?:0[1-9]|1[0-2])", text) is not None


def _count(month: str) -> int:
    """Return how many months were before a month."""
    return int(month[:4]) * 12 + int(month[5:]) - 1


def _name(month: int) -> str:
    return f"{month // 12:04d}-{month % 12 + 1:02d}"


def _stack(stretch: Stretch, most: int) -> list[Part]:
    """Return the pieces of a column where the tallest stands for `most`, the first standing lowest."""
    parts, y = [], float(HEIGHT)
    for status, count in stretch.counts.items():
        height = HEIGHT * count / most
        y -= height
        parts.append(Part(status, round(y, 2), round(height, 2)))
    return parts
