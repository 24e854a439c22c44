"""What entities have that a table may be matched by, or extended with."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Literal, NamedTuple

from kg.vocab import OWL, RDF_TYPE, SKOS, WGS84
from kg.web.context import base_iri, current_graph, language
from kg.web.graph import Term, local_name
from kg.web.records import read_properties

Kind = Literal["entity", "label", "text", "number"]


class Property(NamedTuple):
    """A property on offer."""

    id: str
    name: Mapping[str, str]
    """By language."""
    key: str
    """As `read_properties` names it."""
    kind: Kind
    """What its values are: entities, things of which the label counts, texts or numbers."""
    types: frozenset[str]
    """Types of entities that have it."""


_ALL = frozenset({"Person", "Country", "Place", "Organization", "Summit", "Mission"})
_COUNTRY = {"de": "Staat", "en": "country"}

PROPERTIES: Mapping[str, Property] = {
    each.id: each
    for each in (
        Property("country", _COUNTRY, "country", "entity", _ALL - {"Country"}),
        Property("office", {"de": "Amt", "en": "office"}, "holdsPosition", "label", frozenset({"Person"})),
        Property("capital", {"de": "Hauptstadt", "en": "capital"}, "capital", "entity", frozenset({"Country"})),
        Property("isoCode", {"de": "ISO-Code", "en": "ISO code"}, "isoCode", "text", frozenset({"Country"})),
        Property("series", {"de": "Reihe", "en": "series"}, "series", "text", frozenset({"Summit"})),
        Property("altLabel", {"de": "Namensform", "en": "variant of the name"}, SKOS.iri + "altLabel", "text", _ALL),
        Property("sameAs", {"de": "Kennung anderswo", "en": "identifier elsewhere"}, OWL.iri + "sameAs", "text", _ALL),
        Property("lat", {"de": "Breitengrad", "en": "latitude"}, WGS84.iri + "lat", "number", _ALL - {"Person"}),
        Property("long", {"de": "Längengrad", "en": "longitude"}, WGS84.iri + "long", "number", _ALL - {"Person"}),
    )
}
"""The properties by their identifiers."""


class Facts:
    """The values of properties of some entities, read together."""

    def __init__(self, iris: Iterable[str]) -> None:
        graph = current_graph()
        self._read = read_properties(graph, iris)
        named = (
            term.value for each in PROPERTIES.values() if each.kind in {"entity", "label"} for term in self._all(each)
        )
        self._labels = graph.labels(sorted(set(named)))

    def values(self, iri: str, prop: Property) -> Sequence[Term]:
        """Return the values of a property, sorted."""
        return self._read.get(iri, {}).get(prop.key, ())

    def shown(self, iri: str, prop: Property) -> Sequence[Term]:
        """Return the values of a property, of texts in several languages those in the language of the request."""
        values = self.values(iri, prop)
        return [term for term in values if term.language == language()] or values

    def classes(self, iri: str) -> frozenset[str]:
        """Return the names of an entity's classes in the ontology."""
        return frozenset(local_name(term.value) for term in self._read.get(iri, {}).get(RDF_TYPE.value, ()))

    def labels(self, prop: Property, term: Term) -> frozenset[str]:
        """Return the words for a value: its names in all languages, or itself."""
        if prop.kind in {"entity", "label"}:
            return frozenset(self._labels.get(term.value, {}).values())
        return frozenset({term.value})

    def label(self, prop: Property, term: Term, language: str) -> str:
        """Return the word for a value in one language."""
        names = self._labels.get(term.value, {})
        return names.get(language) or names.get("de") or next(iter(names.values()), "") or term.value

    def _all(self, prop: Property) -> Iterable[Term]:
        return (term for values in self._read.values() for term in values.get(prop.key, ()))


def key_of(iri: str) -> str:
    """Return the identifier of an entity for programs: its IRI without `BASE id/`."""
    return iri.removeprefix(f"{base_iri()}id/")
