"""The index follows the store: before a snapshot is shown, what the publication has changed is indexed for it.

A document that has changed ends with the snapshot before, and its successor begins with the new one. What no reader can
see any more is removed. Whatever is written for a snapshot that is then never shown, since the writer was killed, is
taken back by the next publication.
"""

import hashlib
import json
import logging
import sqlite3
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import closing
from itertools import islice
from pathlib import Path
from typing import Final, NamedTuple

from kg.errors import StoreError
from kg.fulltext.database import FOREVER, discard, open_for_writing
from kg.fulltext.documents import Document, Documents
from kg.fulltext.words import SHORTEST_FIRST, SHORTEST_INSIDE, is_number

BATCH: Final = 500
"""Things that are read and written at once."""
_INSERT: Final = f"INSERT INTO docs VALUES ({', '.join('?' * 17)})"
_LIVE: Final = (
    f"SELECT id, kind, iri, digest FROM docs WHERE until = {FOREVER} AND iri IN (SELECT value FROM json_each(?))"
)
_log = logging.getLogger(__name__)


class Publication(NamedTuple):
    """A snapshot that is to be shown."""

    number: int
    last: int
    """Number of the snapshot that readers see now; 0 if there is none."""
    oldest: int
    """Number of the oldest snapshot that somebody may still read."""


def update_index(
    store_path: Path, documents: Documents, publication: Publication, touched: Collection[str] | None
) -> None:
    """Have the index know a snapshot.

    Args:
        store_path: the store's folder.
        documents: what the snapshot says.
        publication: the snapshot.
        touched: IRIs of the things that may differ from the snapshot before, those of articles for their claims too;
            None if that is not known.

    Raises:
        StoreError: the disk refuses.
    """
    try:
        try:
            _update(store_path, documents, publication, touched)
        except sqlite3.DatabaseError as error:
            _log.warning("%s: the search index is made anew (%s).", store_path, error)
            discard(store_path)
            _update(store_path, documents, publication, None)
    except sqlite3.Error as error:
        raise StoreError(
            f"The search index of {store_path} failed: {error}.", "Check the disk's space and the rights."
        ) from error


def _update(store_path: Path, documents: Documents, publication: Publication, touched: Collection[str] | None) -> None:
    with closing(open_for_writing(store_path)) as database:
        index = _Index(database, publication)
        index.take_back()
        if touched is None or not index.knows_last():
            index.follow_all(documents)
        else:
            index.follow(documents, touched)
        index.finish()


