"""What a number counts: nouns and their lemmas, people, and the years that look like figures."""

import re
from functools import cache, lru_cache

from kg.dates.numerals import load_number_words
from kg.german.dictionary import is_known, look_up

_YEAR = re.compile(r"1[1-9]\d\d|20\d\d")
_ATTRIBUTE = re.compile(r"[a-zäöüß][\w-]*(?:e|en|er|es|em)")
_INFLECTED_PARTICIPLE = re.compile(r"\w*ierten?r?|\w*ene[nr]?|(?:[a-zäöü]*ge|be|un)\w+te[nr]?|\w+nde[nr]?")
_SHORTEST_HEAD = 4
"""Letters: shorter ends of a compound are known words by chance."""


@cache
def words_of(table: str, name: str) -> frozenset[str]:
    """Return one word list of `numbers.toml`."""
    return frozenset(load_number_words()[table][name])


_YEAR_NOUNS = words_of("grammar", "year_nouns")
_YEAR_OPENERS = words_of("grammar", "year_openers")
_NO_ATTRIBUTE = words_of("grammar", "no_attributes")
_LEADING = frozenset({"der", "die", "den"})
_MORE = words_of("shares", "more")
_SENTENCE_ENDS = frozenset({"", ".", "!", "?", ":", ";", "„", "»", "“", "–"})
_ROUND = "00"


@cache
def _people_suffixes() -> tuple[str, ...]:
    return tuple(load_number_words()["people"]["suffixes"])


@lru_cache(maxsize=8192)
def noun_lemma(word: str) -> str:
    """Return the lemma of a noun; of a compound with a hyphen that of its last part: "US-Soldaten" gives "Soldat"."""
    head = word.rstrip("-")
    if not any(character.isdigit() for character in head):
        head = head.rpartition("-")[2]
    head = head[:1].upper() + head[1:]
    lemma = look_up(head)
    if lemma == head and not is_known(head):
        return _compound_lemma(head)
    return lemma[:1].upper() + lemma[1:]


def _compound_lemma(word: str) -> str:
    """Return the lemma of a compound that the dictionary lacks by its longest known end: "Friedens|soldaten"."""
    for start in range(3, len(word) - _SHORTEST_HEAD + 1):
        tail = word[start:].capitalize()
        if is_known(tail):
            return word[:start] + look_up(tail).lower()
    return word


@lru_cache(maxsize=8192)
def names_people(noun: str) -> bool:
    """Tell whether a noun, as lemma or plural, names people: "Soldat", "Friedenswächter", "Franzose", "Mann"."""
    for form in {noun.lower(), noun_lemma(noun).lower()}:
        if form in words_of("people", "words") or form in words_of("people", "nationalities"):
            return True
        if form.endswith(_people_suffixes()):
            return True
    return False


@lru_cache(maxsize=8192)
def is_inflected_adjective(word: str) -> bool:
    """Tell an adjective or participle before a noun ("weiblichen", "stationierten") from a verb ("verließen")."""
    if word in _NO_ATTRIBUTE or not _ATTRIBUTE.fullmatch(word):
        return False
    lemma = look_up(word)
    return not lemma.endswith(("en", "ern", "eln")) or bool(_INFLECTED_PARTICIPLE.fullmatch(word))


def is_year(words: list[str], position: int) -> bool:
    """Tell whether the piece at `position` is a year: "1960 wurde", "seit 2014", and not "1960 Friedenssoldaten"."""
    if not _YEAR.fullmatch(words[position]):
        return False
    before = words[position - 1].lower() if position > 0 else ""
    if before in _YEAR_NOUNS:
        return True
    if (before in words_of("not_figures", "labels") and before.isalpha()) or _is_led_by_participle(words, position):
        return False
    after = words[position + 1] if position + 1 < len(words) else ""
    if (after[:1].isupper() and names_people(after)) or _counts_people(words, position) or _is_said(words, position):
        return False
    if before in _YEAR_OPENERS:
        return True
    two_before = words[position - 2].lower() + " " + before if position > 1 else before
    return before not in words_of("qualifiers", "about_") and before not in _bounds() and two_before not in _bounds()


def _is_led_by_participle(words: list[str], position: int) -> bool:
    """Tell whether those of a number are told of: "statt der geplanten 2000", "die angekündigten 1500"."""
    if position < 2 or words[position - 2].lower() not in _LEADING:
        return False
    return words[position - 1].endswith("en") and bool(_INFLECTED_PARTICIPLE.fullmatch(words[position - 1]))


@cache
def _bounds() -> frozenset[str]:
    tables = load_number_words()["qualifiers"]
    return frozenset(phrase for name in ("moreThan", "atLeast", "upTo", "fewerThan") for phrase in tables[name])


def _is_said(words: list[str], position: int) -> bool:
    """Tell whether a number says how many there are: "bald sollen es 2000 sein", "im Vorjahr waren es 1950"."""
    copulas = words_of("grammar", "copulas")
    before = [word.lower() for word in words[max(0, position - 2) : position]]
    after = words[position + 1].lower() if position + 1 < len(words) else "."
    if before[-1:] != ["es"]:
        return False
    return after in copulas or (before[0] in copulas and not after.isalpha())


def _counts_people(words: list[str], position: int) -> bool:
    """Tell whether a number counts people through their adjectives: "2000 zusätzliche Soldaten".

    "als 2014 russische Truppen kamen" has a year. But a year that opens a sentence has the verb behind it, few years
    that are told of are round, and no year is "weitere". Behind "von" the adjective has to be a dative: "seit 2014
    weitere Soldaten".
    """
    before = words[position - 1].lower() if position > 0 else ""
    if before == "zwischen" and " ".join(words[position + 1 : position + 3]).removeprefix("und ").isdigit():
        return _counted_at(words, position + 3) is not None  # "zwischen 1500 und 2000 Soldaten"
    end = _counted_at(words, position + 1)
    if end is None or end == position + 1:
        return False
    adjectives = words[position + 1 : end]
    if before in _YEAR_OPENERS and not adjectives[0].endswith("n"):
        return False
    return before in _SENTENCE_ENDS or words[position].endswith(_ROUND) or adjectives[0] in _MORE


def _counted_at(words: list[str], begin: int) -> int | None:
    """Return where a noun for people stands behind nothing but adjectives, None if none does."""
    end = begin
    while end < len(words) and is_inflected_adjective(words[end]):
        end += 1
    return end if end < len(words) and words[end][:1].isupper() and names_people(words[end]) else None
