"""What is weighed when the parts of a happening are looked at a second time: columns of numbers, by entity and role.

The first look judged each entity by itself. Beside its answer stand here those for the other entities, what it found in
the other happenings of the article, what in the sentence points back to the entity, and the plain facts of distance and
order, so that boosted trees can weigh them together.
"""

from bisect import bisect_right
from collections.abc import Collection, Mapping, Sequence
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kg import roles
from kg.anaphora import UNFIT, find_anaphors, rank_antecedents
from kg.clauses import series_in
from kg.frames import load_frames
from kg.model import ENTITY_TYPES, EntityType, Mention, Span
from kg.pair_facts import PAIR_FACTS, read_facts
from kg.reading import Place, Reading
from kg.realisations import Happening, roles_of_place
from kg.trees import Matrix

Chances = NDArray[np.float32]
"""Probabilities of one happening's parts, shape (entities, labels)."""

_LONG_AGO = 50
_NO_NEIGHBOUR = 20

_OF_PAIR = (
    "type", "kind", "sentences away", "words away", "mentions", "rank in type", "in title", "sentence", "sentences",
    "nominal", "candidates", "named here", "gap before", "gap after", "last named", "sentences with it",
    "named since", "recent antecedent", "salient antecedent", "alike", "of its kind here",
    *PAIR_FACTS, "listed",
)  # fmt: skip
_OF_LABEL = (
    "role", "chance", "rank", "best other", "best other here", "best other role",
    "elsewhere alike", "rank elsewhere", "sum elsewhere", "rank of sum", "best elsewhere", "any elsewhere",
    "rank in article", "sum in article", "alike before", "best alike before", "alike after", "best alike after",
    "before", "best before", "after", "best after", "same sentence", "same sentence, any role",
    "recent antecedent in place", "salient antecedent in place", "anaphors in place", "fits",
    "best in list", "least in list", "state or body", "in context",
)  # fmt: skip
_Pointer = tuple[Place, dict[int, tuple[int, int]], frozenset[EntityType]]
"""Where something points back, the ranks of its antecedents, and the types that it can stand for."""

_LEAST = 0.01
"""Whom the first look gives a role with less than this chance, here and in the happenings alike, does not play it."""
_SEEN_ELSEWHERE = 0.15


def column_names(labels: Sequence[str]) -> tuple[str, ...]:
    """Return the names of the columns for the roles `labels`, in their order."""
    return (*_OF_PAIR, *_OF_LABEL, *(f"chance as {label}" for label in labels))


