"""Claims become events: runs the derivation rules of `queries/derive/` over the store.

The graph of entities and the graph of events are functions of the articles' graphs and the reference data. After the
articles' graphs and the `rdf.reference_quads` of their entities are written, `derive` brings both up to date.

Where only few articles have changed, `derive_entities` and `derive_events` can be limited to the entities and events
that the articles' old and new graphs refer to (`dcterms:references`, `lb:about`): `only` names them, and all quads that
have one of them as their subject are to be replaced by what comes back.
"""

from collections.abc import Callable, Iterable, Iterator

from pyoxigraph import NamedNode, Quad, QueryTriples, Store, Triple

from kg.curation.checks import make_plan
from kg.curation.describing import describe
from kg.curation.reading import Reading
from kg.curation.revising import revise
from kg.errors import DataError
from kg.queries import Query, load_rules
from kg.rdf import sorted_quads
from kg.vocab import Minter

Construct = Callable[[str], Iterable[Triple]]
"""Runs a CONSTRUCT query over the union of all named graphs."""


def derive(store: Store, base_iri: str) -> None:
    """Bring the derived graphs of a store up to date with its articles; only what differs is written.

    Args:
        store: holds the articles' graphs and the reference descriptions of their entities.
        base_iri: base of all IRIs in its data.
    """

    def construct(query: str) -> Iterable[Triple]:
        found = store.query(query, use_default_graph_as_union=True)
        if not isinstance(found, QueryTriples):
            raise DataError("A derivation rule is no CONSTRUCT query.", "Mend the files in queries/derive.")
        return found

    mint, reading = Minter(base_iri), Reading(store.quads_for_pattern, base_iri)
    plan = make_plan(reading.corrections(), reading)
    _replace(store, mint.entities_graph, describe(derive_entities(construct, base_iri), plan, reading))
    _replace(store, mint.corrected_graph, revise(plan, reading))
    _replace(store, mint.linked_graph, derive_links(construct, base_iri))
    _replace(store, mint.events_graph, derive_events(construct, base_iri))


def _replace(store: Store, graph: NamedNode, quads: Iterable[Quad]) -> None:
    """Make a graph hold these quads and no others; only what differs is written."""
    new, old = set(quads), set(store.quads_for_pattern(None, None, None, graph))
    store.extend(new - old)  # first, so that a process that is killed in between leaves too much and never too little
    for quad in old - new:
        store.remove(quad)


def derive_entities(construct: Construct, base_iri: str, only: Iterable[NamedNode] | None = None) -> list[Quad]:
    """Derive the graph of entities: what the reference data or else the articles say about each entity.

    Entities that no article refers to any more are not in it.

    Args:
        construct: runs a CONSTRUCT query over the union of all graphs.
        base_iri: base of all IRIs in the data.
        only: the entities to derive; all if None.

    Returns:
        The new quads of `BASE graph/entities` (of the entities in `only`), sorted.
    """
    return _derive("entities", construct, Minter(base_iri).entities_graph, only)


def derive_links(construct: Construct, base_iri: str, only: Iterable[NamedNode] | None = None) -> list[Quad]:
    """Derive the identities that follow from the links of `kg link`; arguments and result as in `derive_entities`.

    The graph of entities must be up to date: what the reference data say already is not said again.
    """
    return _derive("links", construct, Minter(base_iri).linked_graph, only)


def derive_events(construct: Construct, base_iri: str, only: Iterable[NamedNode] | None = None) -> list[Quad]:
    """Derive the graph of events from the claims of all articles; arguments and result as in `derive_entities`.

    The graph of entities must be up to date, since the events are named after their actors.
    """
    return _derive("events", construct, Minter(base_iri).events_graph, only)


def _derive(group: str, construct: Construct, graph: NamedNode, only: Iterable[NamedNode] | None) -> list[Quad]:
    wanted = None if only is None else sorted({node.value for node in only})
    if wanted == []:
        return []
    rules = (rule for rule in load_rules() if rule.group == group)
    triples = {triple for rule in rules for triple in construct(limit(rule, wanted))}
    return sorted_quads(Quad(triple.subject, triple.predicate, triple.object, graph) for triple in triples)


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
