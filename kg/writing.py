"""Writes in processes that can be killed: the side of the process that asks.

No write runs in the web process: an update may run for ever, a document may overflow the parser's stack, an article may
fill the memory. Each runs in a process of its own (`kg.write_process`) that opens the store, so that nobody holds the
lock while nothing is written, and `kg build` may run beside the server. The store's lock puts the writes in order.
"""

import atexit
import json
import logging
import math
import os
import threading
import time
from collections.abc import Mapping
from typing import Any

from kg import errors
from kg.errors import LagebildError, QueryBusyError, QueryCrashError, QueryTimeoutError
from kg.remote import Endpoint, Location
from kg.settings import Settings
from kg.worker_handles import GRACE, TemplateProcess, Worker
from kg.worker_orders import WorkerLimits
from kg.write_jobs import BuildArticle, Job, to_message

STACK_MB = 512
"""Stack of a process that writes; the engine recurses over an update's tree as it does over a query's."""
MOST_AT_ONCE = 4
"""Writes in progress; all but one of them read their input or wait for the lock."""

_log = logging.getLogger(__name__)


class WriteService:
    """The writes of one process; started by the first, and anew after a fork of this process. Threads may share it."""

    def __init__(self, store_path: Location, base_iri: str, settings: Settings) -> None:
        self._store_path = store_path
        self._base_iri = base_iri
        self._settings = settings
        self._free = threading.Semaphore(MOST_AT_ONCE)
        self._lock = threading.Lock()
        self._templates: dict[bool, TemplateProcess] = {}
        self._owner = 0
        atexit.register(self.close)

    def run(self, job: Job) -> dict[str, Any]:
        """Run a job; when this returns, what it wrote is on the disk and published.

        Raises:
            QueryBusyError: too many writes are in progress, or another process is writing to the store.
            QueryTimeoutError, QueryCrashError: it was stopped, or took its process with it.
            LagebildError: as the job does.
        """
        given = self._settings
        if not self._free.acquire(timeout=given.write_wait):
            raise QueryBusyError(
                "Too many writes are waiting.", "Try again in a few seconds.", "write_wait", given.write_wait
            )
        try:
            return self._run(job)
        finally:
            self._free.release()

    def close(self) -> None:
        """End the processes; a write in progress is lost."""
        with self._lock:
            if self._owner == os.getpid():
                for template in self._templates.values():
                    template.close()
            self._templates.clear()

    def _run(self, job: Job) -> dict[str, Any]:
        worker, started = self._fork(self._template(reads=isinstance(job, BuildArticle))), time.monotonic()
        try:
            worker.send(to_message(job, self._base_iri, self._settings), self._settings.write_timeout)
            frame = worker.receive(self._settings.write_timeout + GRACE)
            if frame and frame[0] == b"X":
                raise _to_error(*json.loads(frame[1]))
            if frame:
                worker.receive()
        except (EOFError, OSError) as error:
            raise _explain_loss(time.monotonic() - started, self._settings.write_timeout) from error
        finally:
            worker.kill()
            worker.close()
        if frame is None:  # the kernel did not stop it
            raise _explain_loss(math.inf, self._settings.write_timeout)
        result: dict[str, Any] = json.loads(frame[1])
        return result

    def _fork(self, template: TemplateProcess) -> Worker:
        try:
            return template.fork()
        except (EOFError, OSError) as error:  # another template was started, and that one has ended too
            _log.error("no process for a write can be started: %s", str(error) or "the one that forks them has ended")
            raise QueryBusyError(
                "No process for the write can be started.",
                "Try again in a few seconds.",
                "write_wait",
                self._settings.write_wait,
            ) from error

    def _template(self, *, reads: bool) -> TemplateProcess:
        with self._lock:
            if self._owner != os.getpid():
                self._templates.clear()
                self._owner = os.getpid()
            if reads not in self._templates:
                model = [self._settings.language_model or "-"] if reads else []
                network = reads or isinstance(self._store_path, Endpoint)
                limits = WorkerLimits(self._settings.write_memory_mb, STACK_MB, network=network)
                self._templates[reads] = TemplateProcess(self._store_path, limits, "kg.write_process", *model)
            return self._templates[reads]


def _to_error(name: str, said: Mapping[str, Any]) -> LagebildError:
    family: Mapping[str, type[LagebildError]] = {
        kind.__name__: kind
        for kind in vars(errors).values()
        if isinstance(kind, type) and issubclass(kind, LagebildError)
    }
    return errors.restore(family[name], said)


def _explain_loss(elapsed: float, limit: float) -> LagebildError:
    if elapsed >= limit * 0.99:
        return QueryTimeoutError(
            f"The write was stopped after {limit:g} s.",
            "Write less at a time; look what is there before you try again.",
            "write_timeout",
            limit,
        )
    return QueryCrashError(
        "The write ended its process: it is nested too deeply or needs too much memory.",
        "Nest less, or write less at a time.",
    )
