"""Several figures under one trigger: "Australien verlegt 350, Neuseeland 60 und Fidschi 80 Polizisten" is three claims.

Only where the sentence itself pairs them: each figure stands directly behind its own country, whether or not that
country was found to send anything, counts its people ("270 Niederländer und 140 Norweger"), or stands before a
preposition with its own place ("2000 Soldaten nach Estland und 1500 nach Lettland").
"""

from collections.abc import Container, Sequence
from dataclasses import replace

from kg.details import COUNTED
from kg.model import Claim, Figure, Reason
from kg.quantities import counts_money, counts_people
from kg.reading import Place, Reading
from kg.wordlists import words_of

_PREPOSITIONS = words_of("prepositions")
_WITH = frozenset({"mit", "je", "jeweils"})
_ROLES = ("sender", "destination", "origin")
_PARTS = frozenset({"DET", "ADJ"})
_JOINING = frozenset({",", ";", "und"})
_SENDERS = frozenset({"Country", "Organization"})
_NEAR = 3
"""Words between a figure and the place that goes with it: "nach dem nördlichen Mali"."""

_Counted = tuple[int, int, Figure]
"""A figure with its half-open token range."""


def split_by_figures(reading: Reading, token: int, claim: Claim) -> list[Claim]:
    """Return a claim for each pair of filler and figure in the sentence of the trigger at `token`.

    Who stands with a figure and without a verb behind a comma or "und" sends as well: "Thailand will gut 1000 Mann
    entsenden, Frankreich 500".

    The claim comes back as it is where fewer than two fillers of one role have a figure of their own. Fillers of that
    role without one keep a claim without a figure.
    """
    if COUNTED.get(claim.type) != "personnel":
        return [claim]
    number = reading.sentence_of[token]
    counted = _forces(reading, number)
    claims = _split_at_pairs(reading, number, claim, counted)
    sending = {key for each in claims for key in each.roles.get("sender", ())}
    gapped = {key: figure for key, figure in _gapped(reading, number, claim, counted).items() if key not in sending}
    told = [replace(each, personnel=None) if each.personnel in gapped.values() else each for each in claims]
    return told + [
        replace(_of_one(reading, claim, "sender", key, sending), personnel=figure) for key, figure in gapped.items()
    ]


def _split_at_pairs(reading: Reading, number: int, claim: Claim, counted: Sequence[_Counted]) -> list[Claim]:
    if len(counted) < 2 or claim.personnel is None:
        return [claim]
    for role in _ROLES:
        for pair in (_behind, _of_people, _before_place):
            is_listed = (role, pair) == ("sender", _behind)
            keys = _with_those_beside(reading, number, claim, counted) if is_listed else claim.roles.get(role, ())
            found = pair(reading, number, keys, counted)
            if len(set(found.values())) >= 2:
                return _split(reading, claim, role, found)
    return [claim]


def _with_those_beside(reading: Reading, number: int, claim: Claim, counted: Sequence[_Counted]) -> tuple[str, ...]:
    """Return the senders with those named beside one in the same way: "London hat 300, Paris 120 Mann entsandt"."""
    senders = claim.roles.get("sender", ())
    if not _behind(reading, number, senders, counted):
        return senders
    others = {key for role, keys in claim.roles.items() if role != "sender" for key in keys}
    named = (reading.entities[place.entity].entity for place in reading.places_in[number])
    beside = [entity.key for entity in named if entity.type in _SENDERS and entity.key not in others]
    return tuple(sorted({*senders, *_behind(reading, number, beside, counted)}))


def _gapped(reading: Reading, number: int, claim: Claim, counted: Sequence[_Counted]) -> dict[str, Figure]:
    """Return who sends as a sender before does, by key, with the figure behind: ", | Frankreich (mit) 500"."""
    senders = claim.roles.get("sender", ())
    others = {key for keys in claim.roles.values() for key in keys}
    begins = {begin: figure for begin, _, figure in counted}
    found: dict[str, Figure] = {}
    led = False
    for place in reading.places_in[number]:
        entity = reading.entities[place.entity].entity
        led = led or entity.key in senders
        before = place.begin - 1
        while before > 0 and reading.pos[before] == "DET":
            before -= 1
        opens = reading.lower[before] in _JOINING
        figure = begins.get(place.end + (reading.pos[place.end] == "ADP")) if place.end < len(reading.pos) else None
        if led and opens and figure is not None and entity.type in _SENDERS and entity.key not in others:
            found.setdefault(entity.key, figure)
    return found