class SecondLook:
    """One article after the first look: happenings in text order, their pairs and chances."""

    def __init__(
        self,
        reading: Reading,
        happenings: Sequence[Happening],
        pairs: Sequence[Mapping[int, Sequence[str]]],
        chances: Sequence[Chances],
        labels: Sequence[str],
    ) -> None:
        self.reading = reading
        self.happenings = happenings
        self.pairs = pairs
        self.labels = labels
        self.chances = chances
        self.sentences = [reading.sentence_of[happening.token] for happening in happenings]
        # What may not be a happening at all says less about its neighbours.
        self._weighed = [c * np.float32(h.probability) for c, h in zip(chances, happenings, strict=True)]
        self._nothing = np.zeros((len(reading.entities), len(labels)), dtype=np.float32)
        self._all = _Best(range(len(happenings)), self._weighed, self._nothing)
        self._alike = {
            kind: _Best([k for k, h in enumerate(happenings) if h.type == kind], self._weighed, self._nothing)
            for kind in {happening.type for happening in happenings}
        }
        self._rank_in_article = _ranks(self._all.total, self._all.total)
        self._anaphors: dict[int, list[_Pointer]] = {}
        self._listed: dict[int, dict[int, list[int]]] = {}

    def cases(self, position: int) -> tuple[NDArray[np.intp], NDArray[np.intp], Matrix]:
        """Return the cases of one happening that are worth a look: entity numbers, label numbers and their columns."""
        numbers = np.array(sorted(self.pairs[position]), dtype=np.intp)
        own = self.chances[position][numbers]
        elsewhere = self._alike[self.happenings[position].type].without(position)[numbers]
        asked = (own >= _LEAST) | ((elsewhere >= _SEEN_ELSEWHERE) & (own > 0))
        likely = asked.any(axis=1)
        if not likely.any():
            nothing = np.zeros(0, dtype=np.intp)
            return nothing, nothing, np.zeros((0, len(column_names(self.labels))), dtype=np.float32)
        numbers, own = numbers[likely], own[likely]
        rows, columns = np.nonzero(asked[likely])
        named_here = self._named_here(numbers, position)
        of_pair, fitting = self._of_pair(numbers, named_here, position)
        of_label = self._of_label(numbers, named_here, fitting, position)
        return numbers[rows], columns, np.concatenate([of_pair[rows], of_label[rows, columns], own[rows]], axis=1)

    def _named_here(self, numbers: NDArray[np.intp], position: int) -> NDArray[np.bool_]:
        here = {place.entity for place in self.reading.places_in[self.sentences[position]]}
        return np.array([number in here for number in numbers])

    def _of_pair(
        self, numbers: NDArray[np.intp], named_here: NDArray[np.bool_], position: int
    ) -> tuple[Matrix, list[frozenset[str]]]:
        """Return the columns that are the same for all roles, and the roles that each mention's place is made for."""
        reading, happening, here = self.reading, self.happenings[position], self.sentences[position]
        alike = self._alike[happening.type].members
        place_in_group = alike.index(position)
        before = here - self.sentences[alike[place_in_group - 1]] if place_in_group else _NO_NEIGHBOUR
        later = alike[place_in_group + 1 :]
        after = self.sentences[later[0]] - here if later else _NO_NEIGHBOUR
        antecedents = self._antecedents(position)
        listed = self._in_lists(position)
        kinds = [ENTITY_TYPES.index(reading.entities[number].entity.type) for number in numbers]
        places = [roles.choose_mention(reading, happening, int(number)) for number in numbers]
        away = [_LONG_AGO if p is None else reading.sentence_of[p.begin] - here for p in places]
        same_kind, gaps = np.equal.outer(kinds, kinds), np.array(away)
        # How many of an entity's kind are named after it up to here, and how many in this very sentence.
        named_since = (same_kind & (gaps[:, None] < gaps) & (gaps <= 0)).sum(axis=1).tolist()
        of_kind_here = (same_kind & named_here).sum(axis=1).tolist()
        count_here = int(named_here.sum())
        rows, fitting = [], []
        for k, number in enumerate(numbers):
            place, sentences = places[k], reading.sentences_with[number]
            earlier = bisect_right(sentences, here)
            pointed = [ranks[number] for _, ranks, _ in antecedents if number in ranks]
            facts = read_facts(self.pairs[position][int(number)])
            fitting.append(facts[1])
            rows.append([
                _type_number(happening.type), kinds[k], away[k],
                place.begin - happening.token if place is not None and named_here[k] else 0,
                len(reading.places_of[number]), reading.rank_in_type[number], reading.in_title[number],
                here, len(reading.sentences), reading.pos[happening.token] in {"NOUN", "PROPN"},
                len(numbers), count_here, before, after,
                here - sentences[earlier - 1] if earlier else _LONG_AGO, earlier, named_since[k],
                min((recent for recent, _ in pointed), default=UNFIT),
                min((salient for _, salient in pointed), default=UNFIT),
                len(alike) - 1, of_kind_here[k], *facts[0],
                len(listed.get(int(number), ())),
            ])  # fmt: skip
        return np.array(rows, dtype=np.float32), fitting

    def _of_label(
        self,
        numbers: NDArray[np.intp],
        named_here: NDArray[np.bool_],
        fitting: Sequence[Collection[str]],
        position: int,
    ) -> Matrix:
        """Return the columns that differ by role, shape (candidates, labels, columns)."""
        own = self.chances[position][numbers]
        group = self._alike[self.happenings[position].type]
        elsewhere, anywhere = group.without(position), self._all.without(position)
        sums = group.total - self._weighed[position]
        here = [k for k, s in enumerate(self.sentences) if s == self.sentences[position] and k != position]
        same_sentence = np.max([self._weighed[k] for k in here], axis=0)[numbers] if here else self._nothing[numbers]
        columns: list[NDArray[Any]] = [
            np.arange(own.shape[1]), own, _ranks(own, own), _best_other(own),
            _best_other(np.where(named_here[:, None], own, 0)), _best_other(own.T).T,
            elsewhere[numbers], _ranks(elsewhere, elsewhere[numbers]), sums[numbers], _ranks(sums, sums[numbers]),
            elsewhere.max(axis=0), anywhere[numbers], self._rank_in_article[numbers], self._all.total[numbers],
        ]  # fmt: skip
        for other in self._around(position):
            columns += [other[numbers], other.max(axis=0)]
        columns += [same_sentence, same_sentence.max(axis=1)[:, None]]
        columns += self._pointed_at(numbers, position)
        columns.append(np.array([[label in fits for label in self.labels] for fits in fitting]))
        columns += self._with_others(numbers, position)
        happening = self.happenings[position]
        columns.append(self.reading.parts_in_context(happening.token, happening.type, self.labels)[numbers])
        matrix = np.empty((*own.shape, len(columns)), dtype=np.float32)
        for k, column in enumerate(columns):
            matrix[:, :, k] = column
        return matrix

    def _in_lists(self, position: int) -> Mapping[int, Sequence[int]]:
        """Return for each entity that stands in a list of names beside the trigger the others of that list."""
        number = self.sentences[position]
        if number not in self._listed:
            found: dict[int, list[int]] = {}
            for series in series_in(self.reading, number):
                members = list(dict.fromkeys(place.entity for place in series))
                for member in members:
                    found[member] = [other for other in members if other != member]
            self._listed[number] = found
        return self._listed[number]

    def _with_others(self, numbers: NDArray[np.intp], position: int) -> list[Chances]:
        """Return the highest and the least chance of those in a list with each candidate, and of its state or body."""
        chances, listed = self.chances[position], self._in_lists(position)
        best, least, kin = (np.zeros((len(numbers), len(self.labels)), dtype=np.float32) for _ in range(3))
        for row, number in enumerate(numbers.tolist()):
            if others := listed.get(number):
                best[row], least[row] = chances[others].max(axis=0), chances[others].min(axis=0)
            if related := self.reading.kin.get(number):
                kin[row] = chances[related].max(axis=0)
        return [best, least, kin]

    def _around(self, position: int) -> list[Chances]:
        """Return the chances of the happening alike before and after, and of those just before and after."""
        alike = self._alike[self.happenings[position].type].members
        k = alike.index(position)
        neighbours = (
            alike[k - 1] if k else None,
            alike[k + 1] if k + 1 < len(alike) else None,
            position - 1 if position else None,
            position + 1 if position + 1 < len(self.happenings) else None,
        )
        return [self._nothing if n is None else self._weighed[n] for n in neighbours]

    def _antecedents(self, position: int) -> list[_Pointer]:
        """Return what points back in the happening's sentence."""
        number = self.sentences[position]
        if number not in self._anaphors:
            found = []
            for anaphor in find_anaphors(self.reading, number):
                i, kinds = anaphor.token, anaphor.kinds
                begin = self.reading.doc[i].idx
                mention = Mention(Span(begin, begin + len(self.reading.doc[i].text)), "name", min(kinds))
                found.append((Place(i, i + 1, -1, mention), rank_antecedents(self.reading, anaphor), kinds))
            self._anaphors[number] = found
        return self._anaphors[number]

    def _pointed_at(self, numbers: NDArray[np.intp], position: int) -> list[NDArray[np.float32]]:
        """Return how well each candidate is meant by what points back from the place of each role."""
        shape = (len(numbers), len(self.labels))
        recent, salient = np.full(shape, UNFIT, dtype=np.float32), np.full(shape, UNFIT, dtype=np.float32)
        count = np.zeros(shape, dtype=np.float32)
        row_of = {int(number): row for row, number in enumerate(numbers)}
        for place, ranks, kinds in self._antecedents(position):
            for label in roles_of_place(self.reading, self.happenings[position], place, kinds):
                column = self.labels.index(label)
                count[:, column] += 1
                for number, (first, second) in ranks.items():
                    if number in row_of:
                        row = row_of[number]
                        recent[row, column] = min(recent[row, column], first)
                        salient[row, column] = min(salient[row, column], second)
        return [recent, salient, count]


