"""Who says so: named sources and those without a name, for each happening.

What the article states itself has no source. Each happening is looked at with each of those who speak near it or act in
it. A linear model knows the words that bring a source in; boosted trees weigh its answer beside all that `source_cases`
lays out.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from kg.hearing import AHEAD, BACK, Hearing
from kg.interviews import find_addressed
from kg.maxent import LinearModel
from kg.model import Reason, Status
from kg.reading import Reading
from kg.realisations import Happening
from kg.second_look import Chances
from kg.source_cases import Candidates
from kg.trees import Trees

_NEAR_BEST = 0.5
"""A second source has to be at least this likely, measured by the likeliest."""


@dataclass(frozen=True, slots=True)
class Sources:
    """Who says that something happens."""

    named: tuple[str, ...] = ()
    """Keys of entities, sorted."""
    words: str | None = None
    """A source without a name, in the article's words."""
    reasons: tuple[Reason, ...] = ()


def find_sources(
    reading: Reading,
    happenings: Sequence[Happening],
    parts: Sequence[Chances],
    labels: Sequence[str],
    statuses: Sequence[Status],
    *,
    voices: LinearModel,
    trees: Trees,
    limit: float,
) -> list[Sources]:
    """Find the sources of each happening of an article.

    `parts` holds for each happening the probabilities of its parts by entity and label, `statuses` its standing; a
    source is believed from the probability `limit` on.
    """
    candidates = Candidates(reading, happenings, parts, labels, statuses)
    found = candidates.cases(range(len(happenings)), voices)
    answers = trees.probabilities(np.concatenate([matrix for _, matrix in found])) if found else np.zeros(0)
    sources: list[Sources] = []
    done = 0
    for numbers, _ in found:
        chances = dict(zip(numbers, answers[done : done + len(numbers)].tolist(), strict=True))
        sources.append(_choose(candidates.hearing, happenings[len(sources)], chances, limit))
        done += len(numbers)
    return sources


def _choose(hearing: Hearing, happening: Happening, chances: Mapping[int, float], limit: float) -> Sources:
    """Keep the likely named sources and the likeliest unnamed one."""
    reading = hearing.reading
    addressed = find_addressed(reading, happening.token)
    chances = {number: chance for number, chance in chances.items() if number not in addressed}
    limit = max(limit, _NEAR_BEST * max(chances.values(), default=0.0))
    likely = [number for number, chance in chances.items() if chance >= limit]
    entities = reading.entities
    named = [number for number in likely if number < len(entities)]
    unnamed = max((n for n in likely if n >= len(entities)), key=lambda n: chances[n], default=None)
    chosen = [*named, *([unnamed] if unnamed is not None else [])]
    return Sources(
        tuple(sorted(entities[number].entity.key for number in named)),
        hearing.words_of(unnamed) if unnamed is not None else None,
        tuple(_reason(hearing, happening, number) for number in chosen),
    )


def _reason(hearing: Hearing, happening: Happening, number: int) -> Reason:
    """Say which word brings the source in."""
    reading = hearing.reading
    here = reading.sentence_of[happening.token]
    heard = [h for h in hearing.heard.get(number, ()) if -BACK <= h.voice.sentence - here <= AHEAD]
    name = hearing.words_of(number) or reading.entities[number].entity.label
    if hearing.is_hosted(happening.token) and hearing.host == number:
        return Reason("attribution", name, "speaks in the whole article")
    if not heard:
        return Reason("attribution", name, "by its part in what happens")
    h = min(
        heard, key=lambda h: (abs(h.voice.sentence - here), h.voice.kind == "act", abs(h.voice.cue - happening.token))
    )
    place = {-1: "in a sentence before", 0: "in the same sentence", 1: "in a sentence after"}
    sign = (h.voice.sentence > here) - (h.voice.sentence < here)
    meant = (
        f", meant by “{reading.doc[h.voice.head].text}”"
        if h.speaker.how.startswith(("pronoun", "noun", "title"))
        else ""
    )
    return Reason("attribution", name, f"brought in by “{reading.doc[h.voice.cue].text}” {place[sign]}{meant}")
