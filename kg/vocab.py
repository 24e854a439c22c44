"""Namespaces and IRI minting: the only place with IRI strings.

`BASE` is the configured base IRI of the data and ends in a slash. Every IRI of the data starts with it; every term
comes from one of the namespaces below.
"""

import hashlib
import json
import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from pyoxigraph import Literal, NamedNode

from kg.model import Span


@dataclass(frozen=True, slots=True)
class Namespace:
    """A vocabulary's namespace; `LB.term("Claim")` is its term `lb:Claim`."""

    prefix: str
    iri: str

    def term(self, name: str) -> NamedNode:
        """Return the term called `name`."""
        return _node(self.iri + name)


@lru_cache(maxsize=4096)
def _node(iri: str) -> NamedNode:
    """Make a node of an IRI; a few hundred terms are used again and again."""
    return NamedNode(iri)


LB: Final = Namespace("lb", "https://w3id.org/lagebild/ontology#")
RDF: Final = Namespace("rdf", "http://www.w3.org/1999/02/22-rdf-syntax-ns#")
RDFS: Final = Namespace("rdfs", "http://www.w3.org/2000/01/rdf-schema#")
OWL: Final = Namespace("owl", "http://www.w3.org/2002/07/owl#")
XSD: Final = Namespace("xsd", "http://www.w3.org/2001/XMLSchema#")
SH: Final = Namespace("sh", "http://www.w3.org/ns/shacl#")
SKOS: Final = Namespace("skos", "http://www.w3.org/2004/02/skos/core#")
SCHEMA: Final = Namespace("schema", "https://schema.org/")
PROV: Final = Namespace("prov", "http://www.w3.org/ns/prov#")
NIF: Final = Namespace("nif", "http://persistence.uni-leipzig.org/nlp2rdf/ontologies/nif-core#")
ITSRDF: Final = Namespace("itsrdf", "http://www.w3.org/2005/11/its/rdf#")
DCTERMS: Final = Namespace("dcterms", "http://purl.org/dc/terms/")
FOAF: Final = Namespace("foaf", "http://xmlns.com/foaf/0.1/")
ORG: Final = Namespace("org", "http://www.w3.org/ns/org#")
SEM: Final = Namespace("sem", "http://semanticweb.cs.vu.nl/2009/11/sem/")
WGS84: Final = Namespace("wgs84", "http://www.w3.org/2003/01/geo/wgs84_pos#")
GEO: Final = Namespace("geo", "http://www.opengis.net/ont/geosparql#")
VANN: Final = Namespace("vann", "http://purl.org/vocab/vann/")
WIKIDATA: Final = Namespace("wd", "http://www.wikidata.org/entity/")
GEONAMES: Final = Namespace("gn", "https://sws.geonames.org/")

VOID: Final = Namespace("void", "http://rdfs.org/ns/void#")
DCAT: Final = Namespace("dcat", "http://www.w3.org/ns/dcat#")
HYDRA: Final = Namespace("hydra", "http://www.w3.org/ns/hydra/core#")
SD: Final = Namespace("sd", "http://www.w3.org/ns/sparql-service-description#")
FORMATS: Final = Namespace("formats", "http://www.w3.org/ns/formats/")
MEDIA_TYPES: Final = Namespace("iana", "https://www.iana.org/assignments/media-types/")
SPARQL_PROTOCOL: Final = NamedNode("http://www.w3.org/TR/sparql11-protocol/")
DESCRIPTIVE: Final = (VOID, DCAT, SD, HYDRA, FORMATS, MEDIA_TYPES)
"""What describes the data set and is not in it."""

NAMESPACES: Final[tuple[Namespace, ...]] = (
    *(LB, RDF, RDFS, OWL, XSD, SH, SKOS, SCHEMA, PROV, NIF, ITSRDF),
    *(DCTERMS, FOAF, ORG, SEM, WGS84, GEO, VANN, WIKIDATA),
)

RDF_TYPE: Final = RDF.term("type")
LABEL: Final = RDFS.term("label")

ENTITY_CLASSES: Final[dict[str, tuple[NamedNode, ...]]] = {
    "Person": (LB.term("Person"), SCHEMA.term("Person"), FOAF.term("Person")),
    "Country": (LB.term("Country"), SCHEMA.term("Country")),
    "Place": (LB.term("Place"), SCHEMA.term("Place")),
    "Organization": (LB.term("Organization"), SCHEMA.term("Organization"), ORG.term("Organization")),
    "Summit": (LB.term("Summit"), LB.term("Event"), SCHEMA.term("Event"), SEM.term("Event")),
    "Mission": (LB.term("Mission"), SCHEMA.term("Organization")),
}
"""The classes that an entity of each type carries in the data: ours and the aligned ones."""

_NOT_IN_IRI = re.compile(r"[\x00-\x20<>\"{}|\\^`]|%(?![0-9A-Fa-f]{2})")


def prefix_map() -> dict[str, str]:
    """Return prefix to namespace, as serialisers and query engines take it."""
    return {namespace.prefix: namespace.iri for namespace in NAMESPACES}


def sparql_prefixes() -> str:
    """Return the PREFIX lines of all namespaces, for queries that are built in code."""
    return "".join(f"PREFIX {prefix}: <{iri}>\n" for prefix, iri in sorted(prefix_map().items()))


