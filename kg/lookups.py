"""Lookups that need no process of their own: the statements about one thing, asked of a snapshot in this process.

Workers are there for queries that run for ever, take all memory or overflow the engine's stack. A query of one triple
pattern that names its subject or its object can do none of that: nothing in its text nests, nothing is gathered, sorted
or left out, so the engine yields row after row, and is stopped between two of them where there are many or they take
long; a worker answers then. Whatever else happens here, too, is left to a worker, which meets the same and says it.
"""

import logging
import math
import os
import re
import threading
import time
from contextlib import ExitStack, suppress
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Final, NamedTuple, Self, cast

import pyoxigraph as ox

from kg.errors import StoreError
from kg.remote import Location, QuadStore
from kg.snapshots import name_snapshot, number_of
from kg.store import open_snapshot
from kg.worker_answers import TABLES, run_query
from kg.worker_jobs import Job
from kg.worker_output import FullError, TableWriter, describe_cut

MOST_BYTES: Final = 16_384
"""Of an answer: a hundred rows and more. The engine hands over 8 kB at a time, and is stopped when one is beyond."""
MOST_SECONDS: Final = 0.005
"""How long the rows may take, likewise: the thread that asks answers others too."""
LEAST_TIMEOUT: Final = 0.1
"""Seconds; who allows a query less means it, and nothing but a worker is stopped to the moment."""
SLOW_SECONDS: Final = 0.01
"""A lookup of that length has waited for the disk, or for others on the processor."""
MOST_SLOW: Final = 3
"""So many slow ones in a row are the disk."""
REST_SECONDS: Final = 30.0
"""How long workers answer all lookups after that, since they may wait for the disk and this process may not."""
MOST_FILES: Final = 128
"""Of a database: each is held open here beside the clients' connections, and a larger one is hardly all in memory."""
LOOK_SECONDS: Final = 0.5
"""How soon a snapshot that is no longer the current one is let go of, so that it can be deleted."""
_IRI = r'<[^<>"{}|^`\\\x00-\x20]*+>'
_PREFIX = r"(?:[A-Za-z][\w-]*+)?:"
_NAME = rf"{_PREFIX}[\w-]*+"
_SIGILS = "?$"
_VARIABLE = r"[?$]\w++"
_LOOKUP: Final = re.compile(
    rf"""
    \s*+ (?: PREFIX \s++ {_PREFIX} \s*+ {_IRI} \s*+ )*+
    SELECT \b \s*+ (?P<columns> \* | (?: {_VARIABLE} \s*+ )++ ) \s*+
    (?: WHERE \s*+ )?+ \{{ \s*+
      (?P<subject> {_VARIABLE} | {_IRI} | {_NAME} ) \s*+
      (?P<predicate> {_VARIABLE} | {_IRI} | {_NAME} | a\b ) \s*+
      (?P<object> {_VARIABLE} | {_IRI} | {_NAME} ) \s*+
    \.?+ \s*+ \}} \s*+
    (?: LIMIT \s++ \d++ \s*+ )?+
    """,
    re.VERBOSE | re.IGNORECASE | re.ASCII,
)
"""Nothing in it is tried twice, however long a text is. Rarer names, comments and the like are left to a worker; what
fits and is no SPARQL, the engine refuses."""

Stamp = tuple[int, int]

_log = logging.getLogger(__name__)


class Found(NamedTuple):
    """The answer to a lookup."""

    body: bytes
    truncated: str
    """As `Answer.truncated`."""
    snapshot: str


def is_lookup(query: str) -> bool:
    """Tell whether a query is one triple pattern about a thing that it names, and asks for what stands there.

    A variable that stands twice would leave rows out, and a column that is not in the pattern would make them empty: of
    both the engine could look at any number before it hands something over.
    """
    match = _LOOKUP.fullmatch(query)
    if match is None:
        return False
    columns, *terms = match.group("columns", "subject", "predicate", "object")
    named = {term[1:] for term in terms if term[0] in _SIGILS}
    is_anchored = terms[0][0] not in _SIGILS or terms[2][0] not in _SIGILS
    asked = () if columns == "*" else columns.replace("$", "?").replace("?", " ").split()
    return is_anchored and 0 < len(named) == sum(term[0] in _SIGILS for term in terms) and named.issuperset(asked)


