"""What grammar alone says of who acts: "ein russischer Angriff" is Russia's; who "wurde beschossen" did not fire.

The models weigh many signs, and pass over these two where others speak loudly: who is named all over the article.
"""

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


def heed_grammar(reading: Reading, happening: Happening, chances: Chances, column: int) -> Chances:
    """Return the chances with those of `column`, the role of who acts in a `happening`, as grammar has them."""
    token = happening.token
    settled = chances.copy()
    if reading.pos[token] == "NOUN":
        owner = _owner(reading, token)
        if owner is not None:
            others = [number for number in range(len(chances)) if not are_listed(reading, owner, number)]
            settled[others, column] = 0
            settled[owner, column] = _CERTAIN
    elif _is_passive(reading, token):
        done_to = [number for number in np.flatnonzero(chances[:, column]) if _is_done_to(reading, int(number), token)]
        settled[done_to, column] = 0
    return settled


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
