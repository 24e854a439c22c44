"""Examples of who says so: annotated events as models that did not see the article come to them."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kg.casting import cast
from kg.claims import ClaimModels, choose_status
from kg.happenings import find_happenings, judge_words
from kg.maxent import LinearModel
from kg.source_cases import COLUMNS, Candidates
from kg.trees import Matrix
from training.claims.gold import GoldArticle, GoldEvent, match


@dataclass(frozen=True, slots=True)
class SourceCases:
    """The candidates of one article with the events that annotators saw where it has happenings."""

    candidates: Candidates
    events: dict[int, GoldEvent]
    """By the position of the happening."""

    def words(self) -> Iterator[tuple[list[str], int]]:
        """Yield the features in words of every candidate of an event, and whether it is a source."""
        for position, event in sorted(self.events.items()):
            for number in self.candidates.numbers(position):
                yield self.candidates.features(position, number), self.is_source(number, event)

    def is_source(self, number: int, event: GoldEvent) -> int:
        """Tell whether the event has the candidate for a source; one without a name by half of its words."""
        words = self.candidates.hearing.words_of(number)
        if words is None:
            return int(number in event.fillers.get("attributedTo", ()))
        return is_unnamed_source(words, event)


def find_cases(article: GoldArticle, models: ClaimModels) -> SourceCases:
    """Find the happenings of an article with `models`, which did not see it, and their events.

    Events that the models miss are put in, so that there is more to learn from.
    """
    reading = article.reading
    happenings = find_happenings(reading, judge_words(reading, models.triggers), models.thresholds["trigger"])
    known = {id(event) for event in match(article, happenings).values()}
    happenings += [event.happening for event in article.events if id(event) not in known]
    happenings.sort(key=lambda happening: (happening.token, happening.type))
    parts = [chances for _, chances in cast(reading, happenings, models.roles, models.casting)]
    statuses = [choose_status(reading, happening, models)[0] for happening in happenings]
    candidates = Candidates(reading, happenings, parts, models.roles.labels, statuses)
    return SourceCases(candidates, match(article, happenings))


def source_rows(cases: SourceCases, voices: LinearModel) -> tuple[Matrix, NDArray[np.int8]]:
    """Return the columns of every candidate of an event, with what `voices` says, and whether it is a source."""
    rows, targets = [np.zeros((0, len(COLUMNS)), dtype=np.float32)], []
    positions = sorted(cases.events)
    for position, (numbers, matrix) in zip(positions, cases.candidates.cases(positions, voices), strict=True):
        event = cases.events[position]
        rows.append(matrix)
        targets += [cases.is_source(number, event) for number in numbers]
    return np.concatenate(rows), np.array(targets, dtype=np.int8)


def is_unnamed_source(words: str, event: GoldEvent) -> int:
    """Tell whether an event has a source without a name in these words, by half of them."""
    mine = _fold(words)
    return int(any(2 * len(mine & _fold(source)) >= len(_fold(source)) for source in event.unnamed))


def _fold(text: str) -> set[str]:
    return set(re.sub(r"[\W_]+", " ", unicodedata.normalize("NFKC", text).casefold()).split())
