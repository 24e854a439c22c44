"""A map as SVG, drawn by the server: places as dots, and arcs from where something comes from to where it goes."""

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from kg.web.outlines import Box, outlines_in

WIDTH, HEIGHT = 1000, 437
MARGIN = 45
"""Units around what is shown."""
SMALLEST = 380
"""Width of the smallest section that is shown, so that two neighbours keep some land around them."""
MOST_LABELS = 16
MOST_GREAT = 5
"""Places whose names may cover other places."""
CHIEF = 2.3
"""How much larger the letters are on a phone (site.css), where only the names stay that have room at that size."""
_LETTER = 0.55
"""Width of a letter in units of the font's size, about."""
_A = (1.340264, -0.081106, 0.000893, 0.003796)
_M = math.sqrt(3) / 2
_SCALE = WIDTH * _M * _A[0] / (2 * math.pi)
"""Šavrič, Patterson and Jenny: The Equal Earth map projection (2018), equations 6 and 7."""

Point = tuple[float, float]
Bounds = tuple[float, float, float, float]
"""Left, top, right and bottom."""


class Way(NamedTuple):
    """What is to be drawn as an arc."""

    start: str
    goal: str
    status: str
    weight: int
    title: str


class Label(NamedTuple):
    """Where a name may stand."""

    x: float
    y: float
    anchor: str
    width: float
    size: float

    @property
    def box(self) -> Bounds:
        """What it covers."""
        left = self.x - {"start": 0, "middle": self.width / 2, "end": self.width}[self.anchor]
        return left, self.y - self.size * 0.6, left + self.width, self.y + self.size * 0.6

    def enlarge(self, times: float) -> "Label":
        """Return it at the same point in larger letters."""
        return self._replace(width=self.width * times, size=self.size * times)


@dataclass(frozen=True, slots=True)
class Arc:
    """A drawn arc: the path of its line and the corners of its head."""

    line: str
    head: str
    width: float
    status: str
    title: str


@dataclass(frozen=True, slots=True)
class Dot:
    """A place with its name; without `label` there is no room for it."""

    iri: str
    x: float
    y: float
    radius: float
    name: str
    label: str
    anchor: str
    label_x: float
    label_y: float
    chief: bool
    """Whether there is room for the name in the large letters of a small map."""


@dataclass(frozen=True, slots=True)
class Map:
    """All that the template needs to draw the map."""

    view_box: str
    font_size: float
    land: str
    borders: str
    arcs: Sequence[Arc]
    dots: Sequence[Dot]


def project(lat: float, lon: float) -> Point:
    """Return where a place given in degrees lies on the map of the whole world."""
    theta = math.asin(_M * math.sin(math.radians(lat)))
    a1, a2, a3, a4 = _A
    squared, sixth = theta**2, theta**6
    x = math.radians(lon) * math.cos(theta) / (_M * (a1 + 3 * a2 * squared + sixth * (7 * a3 + 9 * a4 * squared)))
    y = theta * (a1 + a2 * squared + sixth * (a3 + a4 * squared))
    pole = math.pi / 3  # theta of the north pole
    top = pole * (a1 + a2 * pole**2 + pole**6 * (a3 + a4 * pole**2))
    return WIDTH / 2 + _SCALE * x, _SCALE * (top - y)


def draw(
    ways: Sequence[Way],
    places: Mapping[str, Point],
    names: Mapping[str, str],
    counts: Mapping[str, int] | None = None,
    *,
    enlarged: float = 1.0,
) -> Map | None:
    """Draw the ways between the places (latitude and longitude) that are known; None where there is no place.

    Args:
        ways: the most important first: their places are named first.
        places: latitude and longitude by IRI.
        names: what they are called.
        counts: places to draw with what each counts for; without it the ends of the ways, with their weights.
        enlarged: how much larger dots, lines and letters are, for a map that is shown small.
    """
    known = [way for way in ways if way.start in places and way.goal in places]
    weights = _weigh(known) if counts is None else counts
    if not weights.keys() & places.keys():
        return None
    points = {iri: project(*places[iri]) for iri in weights if iri in places}
    section = _section(points.values())
    unit = enlarged * section.width / WIDTH
    land, borders = outlines_in(section)
    order = sorted(points, key=lambda iri: (-weights[iri], iri))
    return Map(
        view_box=" ".join(f"{side:.0f}" for side in section),
        font_size=round(15 * unit, 2),
        land=land,
        borders=borders,
        arcs=_arcs(known, points, unit),
        dots=_dots([(iri, points[iri], weights[iri]) for iri in order], names, unit, CHIEF / enlarged, section),
    )


def _weigh(ways: Iterable[Way]) -> Mapping[str, int]:
    weights: Counter[str] = Counter()
    for way in ways:
        weights.update(dict.fromkeys({way.start, way.goal}, way.weight))
    return weights


