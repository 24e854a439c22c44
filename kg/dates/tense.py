"""Whether a clause speaks of what was or of what is to come, by the forms of its verbs."""

import re
from functools import cache, lru_cache
from typing import Literal

from kg.dates.lexicon import load_date_words
from kg.dates.scan import Pieces

Tense = Literal["past", "future"]

_ENDS_SENTENCE = frozenset(".!?")
_ENDS_CLAUSE = frozenset(",;:–")
_PRETERITE = re.compile(r"[a-zäöüß]{2,}te(?:n)?")
_PARTICIPLE = re.compile(
    r"(?:[a-zäöü]{0,6}ge[a-zäöüß]+(?:t|en)|(?:be|ver|ent|er|zer)[a-zäöüß]+(?:t|en)|[a-zäöüß]+iert)"
)
_AUXILIARIES = frozenset(["ist", "sind", "sei", "seien"])


@cache
def _forms(name: str) -> frozenset[str]:
    return frozenset(load_date_words()["tense"][name])


def sentence_bounds(text: str, pieces: Pieces, position: int) -> tuple[int, int]:
    """Return the first piece and the piece after the last of the sentence around `position`."""
    words = pieces.words
    begin = position
    while begin > 0 and words[begin - 1] not in _ENDS_SENTENCE and not _breaks(text, pieces, begin):
        begin -= 1
    end = position + 1
    while end < len(words) and words[end - 1] not in _ENDS_SENTENCE and not _breaks(text, pieces, end):
        end += 1
    return begin, end


def _breaks(text: str, pieces: Pieces, position: int) -> bool:
    return "\n" in text[pieces.ends[position - 1] : pieces.begins[position]]


def find_tense(words: list[str], bounds: tuple[int, int], position: int) -> Tense | None:
    """Return the tense of the clause around `position`, of the whole sentence where the clause has none.

    "Am Montag wird er reisen" is future, "am Montag reiste er" past; a present tense alone says neither.
    """
    begin, end = position, position
    while begin > bounds[0] and words[begin - 1] not in _ENDS_CLAUSE:
        begin -= 1
    while end < bounds[1] and words[end] not in _ENDS_CLAUSE:
        end += 1
    return _tense_of(words[begin:end]) or _tense_of(words[bounds[0] : bounds[1]])


def _tense_of(words: list[str]) -> Tense | None:
    past = future = auxiliary = participle = False
    for word in words:
        kind = _kind_of(word)
        past |= kind == "past"
        future |= kind == "future"
        auxiliary |= word in _AUXILIARIES
        participle |= kind == "participle"
    if past or (auxiliary and participle and not future):
        return "past"
    return "future" if future else None


@lru_cache(maxsize=65536)
def _kind_of(word: str) -> str | None:
    lower = word.lower()
    if lower in _forms("future"):
        return "future"
    if lower in _forms("past"):
        return "past"
    if word != lower:
        return None
    if _PRETERITE.fullmatch(word) and word not in _forms("not_past"):
        return "past"
    return "participle" if _PARTICIPLE.fullmatch(word) else None
