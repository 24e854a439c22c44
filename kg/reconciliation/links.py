"""A link as dated statements in `BASE graph/links`, which builds and removals leave alone.

    <id/link/93c1…> a lb:Link , prov:Entity ;
        lb:linkedEntity <id/organization/…> ; lb:linkedTo wd:Q… ; lb:matchedName "…" ; lb:matchScore 97.5 ;
        prov:wasAttributedTo <https://…/the-service> ; dcterms:created "2026-11-26"^^xsd:date .

The `owl:sameAs` that follows is derived (`queries/derive/entities-linked.rq`), for as long as an article refers to the
entity and nobody has rejected the link.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import pyoxigraph as ox

from kg.remote import QuadStore
from kg.vocab import DCTERMS, LB, PROV, RDF_TYPE, XSD, Minter, address

_REJECTED = LB.term("rejectedOn")


@dataclass(frozen=True, slots=True)
class Link:
    """What a service says an entity is."""

    entity: str
    target: str
    """IRI in the other database."""
    name: str
    """Its name there."""
    service: str
    """Address of the service."""
    score: float | None
    day: date
    """When the service said so."""


def link_quads(link: Link, base_iri: str) -> list[ox.Quad]:
    """Return the statements of a link, sorted."""
    mint = Minter(base_iri)
    iri = mint.link([link.entity, link.target])
    statements: list[tuple[ox.NamedNode, ox.NamedNode | ox.Literal]] = [
        (RDF_TYPE, LB.term("Link")),
        (RDF_TYPE, PROV.term("Entity")),
        (LB.term("linkedEntity"), ox.NamedNode(link.entity)),
        (LB.term("linkedTo"), ox.NamedNode(link.target)),
        (LB.term("matchedName"), ox.Literal(link.name)),
        (PROV.term("wasAttributedTo"), address(link.service)),
        (DCTERMS.term("created"), ox.Literal(link.day.isoformat(), datatype=XSD.term("date"))),
    ]
    if link.score is not None:
        score = f"{Decimal(str(link.score)):f}"
        statements.append((LB.term("matchScore"), ox.Literal(score, datatype=XSD.term("decimal"))))
    return sorted((ox.Quad(iri, *statement, mint.links_graph) for statement in statements), key=str)


def linked_by(store: QuadStore, service: str) -> set[str]:
    """Return the entities that a service has linked, rejected links included: it is not asked for them again."""
    links = store.quads_for_pattern(None, PROV.term("wasAttributedTo"), address(service))
    return {entity for quad in links for entity in _values(store, quad.subject, LB.term("linkedEntity"))}


def rejection_quads(store: QuadStore, entity: str, day: date, base_iri: str) -> list[ox.Quad]:
    """Return the statements that reject all links of an entity; none where there are none left to reject."""
    graph = Minter(base_iri).links_graph
    links = [
        quad.subject for quad in store.quads_for_pattern(None, LB.term("linkedEntity"), ox.NamedNode(entity), graph)
    ]
    when = ox.Literal(day.isoformat(), datatype=XSD.term("date"))
    return [ox.Quad(link, _REJECTED, when, graph) for link in links if not _values(store, link, _REJECTED)]


def _values(
    store: QuadStore, subject: ox.NamedNode | ox.BlankNode | ox.Triple, predicate: ox.NamedNode
) -> Iterable[str]:
    objects = (quad.object for quad in store.quads_for_pattern(subject, predicate, None))
    return [term.value for term in objects if isinstance(term, ox.NamedNode | ox.Literal)]
