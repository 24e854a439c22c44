"""Names that the recogniser passes over or takes for others: what lists and the words around them tell.

A recogniser knows the names that it has learnt and those that resemble them; lists know towns and given names of the
whole world, but not where a word is one. Neither is believed alone: a listed word is a name where a preposition, a noun
or another name beside it says so.
"""

from collections.abc import Iterator, Sequence

from spacy.tokens import Doc, Token

from kg.german.dictionary import is_known
from kg.german.gazetteer import Gazetteer, read_words
from kg.german.wordclass import is_given_name, is_town, is_word
from kg.recognised import Recognised, complete_person, is_compound, may_be_surname, opens_person

_WORDS = read_words("names")
_OPEN_PLACES = tuple(_WORDS["open_places"])
_DESCRIPTIONS = tuple(_WORDS["describe_organizations"])
_INTO = {"in", "nach", "aus", "bei", "nahe"}
"""Prepositions that rather take a place than anything else."""
_ONTO = {"auf", "vor", "über", "von", "um", "bis"}
"""Prepositions that may take a place."""
_NOUNS = {"NE", "NN", "FM", "XY"}
"""Parts of speech of names: a tagger takes many for common nouns."""
_SHORTEST = 3


def find_people(doc: Doc, names: Sequence[Recognised], gazetteer: Gazetteer) -> Iterator[Recognised]:
    """Yield the full names that a given name opens: "Uwe Daum", "Kronprinz Mohammed bin Naif"."""
    covered = {i for name in names for i in range(name.begin, name.end)}
    last = 0
    for token in doc:
        i = token.i
        if i < last or i in covered or token.tag_ not in _NOUNS:
            continue
        if is_given_name(token.text):
            last = complete_person(doc, i, i + 1, gazetteer)
            found = last > i + 1
        else:
            last = _end_of_holder(doc, i, gazetteer)
            found = last > i
        if found and covered.isdisjoint(range(i, last)):
            yield Recognised(i, last, "Person")


def _end_of_holder(doc: Doc, i: int, gazetteer: Gazetteer) -> int:
    """Return where the name after an office ends, `i` if there is none: "Energieminister Alparslan Bayraktar"."""
    end = i
    if i and opens_person(doc, i - 1, gazetteer) and doc[i].tag_ == "NE":
        while end < min(len(doc), i + 3) and may_be_surname(doc[end], gazetteer) and doc[end].tag_ == "NE":
            end += 1
    return end


def find_surnames(doc: Doc, names: Sequence[Recognised], surnames: set[str]) -> Iterator[Recognised]:
    """Yield the words that are the surname of a person of the article and that the recogniser has passed over."""
    covered = {i for name in names for i in range(name.begin, name.end)}
    for token in doc:
        text = token.text
        bare = text[:-1] if text.endswith("s") and text not in surnames else text
        if token.i in covered or bare not in surnames or len(bare) < _SHORTEST or not text[0].isupper():
            continue
        if token.pos_ == "PROPN" or not is_known(text):
            yield Recognised(token.i, token.i + 1, "Person")


def is_town_here(doc: Doc, name: Recognised, surnames: set[str], gazetteer: Gazetteer) -> bool:
    """Tell whether what is taken for a person or an organisation is a town, as far as nobody is known by that name.

    "in Sotk", "nach Payerne"; "Panjgur", which a list has as a town and none as a given name.
    """
    text = doc[name.begin : name.end].text
    if name.type not in {"Person", "Organization"} or text in surnames or text.isupper():
        return False
    person = any(is_given_name(token.text) for token in doc[name.begin : name.end]) or bool(gazetteer.lookup(text))
    if name.end - name.begin > 1:
        return name.type == "Person" and not person and is_town(text)
    before = doc[name.begin - 1].lower_ if name.begin else ""
    if before in _INTO:
        return name.type == "Person" or is_town(text)
    if before.endswith(_OPEN_PLACES):  # "Rayon Kelbadschar"
        return name.type == "Person" and not person
    said = name.begin > 0 and opens_person(doc, name.begin - 1, gazetteer)
    return name.type == "Person" and not person and not said and is_town(text)


def find_places(doc: Doc, names: Sequence[Recognised], gazetteer: Gazetteer) -> Iterator[Recognised]:
    """Yield the places that a preposition ("in Bludesch"), a noun ("Flugplatz Tatoi") or a dateline gives away."""
    covered = {i for name in names for i in range(name.begin, name.end)}
    ends = {name.begin for name in names if name.end - name.begin == 1 and name.type in {"Country", "Place"}}
    last = 0
    for token in doc:
        i, text = token.i, token.text
        if i < last or i in covered or not text[:1].isupper() or len(text) < _SHORTEST:
            continue
        free = i + 1 < len(doc) and (i + 1 not in covered or i + 1 in ends) and not opens_person(doc, i, gazetteer)
        pair = free and is_town(doc[i : i + 2].text)
        last = i + 1 + pair
        if i and i - 1 not in covered and doc[i - 1].lower_.endswith(_OPEN_PLACES) and _may_be_place(token, gazetteer):
            last += not pair and last < len(doc) and doc[last].tag_ == "NE" and _may_be_place(doc[last], gazetteer)
            yield Recognised(i - 1, last, "Place")
        elif pair or _is_reached(doc, i):
            yield Recognised(i, last, "Place")


