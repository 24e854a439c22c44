"""What is written of new documents: their rows in all tables, many at once.

SQLite takes the rows of a table together in half the time that it needs for one after the other, and those of a table
that is kept in order of its key sooner when they come in that order.
"""

import json
import sqlite3
from collections.abc import Iterable
from typing import Final

from kg.fulltext.database import FOREVER
from kg.fulltext.documents import KINDS, Document
from kg.fulltext.words import SHORTEST_FIRST, SHORTEST_INSIDE, is_number

_INSERTS: Final = {
    "docs": f"INSERT INTO docs VALUES ({', '.join('?' * 17)})",
    "countries": "INSERT INTO countries VALUES (?, ?)",
    "names": "INSERT INTO names (id, folded, doc) VALUES (?, ?, ?)",
    "grams": "INSERT INTO grams (rowid, folded) VALUES (?, ?)",
    "identifiers": "INSERT INTO identifiers VALUES (?, ?)",
    "roles": "INSERT INTO roles VALUES (?, ?, ?)",
    "vocabulary": "INSERT INTO vocabulary (id, word) VALUES (?, ?)",
    "parts": "INSERT INTO parts (rowid, word) VALUES (?, ?)",
    **{f"{kind}_words": f"INSERT INTO {kind}_words (rowid, words) VALUES (?, ?)" for kind in KINDS},
}
_IN_ORDER: Final = ("countries", "identifiers", "roles")
"""Tables that are kept in the order of their rows."""
_THINGS: Final = "SELECT iri, id FROM things WHERE iri IN (SELECT value FROM json_each(?))"
_WORDS: Final = "SELECT word FROM vocabulary WHERE word IN (SELECT value FROM json_each(?))"


class Rows:
    """Writes documents into an index; their ids follow one another."""

    def __init__(self, database: sqlite3.Connection, since: int) -> None:
        """Take the database and the number of the snapshot from which on the documents are valid."""
        self._database = database
        self._since = since
        self._last = {table: self._last_id(table) for table in ("docs", "names", "vocabulary", "things")}
        self._words = set[str]()
        """Words of the vocabulary that were met already."""
        self._numbers = dict[str, int]()
        """Of things, by their IRIs."""

    def write(self, documents: Iterable[Document]) -> list[int]:
        """Write new documents, and return their ids."""
        written = list(documents)
        self._number({thing: None for document in written for _, thing in document.parts})
        rows: dict[str, list[tuple[object, ...]]] = {table: [] for table in _INSERTS}
        ids = [self._add(document, rows) for document in written]
        self._learn({word: None for document in written for word in document.words}, rows)
        for table, found in rows.items():
            if found:
                ordered = sorted(found) if table in _IN_ORDER else found
                self._database.executemany(_INSERTS[table], ordered)
        return ids

    def _add(self, new: Document, rows: dict[str, list[tuple[object, ...]]]) -> int:
        """Add the rows of a document, and return its id."""
        id_ = self._next("docs")
        told = (new.type, new.status, new.begin, new.end, new.day, new.weight, new.forces, new.is_disputed)
        named = (new.german, new.english, new.article)
        rows["docs"].append((id_, new.kind, new.iri, *told, *named, new.digest, self._since, FOREVER))
        rows["countries"] += ((country, id_) for country in new.countries)
        for name in new.names:
            known = self._next("names")
            rows["names"].append((known, name, id_))
            rows["grams"].append((known, name))
        rows["identifiers"] += ((identifier, id_) for identifier in new.identifiers)
        rows["roles"] += ((self._numbers[thing], id_, role) for role, thing in new.parts)
        rows[f"{new.kind}_words"].append((id_, " ".join(new.words)))
        return id_

    def _number(self, things: Iterable[str]) -> None:
        """Give things a number each, which they keep when nothing names them any more."""
        new = [thing for thing in things if thing not in self._numbers]
        self._numbers |= dict(self._database.execute(_THINGS, (json.dumps(new),)))
        added = [(self._next("things"), thing) for thing in new if thing not in self._numbers]
        self._database.executemany("INSERT INTO things (id, iri) VALUES (?, ?)", added)
        self._numbers |= {thing: number for number, thing in added}

    def _learn(self, words: Iterable[str], rows: dict[str, list[tuple[object, ...]]]) -> None:
        """Keep the words that may be compounds. They stay when nothing has them any more: then they find nothing."""
        new = [word for word in words if word not in self._words and _may_be_compound(word)]
        self._words.update(new)
        known = {word for (word,) in self._database.execute(_WORDS, (json.dumps(new),))}
        rows["vocabulary"] += ((self._next("vocabulary"), word) for word in new if word not in known)
        rows["parts"] += rows["vocabulary"]

    def _next(self, table: str) -> int:
        self._last[table] += 1
        return self._last[table]

    def _last_id(self, table: str) -> int:
        return int(self._database.execute(f"SELECT ifnull(max(id), 0) FROM {table}").fetchone()[0])


def _may_be_compound(word: str) -> bool:
    return len(word) >= SHORTEST_FIRST + SHORTEST_INSIDE and not is_number(word)
