"""A store of two tiny articles, what is put into such stores, and what can be read in them."""

from pathlib import Path

import pyoxigraph as ox

from kg.dump import dump
from kg.remote import QuadStore
from kg.store import Writer, open_snapshot
from kg.vocab import Minter

BASE = "http://example.org/"
MINT = Minter(BASE)
SAYS = ox.NamedNode("http://example.org/says")
COUNT = ox.NamedNode("http://example.org/count")


def derive(store: QuadStore, base_iri: str, _: object = None) -> None:
    """Stand in for the roll-up: count the statements of all articles."""
    graph = Minter(base_iri).events_graph
    store.clear_graph(graph)
    number = sum(1 for _ in store.quads_for_pattern(None, SAYS, None, None))
    store.extend([ox.Quad(graph, COUNT, ox.Literal(number), graph)])


def quads(stem: str, *texts: str) -> list[ox.Quad]:
    return [ox.Quad(MINT.article(stem), SAYS, ox.Literal(t, language="de"), MINT.article_graph(stem)) for t in texts]


def writer(path: Path, base: str = BASE) -> Writer:
    return Writer(path, base, derive)


def exported(path: Path) -> str:
    target = path.with_name("out.nq")
    with open_snapshot(path) as store:
        dump(store, target)
    return target.read_text(encoding="utf-8")


def build(path: Path) -> Path:
    """Build the store: article `a` says two things, `b` one."""
    with writer(path) as built:
        built.replace_article("a", quads("a", "eins", "zwei"))
        built.replace_article("b", quads("b", "drei"))
        built.publish()
    return path
