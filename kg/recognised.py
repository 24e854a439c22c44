"""The recognised names of an article, checked against the words in them and against each other.

A recogniser that has seen few articles takes common nouns for names, weapons for people and a surname once for a person
and once for a place; what stands in the words and elsewhere in the article sets much of that right.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import simplemma
from spacy.tokens import Doc
from spacy.tokens import Span as TokenSpan

from kg.german.gazetteer import Gazetteer, read_words
from kg.model import ENTITY_TYPES, EntityType

_WORDS = {key: tuple(words) for key, words in read_words("names").items()}
_WEAPONS = read_words("names")["weapons"]
_QUOTES = frozenset("„“”\"«»‚‘'’›‹")
_ACRONYM = re.compile(r"[A-ZÄÖÜ]{2,5}")
_SHORTEST_SURNAME = 3
_LONG_WORD = 8
"""Letters; a shorter word that ends like a place ("Brücke") is a common noun."""
_NAME_TAGS = {"PROPN", "X", "NUM"}


@dataclass(frozen=True, slots=True)
class Recognised:
    """A recognised name by its tokens `begin` to `end` (half-open)."""

    begin: int
    end: int
    type: EntityType

    def overlaps(self, begin: int, end: int) -> bool:
        """Tell whether it shares a token with `begin` to `end`."""
        return self.begin < end and begin < self.end


def check_names(doc: Doc, gazetteer: Gazetteer) -> list[Recognised]:
    """Return the recognised names of a `Doc` in text order: trimmed, their classes set right, common words left out."""
    names = [name for ent in doc.ents if (name := _trim(ent, gazetteer)) is not None]
    names = [replace(name, type=_type_by_words(doc, name, gazetteer)) for name in names]
    surnames = {doc[n.end - 1].text for n in names if n.type == "Person" and n.end - n.begin > 1}
    names = sorted([*names, *_missed_surnames(doc, names, surnames)], key=lambda name: (name.begin, name.end))
    votes: dict[str, Counter[EntityType]] = defaultdict(Counter)
    for name in names:
        votes[_bare(doc, name)][name.type] += 1
    return [
        replace(name, type=_elect(name, votes[_bare(doc, name)], known=_bare(doc, name) in surnames))
        for name in names
        if _bare(doc, name) in surnames or _is_name(doc, name, gazetteer)
    ]


def _missed_surnames(doc: Doc, names: Sequence[Recognised], surnames: set[str]) -> Iterator[Recognised]:
    """Yield the words that are the surname of a person of the article and that the recogniser has passed over."""
    covered = {i for name in names for i in range(name.begin, name.end)}
    for token in doc:
        text = token.text
        bare = text[:-1] if text.endswith("s") and text not in surnames else text
        if token.i in covered or bare not in surnames or len(bare) < _SHORTEST_SURNAME or not text[0].isupper():
            continue
        if token.pos_ == "PROPN" or not simplemma.is_known(text, "de"):
            yield Recognised(token.i, token.i + 1, "Person")


def _bare(doc: Doc, name: Recognised) -> str:
    text = doc[name.begin : name.end].text
    return text[:-1] if text.endswith("s") and len(text) > 3 else text


def _elect(name: Recognised, votes: Counter[EntityType], *, known: bool) -> EntityType:
    """Return the class that most mentions of a name have; a surname known from a full name is a person's."""
    if known and name.type in {"Person", "Place", "Organization"}:
        return "Person"
    return max(votes, key=lambda kind: (votes[kind], kind == name.type))


def _trim(ent: TokenSpan, gazetteer: Gazetteer) -> Recognised | None:
    """Drop punctuation around a name, and common nouns around a person's: "Oligarchen Viktor Medwedtschuk"."""
    type_ = next((kind for kind in ENTITY_TYPES if kind == ent.label_), None)
    if type_ is None:
        return None
    doc, begin, end = ent.doc, ent.start, ent.end

    def outside(i: int) -> bool:
        return doc[i].text in _QUOTES or doc[i].is_space or (doc[i].is_punct and doc[i].text not in {")", "."})

    while begin < end and outside(begin):
        begin += 1
    while begin < end and outside(end - 1):
        end -= 1
    while begin < end - 1 and doc[begin].text in gazetteer.adjectives and doc[begin].text.islower():
        begin += 1
    if end - begin > 1 and all(_is_certain(doc[i].text, gazetteer) for i in range(begin, end)):
        return None
    if end - begin == 1 and type_ == "Person":
        begin = _extend(doc, begin, gazetteer)
    named = (
        begin > 0
        and end - begin > 1
        and type_ in {"Place", "Organization"}
        and doc[begin - 1].text in gazetteer.offices
    )
    if named or (end - begin > 1 and _opens_person(doc, begin, gazetteer)):
        type_ = "Person"
    if type_ == "Person":
        begin, end = _trim_person(doc, begin, end, gazetteer)
    return Recognised(begin, end, type_) if begin < end else None


