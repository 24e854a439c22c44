"""Parts and wholes: what the words before a figure say of other figures, "weitere 400 Mann", "insgesamt 800"."""

import re
from typing import Literal

from kg.model import Figure
from kg.wordlists import share_words

Share = Literal["more", "part", "total"]
"""Some beside others, some of those that are meant, or all of them so far."""

_SHARES: tuple[tuple[Share, frozenset[str]], ...] = (
    ("more", share_words("more")),
    ("part", share_words("parts")),
    ("total", share_words("totals")),
)
_WORD_BEFORE = re.compile(r"(\w+) \Z")
_LONGEST = 20
"""Characters before a figure that are looked at for a word, more than the longest of them has."""


def words_of_figure(figure: Figure, text: str) -> str:
    """Return a figure in the article's words, with those before it that set it beside others: "insgesamt 800 Mann"."""
    begin = figure.span.begin
    while (found := _WORD_BEFORE.search(text[max(0, begin - _LONGEST) : begin])) and share_of(found[1]):
        begin -= len(found[0])
    return text[begin : figure.span.end]


def share_of(words: str) -> Share | None:
    """Return what the words of a figure make it: "weitere 400 Mann" are more; None where they set it beside nothing."""
    spoken = {word.lower() for word in words.split()}
    return next((share for share, known in _SHARES if not known.isdisjoint(spoken)), None)
