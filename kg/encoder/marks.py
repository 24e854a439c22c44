"""What is known of words when the encoder is halfway: names and their types, when dates lie, what figures count."""

from collections.abc import Iterable, Iterator
from datetime import date

import numpy as np
from numpy.typing import NDArray
from spacy.tokens import Doc

from kg.model import ENTITY_TYPES, EntityInArticle, Figure, Span, TimeExpression
from kg.quantities import counts_money, counts_people

MARKS = ("", *ENTITY_TYPES, "past", "now", "future", "people", "money", "number")
"""A word has one; "" for most. A date lies before, over or after the day of publication."""


def mark_words(
    doc: Doc,
    published: date,
    entities: Iterable[EntityInArticle],
    times: Iterable[TimeExpression],
    figures: Iterable[Figure],
) -> NDArray[np.intp]:
    """Return the number of each word's mark, shape (tokens,)."""
    at = np.zeros(len(doc.text), dtype=np.intp)
    for span, mark in _spans(published, entities, times, figures):
        at[span.begin : span.end] = MARKS.index(mark)
    return at[[min(token.idx, len(at) - 1) for token in doc]] if len(at) else np.zeros(len(doc), dtype=np.intp)


def _spans(
    published: date,
    entities: Iterable[EntityInArticle],
    times: Iterable[TimeExpression],
    figures: Iterable[Figure],
) -> Iterator[tuple[Span, str]]:
    """Yield marked spans; of two that overlap, the later one counts."""
    for figure in figures:
        yield figure.span, "money" if counts_money(figure) else "people" if counts_people(figure) else "number"
    for time in times:
        before, after = time.end is not None and time.end < published, time.begin is not None and time.begin > published
        yield time.span, "past" if before else "future" if after else "now"
    for item in entities:
        for mention in item.mentions:
            yield mention.span, item.entity.type


def spread(marks: NDArray[np.intp], word_of: NDArray[np.int64]) -> NDArray[np.intp]:
    """Return the mark of each piece from those of the words that they belong to, -1 for none."""
    return np.where(word_of >= 0, marks[word_of], 0) if len(marks) else np.zeros(len(word_of), dtype=np.intp)
