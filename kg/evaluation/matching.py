"""Predicted entities and claims are paired, one to one, with annotated ones."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from kg.evaluation.gold import ACTORS, Filler, GoldArticle, fillers_of
from kg.evaluation.predicted import Predicted, PredictedEvent, fold

_SAME_PLACE = 0.5
"""How much an overlap of the evidence counts beside the share of common fillers (0 to 1)."""


def pair_entities(predicted: Predicted, iris: Iterable[str], gold: GoldArticle) -> dict[str, str]:
    """Map IRIs to the annotated entities that they are: by Wikidata item, else by name, else by a mention."""
    pairs: dict[str, str] = {}
    ordered = sorted(iris)

    def pair_by(same: Callable[[str, Mapping[str, Any]], object]) -> None:
        for iri in ordered:
            if iri in pairs:
                continue
            for key, entity in gold.entities.items():
                if key not in pairs.values() and entity["type"] in predicted.types[iri] and same(iri, entity):
                    pairs[iri] = key
                    break

    def labels(iri: str) -> set[str]:
        return predicted.labels.get(iri, set())

    pair_by(lambda iri, entity: entity.get("wikidata") in predicted.links.get(iri, set()))
    pair_by(lambda iri, entity: fold(entity["name"]) in labels(iri))
    pair_by(lambda iri, entity: {fold(entity["name"]), *map(fold, entity["mentions"])} & labels(iri))
    return pairs


def pair_events(predicted: Mapping[str, PredictedEvent], gold: GoldArticle, ids: dict[str, str]) -> dict[str, str]:
    """Map claims to the annotated events that they are like, the most alike first."""
    candidates = []
    for iri, event in predicted.items():
        for key, annotated in gold.events.items():
            likeness = _likeness(event, annotated, gold, ids) if annotated["type"] == event.type else 0.0
            if likeness:
                candidates.append((-likeness, iri, key))
    pairs: dict[str, str] = {}
    for _, iri, key in sorted(candidates):
        if iri not in pairs and key not in pairs.values():
            pairs[iri] = key
    return pairs


def align(mine: set[Filler], theirs: set[Filler], states: Mapping[str, str]) -> set[Filler]:
    """Return the predicted fillers, a body written for its state and a state for its body where the gold has it so."""
    out = mine & theirs
    for slot, filler in sorted(mine - theirs, key=str):
        twins = [
            twin
            for twin in sorted(theirs - out, key=str)
            if slot in ACTORS
            and twin[0] == slot
            and (states.get(twin[1]) == filler or states.get(filler, "") == twin[1])
        ]
        out.add(twins[0] if twins else (slot, filler))
    return out


def match_sources(event: PredictedEvent, annotated: Mapping[str, Any], gold: GoldArticle, ids: dict[str, str]) -> int:
    """Return how many annotated sources the claim gives: an entity by itself or by its name in the words, other words
    by half of them.
    """
    given: list[str | set[str]] = [*sorted({ids.get(iri, iri) for iri in event.attributed})]
    given += [set(fold(said).split()) for said in sorted(event.said)]

    def is_same(source: str, candidate: str | set[str]) -> bool:
        if isinstance(candidate, str):
            return candidate == source
        entity = gold.entities.get(source)
        if entity is None:
            words = set(fold(source).split())
            return 2 * len(words & candidate) >= len(words)
        return any(set(fold(name).split()) <= candidate for name in [entity["name"], *entity["mentions"]])

    hits = 0
    for source in annotated.get("attributed_to") or []:
        found = next((candidate for candidate in given if is_same(source, candidate)), None)
        if found is not None:
            given.remove(found)
            hits += 1
    return hits


def _likeness(event: PredictedEvent, annotated: Mapping[str, Any], gold: GoldArticle, ids: dict[str, str]) -> float:
    theirs = fillers_of(annotated)
    mine = align(event.fillers(ids), theirs, gold.states)
    shared = mine & theirs
    same_place = _overlaps(annotated["evidence"], event.evidence)
    if not same_place and not any(slot not in {"status", "time"} for slot, _ in shared):
        return 0.0
    # Zero is "not alike"; sharing nothing but the place is still a likeness.
    return 2 * len(shared) / (len(mine) + len(theirs)) + (_SAME_PLACE if same_place else 0.0)


def _overlaps(evidence: str, others: Iterable[str]) -> bool:
    words = f" {fold(evidence)} "
    return any(words in f" {fold(other)} " or f" {fold(other)} " in words for other in others if fold(other))
