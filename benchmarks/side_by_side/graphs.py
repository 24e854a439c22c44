"""The graph that all servers load, as an N-Quads file and as a store of this program."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from benchmarks.generator.news import Plan
from benchmarks.search import fill_store
from kg.dump import dump
from kg.store import open_snapshot

ARTICLES: Final = 1_000
"""Of the news that are made up where no other graph is given; rdflib takes a quarter of a minute to load them."""


@dataclass(frozen=True, slots=True)
class Graph:
    """One graph twice."""

    quads: Path
    store: Path


def make_graph(folder: Path, articles: int = ARTICLES) -> Graph:
    """Make up news and load them."""
    fill_store(folder / "store", Plan(articles, 1, None))
    return dump_graph(folder / "store", folder)


def dump_graph(store: Path, folder: Path) -> Graph:
    """Write what a store holds to an N-Quads file."""
    quads = folder / "graph.nq"
    with open_snapshot(store) as snapshot:
        dump(snapshot, quads)
    return Graph(quads, store)
