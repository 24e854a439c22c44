"""Names in an article, found by a network that reads it as a whole: the first layers of an encoder, taught on names.

It sees the pieces of words that the encoder sees (`kg.encoder`), the tagger's part of speech and what word lists know
of each word. Each word gets a mark: outside of names, or the beginning, the inside, the last word or the only one of a
name of one of the six classes (BILOU, Ratinov and Roth 2009). How it was trained stands in `training/names`.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

import numpy as np
import onnxruntime as ort
from numpy.typing import NDArray
from spacy.tokens import Doc, Span

from kg.arrays import read_arrays
from kg.encoder import Encoder, Layout, lay_out
from kg.encoder.model import load_network
from kg.encoder.vectors import Floats, gelu, means
from kg.german import is_noise
from kg.german.wordclass import city_words, country_words, is_given_name, is_town, is_word
from kg.model import ENTITY_TYPES

RECOGNISER_FOLDER = Path(__file__).parent / "data" / "names"
OUTSIDE = "O"
TAGS = (OUTSIDE, *(f"{mark}-{kind}" for kind in ENTITY_TYPES for mark in "BILU"))
"""A word has one."""
LAYERS = 3
"""Of the encoder's six: with the layers left as they are, a head over three found names with F1 85.9, one over all with
84.8 (docs/decisions/names-in-context.md)."""
FEATURES = 11
"""What word lists and the way a word is written tell of it."""
NEAR = ("near.0", "near.1")
"""Layers that see a word between its neighbours."""
_SURE = float(np.log(0.995))
"""Log likelihood from which on a word is taken to be outside of names without a look at the words beside it."""
_SHORT = 3
"""Letters."""


@dataclass(frozen=True, slots=True)
class Words:
    """What is known of words: features, shape (words, FEATURES), and the numbers of their parts of speech."""

    features: Floats
    parts: NDArray[np.intp]


class Recogniser:
    """Finds names; one thread, so that the same text gives the same names."""

    def __init__(
        self, encoder: Encoder, network: ort.InferenceSession, weights: Mapping[str, Floats], parts: Sequence[str]
    ) -> None:
        """Take the encoder whose pieces are read, the layers over them, what follows these, and the known STTS tags."""
        self._encoder = encoder
        self._network = network
        self._weights = weights
        self._parts = {part: number for number, part in enumerate(parts) if part}

    def find(self, doc: Doc, layout: Layout | None = None) -> tuple[Span, ...]:
        """Return the names of a parsed article in text order, none in noise; it is laid out where it is not yet."""
        layout = layout or lay_out(self._encoder.vocabulary, doc)
        read, odds = self._read(layout, describe(doc, self._parts))
        sentences = np.cumsum([bool(token.is_sent_start) for token in doc])[
            read
        ]  # a token may have no piece to be read
        found = (
            Span(doc, int(read[begin]), int(read[end - 1]) + 1, label=kind)
            for begin, end, kind in _names(odds, (np.diff(sentences, prepend=0) > 0).tolist())
        )
        return tuple(span for span in found if not is_noise(span))

    def _read(self, layout: Layout, words: Words) -> tuple[NDArray[np.int64], Floats]:
        """Return the words that were read, in text order, and the log likelihood of each tag, shape (words, tags)."""
        read, odds = [np.zeros(0, dtype=np.int64)], [np.zeros((0, len(TAGS)), dtype=np.float32)]
        known = self._weights["part"][words.parts] + words.features @ self._weights["feature.weight"].T
        for window in layout.windows:
            word_of = layout.word_of[window.begin : window.end]
            here, place_of = np.unique(word_of[word_of >= 0], return_inverse=True)
            if not len(here):
                continue
            added = np.where(word_of[:, None] >= 0, known[word_of], np.float32(0))
            meant = self._encode(layout.numbers[window.begin : window.end], added)
            vectors = means(meant[word_of >= 0], place_of, len(here))
            before = word_of[: window.fresh - window.begin].max(initial=-1)
            fresh = here > before
            read.append(here[fresh])
            odds.append(self._tag(vectors, words, here)[fresh])
        return np.concatenate(read), np.concatenate(odds)

    def _encode(self, numbers: NDArray[np.int64], added: Floats) -> Floats:
        vectors = self._encoder.place(numbers, np.zeros(len(numbers), dtype=np.intp))
        (answers,) = self._network.run(None, {"pieces": (vectors + np.pad(added, ((1, 1), (0, 0))))[None]})
        meanings: Floats = np.asarray(answers)[0]
        return meanings

    def _tag(self, vectors: Floats, words: Words, here: NDArray[np.int64]) -> Floats:
        """Return the log likelihood of each tag of the words `here`, shape (words, tags)."""
        known = [words.features[here], self._weights["sort"][words.parts[here]]]
        hidden = gelu(self._linear("first", np.concatenate([vectors, *known], axis=1)))
        for layer in NEAR:
            beside = np.pad(hidden, ((1, 1), (0, 0)))
            hidden = hidden + gelu(self._linear(layer, np.concatenate([beside[:-2], hidden, beside[2:]], axis=1)))
        odds = self._linear("last", hidden)
        odds -= odds.max(axis=1, keepdims=True)
        likely: Floats = odds - np.log(np.exp(odds).sum(axis=1, keepdims=True))
        return likely

    def _linear(self, name: str, vectors: Floats) -> Floats:
        answers: Floats = vectors @ self._weights[f"{name}.weight"].T + self._weights[f"{name}.bias"]
        return answers


def describe(doc: Doc, parts: Mapping[str, int]) -> Words:
    """Return what is known of a parsed article's words; `parts` numbers STTS tags, 0 is any other."""
    features = [[*_features(token.text), float(bool(token.is_sent_start))] for token in doc]
    numbers = [parts.get(token.tag_, 0) for token in doc]
    rows = np.array(features, dtype=np.float32).reshape(len(doc), FEATURES)
    return Words(rows, np.array(numbers, dtype=np.intp))


@lru_cache(maxsize=1 << 15)
def _features(word: str) -> tuple[float, ...]:
    """Return what word lists know of a word, and how it is written."""
    lists = (country_words().__contains__, city_words().__contains__, is_town, is_given_name, is_word)
    written = (
        word[:1].isupper(),
        word.isupper() and len(word) > 1,
        any(letter.isdigit() for letter in word),
        "-" in word,
        len(word) <= _SHORT,
    )
    return tuple(map(float, (*(test(word) for test in lists), *written)))


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


@cache
def load_recogniser(encoder: Encoder, folder: Path = RECOGNISER_FOLDER) -> Recogniser:
    """Load what `training/names` wrote; it reads the pieces of the encoder that it was trained beside.

    Raises:
        DataError: a file is missing or broken.
    """
    with read_arrays(folder / "weights.npz", "a recogniser's weights") as file:
        weights = {name: file.array(name).astype(np.float32) for name in file.words("layers")}
        parts = file.words("parts")
    _features("Haus")  # opens the lists, which takes threads: processes are forked from some that have loaded
    return Recogniser(encoder, load_network(folder / "network.onnx.zst"), weights, parts)
