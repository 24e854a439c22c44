"""The outlines of the countries as SVG paths, and the parts of them that a section of the map shows.

They are made at set-up by `kg/web/frontend/world.mjs`, in the Equal Earth projection; without them maps have no land.
"""

import json
import re
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import NamedTuple

OUTLINES = Path(__file__).parent / "static" / "vendor" / "world.json"
_LINE = re.compile(r"M(\d+),(\d+)l([-\d ]+)z?")
_NUMBER = re.compile(r"-?\d+")


class Box(NamedTuple):
    """A section of the map."""

    left: float
    top: float
    width: float
    height: float

    def meets(self, other: "Box") -> bool:
        """Tell whether two sections have a point in common."""
        apart_in_x = self.left > other.left + other.width or other.left > self.left + self.width
        apart_in_y = self.top > other.top + other.height or other.top > self.top + self.height
        return not (apart_in_x or apart_in_y)


def outlines_in(box: Box) -> tuple[str, str]:
    """Return the paths of the land and of the borders that reach into a section; empty ones without outlines."""
    land, borders = ("".join(path for path, around in lines if around.meets(box)) for lines in _load())
    return land, borders


@cache
def _load() -> tuple[Sequence[tuple[str, Box]], Sequence[tuple[str, Box]]]:
    """Return each line of the land and of the borders with the box around it."""
    if not OUTLINES.exists():
        return (), ()
    outlines = json.loads(OUTLINES.read_text(encoding="utf-8"))
    land, borders = ([(match[0], _around(match)) for match in _LINE.finditer(outlines[k])] for k in ("land", "borders"))
    return land, borders


def _around(line: re.Match[str]) -> Box:
    x, y = int(line[1]), int(line[2])
    xs, ys = [x], [y]
    steps = [int(number) for number in _NUMBER.findall(line[3])]
    for dx, dy in zip(steps[::2], steps[1::2], strict=True):
        x, y = x + dx, y + dy
        xs.append(x)
        ys.append(y)
    return Box(min(xs), min(ys), max(xs) - min(xs), max(ys) - min(ys))
