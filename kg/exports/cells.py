"""What a cell may hold: one line of text, several entities, and nothing that a spreadsheet takes for a formula."""

import re
from collections.abc import Iterable

SEPARATOR = "|"
"""Between the entries of a cell. No IRI has it; in a name it is written `\\|`."""

_CONTROL = re.compile(r"[\x00-\x1f\x7f\x85\u2028\u2029]+")
_FORMULA = re.compile("(^|;)([ \u00a0]*)(?=['=+\\-@＝＋－＠])")
_DEFUSED = re.compile("(^|;)([ \u00a0]*)'(?=['=+\\-@＝＋－＠])")


def join(entries: Iterable[str]) -> str:
    """Return several entries as one cell, in their order; `split` is its inverse."""
    return SEPARATOR.join(entry.replace("\\", "\\\\").replace(SEPARATOR, "\\" + SEPARATOR) for entry in entries)


def split(cell: str) -> list[str]:
    """Return the entries of a cell; none where it is empty."""
    entries = re.findall(r"(?:^|\|)((?:[^\\|]|\\.)*)", cell)
    return [re.sub(r"\\(.)", r"\1", entry) for entry in entries] if cell else []


def one_line(text: str) -> str:
    """Return a text without line breaks and other control characters: each run of them becomes a space."""
    return _CONTROL.sub(" ", text).strip()


def defuse(text: str) -> str:
    """Put an apostrophe before what a spreadsheet would run as a formula; `restore` is its inverse.

    A formula begins with `=`, `+`, `-` or `@`, also in full width. It can stand at the beginning of a cell, and after
    a semicolon too, at which spreadsheets of many countries split cells. An apostrophe there is doubled, so that
    nothing is lost. (OWASP, "CSV Injection".)
    """
    return _FORMULA.sub(r"\1\2'", text)


def restore(text: str) -> str:
    """Take away the apostrophes that `defuse` put in."""
    return _DEFUSED.sub(r"\1\2", text)
