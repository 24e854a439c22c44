"""The claims as the views see them, read article by article, so that a store of any size takes little memory."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import pyoxigraph as ox

from kg.exports.cells import join
from kg.vocab import DCTERMS, LABEL, LB, NIF, PROV, Minter

Subject = ox.NamedNode | ox.BlankNode | ox.Triple
Object = Subject | ox.Literal

_BEGIN, _WORDS = NIF.term("beginIndex"), NIF.term("anchorOf")


@dataclass(frozen=True, slots=True)
class Article:
    """What a row says about the article that it comes from."""

    iri: str
    stem: str
    title: str
    published: str
    date_basis: str
    publisher: str
    source: str


class Own:
    """A snapshot without what others have written into it: what the program's own graphs say."""

    def __init__(self, store: ox.Store, base_iri: str) -> None:
        self._store = store
        self._mint = Minter(base_iri)

    def quads(self, subject: Subject | None, predicate: ox.NamedNode | None, value: Object | None) -> list[ox.Quad]:
        """Return all statements of this form, in no order. Nothing of the store is held when they are there."""
        return [
            quad
            for quad in self._store.quads_for_pattern(subject, predicate, value)
            if isinstance(quad.graph_name, ox.NamedNode) and self._mint.owns_graph(quad.graph_name.value)
        ]

    def values(self, subject: Subject, predicate: ox.NamedNode) -> list[Object]:
        """Return the values of a property, sorted."""
        return sorted((quad.object for quad in self.quads(subject, predicate, None)), key=str)

    def first(self, subject: Subject, predicate: ox.NamedNode) -> str:
        """Return the first value of a property; empty where there is none."""
        return next((_text(term) for term in self.values(subject, predicate)), "")

    def by_subject(self, predicate: ox.NamedNode) -> dict[str, str]:
        """Return the first value of a property of everything that has it."""
        pairs = ((_text(quad.subject), _text(quad.object)) for quad in self.quads(None, predicate, None))
        return dict(sorted(pairs, reverse=True))


@dataclass(slots=True)
class Names:
    """Labels and countries of entities, each looked up once."""

    graph: Own
    language: str
    """`de` or `en`; where there is no label in it the other counts."""
    _labels: dict[str, str] = field(default_factory=dict)
    _countries: dict[str, str] = field(default_factory=dict)

    def label(self, iri: str) -> str:
        """Return the name of an entity; the last part of its IRI where it has none."""
        if iri not in self._labels:
            found = sorted(
                (term.language != self.language, term.language or "", term.value)
                for term in self.graph.values(ox.NamedNode(iri), LABEL)
                if isinstance(term, ox.Literal)
            )
            self._labels[iri] = found[0][2] if found else iri.rstrip("/").rpartition("/")[2]
        return self._labels[iri]

    def country(self, iri: str) -> str:
        """Return the ISO 3166-1 code of a country, or of the country that an entity belongs to; empty if unknown."""
        if iri not in self._countries:
            entity = ox.NamedNode(iri)
            others = self.graph.values(entity, LB.term("country"))
            owners = [entity, *(other for other in others if isinstance(other, ox.NamedNode))]
            codes = (self.graph.first(owner, LB.term("isoCode")) for owner in owners)
            self._countries[iri] = next(filter(None, codes), "")
        return self._countries[iri]


@dataclass(frozen=True, slots=True)
class Claim:
    """A claim with all that a row may say of it."""

    iri: str
    type: str
    values: Mapping[str, Sequence[str]]
    """Name of a property of the ontology to its values, sorted."""
    article: Article
    begin: int
    """Where its sentence begins in the article."""
    sentence: str
    names: Names

    def first(self, name: str) -> str:
        """Return the value of a property that has one at most; empty where there is none."""
        return next(iter(self.values.get(name, ())), "")

    def term(self, name: str) -> str:
        """Return the local name of a value that is a term of the ontology."""
        return self.first(name).removeprefix(LB.iri)

    def texts(self, name: str) -> str:
        """Return all values of a property as one cell."""
        return join(self.values.get(name, ()))

    def entities(self, *roles: str) -> tuple[str, ...]:
        """Return the IRIs of those who fill some roles, role by role, sorted in each."""
        return tuple(dict.fromkeys(iri for role in roles for iri in self.values.get(role, ())))


def read_claims(store: ox.Store, base_iri: str, language: str, types: frozenset[str]) -> Iterator[Claim]:
    """Yield the claims of some event types: articles by date and identifier, claims by their place in the article.

    Nothing of the store is held between two claims, so that the reader may take its time.

    Args:
        store: an open snapshot.
        base_iri: base of the IRIs of its data.
        language: `de` or `en`, of the names.
        types: names of the event types.
    """
    graph = Own(store, base_iri)
    names = Names(graph, language)
    for article in _read_articles(graph):
        claims = _claims_of(article, graph, types, names)
        yield from sorted(claims, key=lambda claim: (claim.begin, claim.iri))


def _read_articles(graph: Own) -> Iterator[Article]:
    """Yield the articles by date and identifier; the rest of each is read only when it is its turn."""
    issued, stems = graph.by_subject(DCTERMS.term("issued")), graph.by_subject(DCTERMS.term("identifier"))
    for day, stem, iri in sorted((issued.get(iri, ""), stem, iri) for iri, stem in stems.items()):
        article = ox.NamedNode(iri)
        details = {name: graph.first(article, DCTERMS.term(name)) for name in ("title", "publisher", "source")}
        basis = graph.first(article, LB.term("dateBasis")).removeprefix(LB.iri)
        yield Article(iri, stem, published=day, date_basis=basis, **details)


def _claims_of(article: Article, graph: Own, types: frozenset[str], names: Names) -> Iterator[Claim]:
    """Yield the claims of an article that count: as read, or as people's corrections leave them."""
    for quad in graph.quads(None, PROV.term("wasDerivedFrom"), ox.NamedNode(article.iri)):
        kind = graph.first(quad.subject, LB.term("eventType")).removeprefix(LB.iri)
        if kind in types and not graph.values(quad.subject, PROV.term("wasInvalidatedBy")):
            yield _claim(article, graph, quad.subject, kind, names)


def _claim(article: Article, graph: Own, claim: Subject, kind: str, names: Names) -> Claim:
    values: dict[str, list[str]] = {}
    for quad in graph.quads(claim, None, None):
        values.setdefault(quad.predicate.value.removeprefix(LB.iri), []).append(_text(quad.object))
    spans = [ox.NamedNode(iri) for iri in values.get("evidence", ())]
    evidence = sorted((int(graph.first(span, _BEGIN) or 0), graph.first(span, _WORDS)) for span in spans)
    return Claim(
        iri=_text(claim),
        type=kind,
        values={name: sorted(found) for name, found in values.items()},
        article=article,
        begin=evidence[0][0] if evidence else 0,
        sentence=" … ".join(text for _, text in evidence),
        names=names,
    )


def _text(term: Subject | Object) -> str:
    return "" if isinstance(term, ox.Triple) else term.value
