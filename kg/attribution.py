"""Unnamed sources in the article's words: "so Personen, die mit der Planung vertraut sind", "aus Regierungskreisen".

Named sources are entities and are found as a role (see `roles`); this module finds those that have no name.
"""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from kg.model import Span
from kg.reading import Reading

_PATH = Path(__file__).parent / "data" / "lexicon" / "sources.toml"
_MODIFIERS = frozenset({"ADJ", "DET", "NUM", "ADV"})
_RELATIVES = frozenset({"die", "der", "das", "denen", "deren"})
_LINKING = frozenset({"aus", "in", "im", "des", "der", "von", "vom", "bei", "und"})
_COUNTING = frozenset({"mehrere", "zwei", "einer", "der"})
_FAR = 4
"""Words between an unnamed source and its verb."""


@dataclass(frozen=True, slots=True)
class Source:
    """An unnamed source: its span in the text and the sentence in which it speaks."""

    span: Span
    sentence: int
    cue: str
    """The word that brings it in: "laut", "sagen"."""


@cache
def _lexicon() -> dict[str, frozenset[str]]:
    tables = tomllib.loads(_PATH.read_text(encoding="utf-8"))
    return {name: frozenset(words) for name, words in tables.items()}


@cache
def _endings() -> tuple[str, ...]:
    return tuple(_lexicon()["endings"])


def find_sources(reading: Reading) -> list[Source]:
    """Find the unnamed sources of the article in text order."""
    found = []
    for number, (begin, end) in enumerate(reading.sentences):
        if reading.noisy[begin]:
            continue
        for i in range(begin, end):
            if _names_source(reading.doc[i].text) and i not in reading.place_at:
                cue = _cue(reading, i, begin, end)
                if cue is not None:
                    found.append(Source(_phrase(reading, i, begin, end), number, cue))
                    break
    return found


def _names_source(word: str) -> bool:
    lexicon = _lexicon()
    if word in lexicon["people"] or word in lexicon["bodies"]:
        return True
    return len(word) > 8 and word[0].isupper() and word.lower().endswith(_endings())


def _cue(reading: Reading, i: int, begin: int, end: int) -> str | None:
    """Return the word that makes the noun at `i` a source, None if it is only somebody in the story."""
    lexicon, lower = _lexicon(), reading.lower
    left = _left_edge(reading, i, begin)
    before = lower[left - 1] if left > begin else ""
    if before in lexicon["before"] or (i + 1 < end and lower[i + 1] == "zufolge"):
        return before if before in lexicon["before"] else "zufolge"
    if before == "so" and left - 2 >= begin and lower[left - 2] in {",", "“", '"', "–"}:
        return "so"
    lead = " ".join(lower[max(begin, left - 3) : left])
    for phrase in sorted(lexicon["phrases_before"]):
        if phrase.lower() in lead:
            return phrase
    if lower[i] in {"angaben", "einschätzung"} and before == "nach":
        return before
    verbs = lexicon["verbs"]
    for j in [*range(i + 1, min(end, i + 1 + _FAR)), *range(left - 1, max(begin - 1, left - 1 - _FAR), -1)]:
        if reading.lemma[j] in verbs and reading.pos[j] in {"VERB", "AUX", ""}:
            return str(reading.lemma[j])
    return None


def _left_edge(reading: Reading, i: int, begin: int) -> int:
    """Return where the phrase of the noun begins; "so" before it brings it in: "…, so zwei Beamte"."""
    lower = reading.lower
    while i > begin and lower[i - 1] != "so" and (reading.pos[i - 1] in _MODIFIERS or lower[i - 1] in _COUNTING):
        i -= 1
    return i


def _phrase(reading: Reading, i: int, begin: int, end: int) -> Span:
    """Return the noun with its adjectives, its "aus dem Ministerium" and its relative clause."""
    doc, lower = reading.doc, reading.lower
    left = _left_edge(reading, i, begin)
    while left < i and reading.pos[left] == "DET" and lower[left] in {"die", "der", "das", "den", "dem", "ein", "eine"}:
        left += 1
    right = i + 1
    while right < end and (lower[right] in _LINKING or reading.pos[right] in {"DET", "ADJ", "PROPN", "NOUN"}):
        if reading.pos[right] in {"ADJ", "NOUN"} and reading.pos[right - 1] == "PROPN":
            break  # "nach Angaben Südkoreas | Soldaten"
        right += 1
    while right > i + 1 and reading.pos[right - 1] not in {"PROPN", "NOUN"}:
        right -= 1
    if right + 1 < end and lower[right] == "," and lower[right + 1] in _RELATIVES:
        right += 1
        while right < end and lower[right] not in {",", ".", "!", "?", ";", ":"}:
            right += 1
    return Span(doc[left].idx, doc[right - 1].idx + len(doc[right - 1].text))
