"""What is known of words before any network reads them: their parts of speech, word lists, and how they are written."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from spacy.tokens import Doc

from kg.encoder.vectors import Floats
from kg.german.wordclass import city_words, country_words, is_given_name, is_town, is_word

FEATURES = 11
"""What word lists and the way a word is written tell of it."""
_SHORT = 3
"""Letters."""


@dataclass(frozen=True, slots=True)
class Words:
    """What is known of words: features, shape (words, FEATURES), and the numbers of their parts of speech."""

    features: Floats
    parts: NDArray[np.intp]


def describe(doc: Doc, parts: Mapping[str, int]) -> Words:
    """Return what is known of a parsed article's words; `parts` numbers STTS tags, 0 is any other."""
    features = [[*_features(token.text), float(bool(token.is_sent_start))] for token in doc]
    numbers = [parts.get(token.tag_, 0) for token in doc]
    rows = np.array(features, dtype=np.float32).reshape(len(doc), FEATURES)
    return Words(rows, np.array(numbers, dtype=np.intp))


def open_lists() -> None:
    """Open the word lists, which takes threads: processes are forked from some that have loaded everything."""
    _features("")


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
