"""The names of a snapshot's things in memory: by the beginnings of words, by likeness, by identifier.

Upper and lower case, accents and umlauts do not matter, in either spelling ("Turkei" and "Tuerkei" find the Türkei).
"""

import json
import sqlite3
import threading
from collections.abc import Collection, Mapping
from typing import Any, NamedTuple

from kg.folding import fold, fold_both
from kg.vocab import WIKIDATA
from kg.web.graph import Graph, local_name

MOST_FOUND = 50
MOST_ALIKE = 100
"""Names that a search by likeness looks at."""
GRAM = 3
"""Letters that two names share at least to be alike, in SQLite's trigram index."""

_SCHEMA = """
CREATE VIRTUAL TABLE names USING fts5(folded, iri UNINDEXED, class UNINDEXED, weight UNINDEXED, tokenize='unicode61');
CREATE VIRTUAL TABLE grams USING fts5(folded, content='', tokenize='trigram');
CREATE TABLE identifiers (identifier TEXT, iri TEXT);
"""
_INDEX = "CREATE INDEX by_identifier ON identifiers (identifier)"
_FIND = """
SELECT iri, class FROM names WHERE names MATCH :match
GROUP BY iri ORDER BY MAX(folded = :whole) DESC, MAX(weight) DESC, iri LIMIT :limit
"""
_ALIKE = """
SELECT names.iri, names.class, names.folded, names.weight FROM grams JOIN names ON names.rowid = grams.rowid
WHERE grams MATCH :match AND names.class IN (SELECT value FROM json_each(:kinds)) ORDER BY grams.rank LIMIT :limit
"""
_CALLED = """
SELECT iri, class, folded, weight FROM names
WHERE names MATCH :match AND folded = :folded AND class IN (SELECT value FROM json_each(:kinds)) LIMIT :limit
"""
_IDENTIFIED = """
SELECT DISTINCT iri, class, folded, weight FROM identifiers JOIN names USING (iri) WHERE identifier = :identifier
"""


class Named(NamedTuple):
    """A thing by one of its names."""

    iri: str
    kind: str
    """`Article`, or an entity type."""
    folded: str
    articles: int
    """How many mention it."""


class NameIndex:
    """The names of one snapshot; a new snapshot is indexed by the first question about it. Threads may share it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._snapshot = ""
        self._database = sqlite3.connect(":memory:", check_same_thread=False)

    def find(self, query: str, snapshot: str, graph: Graph) -> list[tuple[str, str]]:
        """Return the IRIs and classes of what the query's words fit, exact names first, then the most mentioned.

        Args:
            query: words, each the beginning of a word of the name.
            snapshot: the name of the current snapshot.
            graph: where its names come from.
        """
        words = fold(query).split()
        if not words:
            return []
        match = " ".join(f'"{word}"*' for word in words)
        values: dict[str, str | int] = {"match": match, "whole": " ".join(words), "limit": MOST_FOUND}
        return [(iri, kind) for iri, kind in self._ask(_FIND, values, snapshot, graph)]

    def alike(self, query: str, kinds: Collection[str], snapshot: str, graph: Graph) -> list[Named]:
        """Return the things of some kinds that are called so, or else those whose names share most with the query.

        Other arguments as in `find`.
        """
        folded = fold(query)
        if not folded:
            return []
        values: dict[str, str | int] = {"kinds": json.dumps(sorted(kinds)), "limit": MOST_ALIKE}
        called = values | {"match": f'"{folded}"', "folded": folded}
        rows = self._ask(_CALLED, called, snapshot, graph)
        if not rows and len(folded) >= GRAM:  # likeness takes milliseconds, and is for what is not spelt so
            grams = dict.fromkeys(folded[start : start + GRAM] for start in range(len(folded) - GRAM + 1))
            values["match"] = " OR ".join(f'"{gram}"' for gram in grams)
            rows = self._ask(_ALIKE, values, snapshot, graph)
        return [Named(*row) for row in rows]

    def identified(self, identifier: str, snapshot: str, graph: Graph) -> list[Named]:
        """Return the names of the entities with this IRI or key (`country/KP`), or that are this elsewhere (`Q423`)."""
        return [Named(*row) for row in self._ask(_IDENTIFIED, {"identifier": identifier}, snapshot, graph)]

    def _ask(self, sql: str, values: Mapping[str, str | int], snapshot: str, graph: Graph) -> list[Any]:
        with self._lock:
            if snapshot != self._snapshot:
                self._build(graph)
                self._snapshot = snapshot
            return list(self._database.execute(sql, values))

    def _build(self, graph: Graph) -> None:
        self._database.close()
        self._database = sqlite3.connect(":memory:", check_same_thread=False)
        self._database.executescript(_SCHEMA)
        weights = {row["this"].value: int(row["articles"].value) for row in graph.select("mention-counts")}
        names = {
            (folded, row["this"].value, local_name(row["class"].value))
            for row in graph.select("names")
            for folded in fold_both(row["name"].value)
        }
        rows = [(folded, iri, kind, weights.get(iri, 0)) for folded, iri, kind in sorted(names)]
        self._database.executemany("INSERT INTO names VALUES (?, ?, ?, ?)", rows)
        self._database.execute("INSERT INTO grams (rowid, folded) SELECT rowid, folded FROM names")
        things = sorted({(iri, kind) for _, iri, kind in names if kind != "Article"})
        own = [(each, iri) for iri, _ in things for each in (iri, iri.removeprefix(f"{graph.base_iri}id/"))]
        elsewhere = [(row["other"].value, row["this"].value) for row in graph.select("identifiers")]
        short = [(other.removeprefix(WIKIDATA.iri), iri) for other, iri in elsewhere if other.startswith(WIKIDATA.iri)]
        self._database.executemany("INSERT INTO identifiers VALUES (?, ?)", [*own, *elsewhere, *short])
        self._database.execute(_INDEX)
