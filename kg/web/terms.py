"""The ontology's terms with their names and definitions, read from `ontology/`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache

from pyoxigraph import Literal, NamedNode, RdfFormat, Triple, parse, serialize

from kg.resources import resource
from kg.vocab import LABEL, LB, OWL, RDF_TYPE, RDFS, SKOS, prefix_map
from kg.web.i18n import Language, section, translate

KINDS: Mapping[str, tuple[NamedNode, ...]] = {
    "classes": (OWL.term("Class"),),
    "properties": (OWL.term("ObjectProperty"), OWL.term("DatatypeProperty"), OWL.term("AnnotationProperty")),
    "concepts": (SKOS.term("Concept"), SKOS.term("ConceptScheme")),
}
"""Heading on the ontology's page to the types of the terms under it; the first that fits counts."""
RELATIONS: Mapping[str, NamedNode] = {
    "sub_class_of": RDFS.term("subClassOf"),
    "sub_property_of": RDFS.term("subPropertyOf"),
    "domain": RDFS.term("domain"),
    "range": RDFS.term("range"),
}


@dataclass(slots=True)
class Term:
    """A term of the ontology."""

    name: str
    kind: str = ""
    labels: dict[str, str] = field(default_factory=dict)
    definitions: dict[str, str] = field(default_factory=dict)
    relations: dict[str, list[str]] = field(default_factory=dict)
    """`sub_class_of` … to the IRIs of terms."""


@cache
def load_triples() -> Sequence[Triple]:
    """Read all Turtle files of the ontology, shapes excepted, sorted."""
    files = [path for path in sorted(resource("ontology").glob("*.ttl")) if "shapes" not in path.name]
    triples = {quad.triple for path in files for quad in parse(path=str(path), format=RdfFormat.TURTLE)}
    return sorted(triples, key=str)


@cache
def load_terms() -> Mapping[str, Term]:
    """Return the ontology's own terms by name, in alphabetical order."""
    terms: dict[str, Term] = {}
    for triple in load_triples():
        if isinstance(triple.subject, NamedNode) and triple.subject.value.startswith(LB.iri):
            name = triple.subject.value.removeprefix(LB.iri)
            _add(terms.setdefault(name, Term(name)), triple)
    return dict(sorted((name, term) for name, term in terms.items() if name))


def name_part(name: str, language: Language) -> str:
    """Return what words of a sentence are called: by the site, else by the ontology."""
    return translate(language, f"part.{name}") if name in section("part") else name_term(name, language)


def name_term(name: str, language: str) -> str:
    """Return what a term is called; its name in the ontology where nothing is known of it."""
    term = load_terms().get(name)
    return term.labels.get(language) or term.labels.get("de", name) if term else name


def define_term(name: str, language: str) -> str:
    """Return a term's definition; empty where it has none."""
    term = load_terms().get(name)
    return term.definitions.get(language) or term.definitions.get("de", "") if term else ""


def serialize_ontology(format_: RdfFormat) -> bytes:
    """Return the ontology as an RDF document."""
    return serialize(load_triples(), format=format_, prefixes=prefix_map()) or b""


def _add(term: Term, triple: Triple) -> None:
    """Take over what one statement says of the term."""
    if triple.predicate == RDF_TYPE:
        kind = next((kind for kind, types in KINDS.items() if triple.object in types), "")
        term.kind = term.kind or kind
    elif isinstance(triple.object, Literal) and triple.object.language:
        if triple.predicate in (LABEL, SKOS.term("prefLabel")):
            term.labels[triple.object.language] = triple.object.value
        elif triple.predicate in (SKOS.term("definition"), RDFS.term("comment")):
            term.definitions[triple.object.language] = triple.object.value
    elif isinstance(triple.object, NamedNode):
        for relation, predicate in RELATIONS.items():
            if triple.predicate == predicate:
                term.relations.setdefault(relation, []).append(triple.object.value)
