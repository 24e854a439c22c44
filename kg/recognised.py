"""The recognised names of an article, checked against the words in them and beside them.

A recogniser that has seen few articles takes common nouns for names, weapons for people and offices for parts of names;
the words themselves set much of that right.
"""

import re
from dataclasses import dataclass

from spacy.tokens import Doc, Token
from spacy.tokens import Span as TokenSpan

from kg.german.dictionary import is_known
from kg.german.gazetteer import Gazetteer, read_words
from kg.german.wordclass import is_given_name, is_town, is_word
from kg.model import ENTITY_TYPES, EntityType
from kg.phrases import names_ship

_WORDS = {key: tuple(words) for key, words in read_words("names").items()}
_WEAPONS = read_words("names")["weapons"]
_NAMED_ENDS = tuple(_WORDS["close_places"] + _WORDS["close_organizations"] + _WORDS["describe_organizations"])
_QUOTES = frozenset("„“”\"«»‚‘'’›‹")
_ACRONYM = re.compile(r"[A-ZÄÖÜ]{2,5}")
_SHORTEST_SURNAME = 3
_LONG_WORD = 8
"""Letters; a shorter word that ends like a place ("Brücke") is a common noun."""
_LONGEST_ACRONYM = 5
_SHORTEST_WORD = 3
"""Letters; a shorter word in capitals ("DIE") is rather an acronym."""
_NEAR = 3
"""Tokens around an acronym where a word says that it is a mission's."""
_OF_MISSION = re.compile(r"(?:UN|EU|MI|AM|SAM|MON|ONU|OSZE|BI|EC).*|.*(?:FOR|for|PROFOR)|[A-Z]+AC")
_PARTICLES = {"von", "van", "de", "der", "da", "di", "bin", "ben", "ibn", "al", "Al", "del", "dos"}
_COMPASS = ("nord", "süd", "ost", "west", "mittel", "zentral")
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


def trim_name(ent: TokenSpan, gazetteer: Gazetteer) -> Recognised | None:
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
    while begin < end - 1 and (
        (doc[begin].text in gazetteer.adjectives and doc[begin].text.islower()) or doc[begin].text in {"a.", "D."}
    ):
        begin += 1
    if end - begin > 1 and all(_is_certain(doc[i].text, gazetteer) for i in range(begin, end)):
        return None
    if any(doc[i].lower_ == "zwischen" for i in range(begin + 1, end)):
        return None  # "Allianz zwischen Madrid und Rabat" describes and does not name
    if end - begin == 1 and type_ == "Person":
        begin = _extend(doc, begin, gazetteer)
    if type_ == "Organization" and doc[begin].text in gazetteer.inhabitants:  # "Deutscher Bund"
        return Recognised(begin, end, type_)
    named = (
        begin > 0
        and end - begin > 1
        and type_ in {"Place", "Organization"}
        and doc[begin - 1].text in gazetteer.offices
    )
    if named or (end - begin > 1 and opens_person(doc, begin, gazetteer)):
        type_ = "Person"
    if type_ == "Person":
        begin, end = _trim_person(doc, begin, end, gazetteer)
        end = complete_person(doc, begin, end, gazetteer)
    return Recognised(begin, end, type_) if begin < end else None


def complete_person(doc: Doc, begin: int, end: int, gazetteer: Gazetteer) -> int:
    """Return where a name ends of which the recogniser has seen the given name alone: "Klaus" of "Klaus Schlie"."""
    known = is_given_name(doc[end - 1].text) or doc[end - 1].text in _PARTICLES
    while end < len(doc) and known:
        particle = end + 1 < len(doc) and doc[end].text in _PARTICLES
        origin = doc[end].text == "von" and is_town(doc[end + particle].text)  # "Laura Martin von Needham"
        if origin or not may_be_surname(doc[end + particle], gazetteer):
            break
        end += 1 + particle
        known = False
    return end


def may_be_surname(token: Token, gazetteer: Gazetteer) -> bool:
    """Tell whether a word has the look of a surname and is nothing else that is known."""
    text = token.text
    if not text.replace("-", "").isalpha() or not text[:1].isupper() or text.isupper() or len(text) < _SHORTEST_SURNAME:
        return False
    if is_word(text) or token.lower_ in _WEAPONS:
        return False
    other = any(candidate.type != "Person" for candidate in gazetteer.lookup(text))
    return not (other or text in gazetteer.inhabitants or text in gazetteer.adjectives)


def _is_certain(word: str, gazetteer: Gazetteer) -> bool:
    """Tell whether a word is a name of its own, as both of "dass Pjöngjang Moskau beliefert"."""
    return any(not c.weak and c.type in {"Country", "Place"} for c in gazetteer.lookup(word))


def _extend(doc: Doc, begin: int, gazetteer: Gazetteer) -> int:
    """Return where a lone surname begins with the given name that the recogniser has missed: "Dmytro Ponomarenko"."""
    before = doc[begin - 1] if begin else None
    if before is None or before.pos_ != "PROPN" or not before.text.istitle() or before.text in gazetteer.offices:
        return begin
    known = gazetteer.lookup(before.text) or before.text in gazetteer.adjectives or before.text in gazetteer.inhabitants
    return begin if known or before.text in gazetteer.bodies or is_word(before.text) else begin - 1


