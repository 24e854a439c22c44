"""Queries in worker processes that can be killed: the side of the process that asks.

pyoxigraph can neither stop a query nor survive one that overflows its stack, so no query runs in the web process but
those of `kg.lookups`. A `Supervisor` holds pools over the store's snapshot, one for users and one for the site's own
pages, so that users cannot take the pages down. A worker that was killed or has crashed is replaced at once. Threads
may share a supervisor.
"""

import atexit
import json
import logging
import os
import threading
import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from typing import Final, Self, cast

from kg.errors import (
    AnswerFormatError,
    LagebildError,
    QueryAbandonedError,
    QueryBusyError,
    QueryCrashError,
    QueryError,
    QueryTimeoutError,
    StoreError,
)
from kg.remote import Endpoint, Location
from kg.settings import Settings
from kg.snapshots import name_snapshot
from kg.sparql_tokens import UPDATE_FORMS, find_form
from kg.worker_handles import TemplateProcess
from kg.worker_jobs import Answer, Frames, Job
from kg.worker_lanes import Lanes
from kg.worker_leases import LaneLimits, Lease
from kg.worker_orders import WorkerLimits, limit_queries

PAGE_SECONDS: Final = 10.0
"""Seconds that a query of a page may always take, however few users' queries get: nobody but us writes those."""
BACKGROUND_SECONDS: Final = 60.0
"""Seconds that a query may take which nobody waits for: it stands back for all others."""
SUDDEN_SECONDS: Final = 0.05
"""A worker that is lost so soon was perhaps lost already: its job is given to another, once. One that was not read by
its worker is given to others until one reads it."""
_LOGGED_CHARS: Final = 2_000
_OUTCOMES: Final[tuple[tuple[type[LagebildError], str], ...]] = (
    (QueryAbandonedError, "abandoned"),
    (QueryBusyError, "busy"),
    (QueryTimeoutError, "timeout"),
    (QueryCrashError, "crash"),
    (QueryError, "refused"),
    (LagebildError, "failed"),
)
OUTCOMES: Final = ("answered", *(name for _, name in _OUTCOMES))
"""How a job may end."""

_log = logging.getLogger(__name__)


