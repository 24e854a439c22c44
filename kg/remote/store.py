"""A store elsewhere with the methods of the engine's own, so that the rest of the program needs to know no other."""

import json
from collections.abc import Iterable, Iterator, Sequence
from typing import IO, cast

import pyoxigraph as ox

from kg.errors import QueryError, StoreError
from kg.remote.bindings import bind, form_of
from kg.remote.endpoint import GRAPH, TABLE, Endpoint
from kg.remote.interface import GraphName, Object, Parts, QuadStore, Results, Subject
from kg.remote.statements import batched_by_graph, by_graph, data, graph_of
from kg.settings import Settings
from kg.vocab import DCTERMS, XSD, Minter, is_publication

_BOOLEAN = XSD.term("boolean")
_BULK = 10_000
"""Quads from which on writing them to files of their own costs less than a transaction."""
_ABOUT = 100
"""Things that one query is asked about."""


class RemoteStore:
    """A store elsewhere, whose default graph has to be the union of all. Its blank nodes cannot be asked for again."""

    def __init__(self, endpoint: Endpoint, settings: Settings, base_iri: str = "") -> None:
        """Make one; with the base IRI of data of ours, no graphs but those of that are listed, counted and dumped."""
        from kg.remote.client import SparqlClient  # noqa: PLC0415 - it loads slowly, and most stores are folders

        self.endpoint = endpoint
        self._own = f'FILTER(STRSTARTS(STR(?g), "{base_iri}graph/"))' if base_iri else ""
        self._client = SparqlClient(endpoint, settings)
        self._batch = settings.store_batch

    def query(
        self,
        query: str,
        *,
        base_iri: str | None = None,
        use_default_graph_as_union: bool = True,
        default_graph: Sequence[GraphName] | None = None,
        named_graphs: Sequence[ox.NamedNode | ox.BlankNode] | None = None,
        substitutions: dict[ox.Variable, Object] | None = None,
    ) -> Results:
        """Ask a SPARQL query; arguments as those of `pyoxigraph.Store.query`.

        Raises:
            QueryError: it cannot be read.
            StoreError: the store does not answer as it should.
        """
        values = {variable.value: str(value) for variable, value in (substitutions or {}).items()}
        text = (f"BASE <{base_iri}>\n" if base_iri else "") + bind(query, values)
        form = form_of(query)
        if not form:
            raise QueryError("This is no query.", "Begin with SELECT, ASK, CONSTRUCT or DESCRIBE.")
        dataset = _iris(default_graph), _iris(named_graphs)
        if form in {"CONSTRUCT", "DESCRIBE"}:
            return self._triples(text, *dataset)
        found = self._rows(text, *dataset)
        return _to_boolean(found) if form == "ASK" and isinstance(found, ox.QuerySolutions) else found

    def quads_for_pattern(
        self,
        subject: Subject | None,
        predicate: ox.NamedNode | None,
        object: Object | None,
        graph_name: GraphName | None = None,
        /,
    ) -> Iterator[ox.Quad]:
        """Yield the quads of a form in named graphs; errors as `query`."""
        if isinstance(graph_name, ox.DefaultGraph) or any(map(_is_unnamed, (subject, object, graph_name))):
            return
        terms = {"s": subject, "p": predicate, "o": object, "g": graph_name}
        places = {name: f"?{name}" if term is None else str(term) for name, term in terms.items()}
        open_ones = " ".join(place for place in places.values() if place.startswith("?")) or "(1 AS ?one)"
        pattern = "GRAPH {g} {{ {s} {p} {o} }}".format_map(places)
        for row in self.select(f"SELECT {open_ones} WHERE {{ {pattern} }}"):
            found = [_canonical(row[name]) if term is None else term for name, term in terms.items()]
            quad = ox.Quad(*cast("Parts", found))
            if not is_publication(graph_of(quad)):
                yield quad

    def quads_about(self, subjects: Iterable[ox.NamedNode], graph: ox.NamedNode | None = None) -> Iterator[ox.Quad]:
        """Yield the quads of some subjects in named graphs or in one, many subjects a request; errors as `query`."""
        wanted = sorted({str(subject) for subject in subjects})
        where = f"GRAPH {graph or '?g'} {{ ?s ?p ?o }}"
        for start in range(0, len(wanted), _ABOUT):
            values = " ".join(wanted[start : start + _ABOUT])
            query = f"SELECT * WHERE {{ VALUES ?s {{ {values} }} {where} }}"
            for row in self.select(query):
                yield ox.Quad(row["s"], row["p"], _canonical(row["o"]), graph or row["g"])

    def named_graphs(self) -> Iterator[ox.NamedNode | ox.BlankNode]:
        """Yield the names of the graphs that have something in them; errors as `query`."""
        for row in self.select(f"SELECT DISTINCT ?g WHERE {{ GRAPH ?g {{ ?s ?p ?o }} {self._own} }}"):
            if not is_publication(row["g"].value):
                yield row["g"]

    def contains_named_graph(self, graph_name: GraphName) -> bool:
        """Tell whether a graph has something in it; errors as `query`."""
        return any(True for _ in self.quads_for_pattern(None, None, None, graph_name))

    def __iter__(self) -> Iterator[ox.Quad]:
        return self.quads_for_pattern(None, None, None)

    def __len__(self) -> int:
        [row] = self.select(f"SELECT (COUNT(*) AS ?n) WHERE {{ GRAPH ?g {{ ?s ?p ?o }} {self._own} }}")
        return int(row["n"].value)

    def __contains__(self, quad: ox.Quad) -> bool:
        return any(True for _ in self.quads_for_pattern(*quad))

    def update(self, update: str) -> None:
        """Run a SPARQL update in one request.

        Raises:
            StoreError: the store does not answer, or refuses.
        """
        self._client.update(update)

    def extend(self, quads: Iterable[ox.Quad]) -> None:
        """Add quads, many a request, and the quads of one graph in as few as may be; errors as `update`."""
        for batch in batched_by_graph(quads, self._batch):
            self._client.update(data("INSERT", batch))

    def bulk_extend(self, quads: Iterable[ox.Quad]) -> None:
        """Add many quads, over the Graph Store HTTP Protocol where the store has it; errors as `update`."""
        if not self.endpoint.graphs:
            self.extend(quads)
            return
        for graph, group in by_graph(quads):
            lines = [f"{quad.triple} .\n" for quad in group]
            for start in range(0, len(lines), self._batch):
                self._client.add(graph, lines[start : start + self._batch])

    def remove(self, quad: ox.Quad) -> None:
        """Remove a quad; errors as `update`."""
        self.remove_all([quad])

    def remove_all(self, quads: Iterable[ox.Quad]) -> None:
        """Remove quads, many a request; errors as `update`."""
        for batch in batched_by_graph(quads, self._batch):
            self._client.update(data("DELETE", batch))

    def add_graph(self, graph_name: GraphName) -> None:
        """Make a graph; a store that knows no empty ones may pass over it. Errors as `update`."""
        self._client.update(f"CREATE SILENT GRAPH {graph_name}")

    def remove_graph(self, graph_name: GraphName) -> None:
        """Remove a graph; errors as `update`."""
        self._client.update(f"DROP SILENT GRAPH {graph_name}")

    def clear_graph(self, graph_name: GraphName) -> None:
        """Empty a graph; errors as `update`."""
        which = "DEFAULT" if isinstance(graph_name, ox.DefaultGraph) else f"GRAPH {graph_name}"
        self._client.update(f"CLEAR SILENT {which}")

    def close(self) -> None:
        """Close the connections."""
        self._client.close()

    def _rows(self, text: str, *dataset: Sequence[str]) -> ox.QuerySolutions | ox.QueryBoolean:
        body = self._client.query(text, TABLE, *dataset)
        try:
            return ox.parse_query_results(cast("IO[bytes]", body), ox.QueryResultsFormat.JSON)
        except SyntaxError as error:
            raise self._strange(error) from error

    def select(self, text: str) -> Iterator[ox.QuerySolution]:
        """Yield the rows of a SELECT query; errors as `query`."""
        rows = self._rows(text)
        if isinstance(rows, ox.QueryBoolean):
            raise self._strange("a yes or no")
        try:
            yield from rows
        except SyntaxError as error:
            raise self._strange(error) from error

    def _triples(self, text: str, *dataset: Sequence[str]) -> Iterator[ox.Triple]:
        body = self._client.query(text, GRAPH, *dataset)
        try:
            for quad in ox.parse(cast("IO[bytes]", body), ox.RdfFormat.N_TRIPLES):
                yield quad.triple
        except SyntaxError as error:
            raise self._strange(error) from error

    def _strange(self, what: object) -> StoreError:
        return StoreError(
            f"{self.endpoint} does not answer as a SPARQL store does ({what}).",
            "Give the address where it takes queries.",
        )


