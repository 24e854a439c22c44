"""Whether a clause speaks of what was or of what is to come, by the forms of its verbs."""

import re
from functools import cache, lru_cache
from typing import Literal

from kg.dates.lexicon import load_date_words
from kg.dates.scan import Pieces
from kg.german.dictionary import look_up

Tense = Literal["past", "present", "future"]

_ENDS_SENTENCE = frozenset(".!?")
_ENDS_CLAUSE = frozenset(",;:–")
_PRETERITE = re.compile(r"[a-zäöüß]{2,}te(?:n)?")
_PARTICIPLE = re.compile(
    r"(?:[a-zäöü]{0,6}ge[a-zäöüß]+(?:t|en)|(?:be|ver|ent|er|zer)[a-zäöüß]+(?:t|en)|[a-zäöüß]+iert)"
)
_GE_PARTICIPLE = re.compile(r"[a-zäöü]{0,6}ge[a-zäöüß]+en")
"""Participles that have the vowel of a strong preterite: "abgezogen"."""
_SHORTEST_VERB = 4
_AUXILIARIES = frozenset(["ist", "sind", "sei", "seien"])


@cache
def _forms(name: str) -> frozenset[str]:
    return frozenset(load_date_words()["tense"][name])


def sentence_bounds(pieces: Pieces, position: int) -> tuple[int, int]:
    """Return the first piece and the piece after the last of the sentence around `position`."""
    words = pieces.words
    begin = position
    while begin > 0 and words[begin - 1] not in _ENDS_SENTENCE and begin not in pieces.breaks:
        begin -= 1
    end = position + 1
    while end < len(words) and words[end - 1] not in _ENDS_SENTENCE and end not in pieces.breaks:
        end += 1
    return begin, end


def find_tense(words: list[str], bounds: tuple[int, int], position: int) -> Tense | None:
    """Return the tense of the clause around `position`, of the whole sentence where the clause has no verb.

    "Am Montag wird er reisen" is future, "am Montag reiste er" past, "am Montag reist er" present, which with a date
    mostly means what is to come.
    """
    begin, end = position, position
    while begin > bounds[0] and words[begin - 1] not in _ENDS_CLAUSE:
        begin -= 1
    while end < bounds[1] and words[end] not in _ENDS_CLAUSE:
        end += 1
    clause = words[begin:end]
    tense = _tense_of(clause)
    if tense is not None and (tense != "present" or "present" in map(_kind_of, clause)):
        return tense
    return _tense_of(words[bounds[0] : bounds[1]]) or tense


def _tense_of(words: list[str]) -> Tense | None:
    kinds = [_kind_of(word) for word in words]
    auxiliary = any(word in _AUXILIARIES for word in words)
    participle = "participle" in kinds
    if "past" in kinds or (auxiliary and participle and "future" not in kinds):
        return "past"
    if "future" in kinds:
        return "future"
    return "present" if "present" in kinds or (participle and not auxiliary and _has_finite(words)) else None


def _has_finite(words: list[str]) -> bool:
    """Tell whether a form that may be a participle is the only verb: "Merkel besucht am Samstag Putin"."""
    return any(_may_be_finite(word) for word in words)


@lru_cache(maxsize=65536)
def _may_be_finite(word: str) -> bool:
    return word.islower() and word.endswith("t") and not word.startswith("ge") and _is_verb(word)


def _is_verb(word: str) -> bool:
    return look_up(word).endswith(("en", "ern", "eln", "tun"))


@lru_cache(maxsize=65536)
def _kind_of(word: str) -> str | None:
    lower = word.lower()
    if lower in _forms("future"):
        return "future"
    if lower in _forms("past"):
        return "past"
    if word != lower or len(word) < _SHORTEST_VERB or lower in _forms("not_past"):
        return None
    strong = not _GE_PARTICIPLE.fullmatch(word) and _is_strong_preterite(word)
    if strong or _is_weak_preterite(word):
        return "past"
    if _PARTICIPLE.fullmatch(word):
        return "participle"
    return "present" if word.endswith("t") and _is_verb(word) else None


def _is_weak_preterite(word: str) -> bool:
    """Tell "reiste", "landeten" from "erste", "richten" by the infinitive that they belong to."""
    if not _PRETERITE.fullmatch(word):
        return False
    lemma = look_up(word)
    return lemma != word and lemma.endswith("n")


def _is_strong_preterite(word: str) -> bool:
    """Tell "unterstrich", "verließen" by the vowel that their infinitive has not: no ending but -en, another stem."""
    lemma = look_up(word)
    if lemma == word or not lemma.endswith("en") or lemma[:-2] == word or word.endswith("e"):
        return False
    if word.endswith("t"):
        return word.endswith(tuple(_forms("past_endings")))
    return not word.endswith("n") or (word.endswith("en") and not word.endswith(("ten", "nden")))
