"""What a graph says of its articles, read through the terms of the ontology and nothing else."""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pyoxigraph as ox

from kg.errors import DataError
from kg.evaluation.gold import EVENT_TYPES, FIGURES, ROLES, Filler
from kg.model import ENTITY_TYPES
from kg.vocab import DCTERMS, LABEL, LB, NIF, OWL, PROV, RDF_TYPE, SCHEMA, SKOS

_WIKIDATA = re.compile(r"https?://www\.wikidata\.org/entity/(Q\d+)")
_LABELS = (LABEL, SKOS.term("prefLabel"), SKOS.term("altLabel"), SCHEMA.term("name"))


@dataclass(slots=True)
class PredictedEvent:
    """A claim of the graph."""

    type: str
    """As the annotations name it."""
    about: str = ""
    """IRI of the event that the claim is about."""
    roles: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    """Slot to the IRIs that fill it; `status` to the concept's name."""
    values: dict[str, str] = field(default_factory=dict)
    """`begin`, `end` and the bounds of figures."""
    evidence: set[str] = field(default_factory=set)
    attributed: set[str] = field(default_factory=set)
    said: set[str] = field(default_factory=set)
    """Sources in the article's words."""

    def fillers(self, ids: dict[str, str]) -> set[Filler]:
        """Return what fills the slots, with the annotation's identifiers for the entities that `ids` knows."""
        out: set[Filler] = {(slot, ids.get(iri, iri)) for slot, iris in self.roles.items() for iri in iris}
        for slot in FIGURES:
            low, high = self.values.get(f"{slot}Min"), self.values.get(f"{slot}Max")
            if low or high:
                out.add((slot, (int(float(low)) if low else None, int(float(high)) if high else None)))
        begin, end = self.values.get("begin", "")[:10] or None, self.values.get("end", "")[:10] or None
        if begin or end:
            out.add(("time", (begin, end)))
        return out


class Predicted:
    """A graph's articles, entities and claims."""

    def __init__(self, quads: Iterable[ox.Quad]) -> None:
        self._index = _Index(quads)
        self.articles = {identifier: article for article, identifier in self._articles()}
        """`dcterms:identifier` to the article's IRI."""
        self.labels = self._index.sets(*_LABELS, map_=fold)
        self.links = self._index.sets(OWL.term("sameAs"), map_=_wikidata_item)
        self.types: dict[str, set[str]] = defaultdict(set)
        for kind in ENTITY_TYPES:
            for iri in self._index.instances(LB.term(kind)):
                self.types[iri].add(kind)
        self._mentions = self._index.sets(SCHEMA.term("mentions"))
        self._events = self._read_events()

    def events(self, stem: str) -> dict[str, PredictedEvent]:
        """Return the claims of an article by IRI; none for an article that the graph has not."""
        return self._events.get(self.articles.get(stem, ""), {})

    def entities(self, stem: str) -> list[str]:
        """Return the IRIs of what an article mentions and of what fills its claims, sorted."""
        mentioned = self._mentions.get(self.articles.get(stem, ""), set())
        fillers = {iri for event in self.events(stem).values() for slot in ROLES for iri in event.roles.get(slot, ())}
        return sorted(mentioned | fillers)

    def _articles(self) -> Iterator[tuple[str, str]]:
        for article in self._index.instances(LB.term("Article")):
            for identifier in self._index.objects(article, DCTERMS.term("identifier")):
                yield article, identifier

    def _read_events(self) -> dict[str, dict[str, PredictedEvent]]:
        kinds = {LB.term(term).value: kind for kind, term in EVENT_TYPES.items()}
        articles, events = set(self.articles.values()), defaultdict[str, dict[str, PredictedEvent]](dict)
        for claim in self._index.instances(LB.term("Claim")):
            if self._index.objects(claim, PROV.term("wasInvalidatedBy")):
                continue  # a person has rejected or corrected it
            for kind in self._index.objects(claim, LB.term("eventType")):
                for article in self._index.objects(claim, PROV.term("wasDerivedFrom")):
                    if kind in kinds and article in articles:
                        events[article][claim] = self._read_event(claim, kinds[kind])
        return events

    def _read_event(self, claim: str, kind: str) -> PredictedEvent:
        def objects(name: str) -> list[str]:
            return self._index.objects(claim, LB.term(name))

        event = PredictedEvent(
            kind,
            next(iter(objects("about")), claim),
            attributed=set(objects("attributedTo")),
            said=set(objects("attributionText")),
        )
        for slot, name in {**ROLES, "status": "status"}.items():
            if found := objects(name):
                event.roles[slot] = {iri.removeprefix(LB.iri) for iri in found}
        for name in ("begin", "end", *(f"{slot}{bound}" for slot in FIGURES for bound in ("Min", "Max"))):
            for value in objects(name):
                event.values[name] = value
        for span in objects("evidence"):
            event.evidence.update(self._index.objects(span, NIF.term("anchorOf")))
        return event


class _Index:
    """The triples of all graphs together by subject and property, as strings."""

    def __init__(self, quads: Iterable[ox.Quad]) -> None:
        self._objects: dict[tuple[str, str], dict[str, None]] = defaultdict(dict)
        self._subjects: dict[str, dict[str, None]] = defaultdict(dict)
        self._instances: dict[str, dict[str, None]] = defaultdict(dict)
        for quad in quads:
            subject, value = _text(quad.subject), _text(quad.object)
            self._objects[subject, quad.predicate.value][value] = None
            self._subjects[quad.predicate.value][subject] = None
            if quad.predicate == RDF_TYPE:
                self._instances[value][subject] = None

    def objects(self, subject: str, predicate: ox.NamedNode) -> list[str]:
        return list(self._objects.get((subject, predicate.value), ()))

    def instances(self, of_class: ox.NamedNode) -> list[str]:
        return list(self._instances.get(of_class.value, ()))

    def sets(self, *predicates: ox.NamedNode, map_: Callable[[str], str | None] = str) -> dict[str, set[str]]:
        """Return the objects of some properties by subject, each mapped; what maps to None is left out."""
        out: dict[str, set[str]] = defaultdict(set)
        for predicate in predicates:
            for subject in self._subjects.get(predicate.value, ()):
                mapped = (map_(value) for value in self.objects(subject, predicate))
                out[subject].update(value for value in mapped if value is not None)
        return out


def load_graph(path: Path) -> Predicted:
    """Read a graph from an RDF file; its ending names the format.

    Raises:
        DataError: the file is not there, or is no RDF of that format.
    """
    rdf_format = ox.RdfFormat.from_extension(path.suffix.removeprefix(".").lower())
    if rdf_format is None:
        raise DataError(f"{path}: {path.suffix!r} is no RDF format.", "Export the graph to .nq, .trig, .ttl or .nt.")
    try:
        return Predicted(ox.parse(path=str(path), format=rdf_format))
    except (OSError, SyntaxError) as error:
        raise DataError(f"{path} cannot be read: {error}.", "Export the graph with `kg export`.") from error


def fold(text: str) -> str:
    """Return a name as it is compared: without case, and with single blanks for everything between its words."""
    return re.sub(r"[\W_]+", " ", unicodedata.normalize("NFKC", text).casefold()).strip()


def _wikidata_item(iri: str) -> str | None:
    found = _WIKIDATA.fullmatch(iri)
    return found[1] if found else None


def _text(term: ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple) -> str:
    return str(term) if isinstance(term, ox.Triple) else term.value
