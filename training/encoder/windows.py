"""Parsed articles as the network reads them, window by window, before their names are known."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from spacy.tokens import Doc

from kg.encoder.pieces import Vocabulary
from kg.encoder.windows import lay_out
from kg.encoder.words import describe
from kg.recogniser import TAGS
from training.names.forms import UNKNOWN

UNASKED = -1
"""Stands for a tag that is not known, or that another window tells."""
Ints = NDArray[np.int64]
Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Window:
    """A window of an article. Words are tokens of the article."""

    numbers: Ints
    """Pieces, with those for the beginning and the end."""
    word_of: Ints
    """The word of each piece, -1 for none."""
    here: Ints
    """Its words, in text order."""
    is_fresh: NDArray[np.bool_]
    """Which of these no window before has told of."""
    parts_of_speech: Ints
    features: Floats
    """What word lists know of them, shape (words, FEATURES)."""
    tags: Ints
    """Which of them are names, `UNASKED` where it is not known, or another window tells."""


class Layouter(NamedTuple):
    """How articles are laid out: in which pieces, and with which numbers for parts of speech."""

    vocabulary: Vocabulary
    parts: Mapping[str, int]

    def windows(self, doc: Doc, tags: Sequence[str]) -> list[Window]:
        """Lay a parsed article out, with a tag of `training.names` for each token."""
        layout, known = lay_out(self.vocabulary, doc), describe(doc, self.parts)
        numbers = np.array([UNASKED if tag == UNKNOWN else TAGS.index(tag) for tag in tags], dtype=np.int64)
        found, told = [], np.zeros(len(doc), dtype=np.bool_)
        for window in layout.windows:
            pieces = self.vocabulary.frame(layout.numbers[window.begin : window.end])
            word_of = np.pad(layout.word_of[window.begin : window.end], 1, constant_values=-1)
            here = np.unique(word_of[word_of >= 0])
            is_fresh = ~told[here]
            told[here] = True
            asked = np.where(is_fresh, numbers[here], UNASKED)
            found.append(Window(pieces, word_of, here, is_fresh, known.parts[here], known.features[here], asked))
        return found
