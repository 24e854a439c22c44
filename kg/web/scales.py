"""Figures on an axis: each a dot or a bar with open or closed ends, all of a list on the same axis.

The axis is logarithmic, because what is sent ranges from one adviser to hundreds of thousands of soldiers. Places are
percentages of its length, so that a drawing fits any width.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from kg.web.records import Figure, Happening

STEPS = (1, 2, 5)
"""What an axis begins, ends and is marked with, times a power of ten."""
MOST_TICKS = 4
MARGIN = 4.0
"""Room beside the ends, for the arrow of what is open."""


class Tick(NamedTuple):
    """A marked number."""

    x: float
    number: int


class Bar(NamedTuple):
    """A figure as it is drawn."""

    begin: float
    end: float
    opens_left: bool
    """No lower bound is named."""
    opens_right: bool
    """No upper bound is named."""
    about: bool
    """It is a round figure."""

    @property
    def is_dot(self) -> bool:
        """Whether it is one number."""
        return self.begin == self.end


@dataclass(frozen=True, slots=True)
class Scale:
    """An axis from `low` to `high`."""

    kind: str
    """`personnel` or `quantity`."""
    low: int
    high: int
    ticks: Sequence[Tick]

    def place(self, number: int) -> float:
        """Return where a number lies, in percent of the length."""
        share = math.log(max(number, self.low) / self.low) / math.log(self.high / self.low)
        return round(MARGIN + (100 - 2 * MARGIN) * share, 2)

    def bar(self, figure: Figure) -> Bar:
        """Return a figure as it is drawn."""
        begin = 0.0 if figure.min is None else self.place(figure.min)
        end = 100.0 if figure.max is None else self.place(figure.max)
        return Bar(begin, end, figure.min is None, figure.max is None, figure.qualifier == "about_")


def make_scale(happenings: Iterable[Happening], kind: str = "personnel") -> Scale | None:
    """Make the axis for all figures of a kind; None where there is no number that could be compared."""
    numbers = {
        max(number, 1)
        for happening in happenings
        for figure in happening.figures
        if figure.kind == kind
        for number in (figure.min, figure.max)
        if number is not None
    }
    if not numbers:
        return None
    low, high = _round_down(min(numbers)), _round_up(max(numbers))
    high = high if high > low else _round_up(low + 1)
    bare = Scale(kind, low, high, ())
    return Scale(kind, low, high, [Tick(bare.place(number), number) for number in _choose_ticks(low, high)])


def _choose_ticks(low: int, high: int) -> list[int]:
    """Return the numbers to mark: the ends and, as far as there is room, what lies between at even distances."""
    powers = range(len(str(high)))
    between = [step * 10**power for power in powers for step in STEPS if low <= step * 10**power <= high]
    if len(between) > MOST_TICKS:
        between = [10**power for power in powers if low <= 10**power <= high]
    every = -(-len(between) // MOST_TICKS)
    return between[::every]


def _round_down(number: int) -> int:
    power: int = 10 ** (len(str(number)) - 1)
    return max(step * power for step in STEPS if step * power <= number)


def _round_up(number: int) -> int:
    power: int = 10 ** (len(str(number)) - 1)
    return min(step * power for step in (*STEPS, 10) if step * power >= number)
