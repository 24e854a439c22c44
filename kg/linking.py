"""Mentions become entities with identifiers; `link_entities` is the entry point."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace

from spacy.tokens import Doc

from kg.coref import Chain, acronyms, bare_name, chain_persons, is_genitive
from kg.german.gazetteer import Candidate, Gazetteer, adjective_label, load_gazetteer, slug
from kg.mentions import Found, find_all
from kg.model import Article, Entity, EntityInArticle, Mention, Position
from kg.summits import SummitPhrase, edition, find_summits, summit_key

_KIND_ORDER = ("capital", "seat", "city", "region", "water", "area", "building", "weak", "town")
_ARMY = {"Armee", "Streitkräfte", "Militär"}


class _Linker:
    """What is known of one article while its mentions are linked."""

    def __init__(self, doc: Doc, article: Article) -> None:
        self.doc = doc
        self.article = article
        self.gazetteer = load_gazetteer()
        self.found = find_all(doc, article)
        self.entities: dict[str, Entity] = {}
        self.mentions: dict[str, list[Mention]] = defaultdict(list)
        self.positions: dict[str, list[Position]] = defaultdict(list)
        self.person_at: dict[int, str] = {}
        """Token index to the person whose name stands there."""
        self.countries = Counter(c.key for f in self.found if f.mention.type == "Country" for c in f.candidates[:1])

    def add(self, entity: Entity, mentions: Iterable[Mention]) -> None:
        self.entities.setdefault(entity.key, entity)
        self.mentions[entity.key].extend(mentions)

    def surface(self, found: Found) -> str:
        return self.doc[found.begin : found.end].text

    def of_type(self, type_: str) -> list[Found]:
        return [f for f in self.found if f.mention.type == type_ and f.mention.kind != "office"]


def link_entities(doc: Doc, article: Article) -> tuple[EntityInArticle, ...]:
    """Return the entities of an article, sorted by key, each with its mentions in text order and its positions.

    Every key that an entity or a position names is among them; such an entity may have no mention, or none but
    adjectives. `doc` comes from `kg.german.parse(nlp, article)`.
    """
    linker = _Linker(doc, article)
    _link_countries(linker)
    _link_places(linker)
    _link_organizations(linker)
    _link_bodies(linker)
    _link_missions(linker)
    _link_summits(linker)
    _link_persons(linker)
    _link_offices(linker)
    _add_named(linker)
    return tuple(
        EntityInArticle(
            linker.entities[key],
            tuple(sorted(set(linker.mentions[key]), key=lambda m: (m.span, m.kind))),
            tuple(dict.fromkeys(linker.positions[key])),
        )
        for key in sorted(linker.entities)
    )


def _link_countries(linker: _Linker) -> None:
    for found in linker.of_type("Country"):
        if found.candidates:
            linker.add(linker.gazetteer.entity(found.candidates[0].key), [found.mention])


def _link_places(linker: _Linker) -> None:
    places = linker.of_type("Place")
    forms = {linker.surface(f) for f in places}
    for found in places:
        candidate = _best_place(found.candidates, linker)
        if candidate is not None:
            entity = linker.gazetteer.entity(candidate.key)
        else:
            name = bare_name(_unquoted(linker.surface(found)), forms, linker.gazetteer, is_genitive(linker.doc, found))
            entity = Entity(f"place/{slug(name) or 'unbenannt'}", "Place", name)
        linker.add(entity, [found.mention])


def _best_place(candidates: Sequence[Candidate], linker: _Linker) -> Candidate | None:
    """Return the likeliest of the places of a name: of a country that the article names, then the weightiest kind."""

    def rank(candidate: Candidate) -> tuple[int, int]:
        country = linker.gazetteer.entity(candidate.key).country
        kind = _KIND_ORDER.index(candidate.kind) if candidate.kind in _KIND_ORDER else len(_KIND_ORDER)
        return (-linker.countries.get(country or "", 0) if kind > 2 else -10_000, kind)

    return min(candidates, key=rank, default=None)


def _link_organizations(linker: _Linker) -> None:
    organizations = [f for f in linker.of_type("Organization") if f.owned is None]
    forms = {linker.surface(f) for f in organizations}
    full = acronyms(linker.doc, organizations)
    keys: dict[int, Entity] = {}
    for i, found in enumerate(organizations):
        if found.candidates:
            keys[i] = linker.gazetteer.entity(_best_organization(found.candidates, linker).key)
    names: dict[str, Entity] = {}
    for i, found in enumerate(organizations):
        if i in full and i not in keys:
            entity = keys.get(full[i])
            if entity is not None:
                keys[i] = entity
        if i not in keys:
            name = bare_name(_unquoted(linker.surface(found)), forms, linker.gazetteer, is_genitive(linker.doc, found))
            if i in full:
                name = linker.surface(organizations[full[i]])
            keys[i] = names.setdefault(name, Entity(f"organization/{slug(name) or 'unbenannt'}", "Organization", name))
    for i, found in enumerate(organizations):
        linker.add(keys[i], [found.mention])


def _best_organization(candidates: Sequence[Candidate], linker: _Linker) -> Candidate:
    """Return the organisation of a name whose country the article names most ("Nationalrat" in Austria, Switzerland)."""

    def rank(candidate: Candidate) -> int:
        return -linker.countries.get(linker.gazetteer.entity(candidate.key).country or "", 0)

    return min(candidates, key=rank)


def _unquoted(name: str) -> str:
    return name.strip("„“”\"«»‚‘'") or name


def _link_bodies(linker: _Linker) -> None:
    """Link "das russische Verteidigungsministerium", and "das Ministerium" to the body or country before it."""
    last: dict[str, str] = {}
    for found in linker.found:
        if found.owned is None or found.mention.kind == "office" or found.noun is None:
            continue
        owner = found.owned.owner or last.get(found.noun) or _nearest_country(linker, found)
        if owner is None:
            continue
        if found.owned.owner is not None:
            last[found.noun] = owner
        linker.add(body_entity(owner, found.noun, linker.gazetteer), [found.mention])


def _nearest_country(linker: _Linker, found: Found) -> str | None:
    """Return the country mentioned last before a mention in its paragraph, else the one mentioned most."""
    before = [f for f in linker.found if f.mention.type == "Country" and f.candidates and f.begin < found.begin]
    if before:
        return before[-1].candidates[0].key
    return min(linker.countries, key=lambda k: (-linker.countries[k], k), default=None)


def body_entity(owner: str, noun: str, gazetteer: Gazetteer) -> Entity:
    """Return the body of a state: one with a name of its own (Pentagon), else "Südkoreanisches Verteidigungsministerium".

    Of an organisation ("EU-Parlament") it is "Parlament der EU" by the organisation's label.
    """
    named = gazetteer.named_bodies.get((owner, noun))
    if named is not None:
        return gazetteer.entity(named)
    state = gazetteer.entity(owner)
    gender = gazetteer.bodies[noun].gender
    stem = gazetteer.stems.get(owner)
    if owner == "country/US":
        label = f"US-{noun}"
    elif stem is None:
        label = f"{noun} ({state.label})"
    else:
        label = adjective_label("Schweizer" if owner == "country/CH" else stem, noun, gender)
    aliases = [f"{noun} {state.label}"]
    if not state.label.endswith(("s", "x", "z", "ß")) and " " not in state.label:
        aliases += [f"{state.label}s {noun}", f"{noun} {state.label}s", f"{noun} von {state.label}"]
    if state.capital:
        city = gazetteer.entity(state.capital).label
        aliases.append(f"{noun} in {city}")
    country = owner if owner.startswith("country/") else state.country
    return Entity(f"organization/{slug(label)}", "Organization", label, aliases=tuple(aliases[1:]), country=country)


def _link_missions(linker: _Linker) -> None:
    missions = linker.of_type("Mission")
    forms = {linker.surface(f) for f in missions}
    for found in missions:
        if found.candidates:
            entity = linker.gazetteer.entity(found.candidates[0].key)
        else:
            name = bare_name(_unquoted(linker.surface(found)), forms, linker.gazetteer, is_genitive(linker.doc, found))
            entity = Entity(f"mission/{slug(name) or 'unbenannt'}", "Mission", name)
        linker.add(entity, [found.mention])


def _link_summits(linker: _Linker) -> None:
    """Link each phrase to its edition; "der Gipfel" with a place alone joins the series that met there."""
    phrases = find_summits(linker.doc, linker.gazetteer, linker.article)
    mentions = {(f.begin, f.end): f.mention for f in linker.found if f.mention.type == "Summit"}
    first: dict[str, tuple[int, str | None]] = {}
    named: dict[str, str] = {}
    for phrase in phrases:
        mention = mentions.get((phrase.begin, phrase.end))
        if mention is None:
            continue
        series = phrase.series or _series_at(phrase, linker)
        year, place = edition(replace(phrase, series=series), linker.doc, linker.article, linker.gazetteer)
        if series and phrase.place is None and phrase.year is None and series in first:
            year, place = first[series]
        if series and (phrase.place or phrase.year or series not in first):
            first[series] = (year, place)
        key = summit_key(series, place, year)
        label = linker.gazetteer.series.get(series, "Gipfel")
        if key in linker.entities:
            label = linker.entities[key].label
        elif place:
            label = f"{label} in {named.setdefault(key, place)} {year}"
        else:
            label = f"{label} {year}"
        entity = Entity(key, "Summit", label, series=series or None, year=year)
        linker.add(entity, [mention])


def _series_at(phrase: SummitPhrase, linker: _Linker) -> str:
    """Return the series that met at the phrase's place around publication: "Gipfel in Vilnius" in 2023 -> Nato."""
    year = phrase.year or linker.article.published.year
    met = [s for (s, place), years in linker.gazetteer.editions.items() if place == phrase.place and year in years]
    return met[0] if len(met) == 1 else ""


