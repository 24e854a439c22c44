"""Cartesian products: parts of a group that have no variable in common, so that each row is combined with each."""

from collections.abc import Iterable, Iterator, Sequence
from math import prod
from typing import NamedTuple, Protocol

from kg.web.querypatterns import NONE, Binding, Group, Part, Pattern, Union, Values, Variables, is_minus

MOST_BRANCHES = 200
"""Branches of unions in one group that are looked at each by itself."""

Links = Sequence[tuple[Variables, Variables]]


class Counts(Protocol):
    """Counts what is in the graphs that are asked; what cannot be counted is taken for much."""

    def triples(self, pattern: Pattern) -> int:
        """Return how many triples fit a pattern."""

    def values(self, pattern: Pattern, variable: str) -> int:
        """Return how many values of a variable there are in the triples that fit a pattern."""


class Product(NamedTuple):
    """Parts of a group that have no variable in common."""

    components: Sequence[Sequence[Part]]

    def texts(self) -> list[list[str]]:
        """Return the texts of its parts."""
        return [[part.text for part in component] for component in self.components]


def find_products(group: Group, bound: Variables = NONE) -> Iterator[Product]:
    """Yield the products in a group and in those within.

    Args:
        group: the group.
        bound: variables that have one value each while it is looked at, as those around EXISTS have.
    """
    yield from _find_here(group, bound)
    for inner in group.parts:
        for each in inner.branches if isinstance(inner, Union) else (inner,):
            if isinstance(each, Group):
                yield from find_products(each, bound)
    around = bound | NONE.union(*(part.variables for part in group.parts))
    for condition in group.conditions:
        yield from find_products(condition, around)


def estimate_rows(part: Part, counts: Counts) -> int:
    """Return how many rows may come of a part, roughly.

    Joined parts are taken to give as many rows as the one with the fewest; a query within that groups its rows gives no
    more than there are values to group them by.
    """
    if isinstance(part, Pattern):
        return counts.triples(part)
    if isinstance(part, Values):
        return part.rows
    if isinstance(part, Binding):
        return 1
    if isinstance(part, Union):
        return sum(estimate_rows(branch, counts) for branch in part.branches)
    components = _split(_list_joined(part), _list_links(part), NONE)
    rows = prod(estimate_joined(component, counts) for component in components)
    bounds = [] if part.most_rows is None else [part.most_rows]
    if part.keys is not None:
        bounds.append(prod(_estimate_values(part, key, counts, rows) for key in part.keys))
    return min([rows, *bounds])


def _estimate_values(group: Group, variable: str, counts: Counts, rows: int) -> int:
    """Return how many values a variable of a group may have; `rows` where no pattern tells."""
    patterns = (part for part in group.parts if isinstance(part, Pattern) and variable in part.variables)
    return min((counts.values(pattern, variable) for pattern in patterns), default=rows)


def estimate_joined(component: Sequence[Part], counts: Counts) -> int:
    """Return how many rows may come of parts that are joined, as `estimate_rows`; what is optional takes none away."""
    needed = [part for part in component if not (isinstance(part, Group) and part.role == "OPTIONAL")]
    return min(estimate_rows(part, counts) for part in needed or component)


def _find_here(group: Group, bound: Variables) -> Iterator[Product]:
    parts, links = _list_joined(group), _list_links(group)
    components = _split(parts, links, bound)
    if len(components) > 1:
        yield Product(components)
        return
    branches = (
        (place, branch) for place, part in enumerate(parts) if isinstance(part, Union) for branch in part.branches
    )
    for _, (place, branch) in zip(range(MOST_BRANCHES), branches, strict=False):
        components = _split([*parts[:place], branch, *parts[place + 1 :]], links, bound)
        if len(components) > 1:
            yield Product(components)


def _list_joined(group: Group) -> list[Part]:
    return [part for part in group.parts if not isinstance(part, Binding) and not is_minus(part)]


def _list_links(group: Group) -> Links:
    """Return what makes variables depend on one another beside the parts: equations, and bindings."""
    bindings = [(part.variables, part.sources) for part in group.parts if isinstance(part, Binding)]
    inner = [part for part in group.parts if isinstance(part, Group) and part.role == "OPTIONAL"]
    return [*group.equal, *bindings, *(pair for each in inner for pair in each.equal)]


def _split(parts: Iterable[Part], links: Links, bound: Variables) -> list[list[Part]]:
    """Return the parts that may give several rows, those together that have variables in common."""
    sets = _DisjointSets()
    shown = [part for part in parts if part.variables]
    for variables in (*(part.variables for part in shown), bound):
        sets.join(variables)
    waiting = list(links)
    while waiting:
        left = [pair for pair in waiting if not sets.join_sides(*pair)]
        if len(left) == len(waiting):
            break
        waiting = left
    components: dict[str, list[Part]] = {}
    for part in shown:
        components.setdefault(sets.find(next(iter(part.variables))), []).append(part)
    return [component for component in components.values() if not all(part.is_single for part in component)]


class _DisjointSets:
    """Sets of variables that depend on one another."""

    def __init__(self) -> None:
        self._parents: dict[str, str] = {}

    def find(self, name: str) -> str:
        """Return what stands for the set of a variable."""
        while (parent := self._parents.get(name, name)) != name:
            self._parents[name] = self._parents.get(parent, parent)
            name = parent
        return name

    def join(self, names: Iterable[str]) -> None:
        """Make one set of those of some variables."""
        roots = [self.find(name) for name in names]
        self._parents.update(dict.fromkeys(roots, roots[0]) if roots else {})

    def join_sides(self, one: Variables, other: Variables) -> bool:
        """Join the two sides of an equation; False where a side is of several sets, which are to be combined first."""
        sides = [{self.find(name) for name in side} for side in (one, other)]
        if any(len(side) != 1 for side in sides):
            return False
        self.join(sides[0] | sides[1])
        return True
