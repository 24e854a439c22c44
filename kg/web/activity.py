"""What a thing has a part in, from the index beside the store, or from the graph where there is no index of it."""

from collections.abc import Mapping
from contextlib import suppress
from typing import Protocol

from kg.errors import IndexNotReadyError, QueryTimeoutError
from kg.fulltext.activity import Activity, Group, MonthCount, Part, Tie
from kg.vocab import LB
from kg.web.choosing import current_snapshot, index
from kg.web.context import current_graph
from kg.web.graph import Graph, local_name


class ActivityLike(Protocol):
    """What the index and the graph can both tell; see `kg.fulltext.activity.Activity`."""

    def groups(self) -> list[Group]:
        """Count its claims by type and role."""

    def claims(self, type_: str, role: str, limit: int, offset: int = 0) -> list[Part]:
        """Return its claims of a type and role."""

    def latest(self, shares: Mapping[tuple[str, str], int]) -> list[Part]:
        """Return its latest claims of some types and roles."""

    def months(self) -> list[MonthCount]:
        """Count its claims by month and standing."""

    def ties(self, limit: int) -> list[Tie]:
        """Return what shares most claims with it."""

    def mentions(self, limit: int) -> list[str]:
        """Return the articles that mention it."""


def read_activity(iri: str) -> ActivityLike:
    """Return what tells of a thing's activity in the snapshot that is read."""
    with suppress(IndexNotReadyError):
        return Activity(index(), current_snapshot(), iri)
    return GraphActivity(current_graph(), iri)


class GraphActivity:
    """The same as from the index, asked of the graph: of a store that was published without one."""

    def __init__(self, graph: Graph, thing: str) -> None:
        self._graph = graph
        self._thing = thing

    def groups(self) -> list[Group]:
        """Count its claims by type and role, the most first."""
        rows = self._graph.select("entity-groups", this=self._thing)
        return [
            Group(local_name(row["type"].value), local_name(row["role"].value), int(row["count"].value)) for row in rows
        ]

    def claims(self, type_: str, role: str, limit: int, offset: int = 0) -> list[Part]:
        """Return its claims of a type and role (empty: any), those of the latest articles first."""
        wanted = {"type": LB.iri + type_ if type_ else None, "role": LB.iri + role if role else None}
        rows = self._graph.select("entity-claims", limit=limit, offset=offset, this=self._thing, **wanted)
        return [Part(row["claim"].value, local_name(row["type"].value), local_name(row["role"].value)) for row in rows]

    def latest(self, shares: Mapping[tuple[str, str], int]) -> list[Part]:
        """Return its latest claims of some types and roles, so many of each, in the order of `shares`."""
        return [part for kind, most in shares.items() for part in self.claims(*kind, most)]

    def months(self) -> list[MonthCount]:
        """Count its claims by month and standing; none where that takes too long."""
        with suppress(QueryTimeoutError):
            rows = self._graph.select("entity-months", this=self._thing)
            return [
                MonthCount(row["month"].value, local_name(row["status"].value), int(row["events"].value))
                for row in rows
            ]
        return []

    def ties(self, limit: int) -> list[Tie]:
        """Return what shares most claims with it; nothing where that takes too long."""
        found: dict[str, dict[str, int]] = {}
        with suppress(QueryTimeoutError):
            for row in self._graph.select("entity-ties", this=self._thing):
                types = found.setdefault(row["other"].value, {})
                types[local_name(row["type"].value)] = int(row["claims"].value)
        ties = (Tie(other, sum(types.values()), types) for other, types in found.items())
        return sorted(ties, key=lambda tie: (-tie.claims, tie.other))[:limit]

    def mentions(self, limit: int) -> list[str]:
        """Return the IRIs of the articles that mention it, the latest first."""
        return [row["article"].value for row in self._graph.select("entity-articles", this=self._thing, limit=limit)]