def _link_persons(linker: _Linker) -> None:
    persons = [f for f in linker.of_type("Person")]
    for chain in chain_persons(linker.doc, persons, linker.gazetteer):
        entity = _person(chain, linker)
        if entity is None:
            continue
        linker.add(entity, [f.mention for f in chain.found])
        for found in chain.found:
            for i in range(found.begin, found.end):
                linker.person_at[i] = entity.key


def _person(chain: Chain, linker: _Linker) -> Entity | None:
    """Return the person of a chain; None for a surname that neither the recogniser nor the article supports."""
    full = [n for n in chain.names if " " in n]
    for name in sorted(full, key=lambda n: (-len(n), n)):
        known = [c for c in linker.gazetteer.lookup(name) if c.kind == "person"]
        if len(known) == 1:
            return linker.gazetteer.entity(known[0].key)
    if full:
        return Entity(f"person/{slug(chain.full)}", "Person", chain.full)
    name = chain.names[0]
    candidates = {c.key: c for n in chain.names for c in linker.gazetteer.lookup(n) if c.type == "Person"}
    supported = [key for key in sorted(candidates) if _supports(linker.gazetteer.entity(key), chain, linker)]
    if len(supported) > 1:
        supported = [key for key in supported if _in_office(key, linker)] or supported
    if len(supported) == 1:
        return linker.gazetteer.entity(supported[0])
    return Entity(f"person/{slug(name)}--{linker.article.stem}", "Person", name)


