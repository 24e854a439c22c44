"""What grammar alone says of who attacks whom: "ein russischer Angriff" is Russia's, who "wurde beschossen" did not.

The models weigh many signs, and pass over these where others speak loudly: who is named all over the article.
"""

from collections.abc import Sequence

import numpy as np

from kg.clauses import are_listed
from kg.reading import Reading
from kg.realisations import PASSIVE, Happening
from kg.second_look import Chances
from kg.wordlists import words_of

_BY = words_of("agents")
_REACH = 4
"""Words of a phrase before the name: "von Einheiten der russischen Armee"."""
_CERTAIN = 1.0
_LIKELY = 0.6
_OF_PHRASES = frozenset({"DET", "ADJ", "NUM", "NOUN", "PROPN"})


def heed_grammar(reading: Reading, happening: Happening, chances: Chances, labels: Sequence[str]) -> Chances:
    """Return the chances of an attack with those of attacker and target as grammar has them."""
    attacker, target = labels.index("attacker"), labels.index("target")
    token = happening.token
    settled = chances.copy()
    if reading.pos[token] == "NOUN":
        owner = _owner(reading, token)
        if owner is not None:
            others = [number for number in range(len(chances)) if not are_listed(reading, owner, number)]
            settled[others, attacker] = 0
            settled[owner, attacker] = _CERTAIN
    elif _is_passive(reading, token):
        done_to = [
            number for number in np.flatnonzero(chances[:, attacker]) if _is_done_to(reading, int(number), token)
        ]
        settled[done_to, attacker] = 0
        agents = _agents(reading, token)
        settled[agents, target] = 0
        settled[agents, attacker] = np.maximum(settled[agents, attacker], _LIKELY)
    return settled


def _agents(reading: Reading, token: int) -> list[int]:
    """Return who is named in the phrase right before a participle: "wurde | von russischen Soldaten | beschossen"."""
    begin, _ = reading.sentences[reading.sentence_of[token]]
    j = token - 1
    while j >= begin and reading.pos[j] in _OF_PHRASES and reading.lower[j] not in _BY:
        j -= 1
    if j < begin or reading.lower[j] not in _BY:
        return []
    places = [
        place for place in reading.places_in[reading.sentence_of[token]] if j < place.begin and place.end <= token
    ]
    return [place.entity for place in places[:1]]


def _owner(reading: Reading, token: int) -> int | None:
    """Return the state of the adjective before a noun: "den | russischen | nächtlichen | Angriff"."""
    j = token - 1
    while j >= 0 and reading.pos[j] == "ADJ":
        place = reading.place_at.get(j)
        if place is not None:
            return place.entity if place.mention.kind == "adjective" else None
        j -= 1
    return None


def _is_passive(reading: Reading, token: int) -> bool:
    """Tell whether a participle has an auxiliary of the passive: "beschossen worden", "wurde getroffen"."""
    if "Part" not in reading.doc[token].morph.get("VerbForm", []):
        return False
    begin, end = reading.sentences[reading.sentence_of[token]]
    own = (j for j in range(begin, end) if token in (reading.heads[j], j) or reading.heads[token] == j)
    return any(reading.lower[j] in PASSIVE for j in own)


def _is_done_to(reading: Reading, number: int, token: int) -> bool:
    """Tell whether the sentence names somebody, and nowhere as the one by whom something is done."""
    begin, _ = reading.sentences[reading.sentence_of[token]]
    named = [p for p in reading.places_in[reading.sentence_of[token]] if p.entity == number]
    by = (j for p in named for j in range(max(begin, p.begin - _REACH), p.begin))
    return bool(named) and _BY.isdisjoint(reading.lower[j] for j in by)
