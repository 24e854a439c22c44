"""For whom and against whom a force goes: "um Mali im Kampf gegen die Rebellen zu helfen".

Too rare in any corpus to be learned, and plain in its wording: these roles are found by rule.
"""

from kg.reading import Place, Reading
from kg.realisations import left_edge
from kg.wordlists import words_of

_HELPING = words_of("helping")
_HELP = words_of("help")
_HELP_BEFORE = words_of("before_help")
_CLAUSE_ENDS = words_of("clause_ends")
_ARMIES = words_of("armies")
_SIDES = frozenset({"Country", "Organization", "Person"})


def find_sides(reading: Reading, number: int) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the keys of those whom the force in sentence `number` helps and of those whom it fights, sorted."""
    begin, end = reading.sentences[number]
    helped, fought = set(), set()
    for place in reading.places_in[number]:
        if place.mention.type not in _SIDES or place.mention.kind == "adjective":
            continue
        if _is_fought(reading, place, begin):
            fought.add(_side(reading, place))
        elif _is_helped(reading, place, begin, end):
            helped.add(_side(reading, place))
    return tuple(sorted(helped - fought)), tuple(sorted(fought))


def _side(reading: Reading, place: Place) -> str:
    """A leader's army stands for the state: "an der Seite von Assads Truppen" -> Syrien."""
    entity = reading.entities[place.entity].entity
    following = reading.lower[place.end] if place.end < len(reading.lower) else ""
    if entity.type == "Person" and following in _ARMIES:
        return reading.country_of[place.entity] or entity.key
    return entity.key


def _is_fought(reading: Reading, place: Place, begin: int) -> bool:
    """ "gegen die Ukraine", but not "gegen den Willen der Ukraine"."""
    return "prep=gegen" in left_edge(reading, place, begin)


def _is_helped(reading: Reading, place: Place, begin: int, end: int) -> bool:
    lower = reading.lower
    low = max(begin, place.begin - 4)
    for k in range(low + 1, place.begin):
        if lower[k] in _HELP and lower[k - 1] in _HELP_BEFORE:
            return True
    return _in_purpose_clause(reading, place, begin, end)


def _in_purpose_clause(reading: Reading, place: Place, begin: int, end: int) -> bool:
    """ "um dem Land zu helfen": the clause opens with "um" and ends in a helping verb with "zu"."""
    lower = reading.lower
    low = place.begin
    while low > begin and lower[low - 1] not in _CLAUSE_ENDS:
        low -= 1
    high = place.end
    while high < end and lower[high] not in _CLAUSE_ENDS:
        high += 1
    if lower[low] != "um":
        return False
    helping = any(reading.lemma[k].lower().removeprefix("zu") in _HELPING for k in range(place.end, high))
    rivals = [p for p in reading.places_in[reading.sentence_of[place.begin]] if low <= p.begin < place.begin]
    return helping and not rivals
