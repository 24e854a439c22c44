"""The graph as it was read: what the articles and the reference data say, without what corrections made of it."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache, cached_property
from typing import Unpack

import pyoxigraph as ox

from kg.curation.corrections import Correction, read_corrections
from kg.frames import load_frames
from kg.model import ENTITY_TYPES
from kg.vocab import DCTERMS, ITSRDF, LABEL, LB, NIF, ORG, OWL, PROV, RDF_TYPE, SCHEMA, Minter

Object = ox.NamedNode | ox.Literal
Pattern = tuple[ox.NamedNode | None, ox.NamedNode | None, ox.NamedNode | ox.Literal | None, ox.NamedNode | None]
"""Subject, predicate, object and graph; None is any."""
Find = Callable[[Unpack[Pattern]], Iterator[ox.Quad]]
"""A store's `quads_for_pattern`."""
Values = dict[ox.NamedNode, set[Object]]
"""Property to values of one thing."""

ABOUT, EVIDENCE, STATUS = LB.term("about"), LB.term("evidence"), LB.term("status")
EVENT_TYPE, REFERENCE = LB.term("eventType"), LB.term("referenceDescription")
MENTION, FROM = ITSRDF.term("taIdentRef"), PROV.term("wasDerivedFrom")
MENTIONS, REFERENCES = SCHEMA.term("mentions"), DCTERMS.term("references")
MEMBER, BODY = ORG.term("member"), ORG.term("organization")
SOURCES = ("attributedTo", "relayedBy")
"""Who says so and who passes it on: filled by entities as roles are, in claims of any type."""


@cache
def entity_slots() -> tuple[ox.NamedNode, ...]:
    """Return the properties of claims and offices that entities fill."""
    roles = sorted({role for frame in load_frames().values() for role in frame.roles})
    return (*(LB.term(name) for name in (*roles, *SOURCES)), MEMBER, BODY)


def read_values(statements: Iterable[ox.Triple | ox.Quad]) -> Values:
    """Return what some statements say about one thing."""
    found: Values = {}
    for statement in statements:
        if isinstance(statement.object, ox.NamedNode | ox.Literal):
            found.setdefault(statement.predicate, set()).add(statement.object)
    return found


