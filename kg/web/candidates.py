"""Which entities a reconciliation query may mean, and how well each fits.

The score goes from 0 to 100. Names are as alike as their words share groups of three letters (as PostgreSQL's pg_trgm
counts them), so that neither the order of the words nor a misspelling matters much; where properties are given they
make 30 of the 100. A candidate is a match if it alone has exactly the name and nothing contradicts it; of several, the
one that alone shares a property. One word is no name of a person that could be certain.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import NamedTuple

from kg.folding import fold
from kg.fulltext.asking import Named
from kg.model import ENTITY_TYPES
from kg.reconciliation.protocol import Query
from kg.vocab import LB, WIKIDATA
from kg.web.choosing import current_snapshot, index
from kg.web.properties import PROPERTIES, Facts, Property, key_of

_MOST_VALUES = 50
"""Values of one property that are compared; a table has one or a few."""
MOST_CANDIDATES = 50
DEFAULT_CANDIDATES = 10
PROPERTY_SHARE = 0.3
IDENTIFYING = frozenset({"sameAs", "isoCode"})
"""Properties of which a value belongs to one entity only."""
LEAST_ALIKE = 0.3
"""Likeness of a name below which nobody would think of it; pg_trgm's threshold too."""


@dataclass(frozen=True, slots=True)
class Scored:
    """A candidate."""

    iri: str
    kind: str
    articles: int
    name: float
    """How alike the name is, from 0 to 1."""
    properties: float | None
    """How many of the properties that are known of it fit, from 0 to 1; None where none was given."""
    contradicted: bool
    """Whether a property has another value."""
    distinct: bool
    """Whether what was asked for could be the name of nobody else."""
    match: bool = False
    """Whether it is certain."""

    @property
    def score(self) -> float:
        """From 0 to 100."""
        if self.properties is None:
            return round(100 * self.name, 1)
        return round(100 * ((1 - PROPERTY_SHARE) * self.name + PROPERTY_SHARE * self.properties), 1)


class Retrieved(NamedTuple):
    """What may be meant, before it is looked at."""

    names: Mapping[str, Sequence[Named]]
    """IRI to names."""
    by_identifier: bool
    """Whether they have the identifier that was given, so that their names do not matter."""


def find_candidates(queries: Sequence[Query]) -> list[list[Scored]]:
    """Return the candidates for each query, the best first, none of another type than wanted."""
    found = [_retrieve(query) for query in queries]
    pairs = list(zip(queries, found, strict=True))
    facts = Facts({iri for query, retrieved in pairs if query.properties for iri in retrieved.names})
    return [
        _rank(query, [_score(query, iri, retrieved, facts) for iri in retrieved.names]) for query, retrieved in pairs
    ]


def kinds_of(types: Sequence[str]) -> frozenset[str]:
    """Return the entity types that are meant by identifiers of types, or by their IRIs; all where none is given."""
    return frozenset({name.removeprefix(LB.iri) for name in types} & {*ENTITY_TYPES} if types else ENTITY_TYPES)


def _retrieve(query: Query) -> Retrieved:
    kinds, snapshot = kinds_of(query.types), current_snapshot()
    identifiers = [query.text, *(value for name, values in query.properties if name in IDENTIFYING for value in values)]
    named = [each for text in identifiers for each in index().identified(text, snapshot) if each.kind in kinds]
    by_identifier = bool(named)
    if not by_identifier:
        wanted = fold(query.text)
        named = [
            each for each in index().called(query.text, kinds, snapshot) if _share(wanted, each.folded) >= LEAST_ALIKE
        ]
    found: dict[str, list[Named]] = {}
    for each in named:
        found.setdefault(each.iri, []).append(each)
    return Retrieved(found, by_identifier)


def _score(query: Query, iri: str, retrieved: Retrieved, facts: Facts) -> Scored:
    names, wanted = retrieved.names[iri], fold(query.text)
    fits = [_fit(iri, PROPERTIES[name], values, facts) for name, values in query.properties if name in PROPERTIES]
    known = [fit for fit in fits if fit is not None]
    return Scored(
        iri=iri,
        kind=names[0].kind,
        articles=names[0].articles,
        name=1.0 if retrieved.by_identifier else max(_share(wanted, each.folded) for each in names),
        properties=sum(known) / max(len(known), 1) if query.properties else None,
        contradicted=not all(known),
        distinct=retrieved.by_identifier or names[0].kind != "Person" or " " in wanted,
    )


def _fit(iri: str, prop: Property, wanted: Sequence[str], facts: Facts) -> bool | None:
    """Tell whether an entity has one of some values; None where nothing is known."""
    terms = facts.values(iri, prop)
    if not terms or not wanted:
        return None
    exact = {name for term in terms for name in (term.value, key_of(term.value), term.value.removeprefix(WIKIDATA.iri))}
    alike = {fold(label) for term in terms for label in facts.labels(prop, term)}
    return any(value in exact or fold(value) in alike for value in wanted[:_MOST_VALUES])


def _rank(query: Query, candidates: Sequence[Scored]) -> list[Scored]:
    """Sort the candidates, say which is certain, and keep as many as are wanted."""
    certain = [each for each in candidates if each.distinct and each.name == 1 and not each.contradicted]
    backed = [each for each in certain if each.properties]
    alone = certain if len(certain) == 1 else backed if len(backed) == 1 else []
    sure = {each.iri for each in alone}
    ranked = sorted(candidates, key=lambda each: (-each.score, -each.articles, each.iri))
    limit = min(query.limit or DEFAULT_CANDIDATES, MOST_CANDIDATES)
    return [replace(each, match=each.iri in sure) for each in ranked[:limit]]


def _share(one: str, other: str) -> float:
    """Return how alike two folded names are: the Dice coefficient of their words' groups of three letters."""
    ours, theirs = _grams(one), _grams(other)
    return 2 * len(ours & theirs) / (len(ours) + len(theirs)) if ours and theirs else 0.0


@lru_cache(20_000)
def _grams(folded: str) -> frozenset[str]:
    words = (f"  {word} " for word in folded.split())
    return frozenset(word[start : start + 3] for word in words for start in range(len(word) - 2))
