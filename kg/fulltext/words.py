"""Texts and questions become words that can be compared: without case, accents, umlauts and the points in numbers.

"Türkei" is found by "turkei" and "tuerkei", "10.000", "10 000", "10'000" and "10000" are one number. A number is found
whole, another word by its beginning. The last parts of German compounds are found by the vocabulary, see `is_inside`.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import chain
from typing import NamedTuple

from kg.folding import LONGEST, UMLAUTS

MOST_WORDS = 12
"""Words of a question that are looked for."""
SHORTEST_INSIDE = 5
"""Letters of a word that is looked for inside of others; shorter ones stand in too many that they are no part of."""
SHORTEST_FIRST = 3
"""Letters of a compound's first part: "weniger" is no kind of "Niger"."""
_WORD = re.compile(r"[^\W_]+")
_LETTERS_AND_DIGITS = re.compile(r"([^\W\d_]+)(\d+)")
_GROUPED = re.compile(r"(?<![\d.,])\d{1,3}(?:([.,'’\u00a0\u2009\u202f ])\d{3})(?:\1\d{3})*(?![\d])")
"""A number with its thousands set apart by one sign: "10.000", "1 250 000"."""


class Piece(NamedTuple):
    """A word of a text."""

    begin: int
    end: int
    word: str


def split(text: str) -> Iterator[Piece]:
    """Yield the words and numbers of a text with their places in it; the thousands of a number belong together."""
    place = 0
    for match in _GROUPED.finditer(text):
        yield from _split_plain(text, place, match.start())
        yield Piece(match.start(), match.end(), _join_digits(match))
        place = match.end()
    yield from _split_plain(text, place, len(text))


def _join_digits(number: re.Match[str]) -> str:
    return re.sub(r"\D", "", number[0])


def _split_plain(text: str, begin: int, end: int) -> Iterator[Piece]:
    return (Piece(*match.span(), match[0]) for match in _WORD.finditer(text, begin, end))


@lru_cache(100_000)
def spell(word: str) -> tuple[str, ...]:
    """Return the spellings of a word by which it is found: umlauts as plain letters, and written out if it has any."""
    folded = word.casefold()
    spellings = (folded, folded.translate(UMLAUTS))
    return tuple(dict.fromkeys(part for each in spellings for part in _WORD.findall(_strip(each))))


@lru_cache(2000)
def fold_words(text: str) -> tuple[str, ...]:
    """Return the words of a text in all their spellings, in the order of the text.

    The last texts are remembered: several claims and their event stand in one sentence.
    """
    joined = _GROUPED.sub(lambda number: f" {_join_digits(number)} ", unicodedata.normalize("NFC", text))
    return tuple(chain.from_iterable(map(spell, _WORD.findall(joined))))


def read_question(text: str) -> list[tuple[str, ...]]:
    """Return the words that are asked for, each in its spellings; of a long text only the beginning counts."""
    pieces = split(unicodedata.normalize("NFC", text[:LONGEST]))
    return [spellings for piece in pieces if (spellings := spell(piece.word))][:MOST_WORDS]


def is_number(word: str) -> bool:
    """Tell whether a word is found only whole."""
    return word.isdecimal()


def take_apart(word: str) -> tuple[str, ...]:
    """Return letters and digits that a text may set apart: "f", "16" of "f16", which an article calls "F-16"."""
    match = _LETTERS_AND_DIGITS.fullmatch(word)
    return match.groups() if match else ()


def is_inside(part: str, word: str) -> bool:
    """Tell whether a word may be a compound that has another as a later part: "Drohnenangriffe" for "angriff"."""
    return len(part) >= SHORTEST_INSIDE and word.find(part, SHORTEST_FIRST) >= 0


def mark(text: str, question: Sequence[tuple[str, ...]]) -> list[tuple[str, bool]]:
    """Cut a text into pieces, and tell of each whether it is what the question asks for."""
    wanted = tuple(spelling for spellings in question for spelling in spellings)
    pieces, place = list[tuple[str, bool]](), 0
    for piece in split(text):
        if any(fits(spelling, each) for spelling in spell(piece.word) for each in wanted):
            pieces += [(text[place : piece.begin], False), (text[piece.begin : piece.end], True)]
            place = piece.end
    return [each for each in (*pieces, (text[place:], False)) if each[0]]


def fits(word: str, wanted: str) -> bool:
    """Tell whether a word of a text, in one of its spellings, is what a word of a question asks for."""
    if is_number(wanted):
        return word == wanted
    return word.startswith(wanted) or is_inside(wanted, word)


def _strip(text: str) -> str:
    if text.isascii():
        return text
    return "".join(letter for letter in unicodedata.normalize("NFKD", text) if not unicodedata.combining(letter))