def _forces(reading: Reading, number: int) -> list[_Counted]:
    """Return the figures of a sentence that count people, and bare ones beside them."""
    figures = [item for item in reading.figures_in[number] if not counts_money(item[2])]
    if not any(counts_people(figure) for _, _, figure in figures):
        return []
    return [item for item in figures if counts_people(item[2]) or _is_bare(reading, item)]


def _is_bare(reading: Reading, counted: _Counted) -> bool:
    begin, end, _ = counted
    return not any(reading.pos[i] in {"NOUN", "PROPN"} for i in range(begin, end))


def _behind(reading: Reading, number: int, keys: Sequence[str], counted: Sequence[_Counted]) -> dict[str, Figure]:
    """Pair each entity with the figure behind it: "Polen bis zu 200", "Bangladesch mit 1000", "Oslo schickt 300"."""
    found: dict[str, Figure] = {}
    for place, key in _places(reading, number, keys):
        for begin, _, figure in counted:
            between = range(place.end, begin)
            joined = all(reading.lower[i] in _WITH or reading.pos[i] in {"VERB", "AUX"} for i in between)
            if begin >= place.end and len(between) <= 1 and joined:
                found.setdefault(key, figure)
    return found


def _of_people(reading: Reading, number: int, keys: Sequence[str], counted: Sequence[_Counted]) -> dict[str, Figure]:
    """Pair each entity with the figure of its people: "270 Niederländer", "350 australische Polizisten"."""
    found: dict[str, Figure] = {}
    for place, key in _places(reading, number, keys):
        for begin, end, figure in counted:
            if begin <= place.begin and place.end <= end:
                found.setdefault(key, figure)
    return found


def _before_place(reading: Reading, number: int, keys: Sequence[str], counted: Sequence[_Counted]) -> dict[str, Figure]:
    """Pair each entity with the figure before its preposition: "2000 Soldaten nach Estland"."""
    found: dict[str, Figure] = {}
    for place, key in _places(reading, number, keys):
        for _, end, figure in counted:
            between = range(end, place.begin)
            led = bool(between) and reading.lower[end] in _PREPOSITIONS and len(between) <= _NEAR
            if led and all(reading.pos[i] in _PARTS for i in between[1:]):
                found.setdefault(key, figure)
    return found


def _places(reading: Reading, number: int, keys: Sequence[str]) -> list[tuple[Place, str]]:
    own = ((place, reading.entities[place.entity].entity.key) for place in reading.places_in[number])
    return [(place, key) for place, key in own if key in keys]


def _split(reading: Reading, claim: Claim, role: str, found: dict[str, Figure]) -> list[Claim]:
    claims = [
        replace(_of_one(reading, claim, role, key, found), personnel=figure) for key, figure in sorted(found.items())
    ]
    rest = tuple(key for key in claim.roles[role] if key not in found)
    if rest:
        claims.append(replace(claim, roles={**claim.roles, role: rest}, personnel=None, unit=None))
    return claims


def _of_one(reading: Reading, claim: Claim, role: str, key: str, found: Container[str]) -> Claim:
    """Return the claim of one alone: who announces his own forces does not announce those of others."""
    said = tuple(source for source in claim.attributed_to if source == key or source not in found)
    reasons = claim.reasons
    if key not in claim.roles[role]:
        label = reading.entities[reading.index_of[key]].entity.label
        reasons = (*(r for r in reasons if r.part != role), Reason(role, label, "a figure of its own stands behind it"))
    return replace(claim, roles={**claim.roles, role: (key,)}, attributed_to=said, reasons=reasons)