def _supports(entity: Entity, chain: Chain, linker: _Linker) -> bool:
    """Tell whether the article names the country of a person whom it calls by surname alone."""
    return entity.country is None or linker.countries.get(entity.country, 0) > 0 or entity.wikidata is not None


def _in_office(key: str, linker: _Linker) -> bool:
    day = linker.article.published.isoformat()
    return any(
        person == key and begin <= day and (not end or day <= end)
        for _, _, person, begin, end in linker.gazetteer.holders
    )


def _link_offices(linker: _Linker) -> None:
    """Give each office to the person named right after it, else to the one of the article who holds it."""
    held: dict[tuple[str, str | None], str] = {}
    for found in linker.found:
        if found.mention.kind != "office" or found.owned is None or found.noun is None:
            continue
        title, owner = found.noun, found.owned.owner
        person = linker.person_at.get(found.end)
        if person is not None:
            linker.positions[person].append(Position(title, owner))
            held[title, owner] = person
            held.setdefault((title, None), person)
            held[title, None] = person
        else:
            person = held.get((title, owner)) or _holder(title, owner, linker)
        if person is not None:
            linker.add(linker.entities[person], [found.mention])


_SAME_OFFICE = {
    "Staatschef": "Präsident", "Staatspräsident": "Präsident", "Kremlchef": "Präsident", "Kreml-Chef": "Präsident",
    "Kremlherrscher": "Präsident", "Machthaber": "Präsident", "Kanzler": "Bundeskanzler", "Kanzlerin": "Bundeskanzler",
    "Bundeskanzlerin": "Bundeskanzler", "Premier": "Premierminister", "Regierungschef": "Premierminister",
    "Premierministerin": "Premierminister", "Ministerpräsident": "Premierminister",
}  # fmt: skip


def _holder(title: str, owner: str | None, linker: _Linker) -> str | None:
    """Return the person of the article who held an office of a country at the time, if it is one alone."""
    if owner is None:
        return None
    office = _SAME_OFFICE.get(title, title)
    day = linker.article.published.isoformat()
    holders = {
        person
        for country, held, person, begin, end in linker.gazetteer.holders
        if country == owner and _SAME_OFFICE.get(held, held) == office and begin <= day and (not end or day <= end)
    }
    named = sorted(holders & linker.entities.keys())
    return named[0] if len(named) == 1 else None


def _add_named(linker: _Linker) -> None:
    """Add the entities that others name by key: countries of bodies, capitals, owners of offices."""
    gazetteer = linker.gazetteer
    pending = set(linker.entities)
    while pending:
        key = pending.pop()
        entity = linker.entities[key]
        named = {entity.country, *(p.of for p in linker.positions.get(key, ()))} - {None}
        for other in named:
            if other is not None and other not in linker.entities:
                linker.entities[other] = gazetteer.entity(other)
                pending.add(other)