def opens_person(doc: Doc, begin: int, gazetteer: Gazetteer) -> bool:
    """Tell whether an office, a rank or an inhabitant comes before a name: "Vizepräsident Kagame", "Norweger Knut"."""
    text = doc[begin].text
    last = text.rpartition("-")[2]
    return (
        last.capitalize() in gazetteer.offices
        or text.lower() in _WORDS["persons"]
        or (text in gazetteer.inhabitants and doc[begin + 1 : begin + 2].text.istitle())
        or _is_compound_office(text, gazetteer)
    )


def _is_compound_office(text: str, gazetteer: Gazetteer) -> bool:
    """Tell whether a word is a compound of an office: "Landtagspräsident"."""
    return any(text[i:].capitalize() in gazetteer.offices for i in range(3, len(text) - 6))


def _trim_person(doc: Doc, begin: int, end: int, gazetteer: Gazetteer) -> tuple[int, int]:
    """Drop an office before a person's name, and what follows a genitive ("Alonsos Elf", "Putins Armee")."""
    while end - begin > 1 and opens_person(doc, begin, gazetteer):
        if doc[begin + 1].text[0].islower():
            break
        begin += 1
    while end - begin > 2 and doc[end - 1].pos_ in {"NOUN", "ADJ"} and doc[end - 2].text.endswith("s"):
        end -= 1
    owns = doc[begin].text.endswith("s") and not is_given_name(doc[begin].text)  # not so in "Andreas Beck"
    if end - begin == 2 and owns and _is_noun(doc[begin + 1], gazetteer):
        end -= 1
    return begin, end


def _is_noun(token: Token, gazetteer: Gazetteer) -> bool:
    """Tell whether a word is a common noun rather than a surname: "Chiracs Bombe", yet "Klaus Müller"."""
    return token.text in gazetteer.bodies or (is_word(token.text) and token.tag_ == "NN")


def type_by_words(doc: Doc, name: Recognised, gazetteer: Gazetteer) -> EntityType:
    """Return the class that the words of a name give: "Flughafen Goma" is a place, "Landgericht Kiel" is none."""
    longer = name.end - name.begin > 1
    first, last = doc[name.begin].lower_, doc[name.end - 1].lower_
    described = longer and first.endswith(_WORDS["describe_organizations"])
    if name.type == "Summit" or (name.type == "Country" and not described):
        return name.type
    if name.type == "Mission":
        other = described or not (longer or _names_mission(doc, name.begin, gazetteer))
        return "Organization" if other else "Mission"
    if described or (name.type != "Organization" and names_ship(doc, name.begin)):
        return "Organization"
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


def _names_mission(doc: Doc, i: int, gazetteer: Gazetteer) -> bool:
    """Tell whether an acronym is that of a mission: "GIGN" is not, "die Truppe Misca" and "Eufor" are."""
    text = doc[i].text
    if not text.isupper() or _OF_MISSION.fullmatch(text) or any(c.type == "Mission" for c in gazetteer.lookup(text)):
        return True
    return any(token.lower_.endswith(_WORDS["describe_missions"]) for token in doc[max(0, i - _NEAR) : i + _NEAR + 1])


def is_name(doc: Doc, name: Recognised, gazetteer: Gazetteer) -> bool:
    """Tell whether a recognised name is one: no weapon, no compound of a common noun, no lone dictionary word."""
    text = doc[name.begin : name.end].text
    if gazetteer.lookup(text) or text in gazetteer.bodies:
        return True
    words = [token.lower_ for token in doc[name.begin : name.end]]
    if any(word in _WEAPONS or word.partition("-")[0] in _WEAPONS for word in words):
        return False
    if not any(letter.isalpha() for letter in text):
        return False
    if len(words) > 1 or name.type == "Summit":
        return name.type != "Person" or any(t.tag_ == "NE" or not is_word(t.text) for t in doc[name.begin : name.end])
    if name.type == "Mission":
        return not is_known(text.lower())
    by_office = name.begin > 0 and doc[name.begin - 1].text in gazetteer.offices
    return by_office or _is_lone_name(doc[name.begin], name.type)


def _is_lone_name(token: Token, type_: EntityType) -> bool:
    """Tell whether a single word is a name: a compound of one, an acronym, or no word of the dictionary."""
    text = token.text
    if "-" in text:
        return not token.lower_.endswith(_WORDS["common_ends"])
    if text.isupper() and len(text) > _SHORTEST_WORD:  # "GIGN", not "BELIEBT"
        return len(text) <= _LONGEST_ACRONYM and not is_known(token.lower_)
    if text.isupper() or any(c.isdigit() for c in text):
        return True
    if type_ == "Organization" and token.lower_ in _WORDS["lone_organizations"]:
        return True
    if _is_common(token, type_):
        return False
    tagged = type_ != "Person" and token.pos_ in _NAME_TAGS
    return tagged or not is_known(text)


def _is_common(token: Token, type_: EntityType) -> bool:
    """Tell whether a word is a common noun: "Drehbuch", "Kriegszirkus", "Söldnergruppe"; "Nordfriesland" is none."""
    text = token.text
    if type_ == "Organization" and token.lower_.endswith(_WORDS["describe_organizations"]):
        return is_known(text)
    part = token.lower_.startswith(_COMPASS) and len(text) > _LONG_WORD
    if is_word(text) and type_ != "Person" and not part:
        return True
    return token.tag_ == "NN" and not is_town(text) and is_compound(text)


def is_compound(word: str) -> bool:
    """Tell whether a word ends like a common noun: "Nordfront", "Kriegszirkus"; "Burgtheater" is a name."""
    if word.lower().endswith(_NAMED_ENDS):
        return False
    return any(is_word(word[i:].capitalize()) for i in range(3, len(word) - 4))
