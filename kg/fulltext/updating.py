"""The index follows the store: before a snapshot is shown, what the publication has changed is indexed for it.

A document that has changed ends with the snapshot before, and its successor begins with the new one. What no reader can
see any more is removed. Whatever is written for a snapshot that is then never shown, since the writer was killed, is
taken back by the next publication.
"""

import json
import logging
import sqlite3
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import closing
from itertools import islice
from pathlib import Path
from typing import Final, NamedTuple

from kg.errors import StoreError
from kg.fulltext.database import FOREVER, add_indexes, discard, open_for_writing
from kg.fulltext.documents import Document, Documents
from kg.fulltext.rows import Rows

BATCH: Final = 500
"""Things that are read and written at once."""
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
        rows = Rows(self._database, self._new.number)
        for batch, found in documents.read_each(_batches(documents.things())):
            with self._database as database:
                database.execute("BEGIN")
                ids = self._replace(batch, found, rows)
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
        rows = Rows(self._database, self._new.number)
        for batch, found in documents.read_each(_batches(things)):
            with self._database as database:
                database.execute("BEGIN")
                self._replace(batch, found, rows)

    def finish(self) -> None:
        """Let readers of the snapshot use the index, and forget what only older ones saw than there are."""
        add_indexes(self._database)
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

    def _replace(self, things: Sequence[str], found: Iterable[Document], rows: Rows) -> list[int]:
        """Bring the documents of some things up to date; return the ids of those that there are."""
        new = {(document.kind, document.iri): document for document in found}
        kept, ended = list[int](), list[tuple[int, int]]()
        for id_, kind, iri, digest in self._database.execute(_LIVE, (json.dumps(things),)):
            found_now = new.get((kind, iri))
            if found_now is not None and found_now.digest == digest:
                kept.append(id_)
                del new[kind, iri]
            else:
                ended.append((self._new.number, id_))
        self._database.executemany("UPDATE docs SET until = ? WHERE id = ?", ended)
        return kept + rows.write(new.values())

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
