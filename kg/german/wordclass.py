"""What the gazetteer knows of single words, as lexeme flags: the name recogniser sees them beside a word's form."""

from collections.abc import Iterable
from functools import cache

from spacy.vocab import Vocab

from kg.german.gazetteer import inflect, read_table

COUNTRY_FLAG, CITY_FLAG = "FLAG40", "FLAG41"
"""Flags free for use in spaCy: the word is a country's name; it is the name of a city or town."""


def add_flags(vocab: Vocab) -> None:
    """Let a vocabulary compute the flags of each word that it meets."""
    flags = {COUNTRY_FLAG: country_words(), CITY_FLAG: city_words()}
    for flag, words in flags.items():
        vocab.lex_attr_getters[_number(flag)] = words.__contains__  # type: ignore[attr-defined]  # lacks in the stub


def _number(flag: str) -> int:
    return int(flag.removeprefix("FLAG"))


@cache
def country_words() -> frozenset[str]:
    """Collect the countries' names of one word, with their genitives and in capitals."""
    rows = read_table("gazetteer", "countries.tsv", 11)
    return _single_words(name for row in rows for name in (row[1], *row[8].split("|")))


@cache
def city_words() -> frozenset[str]:
    """Collect the towns of GeoNames likewise; the tables' regions and seas, listed by hand, are too few to hint."""
    rows = read_table("gazetteer", "places.tsv", 10)
    return _single_words(name for row in rows if row[6] for name in (row[1], *row[9].split("|")))


def _single_words(names: Iterable[str]) -> frozenset[str]:
    singles = (name for name in names if name and " " not in name and "~" not in name)
    return frozenset(form for name in singles for form in (*inflect(name), name.upper()))
