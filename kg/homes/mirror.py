"""A store with a copy of it: what is asked is asked of the copy, what is written is written to both.

Graphs are derived over such a pair where the copy is without guests, or in memory.
"""

from collections.abc import Iterable, Iterator

import pyoxigraph as ox

from kg.remote.interface import GraphName


class Mirror:
    """The pair, as a `QuadStore`."""

    def __init__(self, store: ox.Store, copy: ox.Store) -> None:
        self._both = (copy, store)
        self._copy = copy
        self.query = copy.query
        self.quads_for_pattern = copy.quads_for_pattern
        self.contains_named_graph = copy.contains_named_graph
        self.named_graphs = copy.named_graphs

    def __contains__(self, quad: ox.Quad) -> bool:
        return quad in self._copy

    def __iter__(self) -> Iterator[ox.Quad]:
        return iter(self._copy)

    def __len__(self) -> int:
        return len(self._copy)

    def update(self, update: str) -> None:
        """Run a SPARQL update."""
        for store in self._both:
            store.update(update)

    def extend(self, quads: Iterable[ox.Quad]) -> None:
        """Add quads in one transaction."""
        kept = list(quads)
        for store in self._both:
            store.extend(kept)

    def bulk_extend(self, quads: Iterable[ox.Quad]) -> None:
        """Add many quads."""
        kept = list(quads)
        for store in self._both:
            store.bulk_extend(kept)

    def remove(self, quad: ox.Quad) -> None:
        """Remove a quad."""
        for store in self._both:
            store.remove(quad)

    def remove_graph(self, graph_name: GraphName) -> None:
        """Remove a graph."""
        for store in self._both:
            store.remove_graph(graph_name)

    def add_graph(self, graph_name: GraphName) -> None:
        """Make a graph that is empty."""
        for store in self._both:
            store.add_graph(graph_name)

    def clear_graph(self, graph_name: GraphName) -> None:
        """Empty a graph."""
        for store in self._both:
            store.clear_graph(graph_name)
