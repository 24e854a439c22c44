"""Claims become events.

    accounts    a claim as the merging sees it
    claims      the claims of a store as accounts
    figures     the figures of two claims beside each other
    sameness    whether two claims can be about one happening
    grouping    claims become groups, one a happening
    verdicts    what people have decided about that
    timeline    claims in the order of their days
    changes     what has changed since the last time
    before      the claims that a change has touched, as they were
    events      which event each claim is about
    rules       entities and events are described by the rules in `queries/derive/`

The graphs of entities and events are functions of the articles' graphs, the reference data and people's corrections.
After the articles' graphs and the `rdf.reference_quads` of their entities are written, `derive` brings them up to date.
Told what has changed, it looks at nothing else, and the result is the same.
"""

from collections.abc import Iterable, Iterator
from itertools import chain, islice
from math import ceil

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, Triple

from kg import __version__
from kg.curation.checks import make_plan
from kg.curation.describing import describe
from kg.curation.plan import Plan
from kg.curation.reading import Reading
from kg.curation.revising import CORRECTED_BY, revise
from kg.frames import load_frames
from kg.queries import load_rules
from kg.remote import QuadStore, RemoteStore, replace_quads
from kg.rollup.accounts import ABOUT, EVENT_TYPE
from kg.rollup.changes import Changes
from kg.rollup.events import EXPLANATION, EventFinder
from kg.rollup.grouping import Verdicts
from kg.rollup.rules import constructor, derive_entities, derive_events, derive_links
from kg.rollup.verdicts import read_verdicts
from kg.vocab import DCTERMS, LB, Minter, content_hash

__all__ = ["Changes", "derive", "version"]

Term = NamedNode | BlankNode | Literal | Triple

SMALL = 100_000
"""Statements about the events of claims, up to which two rules at once take little memory: some 5,000 articles."""
FEW = 20
"""Part of all claims above which finding out what a change may have an effect on takes longer than all events."""


def version() -> str:
    """Return what stands for the rules by which graphs are derived: if it differs, they have to be derived anew."""
    rules = [rule.text for rule in load_rules()]
    return content_hash(
        [__version__, rules, [[f.name, f.same_roles, f.as_state, f.days] for f in load_frames().values()]]
    )


def derive(store: QuadStore, base_iri: str, changes: Changes | None = None) -> set[str] | None:
    """Bring the derived graphs of a store up to date with its articles; only what differs is written.

    Args:
        store: holds the articles' graphs and the reference descriptions of their entities.
        base_iri: base of all IRIs in its data.
        changes: what has changed since the derived graphs were up to date; everything, if None.

    Returns:
        The IRIs of the things that were looked at again: all of which something else is said now, and more; None if
        they were too many to tell.
    """
    derivation = _Derivation(store, base_iri)
    if changes is None or changes.too_many:
        derivation.derive_all()
        return None
    return derivation.derive_again(changes)


