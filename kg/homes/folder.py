"""A store in a folder as the writer sees it: the database, the lock, marks of what is unfinished, and snapshots.

STORE/store.json     what the store is: its format and the base IRI of its data
STORE/writer.lock    held by the one process that writes
STORE/data/          the database that the writer works on; no reader opens it
STORE/own.new/       a copy without the guests, while something is derived beside them
STORE/unpublished, STORE/unsafe   marks of what is unfinished, see kg/layout.py
STORE/derived        the rules that its derived graphs follow from; not there while they are out of date
STORE/removed        what was removed, see kg/tombstones.py
STORE/snapshots/N/   a copy by hard links, never changed
STORE/current        link to the newest snapshot; swapped atomically
"""

import logging
import os
import shutil
from collections.abc import Iterable
from concurrent.futures import Future
from contextlib import AbstractContextManager
from functools import partial
from pathlib import Path
from typing import Any, BinaryIO

import pyoxigraph as ox

from kg.fulltext.updating import Publication, update_index
from kg.guests import GuestGraphs
from kg.homes.indexing import documents_of
from kg.homes.interface import DeriveFrom
from kg.homes.mirror import Follower, Mirror
from kg.homes.readers import SnapshotDocuments
from kg.layout import check_or_create, clear_mark, has_mark, lock_writer, no_store, set_mark, unsafe
from kg.remote import QuadStore
from kg.snapshots import OWN, drop_checkpoint, drop_unpublished, explained, publish, recover, save_checkpoint
from kg.tombstones import bury
from kg.vocab import Minter

_log = logging.getLogger(__name__)

_FORMATS = {".nq": ox.RdfFormat.N_QUADS, ".trig": ox.RdfFormat.TRIG}
_BULK = 2_000_000
"""Bytes from which on writing them to files of their own costs less than a transaction."""
_IN_MEMORY = 150_000_000
"""Bytes up to which what a new store holds is kept in memory too, which takes about as many again. Reading a quad takes
a tenth of the time there: the database looks each of its terms up in files."""
_LOOSE = 100_000_000
"""Bytes written to files of their own that are too many to stay apart: lookups look into each that may have it."""
_CHECKPOINT = 300_000_000
"""Bytes after which the database is copied: no more have to be read again should it be left unsafe."""


