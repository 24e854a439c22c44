"""Which figure and which date belong to a happening: models over (trigger, expression) pairs.

Of the dates, boosted trees have the last word, which see how the linear model ranks them.
"""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Literal

import numpy as np

from kg.clauses import clause_of
from kg.frames import load_frames
from kg.maxent import Floats, LinearModel, mix, squash
from kg.model import STATUSES, Figure, Status, TimeExpression
from kg.quantities import counts_money, counts_people
from kg.reading import Reading
from kg.realisations import Happening
from kg.trees import Matrix
from kg.wordlists import words_of

COUNTED = {"Deployment": "personnel", "Withdrawal": "personnel", "ArmsTransfer": "quantity"}
"""Event types that carry a figure, with the name of its slot."""

_SPOKEN = frozenset({"Statement", "Appeal"})
CONTEXT_SHARE = 0.4
"""What the encoder's word counts beside the linear models'."""
_BREAKS = words_of("detail_breaks")
_TYPES = tuple(sorted(load_frames()))
_BACK = 8
"""How many sentences back a date carries on: "Am Freitag kam er an. Er traf ..."."""
_AHEAD = 1
"""A headline or a first sentence is dated by what follows."""
_AUXILIARY = frozenset({"aux", "aux:pass", "cop"})
_NO_DATE = -99.0
_MANY_DAYS = 400

DATE_COLUMNS = (
    "type", "chance", "rank", "best other", "back", "order", "of", "newer", "opens", "gap", "breaks", "under",
    "same verb", "after", "words away", "open", "length", "from publication", "future", "past", "dates", "noun",
    "sentence", "in title", "date in title", "happenings here", "happenings between", "status",
)  # fmt: skip
"""What the trees are told of a happening with a date."""


def judge(
    reading: Reading,
    happening: Happening,
    name: Literal["figure", "time"],
    near: Sequence[tuple[Figure | TimeExpression, list[str]]],
    model: LinearModel,
) -> Floats:
    """Return how likely each expression with its features belongs to the happening, shape (expressions,)."""
    odds = model.bias + model.sums([features for _, features in near])
    if reading.context is not None:
        spans = [reading.tokens_of(expression.span) for expression, _ in near]
        said = reading.context.of_expressions(name, happening.token, happening.type, spans)
        odds = mix(odds, said[:, None], CONTEXT_SHARE)
    return squash(odds)[:, 0]


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
    """Yield the dates of the trigger's sentence and of those around it, each with the features of the pair.

    The day on which the article was written is none of them: "Berlin, 29. August (Reuters) - …".
    """
    i = happening.token
    here = reading.sentence_of[i]
    tense = "tense={}:{}".format(*_tense_of(reading, i))
    for number in range(max(0, here - _BACK), min(len(reading.sentences), here + _AHEAD + 1)):
        found = reading.times_in[number]
        for order, (begin, end, time) in enumerate(found):
            if any(own.contains(time.span) for own in reading.own_dates):
                continue
            when = _when(time, reading.article.published)
            base = [f"back={here - number}", f"order={min(order, 3)}", f"of={min(len(found), 3)}", f"when={when}"]
            base += [f"{tense}|{when}", f"{tense}|back={min(here - number, 2)}|{when}"]
            base.append(f"{reading.lemma[i]}|{when}|{number == here}")
            base.append(f"lines={min(abs(reading.line_of[here] - reading.line_of[number]), 2)}")
            if number == here:
                base += _position(reading, happening, begin, end)
            else:
                between = sum(len(reading.times_in[n]) for n in range(min(number, here) + 1, max(number, here + 1)))
                base += [f"newer={min(between, 2)}", f"opens={begin <= reading.sentences[number][0] + 2}"]
            base += _between(reading, min(begin, i) + 1, max(begin, i), inside=number == here)
            base += [f"first={reading.lower[begin]}", f"last={reading.lower[end - 1]}"]
            base += [f"before={reading.lower[begin - 1]}"] if begin else []
            if time.begin is not None and time.end is not None:
                base.append(f"days={min((time.end - time.begin).days.bit_length(), 9)}")
            yield time, _with_type(happening, base)


def is_far_fetched(reading: Reading, happening: Happening, time: TimeExpression) -> bool:
    """Tell whether a date of what somebody says stands outside the clause of saying.

    What is said has dates of its own: "Vergeltung für den Beschuss am 1. April, drohte Teheran".
    """
    begin, _ = reading.tokens_of(time.span)
    i = happening.token
    if happening.type not in _SPOKEN:
        return False
    return reading.sentence_of[begin] != reading.sentence_of[i] or clause_of(reading, begin) != clause_of(reading, i)


def _when(time: TimeExpression, published: date) -> str:
    if time.begin is None or time.end is None:
        return "open"
    return "future" if time.begin > published else "past" if time.end < published else "now"


def _between(reading: Reading, low: int, high: int, *, inside: bool) -> list[str]:
    """Return how many words of saying and other verbs stand between, which the date could belong to instead."""
    out = [f"sayings={min(sum(j in reading.speaking for j in range(low, high)), 2)}"]
    if inside:
        out.append(f"verbs={min(reading.pos[low:high].count('VERB'), 3)}")
    return out


