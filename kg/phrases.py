"""Phrases around a noun that say whose it is: offices, bodies of a state, summits.

All work on tokens and the gazetteer alone ("das russische Verteidigungsministerium", "Israels Armee", "Parlament in
Ankara", "US-Präsident"), so that they hold where the parser or the name recogniser errs.
"""

import re
from dataclasses import dataclass

from spacy.tokens import Doc

from kg.german.gazetteer import Body, Gazetteer, Office, read_words

_INDEFINITE = {"ein", "eine", "einen", "einem", "einer", "eines", "kein", "keine", "keinen", "keinem", "keiner", "jede"}
_UNITS = tuple(read_words("names")["units"])
_ORDINAL = re.compile(r"\d{1,3}\.")
_SHIPS = (
    "schiff",
    "flugzeugträger",
    "hubschrauberträger",
    "zerstörer",
    "fregatte",
    "kreuzer",
    "korvette",
    "boot",
    "tanker",
    "frachter",
)
_LINKS = {"von", "der", "des", "aus"}
_SPAN_LIMIT = 4


@dataclass(frozen=True, slots=True)
class Owned:
    """A noun with its owner: tokens `begin` to `end`, the noun at `head`."""

    begin: int
    head: int
    end: int
    owner: str | None
    """Key of the country or organisation; None where the phrase does not say."""


def country_at(doc: Doc, begin: int, end: int, gazetteer: Gazetteer) -> str | None:
    """Return the country that tokens name by itself or by its capital, genitive or not."""
    for candidate in gazetteer.lookup(doc[begin:end].text):
        if candidate.type == "Country":
            return candidate.key
        if candidate.kind in {"capital", "seat"}:
            return gazetteer.capitals.get(candidate.key)
    return None


def compound_owner(prefix: str, gazetteer: Gazetteer) -> str | None:
    """Return whose a compound is by its first part: "US" in "US-Präsident", "Nato" in "Nato-Truppen"."""
    for candidate in gazetteer.lookup(prefix):
        if candidate.type in {"Country", "Organization"} and candidate.kind not in {"medium", "company", "platform"}:
            return candidate.key
    return None


def _left_owner(doc: Doc, i: int, gazetteer: Gazetteer) -> tuple[int, str | None]:
    """Return where the owner before token `i` begins, and its key: "russische", "Israels", "Moskaus neue"."""
    for back in (1, 2):
        j = i - back
        if j < 0 or doc[j].is_space:
            break
        text = doc[j].text
        if text in gazetteer.adjectives:
            return j, gazetteer.adjectives[text]
        if text[:1].isupper() and text[-1:] in "s’'xz" and (key := country_at(doc, j, j + 1, gazetteer)):
            return j, key
        if not (text.islower() and text[-1:] in "enrsm" and len(text) > 4):
            break
    return i, None


def _right_owner(doc: Doc, i: int, gazetteer: Gazetteer, *, seats: bool) -> tuple[int, str | None]:
    """Return where the owner after token `i` ends, and its key: "der Ukraine", "Myanmars", with `seats` "in Moskau"."""
    links = _LINKS | {"in"} if seats else _LINKS
    j = i + 1
    while j < len(doc) and j <= i + 2 and doc[j].text in links:
        j += 1
    for end in range(min(len(doc), j + _SPAN_LIMIT), j, -1):
        key = country_at(doc, j, end, gazetteer)
        genitive = doc[end - 1].text[-1] == "s"
        if key is not None and (genitive or j > i + 1):
            return end, key
    return i + 1, None


def owned_noun(doc: Doc, i: int, gazetteer: Gazetteer, *, seats: bool = True) -> Owned:
    """Return the noun at token `i` with the owner that its phrase gives, before or after it.

    `seats`: whether the seat of government names the owner too, as in "das Parlament in Ankara".
    """
    begin, owner = _left_owner(doc, i, gazetteer)
    if owner is not None:
        return Owned(begin, i, i + 1, owner)
    end, owner = _right_owner(doc, i, gazetteer, seats=seats)
    return Owned(i, i, end, owner)


def find_body(doc: Doc, i: int, gazetteer: Gazetteer) -> tuple[Body, Owned] | None:
    """Return the body of a state that token `i` names, with its owner where the phrase gives one.

    "US-Außenministerium", "türkische Marine", "Armee Myanmars"; a noun without owner only where it is definite.
    """
    text = doc[i].text
    prefix, hyphen, rest = text.rpartition("-")
    if hyphen and rest in gazetteer.bodies:
        owner = compound_owner(prefix, gazetteer)
        return (gazetteer.bodies[rest], Owned(i, i, i + 1, owner)) if owner else None
    if text.startswith("Bundes") and text[6:7].isalpha():
        rest = text[6].upper() + text[7:]
        if rest in gazetteer.bodies and rest.endswith(("ministerium", "ministeriums")):
            return gazetteer.bodies[rest], Owned(i, i, i + 1, "country/DE")
    body = gazetteer.bodies.get(text)
    if body is None or any(c.type == "Place" for c in gazetteer.lookup(text)):  # "Oberhausen"
        return None
    owned = owned_noun(doc, i, gazetteer)
    if owned.owner is None and i > 0 and doc[i - 1].lower_ in _INDEFINITE:
        return None
    return body, owned


def find_office(doc: Doc, i: int, gazetteer: Gazetteer) -> tuple[Office, Owned] | None:
    """Return the office that token `i` names, with its owner: "US-Präsident", "russischen Präsidenten", "Kremlchef"."""
    text = doc[i].text
    office = gazetteer.offices.get(text)
    if office is not None:
        if office.of is not None:
            return office, Owned(i, i, i + 1, office.of)
        return office, owned_noun(doc, i, gazetteer, seats=False)
    prefix, hyphen, rest = text.rpartition("-")
    if hyphen and rest:
        office = gazetteer.offices.get(rest) or gazetteer.offices.get(rest.capitalize())
        owner = compound_owner(prefix, gazetteer) if office else None
        if office and owner:
            return office, Owned(i, i, i + 1, owner)
    return None


def names_ship(doc: Doc, begin: int) -> bool:
    """Tell whether the name at `begin` is a ship's: "USS Harry S. Truman", "Flugzeugträger „Charles de Gaulle“"."""
    before = begin - 1
    if before >= 0 and doc[before].text in {"„", '"', "«", "»", "“"}:
        before -= 1
    return before >= 0 and (doc[before].text in {"USS", "HMS"} or doc[before].lower_.endswith(_SHIPS))


def find_unit(doc: Doc, i: int) -> tuple[int, int] | None:
    """Return the tokens of a numbered unit whose noun is token `i`: "15. motorisierte Schützenbrigade"."""
    if not doc[i].text[0].isupper() or not doc[i].lower_.endswith(_UNITS):
        return None
    for begin in range(i - 1, max(-1, i - 4), -1):
        if _ORDINAL.fullmatch(doc[begin].text):
            return begin, i + 1
        if not (doc[begin].text[0].islower() or doc[begin].text in {"Leichten", "Leichte"}):
            break
    if i + 1 < len(doc) and doc[i + 1].text.isdigit() and len(doc[i + 1].text) < 4 and len(doc[i].text) > 10:
        return i, i + 2
    return None
