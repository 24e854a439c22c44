"""The names of an article: what the recogniser finds and what it passes over, with one class for each."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from spacy.tokens import Doc

from kg.german.gazetteer import Gazetteer
from kg.german.wordclass import is_given_name
from kg.model import EntityType
from kg.overlooked import find_organizations, find_people, find_places, find_surnames, is_town_here
from kg.recognised import Recognised, is_name, trim_name, type_by_words


def find_names(doc: Doc, gazetteer: Gazetteer) -> list[Recognised]:
    """Return the names of a `Doc` in text order: trimmed, their classes set right, common words left out."""
    names = [name for ent in doc.ents if (name := trim_name(ent, gazetteer)) is not None]
    names = [part for name in names for part in _part_people(doc, name, gazetteer)]
    names = [replace(name, type=type_by_words(doc, name, gazetteer)) for name in names]
    names += find_people(doc, names, gazetteer)
    checked = [name for name in names if is_name(doc, name, gazetteer)]
    surnames = {doc[n.end - 1].text for n in checked if n.type == "Person" and n.end - n.begin > 1}
    names = [name for name in names if name in checked or _bare(doc, name) in surnames]
    names = [replace(n, type="Place") if is_town_here(doc, n, surnames, gazetteer) else n for n in names]
    names += find_surnames(doc, names, surnames)
    names += list(_find_places_beside_summits(doc, names, gazetteer))
    names += find_organizations(doc, names, gazetteer)
    names = _drop_nested(names)
    votes: dict[str, Counter[EntityType]] = defaultdict(Counter)
    for name in names:
        votes[_bare(doc, name)][name.type] += 1
    return [
        replace(name, type=_elect(name, votes[_bare(doc, name)], known=_bare(doc, name) in surnames)) for name in names
    ]


def _find_places_beside_summits(doc: Doc, names: Sequence[Recognised], gazetteer: Gazetteer) -> Iterator[Recognised]:
    """Yield places that the recogniser passes over, those inside the name of a summit among them."""
    summits = [name for name in names if name.type == "Summit"]
    for place in find_places(doc, [name for name in names if name.type != "Summit"], gazetteer):
        if all(_is_met_in(place, summit) or not place.overlaps(summit.begin, summit.end) for summit in summits):
            yield place


def _part_people(doc: Doc, name: Recognised, gazetteer: Gazetteer) -> list[Recognised]:
    """Return two known people whose names stand in a row apart: "Am Abend traf Merz Macron".

    Two surnames are rather one person's behind a noun ("Oberst Wang Xi"), or if both are of one state.
    """
    if name.type != "Person" or _people(doc, name.begin, name.end, gazetteer):
        return [name]
    for cut in range(name.begin + 1, name.end):
        one, other = _people(doc, name.begin, cut, gazetteer), _people(doc, cut, name.end, gazetteer)
        if not one or not other or (cut == name.begin + 1 and is_given_name(doc[name.begin].text)):
            continue
        follows_verb = name.begin > 0 and doc[name.begin - 1].tag_.startswith("V")
        apart = _states(one, gazetteer).isdisjoint(_states(other, gazetteer))
        if name.end - name.begin > 2 or (follows_verb and apart):
            return [replace(name, end=cut), replace(name, begin=cut)]
    return [name]


def _people(doc: Doc, begin: int, end: int, gazetteer: Gazetteer) -> list[str]:
    found = gazetteer.lookup(doc[begin:end].text)
    return [candidate.key for candidate in found if candidate.type == "Person"]


def _states(people: Iterable[str], gazetteer: Gazetteer) -> set[str | None]:
    return {gazetteer.entity(person).country for person in people}


def _drop_nested(names: Iterable[Recognised]) -> list[Recognised]:
    """Return the names in text order without those inside a longer one: "St. Gallen" in "Hochschule St. Gallen".

    A summit's place stays: "Lima" in "Apec-Treffen in Lima".
    """
    kept: list[Recognised] = []
    outer: Recognised | None = None
    for name in sorted(names, key=lambda name: (name.begin, -name.end)):
        if outer is None or name.begin >= outer.end:
            outer = name
            kept.append(name)
        elif _is_met_in(name, outer) and (kept[-1] is outer or name.begin >= kept[-1].end):
            kept.append(name)
    return kept


def _is_met_in(place: Recognised, summit: Recognised) -> bool:
    """Tell whether a name is a place inside the name of a summit."""
    inside = summit.begin < place.begin and place.end <= summit.end
    return inside and place.type == "Place" and summit.type == "Summit"


def _bare(doc: Doc, name: Recognised) -> str:
    text = doc[name.begin : name.end].text
    return text[:-1] if text.endswith("s") and len(text) > 3 else text


def _elect(name: Recognised, votes: Counter[EntityType], *, known: bool) -> EntityType:
    """Return the class that most mentions of a name have; a surname known from a full name is a person's."""
    if known and name.type in {"Person", "Place", "Organization"}:
        return "Person"
    return max(votes, key=lambda kind: (votes[kind], kind == name.type))
