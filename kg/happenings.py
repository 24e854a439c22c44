"""The triggers of an article, found by the model and joined where several words tell of one happening."""

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from kg import triggers
from kg.maxent import LinearModel, mix, squash
from kg.reading import Reading
from kg.realisations import Happening

CONTEXT_SHARE = 0.5
"""What the encoder's word counts in a trigger's log odds, beside the linear model's."""
_DIVIDERS = frozenset({";", ":", "–"})


@dataclass(frozen=True, slots=True)
class TriggerChances:
    """How likely each word of an article tells of a happening of each type: `matrix` is words x labels."""

    labels: tuple[str, ...]
    tokens: tuple[int, ...]
    """The words that can be triggers, ascending."""
    matrix: NDArray[np.float32]
    row_of: Mapping[int, int]
    """Token to its row."""

    def rows_between(self, begin: int, end: int) -> tuple[int, int]:
        """Return the rows of the tokens from `begin` to `end`, half-open."""
        return bisect_left(self.tokens, begin), bisect_left(self.tokens, end)


def judge_words(reading: Reading, model: LinearModel) -> TriggerChances:
    """Return the chances of all words that can be triggers."""
    words = triggers.candidates(reading)
    numbers = [reading.sentence_of[i] for i in words]
    shared = {number: triggers.sentence_features(reading, number) for number in dict.fromkeys(numbers)}
    own = [triggers.features(reading, i, shared[number]) for i, number in zip(words, numbers, strict=True)]
    row_of = {number: row for row, number in enumerate(shared)}
    odds = model.bias + model.sums(own) + model.sums(list(shared.values()))[[row_of[number] for number in numbers]]
    if reading.context is not None:
        odds = mix(odds, reading.context.of_triggers(words), CONTEXT_SHARE)
    rows = {token: row for row, token in enumerate(words)}
    return TriggerChances(model.labels, tuple(words), squash(odds), rows)


def find_happenings(reading: Reading, chances: TriggerChances, limit: float) -> list[Happening]:
    """Find the triggers whose probability is at least `limit`, in text order."""
    found = [
        Happening(chances.labels[column], chances.tokens[row], float(chances.matrix[row, column]))
        for row, column in zip(*np.nonzero(chances.matrix >= limit), strict=True)
    ]
    return join_triggers(reading, found)


def join_triggers(reading: Reading, found: Sequence[Happening]) -> list[Happening]:
    """Make one happening of the triggers that tell of it together: "unterzeichneten … ein Abkommen"."""
    joined: list[Happening] = []
    for happening in found:
        before = next((k for k in reversed(range(len(joined))) if joined[k].type == happening.type), None)
        if before is not None and _tell_together(reading, joined[before].token, happening.token):
            pair = sorted((joined[before], happening), key=lambda h: (-h.probability, h.token))
            more = tuple(sorted({*pair[0].more, *pair[1].more, pair[1].token}))
            joined[before] = replace(pair[0], more=more)
        else:
            joined.append(happening)
    return sorted(joined, key=lambda h: (h.token, h.type))


def _tell_together(reading: Reading, i: int, j: int) -> bool:
    """Tell whether two words stand in one clause: "und" and a second comma start a new one."""
    if reading.sentence_of[i] != reading.sentence_of[j]:
        return False
    between = reading.lower[min(i, j) + 1 : max(i, j)]
    return _DIVIDERS.isdisjoint(between) and between.count(",") < 2 and "und" not in between
