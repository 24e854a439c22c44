"""Figures of two claims beside each other: of one order, both right, a part and the whole."""

from collections.abc import Iterator

from kg.rollup.accounts import Account, Bounds
from kg.wholes import Share

_ORDER = 5
"""Of one order are figures of which the one's least is at most this many times the other's most."""
_SLACK = 0.1
"""By how much of itself a figure may be off before it is another one."""
_CLEARLY_LESS = 0.75
"""A figure of at most so much of a total is that of a part; a larger one contradicts it."""


def figures_of(one: Account, other: Account) -> Iterator[tuple[Bounds, Bounds]]:
    """Yield the figures that both give."""
    for mine, theirs in ((one.personnel, other.personnel), (one.quantity, other.quantity)):
        if mine and theirs:
            yield mine, theirs


def of_one_order(one: Bounds, other: Bounds) -> bool:
    """Tell whether two figures are of one order, so that the one can be meant by the other."""
    least = max(one.low or 0, other.low or 0)
    return all(high is None or least <= high * _ORDER for high in (one.high, other.high))


def overlap(one: Bounds, other: Bounds) -> bool:
    """Tell whether two figures can both be right, give or take a tenth: "rund 400" and 380."""
    least = max(one.low or 0, other.low or 0) * (1 - _SLACK)
    return all(high is None or least <= high * (1 + _SLACK) for high in (one.high, other.high))


def are_part_and_whole(one: Account, other: Account) -> bool:
    """Tell whether the figures of two claims count a part of something and the whole of it."""
    for mine, theirs in figures_of(one, other):
        if overlap(mine, theirs):
            continue
        if (one.share == "more") != (other.share == "more"):
            return True  # "300 zusätzliche" may be more than the 175 that were there
        few, many = sorted(((_least(mine), one.share), (_least(theirs), other.share)), key=_number)
        if few[1] == "part" != many[1]:
            return True
        if many[1] == "total" != few[1] and few[0] <= many[0] * _CLEARLY_LESS:
            return True
    return False


def _number(figure: tuple[int, Share | None]) -> int:
    return figure[0]


def _least(bounds: Bounds) -> int:
    return bounds.low if bounds.low is not None else bounds.high or 0
