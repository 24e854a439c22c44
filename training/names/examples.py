"""Annotated articles as the recogniser reads them: pieces in windows, what is known of their words, and the tags."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from spacy.tokens import Doc

from kg.encoder import Encoder
from kg.encoder.vectors import Floats
from kg.encoder.windows import lay_out
from kg.recogniser import TAGS, describe
from training.names.forms import UNKNOWN

UNASKED = -1
"""Stands for a tag that is not known, or that another window tells."""


@dataclass(frozen=True, slots=True)
class Example:
    """A window of an article."""

    vectors: NDArray[np.float16]
    """Of its pieces, framed and placed, shape (2 + pieces, width)."""
    word_of: NDArray[np.int64]
    """The row of `features` for the word that each of these pieces belongs to, -1 for none."""
    features: Floats
    parts: NDArray[np.intp]
    tags: NDArray[np.int64]
    """Of its words, `UNASKED` where there is none to learn."""


def make_examples(encoder: Encoder, doc: Doc, tags: Sequence[str], parts: Sequence[str]) -> list[Example]:
    """Return the windows of a parsed article with a tag for each token; `parts` are the known STTS tags, "" first."""
    layout = lay_out(encoder.vocabulary, doc)
    words = describe(doc, {part: number for number, part in enumerate(parts) if part})
    numbers = np.array([UNASKED if tag == UNKNOWN else TAGS.index(tag) for tag in tags], dtype=np.int64)
    examples = []
    for window in layout.windows:
        word_of = layout.word_of[window.begin : window.end]
        here, place_of = np.unique(word_of[word_of >= 0], return_inverse=True)
        rows = np.full(len(word_of) + 2, -1)
        rows[1:-1][word_of >= 0] = place_of
        pieces = layout.numbers[window.begin : window.end]
        vectors = encoder.place(pieces, np.zeros(len(pieces), dtype=np.intp)).astype(np.float16)
        before = word_of[: window.fresh - window.begin].max(initial=-1)
        asked = np.where(here > before, numbers[here], UNASKED)
        examples.append(Example(vectors, rows, words.features[here], words.parts[here], asked))
    return examples
