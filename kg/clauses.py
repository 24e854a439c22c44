"""What a word is in its clause: subject of which verb, object of which noun, through lists and appositions.

"Polen, Litauen und die Ukraine schicken": each of the three is the subject. "der Berater des Präsidenten sagt": the
president is no subject, but the attribute of one.
"""

from dataclasses import dataclass

from kg.reading import Place, Reading
from kg.wordlists import words_of

_LISTED = frozenset({"conj", "appos", "flat", "compound", "fixed"})
_ATTRIBUTES = frozenset({"nmod", "nmod:poss", "acl", "amod", "det:poss", "dep"})
_CLAUSES = frozenset({"ROOT", "root", "ccomp", "xcomp", "advcl", "acl", "acl:relcl", "parataxis", "csubj"})
_PREPOSITIONS = words_of("prepositions")
_JOINING = words_of("joins")
_FILLING = frozenset({"DET", "ADJ", "NUM"})
_STEPS = 8


@dataclass(frozen=True, slots=True)
class Function:
    """The part of a clause that a word belongs to."""

    name: str
    """Relation of that part to its governor: `nsubj`, `obj`, `obl` …"""
    preposition: str
    """Preposition of that part, or `-`."""
    depth: int
    """How many attributes lie between: 1 for the president of "der Berater des Präsidenten"."""
    governor: int
    """Token of the verb or noun that the part depends on."""


def head_of(reading: Reading, place: Place) -> int:
    """Return the token of a mention that depends on what is outside it."""
    heads = reading.heads
    return max(range(place.begin, place.end), key=lambda k: not place.begin <= heads[k] < place.end)


def function_of(reading: Reading, token: int) -> Function:
    """Climb from a word to the part of the clause that it belongs to."""
    heads, deps = reading.heads, reading.deps
    depth = 0
    for _ in range(_STEPS):
        head = heads[token]
        verbal = reading.pos[token] in {"VERB", "AUX"}
        if head == token or (verbal and deps[token] in _LISTED):
            break
        if deps[token] in _ATTRIBUTES:
            depth += 1
        elif deps[token] not in _LISTED:
            break
        token = head
    return Function(deps[token], _preposition_of(reading, token), depth, heads[token])


def _preposition_of(reading: Reading, token: int) -> str:
    heads, begin = reading.heads, reading.sentences[reading.sentence_of[token]][0]
    for k in range(token - 1, max(begin, token - 6) - 1, -1):
        if heads[k] == token and reading.deps[k] == "case":
            return reading.lower[k]
    return "-"


def clause_of(reading: Reading, token: int) -> int:
    """Return the head of the clause that a word stands in."""
    heads, deps = reading.heads, reading.deps
    for _ in range(_STEPS):
        head = heads[token]
        if head == token or deps[token] in _CLAUSES:
            break
        if deps[token] == "conj" and reading.pos[token] in {"VERB", "AUX"}:
            break
        token = head
    return token


def parent_clause(reading: Reading, clause: int) -> int:
    """Return the head of the clause around a clause, itself for the outermost."""
    head = reading.heads[clause]
    return clause if head == clause else clause_of(reading, head)


def series_in(reading: Reading, number: int) -> list[list[Place]]:
    """Return the lists of names in a sentence: "aus Togo, Benin und den Niederlanden"; each name is in one at most."""
    series: list[list[Place]] = []
    last: Place | None = None
    for place in reading.places_in[number]:
        if last is not None and place.begin < last.end:
            continue  # a name inside a longer one
        if last is not None and series and series[-1][-1] is last and _joined(reading, last, place):
            series[-1].append(place)
        else:
            series.append([place])
        last = place
    return [names for names in series if len(names) > 1]


def are_listed(reading: Reading, one: int, other: int) -> bool:
    """Tell whether two entities are ever named in one breath, by their numbers in the reading."""
    shared = {*reading.sentences_with[one]} & {*reading.sentences_with[other]}
    series = (names for number in shared for names in series_in(reading, number))
    return any({one, other} <= {place.entity for place in names} for names in series)


def _joined(reading: Reading, one: Place, other: Place) -> bool:
    between = range(one.end, other.begin)
    if not between or len(between) > 5 or reading.lower[one.end] not in _JOINING:
        return False
    words = [i for i in between if reading.lower[i] not in _JOINING and reading.pos[i] not in _FILLING]
    return all(reading.lower[i] in _PREPOSITIONS for i in words) and len(words) <= 1


def members_of(reading: Reading, clause: int, relations: frozenset[str]) -> list[int]:
    """Return the tokens that stand to the head of a clause in one of some relations, in text order."""
    begin, end = reading.sentences[reading.sentence_of[clause]]
    heads, deps = reading.heads, reading.deps
    return [k for k in range(begin, end) if heads[k] == clause and deps[k] in relations]
