"""What word lists know of single words: the encoder sees it beside a word's pieces."""

from collections.abc import Iterable, Mapping, Sequence
from functools import cache, lru_cache

from kg.german.dictionary import is_known
from kg.german.gazetteer import inflect, read_table
from kg.german.sorted_words import SortedWords
from kg.startup import unpack_names


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


def is_town(word: str) -> bool:
    """Tell whether GeoNames has a populated place of this name, the genitive and capitals allowed."""
    return _is_listed(word, "towns")


def is_given_name(word: str) -> bool:
    """Tell whether people somewhere bear this given name."""
    return _is_listed(word, "given_names")


@lru_cache(maxsize=1 << 16)
def is_word(word: str) -> bool:
    """Tell whether a dictionary of German has the word, or the parts of the compound, and no list has it as a name."""
    return word[:1].isalpha() and is_known(word) and not (is_town(word) or is_given_name(word))


def _is_listed(word: str, name: str) -> bool:
    listed = read_list(name)
    if word.isupper():
        word = word.capitalize()
    return word in listed or (word[-1:] == "s" and word[:-1] in listed)


@cache
def read_list(name: str) -> SortedWords:
    """Read one of the lists of `NAMES`."""
    return SortedWords(unpack_names(name)())


@lru_cache(maxsize=2048)
def read_morph(text: str) -> Mapping[str, Sequence[str]]:
    """Read features as Universal Dependencies writes them: `Case=Nom|Number=Sing`."""
    pairs = (feature.split("=", 1) for feature in text.split("|") if "=" in feature)
    return {name: values.split(",") for name, values in pairs}