def _section(points: Iterable[Point]) -> Box:
    """Return the part of the map that shows all points, in its proportions."""
    xs, ys = zip(*points, strict=True)
    width = max(max(xs) - min(xs) + 2 * MARGIN, (max(ys) - min(ys) + 2 * MARGIN) * WIDTH / HEIGHT, SMALLEST)
    width = min(width, WIDTH)
    height = width * HEIGHT / WIDTH
    left = min(max((min(xs) + max(xs) - width) / 2, 0), WIDTH - width)
    top = min(max((min(ys) + max(ys) - height) / 2, 0), HEIGHT - height)
    return Box(left, top, width, height)


def _arcs(ways: Sequence[Way], points: Mapping[str, Point], unit: float) -> list[Arc]:
    """Draw the arcs; a second one between the same places bends more."""
    seen: dict[frozenset[str], int] = {}
    arcs = []
    for way in ways:
        if way.start == way.goal:
            continue
        pair = frozenset((way.start, way.goal))
        turn = seen[pair] = seen.get(pair, -1) + 1
        arcs.append(_arc(way, points[way.start], points[way.goal], 0.16 + 0.1 * turn, unit))
    return arcs


def _arc(way: Way, start: Point, goal: Point, bend: float, unit: float) -> Arc:
    dx, dy = goal[0] - start[0], goal[1] - start[1]
    length = math.hypot(dx, dy) or 1
    side = 1 if dx >= 0 else -1  # both directions bend upwards
    over = (
        (start[0] + goal[0]) / 2 + side * bend * dy,
        (start[1] + goal[1]) / 2 - side * bend * dx,
    )
    width = round(unit * min(7, 1.2 + 1.2 * math.sqrt(way.weight)), 2)
    size = min(unit * 9 + width, length / 2)
    angle = math.atan2(goal[1] - over[1], goal[0] - over[0])
    corners = [
        (goal[0] - size * math.cos(angle + turn), goal[1] - size * math.sin(angle + turn)) for turn in (-0.4, 0.4)
    ]
    end = (goal[0] - size * 0.8 * math.cos(angle), goal[1] - size * 0.8 * math.sin(angle))
    return Arc(
        line=f"M{_pair(start)}Q{_pair(over)} {_pair(end)}",
        head=" ".join(map(_pair, (goal, *corners))),
        width=width,
        status=way.status,
        title=way.title,
    )


def _dots(
    places: Sequence[tuple[str, Point, int]], names: Mapping[str, str], unit: float, chief: float, section: Box
) -> list[Dot]:
    """Draw the places, and the names of those where there is room for one."""
    radii = {iri: unit * min(8, 2.5 + math.sqrt(weight)) for iri, _, weight in places}
    covered = {iri: _around(point, radii[iri]) for iri, point, _ in places}
    labels: list[Bounds] = []
    chiefs: list[Bounds] = []
    dots: list[Dot] = []
    for iri, point, _ in places:
        label = None
        if len(labels) < MOST_LABELS:
            freely = [*labels, *(box for other, box in covered.items() if other != iri)]
            covering = [*labels, *(covered[dot.iri] for dot in dots)]  # what weighs less may lie under a great name
            offers = list(_offer_labels(names[iri], point, radii[iri] + 2 * unit, 15 * unit))
            rooms = [freely, covering] if len(dots) < MOST_GREAT else [freely]
            label = next((offer for room in rooms for offer in offers if _fits(offer.box, room, section)), None)
        if label is None:
            dots.append(Dot(iri, *_round(point), round(radii[iri], 1), names[iri], "", "start", 0, 0, chief=False))
            continue
        labels.append(label.box)
        large = label.enlarge(chief).box
        is_chief = _fits(large, chiefs, section)
        if is_chief:
            chiefs.append(large)
        at = _round((label.x, label.y))
        dots.append(
            Dot(iri, *_round(point), round(radii[iri], 1), names[iri], names[iri], label.anchor, *at, chief=is_chief)
        )
    return dots


def _offer_labels(name: str, point: Point, away: float, size: float) -> Iterator[Label]:
    """Yield where the name of a place may stand, the best first: right of it, left of it, below, above."""
    x, y = point
    width = size * _LETTER * len(name)
    yield Label(x + away, y, "start", width, size)
    yield Label(x - away, y, "end", width, size)
    yield Label(x, y + away + size / 2, "middle", width, size)
    yield Label(x, y - away - size / 2, "middle", width, size)


def _fits(box: Bounds, taken: Iterable[Bounds], section: Box) -> bool:
    left, top, right, bottom = box
    inside = left >= section.left and right <= section.left + section.width
    inside = inside and top >= section.top and bottom <= section.top + section.height
    return inside and not any(_overlap(box, other) for other in taken)


def _around(point: Point, radius: float) -> Bounds:
    return point[0] - radius, point[1] - radius, point[0] + radius, point[1] + radius


def _overlap(one: Bounds, other: Bounds) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def _round(point: Point) -> Point:
    return round(point[0], 1), round(point[1], 1)


def _pair(point: Point) -> str:
    return f"{point[0]:.1f},{point[1]:.1f}"
