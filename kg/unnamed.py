"""Unnamed sources in the article's words: "so Personen, die mit der Planung vertraut sind", "aus Regierungskreisen"."""

from functools import cache

from kg.model import Span
from kg.reading import Reading
from kg.speech import Voice, lexicon

_MODIFIERS = frozenset({"ADJ", "DET", "NUM", "ADV"})
_RELATIVES = frozenset({"die", "der", "das", "denen", "deren"})
_LINKING = frozenset({"aus", "in", "im", "des", "der", "von", "vom", "bei", "und"})
_ARTICLES = frozenset({"die", "der", "das", "den", "dem", "ein", "eine", "einem", "einer"})
_COUNTING = frozenset({"mehrere", "zwei", "einer", "der"})
_INTRODUCED = frozenset({"before", "after", "so", "hearsay"})
"""Voices that make any noun a source."""


@cache
def _endings() -> tuple[str, ...]:
    return tuple(lexicon()["endings"])


def find_words(reading: Reading, voice: Voice) -> Span | None:
    """Return the words of a voice's source where it is a common noun that may stand for an unnamed source."""
    i = voice.head
    if i in reading.place_at or reading.pos[i] not in {"NOUN", "PROPN"} or voice.kind in {"act", "label", "noun"}:
        return None
    if voice.kind not in _INTRODUCED and not names_source(reading.doc[i].text):
        return None
    begin, end = reading.sentences[voice.sentence]
    return _phrase(reading, i, begin, end)


def names_source(word: str) -> bool:
    """Tell whether a noun is one for people or bodies that speak: "Diplomaten", "Geheimdienstquellen"."""
    known = lexicon()
    if word in known["people"] or word in known["bodies"]:
        return True
    return len(word) > 8 and word[0].isupper() and word.lower().endswith(_endings())


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
    while left < i and reading.pos[left] == "DET" and lower[left] in _ARTICLES:
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
