"""When things happen: deployments, or the claims about an entity, by month and standing, drawn as columns."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from kg.model import STATUSES
from kg.web.graph import Graph
from kg.web.overview import read_overview

SHOWN = 36
"""Months that are shown: those in a row that have the most events."""
HEIGHT = 100
"""Height of the tallest column."""


WIDTH = 10


class Month(NamedTuple):
    """What falls into one month."""

    month: str
    """`2024-11`."""
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
    """A month as it is drawn."""

    month: Month
    x: int
    parts: Sequence[Part]


def read_months(graph: Graph) -> Sequence[Month]:
    """Read the months that deployments begin in, the earliest first."""
    months = read_overview(graph).months()
    return gather((each.month, each.status, each.events) for each in months if each.type == "Deployment")


def gather(counted: Iterable[tuple[str, str, int]]) -> Sequence[Month]:
    """Put month, standing and number together by months, the earliest first; what is no month is left out."""
    found: dict[str, dict[str, int]] = {}
    for month, status, number in counted:
        if re.fullmatch(r"[0-9]{4}-[0-9]{2}", month):
            found.setdefault(month, {})[status] = number
    return [
        Month(month, {status: counts[status] for status in STATUSES if status in counts})
        for month, counts in sorted(found.items())
    ]


def choose_months(months: Sequence[Month]) -> list[Month]:
    """Return the `SHOWN` months in a row that have the most events, the latest of equals; those without one too."""
    known = {each.month: each for each in months}
    ends = sorted(known, reverse=True)
    if not ends:
        return []
    totals = {end: sum(known[month].total for month in _back_from(end) if month in known) for end in ends}
    best = max(ends, key=lambda end: totals[end])
    row = [known.get(month, Month(month, {})) for month in _back_from(best)][::-1]
    return row[next(place for place, each in enumerate(row) if each.total) :]


def count_outside(months: Sequence[Month], chosen: Sequence[Month]) -> int:
    """Return how many events the months that are not among the chosen ones have."""
    return sum(each.total for each in months) - sum(each.total for each in chosen)


def draw_columns(months: Sequence[Month]) -> list[Column]:
    """Return a column for each month, `WIDTH` apart."""
    most = max((each.total for each in months), default=0)
    return [Column(each, WIDTH * place, _stack(each, most)) for place, each in enumerate(months)]


def _stack(month: Month, most: int) -> list[Part]:
    """Return the pieces of a month's column where the tallest column has `most` events, the first standing lowest."""
    parts, y = [], float(HEIGHT)
    for status, count in month.counts.items():
        height = HEIGHT * count / most
        y -= height
        parts.append(Part(status, round(y, 2), round(height, 2)))
    return parts


def _back_from(month: str) -> Iterator[str]:
    """Yield the `SHOWN` months up to `month`, the latest first."""
    last = int(month[:4]) * 12 + int(month[5:7]) - 1
    for number in range(last, last - SHOWN, -1):
        yield f"{number // 12:04d}-{number % 12 + 1:02d}"
