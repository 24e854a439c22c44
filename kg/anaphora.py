"""Words that point back: "Er ruft an", "das Land schickt", "reiste dorthin".

What they stand for is not decided here. Each entity named before may be meant; how recent and how salient it is beside
the others is what the second look at the parts weighs, together with the part that the word's place is made for.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from kg.model import EntityType
from kg.reading import Place, Reading

_PATH = Path(__file__).parent / "data" / "lexicon" / "anaphors.toml"
_SUBJECTS = frozenset({"nsubj", "nsubj:pass"})
_PERSON_ENDINGS = ("jährige", "jähriger", "jährigen")
"""Persons by their age: "der 54-Jährige"."""
_REACH = 8
"""How many sentences back an antecedent is looked for."""
FAR = 3
"""Ranks from this one on are one."""
UNFIT = 9
"""Rank of what the word cannot mean."""


@dataclass(frozen=True, slots=True)
class Anaphor:
    """A token that points back, and the types of entities that it can stand for."""

    token: int
    kinds: frozenset[EntityType]


@cache
def _lexicon() -> tuple[Mapping[str, frozenset[EntityType]], Mapping[str, frozenset[EntityType]], frozenset[str]]:
    """Return pronouns and nouns with the types that they can stand for, and the determiners of such nouns."""
    tables = tomllib.loads(_PATH.read_text(encoding="utf-8"))
    pronouns = {word: frozenset(item["kinds"]) for item in tables["pronouns"] for word in item["words"].split()}
    nouns = {word: frozenset([kind]) for kind, words in tables["nouns"].items() for word in words.split()}
    return pronouns, nouns, frozenset(tables["determiners"].split())


def find_anaphors(reading: Reading, number: int) -> list[Anaphor]:
    """Find what points back in the sentence with the given number, in text order."""
    pronouns, _, _ = _lexicon()
    begin, end = reading.sentences[number]
    found = []
    for i in range(begin, end):
        if i in reading.place_at:
            continue
        kinds = pronouns.get(reading.lower[i]) or _kinds_of_noun(reading, i, begin, end)
        if kinds:
            found.append(Anaphor(i, kinds))
    return found


def _kinds_of_noun(reading: Reading, i: int, begin: int, end: int) -> frozenset[EntityType] | None:
    """Return what a noun can stand for that names nothing by itself: "das Land", not "das Land Hessen" or "Land"."""
    _, nouns, determiners = _lexicon()
    word = reading.lower[i]
    if i == begin or reading.doc[i].text[:1].islower() or (i + 1 < end and i + 1 in reading.place_at):
        return None
    kinds = nouns.get(word) or nouns.get(reading.lemma[i].lower())
    if kinds is None and word.endswith(_PERSON_ENDINGS):
        kinds = frozenset(["Person"])
    led = reading.lower[i - 1] in determiners
    led = led or (i - 2 >= begin and reading.pos[i - 1] == "ADJ" and reading.lower[i - 2] in determiners)
    return kinds if led else None


def rank_antecedents(reading: Reading, anaphor: Anaphor) -> dict[int, tuple[int, int]]:
    """Rank the entities named before an anaphor that it can stand for.

    Returns entity number to its rank by recency, and its rank among those that were a subject or opened a sentence
    (`FAR` + 1 if it did neither). Of several in one sentence, the last named is the most recent, and the first the most
    salient (after the centering theory of Grosz, Joshi and Weinstein, 1995).
    """
    here = reading.sentence_of[anaphor.token]
    recent: dict[int, None] = {}
    salient: dict[int, None] = {}
    for number in range(here, max(-1, here - _REACH - 1), -1):
        begin, _ = reading.sentences[number]
        places = [p for p in reading.places_in[number] if p.end <= anaphor.token and p.mention.type in anaphor.kinds]
        recent.update(dict.fromkeys(p.entity for p in reversed(places) if p.entity not in recent))
        leading = (p.entity for p in places if _is_salient(reading, p, begin))
        salient.update(dict.fromkeys(entity for entity in leading if entity not in salient))
    second = {entity: min(rank, FAR) for rank, entity in enumerate(salient)}
    return {entity: (min(rank, FAR), second.get(entity, FAR + 1)) for rank, entity in enumerate(recent)}


def _is_salient(reading: Reading, place: Place, begin: int) -> bool:
    opens = place.begin <= begin + 1
    return opens or any(reading.doc[k].dep_ in _SUBJECTS for k in range(place.begin, place.end))
