"""What a graph holds as a whole: how much of what, when, and the deployments that matter most.

The same as the SPARQL queries of these names on the pages find; counting rows here takes milliseconds where the graph
would take seconds.
"""

from typing import Any, Final, Literal, NamedTuple

from kg.fulltext.asking import Index

Order = Literal["latest", "largest", "disputed"]

_VALID: Final = "since <= :number AND until > :number"
_EVENTS: Final = f"FROM docs WHERE kind = 'event' AND {_VALID}"
_MONTH: Final = "substr(begin, 1, 7)"
_CLASSES: Final = f"""
SELECT iif(kind = 'entity', type, kind), count(*) FROM docs WHERE {_VALID} GROUP BY 1 ORDER BY 1
"""
_STANDINGS: Final = f"SELECT type, status, count(*) {_EVENTS} GROUP BY type, status ORDER BY type, status"
_MONTHS: Final = f"""
SELECT {_MONTH}, type, status, count(*) {_EVENTS} AND begin != '' GROUP BY 1, type, status ORDER BY 1, type, status
"""
_DEPLOYMENTS: Final[dict[Order, str]] = {
    "latest": "forces > 0 ORDER BY day DESC, article, iri",
    "largest": "forces > 0 ORDER BY forces DESC, iri",
    "disputed": "disputed ORDER BY weight DESC, iri",
}


class Standing(NamedTuple):
    """The events of one type and standing."""

    type: str
    status: str
    events: int


class MonthStanding(NamedTuple):
    """The events of one type and standing that begin in a month (`2024-11`)."""

    month: str
    type: str
    status: str
    events: int


class Overview:
    """What one snapshot holds; each method may raise `QueryTimeoutError`."""

    def __init__(self, index: Index, snapshot: int) -> None:
        """Look into the index.

        Raises:
            IndexNotReadyError: the index does not know the snapshot.
        """
        self._index, self._snapshot = index, snapshot
        index.ask_about(snapshot)

    def classes(self) -> dict[str, int]:
        """Count entities by type, and `Event`, `Claim` and `Article`."""
        return {name[:1].upper() + name[1:]: count for name, count in self._ask(_CLASSES)}

    def standings(self) -> list[Standing]:
        """Count events by type and standing."""
        return [Standing(*row) for row in self._ask(_STANDINGS)]

    def months(self) -> list[MonthStanding]:
        """Count events by the month in which they begin, type and standing, the earliest first; undated ones not."""
        return [MonthStanding(*row) for row in self._ask(_MONTHS)]

    def deployments(self, order: Order, limit: int) -> list[str]:
        """Return the IRIs of deployments: with a figure the latest reported or the largest, or the most disputed."""
        sql = f"SELECT iri {_EVENTS} AND type = 'Deployment' AND {_DEPLOYMENTS[order]} LIMIT :limit"
        return [iri for (iri,) in self._ask(sql, limit=limit)]

    def _ask(self, sql: str, **values: object) -> list[Any]:
        return self._index.ask_about(self._snapshot).ask(sql, **values)
