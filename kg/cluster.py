"""Articles read on a Dask cluster, and written by this process in their order.

The cluster has the program installed in this version; files of this machine travel to it, and so it needs no shared
disk. What a worker had under way when it was lost is read by another one. An article comes from the cluster once,
whoever read it how often, and the same text gives the same bytes everywhere.
"""

import asyncio
import threading
from collections import deque
from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import replace
from typing import Any, Self

from kg import __version__
from kg.articles import carry
from kg.errors import ArticleError, LagebildError, SettingError
from kg.tasks import Built, Task, read_task

_AHEAD = 4
"""Articles a worker that are read ahead of the writer; it bounds the memory that they take."""
_SECONDS = 30
"""How long the scheduler and its first worker are waited for."""
_LOST = 3
"""Workers that may be lost over one article before it is taken for the reason."""

_one_at_a_time = threading.Lock()


class DaskEngine(AbstractContextManager["DaskEngine"]):
    """The workers of one scheduler."""

    def __init__(self, address: str) -> None:
        """Connect to a scheduler.

        Args:
            address: `dask://HOST:PORT`, or `dask+tls://HOST:PORT` with the certificates of Dask's configuration.

        Raises:
            SettingError: Dask is not installed, or the address is none.
            LagebildError: the scheduler does not answer, has no workers, or they have another version of the program.
        """
        self._address = _to_dask(address)
        try:
            from distributed import Client  # noqa: PLC0415 - an extra
        except ImportError as error:
            raise SettingError("Dask is not installed.", "Install it: pip install 'lagebild[dask]'.") from error
        try:
            make: Any = Client  # which has no types
            self._client = make(self._address, timeout=_SECONDS, set_as_default=False)
        except (OSError, ValueError, RuntimeError) as error:
            raise LagebildError(
                f"There is no Dask scheduler at {address}.", "Start one, or give its address."
            ) from error
        try:
            self._check_workers()
        except BaseException:
            self.close()
            raise

    def read(self, tasks: Iterator[Task | ArticleError]) -> Iterator[Built]:
        """Yield what comes of each input, in their order; see `kg.building.Engine`."""
        under_way: deque[Built | tuple[str, Any]] = deque()
        for task in tasks:
            under_way.append(self._start(task))
            while len(under_way) >= _AHEAD * max(1, len(self._client.nthreads())):
                yield self._finish(under_way.popleft())
        while under_way:
            yield self._finish(under_way.popleft())

    def close(self) -> None:
        """Let the scheduler go; what is under way is given up."""
        self._client.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _check_workers(self) -> None:
        try:
            self._client.wait_for_workers(1, timeout=_SECONDS)
        except (TimeoutError, OSError) as error:
            raise LagebildError(f"The scheduler at {self._address} has no workers.", "Start some.") from error
        versions = set(self._client.run(_version).values())
        if versions != {__version__}:
            found = ", ".join(sorted(versions))
            raise LagebildError(
                f"The workers have version {found} of the program, this is {__version__}.",
                "Install the same one there.",
            )

    def _start(self, task: Task | ArticleError) -> Built | tuple[str, Any]:
        """Give a task to the cluster, with what its file holds; return what there is already, or the future."""
        if isinstance(task, ArticleError):
            return Built(str(task), task)
        if task.item.kind == "stdin" and task.item.content is None:  # of this process
            return read_task(task)
        settings = task.options.settings
        try:
            item = carry(task.item, settings)
        except ArticleError as error:
            return Built(task.item.name, error)
        public = replace(settings, store_user="", store_password="", store_token="", tokens="")
        task = replace(task, item=item, options=replace(task.options, settings=public))
        return item.name, self._client.submit(_read_alone, task, pure=False, retries=_LOST)

    def _finish(self, started: Built | tuple[str, Any]) -> Built:
        """Wait for a result."""
        from distributed.client import FutureCancelledError  # noqa: PLC0415 - an extra
        from distributed.scheduler import KilledWorker  # noqa: PLC0415 - likewise

        if isinstance(started, Built):
            return started
        name, future = started
        try:
            built: Built = future.result()
        except KilledWorker:
            why = f"{name} was under way whenever one of several workers was lost."
            return Built(name, ArticleError(why, "Give the workers more memory, or leave it out."))
        except (FutureCancelledError, asyncio.CancelledError, OSError) as error:
            raise LagebildError(
                f"The scheduler at {self._address} was lost.", "Build again: what is in the store is passed over."
            ) from error
        return built


def _to_dask(address: str) -> str:
    """Return an address as Dask writes it."""
    scheme, separator, place = address.partition("://")
    kind = {"dask": "tcp", "dask+tls": "tls"}.get(scheme)
    host, _, port = place.rpartition(":")
    if kind is None or not separator or not host or not (port.isascii() and port.isdigit()):
        raise SettingError(f"{address!r} is no engine.", "Give the address of a Dask scheduler: dask://HOST:8786.")
    return f"{kind}://{place}"


def _read_alone(task: Task) -> Built:
    """Read on a worker; the models are not made for several threads."""
    with _one_at_a_time:
        return read_task(task)


def _version() -> str:
    return __version__
