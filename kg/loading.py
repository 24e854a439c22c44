"""A graph in a file becomes a store: what `kg export` wrote, on this machine or another."""

import gzip
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final, cast

from kg.errors import StoreError
from kg.rollup import derive
from kg.snapshots import explained
from kg.store import Writer

FORMATS: Final = (".nq", ".trig")
"""File endings, each also with `.gz` after it: the formats that keep the named graphs apart."""

_EXPORT: Final = "Give a file that `kg export -o graph.nq` wrote."
_GRAPH: Final = re.compile(rb"<(https?://[^<>\s]*/)graph/article/[^<>\s]+>")
_HEAD: Final = 10_000_000
"""Bytes in which the first graph of an article has to begin; graphs that are no article's may stand before it."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """What a store holds after a graph was loaded."""

    base_iri: str
    articles: int
    statements: int


def load(path: Path, source: Path, *, derived: bool = False) -> Loaded:
    """Fill an empty store, which is made if there is none, with the graph in a file, and publish it.

    Args:
        path: the store's folder.
        source: an export of a store in one of the `FORMATS`.
        derived: whether the graphs of entities and events in it are taken as they are: rules of this version made them.
            Otherwise they are derived anew.

    Raises:
        StoreError: the file cannot be read or is no such export; the store is not empty, has another base IRI, is being
            written to, or the disk refuses.
    """
    ending = Path(source.name.lower().removesuffix(".gz")).suffix
    if ending not in FORMATS or not source.is_file():
        raise StoreError(f"{source} is no file that ends in {' or '.join(FORMATS)}.", _EXPORT)
    base_iri = _find_base_iri(source)
    with Writer(path, base_iri, derive) as writer:
        if source.suffix == ".gz":
            with _opened(source) as file:
                writer.fill(file, ending, derived=derived)
        else:  # the engine reads a file faster than what Python hands it
            writer.fill(source, ending, derived=derived)
        writer.publish()
        return Loaded(base_iri, len(writer.stems()), writer.size())


def _find_base_iri(source: Path) -> str:
    with explained(source), _opened(source) as file:
        head = file.read(_HEAD)
    found = _GRAPH.search(head)
    if found is None:
        raise StoreError(f"{source} holds no graph of an article.", _EXPORT)
    return found[1].decode(errors="replace")


@contextmanager
def _opened(source: Path) -> Iterator[BinaryIO]:
    """Open a file to read what it holds uncompressed."""
    try:
        with source.open("rb") as raw:
            yield cast("BinaryIO", gzip.GzipFile(fileobj=raw)) if source.suffix == ".gz" else raw
    except (gzip.BadGzipFile, EOFError) as error:
        raise StoreError(f"{source} is no gzip file, or is cut off.", "Export it again.") from error
