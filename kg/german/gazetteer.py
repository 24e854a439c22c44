"""What the program knows of the world: countries, places, organisations, missions, summits, people and their names.

The data are readable tables in `kg/data/gazetteer` and `kg/data/lexicon`; how the generated ones among them come about
is in `training/gazetteer`. Everything is read once and found by its surface form.
"""

import tomllib
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cache, partial
from importlib.resources import files

from kg.errors import DataError
from kg.german.forms import adjective_forms, inflect, inhabitant_forms, short_names, slug
from kg.model import Entity, EntityType

__all__ = ["Body", "Candidate", "Gazetteer", "Office", "inflect", "load_gazetteer", "read_table", "read_words"]

_LONGEST_FORM = 80
"""Characters; the longest name of the tables is shorter."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """An entity that a surface form can name."""

    key: str
    type: EntityType
    kind: str
    """`country`, `capital`, `city`, `water` …, `alliance`, `ministry`, `medium` …, `mission`, `person`, `surname`."""
    weak: bool
    """The form is also something else (a common word, a surname), so that the context has to support it."""


@dataclass(frozen=True, slots=True)
class Office:
    """An office as a title: "Präsident", "Kremlchef"."""

    title: str
    """Nominative in the gender of the form, without its country."""
    of: str | None
    """Key of what it belongs to where the title itself says so."""
    scope: str
    """`country`, `organization` or `any`: what an office of this title belongs to."""
    english: str
    """The title in English, in the gender of the form where English has one."""


@dataclass(frozen=True, slots=True)
class Body:
    """A kind of state body: "Verteidigungsministerium"."""

    noun: str
    """Its usual name, nominative singular."""
    english: str
    """Its usual name in English."""
    gender: str
    """`m`, `f`, `n` or `p` for the plural."""
    bare: bool
    """Whether the noun alone names the body that the context gives ("das Verteidigungsministerium")."""
    usual: str | None = None
    """Key of the state whose body the noun rather means where nothing says whose it is: "der Kongress"."""


def read_table(folder: str, name: str, width: int) -> list[list[str]]:
    """Return the rows of a table of `kg/data`, each padded to `width` cells; lines that start with # are comments.

    Raises:
        DataError: a row has more cells than the table has columns.
    """
    text = files("kg").joinpath("data", folder, name).read_text(encoding="utf-8")
    rows = []
    for number, line in enumerate(text.splitlines(), 1):
        if not line or line[0] == "#":
            continue
        cells = line.split("\t")
        if len(cells) > width:
            raise DataError(f"{folder}/{name}, line {number}: {len(cells)} cells.", f"Keep to {width} columns.")
        rows.append(cells + [""] * (width - len(cells)))
    return rows


@cache
def read_words(name: str) -> Mapping[str, frozenset[str]]:
    """Return the named word lists of `kg/data/lexicon/NAME.toml`."""
    text = files("kg").joinpath("data", "lexicon", f"{name}.toml").read_text(encoding="utf-8")
    return {key: frozenset(words.split()) for key, words in tomllib.loads(text).items()}


def _names(cell: str) -> list[str]:
    return cell.split("|") if cell else []


def _plain(names: Iterable[str]) -> tuple[str, ...]:
    """Return the names that can be shown: without patterns of inflection and without marks."""
    return tuple(name.removeprefix("?") for name in names if "~" not in name)


def _number(cell: str) -> float | None:
    return float(cell) if cell else None


class Gazetteer:
    """All tables, indexed by surface form; `load_gazetteer()` returns the one instance."""

    def __init__(self) -> None:
        self._rows: dict[str, Callable[[], Entity]] = {}
        """Key to what makes the entity: an article names few of the thousands that there are."""
        self._made: dict[str, Entity] = {}
        self._forms: dict[str, list[Candidate]] = {}
        self.adjectives: dict[str, str] = {}
        """Adjective form ("nordkoreanischen") to country key."""
        self.inhabitants: dict[str, str] = {}
        """Inhabitant form ("Nordkoreanern") to country key."""
        self.stems: dict[str, str] = {}
        """Country key to its first adjective stem."""
        self.bodies: dict[str, Body] = {}
        """Body noun in any form to the body."""
        self.named_bodies: dict[tuple[str, str], str] = {}
        """Country key and body noun to the organisation that has a name of its own (Pentagon)."""
        self.offices: dict[str, Office] = {}
        self.kinds: dict[str, str] = {}
        self.capitals: dict[str, str] = {}
        """Place key to the country that it is the capital or the seat of government of."""
        self.missions_of: dict[str, str] = {}
        self.series: dict[str, str] = {}
        """Summit series to its label."""
        self.series_english: dict[str, str] = {}
        self.organisers: dict[str, str] = {}
        """Form before "-Gipfel" or in its genitive ("Arabischen Liga") to the series."""
        self.conferences: dict[str, str] = {}
        """Name of a conference ("Münchner Sicherheitskonferenz") to the series."""
        self.conference_openings: frozenset[str] = frozenset()
        """First words of the conferences' names."""
        self.editions: dict[tuple[str, str], list[int]] = defaultdict(list)
        """Series and place label to the years in which it met there."""
        self.holders: list[tuple[str, str, str, str, str]] = []
        """Country key, title, person key, first and last day in office (ISO; empty: still)."""
        self._load()
        self.heads = frozenset(form[:3] for form in self._forms)
        self.lower_openings = frozenset(form.split()[0] for form in self._forms if form[0].islower())
        """First words of the forms that begin in lower case: "von der Leyen", "al-Tanf"."""

    def _load(self) -> None:
        self._load_countries()
        self._load_places()
        self._load_organizations()
        self._load_missions()
        self._load_summits()
        self._load_persons()
        self._load_lexicons()

    def _add(self, candidate: Candidate, entity: Callable[[], Entity], names: Iterable[str]) -> None:
        key = candidate.key
        if key in self._rows:
            raise DataError(f"{key} is in the gazetteer twice.", "Merge the two rows.")
        self._rows[key] = entity
        self.kinds[key] = candidate.kind
        self._index(candidate, names)

    def _index(self, candidate: Candidate, names: Iterable[str]) -> None:
        forms = self._forms
        for name in names:
            chosen = replace(candidate, weak=True) if name[0] == "?" else candidate
            for form in inflect(name.removeprefix("?")):
                found = forms.get(form)
                if found is None:
                    forms[form] = [chosen]
                elif all(c.key != chosen.key for c in found):
                    found.append(chosen)

    def _load_countries(self) -> None:
        for row in read_table("gazetteer", "countries.tsv", 11):
            iso, label, english, item, geonames, capital, lat, lon, aliases, adjectives, inhabitants = row
            key = f"country/{iso}"
            entity = partial(
                Entity,
                key,
                "Country",
                label,
                english or None,
                _plain(_names(aliases)),
                item or None,
                int(geonames) if geonames else None,
                iso=iso,
                capital=f"place/{capital}" if capital else None,
                lat=_number(lat),
                lon=_number(lon),
            )
            self._add(Candidate(key, "Country", "country", False), entity, [label, *_names(aliases)])
            for stem in _names(adjectives):
                self.stems.setdefault(key, stem)
                for form in adjective_forms(stem):
                    self.adjectives.setdefault(form, key)
            for name in _names(inhabitants):
                for form in inhabitant_forms(name):
                    self.inhabitants.setdefault(form, key)

    def _load_places(self) -> None:
        for row in read_table("gazetteer", "places.tsv", 10):
            name, label, english, kind, iso, item, geonames, lat, lon, aliases = row
            key = f"place/{name}"
            country = f"country/{iso}" if f"country/{iso}" in self._rows else None
            names = _names(aliases)
            plain = _plain(names)
            number = int(geonames) if geonames else None
            entity = partial(
                Entity, key, "Place", label, english or label, plain, item or None, number, country=country,
                lat=_number(lat), lon=_number(lon),
            )  # fmt: skip
            self._add(Candidate(key, "Place", kind, kind in {"weak", "town"}), entity, [label, *names])
            if kind in {"capital", "seat"} and country:
                self.capitals[key] = country

    def _load_organizations(self) -> None:
        for label, english, kind, iso, item, body, aliases in read_table("gazetteer", "organizations.tsv", 7):
            key = f"organization/{slug(label)}"
            shown = label.removeprefix("?")
            country = f"country/{iso}" if iso else None
            names = _names(aliases)
            plain = _plain(names)
            entity = partial(
                Entity,
                key,
                "Organization",
                shown,
                english or shown,
                plain,
                item or None,
                country=country,
                medium=kind == "medium",
            )
            self._add(Candidate(key, "Organization", kind, False), entity, [label, *names])
            if country:
                for noun in _names(body):
                    self.named_bodies.setdefault((country, noun), key)

    def _load_missions(self) -> None:
        for label, english, item, body, aliases in read_table("gazetteer", "missions.tsv", 5):
            key = f"mission/{slug(label)}"
            names = [label, *_names(aliases)]
            names += [n.capitalize() for n in names if n.isupper() and len(n) > 4]
            shown = label.removeprefix("?")
            entity = partial(Entity, key, "Mission", shown, english or shown, _plain(names[1:]), item or None)
            self._add(Candidate(key, "Mission", "mission", False), entity, names)
            if body:
                self.missions_of[key] = f"organization/{slug(body)}"

    def _load_summits(self) -> None:
        for name, label, english, organisers, names in read_table("gazetteer", "summits.tsv", 5):
            self.series[name], self.series_english[name] = label, english
            for form in _names(organisers):
                self.organisers.setdefault(form, name)
            for form in _names(names):
                for inflected in inflect(form):
                    self.conferences.setdefault(inflected, name)
        self.conference_openings = frozenset(name.split()[0] for name in self.conferences)
        for name, year, place in read_table("gazetteer", "editions.tsv", 3):
            self.editions[name, place].append(int(year))

    def _load_persons(self) -> None:
        for name, english, of, item, aliases in read_table("gazetteer", "persons.tsv", 5):
            key = f"person/{slug(name)}"
            country = of if of.startswith("country/") else None
            others = _names(aliases)
            plain = _plain(others)
            entity = partial(Entity, key, "Person", name, english or name, plain, item or None, country=country)
            self._add(Candidate(key, "Person", "person", False), entity, [name, *others])
            iso = of.rpartition("/")[2]
            shorts = {short for full in [name, *plain] for short in short_names(full, iso)}
            opening = {short[0].upper() + short[1:] for short in shorts}  # "Von der Leyen sprach …"
            self._index(Candidate(key, "Person", "surname", True), sorted(shorts | opening))

    def _load_lexicons(self) -> None:
        for noun, english, gender, bare, others, usual in read_table("lexicon", "bodies.tsv", 6):
            body = Body(noun, english, gender, bare == "bare", usual or None)
            for form in [noun, *_names(others)]:
                for inflected in {*inflect(form), form + "s", form + "es", form + "n", form + "en"}:
                    self.bodies.setdefault(inflected, body)
        for title, feminine, english, of in read_table("lexicon", "offices.tsv", 4):
            key, scope = (of, "any") if "/" in of else (None, of or "any")
            he, _, she = english.partition("|")
            for ending in ("", "s", "es", "en", "n"):
                self.offices.setdefault(title + ending, Office(title, key, scope, he))
            if feminine:
                for ending in ("", "nen"):
                    self.offices.setdefault(feminine + ending, Office(feminine, key, scope, she or he))
        for country, title, person, begin, end in read_table("lexicon", "holders.tsv", 5):
            self.holders.append((f"country/{country}", title, f"person/{slug(person)}", begin, end))

    def __contains__(self, key: str) -> bool:
        return key in self._rows

    def entity(self, key: str) -> Entity:
        """Return the entity of a key; KeyError where there is none."""
        if key not in self._made:
            self._made[key] = self._rows[key]()
        return self._made[key]

    def lookup(self, form: str) -> tuple[Candidate, ...]:
        """Return what a surface form can name, in the order of the tables; all-capitals forms as in a dateline too."""
        found = self._forms.get(form)
        if found is None and form.isupper() and len(form) > 3:
            found = self._forms.get(form.title())
        return tuple(found or ())

    def longest(self, text: str, begin: int, ends: Iterable[int]) -> int | None:
        """Return the last of the ascending token `ends` at which a known form that starts at `begin` ends, if any."""
        head = text[begin : begin + 3]
        if head not in self.heads and not (head.isupper() and head.title() in self.heads):
            return None
        best = None
        for end in ends:
            if end - begin > _LONGEST_FORM:
                break
            if self.lookup(text[begin:end]):
                best = end
        return best


@cache
def load_gazetteer() -> Gazetteer:
    """Return the gazetteer, read on the first call.

    Raises:
        DataError: a table is not what it should be.
    """
    return Gazetteer()
