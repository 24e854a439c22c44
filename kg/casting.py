"""Who plays which part, over the whole article: every happening by itself first, then once more beside its neighbours.

The second look knows how sure the first was of every entity, and what it found for the happenings around: "Am Montag
trafen sich Xi und Putin. Sie sprachen auch über ...".
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from kg import roles
from kg.frames import load_frames
from kg.maxent import LinearModel
from kg.reading import Reading
from kg.realisations import Happening

SOURCE_ROLE = "attributedTo"
"""The label under which named sources are found."""

Chances = NDArray[np.float32]
"""Probabilities of one happening's parts, shape (entities, labels)."""


def is_allowed(happening: Happening, label: str, kind: str) -> bool:
    """Tell whether an entity of type `kind` may fill the role `label` in a happening of that type."""
    role = load_frames()[happening.type].roles.get(label)
    return label == SOURCE_ROLE or (role is not None and kind in role.fillers)


def pair_features(reading: Reading, happening: Happening) -> list[list[str]]:
    """Return the features of the happening with each entity of the reading."""
    shared = roles.shared_features(reading, happening)
    return [roles.features(reading, happening, number, shared) for number in range(len(reading.entities))]


def judge(pairs: Sequence[Sequence[str]], reading: Reading, happening: Happening, model: LinearModel) -> Chances:
    """Return the probabilities for each entity and label; parts that the frame does not allow have none."""
    chances = np.zeros((len(pairs), len(model.labels)), dtype=np.float32)
    for number, features in enumerate(pairs):
        kind = reading.entities[number].entity.type
        allowed = [column for column, label in enumerate(model.labels) if is_allowed(happening, label, kind)]
        chances[number, allowed] = model.probabilities(features)[allowed]
    return chances


def context_features(
    reading: Reading, happenings: Sequence[Happening], chances: Sequence[Chances], position: int, labels: Sequence[str]
) -> list[list[str]]:
    """Return for each entity what the first look says of it, here and in the happenings around.

    `chances` holds the first look's probabilities of each happening of the article; all are in text order.
    """
    happening, own = happenings[position], chances[position]
    found: list[list[str]] = [[] for _ in range(len(own))]
    for column, label in enumerate(labels):
        if own.size and own[:, column].any():
            _add_ranks(found, own[:, column], label, happening.type)
    here = reading.sentence_of[happening.token]
    for name, other in _neighbours(happenings, position):
        gap = min(abs(here - reading.sentence_of[happenings[other].token]), 3)
        for number in range(len(own)):
            for column, label in enumerate(labels):
                level = _level(chances[other][number, column])
                if level:
                    fact = f"{name}:{label}={level}"
                    found[number] += [fact, f"{fact}:{gap}", f"{happening.type}|{fact}"]
            found[number].append(f"{name}gap={gap}")
    return found


def _add_ranks(found: list[list[str]], column: NDArray[np.float32], label: str, kind: str) -> None:
    order = np.argsort(-column, kind="stable")
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
    found = [("same", before[-1])] if before else []
    found += [("next", after[0])] if after else []
    return [*found, ("prev", position - 1)] if position else found


def _level(chance: float) -> str:
    return "h" if chance > 0.6 else "m" if chance > 0.35 else "l" if chance > 0.15 else ""


def cast(
    reading: Reading, happenings: Sequence[Happening], first: LinearModel, second: LinearModel
) -> list[tuple[list[list[str]], Chances]]:
    """Return for each happening the features and the probabilities of all entities after the second look."""
    pairs = [pair_features(reading, happening) for happening in happenings]
    chances = [judge(found, reading, happening, first) for found, happening in zip(pairs, happenings, strict=True)]
    result = []
    for position, happening in enumerate(happenings):
        context = context_features(reading, happenings, chances, position, first.labels)
        full = [own + more for own, more in zip(pairs[position], context, strict=True)]
        result.append((full, judge(full, reading, happening, second)))
    return result