class Reading:
    """A store as it was read."""

    def __init__(self, find: Find, base_iri: str) -> None:
        """Read what `find` finds in a store whose data has this base IRI."""
        self._find = find
        self.mint = Minter(base_iri)
        self._articles = self.mint.article_graph("").value

    def corrections(self) -> list[Correction]:
        """Return the corrections that the store holds."""
        return read_corrections(self._find(None, None, None, self.mint.curation_graph))

    def effects(self, correction: Correction) -> list[str]:
        """Return the IRIs of what a correction has changed, sorted."""
        node = ox.NamedNode(correction.iri(self.mint.base))
        quads = self._find(None, None, node, None)
        return sorted({quad.subject.value for quad in quads if isinstance(quad.subject, ox.NamedNode)})

    def about(self, iri: str) -> Values:
        """Return what the articles' graphs say about a thing."""
        return read_values(self._quads(ox.NamedNode(iri), None, None))

    def subjects(self, predicate: ox.NamedNode, value: str) -> list[str]:
        """Return what has a thing as the value of a property, sorted."""
        quads = self._quads(None, predicate, ox.NamedNode(value))
        return sorted({quad.subject.value for quad in quads if isinstance(quad.subject, ox.NamedNode)})

    def objects(self, iri: str, predicate: ox.NamedNode) -> list[str]:
        """Return the values of a property, sorted."""
        found = self._quads(ox.NamedNode(iri), predicate, None)
        return sorted({quad.object.value for quad in found if isinstance(quad.object, ox.NamedNode | ox.Literal)})

    def claims_about(self, event: str) -> list[str]:
        """Return the claims, as they were read, that the event is made of, sorted."""
        quads = self._find(None, ABOUT, ox.NamedNode(event), self.mint.events_graph)
        return sorted(
            {self.mint.as_read(quad.subject).value for quad in quads if isinstance(quad.subject, ox.NamedNode)}
        )

    def is_claim(self, iri: str) -> bool:
        """Tell whether an article makes this claim."""
        return bool(self.objects(iri, EVENT_TYPE))

    def is_article(self, iri: str) -> bool:
        """Tell whether this is an article of the store."""
        return bool(self.objects(iri, DCTERMS.term("identifier")))

    def is_mention(self, iri: str) -> bool:
        """Tell whether this span refers to an entity."""
        return bool(self.objects(iri, MENTION))

    def is_place(self, iri: str) -> bool:
        """Tell whether entities can be read here: an article, a claim or a mention."""
        return self.is_claim(iri) or self.is_article(iri) or self.is_mention(iri)

    def article_of(self, place: str) -> str:
        """Return the article that an article, claim or mention of it belongs to."""
        found = [*self.objects(place, FROM), *self.objects(place, NIF.term("referenceContext"))]
        return next(iter(found), place)

    def records_of(self, article: str) -> list[str]:
        """Return the claims and offices that an article states."""
        return self.subjects(FROM, article)

    def records_at(self, place: str) -> list[str]:
        """Return the claims and offices that are read at a place: all of an article, a claim itself, and of a mention
        the claims whose sentence it stands in.
        """
        if self.is_claim(place):
            return [place]
        if self.is_article(place):
            return self.records_of(place)
        begin, end = _range(place)
        sentences = {
            record: [_range(span) for span in self.objects(record, EVIDENCE)]
            for record in self.records_of(self.article_of(place))
        }
        return [record for record, spans in sentences.items() if any(a <= begin and end <= b for a, b in spans)]

    def mentions_at(self, place: str) -> list[str]:
        """Return the spans that refer to entities at a place: all of an article, a mention itself, none of a claim."""
        spans = self.subjects(NIF.term("referenceContext"), place) if self.is_article(place) else [place]
        return [span for span in spans if self.is_mention(span)]

    def entities_at(self, place: str) -> set[str]:
        """Return the entities that are read at a place, in its mentions and records."""
        mentioned = {entity for span in self.mentions_at(place) for entity in self.objects(span, MENTION)}
        named = {e for record in self.records_at(place) for slot in entity_slots() for e in self.objects(record, slot)}
        return mentioned | named

    def entities(self) -> set[str]:
        """Return all entities that an article refers to."""
        return {
            quad.object.value for quad in self._quads(None, REFERENCES, None) if isinstance(quad.object, ox.NamedNode)
        }

    def entity_type(self, iri: str) -> str:
        """Return the class of an entity as it was read; empty where no article refers to it."""
        node = ox.NamedNode(iri)
        if next(self._quads(None, REFERENCES, node), None) is None:
            return ""
        described = self.reference_description(iri) or self._described(node)
        names = {term.value.removeprefix(LB.iri) for term in described.get(RDF_TYPE, ())}
        for description in self.subjects(LB.term("describes"), iri):
            names |= {name.removeprefix(LB.iri) for name in self.objects(description, LB.term("entityClass"))}
        return next((name for name in ENTITY_TYPES if name in names), "")

    def is_reference(self, iri: str) -> bool:
        """Tell whether the reference data describe an entity: it has an identifier of the outside world."""
        known = self._described(ox.NamedNode(iri))
        return iri in self.kept_descriptions or OWL.term("sameAs") in known or LB.term("isoCode") in known

    def key(self, iri: str) -> str:
        """Return what stands for a thing after `BASE id/`."""
        return iri.removeprefix(self.mint.entity("").value)

    def name(self, iri: str) -> str:
        """Return the German name that an entity has now; what stands for it in its IRI without one."""
        labels = self._described(ox.NamedNode(iri)).get(LABEL, set())
        german = sorted(term.value for term in labels if isinstance(term, ox.Literal) and term.language == "de")
        return next(iter(german), self.key(iri))

    def reference_description(self, iri: str) -> Values:
        """Return how the reference data describe an entity that corrections describe otherwise; else nothing."""
        text = self.kept_descriptions.get(iri, "")
        return read_values(ox.parse(text, format=ox.RdfFormat.N_TRIPLES))

    @cached_property
    def kept_descriptions(self) -> Mapping[str, str]:
        """What the reference data say of the entities that corrections describe otherwise, as N-Triples."""
        quads = self._find(None, REFERENCE, None, self.mint.entities_graph)
        return {
            quad.subject.value: quad.object.value
            for quad in quads
            if isinstance(quad.subject, ox.NamedNode) and isinstance(quad.object, ox.Literal)
        }

    def _described(self, entity: ox.NamedNode) -> Values:
        return read_values(self._find(entity, None, None, self.mint.entities_graph))

    def _quads(
        self, subject: ox.NamedNode | None, predicate: ox.NamedNode | None, value: ox.NamedNode | None
    ) -> Iterator[ox.Quad]:
        """Yield quads of the articles' graphs."""
        for quad in self._find(subject, predicate, value, None):
            if isinstance(quad.graph_name, ox.NamedNode) and quad.graph_name.value.startswith(self._articles):
                yield quad


def _range(span: str) -> tuple[int, int]:
    """Return the offsets in a span's IRI (RFC 5147)."""
    begin, _, end = span.rpartition("#char=")[2].partition(",")
    return int(begin), int(end)
