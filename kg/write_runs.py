"""What a write over HTTP does to the store: run an update, write a graph, build or remove an article; then publish.

A job is read as far as it can be before the store is locked, so that one that waits for a page, or cannot be read,
keeps nobody else waiting. What is returned has been flushed to the disk and published.
"""

import contextlib
import hashlib
import json
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import singledispatch
from pathlib import Path
from typing import Any

import pyoxigraph as ox

from kg.articles import Input, ReadOptions, list_inputs
from kg.articles.inputs import make_stem
from kg.articles.metadata import check_values
from kg.errors import ArticleError, StoreBusyError, WriteConflictError
from kg.guests import Graph, GuestGraphs
from kg.rdf_input import read_graph
from kg.remote import Location
from kg.rollup import derive
from kg.settings import Settings
from kg.snapshots import name_snapshot
from kg.store import Writer
from kg.tasks import Built, Task, read_task
from kg.updates import read_update
from kg.vocab import Minter
from kg.write_jobs import BuildArticle, RemoveArticle, RunUpdate, WriteGraph, decode

_LOCK_RETRY = 0.02
"""Seconds between two attempts at the lock of the store."""

Result = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Context:
    """Where a job runs."""

    store_path: Location
    base_iri: str
    settings: Settings

    @contextlib.contextmanager
    def writer(self) -> Iterator[Writer]:
        """Open the store for writing, waiting for another writer as long as the setting says; publish at the end."""
        with self._open() as writer:
            yield writer
            writer.publish()

    def _open(self) -> Writer:
        deadline = time.monotonic() + self.settings.write_wait
        while True:
            try:
                return Writer(self.store_path, self.base_iri, derive, create=False)
            except StoreBusyError:
                if time.monotonic() > deadline:
                    raise
                time.sleep(_LOCK_RETRY)


@singledispatch
def run(job: object, context: Context) -> Result:
    """Run a job.

    Raises:
        LagebildError: it cannot be read, is refused, or the store refuses.
    """
    raise TypeError(f"{type(job).__name__} is no job")


@run.register
def _(job: RunUpdate, context: Context) -> Result:
    update = read_update(job.update, context.base_iri, context.settings, job.using, job.using_named)
    with context.writer() as writer:
        writer.guests.update(update)
    return {}


@run.register
def _(job: WriteGraph, context: Context) -> Result:
    """The result says whether there was such a graph before."""
    name = ox.DefaultGraph() if job.graph is None else ox.NamedNode(job.graph)
    base = job.graph or context.base_iri
    triples = [triple for kind, content in job.documents for triple in read_graph(decode(content), kind, base)]
    with context.writer() as writer:
        snapshot = name_snapshot(context.store_path)
        return {"known": _write_graph(job, name, triples, writer.guests, snapshot)}


def _write_graph(job: WriteGraph, name: Graph, triples: list[ox.Triple], guests: GuestGraphs, snapshot: str) -> bool:
    _check_conditions(job, snapshot, known=guests.contains(name))
    if job.verb == "DELETE":
        return guests.remove(name)
    return (guests.replace if job.verb == "PUT" else guests.add)(name, triples)


def _check_conditions(job: WriteGraph, snapshot: str, *, known: bool) -> None:
    if job.create_only and known:
        raise WriteConflictError("The graph is there already.", "Leave If-None-Match out to replace it.")
    if job.exists_only and not known:
        raise WriteConflictError("There is no such graph.", "Leave If-Match out to make it.")
    if job.snapshots is not None and snapshot not in job.snapshots:
        raise WriteConflictError("The store has changed since you read it.", "Read the graph again, then write.")


@run.register
def _(job: BuildArticle, context: Context) -> Result:
    """The result has the IRIs of article and graph, and how much was found."""
    built = _read(job, context)
    if built.error is not None:
        raise built.error
    mint = Minter(context.base_iri)
    with context.writer() as writer:
        reference = b"".join(built.descriptions.values())
        replaced = writer.replace_article(built.stem, built.graph, reference)
    return {
        "article": mint.article(built.stem).value,
        "graph": mint.article_graph(built.stem).value,
        "replaced": replaced,
        "words": built.words,
        "claims": len(built.claims),
        "entities": len(built.entities),
    }


def _read(job: BuildArticle, context: Context) -> Built:
    options = ReadOptions(today=date.today(), settings=context.settings)  # the day of the upload, if none is stated
    if job.kind == "url":
        if not job.content.lower().startswith(("http://", "https://")):  # what is on this machine is nobody's business
            raise ArticleError(f"{job.content} is no address.", "Give one like https://example.org/page.")
        item = next(iter(list_inputs([job.content])))
        if isinstance(item, ArticleError):
            raise item
        return read_task(Task(item, options, context.base_iri))
    content = decode(job.content)
    check_values(job.metadata)  # which names no file, as reading it from one would
    stem = _check_stem(job.stem) if job.stem else f"upload-{hashlib.sha256(content).hexdigest()[:12]}"
    with tempfile.TemporaryDirectory() as folder, contextlib.chdir(folder):
        name = f"{stem}.{'txt' if job.kind == 'text' else 'html'}"
        Path(name).write_bytes(content)
        Path(f"{stem}.meta.json").write_text(json.dumps(dict(job.metadata)), encoding="utf-8")
        return read_task(Task(Input(job.kind, name, stem), options, context.base_iri))


def _check_stem(stem: str) -> str:
    """Return an identifier that is one: to change it would be to give the article a name that nobody asked for."""
    if stem != make_stem(stem):
        remedy = f"Take letters, digits, '.', '-' and '_', such as {make_stem(stem)!r}."
        raise ArticleError(f"stem is {stem[:100]!r}, which cannot name an article.", remedy)
    return stem


@run.register
def _(job: RemoveArticle, context: Context) -> Result:
    """The result says whether there was one."""
    with context.writer() as writer:
        return {"known": writer.remove_article(job.stem)}
