"""Candidates from Wikidata, by its own interface (wbsearchentities, wbgetentities of the MediaWiki API)."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from kg.errors import ServiceError
from kg.reconciliation.client import Client
from kg.reconciliation.deciding import Evidence, spellings
from kg.reconciliation.service import Found
from kg.reconciliation.subjects import Subject
from kg.reconciliation.vocabulary import Vocabulary, vocabulary_of
from kg.vocab import WIKIDATA

URL = "https://www.wikidata.org/w/api.php"
MOST_CANDIDATES = 10
MOST_ITEMS = 50
"""Items that one question may be about."""
DEEPEST = 8
"""Steps up the tree of classes; all that is above is above nearly everything."""
MAX_LAG = "5"
"""Seconds that the database's copies may be behind before we wait (www.mediawiki.org/wiki/Manual:Maxlag_parameter)."""

_INSTANCE_OF, _SUBCLASS_OF, _COUNTRY, _GEONAMES = "P31", "P279", "P17", "P1566"
_BORN, _DIED = "P569", "P570"

Item = Mapping[str, Any]


class Wikidata:
    """Wikidata, or another Wikibase with its items."""

    batch_size = 1

    def __init__(self, client: Client, url: str = URL, vocabulary: Vocabulary | None = None) -> None:
        self.url = url
        self._client = client
        self._vocabulary = vocabulary or vocabulary_of(WIKIDATA.iri)
        self._parents: dict[str, frozenset[str]] = {}
        self._day = date.min

    def find(self, subjects: Sequence[Subject], *, fresh: bool) -> Found:
        """Look for entities; as `Finder.find`."""
        self._day = date.min
        found = [self._find(subject, fresh=fresh) for subject in subjects]
        return Found(found, self._day)

    def _find(self, subject: Subject, *, fresh: bool) -> list[Evidence]:
        search = {"action": "wbsearchentities", "search": subject.label, "language": "de", "uselang": "de"}
        hits = self._ask({**search, "type": "item", "limit": str(MOST_CANDIDATES)}, "search", list, fresh=fresh)
        numbers = [str(hit.get("id")) for hit in hits if isinstance(hit, dict) and _is_item(hit.get("id"))]
        items = self._items(numbers, "labels|aliases|claims", fresh=fresh)
        return [self._weigh(subject, number, items[number], fresh=fresh) for number in numbers if number in items]

    def _weigh(self, subject: Subject, number: str, item: Item, *, fresh: bool) -> Evidence:
        names = list(_names(item))
        folded = frozenset[str]().union(*map(spellings, names))
        called_so = not folded.isdisjoint(frozenset[str]().union(*map(spellings, subject.labels)))
        agrees, disagrees = self._compare(subject, item)
        return Evidence(
            iri=WIKIDATA.iri + number,
            name=names[0] if names else number,
            names=folded,
            score=None,
            sure=True,
            of_type=called_so and self._is_of(subject.kind, _values(item, _INSTANCE_OF), fresh=fresh),
            agrees=tuple(agrees),
            disagrees=tuple(disagrees),
        )

    def _compare(self, subject: Subject, item: Item) -> tuple[list[str], list[str]]:
        """Return which facts are the same here and there, and which are not; what one side lacks is neither.

        A country alone says little of a person: it counts if the item is that of somebody in politics.
        """
        facts = [
            ("country", subject.countries, _values(item, self._vocabulary.country.get(subject.kind, _COUNTRY))),
            ("GeoNames number", (subject.geonames,) if subject.geonames else (), _values(item, _GEONAMES)),
        ]
        both = [(name, not {*ours}.isdisjoint(theirs)) for name, ours, theirs in facts if ours and theirs]
        agrees = [name for name, same in both if same]
        disagrees = [f"another {name}" for name, same in both if not same]
        if subject.kind == "Person":
            agrees = [*agrees, "office"] if agrees and self._is_in_politics(item) else []
            disagrees += ["lived at another time"] if _is_out_of_time(subject, item) else []
        return agrees, disagrees

    def _is_in_politics(self, item: Item) -> bool:
        offices = ((values, _values(item, name)) for name, values in self._vocabulary.office.items())
        return any(found and (not wanted or not {*wanted}.isdisjoint(found)) for wanted, found in offices)

    def _is_of(self, kind: str, classes: Iterable[str], *, fresh: bool) -> bool:
        """Tell whether one of some classes is one of those for an entity type, or below one."""
        wanted, seen, rising = {*self._vocabulary.types.get(kind, ())}, set[str](), {*classes}
        for _ in range(DEEPEST):
            if rising & wanted:
                return True
            seen |= rising
            self._read_parents(rising, fresh=fresh)
            rising = {parent for each in rising for parent in self._parents.get(each, ())} - seen
        return bool(rising & wanted)

    def _read_parents(self, classes: set[str], *, fresh: bool) -> None:
        unknown = sorted(classes - self._parents.keys())
        for start in range(0, len(unknown), MOST_ITEMS):
            part = unknown[start : start + MOST_ITEMS]
            items = self._items(part, "claims", fresh=fresh)
            self._parents |= {each: frozenset(_values(items.get(each, {}), _SUBCLASS_OF)) for each in part}

    def _items(self, numbers: Sequence[str], properties: str, *, fresh: bool) -> dict[str, Item]:
        if not numbers:
            return {}
        asked = {"action": "wbgetentities", "ids": "|".join(numbers), "props": properties, "languages": "de|en"}
        found = self._ask(asked, "entities", dict, fresh=fresh)
        return {number: item for number, item in found.items() if isinstance(item, dict) and "missing" not in item}

    def _ask(self, parameters: Mapping[str, str], member: str, kind: type, *, fresh: bool) -> Any:
        every = {"format": "json", "maxlag": MAX_LAG}
        answer = self._client.ask(self.url, {**parameters, **every}, is_busy=_is_busy, fresh=fresh)
        self._day = max(self._day, answer.day)
        found = answer.value.get(member) if isinstance(answer.value, dict) else None
        if not isinstance(found, kind):
            raise ServiceError(f"{self.url} does not answer as Wikidata does.", "Check the address.")
        return found


