"""A store with a copy of it: what is asked is asked of the copy, what is written is written to both.

Graphs are derived over such a pair where the copy is without guests, or in memory. Nobody asks the store itself
meanwhile, so that it follows in a thread of its own.
"""

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import pyoxigraph as ox

from kg.remote.interface import GraphName
from kg.snapshots import OWN

Change = Callable[[ox.Store], None]
"""Writes something to a store."""


class Follower:
    """A store that is written to behind its copy: in a thread, in the order of the changes."""

    def __init__(self, store: ox.Store) -> None:
        self._store = store
        self._thread = ThreadPoolExecutor(1)
        self._error: Exception | None = None

    def follow(self, change: Change) -> None:
        """Let the store follow a change; whether it does is seen when it is copied."""
        self._thread.submit(self._apply, change)

    def copy_to(self, folder: Path, own: Path | None = None) -> Future[Path]:
        """Begin to copy the store, once it has followed, to a folder that does not exist.

        `own` is a copy of it without its guests, if it has any, and moved there. The future tells where such a copy is,
        and raises OSError if the disk refuses this, or has refused a change; nothing was written after that.
        """
        return self._thread.submit(self._copy_to, folder, own)

    def close(self) -> None:
        """Wait for the thread and forget the store."""
        self._thread.shutdown()
        del self._store

    def _apply(self, change: Change) -> None:
        if self._error is None:
            try:
                change(self._store)
            except Exception as error:  # whoever waits for the copy gets it
                self._error = error

    def _copy_to(self, folder: Path, own: Path | None) -> Path:
        error, self._error = self._error, None
        if error is not None:
            raise error
        self._store.flush()
        self._store.backup(str(folder))
        return folder if own is None else own.rename(folder / OWN)


class Mirror:
    """The pair, as a `QuadStore`."""

    def __init__(self, follower: Follower, copy: ox.Store) -> None:
        self._follower = follower
        self._copy = copy
        self.query = copy.query
        self.quads_for_pattern = copy.quads_for_pattern
        self.contains_named_graph = copy.contains_named_graph
        self.named_graphs = copy.named_graphs

    def __contains__(self, quad: ox.Quad) -> bool:
        return quad in self._copy

    def __iter__(self) -> Iterator[ox.Quad]:
        return iter(self._copy)

    def __len__(self) -> int:
        return len(self._copy)

    def update(self, update: str) -> None:
        """Run a SPARQL update."""
        self._write(lambda store: store.update(update))

    def extend(self, quads: Iterable[ox.Quad]) -> None:
        """Add quads in one transaction."""
        kept = list(quads)
        self._write(lambda store: store.extend(kept))

    def bulk_extend(self, quads: Iterable[ox.Quad]) -> None:
        """Add many quads."""
        kept = list(quads)
        self._write(lambda store: store.bulk_extend(kept))

    def remove(self, quad: ox.Quad) -> None:
        """Remove a quad."""
        self._write(lambda store: store.remove(quad))

    def remove_graph(self, graph_name: GraphName) -> None:
        """Remove a graph."""
        self._write(lambda store: store.remove_graph(graph_name))

    def add_graph(self, graph_name: GraphName) -> None:
        """Make a graph that is empty."""
        self._write(lambda store: store.add_graph(graph_name))

    def clear_graph(self, graph_name: GraphName) -> None:
        """Empty a graph."""
        self._write(lambda store: store.clear_graph(graph_name))

    def _write(self, change: Change) -> None:
        change(self._copy)
        self._follower.follow(change)