class Lookups:
    """Answers lookups from the current snapshot of a store in a folder; one thread asks.

    The snapshot is opened by a thread of its own, once a lookup has come that would have needed it.
    """

    def __init__(self, location: Location) -> None:
        self._location = location
        self._lock = threading.Lock()
        self._open = ExitStack()
        self._store: QuadStore | None = None
        self._name = ""
        self._stamp: Stamp | None = None
        """Of the snapshot that is open; of one that is not to be opened, if none is."""
        self._wanted = threading.Event()
        self._is_ended = True
        self._slow = 0
        self._rests_until = 0.0
        self._thread = threading.Thread(target=self._run, name="lookups", daemon=True)

    def __enter__(self) -> Self:
        if isinstance(self._location, Path):
            self._is_ended = False
            self._thread.start()
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        if not self._is_ended:
            self._is_ended = True
            self._wanted.set()
            self._thread.join()

    def find(self, job: Job) -> Found | None:
        """Answer a job whose query `is_lookup`; None where a worker is to do that."""
        begun = time.monotonic()
        if self._is_ended or begun < self._rests_until or not _is_fit(job):
            return None
        with self._lock:
            if not self._is_current():
                return None
            found = self._answer(job, begun + MOST_SECONDS)
        self._slow = self._slow + 1 if time.monotonic() - begun > SLOW_SECONDS else 0
        if self._slow >= MOST_SLOW:
            self._slow, self._rests_until = 0, begun + REST_SECONDS
        return found

    def _is_current(self) -> bool:
        """Tell whether the current snapshot is open; else have it opened."""
        try:
            is_open = self._stamp == _stamp(self._location)
        except OSError:  # it is being built anew
            return False
        if not is_open:
            self._wanted.set()
        return is_open and self._store is not None

    def _answer(self, job: Job, deadline: float) -> Found | None:
        page, truncated = _Page(deadline), ""
        try:
            results = _ask(cast("QuadStore", self._store), job)
            results.serialize(cast("IO[bytes]", page), TABLES[cast("str", job.table)])
            if job.max_rows < MOST_BYTES or job.max_bytes < MOST_BYTES:  # no row is shorter than a byte
                page, truncated = _cut(page, job)
        except BaseException as error:
            if not isinstance(error, Exception):  # a worker meets the same as this, and says it
                self._note_panic(error, job)
            return None
        return Found(bytes(page.body), truncated, self._name)

    def _note_panic(self, error: BaseException, job: Job) -> None:
        """Ask the engine no more that has found itself at fault; pass on anything else."""
        if type(error).__name__ != "PanicException":
            raise error
        _log.exception("the engine failed at %r: workers answer all lookups from now on", job.query)
        self._rests_until = math.inf

    def _run(self) -> None:
        while not self._is_ended:
            self._wanted.wait(LOOK_SECONDS if self._store is not None else None)
            is_wanted = self._wanted.is_set()
            self._wanted.clear()
            with suppress(OSError, StoreError):
                stamp = _stamp(self._location)
                if stamp != self._stamp:
                    self._hold(stamp if is_wanted and not self._is_ended else None)
        self._hold(None)

    def _hold(self, stamp: Stamp | None) -> None:
        """Open the current snapshot, which was linked to with this stamp, in place of the one that is open; or none."""
        store, name, opened = None, "", ExitStack()
        if stamp is not None:
            name = name_snapshot(self._location)
            with suppress(StoreError):  # workers say so, and it is not tried again for each lookup
                if _is_small(cast("Path", self._location) / "snapshots" / str(number_of(name))):
                    store = opened.enter_context(open_snapshot(self._location, number_of(name)))
        with self._lock:
            self._store, self._name, self._stamp = store, name, stamp
            before, self._open = self._open, opened
        before.close()


def _is_fit(job: Job) -> bool:
    return job.table is not None and job.union and (job.seconds or 0.0) >= LEAST_TIMEOUT


def _stamp(location: Location) -> Stamp:
    """Tell one link to a snapshot from all that come after it; to read its name would take twice as long."""
    link = os.lstat(f"{location}/current")
    return link.st_ino, link.st_mtime_ns


def _is_small(snapshot: Path) -> bool:
    return sum(1 for _ in snapshot.glob("*.sst")) <= MOST_FILES


def _ask(store: QuadStore, job: Job) -> ox.QuerySolutions:
    if "*" in job.query:  # columns in their order
        return cast("ox.QuerySolutions", run_query(job.message(), store))
    found = store.query(job.query, base_iri=job.base_iri, use_default_graph_as_union=True)
    return cast("ox.QuerySolutions", found)


def _cut(page: "_Page", job: Job) -> "tuple[_Page, str]":
    """Return an answer within the limits of its job, and where it was cut."""
    within = _Page(math.inf)
    table = TableWriter(within, cast("str", job.table), job.max_rows, job.max_bytes)
    try:
        table.write(page.body)
        table.finish()
    except FullError as full:
        return within, describe_cut(full.limit, full.allowed)
    return within, ""


class _TooMuchError(Exception):
    """An answer is longer than a lookup's, or takes longer."""


class _Page:
    """What the engine serialises into: an answer that is kept together, if it is short and soon there."""

    def __init__(self, deadline: float) -> None:
        self.body = bytearray()
        self._deadline = deadline

    @property
    def total(self) -> int:
        return len(self.body)

    def write(self, data: Any) -> int:
        self.body += data
        if len(self.body) > MOST_BYTES or time.monotonic() > self._deadline:
            raise _TooMuchError
        return len(data)

    def flush(self) -> None:
        """Do nothing: all is kept."""
