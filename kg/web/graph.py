"""What the pages ask the graph: the queries in `kg/web/queries/`, run on the pool of the pages.

A page never pastes text into a query: the engine puts values in place of variables, lists of IRIs are checked as IRIs,
and limits are numbers.
"""

import json
import threading
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from pathlib import Path
from textwrap import shorten
from typing import Generic, NamedTuple, TypeVar

from pyoxigraph import NamedNode

from kg.errors import QueryTimeoutError
from kg.vocab import LB, prefix_map
from kg.worker_jobs import Binding, Job
from kg.workers import WorkerPool

FOLDER = Path(__file__).parent / "queries"
BATCH = 500
"""IRIs that one query is asked about; longer lists are asked in parts."""
LONGEST = 120
"""Letters of a sentence that stands for a claim."""


T = TypeVar("T")


class Term(NamedTuple):
    """A value in an answer."""

    value: str
    kind: str
    """`uri`, `literal` or `bnode`."""
    language: str = ""


Row = Mapping[str, Term]


class Graph:
    """The current snapshot as the pages see it."""

    def __init__(self, pool: WorkerPool, base_iri: str) -> None:
        self._pool = pool
        self.base_iri = base_iri

    def select(self, name: str, *, limit: int | None = None, offset: int = 0, **bindings: str | None) -> list[Row]:
        """Run a query of the folder.

        Args:
            name: its file name without the ending.
            limit: most rows to return.
            offset: rows to leave out first.
            bindings: IRIs in place of variables; None leaves the variable open.

        Raises:
            QueryError, StoreError: as the worker pool does.
        """
        text = load(name) + (f"LIMIT {int(limit)} OFFSET {int(offset)}" if limit is not None else "")
        iris: dict[str, Binding] = {key: {"iri": iri} for key, iri in bindings.items() if iri is not None}
        return self._rows(Job(text, bindings=iris))

    def select_each(self, name: str, variable: str, iris: Iterable[str]) -> list[Row]:
        """Run a query of the folder with `variable` bound to each of `iris`; the rows of all of them."""
        wanted = sorted({str(NamedNode(iri)) for iri in iris})
        rows: list[Row] = []
        for start in range(0, len(wanted), BATCH):
            # First in the pattern: after it, the engine may go through all that fits before it looks at the values.
            values = f"WHERE {{ VALUES ?{variable} {{ {' '.join(wanted[start : start + BATCH])} }}"
            rows += self._rows(Job(load(name).replace("WHERE {", values, 1)))
        return rows

    def construct(self, name: str, format_name: str, *, offset: int = 0, **bindings: str) -> bytes:
        """Run a CONSTRUCT query of the folder, `OFFSET 0` in it being `offset`; return a sorted RDF document."""
        iris: dict[str, Binding] = {key: {"iri": iri} for key, iri in bindings.items()}
        text = load(name).replace("OFFSET 0", f"OFFSET {int(offset)}")
        job = Job(text, table=None, graph=format_name, bindings=iris, prefixes=prefix_map())
        return self._pool.fetch(job)[1]

    def labels(self, iris: Iterable[str]) -> dict[str, dict[str, str]]:
        """Return the names of things by language; things without a name are left out."""
        found: dict[str, dict[str, str]] = {}
        for row in self.select_each("labels", "this", iris):
            found.setdefault(row["this"].value, {})[row["label"].language] = row["label"].value
        return found

    def names(self, iris: Iterable[str]) -> dict[str, dict[str, str]]:
        """Return by language what things are called, also what has no label: a claim by its sentence, for example."""
        found: dict[str, dict[str, str]] = {}
        for row in self.select_each("names", "this", iris):
            iri, name = row["this"].value, row["name"]
            same = "elsewhere" in row  # named like the thing here that is the same
            text = f"{name.value} ({iri.rpartition('/')[2]})" if same else shorten(name.value, LONGEST, placeholder="…")
            found.setdefault(iri, {}).setdefault(name.language, text)
        return found

    def _rows(self, job: Job) -> list[Row]:
        _, body = self._pool.fetch(job)
        bindings = json.loads(body)["results"]["bindings"]
        return [{name: _term(cell) for name, cell in binding.items()} for binding in bindings]


class OncePerSnapshot(Generic[T]):
    """What is read from the graph once for each snapshot, by the first page that shows it. Threads may share it."""

    def __init__(self, read: Callable[[Graph], T]) -> None:
        self._read = read
        self._lock = threading.Lock()
        self._snapshot = ""
        self._found: T | None = None

    def get(self, snapshot: str, graph: Graph) -> T | None:
        """Return it for the current snapshot; None where the graph is too large to read it in time."""
        with self._lock:
            if snapshot != self._snapshot:
                try:
                    self._found = self._read(graph)
                except QueryTimeoutError:  # a page is there all the same
                    self._found = None
                self._snapshot = snapshot
            return self._found

    def get_ahead(self, snapshot: str, graph: Graph) -> T | None:
        """Return the same before anybody has asked; nobody has to wait for that.

        Raises:
            QueryTimeoutError: the graph is too large to read it in time.
        """
        if snapshot != self._snapshot:
            found = self._read(graph)
            with self._lock:
                self._snapshot, self._found = snapshot, found
        return self._found


@cache
def load(name: str) -> str:
    """Return the text of a query of the folder."""
    return (FOLDER / f"{name}.rq").read_text(encoding="utf-8")


def ask_about(name: str, variable: str, iri: str) -> str:
    """Return a query of the folder about one thing as a text that stands for itself, for people to go on with."""
    values = f"WHERE {{\n  VALUES ?{variable} {{ {NamedNode(iri)} }}"
    return load(name).replace("WHERE {", values, 1)


def local_name(iri: str) -> str:
    """Return the name of a term of the ontology without its namespace; other IRIs as they are."""
    return iri.removeprefix(LB.iri)


def _term(cell: Mapping[str, str]) -> Term:
    return Term(cell["value"], cell["type"], cell.get("xml:lang", ""))
