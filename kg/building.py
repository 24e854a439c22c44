"""Articles become a store: read in this process or in several, written by this one.

Nothing is held but what is under way, so that any number of articles can come. What is in the store already, and would
be read the same again, is passed over: a build that was stopped goes on where it was.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import chain, islice
from typing import Protocol

from kg.articles import Input, ReadOptions
from kg.errors import ArticleError, LagebildError
from kg.processes import available_cores, can_fork, fork_pool, start_pool
from kg.store import Writer
from kg.tasks import Built, Task, load_reader, read_task

_AHEAD = 4
"""Articles a process that are read ahead of the writer; it bounds the memory that they take."""
_WORTH = 8
"""Articles from which on another process is worth the seconds in which it loads its models."""


class Engine(Protocol):
    """What reads: processes of this machine, or a cluster."""

    def read(self, tasks: Iterator[Task | ArticleError]) -> Iterator[Built]:
        """Yield what comes of each input once; errors among them are passed on. Only a few are read ahead.

        Raises:
            LagebildError: it cannot go on.
        """


@dataclass(frozen=True, slots=True)
class LocalEngine:
    """Processes of this machine."""

    jobs: int | None
    """How many: 1 is this one, None as many as are worth it."""
    pool: ProcessPoolExecutor | None = None
    """These processes, once they are there; otherwise they start with the first tasks. It is for one reading."""

    def read(self, tasks: Iterator[Task | ArticleError]) -> Iterator[Built]:
        """Read in these processes; see `Engine`."""
        if self.pool is None or self.jobs is None:
            return _read_all(tasks, self.jobs)
        return _read_in_processes(tasks, self.pool, self.jobs)


@contextmanager
def start_local(jobs: int | None, inputs: int | None, language_model: str | None) -> Iterator[LocalEngine]:
    """Yield processes of this machine, which are there at once if so many inputs are worth them.

    No database may be open. What this process has loaded, the others then have too, and load it neither again nor at
    the same time, when each would slow the other down.

    Args:
        jobs: how many processes; None means as many as are worth it.
        inputs: about how many there will be; None if nobody knows.
        language_model: with what all will be read; None if perhaps nothing has to be read.

    Raises:
        LagebildError: a model cannot be loaded.
    """
    number = _how_many(inputs) if jobs is None and inputs is not None else jobs
    if number is None or number == 1 or not can_fork():
        yield LocalEngine(number)
        return
    if language_model is not None:
        load_reader(language_model)
    pool = fork_pool(number)
    try:
        yield LocalEngine(number, pool)
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


@dataclass(slots=True)
class Summary:
    """What a build did."""

    built: int = 0
    replaced: int = 0
    """How many of the articles built stood in the store before."""
    unchanged: int = 0
    """How many articles were not read again, because it would have come to the same."""
    words: int = 0
    claims: Counter[tuple[str, str]] = field(default_factory=Counter)
    entities: Counter[str] = field(default_factory=Counter)
    """By type and article: one that two articles name counts twice."""
    errors: list[ArticleError] = field(default_factory=list)


def build(
    items: Iterable[Input | ArticleError],
    writer: Writer,
    options: ReadOptions,
    engine: Engine = LocalEngine(1),
    on_built: Callable[[Built], None] = lambda _: None,
    *,
    again: bool = False,
) -> Summary:
    """Read inputs and put their articles into a store; publishing is the caller's.

    Args:
        items: as `kg.articles.list_inputs` gives them; errors among them are passed on.
        writer: the store, which afterwards holds every article whose `on_built` was called.
        options: how to read.
        engine: what reads.
        on_built: called after each input.
        again: whether articles are read that are in the store as they would be read.

    Raises:
        LagebildError: a model cannot be loaded, a reading process was killed, or the store refuses.
    """
    summary, taken, described = Summary(), set[str](), set[str]()

    def task(item: Input) -> Task:
        known = None if again or not item.stem else writer.digest_of(item.stem)
        return Task(item, options, writer.base_iri, known)

    for built in engine.read(item if isinstance(item, ArticleError) else task(item) for item in items):
        if built.error is not None:
            summary.errors.append(built.error)
        elif built.unchanged:
            summary.unchanged += 1
        elif built.stem not in taken:
            new = [key for key in built.descriptions if key not in described]
            described.update(new)
            reference = b"".join(built.descriptions[key] for key in new)
            summary.replaced += writer.replace_article(built.stem, built.graph, reference)
            summary.built += 1
            summary.words += built.words
            summary.claims.update(built.claims)
            summary.entities.update(built.entities)
        taken.add(built.stem)
        on_built(built)
    summary.errors.sort(key=str)
    return summary


def _read_all(tasks: Iterator[Task | ArticleError], jobs: int | None) -> Iterator[Built]:
    if jobs is None:
        most = available_cores()
        first = list(islice(tasks, most * _WORTH)) if most > 1 else []
        jobs, tasks = _how_many(len(first)), chain(first, tasks)
    if jobs > 1:
        yield from _read_in_processes(tasks, start_pool(jobs), jobs)
        return
    for task in tasks:
        yield Built(str(task), task) if isinstance(task, ArticleError) else read_task(task)


def _how_many(inputs: int) -> int:
    return max(1, min(available_cores(), inputs // _WORTH))


def _read_in_processes(
    tasks: Iterable[Task | ArticleError], executor: ProcessPoolExecutor, jobs: int
) -> Iterator[Built]:
    """Read in several processes, a few tasks ahead; in the order in which they are done."""
    pending: set[Future[Built]] = set()
    try:
        for task in tasks:
            if isinstance(task, ArticleError):
                yield Built(str(task), task)
                continue
            pending.add(executor.submit(read_task, task))
            if len(pending) >= _AHEAD * jobs:
                done, pending = wait(pending, return_when=FIRST_COMPLETED)
                yield from (future.result() for future in done)
        while pending:
            done, pending = wait(pending, return_when=FIRST_COMPLETED)
            yield from (future.result() for future in done)
    except BrokenProcessPool:
        raise LagebildError("A reading process was killed, perhaps for lack of memory.", "Use fewer --jobs.") from None
    finally:
        executor.shutdown(wait=True, cancel_futures=True)