class _Index:
    def __init__(self, database: sqlite3.Connection, publication: Publication) -> None:
        self._database = database
        self._new = publication
        self._known = set[str]()
        """Words of the vocabulary that were met already."""
        self._numbers = dict[str, int]()
        """Of things, by their IRIs."""

    def take_back(self) -> None:
        """Remove what was written for a snapshot that nobody got to see."""
        last = self._new.last
        with self._database as database:
            database.execute("BEGIN")
            database.execute("DELETE FROM snapshots WHERE number > ?", (last,))
            self._remove(database.execute("SELECT id, kind FROM docs WHERE since > ?", (last,)))
            database.execute(f"UPDATE docs SET until = {FOREVER} WHERE until > ? AND until < {FOREVER}", (last,))

    def knows_last(self) -> bool:
        """Tell whether it is complete for the snapshot before, so that only what has changed need be looked at."""
        found = self._database.execute("SELECT 1 FROM snapshots WHERE number = ?", (self._new.last,))
        return found.fetchone() is not None

    def follow_all(self, documents: Documents) -> None:
        """Compare all documents, and end those that are no more."""
        self._database.execute("CREATE TEMP TABLE seen (id INTEGER PRIMARY KEY)")
        for batch, found in documents.read_each(_batches(documents.things())):
            with self._database as database:
                database.execute("BEGIN")
                ids = self._replace(batch, found)
                database.executemany("INSERT OR IGNORE INTO seen VALUES (?)", ((id_,) for id_ in ids))
        with self._database as database:
            database.execute("BEGIN")
            database.execute(
                f"UPDATE docs SET until = ? WHERE until = {FOREVER} AND id NOT IN (SELECT id FROM seen)",
                (self._new.number,),
            )

    def follow(self, documents: Documents, touched: Collection[str]) -> None:
        """Compare the documents of some things."""
        things = sorted({*touched, *self._claims_of(touched), *documents.claims_of(touched)})
        for batch, found in documents.read_each(_batches(things)):
            with self._database as database:
                database.execute("BEGIN")
                self._replace(batch, found)

    def finish(self) -> None:
        """Let readers of the snapshot use the index, and forget what only older ones saw than there are."""
        self._database.execute("PRAGMA synchronous = FULL")  # the disk has it all before readers see the snapshot
        with self._database as database:
            database.execute("BEGIN")
            database.execute("DELETE FROM snapshots WHERE number < ?", (self._new.oldest,))
            self._remove(database.execute("SELECT id, kind FROM docs WHERE until <= ?", (self._new.oldest,)))
            database.execute("INSERT INTO snapshots VALUES (?)", (self._new.number,))

    def _claims_of(self, things: Collection[str]) -> Iterator[str]:
        """Yield the claims that were indexed as standing in those of the things that are articles."""
        for batch in _batches(things):
            sql = f"SELECT iri FROM docs WHERE article IN ({', '.join('?' * len(batch))}) AND until = {FOREVER}"
            yield from (iri for (iri,) in self._database.execute(sql, batch))

    def _replace(self, things: Sequence[str], found: Iterable[Document]) -> list[int]:
        """Bring the documents of some things up to date; return the ids of those that there are."""
        new = {(document.kind, document.iri): document for document in found}
        digests = {key: _digest(document) for key, document in new.items()}
        kept, ended = list[int](), list[tuple[int, int]]()
        for id_, kind, iri, digest in self._database.execute(_LIVE, (json.dumps(things),)):
            if digests.get((kind, iri)) == digest:
                kept.append(id_)
                del new[kind, iri]
            else:
                ended.append((self._new.number, id_))
        self._database.executemany("UPDATE docs SET until = ? WHERE id = ?", ended)
        return kept + [self._insert(document, digests[key]) for key, document in new.items()]

    def _insert(self, new: Document, digest: bytes) -> int:
        run = self._database.execute
        row = (
            new.kind,
            new.iri,
            new.type,
            new.status,
            new.begin,
            new.end,
            new.day,
            new.weight,
            new.forces,
            new.is_disputed,
        )
        named = (new.german, new.english, new.article)
        id_ = int(run(_INSERT, (None, *row, *named, digest, self._new.number, FOREVER)).lastrowid or 0)
        for country in new.countries:
            run("INSERT INTO countries VALUES (?, ?)", (country, id_))
        for name in new.names:
            known = run("INSERT INTO names (folded, doc) VALUES (?, ?)", (name, id_)).lastrowid
            run("INSERT INTO grams (rowid, folded) VALUES (?, ?)", (known, name))
        for identifier in new.identifiers:
            run("INSERT INTO identifiers VALUES (?, ?)", (identifier, id_))
        for role, thing in new.parts:
            run("INSERT INTO roles VALUES (?, ?, ?)", (self._number(thing), id_, role))
        run(f"INSERT INTO {new.kind}_words (rowid, words) VALUES (?, ?)", (id_, " ".join(new.words)))
        self._learn(new.words)
        return id_

    def _number(self, thing: str) -> int:
        """Return the number of a thing; it keeps it when nothing names it any more."""
        if thing not in self._numbers:
            run = self._database.execute
            run("INSERT OR IGNORE INTO things (iri) VALUES (?)", (thing,))
            self._numbers[thing] = run("SELECT id FROM things WHERE iri = ?", (thing,)).fetchone()[0]
        return self._numbers[thing]

    def _learn(self, words: Iterable[str]) -> None:
        """Keep the words that may be compounds. They stay when nothing has them any more: then they find nothing."""
        for word in words:
            if len(word) >= SHORTEST_FIRST + SHORTEST_INSIDE and word not in self._known and not is_number(word):
                self._known.add(word)
                added = self._database.execute("INSERT OR IGNORE INTO vocabulary (word) VALUES (?)", (word,))
                if added.rowcount:
                    self._database.execute("INSERT INTO parts (rowid, word) VALUES (?, ?)", (added.lastrowid, word))

    def _remove(self, found: Iterable[tuple[int, str]]) -> None:
        run = self._database.execute
        for id_, kind in list(found):
            for name_id, name in run("SELECT id, folded FROM names WHERE doc = ?", (id_,)).fetchall():
                run("INSERT INTO grams (grams, rowid, folded) VALUES ('delete', ?, ?)", (name_id, name))
            run(f"DELETE FROM {kind}_words WHERE rowid = ?", (id_,))
            for table in ("names", "identifiers", "countries", "roles"):
                run(f"DELETE FROM {table} WHERE doc = ?", (id_,))
            run("DELETE FROM docs WHERE id = ?", (id_,))


def _batches(things: Iterable[str]) -> Iterator[list[str]]:
    left = iter(things)
    while batch := list(islice(left, BATCH)):
        yield batch


def _digest(document: Document) -> bytes:
    return hashlib.blake2b(repr(document).encode(), digest_size=16).digest()
