"""How people name what they correct, and how a correction is told in one line."""

import difflib
import re

from kg.curation.corrections import Correction
from kg.curation.plan import Plan
from kg.curation.reading import Reading
from kg.errors import CorrectionError
from kg.model import ENTITY_TYPES

_KEY = re.compile(r"[A-Za-z0-9._~-]+(/[A-Za-z0-9._~-]+)+(#char=\d{1,9},\d{1,9})?")
"""What stands after `BASE id/`: `person/kim-jong-un`, `claim/7f3a`, `article/STEM#char=90,120`."""
_ENTITIES = frozenset(name.lower() for name in ENTITY_TYPES)


def resolve(text: str, base_iri: str) -> str:
    """Return the IRI of the thing that a person names: by its IRI, by that of its page, or by what follows `BASE id/`.

    A claim or office as corrections leave it stands for the one that was read.

    Raises:
        CorrectionError: it is no name of a thing in this store.
    """
    key = text.strip().removeprefix("<").removesuffix(">")
    for prefix in (f"{base_iri}id/", f"{base_iri}page/"):
        key = key.removeprefix(prefix)
    if not _KEY.fullmatch(key):
        raise CorrectionError(
            f"{text!r} names nothing in this store, whose IRIs begin with {base_iri}id/.",
            "Copy an IRI from a page, or give what follows, like person/kim-jong-un.",
        )
    return f"{base_iri}id/{key.removesuffix('/corrected')}"


def find_thing(text: str, plan: Plan, reading: Reading) -> str:
    """Return the IRI of the thing that a person names, as `resolve` does; an entity has to be in the store.

    Raises:
        CorrectionError: it is no name of a thing in this store; where one has a name much like it, that is said.
    """
    iri = resolve(text, reading.mint.base)
    key = reading.key(iri)
    if key.partition("/")[0] in _ENTITIES and not plan.entity_type(iri, reading):
        near = difflib.get_close_matches(key, map(reading.key, reading.entities()), 1, 0.8)
        hint = f"Did you mean {near[0]}?" if near else "Copy its IRI from its page."
        raise CorrectionError(f"The store has no entity {key}.", hint)
    return iri


def find_claims(thing: str, reading: Reading) -> list[str]:
    """Return the claims that an event is made of, or the thing itself, by its IRI.

    Raises:
        CorrectionError: there is no such event.
    """
    if not reading.key(thing).startswith("event/"):
        return [thing]
    found = reading.claims_about(thing)
    if not found:
        raise CorrectionError(f"The store has no {reading.key(thing)}.", "Copy an event's IRI from its page.")
    return found


def find_read(entity: str, place: str, plan: Plan, reading: Reading) -> str:
    """Return what an entity was read as at a place: it may have been another that is merged into it.

    Raises:
        CorrectionError: several that were read there are this entity.
    """
    found = sorted(read for read in reading.entities_at(place) if plan.canonical(read) == plan.canonical(entity))
    if entity in found or not found:
        return entity
    if len(found) > 1:
        named = " and ".join(map(reading.key, found))
        raise CorrectionError(f"{reading.key(entity)} was read as {named} there.", "Say which of them.")
    return found[0]


def make_key(like: str, label: str, reading: Reading) -> str:
    """Return the IRI of an entity that is new to the store, of the kind of another one, from its name."""
    from kg.german.forms import slug  # noqa: PLC0415 - a second of imports that nothing else here needs

    stem = f"{like.rpartition('/')[0]}/{slug(label) or 'unnamed'}"
    known = {correction.meant for correction in reading.corrections()}
    taken = (f"{stem}-{number}" for number in range(2, 10_000))
    iri = stem
    while iri in known or reading.entity_type(iri):
        iri = next(taken)
    return iri


def describe_correction(correction: Correction, reading: Reading) -> str:
    """Tell in one line what a correction says."""
    target, meant = reading.key(correction.target), reading.key(correction.meant)
    others = ", ".join(map(reading.key, correction.others))
    match correction.kind:
        case "Merge":
            said = f"{target} is {meant}"
        case "Split":
            name = f" ({correction.label})" if correction.label else ""
            said = f"in {target}, {reading.key(correction.read_as)} is {meant}{name}"
        case "Relabelling":
            said = f"{target} is called {correction.label} ({correction.language})"
        case "Rejection":
            said = f"{target} is rejected"
        case "RoleChange":
            fillers = ", ".join(map(reading.key, correction.fillers)) or "nobody"
            said = f"{target}: {correction.role} is {fillers}"
        case "StatusChange":
            said = f"{target} is {correction.status}"
        case "SameEvent":
            said = f"{target} is about the same event as {others}"
        case "OtherEvent":
            said = f"{target} is about another event than {others}"
    return said
