"""What the encoder answers about the words of one article: log odds, to be added to what the linear models say."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from spacy.tokens import Doc

from kg.encoder.halfway import Halfway
from kg.encoder.marks import spread
from kg.encoder.model import Encoder
from kg.encoder.vectors import Floats, gelu, means

NEVER = -12.0
"""Log odds of what cannot be told, since no piece of the words was read."""
SCALE = 0.25
"""Keeps products of two vectors as small as the vectors."""
FARTHEST = 8
"""Sentences; what is farther away is as far."""
REACHES = (1, 2, 3, 5, 9, 17, 33)
"""Words; how far away another is, is told by the last of these that is not beyond it, to each side."""

Spans = Sequence[tuple[int, int]]
"""Half-open ranges of tokens."""


@dataclass(frozen=True, slots=True)
class Mentions:
    """The mentions of an article's entities, ready to be weighed against events."""

    spans: Spans
    owned: NDArray[np.intp]
    """The number of each mention's entity."""
    entities: int
    vectors: Floats


class Context:
    """One article, read as a whole."""

    def __init__(self, encoder: Encoder, doc: Doc, halfway: Halfway, marks: NDArray[np.intp]) -> None:
        """Read on from halfway, now that `marks` of `mark_words` are known."""
        self._encoder = encoder
        self._vectors, self._read = _read_words(encoder, len(doc), halfway, marks)
        self._sentence_of = np.zeros(len(doc), dtype=np.intp)
        for number, sent in enumerate(doc.sents):
            self._sentence_of[sent.start : sent.end] = number
        self._events: dict[tuple[int, str], Floats] = {}
        self._expressions: dict[tuple[str, tuple[int, int]], Floats] = {}

    def of_triggers(self, tokens: Sequence[int]) -> Floats:
        """Return how likely each token tells of an event of each type, shape (tokens, types)."""
        answers = self._deep("trigger", self._vectors[list(tokens)])
        answers[~self._read[list(tokens)]] = NEVER
        return answers

    def of_standings(self, token: int, event: str) -> Floats:
        """Return how likely an event, told by a token, has each standing, shape (statuses,)."""
        asked = np.concatenate([self._vectors[token], self._head("event")[self._number("events", event)]])
        answers: Floats = self._deep("status", asked[None])[0]
        return answers

    def read_mentions(self, spans: Spans, owned: Sequence[int], kinds: Sequence[str]) -> Mentions:
        """Make mentions ready for `of_roles`.

        Args:
            spans: the mentions of all entities.
            owned: the number of the entity of each mention.
            kinds: the type of each entity, by its number.
        """
        if not spans:
            return Mentions(spans, np.zeros(0, dtype=np.intp), len(kinds), np.zeros((0, 0), dtype=np.float32))
        kind_of = [self._number("entities", kinds[number]) for number in owned]
        vectors = self._linear("mention", self._pooled(spans)) + self._head("kind")[kind_of]
        return Mentions(spans, np.asarray(owned, dtype=np.intp), len(kinds), vectors)

    def of_roles(self, token: int, event: str, mentions: Mentions) -> Floats:
        """Return how likely each entity plays each part in an event, told by a token, shape (entities, roles).

        Of several mentions each adds to the likelihood.
        """
        answers = np.full((mentions.entities, len(self._encoder.labels["roles"])), NEVER, dtype=np.float32)
        if mentions.spans:
            np.logaddexp.at(answers, mentions.owned, self._pair("role", token, event, mentions.spans, mentions.vectors))
        return answers

    def of_expressions(self, name: str, token: int, event: str, spans: Spans) -> Floats:
        """Return how likely each "time", "figure" or "source" without a name belongs to an event, shape (spans,)."""
        if not spans:
            return np.zeros(0, dtype=np.float32)
        known = self._expressions
        new = [span for span in spans if (name, span) not in known]
        if new:
            vectors = self._linear(f"{name}.of", self._pooled(new))
            known.update(zip([(name, span) for span in new], vectors, strict=True))
        others = np.array([known[name, span] for span in spans])
        answers: Floats = self._pair(name, token, event, spans, others)[:, 0]
        return answers

    def _pair(self, name: str, token: int, event: str, spans: Spans, others: Floats) -> Floats:
        """Weigh an event against others, named by `spans`: by sum and by product of their vectors."""
        own = self._events.get((token, event))
        if own is None:
            own = self._linear("event.of", self._vectors[[token]]) + self._head("event")[self._number("events", event)]
            self._events[token, event] = own
        away = self._sentence_of[[begin for begin, _ in spans]] - self._sentence_of[token]
        gaps = self._head("gap")[np.clip(away, -FARTHEST, FARTHEST - 1) + FARTHEST]
        gaps = gaps + self._head("reach")[number_reaches(np.array([begin - token for begin, _ in spans]))]
        summed = self._linear(name, gelu(own + others + gaps))
        answers: Floats = summed + (own * others * SCALE) @ self._head(f"{name}.product").T
        return answers

    def _pooled(self, spans: Spans) -> Floats:
        """Return the mean of the vectors of each span's words that were read, shape (spans, width)."""
        words = np.concatenate([np.arange(begin, end) for begin, end in spans])
        span_of = np.repeat(np.arange(len(spans)), [end - begin for begin, end in spans])
        read = self._read[words]
        return means(self._vectors[words[read]], span_of[read], len(spans))

    def _deep(self, name: str, vectors: Floats) -> Floats:
        return self._linear(f"{name}.last", gelu(self._linear(f"{name}.first", vectors)))

    def _linear(self, name: str, vectors: Floats) -> Floats:
        answers: Floats = vectors @ self._head(f"{name}.weight").T + self._head(f"{name}.bias")
        return answers

    def _head(self, name: str) -> Floats:
        return self._encoder.heads[name]

    def _number(self, labels: str, label: str) -> int:
        return self._encoder.labels[labels].index(label)


def number_reaches(words: NDArray[np.intp]) -> NDArray[np.intp]:
    """Return numbers from 0 to twice the length of `REACHES` for how many words away others begin, before or after."""
    numbers: NDArray[np.intp] = np.sign(words) * np.digitize(np.abs(words), REACHES) + len(REACHES)
    return numbers


def _read_words(
    encoder: Encoder, count: int, halfway: Halfway, marks: NDArray[np.intp]
) -> tuple[Floats, NDArray[np.bool_]]:
    """Return the vectors of all words, shape (tokens, width), and which of them were read."""
    layout = halfway.layout
    marked = spread(marks, layout.word_of)
    fresh = [
        encoder.finish(vectors, marked[window.begin : window.end])[window.fresh - window.begin :]
        for window, vectors in zip(layout.windows, halfway.windows, strict=True)
    ]
    words = layout.word_of[layout.word_of >= 0]
    vectors = np.concatenate([*fresh, np.zeros((0, encoder.width), dtype=np.float32)])[layout.word_of >= 0]
    read = np.zeros(count, dtype=np.bool_)
    read[words] = True
    return means(vectors, words, count), read
