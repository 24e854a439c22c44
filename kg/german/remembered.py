"""Vectors that were made before, by what they were made for."""

from collections.abc import Callable, Hashable, Sequence
from typing import Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Key = TypeVar("Key", bound=Hashable)
_ROOM = 1024
"""Vectors that there is room for at first; it doubles when it is full."""


class Remembered(Generic[Key]):
    """A table of vectors by key, which forgets all of them when it has too many.

    A vector has to follow from its key alone, so that what was asked for before changes no answer.
    """

    def __init__(self, width: int, most: int) -> None:
        """Begin without any; at `most` are remembered, but for those of one call."""
        self._most = most
        self._row_of: dict[Key, int] = {}
        self._vectors = np.zeros((min(_ROOM, most), width), dtype=np.float32)

    def of(self, keys: Sequence[Key], make: Callable[[Sequence[Key]], Floats]) -> Floats:
        """Return the vectors for some keys, shape (keys, width); `make` is asked for those that are new."""
        row_of = self._row_of
        new = [key for key in dict.fromkeys(keys) if key not in row_of]
        if len(row_of) + len(new) > self._most:
            row_of.clear()
            new = list(dict.fromkeys(keys))
        if new:
            self._add(new, make(new))
        found: Floats = self._vectors[[row_of[key] for key in keys]]
        return found

    def _add(self, new: Sequence[Key], vectors: Floats) -> None:
        begin = len(self._row_of)
        end = begin + len(new)
        if end > len(self._vectors):
            room = np.zeros((max(2 * len(self._vectors), end), vectors.shape[1]), dtype=np.float32)
            room[:begin] = self._vectors[:begin]
            self._vectors = room
        self._vectors[begin:end] = vectors
        self._row_of.update(zip(new, range(begin, end), strict=True))