class WorkerPool:
    """Workers that each answer one job at a time."""

    def __init__(self, template: TemplateProcess, limits: LaneLimits, seconds: float, *, own: bool = False) -> None:
        self.lanes = Lanes(template, limits)
        self.seconds = seconds
        """What a job may take that names no time of its own."""
        self.own = own
        """Whether its jobs see the program's own graphs only, and no guests."""
        self.counts: Counter[str] = Counter()
        """Jobs by how they ended, which is one of OUTCOMES."""

    def ask(self, job: Job, begun: Answer | None = None) -> Answer:
        """Start a job and return its answer as it comes in; close it to stop the job early.

        Args:
            job: what is asked.
            begun: what `begin` returned for the job, if it was called.

        Raises:
            QueryBusyError: no worker became free in time.
            QueryError: the query cannot be read.
            QueryTimeoutError, QueryCrashError, QueryAbandonedError: it was stopped, took its worker with it, or nobody
                waits for it any more.
            StoreError: the store cannot be read.
        """
        was_read = False
        for _ in range(len(self.lanes.idle) + 1):  # all that are idle may be dying when they get the job
            try:
                return self._start(job, begun)
            except QueryCrashError as error:
                if error.was_read and (was_read or not error.is_sudden):
                    raise
                was_read, begun = was_read or error.was_read, None
        return self._start(job, None)

    def begin(self, job: Job) -> Answer | None:
        """Hand a job over to a worker that is free now; None where none is. It never waits.

        `Answer.poll` takes the answer in, or `ask` goes on with it. Errors as `ask`.
        """
        if not self.lanes.has_free():
            return None
        answer = Answer(self._run(job, wait=0.0))
        answer.send()
        return answer

    def fetch(self, job: Job) -> tuple[Answer, bytes]:
        """Run a job and return its whole answer; errors as `ask`."""
        answer = self.ask(job)
        return answer, b"".join(answer.chunks)

    def close(self) -> None:
        """Let the idle workers go."""
        self.lanes.close()

    def _start(self, job: Job, begun: Answer | None) -> Answer:
        answer = begun or Answer(self._run(job))
        if begun is None:
            answer.send()
        answer.start()
        return answer

    def _run(self, job: Job, *, wait: float | None = None) -> Frames:
        """Yield the worker's descriptor, the head, the data, and the end; `wait` as for `Lanes.lease`."""
        seconds = job.seconds or self.seconds
        outcome = "abandoned"
        try:
            with self.lanes.lease(seconds, wait) as lease:
                yield from self._receive_all(job, lease)
            outcome = "answered"
        except LagebildError as error:
            outcome = next(name for family, name in _OUTCOMES if isinstance(error, family))
            raise
        finally:
            self.counts[outcome] += 1

    def _receive_all(self, job: Job, lease: Lease) -> Frames:
        worker = lease.worker
        try:
            worker.send({**job.message(), "own": self.own}, lease.seconds)
            patience = yield worker.fileno()
            while True:
                frame = worker.receive(patience)
                if frame is None:
                    patience = yield None
                    continue
                if frame[0] == b"X":
                    raise _to_error(json.loads(frame[1]), job.query)
                patience = yield frame
                if frame[0] == b"E":
                    return
        except (EOFError, OSError) as error:
            # The kernel resets a connection whose far end has closed it with something left to read (unix(7)).
            raise self._explain_loss(job, lease, was_read=isinstance(error, EOFError)) from error

    def _explain_loss(self, job: Job, lease: Lease, *, was_read: bool) -> QueryError:
        if lease.verdict == "gone":
            return QueryAbandonedError("The client has hung up.", "Stay on the line.")
        if lease.verdict == "busy":
            return QueryBusyError(
                "The query takes long, and as many as may are running.",
                "Try again in a few seconds, or make it cheaper.",
                "query_workers",
                self.lanes.limits.slow,
            )
        if lease.verdict == "time" or time.monotonic() - lease.started >= lease.seconds * 0.99:
            return QueryTimeoutError(
                f"The query was stopped after {lease.seconds:g} s.",
                "Make it cheaper: fewer patterns, constants in place of FILTER, a LIMIT.",
                "query_timeout",
                lease.seconds,
            )
        elapsed = time.monotonic() - lease.started
        name = lease.caller.name if lease.caller else "-"
        _log.error("%s ended its worker: %s", name, json.dumps(job.query[:_LOGGED_CHARS]))
        return QueryCrashError(
            "The query ended its worker: it is nested too deeply or needs too much memory.",
            "Nest less, or ask for less at a time.",
            is_sudden=elapsed < SUDDEN_SECONDS,
            was_read=was_read,
        )


def _to_error(report: Mapping[str, str], query: str) -> QueryError | StoreError:
    if report["reason"] == "refused" and find_form(query) in UPDATE_FORMS:
        return QueryError(
            "The query is an update.",
            "Send it by POST as `update` or with the type application/sparql-update, and with a token.",
        )
    if report["reason"] == "refused":
        return QueryError(f"The query cannot be read: {report['message']}.", "Correct it and send it again.")
    if report["reason"] == "undeclared":
        return QueryError(
            f"The query cannot be read: the name before {report['message']} has a prefix that is not declared.",
            "Declare it and send the query again.",
        )
    if report["reason"] == "version":
        return AnswerFormatError(
            f"The answer has {report['message']}, which the format that was asked for cannot hold.",
            "Ask for Turtle or N-Triples in the version 1.2.",
        )
    return StoreError(f"The query failed: {report['message']}.", "Try again; if it stays, look at the store.")


