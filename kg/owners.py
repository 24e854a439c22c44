"""Whose a body of a state is where its phrase does not say: "das Verteidigungsministerium", "der Kongress".

Each state that the article has something to do with gets points for what speaks for it; the most points win. The points
are those of a model that was fitted to annotated articles, in whole numbers.
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from math import log
from typing import Literal

from kg.linker import Linker
from kg.scene import Found

_COUNTRY = "country/"
_USUAL = 2.0
_HERE = {"state": 1.0, "place": 1.0, "person": 2.0, "organization": 2.0, "owner": 0.0}
"""Points for what the sentence of the body names: a state only before the body, its people and bodies anywhere."""
_SENTENCE_BEFORE = 1.0
_LAST_NAMED = 1.0
_PUBLISHER = 1.0


@dataclass(frozen=True, slots=True, order=True)
class _Sign:
    """Something that the article names, and the state that it belongs to."""

    begin: int
    state: str
    kind: Literal["state", "place", "person", "organization", "owner"]
    """`owner` is the state of an office or of another body: "der US-Präsident"."""


class Owners:
    """The states that an article has to do with, and where it shows."""

    def __init__(self, linker: Linker) -> None:
        """Gather the signs of an article whose countries, places and organisations are linked."""
        self._linker = linker
        self._signs = sorted(sign for sign in _signs(linker) if sign.state.startswith(_COUNTRY))
        self._begins = [sign.begin for sign in self._signs]
        self._counts = Counter(sign.state for sign in self._signs)
        self._first = {sign.state: sign.begin for sign in reversed(self._signs)}
        self._publisher = _state_of_publisher(linker)

    def find_owner(self, found: Found) -> str | None:
        """Return the state that a body without one in its phrase belongs to, None where the article has no state.

        Of several with as many points the one that is named first.
        """
        gazetteer = self._linker.gazetteer
        usual = gazetteer.bodies[found.noun].usual if found.noun in gazetteer.bodies else None
        points = {state: log(1 + count) for state, count in self._counts.items()}
        for state, more in self._points_around(found):
            points[state] += more
        for known, more in ((usual, _USUAL), (self._publisher, _PUBLISHER)):
            if known is not None:
                points[known] = points.get(known, 0.0) + more
        nowhere = len(self._linker.doc)
        return min(points, key=lambda state: (-points[state], self._first.get(state, nowhere), state), default=None)

    def _points_around(self, found: Found) -> Iterator[tuple[str, float]]:
        """Yield the states for which what stands around a body speaks, each sign of a state once."""
        doc = self._linker.doc
        sent = doc[found.begin].sent
        previous = doc[sent.start - 1].sent.start if sent.start else sent.start
        here = [sign for sign in self._between(sent.start, sent.end) if sign.begin != found.begin]
        for state, kind in sorted({(s.state, s.kind) for s in here if s.kind != "state" or s.begin < found.begin}):
            yield state, _HERE[kind]
        for state in sorted({sign.state for sign in self._between(previous, sent.start)}):
            yield state, _SENTENCE_BEFORE
        before = bisect_left(self._begins, found.begin)
        if before:
            yield self._signs[before - 1].state, _LAST_NAMED

    def _between(self, begin: int, end: int) -> list[_Sign]:
        return self._signs[bisect_left(self._begins, begin) : bisect_left(self._begins, end)]


def _signs(linker: Linker) -> Iterator[_Sign]:
    for found in linker.found:
        if found.owned is not None:
            if found.owned.owner is not None:
                yield _Sign(found.begin, found.owned.owner, "owner")
        elif found.mention.type == "Country" and found.candidates:
            yield _Sign(found.begin, found.candidates[0].key, "state")
        elif found.mention.type == "Person" and len(found.candidates) == 1:
            state = linker.gazetteer.entity(found.candidates[0].key).country
            if state is not None:
                yield _Sign(found.begin, state, "person")
        elif found.mention.type in {"Place", "Organization"}:
            entity = linker.entities.get(linker.key_at.get(found.begin, ""))
            if entity is not None and entity.country is not None and not entity.medium:
                yield _Sign(found.begin, entity.country, "place" if entity.type == "Place" else "organization")


def _state_of_publisher(linker: Linker) -> str | None:
    known = linker.gazetteer.lookup(linker.article.publisher or "")
    states = (linker.gazetteer.entity(candidate.key).country for candidate in known)
    return next((state for state in states if state is not None), None)
