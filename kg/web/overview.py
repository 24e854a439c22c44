"""What the graph holds as a whole, from the index beside the store, or from the graph where there is no index of it."""

from contextlib import suppress
from typing import Final, Protocol

from kg.errors import IndexNotReadyError
from kg.fulltext.overview import MonthStanding, Order, Overview, Standing
from kg.web.choosing import current_snapshot, index
from kg.web.graph import Graph, local_name

ORDERS: Final[tuple[Order, ...]] = ("latest", "largest", "disputed")


class OverviewLike(Protocol):
    """What the index and the graph can both tell; see `kg.fulltext.overview.Overview`."""

    def classes(self) -> dict[str, int]:
        """Count entities by type, and `Event`, `Claim` and `Article`."""

    def standings(self) -> list[Standing]:
        """Count events by type and standing."""

    def months(self) -> list[MonthStanding]:
        """Count events by month, type and standing."""

    def deployments(self, order: Order, limit: int) -> list[str]:
        """Return the IRIs of the deployments that come first in an order."""


def read_overview(graph: Graph) -> OverviewLike:
    """Return what tells of the snapshot that is read."""
    with suppress(IndexNotReadyError):
        return Overview(index(), current_snapshot())
    return GraphOverview(graph)


class GraphOverview:
    """The same as from the index, asked of the graph: of a store that was published without one."""

    def __init__(self, graph: Graph) -> None:
        self._graph = graph

    def classes(self) -> dict[str, int]:
        """Count entities by type, and `Event`, `Claim` and `Article`."""
        return {local_name(row["class"].value): int(row["count"].value) for row in self._graph.select("counts")}

    def standings(self) -> list[Standing]:
        """Count events by type and standing."""
        return [
            Standing(local_name(row["type"].value), local_name(row["status"].value), int(row["count"].value))
            for row in self._graph.select("event-types")
        ]

    def months(self) -> list[MonthStanding]:
        """Count events by month, type and standing, the earliest first."""
        return [
            MonthStanding(
                row["month"].value,
                local_name(row["type"].value),
                local_name(row["status"].value),
                int(row["events"].value),
            )
            for row in self._graph.select("months")
        ]

    def deployments(self, order: Order, limit: int) -> list[str]:
        """Return the IRIs of the deployments that come first in an order."""
        return [row["event"].value for row in self._graph.select(f"deployments-{order}", limit=limit)]
