"""A store: one writer, and snapshots that any number of readers may open. Where it lives is in `kg.homes`.

An article is replaced in one transaction, new articles are written many at a time, and readers see a batch only once it
is published, so that a build that is interrupted or killed at any moment leaves readers with the last published state
and the next build with whole articles.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, ExitStack, closing, contextmanager
from pathlib import Path
from typing import BinaryIO, Self

import pyoxigraph as ox

from kg.curation.reading import Pattern, Reading
from kg.errors import StoreError
from kg.guests import GuestGraphs
from kg.homes import FolderHome, open_home
from kg.layout import read_description
from kg.rdf import DIGEST
from kg.remote import (
    Endpoint,
    Location,
    QuadStore,
    RemoteStore,
    article_graphs,
    choose_publication,
    data,
    name_publication,
    quads_about,
)
from kg.rollup import Changes, version
from kg.settings import Settings
from kg.snapshots import OWN, explained, lock_snapshot, number_of
from kg.tombstones import list_keys
from kg.vocab import Minter

Derive = Callable[[QuadStore, str, Changes | None], set[str] | None]
"""Brings the derived graphs of a store up to date, given the base IRI of its data and what has changed; None: all.

It returns the IRIs of the things of which something else may be said now; None: all."""

Quads = Iterable[ox.Quad] | bytes
"""Quads, or N-Quads without comments."""

_AHEAD = 6_000_000
"""Bytes of new articles that are kept until they are written together: many at a time cost a third of the processor."""


class Writer(AbstractContextManager["Writer"]):
    """The one process that changes a store. Nothing is visible to readers before `publish`."""

    def __init__(self, location: Location, base_iri: str, derive: Derive, *, create: bool = True) -> None:
        """Open a store, or create it.

        Args:
            location: the store's folder, or the addresses of a store elsewhere.
            base_iri: base of the IRIs of its data; that of an existing store must be the same.
            derive: brings the derived graphs up to date before each publication.
            create: whether a store that does not exist is created.

        Raises:
            StoreError: another process writes to it, it is no store or one of another version or base IRI, or the disk
                refuses.
        """
        self.location = location
        self.base_iri = base_iri
        self._derive = derive
        self._mint = Minter(base_iri)
        self._described: set[ox.NamedNode | ox.BlankNode | ox.Triple] = set()
        self._changes = Changes()
        self._touched = False
        self._removed: set[str] = set()
        self._waiting: dict[ox.NamedNode, bytes] = {}
        """Graphs of new articles that are still to be written, with the descriptions that they need."""
        self._home = open_home(location, base_iri, version(), create=create)
        self._is_derived = self._home.is_derived

    def stems(self) -> list[str]:
        """Return the identifiers of the articles in the store, sorted."""
        with self._home.explained():
            self._write_waiting()
            return _stems(self._home.store, self._mint)

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
        with self._home.explained():
            if graph in self._waiting:
                self._write_waiting()
            old = list(self._home.store.quads_for_pattern(None, None, None, graph))
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
            self._home.open_for_change().update(
                f"{data('DELETE', outdated)} ; DROP SILENT GRAPH {graph} ; {data('INSERT', [*described, *new])}"
            )
            return bool(old)

    def digest_of(self, stem: str) -> str | None:
        """Return the digest of the input that an article was read from; None for one that is not there.

        Raises:
            StoreError: the disk refuses.
        """
        with self._home.explained():
            said = self._home.store.quads_for_pattern(
                self._mint.run(stem), DIGEST, None, self._mint.article_graph(stem)
            )
            return next((str(quad.object.value) for quad in said if isinstance(quad.object, ox.Literal)), None)

    def remove_article(self, stem: str) -> bool:
        """Remove an article's graph; tell whether there was one.

        Raises:
            StoreError: the disk refuses.
        """
        graph = self._mint.article_graph(stem)
        with self._home.explained():
            self._write_waiting()
            old = list(self._home.store.quads_for_pattern(None, None, None, graph))
            if old:
                self._mark_changed()
                self._changes.note(graph, old)
                self._removed |= list_keys(old, self.base_iri)
                self._home.open_for_change().remove_graph(graph)
        return bool(old)

    @property
    def guests(self) -> GuestGraphs:
        """The graphs that are not the program's own."""
        return GuestGraphs(self._home.store, self._mint)

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
        with self._home.explained():
            self._mark_changed()
            self._home.open_for_change().extend(quads)

    def remove_statements(self, quads: Iterable[ox.Quad]) -> None:
        """Remove such statements, in one transaction.

        Raises:
            StoreError: the disk refuses.
        """
        with self._home.explained():
            self._mark_changed()
            self._home.open_for_change().update(data("DELETE", quads))

    def fill(self, source: Path | BinaryIO, ending: str, *, derived: bool) -> None:
        """Load a whole graph into this store, which must be empty, by files of its own.

        Args:
            source: a file, by its path or opened.
            ending: names its format: `.nq` or `.trig`.
            derived: whether it holds what would be derived by the rules of this version.

        Raises:
            StoreError: the store is not empty, the file is not of its format, or the disk refuses.
        """
        with self._home.explained():
            if not isinstance(self._home, FolderHome):
                raise StoreError(f"{self.location} is no folder.", "Load the file by its own means, or into a folder.")
            if self.size():
                raise StoreError(f"The store {self.location} is not empty.", "Load into a new folder.")
            self._mark_changed()
            try:
                self._home.fill(source, ending)
            except SyntaxError as error:
                raise StoreError(f"The graph cannot be read: {error}.", "Export it again.") from error
            self._touched = not derived
            self._is_derived = derived

    def size(self) -> int:
        """Return the number of quads."""
        return len(self._home.store)

    def publish(self) -> None:
        """Derive what follows from the articles, and show the result to readers.

        Raises:
            StoreError: the disk refuses.
        """
        with self._home.explained():
            self._write_waiting()
            changes = self._changes if self._is_derived else None
            articles = {self._mint.article(self._mint.stem(graph)).value for graph in self._changes.before}
            touched = self._home.bring_up_to_date(
                lambda store: self._derive(store, self.base_iri, changes),
                is_due=self._touched or not self._is_derived,
            )
            self._changes, self._touched = Changes(), False
            self._described.clear()
            self._home.publish(self._removed, None if touched is None else touched | articles)
            self._removed.clear()
            self._is_derived = True

    def close(self) -> None:
        """Let another process write."""
        self._home.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _find(self, *pattern: *Pattern) -> Iterator[ox.Quad]:
        return self._home.store.quads_for_pattern(*pattern)

    def _mark_changed(self) -> None:
        """See to it that the next writer derives everything, should this one not come to publish."""
        if not self._touched:
            self._home.mark_changed()
        self._touched = True

    def _write_waiting(self) -> None:
        waiting = b"".join(self._waiting.values())
        self._waiting.clear()
        if waiting:
            self._home.write(waiting)

    def _describe(self, reference: Iterable[ox.Quad]) -> tuple[list[ox.Quad], list[ox.Quad]]:
        """Return what is outdated of the entities' descriptions and what is new of them, to be written at once."""
        outdated, missing = list[ox.Quad](), list[ox.Quad]()
        by_subject: dict[ox.NamedNode | ox.BlankNode | ox.Triple, set[ox.Quad]] = {}
        for quad in reference:
            if quad.subject not in self._described:
                by_subject.setdefault(quad.subject, set()).add(quad)
        self._described.update(by_subject)
        nodes = (subject for subject in by_subject if isinstance(subject, ox.NamedNode))
        known: dict[ox.NamedNode | ox.BlankNode | ox.Triple, set[ox.Quad]] = {}
        for quad in quads_about(self._home.store, nodes, self._mint.entities_graph):
            known.setdefault(quad.subject, set()).add(quad)
        for subject, new in by_subject.items():
            old = known.get(subject, set())
            if new != old and isinstance(subject, ox.NamedNode):
                self._changes.described.add(subject)
            outdated += old - new
            missing += new - old
        return outdated, missing


