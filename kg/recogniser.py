"""Names in an article, found from what the encoder has understood of it halfway.

Each word gets a tag: outside of names, or the beginning, the inside, the last word or the only one of a name of one of
the six classes (BILOU, Ratinov and Roth 2009). How that was learnt stands in `training/encoder`.
"""

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray
from spacy.tokens import Doc, Span

from kg.encoder import Encoder, Halfway
from kg.encoder.model import FRAME
from kg.encoder.vectors import Floats, gelu, means
from kg.german import is_noise
from kg.model import ENTITY_TYPES

OUTSIDE = "O"
TAGS = (OUTSIDE, *(f"{mark}-{kind}" for kind in ENTITY_TYPES for mark in "BILU"))
"""A word has one."""
NEAR = ("near.0", "near.1")
"""Layers that see a word between its neighbours."""
_SURE = float(np.log(0.995))
"""Log likelihood from which on a word is taken to be outside of names without a look at the words beside it."""


def find_names(encoder: Encoder, doc: Doc, halfway: Halfway) -> tuple[Span, ...]:
    """Return the names of a parsed article in text order, none in noise."""
    spans = (Span(doc, begin, end, label=kind) for begin, end, kind in likeliest_names(doc, *_read(encoder, halfway)))
    return tuple(span for span in spans if not is_noise(span))


def likeliest_names(doc: Doc, words: NDArray[np.int64], odds: Floats) -> Iterator[tuple[int, int, str]]:
    """Yield the names that the likeliest tags give: their tokens, half-open, and classes.

    Args:
        words: tokens that were read, in text order; one may have no piece to be read.
        odds: log likelihood of each tag of these, shape (words, tags).
    """
    sentences = np.cumsum([bool(token.is_sent_start) for token in doc])[words]
    for begin, end, kind in _names(odds, (np.diff(sentences, prepend=0) > 0).tolist()):
        yield int(words[begin]), int(words[end - 1]) + 1, kind


def _read(encoder: Encoder, halfway: Halfway) -> tuple[NDArray[np.int64], Floats]:
    """Return the words that were read, in text order, and the log likelihood of each tag, shape (words, tags)."""
    read, odds = [np.zeros(0, dtype=np.int64)], [np.zeros((0, len(TAGS)), dtype=np.float32)]
    for window, meant in zip(halfway.layout.windows, halfway.windows, strict=True):
        word_of = halfway.layout.word_of[window.begin : window.end]
        here, place_of = np.unique(word_of[word_of >= 0], return_inverse=True)
        if not len(here):
            continue
        vectors = means(meant[FRAME:][word_of >= 0], place_of, len(here))
        before = word_of[: window.fresh - window.begin].max(initial=-1)
        fresh = here > before
        read.append(here[fresh])
        odds.append(_tag(encoder, vectors, halfway, here)[fresh])
    return np.concatenate(read), np.concatenate(odds)


def _tag(encoder: Encoder, vectors: Floats, halfway: Halfway, here: NDArray[np.int64]) -> Floats:
    """Return the log likelihood of each tag of the words `here`, shape (words, tags)."""
    known = [halfway.words.features[here], encoder.heads["name.sort"][halfway.words.parts[here]]]
    hidden = gelu(_linear(encoder, "first", np.concatenate([vectors, *known], axis=1)))
    for layer in NEAR:
        beside = np.pad(hidden, ((1, 1), (0, 0)))
        hidden = hidden + gelu(_linear(encoder, layer, np.concatenate([beside[:-2], hidden, beside[2:]], axis=1)))
    odds = _linear(encoder, "last", hidden)
    odds -= odds.max(axis=1, keepdims=True)
    likely: Floats = odds - np.log(np.exp(odds).sum(axis=1, keepdims=True))
    return likely


def _linear(encoder: Encoder, name: str, vectors: Floats) -> Floats:
    answers: Floats = vectors @ encoder.heads[f"name.{name}.weight"].T + encoder.heads[f"name.{name}.bias"]
    return answers


def _names(odds: Floats, begins: Sequence[bool]) -> Iterator[tuple[int, int, str]]:
    """Yield the names that the likeliest tags give: their words, half-open, and classes.

    Args:
        odds: log likelihood of each tag, shape (words, tags).
        begins: whether a sentence begins with a word; no name goes on from one into the next.
    """
    doubted = odds[:, 0] < _SURE
    first = None
    for place in range(len(odds) + 1):
        ends = place == len(odds) or not doubted[place] or begins[place]
        if first is not None and ends:
            yield from _decode(odds[first:place], first)
            first = None
        if first is None and place < len(odds) and doubted[place]:
            first = place


def _decode(odds: Floats, first: int) -> Iterator[tuple[int, int, str]]:
    """Yield the names in a run of words, numbered from `first`, by the likeliest row of tags (Viterbi 1967)."""
    reached = odds[0] + _MAY_BEGIN
    steps = []
    for row in odds[1:]:
        paths = reached[:, None] + _MAY_FOLLOW
        steps.append(paths.argmax(axis=0))
        reached = paths.max(axis=0) + row
    tags = [int((reached + _MAY_END).argmax())]
    for step in reversed(steps):
        tags.append(int(step[tags[-1]]))
    begin = first
    for place, number in enumerate(reversed(tags), first):
        mark, _, kind = TAGS[number].partition("-")
        if mark in "BU":
            begin = place
        if mark in "LU":
            yield begin, place + 1, kind


def _may_follow(tag: str, other: str) -> bool:
    """Tell whether a word with the tag `other` may come after one with `tag`."""
    if tag[0] in "BI":
        return other[0] in "IL" and tag[2:] == other[2:]
    return other[0] in "BUO"


_NEVER = np.float32(-1e9)
_MAY_FOLLOW = np.array([[0 if _may_follow(tag, other) else _NEVER for other in TAGS] for tag in TAGS], dtype=np.float32)
_MAY_BEGIN = _MAY_FOLLOW[TAGS.index(OUTSIDE)]
_MAY_END = _MAY_FOLLOW[:, TAGS.index(OUTSIDE)]
