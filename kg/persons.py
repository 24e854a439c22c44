"""Persons by their names in an article, and the offices that it states."""

from collections.abc import Sequence

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
    candidates = sorted({c.key for name in chain.names for c in gazetteer.lookup(name) if c.type == "Person"})
    meant = _by_surname(candidates, chain, linker)
    if meant is not None:
        return gazetteer.entity(meant)
    name = chain.names[0]
    return Entity(f"person/{slug(name) or 'unbenannt'}--{linker.article.stem}", "Person", name)


def _by_surname(candidates: Sequence[str], chain: Chain, linker: Linker) -> str | None:
    """Return whom of the known people of a surname the article means, if it is one alone.

    The office that stands before the surname decides ("US-Präsident Clinton" is Bill); else one has to be of a country
    that the article names, or in office on its day ("Merz begrüßt Waffenruhe", but not "Oberst Merz …").
    """
    titled = [key for key in candidates if _has_held(key, chain, linker)]
    in_office = [key for key in candidates if _in_office(key, linker)]
    of_country = [key for key in candidates if _supports(linker.gazetteer.entity(key), linker)]
    supported = titled or of_country or ([] if _is_introduced(chain, linker) else in_office)
    if len(supported) > 1:
        supported = [key for key in supported if key in in_office]
    return supported[0] if len(supported) == 1 else None


def _is_introduced(chain: Chain, linker: Linker) -> bool:
    """Tell whether a noun before the name says who it is: "Oberst Merz", "der SPD-Politiker Merz"."""
    return any(found.begin and linker.doc[found.begin - 1].tag_ == "NN" for found in chain.found)


def _has_held(person: str, chain: Chain, linker: Linker) -> bool:
    """Tell whether a person has held, whenever it was, the office that stands before a name: "Bundeskanzler Merz"."""
    begins = {found.begin for found in chain.found}
    offices = [(f.noun, f.owned.owner) for f in linker.found if f.noun and f.owned and f.owned.end in begins]
    return any(
        holder == person and _SAME_OFFICE.get(held, held) == _SAME_OFFICE.get(title, title) and owner in (None, country)
        for title, owner in offices
        for country, held, holder, _, _ in linker.gazetteer.holders
    )


def _supports(entity: Entity, linker: Linker) -> bool:
    """Tell whether the article names the country of a person whom it calls by surname alone."""
    return entity.country is None or entity.country in linker.countries or entity.wikidata is not None


def _in_office(person: str, linker: Linker) -> bool:
    """Tell whether a person holds an office on the day of the article, in which no full name is needed."""
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
