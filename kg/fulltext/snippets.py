"""The sentence of an article that shows best why it was found."""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from kg.fulltext.words import fits, spell, split

LONGEST: Final = 320
"""Characters of a snippet; of a longer sentence the part around what was asked for is shown."""
_STOP: Final = re.compile(r"([^\s.!?…]*)[.!?…]+[\"“”»«’')\]]*\s+(?=[\"„»«‚‘'(\[]*[A-ZÄÖÜ\d])|\n+")
"""Where a sentence may end, with the word before its full stop."""
_ABBREVIATED: Final = re.compile(r"[A-Za-zÄÖÜäöü]|\d{1,2}|Dr|Prof|St|Nr|Abs|Art|Bd|ca|bzw|vgl|usw|Mio|Mrd|Gen|Hl")
"""Words after which a full stop ends no sentence: "am 3. Oktober", "z. B. Mali", "Dr. Merkel"."""


def cut_out(text: str, ranges: Iterable[tuple[int, int]]) -> list[str]:
    """Return the pieces of a text between some ranges of it, which may overlap; none is empty."""
    pieces, place = list[str](), 0
    for begin, end in sorted(ranges):
        if begin > place:
            pieces.append(text[place:begin])
        place = max(place, end)
    return [piece for piece in (*pieces, text[place:]) if piece.strip()]


def find_snippet(pieces: Iterable[str], question: Sequence[tuple[str, ...]]) -> str:
    """Return the first of those sentences that have most of the words that are asked for; empty where none has any.

    Args:
        pieces: parts of a text.
        question: words in their spellings, see `read_question`.
    """
    best, most = "", 0
    for sentence in (each for piece in pieces for each in split_sentences(piece)):
        found = _count(sentence, question)
        if found > most:
            best, most = sentence, found
        if most == len(question):
            break
    return _shorten(best, question) if len(best) > LONGEST else best


def split_sentences(text: str) -> Iterator[str]:
    """Yield the sentences of a text, as well as can be told without reading it; lines are never joined."""
    place = 0
    for match in _STOP.finditer(text):
        if match[1] and _ABBREVIATED.fullmatch(match[1]):
            continue
        yield from _trim(text[place : match.end()])
        place = match.end()
    yield from _trim(text[place:])


def _trim(sentence: str) -> Iterator[str]:
    if trimmed := sentence.strip():
        yield trimmed


def _count(sentence: str, question: Sequence[tuple[str, ...]]) -> int:
    words = {spelling for piece in split(sentence) for spelling in spell(piece.word)}
    return sum(any(fits(word, each) for word in words for each in spellings) for spellings in question)


def _shorten(sentence: str, question: Sequence[tuple[str, ...]]) -> str:
    """Return the part around the first word that was asked for, from word to word."""
    wanted = [each for spellings in question for each in spellings]
    places = (
        piece.begin for piece in split(sentence) for word in spell(piece.word) if any(fits(word, w) for w in wanted)
    )
    first = max(next(places, 0) - LONGEST // 3, 0)
    first = sentence.find(" ", first) + 1 if first else 0
    last = len(sentence) if first + LONGEST >= len(sentence) else sentence.rfind(" ", first, first + LONGEST)
    last = last if last > first else first + LONGEST  # one very long word
    return ("… " if first else "") + sentence[first:last] + (" …" if last < len(sentence) else "")
