"""What corrections make of the descriptions of entities, in `BASE graph/entities`.

An entity that is another one keeps its label, so that what was read stays readable, and says which it is. How the
reference data describe an entity that is described otherwise is kept beside it, as N-Triples in
`lb:referenceDescription`: nothing else in the store could say it again when the correction is undone.
"""

from collections.abc import Iterable
from itertools import groupby

import pyoxigraph as ox

from kg.curation.corrections import Correction
from kg.curation.plan import Plan
from kg.curation.reading import REFERENCE, Reading, Values, read_values
from kg.curation.revising import CORRECTED_BY
from kg.vocab import ENTITY_CLASSES, LABEL, LB, OWL, RDF_TYPE, SKOS

_ALIAS = SKOS.term("altLabel")
_IDENTIFIERS = (OWL.term("sameAs"), LB.term("isoCode"))


def describe(read: Iterable[ox.Quad], plan: Plan, reading: Reading) -> list[ox.Quad]:
    """Return the quads of `BASE graph/entities` with the corrections, sorted.

    Args:
        read: as the derivation rules give them; of an entity whose reference description is kept, that one counts.
        plan: the corrections that apply.
        reading: the store.
    """
    if not plan.applied and not reading.kept_descriptions:
        return list(read)
    described = {subject: read_values(quads) for subject, quads in groupby(sorted(read, key=_subject), key=_subject)}
    for entity in reading.kept_descriptions:
        if reading.entity_type(entity):  # an article still refers to it
            described[entity] = reading.reference_description(entity)
    for entity in plan.made:
        described.setdefault(entity, {})
    quads: list[ox.Quad] = []
    for entity, values in described.items():
        corrected = _correct(entity, described, plan, reading)
        if corrected != values and any(identifier in values for identifier in _IDENTIFIERS):
            corrected[REFERENCE] = {ox.Literal(_text(entity, values))}
        quads += _quads(entity, corrected, reading)
    return sorted(quads, key=str)


def _correct(entity: str, described: dict[str, Values], plan: Plan, reading: Reading) -> Values:
    mint = reading.mint
    if entity in plan.merges:
        merges = plan.path(entity)
        names = described[entity].get(LABEL, set())
        made_by = {ox.NamedNode(merge.iri(mint.base)) for merge in merges}
        return {LABEL: names, LB.term("mergedInto"): {ox.NamedNode(merges[-1].meant)}, CORRECTED_BY: set(made_by)}
    values = {predicate: set(found) for predicate, found in described[entity].items()}
    used = [
        *_follow_merges(values, plan),
        *_make(entity, values, plan, reading),
        *_take_over(entity, values, described, plan),
        *_relabel(entity, values, plan),
    ]
    if used:
        values[CORRECTED_BY] = {ox.NamedNode(correction.iri(mint.base)) for correction in used}
    return values


def _follow_merges(values: Values, plan: Plan) -> list[Correction]:
    """Refer to the entities that those which an entity refers to are: its country, its capital."""
    used: list[Correction] = []
    for found in values.values():
        for term in [term for term in found if term.value in plan.merges]:
            found.remove(term)
            found.add(ox.NamedNode(plan.canonical(term.value)))
            used += plan.path(term.value)
    return used


def _make(entity: str, values: Values, plan: Plan, reading: Reading) -> list[Correction]:
    """Describe an entity that a split makes."""
    if entity not in plan.made:
        return []
    split = plan.made[entity]
    values.setdefault(RDF_TYPE, set()).update(ENTITY_CLASSES[plan.entity_type(entity, reading)])
    if not any(isinstance(term, ox.Literal) and term.language == "de" for term in values.get(LABEL, ())):
        values.setdefault(LABEL, set()).add(ox.Literal(split.label, language="de"))
    return [split]


def _take_over(entity: str, values: Values, described: dict[str, Values], plan: Plan) -> list[Correction]:
    """Give an entity the names of those that were merged into it, and what it lacks of their descriptions."""
    merged = sorted(other for other in plan.merges if plan.canonical(other) == entity)
    for other in merged:
        theirs = described.get(other, {})
        names = theirs.get(LABEL, set()) | theirs.get(_ALIAS, set())
        values.setdefault(_ALIAS, set()).update(names - values.get(LABEL, set()))
        for predicate, found in theirs.items():
            if predicate not in {LABEL, _ALIAS, RDF_TYPE}:
                values.setdefault(predicate, set(found))
    return [merge for other in merged for merge in plan.path(other)]


def _relabel(entity: str, values: Values, plan: Plan) -> list[Correction]:
    used = []
    for (target, language), correction in plan.labels.items():
        if target == entity:
            label = ox.Literal(correction.label, language=language)
            old = {term for term in values.get(LABEL, ()) if isinstance(term, ox.Literal) and term.language == language}
            values[LABEL] = (values.get(LABEL, set()) - old) | {label}
            values[_ALIAS] = (values.get(_ALIAS, set()) | old) - {label}
            used.append(correction)
    return used


def _subject(quad: ox.Quad) -> str:
    return quad.subject.value if isinstance(quad.subject, ox.NamedNode) else str(quad.subject)


def _quads(entity: str, values: Values, reading: Reading) -> list[ox.Quad]:
    graph = reading.mint.entities_graph
    return [ox.Quad(ox.NamedNode(entity), predicate, term, graph) for predicate in values for term in values[predicate]]


def _text(entity: str, values: Values) -> str:
    """Write a description as N-Triples, sorted."""
    node = ox.NamedNode(entity)
    triples = [ox.Triple(node, predicate, term) for predicate, found in values.items() for term in found]
    return "".join(sorted(f"{triple} .\n" for triple in triples))
