"""Persons by their names in an article, and the offices that it states."""

from kg.coref import Chain, chain_persons
from kg.german.forms import slug
from kg.linker import Linker
from kg.model import Entity, Position

_SAME_OFFICE = {
    "Staatschef": "Präsident", "Staatspräsident": "Präsident", "Kremlchef": "Präsident", "Kreml-Chef": "Präsident",
    "Kremlherrscher": "Präsident", "Machthaber": "Präsident", "Führer": "Präsident", "Präsidentin": "Präsident",
    "Kanzler": "Bundeskanzler", "Kanzlerin": "Bundeskanzler", "Bundeskanzlerin": "Bundeskanzler",
    "Premier": "Premierminister", "Regierungschef": "Premierminister", "Premierministerin": "Premierminister",
    "Ministerpräsident": "Premierminister", "Ministerpräsidentin": "Premierminister", "Chefdiplomat": "Außenminister",
    "Regierungschefin": "Premierminister", "Aussenminister": "Außenminister",
}  # fmt: skip
"""Titles that one person goes by in turn."""


def link_persons(linker: Linker) -> None:
    """Link the persons whom the article names."""
    for chain in chain_persons(linker.doc, linker.of_type("Person"), linker.gazetteer):
        linker.add(_person(chain, linker), chain.found)


def _person(chain: Chain, linker: Linker) -> Entity:
    """Return the person of a chain: a known one by full name, or by a surname that the article supports."""
    gazetteer = linker.gazetteer
    full = sorted({n for n in chain.names if " " in n}, key=lambda n: (-len(n), n))
    for name in full:
        known = [c for c in gazetteer.lookup(name) if c.kind == "person"]
        if len(known) == 1:
            return gazetteer.entity(known[0].key)
    if full:
        return Entity(f"person/{slug(chain.full)}", "Person", chain.full)
    candidates = {c.key for name in chain.names for c in gazetteer.lookup(name) if c.type == "Person"}
    supported = [key for key in sorted(candidates) if _supports(gazetteer.entity(key), linker)]
    if len(supported) > 1:
        supported = [key for key in supported if _in_office(key, linker)]
    if len(supported) == 1:
        return gazetteer.entity(supported[0])
    name = chain.names[0]
    return Entity(f"person/{slug(name) or 'unbenannt'}--{linker.article.stem}", "Person", name)


def _supports(entity: Entity, linker: Linker) -> bool:
    """Tell whether the article names the country of a person whom it calls by surname alone."""
    return entity.country is None or entity.country in linker.countries or entity.wikidata is not None


def _in_office(person: str, linker: Linker) -> bool:
    day = linker.article.published.isoformat()
    return any(p == person and begin <= day <= (end or day) for _, _, p, begin, end in linker.gazetteer.holders)


def link_offices(linker: Linker) -> None:
    """Give each office to the person named right after it, else to the one of the article who holds it."""
    held: dict[tuple[str, str | None], str] = {}
    for found in linker.found:
        if found.mention.kind != "office" or found.owned is None or found.noun is None:
            continue
        owner = found.owned.owner
        title = _SAME_OFFICE.get(found.noun, found.noun)
        person = linker.key_at.get(found.owned.end if found.owned.end > found.owned.head else found.end)
        if person is not None and person.startswith("person/"):
            linker.positions[person].append(Position(found.noun, owner))
            owner = owner or linker.entities[person].country
            held[title, owner] = held[title, None] = person
        else:
            person = held.get((title, owner)) or _holder(title, owner, linker)
        if person is not None:
            linker.add(linker.entities[person], [found])


def _holder(title: str, owner: str | None, linker: Linker) -> str | None:
    """Return the person of the article who held an office of a country at the time, if it is one alone."""
    day = linker.article.published.isoformat()
    holders = {
        person
        for country, held, person, begin, end in linker.gazetteer.holders
        if country == owner and _SAME_OFFICE.get(held, held) == title and begin <= day <= (end or day)
    }
    named = sorted(holders & linker.entities.keys())
    return named[0] if len(named) == 1 else None
