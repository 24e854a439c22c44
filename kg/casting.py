"""Who plays which part, over the whole article: every happening by itself first, then once more beside its neighbours.

The second look knows how sure the first was of every entity, what it found for the happenings around, and whom "sie"
can mean: "Am Montag trafen sich Xi und Putin. Sie sprachen auch über ...".
"""

from bisect import bisect_left
from collections.abc import Sequence
from functools import cache

import numpy as np
from numpy.typing import NDArray

from kg import roles
from kg.frames import load_frames
from kg.maxent import LinearModel, mix, squash
from kg.pairs import PairFeatures
from kg.reading import Reading
from kg.realisations import Happening
from kg.second_look import Chances, SecondLook
from kg.trees import Trees

SOURCE_ROLE = "attributedTo"
"""The label under which named sources are found."""

OPPOSITES = (
    *(("sender", role) for role in ("recipient", "destination", "origin", "target", "beneficiary", "against")),
    ("attacker", "target"),
    ("speaker", "addressee"),
    ("beneficiary", "against"),
)
"""Parts that one entity does not play both of in one happening."""

_AGAINST_OTHERS = (("sender", "recipient"), ("sender", "target"), ("speaker", "addressee"))
"""Those of them that a state and its people and bodies do not play against each other either."""

CONTEXT_SHARE = 0.5
"""What the encoder's word counts in a part's log odds, beside the linear model's."""
_LEADING = 50
"""Of a long article, this many entities stand out at most, so that the work grows with its length and no faster."""
_OFTEN = 2
_BACK = 4
Pairs = dict[int, PairFeatures]
"""Entity number to the features of the happening with that entity."""


@cache
def is_allowed(kind_of_event: str, label: str, kind: str) -> bool:
    """Tell whether an entity of type `kind` may fill the role `label` in an event of type `kind_of_event`."""
    role = load_frames()[kind_of_event].roles.get(label)
    return label == SOURCE_ROLE or (role is not None and kind in role.fillers)


@cache
def _allowed(kind_of_event: str, kind: str, labels: tuple[str, ...]) -> NDArray[np.bool_]:
    return np.array([is_allowed(kind_of_event, label, kind) for label in labels])


def candidates(reading: Reading, happening: Happening) -> list[int]:
    """Return the numbers of the entities that are near enough to take part, or stand out in the article.

    Near is from four sentences before the trigger to one after it, and a state whose people or bodies are named beside
    the trigger. Of the annotated fillers in the training articles 96 % are among them, and half of all entities.
    """
    here = reading.sentence_of[happening.token]
    owners = {reading.country_of[place.entity] for place in reading.places_in[here]}
    found = []
    for number, sentences in enumerate(reading.sentences_with):
        stands_out = len(reading.places_of[number]) >= _OFTEN or (sentences and sentences[0] <= 1)
        stands_out = stands_out and reading.rank[number] < _LEADING
        nearest = bisect_left(sentences, here - _BACK)
        near = nearest < len(sentences) and sentences[nearest] <= here + 1
        if near or stands_out or reading.entities[number].entity.key in owners:
            found.append(number)
    return found


def pair_features(reading: Reading, happening: Happening) -> Pairs:
    """Return the features of the happening with each candidate."""
    shared = roles.shared_features(reading, happening)
    return {number: roles.features(reading, happening, number, shared) for number in candidates(reading, happening)}


def judge(pairs: Pairs, reading: Reading, happening: Happening, model: LinearModel) -> Chances:
    """Return the probabilities for each entity and label; who is no candidate or not allowed by the frame has none."""
    chances = np.zeros((len(reading.entities), len(model.labels)), dtype=np.float32)
    if pairs:
        numbers = list(pairs)
        kinds = [reading.entities[number].entity.type for number in numbers]
        allowed = np.array([_allowed(happening.type, kind, model.labels) for kind in kinds])
        odds = model.bias + model.sums_of_rows([features.rows(model) for features in pairs.values()])
        if reading.context is not None:
            odds = mix(
                odds, reading.parts_in_context(happening.token, happening.type, model.labels)[numbers], CONTEXT_SHARE
            )
        chances[numbers] = np.where(allowed, squash(odds), np.float32(0))
    return chances


def settle_opposites(chances: Chances, labels: Sequence[str]) -> Chances:
    """Leave each entity the likelier of two parts that nobody plays at once: who sends does not receive.

    In the training articles both parts of such a pair are filled 1,709 times, by the same entity six times.
    """
    settled = chances.copy()
    columns = {label: column for column, label in enumerate(labels)}
    for one, other in OPPOSITES:
        if one not in columns or other not in columns:
            continue
        mine, theirs = chances[:, columns[one]], chances[:, columns[other]]
        if not mine.any() or not theirs.any():
            continue
        settled[mine < theirs, columns[one]] = 0
        settled[theirs <= mine, columns[other]] = 0
    return settled


def settle_kin(reading: Reading, chances: Chances, labels: Sequence[str]) -> Chances:
    """Leave a state and whoever belongs to it the likelier of two parts that they do not play against each other.

    "Sollte der Kreml auf Zeit spielen, werde man die Sanktionen verschärfen" are no sanctions of the Kremlin against
    Russia. A parliament that asks the government, and an army that attacks a town, are not meant.
    """
    settled = chances.copy()
    columns = {label: column for column, label in enumerate(labels)}
    members, states = reading.citizens
    for one, other in _AGAINST_OTHERS:
        if {one, other} <= columns.keys():
            for part, against in ((columns[one], columns[other]), (columns[other], columns[one])):
                mine, theirs = chances[members, part], chances[states, against]
                settled[members[mine < theirs], part] = 0
                settled[states[theirs <= mine], against] = 0
    return settled


def drop_kin(reading: Reading, ranked: Sequence[int]) -> list[int]:
    """Leave of a state and its bodies the first: "die französischen Streitkräfte" and Frankreich are one sender."""
    kept: list[int] = []
    for number in ranked:
        if not any(other in kept for other in reading.kin.get(number, ())):
            kept.append(number)
    return kept


def cast(
    reading: Reading, happenings: Sequence[Happening], first: LinearModel, second: Trees
) -> list[tuple[Pairs, Chances]]:
    """Return for each happening the features of the candidates and all probabilities after the second look."""
    pairs = [pair_features(reading, happening) for happening in happenings]
    chances = [judge(found, reading, happening, first) for found, happening in zip(pairs, happenings, strict=True)]
    look = SecondLook(reading, happenings, pairs, chances, first.labels)
    cases = [look.cases(position) for position in range(len(happenings))]
    answers = second.probabilities(np.concatenate([matrix for _, _, matrix in cases])) if cases else ()
    result, done = [], 0
    for found, (numbers, columns, matrix) in zip(pairs, cases, strict=True):
        settled = np.zeros((len(reading.entities), len(first.labels)), dtype=np.float32)
        settled[numbers, columns] = answers[done : done + len(matrix)]
        done += len(matrix)
        result.append((found, settled))
    return result
