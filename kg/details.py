"""Which figure and which date belong to a happening: linear models over (trigger, expression) pairs."""

from collections.abc import Iterator

from spacy.tokens import Token

from kg.model import Figure, TimeExpression
from kg.quantities import counts_money, counts_people
from kg.reading import Reading
from kg.realisations import Happening
from kg.wordlists import words_of

COUNTED = {"Deployment": "personnel", "Withdrawal": "personnel", "ArmsTransfer": "quantity"}
"""Event types that carry a figure, with the name of its slot."""

_BREAKS = words_of("detail_breaks")
_REACH = 4
"""How many sentences back a date carries on: "Am Freitag kam er an. Er traf ..."."""


def figures_near(reading: Reading, happening: Happening) -> Iterator[tuple[Figure, list[str]]]:
    """Yield the figures of the trigger's sentence that are no money, each with the features of the pair."""
    number = reading.sentence_of[happening.token]
    found = [item for item in reading.figures_in[number] if not counts_money(item[2])]
    for order, (begin, end, figure) in enumerate(found):
        base = _position(reading, happening, begin, end)
        base += [f"noun={figure.noun}", f"people={counts_people(figure)}", f"q={figure.qualifier}"]
        base += [f"order={min(order, 3)}", f"of={min(len(found), 4)}"]
        base += [f"before={reading.lemma[begin - 1]}"] if begin else []
        base += [f"after={reading.lemma[end]}"] if end < len(reading.lemma) else []
        size = figure.max if figure.max is not None else figure.min or 0
        base.append(f"size={len(str(size))}")
        yield figure, _with_type(happening, base)


def times_near(reading: Reading, happening: Happening) -> Iterator[tuple[TimeExpression, list[str]]]:
    """Yield the dates of the trigger's sentence and of those just before it, each with the features of the pair."""
    here = reading.sentence_of[happening.token]
    published = reading.article.published
    for number in range(max(0, here - _REACH), here + 1):
        found = reading.times_in[number]
        for order, (begin, end, time) in enumerate(found):
            base = [f"back={here - number}", f"order={min(order, 3)}", f"of={min(len(found), 3)}"]
            if number == here:
                base += _position(reading, happening, begin, end)
            else:
                between = sum(len(reading.times_in[n]) for n in range(number + 1, here + 1))
                base += [f"newer={min(between, 2)}", f"opens={begin <= reading.sentences[number][0] + 2}"]
            base += [f"first={reading.lower[begin]}", f"last={reading.lower[end - 1]}"]
            base += [f"before={reading.lower[begin - 1]}"] if begin else []
            if time.begin is None or time.end is None:
                base.append("open")
            else:
                base.append(f"days={min((time.end - time.begin).days.bit_length(), 9)}")
                base.append("future" if time.begin > published else "past" if time.end < published else "now")
            yield time, _with_type(happening, base)


def _position(reading: Reading, happening: Happening, begin: int, end: int) -> list[str]:
    i = happening.token
    side, low, high = ("after", i + 1, begin) if begin > i else ("before", end, i)
    gap = max(0, high - low)
    out = [f"side={side}", f"gap={min(gap, 4) if gap < 5 else 4 + min(gap // 4, 4)}"]
    breaks = sum(word in _BREAKS for word in reading.lower[low:high])
    out += [f"breaks={min(breaks, 3)}", f"{side}:breaks={min(breaks, 2)}"]
    out += [f"brk={word}" for word in sorted(set(reading.lower[low:high]) & _BREAKS)]
    token = reading.doc[begin]
    if token.dep_:
        out.append(f"under={any(ancestor.i == i for ancestor in token.ancestors)}")
        verb = _verb_above(token)
        out.append(f"sameverb={verb is not None and verb == _verb_above(reading.doc[i])}")
    return out


def _verb_above(token: Token) -> int | None:
    """Return the index of the nearest verb that governs the token, or of the token itself if it is one."""
    return next((t.i for t in (token, *token.ancestors) if t.pos_ in {"VERB", "AUX"}), None)


def _with_type(happening: Happening, base: list[str]) -> list[str]:
    side = next((f for f in base if f.startswith("side=")), "side=?")
    gap = next((f for f in base if f.startswith("gap=")), "gap=?")
    return [*base, *(f"{happening.type}|{feature}" for feature in base), f"{side}|{gap}"]