@contextmanager
def open_snapshot(location: Location, number: int | None = None, *, own: bool = False) -> Iterator[QuadStore]:
    """Open a published state of a store, read-only; it stays as it is and on disk while it is open.

    A store elsewhere has one state only, and may change while it is open.

    Args:
        location: the store's folder, or the addresses of a store elsewhere.
        number: which snapshot; None means the newest.
        own: whether the guests are to be left out.

    Raises:
        StoreError: there is none, or it cannot be read.
    """
    if isinstance(location, Endpoint):
        if number not in {None, number_of(name_publication(location))}:
            raise StoreError(f"{location} keeps no earlier state.", "Ask the current one.")
        settings, base = Settings.from_environment(), base_iri_of(location) or ""
        with closing(RemoteStore(location, settings, base)) as remote:
            yield remote
        return
    with ExitStack() as stack:
        with explained(location):
            read_description(location)
            snapshot = stack.enter_context(lock_snapshot(location, number))
            has_own = own and (snapshot / OWN).is_dir()
            store = ox.Store.read_only(str(snapshot / OWN if has_own else snapshot))
        yield store


def base_iri_of(location: Location) -> str | None:
    """Return the base IRI of a store's data; None where there is no store.

    Raises:
        StoreError: the folder is no store, or one of another version; a store elsewhere does not answer.
    """
    if isinstance(location, Endpoint):
        settings = Settings.from_environment()
        with closing(RemoteStore(location, settings)) as remote:
            published = choose_publication(remote, settings)
        return published.base_iri if published else None
    with explained(location):
        return read_description(location)["base_iri"] if (location / "store.json").exists() else None


def list_articles(store: QuadStore, base_iri: str) -> list[str]:
    """Return the identifiers of the articles in an open snapshot, sorted."""
    return _stems(store, Minter(base_iri))


def sorted_graphs(store: QuadStore) -> Iterator[ox.Quad]:
    """Yield all quads: graph by graph in the order of their IRIs, each graph's quads in the order of their lines."""
    for graph in sorted(store.named_graphs(), key=str):
        yield from sorted(store.quads_for_pattern(None, None, None, graph), key=str)


def _parse(quads: Quads) -> list[ox.Quad]:
    if isinstance(quads, bytes):
        return list(ox.parse(quads, format=ox.RdfFormat.N_QUADS, lenient=True))
    return list(quads)


def _to_bytes(quads: Quads) -> bytes:
    return quads if isinstance(quads, bytes) else ox.serialize(quads, format=ox.RdfFormat.N_QUADS) or b""


def _stems(store: QuadStore, mint: Minter) -> list[str]:
    prefix = mint.article_graph("").value
    return sorted(graph.removeprefix(prefix) for graph in article_graphs(store, mint))
