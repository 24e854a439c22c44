"""The claims as the views see them, read article by article, so that a store of any size takes little memory."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import pyoxigraph as ox

from kg.exports.cells import join
from kg.vocab import DCTERMS, LABEL, LB, NIF, PROV

Subject = ox.NamedNode | ox.BlankNode | ox.Triple


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


@dataclass(slots=True)
class Names:
    """Labels and countries of entities, each looked up once."""

    store: ox.Store
    language: str
    """`de` or `en`; where there is no label in it the other counts."""
    _labels: dict[str, str] = field(default_factory=dict)
    _countries: dict[str, str] = field(default_factory=dict)

    def label(self, iri: str) -> str:
        """Return the name of an entity; the last part of its IRI where it has none."""
        if iri not in self._labels:
            found = sorted(
                (term.language != self.language, term.language or "", term.value)
                for term in _objects(self.store, ox.NamedNode(iri), LABEL)
                if isinstance(term, ox.Literal)
            )
            self._labels[iri] = found[0][2] if found else iri.rstrip("/").rpartition("/")[2]
        return self._labels[iri]

    def country(self, iri: str) -> str:
        """Return the ISO 3166-1 code of a country, or of the country that an entity belongs to; empty if unknown."""
        if iri not in self._countries:
            entity = ox.NamedNode(iri)
            others = _objects(self.store, entity, LB.term("country"))
            owners = [entity, *(other for other in others if isinstance(other, ox.NamedNode))]
            codes = [code.value for owner in owners for code in _objects(self.store, owner, LB.term("isoCode"))]
            self._countries[iri] = codes[0] if codes else ""
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


def read_claims(store: ox.Store, language: str, types: frozenset[str]) -> Iterator[Claim]:
    """Yield the claims of some event types: articles by date and identifier, claims by their place in the article.

    Nothing of the store is held between two claims, so that the reader may take its time.

    Args:
        store: an open snapshot.
        language: `de` or `en`, of the names.
        types: names of the event types.
    """
    names = Names(store, language)
    for article in _read_articles(store):
        claims = _claims_of(article, store, types, names)
        yield from sorted(claims, key=lambda claim: (claim.begin, claim.iri))


def _read_articles(store: ox.Store) -> Iterator[Article]:
    """Yield the articles by date and identifier; the rest of each is read only when it is its turn."""
    issued = _by_subject(store, DCTERMS.term("issued"))
    stems = _by_subject(store, DCTERMS.term("identifier"))
    for day, stem, iri in sorted((issued.get(iri, ""), stem, iri) for iri, stem in stems.items()):
        article = ox.NamedNode(iri)
        details = {name: _first(store, article, DCTERMS.term(name)) for name in ("title", "publisher", "source")}
        basis = _first(store, article, LB.term("dateBasis")).removeprefix(LB.iri)
        yield Article(iri, stem, published=day, date_basis=basis, **details)


def _claims_of(article: Article, store: ox.Store, types: frozenset[str], names: Names) -> Iterator[Claim]:
    """Yield the claims of an article that count: as read, or as people's corrections leave them."""
    for quad in list(store.quads_for_pattern(None, PROV.term("wasDerivedFrom"), ox.NamedNode(article.iri))):
        kind = _first(store, quad.subject, LB.term("eventType")).removeprefix(LB.iri)
        if kind in types and not _objects(store, quad.subject, PROV.term("wasInvalidatedBy")):
            yield _claim(article, store, quad.subject, kind, names)


def _claim(article: Article, store: ox.Store, claim: Subject, kind: str, names: Names) -> Claim:
    values: dict[str, list[str]] = {}
    for quad in store.quads_for_pattern(claim, None, None):
        values.setdefault(quad.predicate.value.removeprefix(LB.iri), []).append(_value(quad.object))
    spans = [ox.NamedNode(iri) for iri in values.get("evidence", ())]
    evidence = sorted((_begin(store, span), _first(store, span, NIF.term("anchorOf"))) for span in spans)
    return Claim(
        iri=_value(claim),
        type=kind,
        values={name: sorted(found) for name, found in values.items()},
        article=article,
        begin=evidence[0][0] if evidence else 0,
        sentence=" … ".join(text for _, text in evidence),
        names=names,
    )


def _begin(store: ox.Store, span: ox.NamedNode) -> int:
    return int(_first(store, span, NIF.term("beginIndex")) or 0)


def _by_subject(store: ox.Store, predicate: ox.NamedNode) -> dict[str, str]:
    """Return the first value of a property of everything that has it."""
    quads = store.quads_for_pattern(None, predicate, None)
    return dict(sorted(((_value(quad.subject), _value(quad.object)) for quad in quads), reverse=True))


def _first(store: ox.Store, subject: Subject, predicate: ox.NamedNode) -> str:
    """Return the first value of a property; empty where there is none."""
    return next((term.value for term in _objects(store, subject, predicate)), "")


def _objects(store: ox.Store, subject: Subject, predicate: ox.NamedNode) -> list[ox.NamedNode | ox.Literal]:
    """Return the values of a property, sorted."""
    found = (quad.object for quad in store.quads_for_pattern(subject, predicate, None))
    return sorted((term for term in found if isinstance(term, ox.NamedNode | ox.Literal)), key=str)


def _value(term: Subject | ox.Literal) -> str:
    return "" if isinstance(term, ox.Triple) else term.value