def quads_about(
    store: QuadStore, subjects: Iterable[ox.NamedNode], graph: ox.NamedNode | None = None
) -> Iterator[ox.Quad]:
    """Yield the quads of some subjects, in all graphs or in one, in no order; of a store elsewhere many at a time."""
    if isinstance(store, RemoteStore):
        yield from store.quads_about(subjects, graph)
    else:
        for subject in subjects:
            yield from store.quads_for_pattern(subject, None, None, graph)


def article_graphs(store: QuadStore, mint: Minter) -> Iterator[str]:
    """Yield the IRIs of the graphs of articles.

    A store elsewhere may look at all that it has to list its graphs; so it is asked for the articles.
    """
    prefix = mint.article_graph("").value
    if isinstance(store, RemoteStore):
        found = {graph_of(quad) for quad in store.quads_for_pattern(None, DCTERMS.term("identifier"), None)}
    else:
        found = {graph.value for graph in store.named_graphs()}
    yield from (graph for graph in found if graph.startswith(prefix))


def replace_quads(store: QuadStore, removed: Iterable[ox.Quad], added: list[ox.Quad]) -> None:
    """Remove quads and add others.

    In a folder what is new comes first, so that a process that is killed in between leaves too much and never too
    little. A store elsewhere may hold that two literals are one, and then the new one has to come last; what a killed
    process leaves there is derived anew.
    """
    if isinstance(store, RemoteStore):
        store.remove_all(removed)
    if len(added) >= _BULK:
        store.bulk_extend(added)
    else:
        store.extend(added)
    if not isinstance(store, RemoteStore):
        for quad in removed:
            store.remove(quad)


def _canonical(term: Object) -> Object:
    """Return truth as it is written in RDF; Virtuoso writes 1 for it."""
    if isinstance(term, ox.Literal) and term.datatype == _BOOLEAN:
        return ox.Literal(term.value in {"1", "true"})
    return term


def _to_boolean(rows: ox.QuerySolutions) -> Results:
    """Return the answer to an ASK query that came as a row, as it does from Virtuoso."""
    is_so = any(row[0] is not None and row[0].value in {"1", "true"} for row in rows)
    return ox.parse_query_results(json.dumps({"head": {}, "boolean": is_so}), ox.QueryResultsFormat.JSON)


def _iris(graphs: Sequence[GraphName] | None) -> list[str]:
    return [graph.value for graph in graphs or () if isinstance(graph, ox.NamedNode)]


def _is_unnamed(term: object) -> bool:
    """Tell whether a query cannot name a term."""
    return isinstance(term, ox.BlankNode | ox.Triple)
