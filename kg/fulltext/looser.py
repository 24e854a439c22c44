"""Questions with fewer words, for where nothing has all of them."""

from collections.abc import Callable, Iterator
from typing import NamedTuple

from kg.folding import LONGEST
from kg.fulltext.words import Piece, is_number, split
from kg.wordlists import question_words


class Looser(NamedTuple):
    """A question with fewer words."""

    words: str
    left_out: str


def loosen(question: str) -> Iterator[Looser]:
    """Yield what is left of a question without its little words, then without its numbers, then without both.

    "wie viele Soldaten nach Mali" is "Soldaten Mali", and "nordkorea 10.000" is "nordkorea".
    """
    text = question[:LONGEST]
    pieces, seen = list(split(text)), set[str]()
    for leaves_out in (_is_little, _is_figure, lambda piece: _is_little(piece) or _is_figure(piece)):
        words, left_out = (_join(text, pieces, leaves_out, wanted=wanted) for wanted in (False, True))
        if words and left_out and words not in seen:
            seen.add(words)
            yield Looser(words, left_out)


def _join(text: str, pieces: list[Piece], leaves_out: Callable[[Piece], bool], *, wanted: bool) -> str:
    return " ".join(text[piece.begin : piece.end] for piece in pieces if leaves_out(piece) is wanted)


def _is_little(piece: Piece) -> bool:
    return piece.word.casefold() in question_words()


def _is_figure(piece: Piece) -> bool:
    return is_number(piece.word)