def _position(reading: Reading, happening: Happening, begin: int, end: int) -> list[str]:
    i = happening.token
    side, low, high = ("after", i + 1, begin) if begin > i else ("before", end, i)
    gap = max(0, high - low)
    out = [f"side={side}", f"gap={min(gap, 4) if gap < 5 else 4 + min(gap // 4, 4)}"]
    breaks = sum(word in _BREAKS for word in reading.lower[low:high])
    out += [f"breaks={min(breaks, 3)}", f"{side}:breaks={min(breaks, 2)}"]
    out += [f"brk={word}" for word in sorted(set(reading.lower[low:high]) & _BREAKS)]
    if reading.deps[begin]:
        out.append(f"under={i in _ancestors(reading, begin)}")
        verb = _verb_above(reading, begin)
        out.append(f"sameverb={verb is not None and verb == _verb_above(reading, i)}")
    return out


def _ancestors(reading: Reading, token: int) -> Iterator[int]:
    """Yield the tokens that govern a token, the nearest first."""
    while (head := reading.heads[token]) != token:
        yield head
        token = head


def _verb_above(reading: Reading, token: int) -> int | None:
    """Return the nearest verb that governs a token, or the token itself if it is one."""
    return next((t for t in (token, *_ancestors(reading, token)) if reading.pos[t] in {"VERB", "AUX"}), None)


def _tense_of(reading: Reading, i: int) -> tuple[str, str]:
    """Return tense or mood of the finite verb over token `i`, and that verb where it is an auxiliary.

    "hatte zugesagt" tells of what lies before the rest of the story: ("Past", "haben").
    """
    verb = _verb_above(reading, i)
    if verb is None:
        return "", ""
    group = [verb, *(child for child in reading.children[verb] if reading.deps[child] in _AUXILIARY)]
    finite = next((t for t in group if "Fin" in reading.morphs[t].get("VerbForm", ())), None)
    if finite is None:
        return "", ""
    morph = reading.morphs[finite]
    tense = "Sub" if "Sub" in morph.get("Mood", ()) else next(iter(morph.get("Tense", ())), "")
    return tense, reading.lemma[finite] if finite != verb else ""


def _with_type(happening: Happening, base: list[str]) -> list[str]:
    side = next((f for f in base if f.startswith("side=")), "side=?")
    gap = next((f for f in base if f.startswith("gap=")), "gap=?")
    return [*base, *(f"{happening.type}|{feature}" for feature in base), f"{side}|{gap}"]


def date_cases(
    reading: Reading,
    happenings: Sequence[Happening],
    position: int,
    *,
    dates: Sequence[TimeExpression],
    chances: Sequence[float],
    status: Status,
) -> Matrix:
    """Return the columns of one happening with each of the dates near it, shape (dates, columns).

    Args:
        reading: the article.
        happenings: all its happenings, in text order.
        position: the one that is to be dated.
        dates: those of `times_near`.
        chances: what the linear model gave each of them.
        status: the standing of the happening.
    """
    happening = happenings[position]
    i, here = happening.token, reading.sentence_of[happening.token]
    published = reading.article.published
    ranks = np.argsort(np.argsort(-np.array(chances), kind="stable"), kind="stable")
    verb = _verb_above(reading, i)
    beside = [h.token for k, h in enumerate(happenings) if k != position and reading.sentence_of[h.token] == here]
    rows = []
    for k, time in enumerate(dates):
        begin, end = reading.tokens_of(time.span)
        there = reading.sentence_of[begin]
        inside = there == here
        low, high = (i + 1, begin) if begin > i else (end, i)
        fellows = reading.times_in[there]
        days = (time.end - time.begin).days if time.begin is not None and time.end is not None else _NO_DATE
        first = time.begin or time.end
        rows.append([
            _TYPES.index(happening.type), chances[k], ranks[k],
            max((c for j, c in enumerate(chances) if j != k), default=0.0),
            here - there, next(n for n, fellow in enumerate(fellows) if fellow[2] is time), len(fellows),
            sum(len(reading.times_in[n]) for n in range(min(there, here) + 1, max(there, here + 1))),
            begin <= reading.sentences[there][0] + 2,
            max(0, high - low) if inside else -1,
            sum(word in _BREAKS for word in reading.lower[low:high]) if inside else -1,
            i in _ancestors(reading, begin), verb is not None and verb == _verb_above(reading, begin),
            begin > i, begin - i, time.begin is None or time.end is None, days,
            max(-_MANY_DAYS, min(_MANY_DAYS, (first - published).days)) if first is not None else _NO_DATE,
            time.begin is not None and time.begin > published, time.end is not None and time.end < published,
            len(dates), reading.pos[i] in {"NOUN", "PROPN"}, here, reading.is_title(here), reading.is_title(there),
            len(beside), sum(min(begin, i) < other < max(begin, i) for other in beside), STATUSES.index(status),
        ])  # fmt: skip
    return np.array(rows, dtype=np.float32)
