"""Articles as what the network is asked and has to answer, window by window."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from kg import details, triggers
from kg.casting import candidates, is_allowed
from kg.encoder import mark_words
from kg.encoder.context import FARTHEST
from kg.encoder.marks import spread
from kg.hearing import Hearing
from kg.model import ENTITY_TYPES, STATUSES
from training.claims.fit import ROLE_LABELS, TYPES, plays
from training.claims.gold import GoldArticle, GoldEvent
from training.claims.sources import is_unnamed_source
from training.encoder.windows import Floats, Ints, Window

ANSWERS = {"events": TYPES, "roles": ROLE_LABELS, "entities": ENTITY_TYPES}
"""What the network's answers mean."""


class Told(NamedTuple):
    """An event by the word that tells of it, and the number of its type."""

    word: int
    type: int


@dataclass(frozen=True, slots=True)
class Pairs:
    """Events of a window beside expressions: rows of events, spans, gaps, and whether they belong together."""

    events: list[int]
    spans: list[tuple[int, int]]
    gaps: list[int]
    targets: Floats


@dataclass(frozen=True, slots=True)
class Example(Window):
    """A window with what is asked of it when names are known."""

    marks: NDArray[np.intp]
    """What is known of each piece, a number in `MARKS`."""
    words: list[int]
    """Those that could tell of something."""
    tells: Floats
    """Whether they do, shape (words, event types)."""
    events: list[Told]
    statuses: Floats
    """Whether they have happened, shape (events, statuses)."""
    mentions: list[tuple[int, int]]
    owned: list[int]
    """The row in `parts` of each mention's entity."""
    kinds: list[int]
    """The type of each mention's entity."""
    gaps: Ints
    """Sentences between events and mentions, shape (events, mentions)."""
    parts: Floats
    """Which parts the entities play, shape (events, entities, roles); -1 where it is not asked."""
    pairs: dict[str, Pairs]


def make_examples(article: GoldArticle, windows: Sequence[Window]) -> list[Example]:
    """Return what is asked of the windows of an annotated article; an event stands where its trigger is fresh."""
    reading = article.reading
    marks = mark_words(reading.doc, reading.article.published, reading.entities, reading.times, reading.figures)
    return [_ask(article, window, spread(marks, window.word_of)) for window in windows]


def _ask(article: GoldArticle, window: Window, marks: NDArray[np.intp]) -> Example:
    reading = article.reading
    fresh, seen = set(window.here[window.is_fresh].tolist()), set(window.here.tolist())
    types: dict[int, set[str]] = {}
    for event in article.events:
        types.setdefault(event.anchor, set()).add(event.type)
    ignored = {i for event in article.events for i in event.parts} - set(types)
    words = [i for i in triggers.candidates(reading) if i in fresh and i not in ignored]
    events = [event for event in article.events if event.anchor in fresh]
    places = [place for place in reading.places if not seen.isdisjoint(range(place.begin, place.end))]
    named = sorted({place.entity for place in places})
    return Example(
        **{part.name: getattr(window, part.name) for part in fields(window)},
        marks=marks,
        words=words,
        tells=np.array([[t in types.get(i, ()) for t in TYPES] for i in words], dtype=np.float32).reshape(
            -1, len(TYPES)
        ),
        events=[Told(event.anchor, TYPES.index(event.type)) for event in events],
        statuses=np.array(
            [[event.status == status for status in STATUSES] for event in events], dtype=np.float32
        ).reshape(-1, len(STATUSES)),
        mentions=[(place.begin, place.end) for place in places],
        owned=[named.index(place.entity) for place in places],
        kinds=[ENTITY_TYPES.index(reading.entities[place.entity].entity.type) for place in places],
        gaps=np.array([[_gap(article, event, place.begin) for place in places] for event in events], dtype=np.int64),
        parts=np.array([_parts(article, event, named) for event in events], dtype=np.float32).reshape(
            len(events), len(named), len(ROLE_LABELS)
        ),
        pairs={name: find(article, events, seen) for name, find in _PAIRED.items()},
    )


def _gap(article: GoldArticle, event: GoldEvent, token: int) -> int:
    sentence_of = article.reading.sentence_of
    away = sentence_of[token] - sentence_of[event.anchor]
    return min(max(away, -FARTHEST), FARTHEST - 1) + FARTHEST


def _parts(article: GoldArticle, event: GoldEvent, named: Sequence[int]) -> list[list[int]]:
    asked = set(candidates(article.reading, event.happening))
    rows = []
    for number in named:
        kind = article.reading.entities[number].entity.type
        rows.append([
            plays(article, event, number, label) if number in asked and is_allowed(event.type, label, kind) else -1
            for label in ROLE_LABELS
        ])  # fmt: skip
    return rows


def _times(article: GoldArticle, events: Sequence[GoldEvent], seen: set[int]) -> Pairs:
    found = []
    for row, event in enumerate(events):
        wanted = event.interval
        for time, _ in details.times_near(article.reading, event.happening):
            found.append((row, article.reading.tokens_of(time.span), wanted == (time.begin, time.end)))
    return _paired(article, events, seen, found)


def _figures(article: GoldArticle, events: Sequence[GoldEvent], seen: set[int]) -> Pairs:
    found = []
    for row, event in enumerate(events):
        if event.type in details.COUNTED:
            for figure, _ in details.figures_near(article.reading, event.happening):
                found.append((row, article.reading.tokens_of(figure.span), event.figure == (figure.min, figure.max)))
    return _paired(article, events, seen, found)


def _sources(article: GoldArticle, events: Sequence[GoldEvent], seen: set[int]) -> Pairs:
    reading, hearing, found = article.reading, Hearing(article.reading), []
    for row, event in enumerate(events):
        for _, span in hearing.unnamed_near(event.anchor):
            is_source = is_unnamed_source(span.of(reading.article.text), event)
            found.append((row, reading.tokens_of(span), bool(is_source)))
    return _paired(article, events, seen, found)


_PAIRED = {"time": _times, "figure": _figures, "source": _sources}
"""What is asked of expressions, by the names of `PAIRED`."""


def _paired(
    article: GoldArticle,
    events: Sequence[GoldEvent],
    seen: set[int],
    found: Sequence[tuple[int, tuple[int, int], bool]],
) -> Pairs:
    read = [(row, span, target) for row, span, target in found if not seen.isdisjoint(range(*span))]
    return Pairs(
        [row for row, _, _ in read],
        [span for _, span, _ in read],
        [_gap(article, events[row], span[0]) for row, span, _ in read],
        np.array([target for _, _, target in read], dtype=np.float32),
    )
