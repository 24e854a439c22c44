"""The claims of a store, read as accounts: all, those of an article, or those that name a party."""

from collections.abc import Iterable, Iterator

from pyoxigraph import BlankNode, NamedNode, Quad, Triple

from kg.frames import load_frames
from kg.remote import QuadStore
from kg.rollup.accounts import (
    ARTICLE,
    DATED_BY,
    EVENT_TYPE,
    Account,
    Publication,
    list_properties,
    read_account,
    read_publication,
)
from kg.rollup.timeline import Timeline
from kg.vocab import LB, Minter

Subject = NamedNode | BlankNode | Triple

_COUNTRY = LB.term("country")


class Claims:
    """Reads each claim once; what is read stays as it is, so that a change of the store wants a new one."""

    def __init__(self, store: QuadStore, mint: Minter) -> None:
        self._store = store
        self._entities, self._corrected = mint.entities_graph, mint.corrected_graph
        self._articles = mint.article_graph("").value
        self._accounts: dict[str, Account | None] = {}
        self._countries: dict[str, str | None] = {}
        self._publications: dict[str, Publication | None] = {}
        self._naming: dict[tuple[str, str], Timeline] = {}

    def all(self) -> Iterator[Account]:
        """Yield all claims; they are read a property at a time, which is faster than a claim at a time."""
        said: dict[NamedNode, list[Quad]] = {}
        for term in list_properties():
            for quad in self._store.quads_for_pattern(None, term, None, None):
                if isinstance(quad.subject, NamedNode) and self._counts(quad.graph_name):
                    said.setdefault(quad.subject, []).append(quad)
        for claim, quads in said.items():
            account = self._accounts[claim.value] = read_account(claim.value, quads, self.published)
            if account:
                yield account

    def of(self, article: NamedNode) -> Iterator[Account]:
        """Yield the claims of an article, as corrections leave them."""
        yield from self.read(self._store.quads_for_pattern(None, ARTICLE, article, None))

    def naming(self, type_: str, party: str) -> Timeline:
        """Return the claims of a type in which a thing fills a role, or another that belongs to it."""
        if (type_, party) not in self._naming:
            members = self._store.quads_for_pattern(None, _COUNTRY, NamedNode(party), self._entities)
            fillers = [NamedNode(party), *(quad.subject for quad in members if isinstance(quad.subject, NamedNode))]
            found = (quad for filler in fillers for quad in self._filled_by(filler, load_frames()[type_].roles))
            claims = self.read(quad for quad in found if self._is_of(quad.subject, type_))
            self._naming[type_, party] = Timeline({account.claim: account for account in claims}.values())
        return self._naming[type_, party]

    def filled_by(self, filler: NamedNode) -> Iterator[Account]:
        """Yield the claims in which a thing fills a role; one that fills two comes twice."""
        yield from self.read(
            self._filled_by(filler, {role for frame in load_frames().values() for role in frame.roles})
        )

    def _filled_by(self, filler: NamedNode, roles: Iterable[str]) -> Iterator[Quad]:
        for role in roles:
            yield from self._store.quads_for_pattern(None, LB.term(role), filler, None)

    def _is_of(self, claim: Subject, type_: str) -> bool:
        """Tell whether something is a claim of a type, before all that is said about it is read."""
        return any(self._store.quads_for_pattern(claim, EVENT_TYPE, LB.term(type_), None))

    def read(self, quads: Iterable[Quad]) -> Iterator[Account]:
        """Yield the accounts of those subjects of the quads that are claims."""
        for quad in quads:
            if isinstance(quad.subject, NamedNode) and (account := self.get(quad.subject.value)):
                yield account

    def get(self, claim: str) -> Account | None:
        """Return the account of a claim, given by its IRI; None for what is no claim, or one that no longer counts."""
        if claim not in self._accounts:
            self._accounts[claim] = read_account(claim, self.statements(NamedNode(claim)), self.published)
        return self._accounts[claim]

    def statements(self, claim: NamedNode) -> Iterator[Quad]:
        """Yield what the articles say about a claim, and what people have corrected of it."""
        for quad in self._store.quads_for_pattern(claim, None, None, None):
            if self._counts(quad.graph_name):
                yield quad

    def _counts(self, graph: object) -> bool:
        """Tell whether this graph holds what articles say or what people have corrected of it."""
        return isinstance(graph, NamedNode) and (graph.value.startswith(self._articles) or graph == self._corrected)

    def country(self, thing: str) -> str | None:
        """Return the country that a thing belongs to, both by their IRIs."""
        if thing not in self._countries:
            quads = self._store.quads_for_pattern(NamedNode(thing), _COUNTRY, None, self._entities)
            found = (quad.object.value for quad in quads if isinstance(quad.object, NamedNode))
            self._countries[thing] = min(found, default=None)
        return self._countries[thing]

    def published(self, article: str) -> Publication | None:
        """Return when the article with an IRI was published; None for what is no article."""
        if article not in self._publications:
            node = NamedNode(article) if article else None
            quads = (quad for term in DATED_BY for quad in self._store.quads_for_pattern(node, term, None, None))
            own = (quad for quad in quads if self._counts(quad.graph_name)) if node else ()
            self._publications[article] = read_publication(own)
        return self._publications[article]
