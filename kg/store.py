"""The store on disk: one writer, and snapshots that any number of readers may open.

    STORE/store.json     what the store is: its format and the base IRI of its data
    STORE/writer.lock    held by the one process that writes
    STORE/data/          the database that the writer works on; no reader opens it
    STORE/checkpoint/    a copy of it of some time ago, while a long build goes on
    STORE/own.new/       a copy without the guests, while something is derived beside them
    STORE/unpublished, STORE/unsafe   marks of what is unfinished, see kg/layout.py
    STORE/derived        the rules that its derived graphs follow from; not there while they are out of date
    STORE/search.db      the index of words, see kg/fulltext
    STORE/removed        what was removed, see kg/tombstones.py
    STORE/snapshots/N/   a copy by hard links, never changed
    STORE/current        link to the newest snapshot; swapped atomically

An article is replaced in one transaction, new articles are written many at a time, and readers see a batch only once it
is published, so that a build that is interrupted or killed at any moment leaves readers with the last published state
and the next build with whole articles.
"""

import logging
import os
import shutil
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from functools import partial
from pathlib import Path
from typing import Any, BinaryIO, Literal, Self, cast

import pyoxigraph as ox

from kg.curation.reading import Pattern, Reading
from kg.errors import StoreError
from kg.fulltext.documents import Documents
from kg.fulltext.updating import Publication, update_index
from kg.guests import GuestGraphs, Mirror
from kg.layout import check_or_create, clear_mark, has_mark, lock_writer, read_description, set_mark, unsafe
from kg.rdf import DIGEST
from kg.rollup import Changes, version
from kg.snapshots import (
    OWN,
    drop_checkpoint,
    drop_unpublished,
    explained,
    lock_snapshot,
    publish,
    recover,
    save_checkpoint,
)
from kg.tombstones import bury, list_keys
from kg.vocab import Minter

Derive = Callable[[ox.Store, str, Changes | None], set[str] | None]
"""Brings the derived graphs of a store up to date, given the base IRI of its data and what has changed; None: all.

It returns the IRIs of the things of which something else may be said now; None: all."""

Quads = Iterable[ox.Quad] | bytes
"""Quads, or N-Quads without comments."""

_log = logging.getLogger(__name__)

_FORMATS = {".nq": ox.RdfFormat.N_QUADS, ".trig": ox.RdfFormat.TRIG}
_AHEAD = 6_000_000
"""Bytes of new articles that are kept until they are written together: many at a time cost a third of the processor."""
_BULK = 2_000_000
"""Bytes from which on writing them to files of their own costs less than a transaction."""
_CHECKPOINT = 300_000_000
"""Bytes after which the database is copied: no more have to be read again should it be left unsafe."""


