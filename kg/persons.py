"""Persons by their names in an article, and the offices that it states."""

from kg.coref import Chain, chain_persons
from kg.german.forms import slug
from kg.linker import Linker
from kg.model import Entity, Position, Span
from kg.phrases import Owned
from kg.scene import Found

_SAME_OFFICE = {
    "Staatschef": "Präsident", "Staatspräsident": "Präsident", "Kremlchef": "Präsident", "Kreml-Chef": "Präsident",
    "Kremlherrscher": "Präsident", "Machthaber": "Präsident", "Führer": "Präsident", "Präsidentin": "Präsident",
    "Kanzler": "Bundeskanzler", "Kanzlerin": "Bundeskanzler", "Bundeskanzlerin": "Bundeskanzler",
    "Premier": "Premierminister", "Regierungschef": "Premierminister", "Premierministerin": "Premierminister",
    "Ministerpräsident": "Premierminister", "Ministerpräsidentin": "Premierminister", "Chefdiplomat": "Außenminister",
    "Regierungschefin": "Premierminister", "Aussenminister": "Außenminister",
}  # fmt: skip
"""Titles that one person goes by in turn."""
_COLLEAGUES = {"Amtskollege", "Amtskollegin"}
"""Who holds the office named before: "sein britischer Amtskollege"."""
_BETWEEN = {"der", "die", "dem", "den", "des", "damals", "damalige", "damaliger", "neue", "neuer", "heutige", "frühere"}


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
        return linker.entity_named("Person", chain.full)
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
    """Give each office to the person named beside it, else to the one of the article who holds it."""
    held: dict[tuple[str, str | None], str] = {}
    last: Found | None = None
    given: set[Span] = set()
    for found in linker.found:
        if found.mention.kind != "office" or found.owned is None or found.noun is None:
            continue
        title = _colleague(last, found, found.noun, linker) if found.noun in _COLLEAGUES else found.noun
        if found.noun not in _COLLEAGUES:
            last = found
        owner, same = found.owned.owner, _SAME_OFFICE.get(title, title)
        person = _named_beside(found, found.owned, linker)
        if person is None:
            person = held.get((same, owner)) or _holder(same, owner, linker)
        else:
            owner = owner or _own_country(person, title, linker)
            office = linker.gazetteer.offices.get(title)
            linker.positions[person].append(Position(title, owner, office.english if office else None))
            held[same, owner] = held[same, None] = person
        if person is not None:
            linker.add(linker.entities[person], [found])
            given.add(found.mention.span)
    linker.drop_adjectives(given)


def _colleague(last: Found | None, found: Found, title: str, linker: Linker) -> str:
    """Return the office that a colleague holds too: "sein britischer Amtskollege" of a defence minister."""
    if last is None or last.noun is None or last.begin < linker.doc[found.begin].sent.start:
        return title
    male = last.noun.endswith("in") and title == "Amtskollege"
    return last.noun.removesuffix("in") if male else last.noun


def _named_beside(found: Found, owned: Owned, linker: Linker) -> str | None:
    """Return the person named right after an office ("Präsident Putin") or before it ("Fabius, der Außenminister")."""
    after = linker.key_at.get(owned.end)
    if after is None and owned.end < len(linker.doc) and linker.doc[owned.end].text == ",":
        after = linker.key_at.get(owned.end + 1)
    before = found.begin - 1
    while before > 0 and linker.doc[before].lower_ in _BETWEEN:
        before -= 1
    apposed = linker.key_at.get(before - 1) if linker.doc[before].text == "," else None
    return next((key for key in (after, apposed) if key is not None and key.startswith("person/")), None)


def _own_country(person: str, title: str, linker: Linker) -> str | None:
    """Return the country of a known person whose office belongs to a country: "Präsident Macron" is France's."""
    office = linker.gazetteer.offices.get(title)
    if (
        office is None
        or office.scope == "organization"
        or (office.scope == "any" and title not in _SAME_OFFICE.values())
    ):
        return None
    return linker.entities[person].country


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
