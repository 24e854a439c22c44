"""Organisations: by name, by acronym, by the common noun that takes a name up, and bodies of states by their state."""

from collections.abc import Sequence

from kg.coref import acronyms
from kg.german.forms import adjective_label, slug
from kg.german.gazetteer import Candidate, Gazetteer
from kg.linker import Linker, forms_of
from kg.model import Entity
from kg.owners import Owners

_TAKEN_UP = {
    "Allianz": ("organization/nato",),
    "Bündnis": ("organization/nato",),
    "Union": ("organization/europaeische-union", "organization/afrikanische-union"),
    "Gemeinschaft": ("organization/europaeische-gemeinschaft", "organization/ecowas"),
    "Kommission": ("organization/europaeische-kommission", "organization/kommission-der-afrikanischen-union"),
    "Rat": ("organization/un-sicherheitsrat", "organization/europaeischer-rat"),
    "Liga": ("organization/arabische-liga",),
    "Weltorganisation": ("organization/vereinte-nationen",),
}
"""Common nouns that recognisers take for names, and what they take up, first choice first."""
_NAMELESS = frozenset(_TAKEN_UP) - {"Union", "Liga"}
"""Those of them that are no name where they take nothing up."""
_IMPLIED = {"organization/europaeische-kommission": "organization/europaeische-union"}
"""What may be taken up without having been named where the other has."""


def link_organizations(linker: Linker) -> None:
    """Link the organisations that go by a name."""
    organizations = linker.of_type("Organization")
    forms = forms_of(linker, organizations)
    longer = acronyms(linker.doc, organizations)
    linked: dict[int, Entity] = {}
    for i, found in enumerate(organizations):
        known = found.candidates or linker.known(linker.base_name(found, forms), "Organization")
        if known:
            linked[i] = linker.gazetteer.entity(_likeliest(known, linker).key)
            linker.entities.setdefault(linked[i].key, linked[i])
    for i, found in enumerate(organizations):
        if i in linked:
            continue
        name = linker.base_name(found, forms)
        before = longer.get(i)
        if before is not None:
            linked[i] = linked.get(before) or linker.entity_named(
                "Organization", linker.base_name(organizations[before], forms)
            )
        else:
            taken_up = _taken_up(name, linker)
            if taken_up is not None:
                linked[i] = linker.gazetteer.entity(taken_up)
            elif name not in _NAMELESS:
                linked[i] = linker.entity_named("Organization", name)
    for short, full in longer.items():
        if full in linked and short in linked and linked[short].key in linker.gazetteer:
            linked[full] = linked[short]
    used = {entity.key for entity in linked.values()}
    for key in [k for k, e in linker.entities.items() if e.type == "Organization" and k not in used]:
        del linker.entities[key]
    for i, entity in linked.items():
        linker.add(entity, [organizations[i]])


def _likeliest(candidates: Sequence[Candidate], linker: Linker) -> Candidate:
    """Return the organisation whose country the article names most ("Nationalrat" in Austria, in Switzerland)."""
    return min(candidates, key=lambda c: linker.rank(linker.gazetteer.entity(c.key).country))


def _taken_up(name: str, linker: Linker) -> str | None:
    """Return what a common noun takes up: "die Allianz" for the Nato that the article has named."""
    for key in _TAKEN_UP.get(name, ()):
        if key in linker.entities or _IMPLIED.get(key) in linker.entities:
            return key
    return None


def link_bodies(linker: Linker) -> None:
    """Link "das russische Verteidigungsministerium", and "das Ministerium" to the body or country before it."""
    owners = Owners(linker)
    last: dict[str, str] = {}
    ministry: Entity | None = None
    for found in linker.found:
        if found.owned is None or found.mention.kind == "office" or found.noun is None:
            continue
        if found.noun == "Ministerium" and found.owned.owner is None:
            if ministry is not None:
                linker.add(ministry, [found])
            continue
        owner = found.owned.owner or last.get(found.noun) or owners.find_owner(found)
        if owner is None:
            continue
        if found.owned.owner is not None:
            last[found.noun] = owner
        body = body_entity(owner, found.noun, linker.gazetteer)
        ministry = body if found.noun.endswith("ministerium") else ministry
        linker.add(body, [found])


def body_entity(owner: str, noun: str, gazetteer: Gazetteer) -> Entity:
    """Return the body of a state: by a name of its own (Pentagon), else "Südkoreanisches Verteidigungsministerium".

    An organisation's body ("EU-Militärausschuss") goes by noun and organisation.
    """
    named = gazetteer.named_bodies.get((owner, noun))
    if named is not None:
        return gazetteer.entity(named)
    state = gazetteer.entity(owner)
    stem = gazetteer.stems.get(owner)
    body = gazetteer.bodies[noun]
    if owner == "country/US":
        label = f"US-{noun}"
    elif owner == "country/CH":
        label = f"Schweizer {noun}"
    elif stem is not None:
        label = adjective_label(stem, noun, body.gender)
    else:
        label = f"{noun} ({state.label})"
    aliases = []
    if " " not in state.label and state.label[-1] not in "sxzß":
        aliases += [f"{state.label}s {noun}", f"{noun} {state.label}s", f"{noun} von {state.label}"]
    if state.capital:
        aliases.append(f"{noun} in {gazetteer.entity(state.capital).label}")
    country = owner if owner.startswith("country/") else state.country
    english = f"{body.english} ({state.label_en})" if state.label_en else None
    key = f"organization/{slug(label)}"
    return Entity(key, "Organization", label, english, aliases=tuple(aliases), country=country)