class Writer(AbstractContextManager["Writer"]):
    """The one process that changes a store. Nothing is visible to readers before `publish`."""

    def __init__(self, path: Path, base_iri: str, derive: Derive, *, create: bool = True) -> None:
        """Open the store at `path`, or create it.

        Args:
            path: the store's folder.
            base_iri: base of the IRIs of its data; that of an existing store must be the same.
            derive: brings the derived graphs up to date before each publication.
            create: whether a store that does not exist is created.

        Raises:
            StoreError: another process writes to it, it is no store or one of another version or base IRI, or the disk
                refuses.
        """
        self.path = path
        self.base_iri = base_iri
        self._derive = derive
        self._mint = Minter(base_iri)
        self._described: set[ox.NamedNode | ox.BlankNode | ox.Triple] = set()
        self._changes = Changes()
        self._touched = False
        self._removed: set[str] = set()
        self._waiting: dict[ox.NamedNode, bytes] = {}
        """Graphs of new articles that are still to be written, with the descriptions that they need."""
        self._unsaved = 0
        """Bytes that were written to files of their own since the last copy of the database."""
        with explained(path):
            if not create and not (path / "store.json").exists():
                raise StoreError(f"There is no store at {path}.", "Build one with `kg build`.")
            path.mkdir(parents=True, exist_ok=True)
            self._lock = lock_writer(path)
            try:
                check_or_create(path, base_iri)
                recover(path)
                self._store = ox.Store(str(path / "data"))
                if has_mark(path, "unpublished"):
                    _log.warning(
                        "%s: a writer was stopped before it published; what it finished comes with this.", path
                    )
                self._derived = _read_text(path / "derived") == version()
                drop_unpublished(path)
            except BaseException:
                os.close(self._lock)
                raise

    def stems(self) -> list[str]:
        """Return the identifiers of the articles in the store, sorted."""
        with explained(self.path):
            self._write_waiting()
            return _stems(self._store, self._mint)

    def replace_article(self, stem: str, quads: Quads, reference: Quads = ()) -> bool:
        """Put an article's graph in the place of the one that it has, in one transaction; tell whether it had one.

        Args:
            stem: the article's identifier.
            quads: all quads of its graph.
            reference: quads of the graph of entities that it refers to; a description replaces an older one.

        Raises:
            StoreError: the disk refuses.
        """
        graph = self._mint.article_graph(stem)
        with explained(self.path):
            if graph in self._waiting:
                self._write_waiting()
            old = list(self._store.quads_for_pattern(None, None, None, graph))
            self._mark_changed()
            outdated, described = self._describe(_parse(reference))
            if not old and not outdated:
                self._changes.note(graph, [])
                self._waiting[graph] = _to_bytes(described) + _to_bytes(quads)
                if sum(map(len, self._waiting.values())) >= _AHEAD:
                    self._write_waiting()
                return False
            new = _parse(quads)
            if set(old) != set(new):
                self._changes.note(graph, old)
            self._store.update(
                f"{_data('DELETE', outdated)} ; DROP SILENT GRAPH {graph} ; {_data('INSERT', [*described, *new])}"
            )
            return bool(old)

    def digest_of(self, stem: str) -> str | None:
        """Return the digest of the input that an article was read from; None for one that is not there.

        Raises:
            StoreError: the disk refuses.
        """
        with explained(self.path):
            said = self._store.quads_for_pattern(self._mint.run(stem), DIGEST, None, self._mint.article_graph(stem))
            return next((str(quad.object.value) for quad in said if isinstance(quad.object, ox.Literal)), None)

    def remove_article(self, stem: str) -> bool:
        """Remove an article's graph; tell whether there was one.

        Raises:
            StoreError: the disk refuses.
        """
        graph = self._mint.article_graph(stem)
        with explained(self.path):
            self._write_waiting()
            old = list(self._store.quads_for_pattern(None, None, None, graph))
            if old:
                self._mark_changed()
                self._changes.note(graph, old)
                self._removed |= list_keys(old, self.base_iri)
                self._store.remove_graph(graph)
        return bool(old)

    @property
    def guests(self) -> GuestGraphs:
        """The graphs that are not the program's own."""
        return GuestGraphs(self._store, self._mint)

    def reading(self) -> Reading:
        """Return the store as it was read, beside which corrections are checked; it ends with the writer."""
        self._write_waiting()
        # Not the database's own method: whoever keeps the reading would keep the database open.
        return Reading(self._find, self.base_iri)

    def add_statements(self, quads: Iterable[ox.Quad]) -> None:
        """Add statements that are neither an article's nor derived, such as links and corrections, in one transaction.

        Raises:
            StoreError: the disk refuses.
        """
        with explained(self.path):
            self._mark_changed()
            self._store.extend(quads)

    def remove_statements(self, quads: Iterable[ox.Quad]) -> None:
        """Remove such statements, in one transaction.

        Raises:
            StoreError: the disk refuses.
        """
        with explained(self.path):
            self._mark_changed()
            self._store.update(_data("DELETE", quads))

    def fill(self, source: Path | BinaryIO, ending: str, *, derived: bool) -> None:
        """Load a whole graph into this store, which must be empty, by files of its own.

        Args:
            source: a file, by its path or opened.
            ending: names its format: `.nq` or `.trig`.
            derived: whether it holds what would be derived by the rules of this version.

        Raises:
            StoreError: the store is not empty, the file is not of its format, or the disk refuses.
        """
        place: dict[str, Any] = {"path": source} if isinstance(source, Path) else {"input": source}
        with explained(self.path):
            if self.size():
                raise StoreError(f"The store {self.path} is not empty.", "Load into a new folder.")
            self._mark_changed()
            try:
                with unsafe(self.path):
                    self._store.bulk_load(format=_FORMATS[ending], **place)
            except SyntaxError as error:
                raise StoreError(f"The graph cannot be read: {error}.", "Export it again.") from error
            self._touched = not derived
            self._derived = derived

    def size(self) -> int:
        """Return the number of quads."""
        return len(self._store)

    def publish(self) -> None:
        """Derive what follows from the articles, and show the result to readers.

        Raises:
            StoreError: the disk refuses.
        """
        with explained(self.path):
            self._write_waiting()
            own, touched = self._bring_up_to_date()
            self._changes, self._touched = Changes(), False
            self._described.clear()
            bury(self.path, self._removed)
            self._removed.clear()
            self._store.flush()
            publish(self._store, self.path, own, partial(self._index, touched))
            clear_mark(self.path, "unpublished")
            drop_checkpoint(self.path)
            (self.path / "derived").write_text(version(), encoding="utf-8")
            self._derived = True

    def close(self) -> None:
        """Let another process write."""
        del self._store  # pyoxigraph closes the database with its last reference
        os.close(self._lock)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _find(self, *pattern: *Pattern) -> Iterator[ox.Quad]:
        return self._store.quads_for_pattern(*pattern)

    def _index(self, touched: set[str] | None, own: Path | None, publication: Publication) -> None:
        """Index what is about to be published; `own` is the database without guests, if there are any."""
        store = self._store if own is None else ox.Store.read_only(str(own))
        documents = Documents(partial(_ask, store), self.base_iri)
        update_index(self.path, documents, publication, touched)

    def _bring_up_to_date(self) -> tuple[Path | None, set[str] | None]:
        """Derive what is due.

        Returns:
            The copy without guests from which that was done, if there are guests; and the things of which something
            else may be said now, None for all.
        """
        changes, is_due = self._changes if self._derived else None, self._touched or not self._derived
        articles = {self._mint.article(self._mint.stem(graph)).value for graph in self._changes.before}
        if not self.guests.any():
            touched = self._derive(self._store, self.base_iri, changes) if is_due else set()
            return None, None if touched is None else touched | articles
        folder = self.path / "own.new"
        shutil.rmtree(folder, ignore_errors=True)  # of a writer that was killed
        last = self.path / "current"
        if not is_due and last.exists():  # only guests have changed
            ox.Store.read_only(str(last / OWN if (last / OWN).exists() else last)).backup(str(folder))
            return folder, set()
        self._store.backup(str(folder))
        copy = ox.Store(str(folder))
        touched = self._derive(cast("ox.Store", Mirror(self._store, copy, self.guests)), self.base_iri, changes)
        copy.flush()
        return folder, None if touched is None else touched | articles

    def _mark_changed(self) -> None:
        """See to it that the next writer derives everything, should this one not come to publish."""
        if not self._touched:
            set_mark(self.path, "unpublished")
        self._touched = True
        (self.path / "derived").unlink(missing_ok=True)

    def _write_waiting(self) -> None:
        waiting = b"".join(self._waiting.values())
        self._waiting.clear()
        if len(waiting) < _BULK:
            self._store.load(waiting, format=ox.RdfFormat.N_QUADS, lenient=True)
            return
        with unsafe(self.path):
            self._store.bulk_load(waiting, format=ox.RdfFormat.N_QUADS, lenient=True)
        self._unsaved += len(waiting)
        if self._unsaved >= _CHECKPOINT:
            save_checkpoint(self._store, self.path)
            self._unsaved = 0

    def _describe(self, reference: Iterable[ox.Quad]) -> tuple[list[ox.Quad], list[ox.Quad]]:
        """Return what is outdated of the entities' descriptions and what is new of them, to be written at once."""
        outdated, missing = list[ox.Quad](), list[ox.Quad]()
        by_subject: dict[ox.NamedNode | ox.BlankNode | ox.Triple, set[ox.Quad]] = {}
        for quad in reference:
            if quad.subject not in self._described:
                by_subject.setdefault(quad.subject, set()).add(quad)
        self._described.update(by_subject)
        for subject, new in by_subject.items():
            old = set(self._store.quads_for_pattern(subject, None, None, self._mint.entities_graph))
            if new != old and isinstance(subject, ox.NamedNode):
                self._changes.described.add(subject)
            outdated += old - new
            missing += new - old
        return outdated, missing


