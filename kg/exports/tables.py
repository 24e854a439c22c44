"""The views by name, and how one is written."""

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from kg.dump import written_whole
from kg.exports import all_claims, deployments, plover
from kg.exports.cells import defuse, one_line
from kg.exports.claims import Own, by_article, read_claims
from kg.exports.columns import Column
from kg.remote import QuadStore

LANGUAGES = ("de", "en")
"""Languages that the names of entities may be in."""


@dataclass(frozen=True, slots=True)
class View:
    """A table of claims."""

    name: str
    """Its file name."""
    types: frozenset[str]
    """The event types that it has rows for."""
    columns: Sequence[Column]


VIEWS = {
    view.name: view
    for view in (
        View("plover.csv", plover.TYPES, plover.COLUMNS),
        View("deployments.csv", deployments.TYPES, deployments.COLUMNS),
        View("claims.csv", all_claims.TYPES, all_claims.COLUMNS),
    )
}


def csv_lines(view: View, store: QuadStore, base_iri: str, language: str = "de") -> Iterator[str]:
    """Yield the lines of a view, the header first: CSV as RFC 4180 has it, the same for the same store.

    Args:
        view: one of `VIEWS`.
        store: an open snapshot.
        base_iri: base of the IRIs of its data.
        language: one of `LANGUAGES`, of the names.
    """
    yield _line(column.name for column in view.columns)
    graph = Own(store, base_iri)
    for claim in read_claims(graph, by_article(graph, view.types), language):
        yield _line(defuse(one_line(column.cell(claim))) for column in view.columns)


def export(view: View, store: QuadStore, base_iri: str, target: Path, language: str = "de") -> int:
    """Write a view to a file; an existing file is replaced at the end.

    Returns:
        The number of rows.

    Raises:
        StoreError: the file cannot be written.
    """
    rows = -1
    with written_whole(target) as file:
        for rows, line in enumerate(csv_lines(view, store, base_iri, language)):  # noqa: B007 - counted beyond the loop
            file.write(line.encode())
    return rows


def _line(cells: Iterator[str]) -> str:
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n").writerow(cells)
    return out.getvalue()
