"""The snapshot that a worker reads, which it changes while it is idle and a new one is published."""

import contextlib
from collections.abc import Iterator
from pathlib import Path

from kg.errors import StoreError
from kg.remote import Location, QuadStore
from kg.snapshots import name_snapshot, number_of
from kg.store import open_snapshot


class SnapshotReader:
    """The store's current snapshot, opened read-only; follows the link `current` when that is swapped."""

    def __init__(self, store_path: Location) -> None:
        self._path = store_path
        self._open = contextlib.ExitStack()
        self._store: QuadStore | None = None
        self._own: QuadStore | None = None
        self.name = ""

    def open(self, *, own: bool = False) -> QuadStore:
        """Return the current snapshot; with `own`, without its guests.

        Raises:
            StoreError: there is none, or it cannot be read.
        """
        while self._store is None or self.name != name_snapshot(self._path):
            self._store = self._own = None
            self._open.close()
            self.name = name_snapshot(self._path)
            self._store = self._open.enter_context(open_snapshot(self._path))
        if own and self._own is None:
            self._own = self._open.enter_context(open_snapshot(self._path, number_of(self.name), own=True))
        return self._own if own and self._own is not None else self._store

    @contextlib.contextmanager
    def pinned(self, name: str | None, *, own: bool = False) -> Iterator[tuple[QuadStore, str]]:
        """Lend the snapshot of this name, and the name; None means the current one. `own` as in `open`.

        Raises:
            StoreError: there is no such snapshot, or it cannot be read.
        """
        current = self.open(own=own)
        if name in {None, self.name}:
            yield current, self.name
        else:
            with open_snapshot(self._path, number_of(str(name)), own=own) as older:
                yield older, str(name)

    def keep_fresh(self) -> None:
        """Move to a new snapshot while idle, so that the old one is free to be deleted."""
        if isinstance(self._path, Path):
            with contextlib.suppress(StoreError):  # whoever asks next is told
                self.open()
