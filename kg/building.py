"""Articles become a store: read, extracted and mapped to quads in this process or in several, written by this one."""

import ctypes
import multiprocessing
import os
import signal
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING

from pyoxigraph import Quad

from kg.articles import Input, ReadOptions, read_article
from kg.errors import ArticleError, LagebildError
from kg.rdf import reference_quads, to_quads
from kg.store import Writer

if TYPE_CHECKING:
    from kg.pipeline import Extractor

_PR_SET_PDEATHSIG = 1
_AHEAD = 4
"""Articles a process that are read ahead of the writer; it bounds the memory that they take."""


@dataclass(frozen=True, slots=True)
class Task:
    """What it takes to read one input in any process."""

    item: Input
    options: ReadOptions
    base_iri: str


@dataclass(frozen=True, slots=True)
class Built:
    """What came of one input: an article's quads, or the error for which it is left out."""

    name: str
    error: ArticleError | None = None
    stem: str = ""
    quads: tuple[Quad, ...] = ()
    reference: tuple[Quad, ...] = ()
    words: int = 0
    claims: tuple[tuple[str, str], ...] = ()
    """Event type and status of each claim."""
    entities: tuple[str, ...] = ()
    """Type of each entity."""


@dataclass(slots=True)
class Summary:
    """What a build did."""

    built: int = 0
    replaced: int = 0
    """How many of the articles built stood in the store before."""
    words: int = 0
    claims: Counter[tuple[str, str]] = field(default_factory=Counter)
    entities: Counter[str] = field(default_factory=Counter)
    """By type and article: one that two articles name counts twice."""
    errors: list[ArticleError] = field(default_factory=list)


def build(
    items: Iterable[Input | ArticleError],
    writer: Writer,
    options: ReadOptions,
    jobs: int = 1,
    on_built: Callable[[Built], None] = lambda _: None,
) -> Summary:
    """Read inputs and put their articles into a store; publishing is the caller's.

    Args:
        items: as `kg.articles.list_inputs` gives them; errors among them are passed on.
        writer: the store, which afterwards holds every article whose `on_built` was called.
        options: how to read.
        jobs: number of processes that read; 1 reads in this one.
        on_built: called after each input.

    Raises:
        LagebildError: a model cannot be loaded, a reading process was killed, or the store refuses.
    """
    summary, known, taken = Summary(), set(writer.stems()), dict[str, str]()
    tasks = (item if isinstance(item, ArticleError) else Task(item, options, writer.base_iri) for item in items)
    for built in _read_all(tasks, jobs):
        error = built.error
        if error is None and taken.setdefault(built.stem, built.name) == built.name:
            writer.replace_article(built.stem, built.quads, built.reference)
            summary.built += 1
            summary.replaced += built.stem in known
            summary.words += built.words
            summary.claims.update(built.claims)
            summary.entities.update(built.entities)
        elif error is not None:
            summary.errors.append(error)
        on_built(built)
    summary.errors.sort(key=str)
    return summary


def read_task(task: Task) -> Built:
    """Read one input and map what it says to quads; an input that cannot be read comes as its error."""
    item, extractor = task.item, _extractor(task.options.settings.language_model)
    try:
        extraction = extractor.extract(read_article(item, task.options))
    except ArticleError as error:
        return Built(item.name, error)
    except LagebildError:
        raise
    except Exception as error:
        # A defect that one article brings to light must not cost the others.
        kind = f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
        return Built(
            item.name, ArticleError(f"{item.name} made the program fail ({kind}).", "Report it with the article.")
        )
    entities = [found.entity for found in extraction.entities]
    return Built(
        name=item.name,
        stem=extraction.article.stem,
        quads=tuple(to_quads(extraction, task.base_iri, model=_model_version(task.options.settings.language_model))),
        reference=tuple(reference_quads(entities, task.base_iri)),
        words=len(extraction.article.text.split()),
        claims=tuple((claim.type, claim.status) for claim in extraction.claims),
        entities=tuple(entity.type for entity in entities),
    )


def load_reader(language_model: str) -> None:
    """Load what reading takes, so that processes that are forked from this one have it.

    Raises:
        LagebildError: a model cannot be loaded.
    """
    _model_version(language_model)


def _read_all(tasks: Iterable[Task | ArticleError], jobs: int) -> Iterator[Built]:
    if jobs > 1:
        yield from _read_in_processes(tasks, jobs)
        return
    for task in tasks:
        yield Built(str(task), task) if isinstance(task, ArticleError) else read_task(task)


def _read_in_processes(tasks: Iterable[Task | ArticleError], jobs: int) -> Iterator[Built]:
    """Read in several processes, a few tasks ahead; in the order in which they are done."""
    # Spawned and not forked: this process has the threads of an open database.
    context = multiprocessing.get_context("spawn")
    executor = ProcessPoolExecutor(jobs, context, initializer=_start_process, initargs=(os.getpid(),))
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


def _start_process(parent: int) -> None:
    """Have this process end with its parent (killed by the kernel, on Linux), and only with it."""
    prctl = getattr(ctypes.CDLL(None), "prctl", None)
    if prctl is not None:
        prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != parent:  # it ended before the kernel could be told
        os.kill(os.getpid(), signal.SIGKILL)
    # Ctrl-C reaches every process of the terminal; it is the parent that stops the build.
    signal.signal(signal.SIGINT, signal.SIG_IGN)


@cache
def _extractor(language_model: str) -> "Extractor":
    # One process is one core's work. Threads of the libraries would get in each other's way, and add numbers up in
    # another order; numpy reads this when it is loaded.
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ.setdefault(name, "1")
    from kg.pipeline import load  # noqa: PLC0415 - seconds that only reading takes

    return load(language_model)


@cache
def _model_version(language_model: str) -> str:
    meta = _extractor(language_model).nlp.meta  # put together anew at each look, from all labels
    return f"{meta['lang']}_{meta['name']} {meta['version']}"
