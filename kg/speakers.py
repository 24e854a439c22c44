"""Who a source's phrase names or refers to: "Putin", "ein Sprecher der Armee", "die Ministerin", "er"."""

from collections.abc import Iterator
from dataclasses import dataclass

from kg.reading import Place, Reading
from kg.wordlists import source_words, words_of

MODIFIERS = frozenset({"ADJ", "DET", "NUM", "ADV"})
"""Parts of speech that stand between a preposition and its noun."""

ONE_OF = source_words("one_of")
"""Pronouns for one of several: "sagte einer der Beamten"."""

_STOPS = words_of("stops")
OWN = source_words("own")
THEIRS = source_words("theirs")
_HIS = source_words("his")
_WITHIN = source_words("within")
_LATTER = source_words("latter")
"""Pronouns that mean who was named last, not who is spoken of all along: "Trump rief Erdogan an. Der drohte …"."""
_JOINING = source_words("joining")
_CLAUSE = 10
"""Words to either side of a verb in which a name may be its subject."""
_PHRASE = 7
"""Words of a source's phrase: "ein Sprecher des ukrainischen Generalstabs"."""
_REACH = 6
"""Sentences over which a pronoun is resolved."""
_GUESSES = 3
"""Persons that a pronoun may stand for."""


@dataclass(frozen=True, slots=True)
class Speaker:
    """Who a voice may be: the number of an entity of the reading, and how the text refers to it there."""

    entity: int
    how: str
    """A name of `HOWS`."""


HOWS = (
    "name", "left", "right", "apposition", "also", "owner", "next", "adjective", "title", "body", "unnamed", "own",
    "pronoun: speaker", "pronoun: 0", "pronoun: 1", "pronoun: 2", "noun: speaker", "noun: 0", "noun: 1", "noun: 2",
    "this: 0", "this: 1", "this: 2",
)  # fmt: skip
"""By its name as the phrase's head, beside the verb, between commas, joined by "und"; as the owner of a word ("Trumps
Drohung"), right behind a noun, by an adjective, by its office, through its people ("ein Sprecher der Armee"), without a
name, as "nach eigenen Angaben"; by a pronoun or a common noun that may mean the last speaker or those named last;
by "dieser", which means the latter."""


def find_speakers(reading: Reading, head: int, last: int | None) -> Iterator[Speaker]:
    """Yield who the phrase around the token `head` means, best first; `last` is the entity that spoke last."""
    _, end = reading.sentences[reading.sentence_of[head]]
    place = reading.place_at.get(head)
    if place is not None and not is_first_part(reading, place, head):
        yield Speaker(place.entity, "name")
        yield from _joined(reading, place.end, end)
        yield from _apposed(reading, place.end, end)
    elif place is not None:
        yield from _recent(reading, head, last, "noun")
    elif reading.lower[head] in ONE_OF:
        return  # "einer der Beamten" is nobody in particular
    elif reading.lower[head] in _LATTER:
        yield from _recent(reading, head, None, "this")
    elif reading.pos[head] == "PRON":
        yield from _recent(reading, head, last, "pronoun")
    else:
        yield from _of_noun(reading, head, end, last)


def is_first_part(reading: Reading, place: Place, head: int) -> bool:
    """Tell whether a name is but the first part of a compound: "der FDP-Politiker", "US-Beamte"."""
    token = reading.doc[head]
    if place.mention.span.end < token.idx + len(token.text) - 1:
        return True
    return place.mention.kind == "adjective" and reading.pos[head] == "NOUN" and "-" in token.text


def _of_noun(reading: Reading, head: int, end: int, last: int | None) -> Iterator[Speaker]:
    before = {reading.lower[k] for k in range(max(head - 2, 0), head)}
    named = list(names_around(reading, head, end))
    yield from named
    after = reading.lower[head + 1] if head + 1 < end else ""
    if before & OWN or (after in _HIS and not named):
        yield from _own(reading, head)
    elif before & THEIRS:
        yield from _recent(reading, head, last, "pronoun")
    elif not named:
        yield from _titled(reading, head)
        yield from _recent(reading, head, last, "noun")


def _joined(reading: Reading, j: int, end: int) -> Iterator[Speaker]:
    """Further names of the phrase: "Macron und Scholz sagten"."""
    while j + 1 < end and reading.lower[j] in _JOINING:
        j += 1
        while j < end and reading.pos[j] in MODIFIERS:
            j += 1
        other = reading.place_at.get(j)
        if other is None:
            return
        yield Speaker(other.entity, "also")
        j = other.end


def _apposed(reading: Reading, j: int, end: int) -> Iterator[Speaker]:
    """A person set between commas: "Der Sprecher der Regierung, Steffen Hebestreit, teilt mit"."""
    other = reading.place_at.get(j + 1) if j + 1 < end and reading.lower[j] == "," else None
    if other is not None and other.mention.type == "Person":
        yield Speaker(other.entity, "apposition")


