"""What is sent: the unit of a deployment and the items of an arms transfer, in the article's words."""

import tomllib
from functools import cache
from pathlib import Path

from kg.model import Figure
from kg.reading import Reading
from kg.realisations import Happening

_PATH = Path(__file__).parent / "data" / "lexicon" / "military.toml"
_UNIT_TYPES = frozenset({"Deployment", "Withdrawal"})
_BESIDE = 1
"""Words between a figure and the unit that it counts: "ein Bataillon mit 700 Mitgliedern"."""
_ATTRIBUTES = frozenset({"ADJ"})


@cache
def _endings(table: str) -> tuple[str, ...]:
    words: list[str] = tomllib.loads(_PATH.read_text(encoding="utf-8"))[table]
    return tuple(sorted(words))


def find_unit(reading: Reading, happening: Happening, figure: Figure | None) -> str | None:
    """Return the unit nearest to the trigger: "ein Infanteriebataillon" -> Infanteriebataillon.

    Where there is a figure, only a unit beside it: in "geplant sind 10.000 Mann; Estland bietet eine Kompanie" it is
    another force.
    """
    if happening.type not in _UNIT_TYPES:
        return None
    found = _find(reading, happening, "units")
    if figure is not None:
        low, high = reading.tokens_of(figure.span)
        found = [(begin, end) for begin, end in found if begin <= high + _BESIDE and end >= low - _BESIDE]
    nearest = min(found, key=lambda span: (abs(span[0] - happening.token), span), default=None)
    return _words(reading, *nearest) if nearest is not None else None


def find_items(reading: Reading, happening: Happening) -> tuple[str, ...]:
    """Return the kinds of weapons of the trigger's sentence in text order: "Haubitzen", "leichte Mörser"."""
    if happening.type != "ArmsTransfer":
        return ()
    return tuple(dict.fromkeys(_words(reading, *span) for span in _find(reading, happening, "weapons")))


def _find(reading: Reading, happening: Happening, table: str) -> list[tuple[int, int]]:
    begin, end = reading.sentences[reading.sentence_of[happening.token]]
    spans = []
    for i in range(begin, end):
        lemma, form = f" {reading.lemma[i].lower()}", f" {reading.lower[i]}"
        other = i != happening.token and reading.pos[i] in {"NOUN", "PROPN", "X"}
        if other and (lemma.endswith(_endings(table)) or form.endswith(_endings(table))):
            left = i
            while left > begin and reading.pos[left - 1] in _ATTRIBUTES and left - 1 not in reading.place_at:
                left -= 1
            spans.append((left, i + 1))
    return spans


def _words(reading: Reading, begin: int, end: int) -> str:
    doc = reading.doc
    last = doc[end - 1]
    return reading.article.text[doc[begin].idx : last.idx + len(last.text)]