def _is_busy(answer: Any) -> bool:
    error = answer.get("error") if isinstance(answer, dict) else None
    return isinstance(error, dict) and error.get("code") in {"maxlag", "ratelimited", "readonly"}


def _is_item(number: object) -> bool:
    return isinstance(number, str) and number[:1] == "Q" and number[1:].isascii() and number[1:].isdigit()


def _names(item: Item) -> Iterator[str]:
    """Yield an item's labels, German first, then its aliases."""
    labels, aliases = item.get("labels"), item.get("aliases")
    groups = [[value] for _, value in sorted(labels.items())] if isinstance(labels, dict) else []
    groups += [value for _, value in sorted(aliases.items())] if isinstance(aliases, dict) else []
    for group in groups:
        for each in group if isinstance(group, list) else ():
            if isinstance(each, dict) and isinstance(each.get("value"), str):
                yield each["value"]


def _values(item: Item, name: str) -> list[str]:
    """Return the values of a property: numbers of items, strings, times; those that no longer count are left out."""
    claims = item.get("claims")
    found = claims.get(name) if isinstance(claims, dict) else None
    values: list[str] = []
    for statement in found if isinstance(found, list) else ():
        match statement:
            case {"rank": "deprecated"}:
                continue
            case {"mainsnak": {"datavalue": {"value": {"id": str(number)}}}} if _is_item(number):
                values.append(number)
            case {"mainsnak": {"datavalue": {"value": str(text) | {"time": str(text)}}}}:
                values.append(text)
    return values


def _is_out_of_time(subject: Subject, item: Item) -> bool:
    """Tell whether somebody was dead before the first article about the entity, or born after the last."""
    if subject.years is None:
        return False
    first, last = subject.years
    born, died = _years(item, _BORN), _years(item, _DIED)
    return bool((died and max(died) < first) or (born and min(born) > last))


def _years(item: Item, name: str) -> list[int]:
    """Return the years of a property's times, which are written `+1959-03-15T00:00:00Z`."""
    return [int(match[0]) for time in _values(item, name) if (match := re.match(r"[+-]\d{1,9}(?=-)", time))]
