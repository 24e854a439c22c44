"""A large store is read for its index by several processes: reading takes four fifths of the time of an index.

They read the copy of the database that is about to be published, which never changes.
"""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future
from concurrent.futures.process import BrokenProcessPool
from functools import lru_cache, partial
from itertools import chain, islice
from pathlib import Path
from typing import Final

from kg.errors import StoreError
from kg.fulltext.documents import Document, Documents
from kg.homes.indexing import ask
from kg.processes import available_cores, start_pool
from kg.remote import QuadStore

WORTH: Final = 40
"""Batches from which on other processes are worth the second in which they start."""
_AHEAD: Final = 2
"""Batches a process that are read before they are wanted; it bounds the memory that they take."""


class SnapshotDocuments(Documents):
    """The documents of a snapshot; those of a large one are read by several processes."""

    def __init__(self, store: QuadStore, base_iri: str, snapshot: Path, open_copy: Callable[[Path], QuadStore]) -> None:
        """Take the database, and the copy of it that is to be published, with what opens that in any process."""
        super().__init__(partial(ask, store), base_iri)
        self._read_copy = partial(_read, open_copy, snapshot, base_iri)

    def read_each(self, batches: Iterable[list[str]]) -> Iterator[tuple[list[str], list[Document]]]:
        """Yield each batch of things with its documents, in the order of the batches.

        Raises:
            StoreError: one of the processes was killed.
        """
        left, jobs = iter(batches), available_cores()
        first = list(islice(left, WORTH))
        all_of_them = chain(first, left)
        if jobs == 1 or len(first) < WORTH:
            yield from super().read_each(all_of_them)
        else:
            yield from _read_in_processes(all_of_them, jobs, self._read_copy)


def _read_in_processes(
    batches: Iterable[list[str]], jobs: int, read: Callable[[list[str]], list[Document]]
) -> Iterator[tuple[list[str], list[Document]]]:
    pool, pending = start_pool(jobs), deque[tuple[list[str], Future[list[Document]]]]()
    try:
        for batch in batches:
            pending.append((batch, pool.submit(read, batch)))
            if len(pending) > _AHEAD * jobs:
                done, found = pending.popleft()
                yield done, found.result()
        yield from ((done, found.result()) for done, found in pending)
    except BrokenProcessPool:
        raise StoreError(
            "A process that read for the index was killed, perhaps for lack of memory.", "Publish again."
        ) from None
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _read(open_copy: Callable[[Path], QuadStore], snapshot: Path, base_iri: str, batch: list[str]) -> list[Document]:
    return _open(open_copy, snapshot, base_iri).read(batch)


@lru_cache(1)
def _open(open_copy: Callable[[Path], QuadStore], snapshot: Path, base_iri: str) -> Documents:
    return Documents(partial(ask, open_copy(snapshot)), base_iri)
