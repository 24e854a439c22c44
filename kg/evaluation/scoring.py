"""Counts of right, spurious and missed, over all annotated articles."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from kg.evaluation.count import Count
from kg.evaluation.gold import Filler, GoldArticle, fillers_of
from kg.evaluation.grouping import Grouped
from kg.evaluation.matching import align, match_sources, pair_entities, pair_events
from kg.evaluation.predicted import Predicted, PredictedEvent
from kg.model import ENTITY_TYPES

Counts = defaultdict[str, Count]


@dataclass(slots=True)
class Scores:
    """All counts, and a line for each thing that is missed, spurious or wrong."""

    articles: int = 0
    absent: list[str] = field(default_factory=list)
    """Annotated articles that the graph has not."""
    entities: Counts = field(default_factory=lambda: defaultdict(Count))
    events: Counts = field(default_factory=lambda: defaultdict(Count))
    slots: Counts = field(default_factory=lambda: defaultdict(Count))
    by_slot: Counts = field(default_factory=lambda: defaultdict(Count))
    attribution: Count = field(default_factory=Count)
    exact: int = 0
    links: Counter[str] = field(default_factory=Counter)
    """`all` that could carry a Wikidata item, `right`, `wrong`."""
    happenings: list[Grouped] = field(default_factory=list)
    """Of the claims that are paired with an annotated event whose happening is annotated: that, and their event."""
    misses: list[str] = field(default_factory=list)

    def count_fillers(self, kind: str, outcome: str, fillers: Iterable[Filler]) -> None:
        """Count fillers of an event of type `kind` as `tp`, `fp` or `fn`."""
        for slot, _ in fillers:
            for count in (self.slots[kind], self.by_slot[slot]):
                setattr(count, outcome, getattr(count, outcome) + 1)


def score(predicted: Predicted, gold: Iterable[GoldArticle]) -> Scores:
    """Measure a graph against annotated articles."""
    scores = Scores()
    for article in gold:
        scores.articles += 1
        if article.stem not in predicted.articles:
            scores.absent.append(article.stem)
        iris = predicted.entities(article.stem)
        ids = pair_entities(predicted, iris, article)
        _score_entities(scores, predicted, article, iris, ids)
        _score_events(scores, predicted.events(article.stem), article, ids)
    return scores


def _score_entities(
    scores: Scores, predicted: Predicted, gold: GoldArticle, iris: list[str], ids: dict[str, str]
) -> None:
    for iri in iris:
        if iri not in ids:
            for kind in sorted(predicted.types[iri] & set(ENTITY_TYPES)):
                scores.entities[kind].fp += 1
                label = sorted(predicted.labels.get(iri, ()))[:1]
                scores.misses.append(f"{gold.stem}: spurious {kind} {label}")
            continue
        entity = gold.entities[ids[iri]]
        if not entity["mentions"]:
            continue
        scores.entities[entity["type"]].tp += 1
        if item := entity.get("wikidata"):
            links = predicted.links.get(iri, set())
            scores.links["all"] += 1
            scores.links["right"] += item in links
            scores.links["wrong"] += bool(links) and item not in links
    for key, entity in gold.entities.items():
        if entity["mentions"] and key not in ids.values():
            scores.entities[entity["type"]].fn += 1
            scores.misses.append(f"{gold.stem}: missed {entity['type']} {entity['name']}")


def _score_events(scores: Scores, events: dict[str, PredictedEvent], gold: GoldArticle, ids: dict[str, str]) -> None:
    pairs = pair_events(events, gold, ids)
    for iri, event in events.items():
        if iri in pairs:
            _score_pair(scores, event, gold, pairs[iri], ids)
            continue
        mine = event.fillers(ids)
        scores.events[event.type].fp += 1
        scores.count_fillers(event.type, "fp", mine)
        evidence = sorted(event.evidence)[:1]
        scores.misses.append(f"{gold.stem}: spurious {event.type} {sorted(map(str, mine))} <- {evidence}")
    for key, annotated in gold.events.items():
        if key not in pairs.values():
            scores.events[annotated["type"]].fn += 1
            scores.count_fillers(annotated["type"], "fn", fillers_of(annotated))
            scores.misses.append(f"{gold.stem}: missed {annotated['type']} {key}: {annotated['evidence'][:90]}")


def _score_pair(scores: Scores, event: PredictedEvent, gold: GoldArticle, key: str, ids: dict[str, str]) -> None:
    annotated = gold.events[key]
    theirs = fillers_of(annotated)
    mine = align(event.fillers(ids), theirs, gold.states)
    scores.events[event.type].tp += 1
    if happening := annotated.get("happening"):
        scores.happenings.append((happening, event.about))
    for outcome, fillers in (("tp", mine & theirs), ("fp", mine - theirs), ("fn", theirs - mine)):
        scores.count_fillers(event.type, outcome, fillers)
    scores.exact += mine == theirs
    hits = match_sources(event, annotated, gold, ids)
    given = len({ids.get(iri, iri) for iri in event.attributed}) + len(event.said)
    scores.attribution.tp += hits
    scores.attribution.fn += len(annotated.get("attributed_to") or []) - hits
    scores.attribution.fp += given - hits
    if mine != theirs:
        missing, wrong = sorted(map(str, theirs - mine)), sorted(map(str, mine - theirs))
        scores.misses.append(f"{gold.stem}: {key} {event.type} missing {missing} wrong {wrong}")
