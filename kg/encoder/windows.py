"""Articles as pieces of words, in windows that the encoder can read at once: the same in training as in use."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from spacy.tokens import Doc

from kg.encoder.pieces import Piece, Vocabulary

LONGEST = 500
"""Pieces in a window; most articles are one."""
_BEFORE = 150
"""Pieces of the window before that are read once more, for what they say of those that follow."""


@dataclass(frozen=True, slots=True)
class Window:
    """Pieces from `begin` to `end`; what was read is kept from `fresh` on. All half-open, by piece."""

    begin: int
    fresh: int
    end: int


@dataclass(frozen=True, slots=True)
class Layout:
    """An article's pieces by number, the token that each belongs to (-1 for none), and the windows over them."""

    numbers: NDArray[np.int64]
    word_of: NDArray[np.int64]
    windows: list[Window]


def lay_out(vocabulary: Vocabulary, doc: Doc) -> Layout:
    """Cut an article into pieces and lay windows over them."""
    pieces = vocabulary.split(doc.text)
    spans = [(token.idx, token.idx + (0 if token.is_space else len(token.text))) for token in doc]
    numbers = np.array([piece.number for piece in pieces], dtype=np.int64)
    word_of = np.array(owners(pieces, spans, len(doc.text)), dtype=np.int64)
    starts = sentence_starts(word_of, [sent.start for sent in doc.sents])
    return Layout(numbers, word_of, find_windows(len(pieces), starts))


def find_windows(count: int, starts: Sequence[int]) -> list[Window]:
    """Lay windows over `count` pieces, each up to the last sentence that fits; `starts` are those of sentences."""
    windows: list[Window] = []
    fresh = 0
    while fresh < count:
        begin = max(0, fresh - _BEFORE)
        most = min(count, begin + LONGEST)
        end = count if most == count else max((start for start in starts if fresh < start <= most), default=most)
        windows.append(Window(begin, fresh, end))
        fresh = end
    return windows


def owners(pieces: Sequence[Piece], spans: Sequence[tuple[int, int]], length: int) -> list[int]:
    """Return for each piece the word that it belongs to, -1 for none.

    `spans` are the characters of the words, half-open and in text order, of a text of `length` characters; a word with
    no characters owns nothing. A piece over two words belongs to the first.
    """
    word_at = [-1] * length
    for word, (begin, end) in enumerate(spans):
        word_at[begin:end] = [word] * (end - begin)
    return [next((w for w in word_at[piece.begin : piece.end] if w >= 0), -1) for piece in pieces]


def sentence_starts(word_of: NDArray[np.int64], first_words: Sequence[int]) -> list[int]:
    """Return the pieces with which sentences begin, but for the first, from the words with which they do."""
    read = np.flatnonzero(word_of >= 0)
    starts = np.searchsorted(word_of[read], first_words)  # words stand in text order
    return [int(read[start]) for start in sorted(set(starts.tolist())) if 0 < start < len(read)]
