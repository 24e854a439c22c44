"""Who plays which part, over the whole article: every happening by itself first, then once more beside its neighbours.

The second look knows how sure the first was of every entity, and what it found for the happenings around: "Am Montag
trafen sich Xi und Putin. Sie sprachen auch über ...".
"""

from bisect import bisect_left
from collections.abc import Collection, Sequence
from functools import cache

import numpy as np
from numpy.typing import NDArray

from kg import roles
from kg.frames import load_frames
from kg.maxent import LinearModel
from kg.reading import Reading
from kg.realisations import Happening

SOURCE_ROLE = "attributedTo"
"""The label under which named sources are found."""

OPPOSITES = (
    *(("sender", role) for role in ("recipient", "destination", "origin", "target", "beneficiary", "against")),
    ("attacker", "target"),
    ("speaker", "addressee"),
    ("beneficiary", "against"),
)
"""Parts that one entity does not play both of in one happening."""

_LEADING = 50
"""Of a long article, this many entities stand out at most, so that the work grows with its length and no faster."""
_OFTEN = 2
_BACK = 4
_HOPELESS = 0.02
"""Whom the first look gives no part above this probability, nor a likely one elsewhere, is not looked at again."""
_LOW = 0.15
"""Below this probability the first look says nothing."""

Pairs = dict[int, list[str]]
"""Entity number to the features of the happening with that entity."""

Chances = NDArray[np.float32]
"""Probabilities of one happening's parts, shape (entities, labels)."""


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
        chances[numbers] = np.where(allowed, model.probabilities_of(list(pairs.values())), np.float32(0))
    return chances


def context_features(
    reading: Reading,
    happenings: Sequence[Happening],
    chances: Sequence[Chances],
    position: int,
    *,
    labels: Sequence[str],
    numbers: Collection[int],
) -> Pairs:
    """Return for each of the entities `numbers` what the first look says of it, here and in the happenings around.

    `chances` holds the first look's probabilities of each happening of the article; all are in text order.
    """
    happening, own = happenings[position], chances[position]
    found: Pairs = {number: [] for number in sorted(numbers)}
    if not found:
        return found
    for column, label in enumerate(labels):
        if own[:, column].any():
            _add_ranks(found, own[:, column], label, happening.type)
    here = reading.sentence_of[happening.token]
    for name, other in _neighbours(happenings, position):
        gap = min(abs(here - reading.sentence_of[happenings[other].token]), 3)
        for features in found.values():
            features.append(f"{name}gap={gap}")
        for number, column in zip(*np.nonzero(chances[other] > _LOW), strict=True):
            if number in found:
                fact = f"{name}:{labels[column]}={_level(chances[other][number, column])}"
                found[number] += [fact, f"{fact}:{gap}", f"{happening.type}|{fact}"]
    return found


def _add_ranks(found: Pairs, column: NDArray[np.float32], label: str, kind: str) -> None:
    """Add to each candidate how it ranks for the role, how likely it is and how likely the best is."""
    order = sorted(found, key=lambda number: (-column[number], number))
    best = _level(column[order[0]])
    for rank, number in enumerate(order):
        level = _level(column[number])
        if rank < 3:
            found[number] += [f"{kind}|rank:{label}={rank}", f"rank:{label}={rank}:{level}"]
        if level:
            found[number].append(f"{kind}|chance:{label}={level}")
        if rank:
            found[number].append(f"best:{label}={best}:{min(rank, 3)}")


def _neighbours(happenings: Sequence[Happening], position: int) -> list[tuple[str, int]]:
    """Return the happening before, and the nearest of the same type before and after."""
    kind = happenings[position].type
    before = [k for k in range(position) if happenings[k].type == kind]
    after = [k for k in range(position + 1, len(happenings)) if happenings[k].type == kind]
    found = [("alike_before", before[-1])] if before else []
    found += [("alike_after", after[0])] if after else []
    return [*found, ("before", position - 1)] if position else found


def _level(chance: float) -> str:
    return "h" if chance > 0.6 else "m" if chance > 0.35 else "l" if chance > _LOW else ""


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
        settled[mine < theirs, columns[one]] = 0
        settled[theirs <= mine, columns[other]] = 0
    return settled


def cast(
    reading: Reading, happenings: Sequence[Happening], first: LinearModel, second: LinearModel
) -> list[tuple[Pairs, Chances]]:
    """Return for each happening the features of the candidates and all probabilities after the second look."""
    pairs = [pair_features(reading, happening) for happening in happenings]
    chances = [judge(found, reading, happening, first) for found, happening in zip(pairs, happenings, strict=True)]
    plays = np.any([found.max(axis=1, initial=0) > _LOW for found in chances], axis=0)
    result = []
    for position, happening in enumerate(happenings):
        likely = plays | (chances[position].max(axis=1, initial=0) >= _HOPELESS)
        own = {number: features for number, features in pairs[position].items() if likely[number]}
        context = context_features(reading, happenings, chances, position, labels=first.labels, numbers=own)
        full = {number: features + context[number] for number, features in own.items()}
        result.append((full, judge(full, reading, happening, second)))
    return result