class _Derivation:
    """One run over a store."""

    def __init__(self, store: QuadStore, base_iri: str) -> None:
        self._store = store
        self._base = base_iri
        self._mint = Minter(base_iri)
        self._construct = constructor(store)
        self._verdicts = Verdicts()
        self._looked_at = set[NamedNode]()
        """The entities that were derived again."""

    def derive_all(self) -> None:
        self._derive_entities(None)
        self._derive_all_events()

    def _derive_all_events(self) -> None:
        events = self._mint.events_graph
        old = self._quads_of(None, events)
        found = set(EventFinder(self._store, self._mint, self._verdicts).find_all())
        self._forget_old_events()
        about_claims = {quad for quad in old if quad.predicate in (ABOUT, EXPLANATION)}
        self._replace(about_claims, found)
        # Another store's connection is for one question at a time, and the memory of a large one for one rule.
        threads = 1 if isinstance(self._store, RemoteStore) or len(found) > SMALL else 2
        self._replace(old - about_claims, derive_events(self._construct, self._base, threads=threads))

    def _forget_old_events(self) -> None:
        """Remove what articles' graphs of stores of format 1 say of events: there every claim came with its event."""
        for quad in list(self._store.quads_for_pattern(None, ABOUT, None, None)):
            if quad.graph_name != self._mint.events_graph:
                self._store.remove(quad)

    def derive_again(self, changes: Changes) -> set[str] | None:
        described, corrected = self._derive_entities(changes)
        if self._are_many(corrected):
            self._derive_all_events()
            return None
        finder = EventFinder(self._store, self._mint, self._verdicts)
        claims, found = finder.find_again(changes, self._moved(described), corrected)
        old = self._quads_of(map(NamedNode, claims), self._mint.events_graph)
        events = {quad.object for quad in chain(old, found) if quad.predicate == ABOUT}
        self._replace(old, found)
        events |= self._events_naming({quad.subject for quad in described})
        wanted = sorted(_iris(events), key=str)
        old = self._quads_of(wanted, self._mint.events_graph)
        self._replace(old, derive_events(self._construct, self._base, wanted))
        things = chain(wanted, self._looked_at, (term for quad in corrected for term in (quad.subject, quad.object)))
        return {*claims, *(thing.value for thing in _iris(things))}

    def _derive_entities(self, changes: Changes | None) -> tuple[set[Quad], set[Quad]]:
        """Describe entities, apply people's corrections, and follow the links to other databases.

        Returns:
            The quads that are gone or new in the graph of entities, and those in the graph of what was corrected.
        """
        reading = Reading(self._store.quads_for_pattern, self._base)
        plan = make_plan(reading.corrections(), reading)
        wanted = None if changes is None else self._referred(changes) | self._corrected(plan)
        old = self._quads_of(wanted, self._mint.entities_graph)
        new = describe(derive_entities(self._construct, self._base, wanted), plan, reading)
        described = self._replace(old, new)
        corrected = self._replace(self._quads_of(None, self._mint.corrected_graph), revise(plan, reading))
        self._verdicts = read_verdicts(plan, self._store, self._mint)
        linked = self._replace(self._quads_of(None, self._mint.linked_graph), derive_links(self._construct, self._base))
        self._looked_at = {*_iris(quad.subject for quad in linked), *(wanted or ())}
        return described, corrected

    def _corrected(self, plan: Plan) -> set[NamedNode]:
        """Return the entities whose descriptions corrections bear on, or did so the last time."""
        find, graph = self._store.quads_for_pattern, self._mint.entities_graph
        subjects = {quad.subject for quad in find(None, CORRECTED_BY, None, graph)}
        for merged in plan.merges:
            subjects |= {quad.subject for quad in find(None, None, NamedNode(merged), graph)}
        return {*_iris(subjects), *map(NamedNode, plan.entities())}

    def _are_many(self, corrected: Iterable[Quad]) -> bool:
        """Tell whether corrections have changed so many claims that it takes less to look at all of them."""
        enough = len({quad.subject for quad in corrected}) * FEW
        # Counted no further than it matters: a store may have millions of claims, and mostly nothing is corrected.
        claims = self._store.quads_for_pattern(None, EVENT_TYPE, None, None)
        return sum(1 for _ in islice(claims, ceil(enough))) < enough

    def _referred(self, changes: Changes) -> set[NamedNode]:
        """Return the entities that the changed articles refer to or did so before, and those that are known anew."""
        references = (self._store.quads_for_pattern(None, DCTERMS.term("references"), None, g) for g in changes.before)
        found = _iris(quad.object for quad in chain.from_iterable(references))
        return changes.described.union(changes.referred(), found)

    def _moved(self, changed: Iterable[Quad]) -> dict[str, str | None]:
        """Return the entities that belong to another country than before, with that before."""
        moved: dict[str, str | None] = {}
        for quad in changed:
            if quad.predicate == LB.term("country") and isinstance(quad.subject, NamedNode):
                moved.setdefault(quad.subject.value, None)
                if isinstance(quad.object, NamedNode) and quad not in self._store:
                    moved[quad.subject.value] = quad.object.value
        return moved

    def _events_naming(self, things: Iterable[Term]) -> set[Term]:
        """Return the events that are named after some things."""
        patterns = ((None, None, thing, self._mint.events_graph) for thing in _iris(things))
        quads = chain.from_iterable(self._store.quads_for_pattern(*pattern) for pattern in patterns)
        return {quad.subject for quad in quads if quad.predicate != ABOUT}

    def _quads_of(self, subjects: Iterable[NamedNode] | None, graph: NamedNode) -> set[Quad]:
        """Return what a graph holds of some subjects; all if None."""
        patterns = [None] if subjects is None else subjects
        return {quad for subject in patterns for quad in self._store.quads_for_pattern(subject, None, None, graph)}

    def _replace(self, old: set[Quad], new: Iterable[Quad]) -> set[Quad]:
        """Write what is new and remove what is gone; return both."""
        new = set(new)
        added, removed = new - old, old - new
        replace_quads(self._store, removed, list(added))
        return added | removed


def _iris(terms: Iterable[Term]) -> Iterator[NamedNode]:
    return (term for term in terms if isinstance(term, NamedNode))