def address(url: str) -> NamedNode | Literal:
    """Return an address as an IRI, what an IRI may not hold percent-encoded; as a string if it cannot be one."""
    encoded = _NOT_IN_IRI.sub(lambda match: f"%{ord(match[0]):02X}", url)
    try:
        return NamedNode(encoded)
    except ValueError:
        return Literal(url)


def content_hash(parts: object) -> str:
    """Return 16 hexadecimal digits that depend on `parts` (anything JSON can hold) and on nothing else."""
    canonical = json.dumps(parts, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()[:16]


_PUBLICATION: Final = "graph/publication"


def is_publication(graph: str) -> bool:
    """Tell whether a named graph is the one in which a store elsewhere says what was published in it."""
    return graph.endswith(f"/{_PUBLICATION}")


@dataclass(frozen=True, slots=True)
class Minter:
    """Mints the IRIs of the data under one base IRI.

    An entity's IRI is `BASE id/` + its key; claims and events are named by a hash of their content.
    """

    base: str

    def entity(self, key: str) -> NamedNode:
        """Return the IRI of the entity with this key, e.g. `country/KP`."""
        return NamedNode(f"{self.base}id/{key}")

    def article(self, stem: str) -> NamedNode:
        """Return the IRI of the article with this identifier."""
        return NamedNode(f"{self.base}id/article/{stem}")

    def span(self, stem: str, span: Span) -> NamedNode:
        """Return the RFC 5147 IRI of a range of code points in the article's text."""
        return NamedNode(f"{self.base}id/article/{stem}#char={span.begin},{span.end}")

    def run(self, stem: str) -> NamedNode:
        """Return the IRI of the activity that read the article."""
        return NamedNode(f"{self.base}id/article/{stem}#run")

    def description(self, stem: str, key: str) -> NamedNode:
        """Return the IRI of what the article says of an entity that the reference data does not know."""
        return NamedNode(f"{self.base}id/article/{stem}#entity={key}")

    def position(self, parts: object) -> NamedNode:
        """Return the IRI of an office as one article states it."""
        return NamedNode(f"{self.base}id/position/{content_hash(parts)}")

    def claim(self, parts: object) -> NamedNode:
        """Return the IRI of the claim with this content."""
        return NamedNode(f"{self.base}id/claim/{content_hash(parts)}")

    def event_of_claim(self, claim: NamedNode) -> NamedNode:
        """Return the IRI of the event that is named after this claim."""
        name, _, _ = claim.value.removeprefix(f"{self.base}id/claim/").partition("/")
        return NamedNode(f"{self.base}id/event/{name}")

    def claim_of_event(self, event: NamedNode) -> NamedNode:
        """Return the IRI of the claim that an event is, or was before others joined it, named after."""
        return NamedNode(f"{self.base}id/claim/{event.value.removeprefix(f'{self.base}id/event/')}")

    def correction(self, parts: object) -> NamedNode:
        """Return the IRI of the correction that says this."""
        return NamedNode(f"{self.base}id/correction/{content_hash(parts)}")

    def corrected(self, record: NamedNode) -> NamedNode:
        """Return the IRI of a claim or office as corrections leave it."""
        return NamedNode(f"{record.value}/corrected")

    def as_read(self, record: NamedNode) -> NamedNode:
        """Return the IRI of a claim or office as it was read."""
        return NamedNode(record.value.removesuffix("/corrected"))

    def owns_graph(self, graph: str) -> bool:
        """Tell whether a named graph is one that the program itself makes: of articles, or derived from them."""
        return graph.startswith(f"{self.base}graph/")

    def link(self, parts: object) -> NamedNode:
        """Return the IRI of the link between an entity and its counterpart in another database."""
        return NamedNode(f"{self.base}id/link/{content_hash(parts)}")

    def article_graph(self, stem: str) -> NamedNode:
        """Return the named graph of an article, its spans and claims."""
        return NamedNode(f"{self.base}graph/article/{stem}")

    def stem(self, graph: NamedNode) -> str:
        """Return the identifier of the article whose named graph this is."""
        return graph.value.removeprefix(self.article_graph("").value)

    @property
    def entities_graph(self) -> NamedNode:
        """The named graph of the entities' descriptions."""
        return NamedNode(f"{self.base}graph/entities")

    @property
    def events_graph(self) -> NamedNode:
        """The named graph of the events that are concluded from the claims."""
        return NamedNode(f"{self.base}graph/events")

    @property
    def curation_graph(self) -> NamedNode:
        """The named graph of people's corrections."""
        return NamedNode(f"{self.base}graph/curation")

    @property
    def corrected_graph(self) -> NamedNode:
        """The named graph of what the corrections make of claims, offices and mentions."""
        return NamedNode(f"{self.base}graph/corrected")

    @property
    def links_graph(self) -> NamedNode:
        """The named graph of what other databases' services say that entities are."""
        return NamedNode(f"{self.base}graph/links")

    @property
    def linked_graph(self) -> NamedNode:
        """The named graph of the identities that follow from the links."""
        return NamedNode(f"{self.base}graph/linked")

    @property
    def publication_graph(self) -> NamedNode:
        """The named graph in which a store elsewhere says what was published in it."""
        return NamedNode(f"{self.base}{_PUBLICATION}")