def names_around(reading: Reading, head: int, end: int) -> Iterator[Speaker]:
    """Yield the names in a common noun's phrase: "ukrainische Behörden", "ein Sprecher der Armee"."""
    begin = head
    owners = []
    while begin > 0 and reading.pos[begin - 1] in MODIFIERS:
        begin -= 1
        place = reading.place_at.get(begin)
        if place is not None:
            owners.append(Speaker(place.entity, "adjective"))
    following = list(_names_after(reading, head, end))
    person = bool(following) and reading.entities[following[0].entity].entity.type == "Person"
    # "der eritreische Minister | Yemane Gebremeskel" is he and not Eritrea
    yield from (*following, *owners) if person else (*owners, *following)


def _names_after(reading: Reading, head: int, end: int) -> Iterator[Speaker]:
    j = head + 1
    while j < min(end, head + _PHRASE):
        place = reading.place_at.get(j)
        if place is not None:
            yield Speaker(place.entity, "next" if j == head + 1 else "body")
            yield from _apposed(reading, place.end, end)
            return
        if reading.pos[j] not in MODIFIERS | {"ADP", "NOUN"} or reading.lower[j][0].isdigit():
            break  # "nach Angaben aus Kreisen | 500 Soldaten nach Mali"
        if reading.pos[j] == "ADP" and reading.lower[j] not in _WITHIN:
            break  # "nach Angaben seines Büros | mit Trump"
        j += 1
    yield from _apposed(reading, j, end)


def _own(reading: Reading, head: int) -> Iterator[Speaker]:
    """Yield the names that "nach eigenen Angaben" may point to: the subject by the parse, then the nearest."""
    number = reading.sentence_of[head]
    begin, _ = reading.sentences[number]
    bare = (place for place in reading.places_in[number] if not has_preposition(reading, place.begin, begin))
    yield from (
        Speaker(place.entity, "own") for place in sorted(bare, key=lambda place: _far_from_own(reading, place, head))
    )


def _far_from_own(reading: Reading, place: Place, head: int) -> tuple[bool, int]:
    subject = any(reading.doc[i].dep_ in {"nsubj", "nsubj:pass"} for i in range(place.begin, place.end))
    return not subject, abs(place.begin - head)


def _titled(reading: Reading, head: int) -> Iterator[Speaker]:
    """Yield the persons of the article who hold the office, those named last first: "die Ministerpräsidentin"."""
    noun = reading.lower[head].removesuffix("in")
    found = []
    for number, item in enumerate(reading.entities):
        titles = [position.title.lower().removesuffix("in") for position in item.positions]
        if any(title.endswith(noun) or noun.endswith(title) for title in titles):
            before = [place.begin for place in reading.places_of[number] if place.begin < head]
            found.append((noun not in titles, head - before[-1] if before else len(reading.doc), number))
    yield from (Speaker(number, "title") for _, _, number in sorted(found))


def _recent(reading: Reading, head: int, last: int | None, how: str) -> Iterator[Speaker]:
    """Yield whom a pronoun or a bare noun may mean: the last speaker, then those named last."""
    seen = set()
    if last is not None:
        yield Speaker(last, f"{how}: speaker")
        seen.add(last)
    kinds = {"Person", "Country", "Organization"} if how == "noun" else {"Person"}
    number, rank = reading.sentence_of[head], 0
    for sentence in range(number, max(-1, number - _REACH), -1):
        for place in reversed(reading.places_in[sentence]):
            if place.begin < head and place.mention.type in kinds and place.entity not in seen:
                seen.add(place.entity)
                yield Speaker(place.entity, f"{how}: {rank}")
                rank += 1
                if rank == _GUESSES:
                    return


def names_beside(reading: Reading, i: int) -> Iterator[Speaker]:
    """Yield the first name without a preposition on each side of the verb at `i`, in its clause."""
    begin, end = reading.sentences[reading.sentence_of[i]]
    sides = (("right", range(i + 1, min(end, i + _CLAUSE))), ("left", range(i - 1, max(begin - 1, i - _CLAUSE), -1)))
    for how, side in sides:
        for j in side:
            if reading.lower[j] in _STOPS:
                break
            place = reading.place_at.get(j)
            if place is None or place.mention.type == "Place" or has_preposition(reading, place.begin, begin):
                continue
            yield Speaker(place.entity, how)
            break


def has_preposition(reading: Reading, j: int, begin: int) -> bool:
    """Tell whether a preposition governs the noun or name at `j`; its sentence begins at `begin`."""
    k, place = j - 1, reading.place_at.get(j)
    while k >= begin and (reading.pos[k] in MODIFIERS or (place is not None and reading.place_at.get(k) is place)):
        k -= 1
    return k >= begin and reading.pos[k] == "ADP"
