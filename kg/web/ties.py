"""Whom an entity deals with: what else has a part in its claims, as a list and as a small graph around it."""

import math
from collections.abc import Callable, Sequence
from typing import NamedTuple

from kg.fulltext.activity import Tie

MOST_TIES = 10
WIDTH, HEIGHT = 320, 240
_RADII = (104, 88)
"""Half the width and half the height of the ellipse that the others stand on."""
_LETTER, _LINE = 5.8, 13
"""Width of a letter, about, and height of a line, of letters 11 high (site.css)."""
_ROOM = 17
"""Letters of a name that there is room for beside the ellipse."""
_SHORT_WORD = 9
"""Letters of a last word that leave room for enough of what stands before it."""


class Spoke(NamedTuple):
    """A tie as it is drawn, from the middle."""

    tie: Tie
    x: float
    y: float
    width: float
    label_y: float


def draw_spokes(ties: Sequence[Tie], name: Callable[[str], str]) -> list[Spoke]:
    """Place the others around the middle, from the top clockwise, with lines as thick as they have claims in common.

    Args:
        ties: those with most claims first.
        name: returns what a thing is called; names that would run into each other stand in two lines.
    """
    most = max((tie.claims for tie in ties), default=1)
    spokes, labels = list[Spoke](), list[tuple[float, float, float]]()
    for place, tie in enumerate(ties):
        angle = 2 * math.pi * place / len(ties)
        x, y = WIDTH / 2 + _RADII[0] * math.sin(angle), HEIGHT / 2 - _RADII[1] * math.cos(angle)
        step = -_LINE if y < HEIGHT / 2 + 1 else _LINE
        half = _LETTER * len(shorten(name(tie.other))) / 2
        label_y = y - 8 if step < 0 else y + 15
        while any(
            abs(x - other_x) < half + other_half and abs(label_y - other_y) < _LINE
            for other_x, other_y, other_half in labels
        ):
            label_y += step
        labels.append((x, label_y, half))
        spokes.append(Spoke(tie, round(x, 1), round(y, 1), round(1 + 5 * tie.claims / most, 1), round(label_y, 1)))
    return spokes


def shorten(name: str) -> str:
    """Return as much of a name as there is room for, with its last word where that is short.

    The last word tells names apart that begin alike, and is what a person is known by: "Zentra… Regierung",
    "Ursula von… Leyen".
    """
    if len(name) <= _ROOM:
        return name
    last = name.rpartition(" ")[2]
    end = f"… {last}" if len(last) <= _SHORT_WORD else "…"
    return name[: _ROOM - len(end)].rstrip() + end
