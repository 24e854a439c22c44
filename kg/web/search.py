"""Search over the names of things and the headlines of articles: an index in memory for each snapshot.

Upper and lower case, accents and umlauts do not matter, in either spelling ("Turkei" and "Tuerkei" find the Türkei),
and the beginning of a word is enough.
"""

import sqlite3
import threading

from flask import Blueprint, Response, current_app, request

from kg.folding import LONGEST, fold, fold_both
from kg.web.articles import read_listed
from kg.web.context import current_graph, names_for, of_snapshot, page, supervisor
from kg.web.graph import Graph, local_name

MOST_RESULTS = 50
SCHEMA = """
CREATE VIRTUAL TABLE names USING fts5(folded, iri UNINDEXED, class UNINDEXED, weight UNINDEXED, tokenize='unicode61');
"""
FIND = """
SELECT iri, class FROM names WHERE names MATCH :match
GROUP BY iri ORDER BY MAX(folded = :whole) DESC, MAX(weight) DESC, iri LIMIT :limit
"""

blueprint = Blueprint("search", __name__)


class NameIndex:
    """The names of one snapshot; a new snapshot is indexed by the first search in it."""

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
        with self._lock:
            if snapshot != self._snapshot:
                self._build(graph)
                self._snapshot = snapshot
            match = " ".join(f'"{word}"*' for word in words)
            found = self._database.execute(FIND, {"match": match, "whole": " ".join(words), "limit": MOST_RESULTS})
            return [(iri, kind) for iri, kind in found]

    def _build(self, graph: Graph) -> None:
        self._database.close()
        self._database = sqlite3.connect(":memory:", check_same_thread=False)
        self._database.executescript(SCHEMA)
        weights = {row["this"].value: int(row["articles"].value) for row in graph.select("mention-counts")}
        rows = {
            (folded, row["this"].value, local_name(row["class"].value))
            for row in graph.select("names")
            for folded in fold_both(row["name"].value)
        }
        self._database.executemany(
            "INSERT INTO names VALUES (?, ?, ?, ?)",
            ((folded, iri, kind, weights.get(iri, 0)) for folded, iri, kind in sorted(rows)),
        )


@blueprint.get("/search")
@of_snapshot
def search() -> Response:
    """Show what the query finds."""
    query = request.args.get("q", "").strip()[:LONGEST]
    index: NameIndex = current_app.extensions["names"]
    found = index.find(query, supervisor().snapshot(), current_graph())
    headlines = read_listed(iri for iri, kind in found if kind == "Article")
    things = [(iri, kind) for iri, kind in found if kind != "Article"]
    return page(
        "search.html", query=query, things=things, headlines=headlines, name=names_for(iri for iri, _ in things)
    )
