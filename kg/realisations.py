"""How a mention stands to a trigger in the sentence, in the terms of the frames: `active:subject`, `noun:nach`."""

from dataclasses import dataclass, field
from functools import cache

from kg.frames import load_frames
from kg.model import EntityType
from kg.reading import Place, Reading
from kg.wordlists import words_of

_SKIPPED_BEFORE = frozenset({"DET", "ADJ", "NUM", "ADV"})
_ARTICLES = words_of("articles")
_PREPOSITIONS = words_of("prepositions")
PASSIVE = words_of("passive")


@dataclass(frozen=True, slots=True)
class Happening:
    """A trigger with the type that it was found to tell of."""

    type: str
    token: int
    probability: float = 1.0
    more: tuple[int, ...] = field(default=())
    """Other trigger words of the same happening."""


def fitting_roles(reading: Reading, happening: Happening, place: Place | None) -> list[str]:
    """Tell which roles of the frame the mention's place in the sentence is made for: passive "von X" -> sender."""
    if place is None or reading.sentence_of[place.begin] != reading.sentence_of[happening.token]:
        return []
    return [f"fits={name}" for name in roles_of_place(reading, happening, place, frozenset([place.mention.type]))]


def roles_of_place(reading: Reading, happening: Happening, place: Place, kinds: frozenset[EntityType]) -> list[str]:
    """Return the roles that a phrase at `place`, which can stand for entities of `kinds`, is made for."""
    seen = observed_realisations(reading, happening, place)
    roles = load_frames()[happening.type].roles
    fitting = (name for name, role in roles.items() if not kinds.isdisjoint(role.fillers))
    return [name for name in fitting if not seen.isdisjoint(_plain(roles[name].realised))]


@cache
def _plain(realised: tuple[str, ...]) -> frozenset[str]:
    """Realisations without the case: "verb:nach+dat" -> "verb:nach"."""
    return frozenset(item.split("+")[0] for item in realised)


def observed_realisations(reading: Reading, happening: Happening, place: Place) -> set[str]:
    """Return how the mention stands to the trigger, in the terms of the frames: `active:subject`, `noun:nach` ..."""
    i = happening.token
    nominal = reading.pos[i] in {"NOUN", "PROPN"}
    begin, end = reading.sentences[reading.sentence_of[i]]
    voices = ("noun",) if nominal else ("verb", "passive" if _is_passive(reading, i, begin, end) else "active")
    preposition = _preposition(reading, place, begin)
    heads = reading.heads
    head = max(range(place.begin, place.end), key=lambda k: not place.begin <= heads[k] < place.end)
    if place.mention.kind == "adjective":
        return {f"{voice}:adjective" for voice in voices}
    if preposition is not None:
        return {f"{voice}:{_FULL_FORMS.get(preposition, preposition)}" for voice in voices}
    forms = {"nsubj": "subject", "nsubj:pass": "subject", "obj": "accusative", "iobj": "dative", "obl:arg": "dative"}
    dependency = reading.deps[head]
    form = forms.get(dependency, "genitive" if nominal and dependency in {"nmod", "nmod:poss", "flat"} else None)
    return {f"{voice}:{form}" for voice in voices} if form is not None else set()


_FULL_FORMS = {"im": "in", "ins": "in", "am": "an", "ans": "an", "vom": "von", "zum": "zu", "zur": "zu", "beim": "bei"}


def _is_passive(reading: Reading, i: int, begin: int, end: int) -> bool:
    participle = "Part" in reading.morphs[i].get("VerbForm", ())
    return participle and any(word in PASSIVE for word in reading.lower[max(begin, i - 12) : min(end, i + 4)])


def _preposition(reading: Reading, place: Place, begin: int) -> str | None:
    found = next((f for f in left_edge(reading, place, begin) if f.startswith("prep=")), "prep=-")
    return None if found == "prep=-" else found.removeprefix("prep=")


def left_edge(reading: Reading, place: Place, sentence_begin: int) -> list[str]:
    """Preposition and article before the mention: "in der französischen Provinz Elsass" -> in, der."""
    out, j, steps = [], place.begin - 1, 0
    while j >= sentence_begin and steps < 4:
        word = reading.lower[j]
        if word in _PREPOSITIONS:
            out.append(f"prep={word}")
            break
        if word in _ARTICLES:
            out.append(f"art={word}")
        elif reading.pos[j] not in _SKIPPED_BEFORE and steps > 0:
            break
        j -= 1
        steps += 1
    if not out or not out[-1].startswith("prep="):
        out.append("prep=-")
    if place.begin - 1 >= sentence_begin:
        out.append(f"prev={reading.lemma[place.begin - 1]}")
    last = reading.doc[place.end - 1].text
    if place.mention.kind == "name" and last.endswith("s"):
        out.append("ends=s")
    return out
