"""The derivation rules of `queries/derive/`: entities and events are described by CONSTRUCT queries.

Where only little has changed, `only` names the entities or events to describe; all quads of the graph that have one of
them as their subject are to be replaced by what comes back.
"""

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor

from pyoxigraph import NamedNode, Quad, QueryBoolean, QuerySolutions, Triple

from kg.errors import DataError
from kg.queries import Query, load_rules
from kg.remote import QuadStore
from kg.vocab import Minter

Construct = Callable[[str], Iterable[Triple]]
"""Runs a CONSTRUCT query over the union of all named graphs."""


def constructor(store: QuadStore) -> Construct:
    """Return what runs CONSTRUCT queries over the union of a store's graphs.

    Raises:
        DataError: on use, where a rule is another kind of query.
    """

    def construct(query: str) -> Iterable[Triple]:
        found = store.query(query, use_default_graph_as_union=True)
        if isinstance(found, QuerySolutions | QueryBoolean):
            raise DataError("A derivation rule is no CONSTRUCT query.", "Mend the files in queries/derive.")
        return found

    return construct


def derive_entities(construct: Construct, base_iri: str, only: Iterable[NamedNode] | None = None) -> set[Quad]:
    """Derive the graph of entities: what the reference data or else the articles say about each entity.

    Entities that no article refers to any more are not in it.

    Args:
        construct: runs a CONSTRUCT query over the union of all graphs.
        base_iri: base of all IRIs in the data.
        only: the entities to derive; all if None.

    Returns:
        The new quads of `BASE graph/entities` (of the entities in `only`), without duplicates.
    """
    return _derive("entities", construct, Minter(base_iri).entities_graph, only)


def derive_links(construct: Construct, base_iri: str, only: Iterable[NamedNode] | None = None) -> set[Quad]:
    """Derive the identities that follow from the links of `kg link`; arguments and result as in `derive_entities`.

    The graph of entities must be up to date: what the reference data say already is not said again.
    """
    return _derive("links", construct, Minter(base_iri).linked_graph, only)


def derive_events(
    construct: Construct, base_iri: str, only: Iterable[NamedNode] | None = None, *, threads: int = 1
) -> set[Quad]:
    """Describe the events from the claims about them (`lb:about`); arguments and result as in `derive_entities`.

    The graph of entities must be up to date, since the events are named after their actors. In each of several
    `threads` a rule runs, which takes its own memory.
    """
    return _derive("events", construct, Minter(base_iri).events_graph, only, threads)


def _derive(
    group: str, construct: Construct, graph: NamedNode, only: Iterable[NamedNode] | None, threads: int = 1
) -> set[Quad]:
    wanted = None if only is None else sorted({node.value for node in only})
    if wanted == []:
        return set()

    def apply(rule: Query) -> set[Quad]:
        found = construct(limit(rule, wanted))
        return {Quad(triple.subject, triple.predicate, triple.object, graph) for triple in found}

    rules = [rule for rule in load_rules() if rule.group == group]
    quads = set[Quad]()
    with ThreadPoolExecutor(threads) as executor:  # the engine leaves the interpreter to others while it computes
        for found in executor.map(apply, rules):
            quads |= found
    return quads


def limit(rule: Query, only: list[str] | None) -> str:
    """Return the text of a rule; with `only`, its lines `# only ?variable` become VALUES blocks of these IRIs."""
    if only is None:
        return rule.text
    values = " ".join(f"<{iri}>" for iri in only)
    return "".join(_limited_lines(rule.text, values))


def _limited_lines(text: str, values: str) -> Iterator[str]:
    for line in text.splitlines(keepends=True):
        indent, marker, variable = line.partition("# only ")
        yield f"{indent}VALUES {variable.strip()} {{ {values} }}\n" if marker else line
