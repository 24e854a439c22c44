"""Statements on their way to a store: in updates, and in batches."""

from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Literal

import pyoxigraph as ox


def data(verb: Literal["INSERT", "DELETE"], quads: Iterable[ox.Quad]) -> str:
    """Return the update that adds or removes quads: a block for each graph."""
    blocks = (
        f"GRAPH <{graph}> {{\n" + "".join(f"{quad.triple} .\n" for quad in group) + "}"
        for graph, group in by_graph(quads)
    )
    return f"{verb} DATA {{\n" + "\n".join(blocks) + "\n}"


def batched_by_graph(quads: Iterable[ox.Quad], size: int) -> Iterator[list[ox.Quad]]:
    """Yield quads in batches of about `size`; a graph is not divided unless it has more than that itself."""
    batch: list[ox.Quad] = []
    for _, whole in by_graph(quads):
        if batch and len(batch) + len(whole) > size:
            yield batch
            batch = []
        batch += whole
        while len(batch) > size:
            yield batch[:size]
            batch = batch[size:]
    if batch:
        yield batch


def by_graph(quads: Iterable[ox.Quad]) -> Iterator[tuple[str, list[ox.Quad]]]:
    """Yield the IRIs of the graphs of some quads, with the quads; the same order whatever theirs was."""
    for graph, group in groupby(sorted(quads, key=lambda quad: (graph_of(quad), str(quad))), graph_of):
        yield graph, list(group)


def graph_of(quad: ox.Quad) -> str:
    """Return the IRI of a quad's graph; nothing for the default graph."""
    return str(quad.graph_name.value) if isinstance(quad.graph_name, ox.NamedNode) else ""
