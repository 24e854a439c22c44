"""Is a draft a claim of its own? Background, repetition and the metaphors that slipped through are left out.

A draft is looked at once its slots are filled, beside the drafts of the same type and what the sentence and the article
tell of besides.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np

from kg.casting import Pairs
from kg.frames import load_frames
from kg.happenings import TriggerChances
from kg.lexicon import STRENGTHS
from kg.model import STATUSES, Claim
from kg.reading import Reading
from kg.realisations import Happening
from kg.trees import Matrix
from kg.wordlists import words_of

_POINTING = words_of("pointing")
_CORE = ("sender", "speaker", "participant", "attacker", "summit")
_AIMS = ("recipient", "target", "addressee", "destination", "origin", "place")
_NONE_ALIKE = (-9.0, 99.0, -1.0)

_TYPES = tuple(sorted(load_frames()))
_ROLES = tuple(sorted({role for frame in load_frames().values() for role in frame.roles}))

COLUMNS = (
    "type", "chance", "trigger words", "sentence", "sentences", "in title", "first sentences",
    *(f"word: {name}" for name in _TYPES), *(f"sentence: {name}" for name in _TYPES),
    "sum in article", "best in article", "surer in article",
    "drafts in sentence", "best alike in sentence", "best in sentence", "best on the word",
    "roles", "figure", "time", "status", "named source", "unnamed source", "drafts", "drafts alike",
    "names in sentence", "words in sentence", "likeness before", "gap before", "chance before",
    "likeness after", "gap after", "chance after", "lexicon", "noun", "verb", "pointing",
    *(f"fillers: {role}" for role in _ROLES),
)  # fmt: skip
"""What the trees are told of a draft."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A claim that may still be dropped, with the trigger that it was built from."""

    claim: Claim
    happening: Happening
    pairs: Pairs = field(default_factory=dict)
    """What the roles were decided on, for the reasons of a claim that is kept."""


def cases(reading: Reading, drafts: Sequence[Draft], chances: TriggerChances) -> Matrix:
    """Return the columns of all drafts of an article, shape (drafts, columns)."""
    if not drafts:
        return np.zeros((0, len(COLUMNS)), dtype=np.float32)
    by_type = np.zeros((len(chances.tokens), len(_TYPES)), dtype=np.float32)
    for column, label in enumerate(chances.labels):
        by_type[:, _TYPES.index(label)] = chances.matrix[:, column]
    rows = [_row(reading, drafts, position, chances, by_type) for position in range(len(drafts))]
    return np.array(rows, dtype=np.float32)


def _row(
    reading: Reading,
    drafts: Sequence[Draft],
    position: int,
    chances: TriggerChances,
    by_type: Matrix,
) -> list[float]:
    draft = drafts[position]
    claim, happening = draft.claim, draft.happening
    number = reading.sentence_of[happening.token]
    begin, end = reading.sentences[number]
    word = by_type[chances.row_of[happening.token]]
    low, high = chances.rows_between(begin, end)
    of_type = by_type[:, _TYPES.index(happening.type)]
    beside = [
        other.happening
        for k, other in enumerate(drafts)
        if k != position and reading.sentence_of[other.happening.token] == number
    ]
    pos = reading.pos[happening.token]
    return [
        _TYPES.index(happening.type), happening.probability, len(happening.more), number, len(reading.sentences),
        reading.is_title(number), number <= 2,
        *word, *by_type[low:high].max(axis=0, initial=0),
        of_type.sum(), of_type.max(initial=0), (of_type > happening.probability).sum(),
        len(beside), _surest(other for other in beside if other.type == happening.type), _surest(beside),
        _surest(other for other in beside if other.token == happening.token),
        len(claim.roles), (claim.personnel or claim.quantity) is not None, claim.time is not None,
        STATUSES.index(claim.status), bool(claim.attributed_to), claim.attribution_text is not None,
        len(drafts), sum(other.happening.type == happening.type for other in drafts),
        len(reading.places_in[number]), end - begin,
        *_likest(reading, draft, drafts[:position]), *_likest(reading, draft, drafts[position + 1 :]),
        STRENGTHS.index(reading.strength_of(happening.token, happening.type)), pos in {"NOUN", "PROPN"}, pos == "VERB",
        happening.token > 0 and reading.lower[happening.token - 1] in _POINTING,
        *(len(claim.roles.get(role, ())) for role in _ROLES),
    ]  # fmt: skip


def _surest(happenings: Iterable[Happening]) -> float:
    return max((happening.probability for happening in happenings), default=0.0)


def _likest(reading: Reading, draft: Draft, others: Sequence[Draft]) -> tuple[float, float, float]:
    """Return likeness, distance in sentences and chance of the likest draft of the same type."""
    alike = [other for other in others if other.happening.type == draft.happening.type]
    if not alike:
        return _NONE_ALIKE
    best = max(alike, key=lambda other: likeness(reading, draft, other))
    gap = abs(reading.sentence_of[best.happening.token] - reading.sentence_of[draft.happening.token])
    return likeness(reading, draft, best), gap, best.happening.probability


def likeness(reading: Reading, one: Draft, other: Draft) -> int:
    """Count what two drafts of a type have in common, less what sets them apart."""
    score = 0
    for group in (_CORE, _AIMS):
        mine = {key for role in group for key in one.claim.roles.get(role, ())}
        theirs = {key for role in group for key in other.claim.roles.get(role, ())}
        if mine and theirs:
            score += 2 if mine == theirs else 1 if mine & theirs else -2
    for mine_value, their_value in (
        (_figure(one.claim), _figure(other.claim)),
        (_time(one.claim), _time(other.claim)),
        (one.claim.status, other.claim.status),
    ):
        if mine_value is not None and their_value is not None:
            score += 1 if mine_value == their_value else -1
    return score + (reading.lemma[one.happening.token] == reading.lemma[other.happening.token])


def _figure(claim: Claim) -> tuple[int | None, int | None] | None:
    figure = claim.personnel or claim.quantity
    return (figure.min, figure.max) if figure is not None else None


def _time(claim: Claim) -> tuple[object, object] | None:
    return (claim.time.begin, claim.time.end) if claim.time is not None else None