class Supervisor:
    """The pools of one process; started by the first question, and anew after a fork of this process."""

    def __init__(self, store_path: Location, settings: Settings) -> None:
        self.store_path = store_path
        self._settings = settings
        self._lock = threading.Lock()
        self._owner = 0
        self._warm: TemplateProcess | None = None
        self._templates: list[TemplateProcess] = []
        self._queries: WorkerPool | None = None
        self._pages: WorkerPool | None = None
        self._background: WorkerPool | None = None
        self._dumps: WorkerPool | None = None
        self._federation: WorkerPool | None = None
        atexit.register(self.close)

    @property
    def queries(self) -> WorkerPool:
        """Workers for the queries of users."""
        self._start()
        return cast("WorkerPool", self._queries)

    @property
    def pages(self) -> WorkerPool:
        """Workers for the site's own pages."""
        self._start()
        return cast("WorkerPool", self._pages)

    @property
    def background(self) -> WorkerPool:
        """The worker for pages that nobody has asked for yet, which works when no other wants a processor."""
        self._start()
        with self._lock:
            if self._background is None:
                limits = replace(self._lane_limits(1, 1, own=True), background=True)
                self._background = WorkerPool(self._templates[0], limits, BACKGROUND_SECONDS, own=True)
            return self._background

    @property
    def dumps(self) -> WorkerPool:
        """The worker that makes dumps, one at a time."""
        self._start()
        with self._lock:
            if self._dumps is None:
                self._dumps = self._make_pool(self._templates[0], 1, 1)
            return self._dumps

    def begin(self, job: Job) -> Answer | None:
        """Hand a user's job over as `WorkerPool.begin` does; None also where no workers have been started yet."""
        pool = self._queries if self._owner == os.getpid() else None
        return pool.begin(job) if pool is not None else None

    def queries_for(self, job: Job) -> WorkerPool:
        """Return the pool that a user's job belongs to: one that calls other endpoints has workers of its own."""
        return self.federation if job.network else self.queries

    @property
    def federation(self) -> WorkerPool:
        """Workers that may reach the network."""
        self._start()
        with self._lock:
            if self._federation is None:
                template = TemplateProcess(self.store_path, replace(self._limits(), network=True))
                self._templates.append(template)
                self._federation = self._make_pool(template, 1, self._settings.query_workers)
            return self._federation

    def warm(self, template: TemplateProcess) -> None:
        """Take a process that forks workers, started for queries before there is one; no fork is to follow."""
        self._warm = template

    def snapshot(self) -> str:
        """Name the store's current snapshot.

        Raises:
            StoreError: there is none.
        """
        return name_snapshot(self.store_path)

    def close(self) -> None:
        """End all workers."""
        with self._lock:
            if self._warm is not None:
                self._warm.close()
            if self._owner == os.getpid():
                self._owner = 0
                for pool in self.pools.values():
                    pool.close()
                for template in self._templates:
                    template.close()

    @property
    def pools(self) -> Mapping[str, WorkerPool]:
        """The pools that have been started, by name."""
        named = {
            "queries": self._queries,
            "pages": self._pages,
            "background": self._background,
            "dumps": self._dumps,
            "federation": self._federation,
        }
        return {name: pool for name, pool in named.items() if pool is not None}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _start(self) -> None:
        if self._owner == os.getpid():
            return
        with self._lock:
            if self._owner == os.getpid():
                return
            given, template = self._settings, self._warm or TemplateProcess(self.store_path, self._limits())
            self._warm, self._templates = None, [template]
            self._federation = self._dumps = self._background = None
            self._queries = self._make_pool(template, given.quick_workers, given.query_workers)
            self._pages = self._make_pool(template, given.page_workers, given.page_workers, own=True)
            self._owner = os.getpid()

    def _limits(self) -> WorkerLimits:
        return limit_queries(self._settings, network=isinstance(self.store_path, Endpoint))

    def _make_pool(self, template: TemplateProcess, quick: int, slow: int, *, own: bool = False) -> WorkerPool:
        given = self._settings
        seconds = max(given.query_timeout, PAGE_SECONDS) if own else given.query_timeout
        return WorkerPool(template, self._lane_limits(quick, slow, own=own), seconds, own=own)

    def _lane_limits(self, quick: int, slow: int, *, own: bool) -> LaneLimits:
        given = self._settings
        return LaneLimits(quick, slow, given.query_queue, given.query_wait, given.quick_seconds, stand_back=not own)
