"""Queries in worker processes that can be killed: the side of the process that asks.

pyoxigraph can neither stop a query nor survive one that overflows its stack, so no query runs in the web process. A
`Supervisor` holds two pools over the store's snapshot, one for users and one for the site's own pages, so that users
cannot take the pages down. A worker that was killed or has crashed is replaced at once. Threads may share a supervisor.
"""

import atexit
import json
import os
import threading
import time
from collections.abc import Generator, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Self

from kg.errors import QueryBusyError, QueryCrashError, QueryError, QueryTimeoutError, StoreError
from kg.settings import Settings
from kg.worker_handles import TemplateProcess, Worker
from kg.worker_process import name_snapshot

Binding = str | int | Mapping[str, str]
"""A plain literal, or `{"iri": …}`."""


@dataclass(frozen=True, slots=True)
class Job:
    """One query and how to answer it."""

    query: str
    table: str | None = "json"
    """Format of a SELECT's or ASK's answer: `json`, `xml`, `csv`, `tsv`; None where such an answer is not wanted."""
    graph: str | None = "nt"
    """Format of a CONSTRUCT's or DESCRIBE's answer: `ttl`, `nt`, `rdf`, `jsonld`; None likewise."""
    base_iri: str | None = None
    """What relative IRIs in the query are resolved against; without it they are errors."""
    union: bool = True
    """Whether the default graph is the union of all graphs."""
    default_graphs: tuple[str, ...] | None = None
    named_graphs: tuple[str, ...] | None = None
    bindings: Mapping[str, Binding] = field(default_factory=dict)
    """Values of variables, put in by the engine and never by pasting text."""
    prefixes: Mapping[str, str] = field(default_factory=dict)
    """Prefixes of an RDF document; with them the triples are also sorted, so keep such answers small."""


class Answer:
    """A worker's answer while it comes in: what it is, and its bytes."""

    def __init__(self, head: Mapping[str, Any], chunks: Generator[bytes, None, None]) -> None:
        self.kind: str = head["kind"]
        """`table` or `graph`."""
        self.format: str | None = head["format"]
        """Name of the format; None where the job wanted no answer of this kind, and there are no bytes."""
        self.snapshot: str = head["snapshot"]
        self.chunks = chunks
        """Raises QueryTimeoutError or QueryCrashError where the answer was cut off."""


class WorkerPool:
    """A fixed number of workers, each answering one job at a time."""

    def __init__(self, template: TemplateProcess, size: int, seconds: float, wait: float) -> None:
        self._template = template
        self._seconds = seconds
        self._wait = wait
        self._free = threading.Semaphore(size)
        self._idle: list[Worker] = [template.fork() for _ in range(size)]

    def ask(self, job: Job) -> Answer:
        """Start a job and return its answer as it comes in; close `chunks` to stop it early.

        Raises:
            QueryBusyError: no worker became free in time.
            QueryError: the query cannot be read.
            QueryTimeoutError, QueryCrashError: it was stopped, or took its worker with it.
            StoreError: the store cannot be read.
        """
        frames = self._run(job)
        return Answer(json.loads(next(frames)), frames)

    def fetch(self, job: Job) -> tuple[Answer, bytes]:
        """Run a job and return its whole answer; errors as `ask`."""
        answer = self.ask(job)
        return answer, b"".join(answer.chunks)

    def close(self) -> None:
        """Let the idle workers go."""
        while self._idle:
            self._idle.pop().close()

    def _run(self, job: Job) -> Generator[bytes, None, None]:
        """Yield the head, then the data."""
        with self._lease() as worker:
            started = time.monotonic()
            try:
                worker.send(asdict(job), self._seconds)
                while True:
                    kind, payload = worker.receive()
                    if kind == b"E":
                        return
                    if kind == b"X":
                        raise _to_error(json.loads(payload))
                    yield payload
            except (EOFError, OSError) as error:
                raise _explain_loss(time.monotonic() - started, self._seconds) from error

    @contextmanager
    def _lease(self) -> Iterator[Worker]:
        """Lend a live worker; one that comes back in the middle of a job is killed and replaced."""
        if not self._free.acquire(timeout=self._wait):
            raise QueryBusyError("All query workers are busy.", "Try again in a few seconds.", "query_wait", self._wait)
        worker = self._take()
        clean = False
        try:
            yield worker
            clean = True
        except (QueryError, StoreError) as error:
            clean = not isinstance(error, QueryTimeoutError | QueryCrashError)
            raise
        finally:
            try:
                self._idle.append(worker if clean else self._replace(worker))
            finally:
                self._free.release()

    def _take(self) -> Worker:
        try:
            worker = self._idle.pop()
        except IndexError:  # a replacement could not be forked when it was due
            return self._template.fork()
        return worker if worker.is_alive() else self._replace(worker)

    def _replace(self, worker: Worker) -> Worker:
        self._template.kill(worker.pid)
        worker.close()
        return self._template.fork()


def _to_error(report: Mapping[str, str]) -> QueryError | StoreError:
    if report["reason"] == "refused":
        return QueryError(f"The query cannot be read: {report['message']}.", "Correct it and send it again.")
    return StoreError(f"The query failed: {report['message']}.", "Try again; if it stays, look at the store.")


def _explain_loss(elapsed: float, limit: float) -> QueryError:
    if elapsed >= limit * 0.99:
        return QueryTimeoutError(
            f"The query was stopped after {limit:g} seconds.",
            "Make it cheaper: fewer patterns, constants in place of FILTER, a LIMIT.",
            "query_timeout",
            limit,
        )
    return QueryCrashError(
        "The query ended its worker: it is nested too deeply or needs too much memory.",
        "Nest less, or ask for less at a time.",
    )


class Supervisor:
    """The pools of one process; started by the first question, and anew after a fork of this process."""

    def __init__(self, store_path: Path, settings: Settings) -> None:
        self.store_path = store_path
        self._settings = settings
        self._lock = threading.Lock()
        self._owner = 0
        atexit.register(self.close)

    @property
    def queries(self) -> WorkerPool:
        """Workers for the queries of users."""
        self._start()
        return self._queries

    @property
    def pages(self) -> WorkerPool:
        """Workers for the site's own pages."""
        self._start()
        return self._pages

    def snapshot(self) -> str:
        """Name the store's current snapshot.

        Raises:
            StoreError: there is none.
        """
        return name_snapshot(self.store_path)

    def close(self) -> None:
        """End all workers."""
        with self._lock:
            if self._owner == os.getpid():
                self._owner = 0
                self._queries.close()
                self._pages.close()
                self._template.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _start(self) -> None:
        with self._lock:
            if self._owner == os.getpid():
                return
            given = self._settings
            self._template = TemplateProcess(self.store_path, given.query_memory_mb)
            self._queries = WorkerPool(self._template, given.query_workers, given.query_timeout, given.query_wait)
            self._pages = WorkerPool(self._template, given.page_workers, given.query_timeout, given.query_wait)
            self._owner = os.getpid()