class _Best:
    """The highest chances over some happenings, with and without each of them."""

    def __init__(self, members: Sequence[int], chances: Sequence[Chances], nothing: Chances) -> None:
        self.members = list(members)
        self.total = nothing.copy()
        self._first, self._second = nothing.copy(), nothing.copy()
        self._holder = np.full(nothing.shape, -1, dtype=np.intp)
        for k in self.members:
            self.total += chances[k]
            higher = chances[k] > self._first
            self._second = np.where(higher, self._first, np.maximum(self._second, chances[k]))
            self._holder[higher] = k
            self._first = np.where(higher, chances[k], self._first)

    def without(self, member: int) -> Chances:
        """Return the highest chances over all but one."""
        best: Chances = np.where(self._holder == member, self._second, self._first)
        return best


def _ranks(everybody: Chances, some: Chances) -> Chances:
    """Return how many of `everybody` have a higher chance, for each of `some`, by label."""
    higher: Chances = (everybody[:, None] > some).sum(axis=0, dtype=np.float32)
    return higher


def _best_other(chances: Chances) -> Chances:
    """Return for each row and column the highest chance in the other rows."""
    if len(chances) == 1:
        return np.zeros_like(chances)
    second, first = np.sort(chances, axis=0)[-2:]
    best: Chances = np.where(chances >= first, second, first)
    return best


@cache
def _type_number(kind: str) -> int:
    return sorted(load_frames()).index(kind)