def find_organizations(doc: Doc, names: Sequence[Recognised], gazetteer: Gazetteer) -> Iterator[Recognised]:
    """Yield the organisations that their own words describe.

    "Theater Basel", "Institut für Seenforschung", "Bhumjaithai-Partei", "Fluglinie Belavia".
    """
    covered = {i for name in names for i in range(name.begin, name.end) if name.type != "Place"}
    for token in doc:
        i, word = token.i, token.lower_
        if i in covered or not token.text[:1].isupper():
            continue
        end = i
        if word in _WORDS["seated_organizations"]:
            end = _end_of_town(doc, i + 1, gazetteer)
        elif word in _WORDS["founded_organizations"]:
            end = _end_of_purpose(doc, i + 1)
        elif _is_named_compound(token.text, gazetteer):
            end = i + 1
        elif word.endswith(_DESCRIPTIONS) and is_word(token.text):
            end = _end_of_described(doc, i + 1, gazetteer)
        if end > i and covered.isdisjoint(range(i, end)):
            yield Recognised(i, end, "Organization")


def _end_of_town(doc: Doc, i: int, gazetteer: Gazetteer) -> int:
    """Return where the town at token `i` ends, 0 if there is none."""
    for end in (i + 2, i + 1):
        text = doc[i:end].text
        if end <= len(doc) and (is_town(text) or any(c.type == "Place" for c in gazetteer.lookup(text))):
            return end
    return 0


def _end_of_described(doc: Doc, i: int, gazetteer: Gazetteer) -> int:
    """Return where the name after "Fluglinie", "Sender" ends, 0 if there is none: "Belavia", "AAPP"."""
    if i >= len(doc) or gazetteer.lookup(doc[i].text) or not doc[i].text[0].isupper() or is_word(doc[i].text):
        return 0
    end = i + 1
    while end < min(len(doc), i + 3) and doc[end].tag_ == "NE" and not gazetteer.lookup(doc[end].text):
        end += 1
    return end if doc[i].tag_ == "NE" or doc[i].text.isupper() else 0


def _end_of_purpose(doc: Doc, i: int) -> int:
    """Return where "für auswärtige und europäische Angelegenheiten" from token `i` on ends, 0 if it is none."""
    if i + 1 >= len(doc) or doc[i].lower_ != "für":
        return 0
    end = i + 1
    while end < len(doc) and (doc[end].tag_ in {"ADJA", "TRUNC"} or doc[end].lower_ == "und"):
        end += 1
    return end + 1 if end < len(doc) and doc[end].tag_ in {"NN", "NE"} else 0


def _is_named_compound(text: str, gazetteer: Gazetteer) -> bool:
    """Tell whether a compound names an organisation by its first part: "Bhumjaithai-Partei", not "US-Partei"."""
    head, hyphen, tail = text.rpartition("-")
    if not hyphen or tail.lower() not in _WORDS["close_organizations"] or not head[:1].isupper():
        return False
    return not (head.isupper() or is_word(head) or gazetteer.lookup(head) or is_town(head) or is_given_name(head))


def _is_reached(doc: Doc, i: int) -> bool:
    """Tell whether the word before says that a word is a place: "in Račak", "auf Funafuti", "am Bergisel"."""
    token = doc[i]
    if not token.text.istitle() or any(c.isdigit() for c in token.text) or is_word(token.text):
        return False
    before = doc[i - 1].lower_ if i else ""
    if before in {"in", "nach"} or (_opens_line(doc, i) and doc[i + 1].text == "("):
        return is_town(token.text) or token.tag_ == "NE" or not is_compound(token.text)
    if before in _INTO or before in _ONTO or _opens_line(doc, i):
        return is_town(token.text)
    return before == "am" and token.tag_ == "NE"


def _may_be_place(token: Token, gazetteer: Gazetteer) -> bool:
    """Tell whether a word after "Flugplatz" is its name; what the gazetteer knows speaks for itself."""
    named = token.text.istitle() and (not is_word(token.text) or token.tag_ == "NE")
    return named and not gazetteer.lookup(token.text) and not opens_person(token.doc, token.i, gazetteer)


def _opens_line(doc: Doc, i: int) -> bool:
    """Tell whether a word is where a report comes from: "Bludesch (APA) -", "Burgas. Als sich …"."""
    first = i == 0 or "\n" in doc[i - 1].text
    return first and i + 1 < len(doc) and doc[i + 1].text in {"(", ".", "/", ",", "–", "-"}