def _is_certain(word: str, gazetteer: Gazetteer) -> bool:
    """Tell whether a word is a name of its own, as both of "dass Pjöngjang Moskau beliefert"."""
    return any(not c.weak and c.type in {"Country", "Place"} for c in gazetteer.lookup(word))


def _extend(doc: Doc, begin: int, gazetteer: Gazetteer) -> int:
    """Return where a lone surname begins with the given name that the recogniser has missed: "Dmytro Ponomarenko"."""
    before = doc[begin - 1] if begin else None
    if before is None or before.pos_ != "PROPN" or not before.text.istitle() or before.text in gazetteer.offices:
        return begin
    known = gazetteer.lookup(before.text) or before.text in gazetteer.adjectives or before.text in gazetteer.inhabitants
    return begin if known or before.text in gazetteer.bodies or simplemma.is_known(before.text, "de") else begin - 1


def _opens_person(doc: Doc, begin: int, gazetteer: Gazetteer) -> bool:
    """Tell whether an office or a common noun for a person comes before a name: "Vizepräsident Kagame"."""
    text = doc[begin].text
    return text.rpartition("-")[2].capitalize() in gazetteer.offices or text.lower() in _WORDS["persons"]


def _trim_person(doc: Doc, begin: int, end: int, gazetteer: Gazetteer) -> tuple[int, int]:
    """Drop an office before a person's name, and what follows a genitive ("Alonsos Elf", "Putins Armee")."""
    while end - begin > 1 and _opens_person(doc, begin, gazetteer):
        if doc[begin + 1].text[0].islower():
            break
        begin += 1
    while end - begin > 2 and doc[end - 1].pos_ in {"NOUN", "ADJ"} and doc[end - 2].text.endswith("s"):
        end -= 1
    if end - begin == 2 and doc[begin].text.endswith("s") and doc[begin + 1].text in gazetteer.bodies:
        end -= 1
    return begin, end


def _type_by_words(doc: Doc, name: Recognised, gazetteer: Gazetteer) -> EntityType:
    """Return the class that the words of a name give: "Flughafen Goma" is a place, "Landgericht Kiel" is none."""
    if name.type not in {"Person", "Place", "Organization"}:
        return name.type
    longer = name.end - name.begin > 1
    first, last = doc[name.begin].lower_, doc[name.end - 1].lower_
    if longer and first.endswith(_WORDS["open_places"]):
        return "Place"
    if (
        (longer and first in _WORDS["open_organizations"])
        or (not longer and _ACRONYM.fullmatch(doc[name.begin].text) and not gazetteer.lookup(doc[name.begin].text))
        or ("-" in last and last.rpartition("-")[2] in _WORDS["close_organizations"])
    ):
        return "Organization"
    ends_like_place = last.endswith(_WORDS["close_places"]) and (len(last) > _LONG_WORD or "-" in last)
    return "Place" if ends_like_place or (longer and last in _WORDS["close_places"]) else name.type


def _is_name(doc: Doc, name: Recognised, gazetteer: Gazetteer) -> bool:
    """Tell whether a recognised name is one: no weapon, no compound of a common noun, no lone dictionary word."""
    text = doc[name.begin : name.end].text
    if gazetteer.lookup(text) or text in gazetteer.bodies:
        return True
    words = [token.lower_ for token in doc[name.begin : name.end]]
    if any(word in _WEAPONS or word.partition("-")[0] in _WEAPONS for word in words):
        return False
    if len(words) > 1 or name.type in {"Summit", "Mission"}:
        return True
    by_office = name.begin > 0 and doc[name.begin - 1].text in gazetteer.offices
    return by_office or _is_lone_name(doc, name)


def _is_lone_name(doc: Doc, name: Recognised) -> bool:
    """Tell whether a single word is a name: a compound of one, an acronym, or no word of the dictionary."""
    token = doc[name.begin]
    if "-" in token.text:
        return not token.lower_.endswith(_WORDS["common_ends"])
    if token.text.isupper() or any(c.isdigit() for c in token.text):
        return True
    if name.type == "Organization" and token.lower_ in _WORDS["lone_organizations"]:
        return True
    tagged = name.type != "Person" and token.pos_ in _NAME_TAGS
    return tagged or not simplemma.is_known(token.text, "de")