class FolderHome:
    """A folder of this machine; one process has it at a time."""

    def __init__(self, path: Path, base_iri: str, rules: str, *, create: bool) -> None:
        """Lock the folder and open its database; see `open_home`."""
        self._path = path
        self._rules = rules
        self._mint = Minter(base_iri)
        self._own: Path | None = None
        self._copy: ox.Store | None = None
        """All that is in the database but guests, in memory, as long as nothing but new articles was written."""
        self._copied = 0
        """Bytes that were written to the copy."""
        self._unsaved = 0
        """Bytes that were written to files of their own since the last copy of the database."""
        self._loose = 0
        """Likewise, since these files were last merged."""
        with explained(path):
            if not create and not (path / "store.json").exists():
                raise no_store(path)
            try:
                path.mkdir(parents=True, exist_ok=True)
            except (FileExistsError, NotADirectoryError):
                raise no_store(path) from None
            self._lock = lock_writer(path)
            try:
                check_or_create(path, base_iri)
                recover(path)
                self._store = ox.Store(str(path / "data"))
                self._follower = Follower(self._store)
                if next(self._store.quads_for_pattern(None, None, None, None), None) is None:
                    self._copy = ox.Store()
                if has_mark(path, "unpublished"):
                    _log.warning(
                        "%s: a writer was stopped before it published; what it finished comes with this.", path
                    )
                self.is_derived = _read_text(path / "derived") == rules
                drop_unpublished(path)
            except BaseException:
                os.close(self._lock)
                raise

    @property
    def store(self) -> QuadStore:
        """The database."""
        return self._store

    def open_for_change(self) -> QuadStore:
        """Return the database; the copy in memory does not follow."""
        self._copy = None
        return self._store

    def explained(self) -> AbstractContextManager[None]:
        """Explain the disk's errors."""
        return explained(self._path)

    def mark_changed(self) -> None:
        """Leave the marks of what is not published."""
        set_mark(self._path, "unpublished")
        (self._path / "derived").unlink(missing_ok=True)

    def write(self, quads: bytes) -> None:
        """Write N-Quads in one transaction, or many of them to files of their own."""
        if len(quads) < _BULK:
            self._store.load(quads, format=ox.RdfFormat.N_QUADS, lenient=True)
        else:
            self._write_files(quads)
        self._copied += len(quads)
        if self._copied > _IN_MEMORY:
            self._copy = None
        if self._copy is not None:
            self._copy.load(quads, format=ox.RdfFormat.N_QUADS, lenient=True)

    def _write_files(self, quads: bytes) -> None:
        with unsafe(self._path):
            self._store.bulk_load(quads, format=ox.RdfFormat.N_QUADS, lenient=True)
        self._unsaved += len(quads)
        self._loose += len(quads)
        if self._unsaved >= _CHECKPOINT:
            save_checkpoint(self._store, self._path)
            self._unsaved = 0

    def fill(self, source: Path | BinaryIO, ending: str) -> None:
        """Load a whole graph from a file, by its path or opened, whose format `ending` names: `.nq` or `.trig`.

        Raises:
            SyntaxError: it is not of its format.
        """
        self._copy = None
        place: dict[str, Any] = {"path": source} if isinstance(source, Path) else {"input": source}
        with unsafe(self._path):
            self._store.bulk_load(format=_FORMATS[ending], **place)
        self._loose = _LOOSE

    def bring_up_to_date(self, derive: DeriveFrom, *, is_due: bool) -> set[str] | None:
        """Derive what is due: from the copy in memory, or where there are guests from one without them."""
        if self._loose >= _LOOSE:
            merge_files(self._store)
            self._loose = 0
        guests = GuestGraphs(self._store, self._mint)
        self._own = None
        # If this fails, the copy may have what the database lacks; and where there are guests, another is needed.
        in_memory, self._copy = self._copy, None
        if not guests.any():
            store: QuadStore = self._store if in_memory is None else Mirror(self._follower, in_memory)
            touched = derive(store) if is_due else set()
            self._copy = in_memory
            return touched
        self._own = folder = self._path / "own.new"
        shutil.rmtree(folder, ignore_errors=True)  # of a writer that was killed
        last = self._path / "current"
        if not is_due and last.exists():  # only guests have changed
            ox.Store.read_only(str(last / OWN if (last / OWN).exists() else last)).backup(str(folder))
            return set()
        self._store.backup(str(folder))
        copy = ox.Store(str(folder))
        guests.remove_from(copy)
        touched = derive(Mirror(self._follower, copy))
        copy.flush()
        return touched

    def publish(self, removed: Iterable[str], touched: set[str] | None) -> None:
        """Copy the database and make the copy what readers open."""
        bury(self._path, removed)
        in_memory, self._copy = self._copy, None
        copy = partial(self._follower.copy_to, own=self._own)
        publish(self._path, copy, partial(self._index, touched, in_memory))
        clear_mark(self._path, "unpublished")
        drop_checkpoint(self._path)
        (self._path / "derived").write_text(self._rules, encoding="utf-8")

    def close(self) -> None:
        """Close the database and give the lock back."""
        self._follower.close()
        del self._store  # pyoxigraph closes the database with its last reference
        os.close(self._lock)

    def _index(
        self,
        touched: set[str] | None,
        in_memory: ox.Store | None,
        copied: Future[Path],
        publication: Publication,
    ) -> None:
        """Index what is about to be published, but no guests: from memory, else from the copy of the database."""
        base = self._mint.base
        if in_memory is not None:
            update_index(self._path, documents_of(in_memory, base, sort=True), publication, touched)
            return
        snapshot = copied.result()
        store = self._store if self._own is None else open_copy(snapshot)
        update_index(self._path, SnapshotDocuments(store, base, snapshot, open_copy), publication, touched)


def merge_files(store: ox.Store) -> None:
    """Merge the files of a database: a copy stays as it was made, however those of the original are merged later."""
    store.optimize()


def open_copy(snapshot: Path) -> ox.Store:
    """Open a copy of the database, to be read."""
    return ox.Store.read_only(str(snapshot))


def _read_text(path: Path) -> str:
    return path.read_text(encoding="utf-8") if path.exists() else ""
