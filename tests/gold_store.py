"""A store in memory, filled as the real one is: article graphs, reference data, derived graphs."""

from collections.abc import Iterable, Sequence

from pyoxigraph import Quad, QuerySolutions, QueryTriples, Store

from kg.model import Extraction
from kg.rdf import reference_quads, to_quads
from kg.rollup import derive


def fill_store(extractions: Sequence[Extraction], base: str) -> Store:
    """Return a store with the whole graph of these extractions."""
    store = Store()
    for extraction in extractions:
        store.extend(to_quads(extraction, base))
    store.extend(reference_quads((item.entity for e in extractions for item in e.entities), base))
    derive(store, base)
    return store


def construct(store: Store, query: str) -> QueryTriples:
    """Run a CONSTRUCT query over the union of all graphs."""
    found = store.query(query, use_default_graph_as_union=True)
    assert isinstance(found, QueryTriples)
    return found


def select(store: Store, query: str) -> QuerySolutions:
    """Run a SELECT query over the union of all graphs."""
    found = store.query(query, use_default_graph_as_union=True)
    assert isinstance(found, QuerySolutions)
    return found


def gold_quads(extractions: Sequence[Extraction], base: str) -> Iterable[Quad]:
    """Return all quads of these extractions' graph, sorted."""
    return sorted(fill_store(extractions, base), key=str)
