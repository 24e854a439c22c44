"""A large store is read for its index by several processes: reading takes four fifths of the time of an index.

They read the copy of the database that is about to be published, which never changes.
"""

import logging
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future
from concurrent.futures.process import BrokenProcessPool
from functools import lru_cache, partial
from itertools import chain, islice
from pathlib import Path
from typing import Final

from kg.fulltext.documents import Document, Documents
from kg.homes.indexing import ask
from kg.processes import available_cores, start_pool
from kg.remote import QuadStore

WORTH: Final = 40
"""Batches from which on other processes are worth the second in which they start."""
_AHEAD: Final = 2
"""Batches a process that are read before they are wanted; it bounds the memory that they take."""

_log = logging.getLogger(__name__)


class SnapshotDocuments(Documents):
    """The documents of a snapshot; those of a large one are read by several processes."""

    def __init__(self, store: QuadStore, base_iri: str, snapshot: Path, open_copy: Callable[[Path], QuadStore]) -> None:
        """Take the database, and the copy of it that is to be published, with what opens that in any process."""
        super().__init__(partial(ask, store), base_iri)
        self._read_copy = partial(_read, open_copy, snapshot, base_iri)

    def read_each(self, batches: Iterable[list[str]]) -> Iterator[tuple[list[str], list[Document]]]:
        """Yield each batch of things with its documents, in the order of the batches.

        What other processes cannot read, since one of them was killed, is read here.
        """
        left, jobs, begun = iter(batches), available_cores(), deque[list[str]]()
        first = list(islice(left, WORTH))
        all_of_them = chain(first, left)
        if jobs > 1 and len(first) == WORTH:
            try:
                yield from _read_in_processes(all_of_them, jobs, self._read_copy, begun)
            except BrokenProcessPool:
                _log.warning("A process that read for the index was killed; one reads the rest.")
        yield from super().read_each(chain(begun, all_of_them))


def _read_in_processes(
    batches: Iterable[list[str]], jobs: int, read: Callable[[list[str]], list[Document]], begun: deque[list[str]]
) -> Iterator[tuple[list[str], list[Document]]]:
    """Yield what processes have read; the batches that were taken and not yielded yet are in `begun`.

    Raises:
        BrokenProcessPool: one of them was killed.
    """
    pool, reading = start_pool(jobs), deque[Future[list[Document]]]()
    try:
        for batch in batches:
            begun.append(batch)
            reading.append(pool.submit(read, batch))
            if len(reading) > _AHEAD * jobs:
                found = reading.popleft().result()
                yield begun.popleft(), found
        while reading:
            found = reading.popleft().result()
            yield begun.popleft(), found
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _read(open_copy: Callable[[Path], QuadStore], snapshot: Path, base_iri: str, batch: list[str]) -> list[Document]:
    return _open(open_copy, snapshot, base_iri).read(batch)


@lru_cache(1)
def _open(open_copy: Callable[[Path], QuadStore], snapshot: Path, base_iri: str) -> Documents:
    return Documents(partial(ask, open_copy(snapshot)), base_iri)
