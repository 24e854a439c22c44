"""Questions with fewer words, for where nothing has all of them."""

from collections.abc import Callable, Collection, Iterator
from typing import NamedTuple

from kg.folding import LONGEST
from kg.fulltext.words import MOST_WORDS, Piece, is_number, split
from kg.wordlists import question_words


class Looser(NamedTuple):
    """A question with fewer words."""

    words: str
    left_out: str


def loosen(question: str, is_name: Callable[[str], bool]) -> Iterator[Looser]:
    """Yield questions with fewer words, those first that leave out what matters least.

    Without its little words, "Wie viele Soldaten entsandte Ungarn nach Mali?" is "Soldaten entsandte Ungarn Mali"; then
    numbers go, then one word after the other, and at last all that is no name: "Ungarn Mali".

    Args:
        question: the words that are asked for.
        is_name: tells whether something is called so.
    """
    text = question[:LONGEST]
    pieces = list(split(text))[:MOST_WORDS]
    little = {piece for piece in pieces if piece.word.casefold() in question_words()}
    numbers = {piece for piece in pieces if is_number(piece.word)}
    telling = [piece for piece in pieces if piece not in little | numbers]
    others = [piece for piece in telling if not is_name(piece.word)]
    choices = [little, numbers, little | numbers, *(little | {piece} for piece in others)]
    choices += [little | set(others), little | numbers | set(others)]
    for left_out in dict.fromkeys(map(frozenset, choices)):
        if left_out and not left_out.issuperset(telling):
            yield Looser(*(_join(text, pieces, left_out, wanted=wanted) for wanted in (False, True)))


def _join(text: str, pieces: list[Piece], left_out: Collection[Piece], *, wanted: bool) -> str:
    return " ".join(text[piece.begin : piece.end] for piece in pieces if (piece in left_out) is wanted)
