"""The graphs of a store that are not the program's own: what others write into it, over SPARQL Update and `/graphs`.

The program's own graphs (`Minter.owns_graph`) follow from the articles and are changed by building them. Everything
else, the default graph included, is a guest: it may be read with the rest, and nothing is derived from it.
"""

from collections.abc import Iterable

import pyoxigraph as ox

from kg.errors import QueryError, WriteRefusedError
from kg.remote import QuadStore
from kg.sparql_tokens import to_reason
from kg.updates import Update
from kg.vocab import Minter

Graph = ox.NamedNode | ox.DefaultGraph


class GuestGraphs:
    """What may be done to the guests of an open store; each method is one transaction."""

    def __init__(self, store: QuadStore, mint: Minter) -> None:
        self._store = store
        self._mint = mint

    def names(self) -> list[str]:
        """Return the IRIs of the named graphs among them, sorted."""
        names = (str(graph.value) for graph in self._store.named_graphs())
        return sorted(name for name in names if not self._mint.owns_graph(name))

    def any(self) -> bool:
        """Tell whether there are any."""
        return bool(self.names()) or any(self._store.quads_for_pattern(None, None, None, ox.DefaultGraph()))

    def update(self, update: Update) -> None:
        """Run an update.

        Raises:
            WriteRefusedError: it writes to a graph that is no guest.
            QueryError: the engine cannot read it or run it.
        """
        for graph in sorted(update.targets()):
            self._check(graph)
        try:
            self._store.update(update.text(self.names()))
        except (SyntaxError, ValueError, RuntimeError) as error:
            raise QueryError(
                f"The update cannot be run: {to_reason(error)}.", "Correct it and send it again."
            ) from error

    def contains(self, graph: Graph) -> bool:
        """Tell whether there is such a graph; there always is a default graph."""
        return isinstance(graph, ox.DefaultGraph) or self._store.contains_named_graph(graph)

    def replace(self, graph: Graph, triples: Iterable[ox.Triple]) -> bool:
        """Put a graph in the place of the one with this name; tell whether there was one.

        Raises:
            WriteRefusedError: the graph is no guest.
        """
        known = self._check_and_find(graph)
        body = " .\n".join(str(triple) for triple in triples)
        if isinstance(graph, ox.DefaultGraph):
            self._store.update(f"CLEAR DEFAULT ; INSERT DATA {{\n{body}\n}}")
        else:
            self._store.update(
                f"DROP SILENT GRAPH {graph} ; CREATE GRAPH {graph} ; INSERT DATA {{ GRAPH {graph} {{\n{body}\n}} }}"
            )
        return known

    def add(self, graph: Graph, triples: Iterable[ox.Triple]) -> bool:
        """Add triples to a graph, which is made if there is none; tell whether there was one. Errors as `replace`."""
        known = self._check_and_find(graph)
        if isinstance(graph, ox.NamedNode):
            self._store.add_graph(graph)
        self._store.extend(ox.Quad(triple.subject, triple.predicate, triple.object, graph) for triple in triples)
        return known

    def remove(self, graph: Graph) -> bool:
        """Remove a graph, or empty the default graph; tell whether there was one. Errors as `replace`."""
        known = self._check_and_find(graph)
        if isinstance(graph, ox.DefaultGraph):
            self._store.clear_graph(graph)
        else:
            self._store.remove_graph(graph)
        return known

    def remove_from(self, copy: ox.Store) -> None:
        """Remove all of them from a copy of the store."""
        for name in self.names():
            copy.remove_graph(ox.NamedNode(name))
        copy.clear_graph(ox.DefaultGraph())

    def _check_and_find(self, graph: Graph) -> bool:
        if isinstance(graph, ox.NamedNode):
            self._check(graph.value)
        return self.contains(graph)

    def _check(self, graph: str) -> None:
        if graph == self._mint.curation_graph.value:
            raise WriteRefusedError(
                f"The graph {graph} holds the corrections, which take effect when they are made.",
                "Correct by `kg correct`, and bring others' corrections in by `kg correct import`.",
            )
        if self._mint.owns_graph(graph):
            raise WriteRefusedError(
                f"The graph {graph} follows from the articles.",
                f"Write to a graph whose IRI does not begin with {self._mint.base}graph/; articles come by /articles.",
            )
