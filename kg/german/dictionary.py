"""simplemma's dictionary of German forms, read a block at a time.

Laid out in full it takes a hundred megabytes in each process that reads; to find where its blocks begin takes half a
second at each start. So the program brings along where they begin (`training/german/dictionary.py` writes it), for one
edition of the dictionary; another is read by simplemma's own means, with the half second.
"""

import hashlib
import unicodedata
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from functools import cache, lru_cache
from pathlib import Path

import numpy as np
from simplemma import Lemmatizer
from simplemma.strategies import DefaultStrategy, DictionaryFactory, DictionaryLookupStrategy, StreamDictionaryFactory

from kg.arrays import read_arrays
from kg.startup import read_packed, unpack_dictionary

INDEX = Path(__file__).parent.parent / "data" / "lexicon" / "dictionary.npz"
LITERAL, SAME = 255, 254
"""Codes in place of how many letters a lemma lacks of its form: it is given in full; it is that of the form before."""


@lru_cache(maxsize=100_000)
def look_up(form: str) -> str:
    """Return the dictionary form of a word; a word that is not known comes back as it is or in small letters."""
    lemma: str = _strategies()[0].lemmatize(form, "de")
    return lemma


@lru_cache(maxsize=100_000)
def is_known(form: str) -> bool:
    """Tell whether a word is in the dictionary."""
    return _strategies()[1].get_lemma(unicodedata.normalize("NFC", form), "de") is not None


class BlockDictionary(Mapping[str, str]):
    """Forms with their lemmas in simplemma's packed stream.

    The forms are sorted. An entry is: how many bytes its form shares with that before, how many follow, these; how many
    its lemma lacks of its form (or one of the codes), how many follow, these.
    """

    def __init__(self, stream: bytes, forms: Sequence[bytes], lemmas: Sequence[bytes], ends: Sequence[int]) -> None:
        """Take the stream and the first entry of each block: its form, its lemma and where it ends."""
        self._stream, self._forms, self._lemmas, self._ends = stream, forms, lemmas, ends

    def __getitem__(self, form: str) -> str:
        """Return the lemma of a form."""
        lemma = self._find(form.encode())
        if lemma is None:
            raise KeyError(form)
        return lemma.decode()

    def __iter__(self) -> Iterator[str]:
        """Yield all forms."""
        yield self._forms[0].decode()
        for _, form, _ in read_entries(self._stream, self._ends[0], self._forms[0], self._lemmas[0]):
            yield form.decode()

    def __len__(self) -> int:
        """Return the number of forms."""
        return sum(1 for _ in self)

    def _find(self, wanted: bytes) -> bytes | None:
        block = bisect_right(self._forms, wanted) - 1
        if block < 0:
            return None
        first, lemma_of_first = self._forms[block], self._lemmas[block]
        if first == wanted:
            return lemma_of_first
        for _, form, lemma in read_entries(self._stream, self._ends[block], first, lemma_of_first):
            if form >= wanted:
                return lemma if form == wanted else None
        return None


def read_entries(stream: bytes, begin: int, form: bytes, lemma: bytes) -> Iterator[tuple[int, bytes, bytes]]:
    """Yield the entries of a packed stream that follow one, each with where it ends."""
    place = begin
    while place < len(stream):
        end = place + 2 + stream[place + 1]
        form = form[: stream[place]] + stream[place + 2 : end]
        lacking = stream[end]
        place = end + 1
        if lacking != SAME:
            end = place + 1 + stream[place]
            kept = b"" if lacking == LITERAL else form[: len(form) - lacking]
            lemma = kept + stream[place + 1 : end]
            place = end
        yield place, form, lemma


class _Factory(DictionaryFactory):
    """Gives simplemma the dictionary."""

    def get_dictionary(self, lang: str) -> Mapping[str, str]:
        """Return the dictionary of German, whatever the language."""
        return open_dictionary()


@cache
def open_dictionary(index: Path = INDEX) -> Mapping[str, str]:
    """Open the dictionary; `index` says where the blocks of one edition begin.

    Raises:
        DataError: the index is missing or broken.
    """
    with read_arrays(index, "where the blocks of a dictionary begin") as file:
        if file.words("edition") != (hashlib.sha256(read_packed()).hexdigest(),):
            return StreamDictionaryFactory().get_dictionary("de")
        forms, lemmas = file.encoded_words("forms"), file.encoded_words("lemmas")
        ends = file.array("lengths").cumsum(dtype=np.int64).tolist()
        return BlockDictionary(unpack_dictionary()(), forms, lemmas, ends)


@cache
def _strategies() -> tuple[Lemmatizer, DictionaryLookupStrategy]:
    factory = _Factory()
    strategy = DefaultStrategy(dictionary_factory=factory)
    return Lemmatizer(lemmatization_strategy=strategy), DictionaryLookupStrategy(factory)
