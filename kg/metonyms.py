"""Capitals and seats of power: the place, or the government that sits there.

"in Moskau" is the city, "Moskau erklärte" is Russia; "im Weißen Haus" is a building, "das Weiße Haus erklärte" speaks.
"""

from collections.abc import Callable
from datetime import date

from spacy.tokens import Doc

from kg.german.gazetteer import Gazetteer

_PLACE_PREPOSITIONS = {"in", "nach", "bei", "nahe", "um", "bis", "ab", "im", "entlang", "unweit", "ins"}
_PLACE_NOUNS = {
    "Hauptstadt", "Stadt", "Großraum", "Raum", "Metropole", "Flughafen", "Region", "Provinz", "Gebiet", "Hafen", "Garten",
    "Innenstadt", "Insel", "Dorf", "Ort", "Bezirk", "Festung", "Millionenstadt", "Hafenstadt", "Stützpunkt", "Universität",
}  # fmt: skip
_OF_CITY = _PLACE_NOUNS | {
    "südlich", "nördlich", "östlich", "westlich", "südwestlich", "südöstlich", "nordwestlich", "nordöstlich", "unweit",
    "Vororte", "Vorort", "Zentrum", "Straßen", "Kilometer", "Norden", "Süden", "Osten", "Westen", "Nähe", "Umland", "Markt",
    "Bürgermeister", "Toren", "Anschlägen", "Anschläge", "Abschied", "Einnahme", "Fall", "Belagerung", "Bewohner",
}  # fmt: skip
_LEAVING = {
    "rückkehr", "zurück", "heim", "abreise", "abgereist", "abzug", "ausgeflogen", "meldete", "meldet", "berichtete",
    "berichtet", "antwortet", "angereist", "gekommen", "kommend", "flog", "flogen", "ausgereist", "eingeflogen", "flucht",
    "geflohen", "zurückgekehrt", "zurückkehrte", "evakuiert", "evakuierung", "stammt", "stammende", "loszueisen", "mann",
    "frau", "konzern",
}  # fmt: skip
_TAKING = {
    "besuchen", "besucht", "besuchte", "verlassen", "verließ", "verlässt", "erreicht", "erreichte", "erreichen", "erobert",
    "eingenommen", "einnehmen", "besetzt", "beschossen", "bombardiert", "übernimmt", "gestürmt",
}  # fmt: skip
_CONJUNCTIONS = {"und", "oder", "sowie", ",", "/", "beziehungsweise"}
_DATELINE = {".", "–", "-", "—", "(", "/", ":", "|"}
_MONTHS = {
    "Januar", "Jänner", "Februar", "März", "April", "Mai", "Juni", "Juli", "August", "September", "Oktober", "November",
    "Dezember",
}  # fmt: skip

FORMER_STATES = {
    "place/moskau": ("country/SU", date(1991, 12, 26), "country/RU"),
    "place/belgrad": ("country/YU", date(2003, 2, 4), "country/RS"),
    "place/prag": ("country/CS", date(1993, 1, 1), "country/CZ"),
}
"""Capitals of states that have ended: the former state, its end, today's state."""
_BONN_UNTIL = date(1999, 9, 1)
"""The day on which government and Bundestag had moved to Berlin."""


def state_of(place: str, published: date, names: Callable[[str], bool], gazetteer: Gazetteer) -> str | None:
    """Return the state whose government a capital stands for at the time that an article is about.

    `names` tells whether the article names a country: one that names the Soviet Union and never Russia means the former.
    """
    if place == "place/bonn":
        return "country/DE" if published < _BONN_UNTIL or names("country/DD") or names("country/SU") else None
    former = FORMER_STATES.get(place)
    if former is not None:
        state, end, successor = former
        if published < end or (names(state) and not names(successor)):
            return state
    return gazetteer.capitals.get(place)


def means_city(doc: Doc, begin: int, end: int, *, follows_place: bool) -> bool:
    """Tell whether a capital's name means the city: "in Moskau", a dateline, "südlich von Kiew".

    `follows_place`: a place stands right before, as in "in Moskau und Kiew".
    """
    before = doc[begin - 1] if begin else None
    after = doc[end].text if end < len(doc) else "\n"
    if before is None or before.is_space or before.text == "|":
        return _opens_line(doc, end, after)
    word = before.lower_
    if word in _PLACE_PREPOSITIONS or before.text in _PLACE_NOUNS or before.text == "/":
        return not (word == "in" and begin > 1 and doc[begin - 2].lower_ == "man")
    if word.isdigit() and len(word) in (4, 5):
        return True
    if word == "von":
        source = doc[begin - 2].text if begin > 1 else ""
        return (
            source in _OF_CITY or after in {"nach", "aus"} or (doc[begin - 2].pos_ == "PROPN" if begin > 1 else False)
        )
    if word == "aus":
        return any(t.lower_ in _LEAVING or t.lower_.endswith("konzern") for t in doc[max(0, begin - 6) : end + 4])
    if before.text in _CONJUNCTIONS:
        return follows_place or (before.text == "," and after == ":")
    if word in {"-", "–", "|"} and after[:1] == "\n":
        return True
    sent = doc[begin].sent
    return doc[begin].dep_ in {"obj", "nsubj:pass"} and any(t.lower_ in _TAKING for t in sent)


def _opens_line(doc: Doc, end: int, after: str) -> bool:
    """Tell whether a capital at the beginning of a line is a dateline: "MOSKAU.", "Bern, 19.11.2025", "SEOUL⏎"."""
    if after in _DATELINE or after[:1] == "\n":
        return True
    if after != "," or end + 1 >= len(doc):
        return False
    following = doc[end + 1].text
    return following[0].isdigit() or following in _MONTHS or (following == "im" and doc[end + 2].text in _MONTHS)


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
