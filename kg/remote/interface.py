"""What a store has to be able to do, wherever it is."""

from collections.abc import Iterable, Iterator
from typing import Protocol

import pyoxigraph as ox

Subject = ox.NamedNode | ox.BlankNode | ox.Triple
Object = Subject | ox.Literal
GraphName = ox.NamedNode | ox.BlankNode | ox.DefaultGraph
Parts = tuple[Subject, ox.NamedNode, Object, GraphName]
"""What a quad is made of."""
Results = ox.QuerySolutions | ox.QueryBoolean | Iterator[ox.Triple]


class QuadStore(Protocol):
    """What the program asks of a store: of the engine's own (`pyoxigraph.Store`) or of one elsewhere."""

    def query(
        self,
        query: str,
        *,
        base_iri: str | None = None,
        use_default_graph_as_union: bool = False,
        default_graph: list[GraphName] | None = None,
        named_graphs: list[ox.NamedNode | ox.BlankNode] | None = None,
        substitutions: dict[ox.Variable, Object] | None = None,
    ) -> Results:
        """Ask a SPARQL query."""

    def quads_for_pattern(
        self,
        subject: Subject | None,
        predicate: ox.NamedNode | None,
        object: Object | None,
        graph_name: GraphName | None = None,
        /,
    ) -> Iterator[ox.Quad]:
        """Yield the quads of a form; None stands for anything."""

    def update(self, update: str) -> None:
        """Run a SPARQL update."""

    def extend(self, quads: Iterable[ox.Quad]) -> None:
        """Add quads."""

    def bulk_extend(self, quads: Iterable[ox.Quad]) -> None:
        """Add many quads."""

    def remove(self, quad: ox.Quad) -> None:
        """Remove a quad."""

    def remove_graph(self, graph_name: GraphName) -> None:
        """Remove a graph."""

    def add_graph(self, graph_name: GraphName) -> None:
        """Make a graph that is empty."""

    def clear_graph(self, graph_name: GraphName) -> None:
        """Empty a graph."""

    def contains_named_graph(self, graph_name: GraphName) -> bool:
        """Tell whether there is such a graph."""

    def named_graphs(self) -> Iterator[ox.NamedNode | ox.BlankNode]:
        """Yield the names of the graphs."""

    def __contains__(self, quad: ox.Quad) -> bool: ...

    def __len__(self) -> int: ...

    def __iter__(self) -> Iterator[ox.Quad]: ...
