"""Who or what a name means."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import pyoxigraph as ox

from kg.errors import SettingError
from kg.exports.claims import Own
from kg.model import ENTITY_TYPES
from kg.remote import QuadStore
from kg.vocab import LABEL, LB, OWL, RDF_TYPE, SKOS, sparql_prefixes

_LANGUAGES = ("@de", "@en", "")
_MOST = 10
"""Entities that an error names."""


@dataclass(frozen=True, slots=True)
class Entity:
    """A person, country, place, organisation, summit or mission."""

    iri: str
    key: str
    """What follows `BASE id/` in its IRI: `country/KP`."""
    type: str
    labels: Mapping[str, str]
    """Language to name."""
    aliases: Sequence[str]
    country: str | None
    """IRI of the country that it belongs to."""
    iso_code: str | None
    same_as: Sequence[str]
    """IRIs in other databases, such as Wikidata."""

    @property
    def name(self) -> str:
        """Its German name, else any that it has."""
        return self.labels.get("de") or next(iter(self.labels.values()), self.key)


def find_entity(store: QuadStore, base_iri: str, name: str) -> Entity:
    """Return the entity that has a name, an alias, a key or an IRI.

    Args:
        store: where it is looked for.
        base_iri: base of the IRIs of its data.
        name: `Nordkorea`, `North Korea`, `KP` or `country/KP`, or an IRI; as it is written in the graph.

    Raises:
        SettingError: there is none, or there are several.
    """
    for found in _candidates(store, base_iri, name):
        entities = [entity for entity in (_read(store, base_iri, iri) for iri in sorted(found)) if entity]
        if len(entities) == 1:
            return entities[0]
        if entities:
            keys = ", ".join(entity.key for entity in entities[:_MOST])
            raise SettingError(f"{name!r} is the name of several entities.", f"Give the key of one of them: {keys}.")
    raise SettingError(f"There is no entity {name!r}.", "Give a name as the pages write it, a key or an IRI.")


def _candidates(store: QuadStore, base_iri: str, name: str) -> Iterator[set[str]]:
    """Yield IRIs that may be meant, the better ways to name a thing first."""
    if name.startswith(f"{base_iri}id/"):
        yield {name}
        return
    if len(name) == 2 and name.isupper():
        yield {f"{base_iri}id/country/{name}"}
    if "/" in name and not set(name) & set(' <>"{}|\\^`'):
        yield {f"{base_iri}id/{name}"}
    texts = " ".join(f"{ox.Literal(name)}{language}" for language in _LANGUAGES)
    for names in (LABEL, SKOS.term("altLabel")):
        rows = store.query(
            f"{sparql_prefixes()}SELECT DISTINCT ?it WHERE {{ VALUES ?name {{ {texts} }} ?it {names} ?name }}",
            use_default_graph_as_union=True,
        )
        assert isinstance(rows, ox.QuerySolutions)  # it is a SELECT  # noqa: S101
        yield {row["it"].value for row in rows if isinstance(row["it"], ox.NamedNode)}


def _read(store: QuadStore, base_iri: str, iri: str) -> Entity | None:
    try:
        said = Own(store, base_iri).about([iri])[iri]
    except ValueError:  # no IRI
        return None
    types = {term.value.removeprefix(LB.iri) for term in said.get(RDF_TYPE.value, ()) if isinstance(term, ox.NamedNode)}
    kind = next((name for name in ENTITY_TYPES if name in types), None)
    if kind is None:
        return None

    def values(term: ox.NamedNode) -> list[str]:
        return [str(each.value) for each in said.get(term.value, ()) if isinstance(each, ox.NamedNode | ox.Literal)]

    labels = {each.language or "": each.value for each in said.get(LABEL.value, ()) if isinstance(each, ox.Literal)}
    return Entity(
        iri=iri,
        key=iri.removeprefix(f"{base_iri}id/"),
        type=kind,
        labels=labels,
        aliases=sorted(set(values(SKOS.term("altLabel")))),
        country=next(iter(values(LB.term("country"))), None),
        iso_code=next(iter(values(LB.term("isoCode"))), None),
        same_as=sorted(set(values(OWL.term("sameAs")))),
    )
