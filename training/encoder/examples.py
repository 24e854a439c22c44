"""Annotated articles as what the network is asked and has to answer, window by window."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kg import details, triggers
from kg.casting import candidates, is_allowed
from kg.encoder import LABELS, mark_words
from kg.encoder.context import FARTHEST
from kg.encoder.marks import spread
from kg.encoder.pieces import Vocabulary
from kg.encoder.windows import lay_out
from kg.model import ENTITY_TYPES
from training.claims.fit import ROLE_LABELS, TYPES, interval_of, plays
from training.claims.gold import GoldArticle, GoldEvent

ANSWERS = dict(zip(LABELS, (TYPES, ROLE_LABELS, ENTITY_TYPES), strict=True))
"""What the network's answers mean."""
Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Pairs:
    """Events of a window beside dates or figures: rows of events, spans, gaps, and whether they belong together."""

    events: list[int]
    spans: list[tuple[int, int]]
    gaps: list[int]
    targets: list[int]


@dataclass(frozen=True, slots=True)
class Example:
    """A window of an article. Words are tokens of the article."""

    numbers: Ints
    """Pieces, with those for the beginning and the end."""
    marks: NDArray[np.intp]
    """What is known of each, a number in `MARKS`."""
    word_of: Ints
    """The word of each piece, -1 for none."""
    words: list[int]
    """Those that could tell of something."""
    tells: NDArray[np.float32]
    """Whether they do, shape (words, event types)."""
    events: list[GoldEvent]
    mentions: list[tuple[int, int]]
    owned: list[int]
    """The row in `parts` of each mention's entity."""
    kinds: list[int]
    """The type of each mention's entity."""
    gaps: Ints
    """Sentences between events and mentions, shape (events, mentions)."""
    parts: NDArray[np.float32]
    """Which parts the entities play, shape (events, entities, roles); -1 where it is not asked."""
    pairs: dict[str, Pairs]


def make_examples(article: GoldArticle, vocabulary: Vocabulary) -> list[Example]:
    """Lay an article out, a window after the other; each event stands in the one where its trigger is fresh."""
    layout = lay_out(vocabulary, article.reading.doc)
    reading = article.reading
    marks = mark_words(reading.doc, reading.article.published, reading.entities, reading.times, reading.figures)
    found, done = [], set[int]()
    for window in layout.windows:
        fresh = {word for word in layout.word_of[window.fresh : window.end].tolist() if word >= 0} - done
        done |= fresh
        known = vocabulary.frame(layout.numbers[window.begin : window.end])
        inside = np.pad(layout.word_of[window.begin : window.end], 1, constant_values=-1)
        found.append(_ask(article, fresh, known, inside, spread(marks, inside)))
    return found


def _ask(article: GoldArticle, fresh: set[int], numbers: Ints, word_of: Ints, marks: NDArray[np.intp]) -> Example:
    reading = article.reading
    seen = set(word_of.tolist())
    types: dict[int, set[str]] = {}
    for event in article.events:
        types.setdefault(event.anchor, set()).add(event.type)
    ignored = {i for event in article.events for i in event.parts} - set(types)
    words = [i for i in triggers.candidates(reading) if i in fresh and i not in ignored]
    events = [event for event in article.events if event.anchor in fresh]
    places = [place for place in reading.places if not seen.isdisjoint(range(place.begin, place.end))]
    named = sorted({place.entity for place in places})
    return Example(
        numbers,
        marks,
        word_of,
        words,
        np.array([[t in types.get(i, ()) for t in TYPES] for i in words], dtype=np.float32).reshape(-1, len(TYPES)),
        events,
        [(place.begin, place.end) for place in places],
        [named.index(place.entity) for place in places],
        [ENTITY_TYPES.index(reading.entities[place.entity].entity.type) for place in places],
        np.array([[_gap(article, event, place.begin) for place in places] for event in events], dtype=np.int64),
        np.array([_parts(article, event, named) for event in events], dtype=np.float32),
        {"time": _times(article, events, seen), "figure": _figures(article, events, seen)},
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
    pairs = Pairs([], [], [], [])
    for row, event in enumerate(events):
        wanted = interval_of(event)
        for time, _ in details.times_near(article.reading, event.happening):
            span = article.reading.tokens_of(time.span)
            _add(article, pairs, row, event, span, seen=seen, target=wanted == (time.begin, time.end))
    return pairs


def _figures(article: GoldArticle, events: Sequence[GoldEvent], seen: set[int]) -> Pairs:
    pairs = Pairs([], [], [], [])
    for row, event in enumerate(events):
        if event.type in details.COUNTED:
            for figure, _ in details.figures_near(article.reading, event.happening):
                span = article.reading.tokens_of(figure.span)
                _add(article, pairs, row, event, span, seen=seen, target=event.figure == (figure.min, figure.max))
    return pairs


def _add(
    article: GoldArticle,
    pairs: Pairs,
    row: int,
    event: GoldEvent,
    span: tuple[int, int],
    *,
    seen: set[int],
    target: bool,
) -> None:
    if not seen.isdisjoint(range(*span)):
        pairs.events.append(row)
        pairs.spans.append(span)
        pairs.gaps.append(_gap(article, event, span[0]))
        pairs.targets.append(int(target))
