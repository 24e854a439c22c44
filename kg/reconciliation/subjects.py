"""The entities that are to be linked, and what the graph knows of them."""

from collections.abc import Iterator
from dataclasses import dataclass

import pyoxigraph as ox

from kg.model import ENTITY_TYPES
from kg.remote import QuadStore
from kg.vocab import DCTERMS, GEONAMES, LABEL, LB, ORG, OWL, PROV, RDF_TYPE, WIKIDATA


@dataclass(frozen=True, slots=True)
class Subject:
    """An entity without a Wikidata item."""

    iri: str
    kind: str
    """One of `ENTITY_TYPES`."""
    label: str
    """German, else English."""
    labels: tuple[str, ...]
    countries: tuple[str, ...] = ()
    """Wikidata identifiers of the countries that it belongs to, or that its offices do."""
    country_labels: tuple[str, ...] = ()
    geonames: str = ""
    """GeoNames number."""
    articles: int = 0
    """How many refer to it."""
    years: tuple[int, int] | None = None
    """First and last year in which an article that refers to it was published."""


def unlinked(store: QuadStore, kinds: frozenset[str]) -> list[Subject]:
    """Return the entities of these types that have no Wikidata item, those in the most articles first."""
    found = [
        _subject(store, quad.subject, kind)
        for kind in ENTITY_TYPES
        if kind in kinds
        for quad in store.quads_for_pattern(None, RDF_TYPE, LB.term(kind))
        if isinstance(quad.subject, ox.NamedNode) and not _same_as(store, quad.subject, WIKIDATA.iri)
    ]
    return sorted((each for each in found if each.label and each.articles), key=lambda each: (-each.articles, each.iri))


def owners(store: QuadStore) -> dict[str, str]:
    """Return what is linked already: the IRI elsewhere, and the entity here."""
    return {
        str(quad.object.value): str(quad.subject.value)
        for quad in store.quads_for_pattern(None, OWL.term("sameAs"), None)
        if isinstance(quad.object, ox.NamedNode) and isinstance(quad.subject, ox.NamedNode)
    }


def _subject(store: QuadStore, entity: ox.NamedNode, kind: str) -> Subject:
    labels = _literals(store, entity, LABEL)
    ordered = sorted(labels, key=lambda term: (term.language != "de", term.language or "", term.value))
    countries = sorted(set(_countries(store, entity)), key=str)
    articles = [quad.subject for quad in store.quads_for_pattern(None, DCTERMS.term("references"), entity)]
    issued = sorted(
        term.value[:4] for article in articles for term in _literals(store, article, DCTERMS.term("issued"))
    )
    return Subject(
        iri=entity.value,
        kind=kind,
        label=ordered[0].value if ordered else "",
        labels=tuple(dict.fromkeys(term.value for term in ordered)),
        countries=tuple(
            dict.fromkeys(item for country in countries for item in _same_as(store, country, WIKIDATA.iri))
        ),
        country_labels=tuple(_label(store, country) for country in countries),
        geonames=next((number.rstrip("/") for number in _same_as(store, entity, GEONAMES.iri)), ""),
        articles=len(articles),
        years=(int(issued[0]), int(issued[-1])) if issued else None,
    )


def _countries(store: QuadStore, entity: ox.NamedNode) -> Iterator[ox.NamedNode]:
    """Yield the countries that an entity belongs to, or that the bodies of its offices are or belong to."""
    yield from _nodes(store, entity, LB.term("country"))
    for position in _nodes(store, entity, LB.term("holdsPosition")):
        if _nodes(store, position, PROV.term("wasInvalidatedBy")):  # somebody has corrected it
            continue
        for body in _nodes(store, position, ORG.term("organization")):
            if any(True for _ in store.quads_for_pattern(body, RDF_TYPE, LB.term("Country"))):
                yield body
            yield from _nodes(store, body, LB.term("country"))


def _same_as(store: QuadStore, entity: ox.NamedNode, space: str) -> list[str]:
    """Return the identifiers that an entity has in a database."""
    found = sorted(node.value for node in _nodes(store, entity, OWL.term("sameAs")))
    return [iri.removeprefix(space) for iri in found if iri.startswith(space)]


def _label(store: QuadStore, entity: ox.NamedNode) -> str:
    labels = _literals(store, entity, LABEL)
    return min(labels, key=lambda term: (term.language != "de", term.value)).value if labels else entity.value


def _nodes(store: QuadStore, subject: ox.NamedNode, predicate: ox.NamedNode) -> list[ox.NamedNode]:
    objects = (quad.object for quad in store.quads_for_pattern(subject, predicate, None))
    return [term for term in objects if isinstance(term, ox.NamedNode)]


def _literals(
    store: QuadStore, subject: ox.NamedNode | ox.BlankNode | ox.Triple, predicate: ox.NamedNode
) -> list[ox.Literal]:
    objects = (quad.object for quad in store.quads_for_pattern(subject, predicate, None))
    return [term for term in objects if isinstance(term, ox.Literal)]
