"""An article, read by the first half of the encoder's layers: all that names are found from."""

from dataclasses import dataclass

import numpy as np
from spacy.tokens import Doc

from kg.encoder.model import Encoder
from kg.encoder.vectors import Floats
from kg.encoder.windows import Layout, lay_out
from kg.encoder.words import Words, describe


@dataclass(frozen=True, slots=True)
class Halfway:
    """What is known of an article's words, and what their pieces mean halfway."""

    layout: Layout
    words: Words
    windows: list[Floats]
    """Of each window, shape (2 + pieces, width): the pieces that frame it, then its own."""


def read_halfway(encoder: Encoder, doc: Doc) -> Halfway:
    """Lay out a parsed article and read it so far."""
    layout, words = lay_out(encoder.vocabulary, doc), describe(doc, encoder.parts)
    known = encoder.heads["known.part"][words.parts] + words.features @ encoder.heads["known.feature"].T
    added = np.concatenate([known, np.zeros((1, encoder.width), dtype=np.float32)])[layout.word_of]  # -1 is the last
    windows = [encoder.begin(layout.numbers[w.begin : w.end], added[w.begin : w.end]) for w in layout.windows]
    return Halfway(layout, words, windows)
