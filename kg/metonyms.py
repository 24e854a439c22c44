"""Capitals, seats of power and points of the compass: the place, or the government that sits there.

"in Moskau" is the city, "Moskau erklärte" is Russia; "im Weißen Haus" is a building, "das Weiße Haus erklärte" speaks;
"der Norden" beside South Korea is North Korea.
"""

from collections.abc import Callable, Set
from datetime import date

from spacy.tokens import Doc

from kg.german.gazetteer import Gazetteer, read_words

_WORDS = read_words("capitals")
_OF_CITIES = frozenset(word.lower() for word in _WORDS["of_cities"] | _WORDS["kinds_of_places"])
_CONJUNCTIONS = {"und", "oder", "sowie", ",", "/", "beziehungsweise"}
_DATELINE = {".", "–", "-", "—", "(", "/", ":", "|"}
FORMER_STATES = {
    "place/moskau": ("country/SU", date(1991, 12, 26), "country/RU"),
    "place/belgrad": ("country/YU", date(2003, 2, 4), "country/RS"),
    "place/prag": ("country/CS", date(1993, 1, 1), "country/CZ"),
}
"""Capitals of states that have ended: the former state, its end, today's state."""
_HALVES = {"Norden": "Nord", "Nordens": "Nord", "Süden": "Süd", "Südens": "Süd"}
_BONN_UNTIL = date(1999, 9, 1)
"""The day on which government and Bundestag had moved to Berlin."""


def state_of(place: str, published: date, names: Callable[[str], bool], gazetteer: Gazetteer) -> str | None:
    """Return the state whose government a capital stands for at the time that an article is about.

    `names` tells whether the article names a country: with the Soviet Union and without Russia it means the former.
    """
    if place == "place/bonn":
        return "country/DE" if published < _BONN_UNTIL or names("country/DD") or names("country/SU") else None
    former = FORMER_STATES.get(place)
    if former is not None:
        state, end, successor = former
        if published < end or (names(state) and not names(successor)):
            return state
    return gazetteer.capitals.get(place)


def means_city(doc: Doc, begin: int, end: int, *, follows_place: bool, genitive: bool = False) -> bool:
    """Tell whether a capital's name means the city: "in Moskau", a dateline, "südlich von Kiew".

    `follows_place`: a place stands right before, as in "in Moskau und Kiew". `genitive`: as in "Moskaus Angriffe".
    """
    before = doc[begin - 1] if begin else None
    after = doc[end].text if end < len(doc) else "\n"
    if before is None or before.is_space or before.text == "|":
        return _opens_line(doc, end, after)
    if genitive:
        return before.text in _WORDS["of_cities"]
    if after == "zu" and doc[end + 1 : end + 2].text in _WORDS["taking"]:
        return True
    if before.text in _CONJUNCTIONS and before.text != "/":
        return follows_place or (before.text == "," and after == ":")
    if before.lower_ in {"von", "aus"}:
        return _comes_from(doc, begin, end) if before.lower_ == "aus" else _belongs_to_city(doc, begin, after)
    return _stands_as_place(doc, begin, after) or (
        doc[begin].dep_ != "nsubj" and any(t.lower_ in _WORDS["taking"] for t in doc[begin].sent)
    )


def _stands_as_place(doc: Doc, begin: int, after: str) -> bool:
    """Tell whether the word before makes a place: "in Moskau", "die Hauptstadt Kiew", "3003 Bern"."""
    before = doc[begin - 1]
    word = before.lower_
    if word in _WORDS["before_places"]:
        return not (word == "in" and begin > 1 and doc[begin - 2].text == "man")
    postcode = word.isdigit() and len(word) in {4, 5}
    in_route = word in {"-", "–"} and (after[:1] == "\n" or not before.whitespace_)
    return postcode or in_route or before.text.endswith("/") or before.text in _WORDS["kinds_of_places"]


def _belongs_to_city(doc: Doc, begin: int, after: str) -> bool:
    """Tell whether "von" leads to a city: "südlich von Kiew", "Teatro Colón von Bogotá", "von Moskau nach Kiew"."""
    source = doc[begin - 2] if begin > 1 else None
    return after in {"nach", "aus"} or (source is not None and (source.lower_ in _OF_CITIES or source.pos_ == "PROPN"))


def _comes_from(doc: Doc, begin: int, end: int) -> bool:
    """Tell whether "aus" means leaving the city: "aus Kiew zurück", yet "heißt es aus Kiew" is the government."""
    return any(t.lower_ in _WORDS["leaving"] or t.lower_.endswith("konzern") for t in doc[max(0, begin - 6) : end + 4])


def _opens_line(doc: Doc, end: int, after: str) -> bool:
    """Tell whether a capital at the beginning of a line is a dateline: "MOSKAU.", "Bern, 19.11.2025", "SEOUL⏎"."""
    if after in _DATELINE or after[:1] == "\n":
        return True
    if after != "," or end + 1 >= len(doc):
        return False
    following = doc[end + 1].text
    return (
        following[0].isdigit()
        or following in _WORDS["months"]
        or (following == "im" and doc[end + 2 : end + 3].text in _WORDS["months"])
    )


def means_building(doc: Doc, begin: int) -> bool:
    """Tell whether a seat of power is the building: "im Weißen Haus", "in den Kreml"."""
    if begin == 0:
        return False
    word = doc[begin - 1].lower_
    if word in {"im", "ins", "am"}:
        return True
    return (
        word in {"das", "den", "dem", "der"} and begin > 1 and doc[begin - 2].lower_ in {"in", "vor", "nahe", "hinter"}
    )


def half_of(doc: Doc, i: int, countries: Set[str], gazetteer: Gazetteer) -> str | None:
    """Return the state that "der Norden" at token `i` means, where an article names it and its counterpart.

    "der Norden Malis" and "in den Süden" are regions wherever they stand.

    Args:
        countries: the keys of the countries that the article names.
    """
    beginning = _HALVES.get(doc[i].text)
    if beginning is None or i == 0 or doc[i - 1].lower_ not in {"der", "den", "dem", "des"}:
        return None
    if (i > 1 and doc[i - 2].lower_ in _WORDS["before_regions"]) or _has_owner(doc, i + 1, gazetteer):
        return None
    named = {gazetteer.entity(key).label: key for key in countries}
    ends = {label[len(beginning) :] for label in named if label.startswith(beginning)}
    both = sorted(end for end in ends if f"Nord{end}" in named and f"Süd{end}" in named)
    return named[beginning + both[0]] if both else None


def _has_owner(doc: Doc, i: int, gazetteer: Gazetteer) -> bool:
    """Tell whether a genitive stands at token `i`: "der Norden | des Landes", "der Norden | Malis"."""
    following = doc[i].text if i < len(doc) else ""
    return following in {"des", "der", "von"} or (following.endswith("s") and bool(gazetteer.lookup(following)))
