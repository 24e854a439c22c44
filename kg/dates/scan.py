"""Text as words, numbers and signs with their offsets, cut as dates and figures need it.

spaCy's tokeniser cuts "Mitte-Präsident" and "80'000" otherwise than a date or a figure wants, and differently from
version to version; this one makes "10 000", "80’000", "2,3" and "9." one piece each.
"""

import re
from dataclasses import dataclass

_SPACES = " \u00a0\u202f\u2009"
_PIECE = re.compile(
    rf"""
      \d{{4}}-\d\d-\d\d(?![\w-])                                 # 2024-11-15
    | (?<![\d.,\-]) [1-9]\d{{0,2}} (?:[{_SPACES}]\d{{3}})+ (?![\d\w]|[.,]\d)   # 10 000
    | \d+ (?:['’‘]\d{{3}})+ (?![\w])                             # 80'000
    | \d{{1,2}}\.[{_SPACES}]?\d{{1,2}}\.(?:[{_SPACES}]?\d{{4}}(?!\d)|\d\d(?!\d)|(?!\d))   # 9.12.2024  9.12.24  9.12.
    | \d{{1,2}}\. (?=[{_SPACES}\n]?[^\W\d_]|[-–/,;)])            # 9. Dezember
    | \d+ (?:[.,:]\d+)* (?![^\W_]|-[^\W\d_])                     # 1.000  2,3  20:15
    | [^\W_]+ (?:['’-][^\W_]+)* -?                              # Soldaten  F-16  US-Soldaten  Montag-
    | [^\w\s] | _ | \n                                          # everything else, one by one
    """,
    re.VERBOSE,
)


@dataclass(frozen=True, slots=True)
class Pieces:
    """A text cut in pieces; the lists run in parallel."""

    words: list[str]
    begins: list[int]
    ends: list[int]
    breaks: frozenset[int]
    """Pieces that begin a line."""


def cut(text: str) -> Pieces:
    """Cut `text`; offsets are Unicode code points, `text[begins[i]:ends[i]] == words[i]`."""
    words: list[str] = []
    begins: list[int] = []
    ends: list[int] = []
    breaks: set[int] = set()
    for found in _PIECE.finditer(text):
        if found.group() == "\n":
            breaks.add(len(words))
            continue
        words.append(found.group())
        begins.append(found.start())
        ends.append(found.end())
    return Pieces(words, begins, ends, frozenset(breaks))
