"""The graph that all servers load, as an N-Quads file and as a store of this program."""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from kg.dump import dump
from kg.store import open_snapshot
from tests.gold import load_gold
from tests.web_site import build_site

COPIES: Final = 20
"""How often the annotated articles stand in the graph that is made where no other is given."""


@dataclass(frozen=True, slots=True)
class Graph:
    """One graph twice."""

    quads: Path
    store: Path


def make_graph(folder: Path, copies: int = COPIES) -> Graph:
    """Make a graph of copies of the annotated articles in `tests/data`."""
    gold = load_gold()
    copied = [
        replace(each, article=replace(each.article, stem=f"{each.article.stem}-{number}"))
        for number in range(copies)
        for each in gold
    ]
    return dump_graph(build_site(folder / "store", copied), folder)


def dump_graph(store: Path, folder: Path) -> Graph:
    """Write what a store holds to an N-Quads file."""
    quads = folder / "graph.nq"
    with open_snapshot(store) as snapshot:
        dump(snapshot, quads)
    return Graph(quads, store)