@contextmanager
def open_snapshot(path: Path, number: int | None = None, *, own: bool = False) -> Iterator[ox.Store]:
    """Open a published state of a store, read-only; it stays as it is and on disk while it is open.

    Args:
        path: the store's folder.
        number: which snapshot; None means the newest.
        own: whether the guests are to be left out.

    Raises:
        StoreError: there is none, or it cannot be read.
    """
    with ExitStack() as stack:
        with explained(path):
            read_description(path)
            snapshot = stack.enter_context(lock_snapshot(path, number))
            has_own = own and (snapshot / OWN).is_dir()
            store = ox.Store.read_only(str(snapshot / OWN if has_own else snapshot))
        yield store


def base_iri_of(path: Path) -> str | None:
    """Return the base IRI of a store's data; None where there is no store.

    Raises:
        StoreError: the folder is no store, or one of another version.
    """
    with explained(path):
        return read_description(path)["base_iri"] if (path / "store.json").exists() else None


def list_articles(store: ox.Store, base_iri: str) -> list[str]:
    """Return the identifiers of the articles in an open snapshot, sorted."""
    return _stems(store, Minter(base_iri))


def sorted_graphs(store: ox.Store) -> Iterator[ox.Quad]:
    """Yield all quads: graph by graph in the order of their IRIs, each graph's quads in the order of their lines."""
    for graph in sorted(store.named_graphs(), key=str):
        yield from sorted(store.quads_for_pattern(None, None, None, graph), key=str)


def _parse(quads: Quads) -> list[ox.Quad]:
    if isinstance(quads, bytes):
        return list(ox.parse(quads, format=ox.RdfFormat.N_QUADS, lenient=True))
    return list(quads)


def _to_bytes(quads: Quads) -> bytes:
    return quads if isinstance(quads, bytes) else ox.serialize(quads, format=ox.RdfFormat.N_QUADS) or b""


def _data(verb: Literal["INSERT", "DELETE"], quads: Iterable[ox.Quad]) -> str:
    statements = "\n".join(f"GRAPH {quad.graph_name} {{ {quad.triple} }}" for quad in quads)
    return f"{verb} DATA {{\n{statements}\n}}"


def _ask(store: ox.Store, query: str) -> ox.QuerySolutions:
    return cast("ox.QuerySolutions", store.query(query, use_default_graph_as_union=True))


def _stems(store: ox.Store, mint: Minter) -> list[str]:
    prefix = mint.article_graph("").value
    return sorted(g.value.removeprefix(prefix) for g in store.named_graphs() if str(g.value).startswith(prefix))


def _read_text(path: Path) -> str:
    return path.read_text(encoding="utf-8") if path.exists() else ""
