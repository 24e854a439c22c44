"""Words in pieces, by the unigram language model that the encoder was pretrained with.

Of all ways to cut a word into known pieces, the likeliest (Kudo 2018, Subword Regularization).
"""

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

SPACE = "▁"
"""Stands for the white space before a word."""
START, PADDING, END, UNKNOWN = 0, 1, 2, 3
"""Numbers of the pieces that stand for no text."""

_CHUNK = re.compile(r"\s\S*|^\S+")
_UNLIKELY = 10.0
"""How much less likely than the least likely piece an unknown character is, as a log probability."""


class Piece(NamedTuple):
    """A piece by its number, and the characters of the text that it covers, half-open."""

    number: int
    begin: int
    end: int


class Vocabulary:
    """The known pieces with their log probabilities."""

    def __init__(self, pieces: Sequence[str], scores: Sequence[float]) -> None:
        """Number the pieces by their order; those before `UNKNOWN` stand for no text."""
        self._known = {piece: (k, scores[k]) for k, piece in enumerate(pieces) if k > UNKNOWN}
        self._longest = max(map(len, self._known), default=0)
        self._unknown = min(scores[UNKNOWN:], default=0.0) - _UNLIKELY
        self._cut = lru_cache(maxsize=50_000)(self._cut_chunk)

    def split(self, text: str) -> list[Piece]:
        """Cut a text into pieces, in text order; together they cover it."""
        return [
            Piece(number, match.start() + begin, match.start() + end)
            for match in _CHUNK.finditer(text)
            for number, begin, end in self._cut(match.group())
        ]

    @staticmethod
    def frame(numbers: NDArray[np.int64]) -> NDArray[np.int64]:
        """Put the pieces for beginning and end around a window's."""
        return np.concatenate(([START], numbers, [END])).astype(np.int64)

    def _cut_chunk(self, chunk: str) -> tuple[Piece, ...]:
        """Cut a word, with the white space before it where it has some."""
        folded, offsets = [SPACE], [(0, int(chunk[0].isspace()))]
        for k, character in enumerate(chunk):
            if not character.isspace():
                form = unicodedata.normalize("NFKC", character).replace(" ", SPACE)
                folded += form
                offsets += [(k, k + 1)] * len(form)
        numbers = self._best_path("".join(folded))
        return tuple(Piece(number, offsets[begin][0], offsets[end - 1][1]) for number, begin, end in numbers)

    def _best_path(self, word: str) -> list[Piece]:
        """Find the likeliest cut; unknown characters in a row are one piece."""
        best: list[tuple[float, int, int]] = [(0.0, 0, UNKNOWN)]  # log probability, begin and number of the last piece
        for end in range(1, len(word) + 1):
            choices = [(best[end - 1][0] + self._unknown, end - 1, UNKNOWN)]
            for begin in range(max(0, end - self._longest), end):
                found = self._known.get(word[begin:end])
                if found is not None:
                    choices.append((best[begin][0] + found[1], begin, found[0]))
            best.append(max(choices))
        path: list[Piece] = []
        end = len(word)
        while end:
            _, begin, number = best[end]
            if number == UNKNOWN and path and path[-1].number == UNKNOWN:
                path[-1] = path[-1]._replace(begin=begin)
            else:
                path.append(Piece(number, begin, end))
            end = begin
        return path[::-1]
