"""The graph as a file, in an order that depends on nothing but its content."""

import gzip
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from itertools import chain
from pathlib import Path
from typing import IO, Any, BinaryIO, cast

import pyoxigraph as ox

from kg.errors import SettingError, StoreError
from kg.remote import QuadStore
from kg.store import sorted_graphs
from kg.vocab import prefix_map

_FORMATS = {
    ".nq": ox.RdfFormat.N_QUADS,
    ".trig": ox.RdfFormat.TRIG,
    ".nt": ox.RdfFormat.N_TRIPLES,
    ".ttl": ox.RdfFormat.TURTLE,
    ".jsonld": ox.RdfFormat.JSON_LD,
}
_GZIP_LEVEL = 5
FORMATS = tuple(_FORMATS)
"""File endings that `dump` writes. `.ttl` and `.nt` know no named graphs: they hold the union of all."""


def dump(store: QuadStore, target: Path) -> int:
    """Write all quads of a store to a file, whose ending names the format; an existing file is replaced at the end.

    Returns:
        The number of quads, or of triples in a format without named graphs.

    Raises:
        SettingError: the ending names no format.
        StoreError: the file cannot be written.
    """
    rdf_format = _FORMATS.get(target.suffix.lower())
    if rdf_format is None:
        raise SettingError(f"{target}: {target.suffix!r} is no known format.", f"Write to one of {', '.join(FORMATS)}.")
    quads = sorted_graphs(store)
    prefixes = None if rdf_format in {ox.RdfFormat.N_QUADS, ox.RdfFormat.N_TRIPLES} else prefix_map()
    number = 0

    def counted(statements: Iterator[ox.Quad] | Iterator[ox.Triple]) -> Iterator[Any]:
        nonlocal number
        for statement in statements:
            number += 1
            yield statement

    with written_whole(target) as file:
        ox.serialize(
            counted(quads if rdf_format.supports_datasets else _union(quads)),
            file,
            format=rdf_format,
            prefixes=prefixes,
        )
    return number


def write_compressed(store: QuadStore, name: str, output: IO[bytes]) -> None:
    """Write all quads of a store as a gzip file, graph by graph.

    Within a graph they come in the order of the database, which follows from what they say: to sort them would take the
    memory of the largest graph.

    Args:
        store: a snapshot.
        name: `nq` or `trig`.
        output: what is written to.
    """
    graphs = [ox.DefaultGraph(), *sorted(store.named_graphs(), key=str)]
    quads = chain.from_iterable(store.quads_for_pattern(None, None, None, graph) for graph in graphs)
    rdf_format = _FORMATS[f".{name}"]
    prefixes = prefix_map() if rdf_format is ox.RdfFormat.TRIG else None
    with gzip.GzipFile(fileobj=output, mode="wb", compresslevel=_GZIP_LEVEL, mtime=0) as file:
        ox.serialize(quads, cast("IO[bytes]", file), rdf_format, prefixes=prefixes)


@contextmanager
def written_whole(target: Path) -> Iterator[BinaryIO]:
    """Open a file that takes the place of `target` once it is written as a whole.

    Raises:
        StoreError: it cannot be written.
    """
    new = target.with_name(target.name + ".new")
    try:
        with new.open("wb") as file:
            yield file
        new.replace(target)
    except OSError as error:
        raise StoreError(
            f"{target} cannot be written: {error.strerror}.", "Check the folder and its rights."
        ) from error
    finally:
        with suppress(OSError):
            new.unlink(missing_ok=True)


def _union(quads: Iterator[ox.Quad]) -> Iterator[ox.Triple]:
    """Merge the graphs, sorted; a triple that several graphs hold comes once."""
    yield from sorted({quad.triple for quad in quads}, key=str)
