"""The events of a snapshot in memory: by words of their sentences and names, by figure, country and time.

Words are found by their beginnings, numbers only whole, however their thousands are set apart: "nordkorea 10000" finds
"mehr als 10.000 nordkoreanische Soldaten".
"""

import re
import sqlite3
import threading
from collections.abc import Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, NamedTuple

from kg.errors import IndexNotReadyError
from kg.folding import LONGEST, fold, fold_both
from kg.web.graph import Graph, Row, local_name

PATIENCE = 8.0
"""Seconds that a question waits for the index."""
_THOUSANDS = re.compile(r"(?<=\d)[.,'’   ](?=\d{3}(?!\d))")
_PARTS = re.compile(rf"\S.{{0,{LONGEST - 1}}}(?=\s|$)")
_SCHEMA = """
CREATE TABLE events (number INTEGER PRIMARY KEY, iri, type, status, begin, end, latest);
CREATE TABLE countries (number, country, PRIMARY KEY (country, number)) WITHOUT ROWID;
CREATE VIRTUAL TABLE texts USING fts5(folded, content='', tokenize='unicode61');
"""
_CHOSEN = """
FROM events WHERE :kind IN ('', type) AND :status IN ('', status)
AND (:country = '' OR number IN (SELECT number FROM countries WHERE country = :country))
AND (:until = '' OR coalesce(begin, latest) <= :until) AND coalesce(end, begin, latest) >= :since
AND (:match = '' OR number IN (SELECT rowid FROM texts WHERE texts MATCH :match))
"""
_FIND = f"SELECT iri {_CHOSEN} ORDER BY latest DESC, iri LIMIT :limit OFFSET :offset"
_COUNT = f"SELECT type, status, count(*) {_CHOSEN} GROUP BY type, status"


class Wanted(NamedTuple):
    """What events are asked for; what is empty does not matter."""

    words: str = ""
    kind: str = ""
    """Type of event."""
    status: str = ""
    country: str = ""
    """IRI of a country that has a part in it."""
    since: str = ""
    until: str = ""
    """The first and the last day (ISO) between which it happens; an undated event counts by its latest report."""

    @property
    def needs_index(self) -> bool:
        """Whether it asks for more than a type and a standing."""
        return bool(self.words or self.country or self.since or self.until)


class EventIndex:
    """The events of one snapshot, indexed apart from the requests after the first question. Threads may share it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._snapshot = ""
        self._builder = ThreadPoolExecutor(1, "events")
        self._built: Future[sqlite3.Connection] = Future()

    def find(self, wanted: Wanted, limit: int, offset: int, snapshot: str, graph: Graph) -> list[str]:
        """Return the IRIs of events, the latest reported first.

        Raises:
            IndexNotReadyError: ask again later.
            QueryTimeoutError: the graph is too large for it.
        """
        values = {**_values(wanted), "limit": limit, "offset": offset}
        return [iri for (iri,) in self._ask(_FIND, values, snapshot, graph)]

    def count(self, wanted: Wanted, snapshot: str, graph: Graph) -> dict[str, dict[str, int]]:
        """Return how many events there are by type and standing; raises as `find` does."""
        counts: dict[str, dict[str, int]] = {}
        for kind, status, number in self._ask(_COUNT, _values(wanted), snapshot, graph):
            counts.setdefault(kind, {})[status] = number
        return counts

    def _ask(self, sql: str, values: Mapping[str, object], snapshot: str, graph: Graph) -> list[Any]:
        with self._lock:
            if snapshot != self._snapshot:
                self._snapshot, self._built = snapshot, self._builder.submit(_build, graph)
            built = self._built
        try:
            database = built.result(PATIENCE)
        except TimeoutError as error:
            raise IndexNotReadyError("The events are still being indexed.", "Ask again in a minute.") from error
        with self._lock:
            return list(database.execute(sql, values))


def _build(graph: Graph) -> sqlite3.Connection:
    events = {row["event"].value: row for row in graph.select("index-events")}
    numbers = {iri: number for number, iri in enumerate(sorted(events), 1)}
    texts = {iri: [row[end].value for end in ("min", "max") if end in row] for iri, row in events.items()}
    latest = dict.fromkeys(events, "")
    for row in graph.select("index-texts"):
        event = row["event"].value
        if event in texts:
            texts[event].append(row["text"].value)
            latest[event] = max(latest[event], row["issued"].value[:10] if "issued" in row else "")
    countries = {(row["event"].value, row["country"].value) for row in graph.select("index-countries")}
    database = sqlite3.connect(":memory:", check_same_thread=False)
    database.executescript(_SCHEMA)
    database.executemany(
        "INSERT INTO events VALUES (?, ?, ?, ?, ?, ?, ?)",
        ((number, iri, *_columns(events[iri]), latest[iri]) for iri, number in numbers.items()),
    )
    database.executemany(
        "INSERT INTO countries VALUES (?, ?)",
        sorted((numbers[event], country) for event, country in countries if event in numbers),
    )
    database.executemany(
        "INSERT INTO texts (rowid, folded) VALUES (?, ?)",
        ((number, " ".join(_fold_all(texts[iri]))) for iri, number in numbers.items()),
    )
    return database


def _columns(row: Row) -> tuple[str | None, ...]:
    """Return type, standing, begin and end of an event."""
    days = [row[end].value if end in row else None for end in ("begin", "end")]
    return local_name(row["type"].value), local_name(row["status"].value), *days


def _values(wanted: Wanted) -> dict[str, object]:
    words = fold(_join_thousands(wanted.words)).split()
    match = " ".join(f'"{word}"' if word.isdigit() else f'"{word}"*' for word in words)
    return {**wanted._asdict(), "match": match}


def _fold_all(texts: list[str]) -> Iterator[str]:
    for text in dict.fromkeys(texts):
        for part in _PARTS.findall(_join_thousands(text)):
            yield from fold_both(part)


def _join_thousands(text: str) -> str:
    return _THOUSANDS.sub("", text)
