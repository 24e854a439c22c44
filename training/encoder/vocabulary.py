"""Which of the pretrained pieces the encoder keeps: those that German texts are made of."""

from collections import Counter
from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from kg.encoder.pieces import SPACE, UNKNOWN, Vocabulary
from training.encoder.pretrained import Pretrained

KEPT = 16_000
"""Beside single characters. They cover 99.9 % of the pieces of 5 million words of speeches and articles."""
_LETTERS = range(0x250)
"""Characters of Latin script."""
_MARKS = range(0x2000, 0x2100)
"""Dashes, quotation marks, spaces."""


def choose_pieces(source: Pretrained, texts: Iterable[str]) -> list[int]:
    """Return the numbers of the pieces to keep, ascending."""
    words = Counter(word for text in texts for word in text.split())
    vocabulary = Vocabulary(source.pieces, source.scores.tolist())
    counts: Counter[int] = Counter()
    for word, count in words.items():
        for piece in vocabulary.split(word):
            counts[piece.number] += count
    single = {
        number
        for number, piece in enumerate(source.pieces)
        if len(piece) == 1 and (ord(piece) in _LETTERS or ord(piece) in _MARKS or piece == SPACE or counts[number])
    }
    often = sorted(counts, key=lambda number: (-counts[number], number))[:KEPT]
    return sorted({*range(UNKNOWN + 1), *single, *often})


def vectors_of(source: Pretrained, kept: Sequence[int]) -> NDArray[np.float32]:
    """Return the vectors of the pieces, shape (pieces, width)."""
    return source.tensor("emb.word").reshape(-1, source.width)[list(kept)]
