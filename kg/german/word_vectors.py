"""Word vectors of subwords, each word put together once: floret's sums take longer than most layers that read them."""

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray
from spacy.vectors import Vectors

_MOST = 50_000
"""Words remembered; about 13 MB of vectors of 64 numbers."""


class RememberedVectors(Vectors):
    """A table of subword vectors that remembers the words it was asked for.

    A word's vector depends on the word alone, so what was read before changes no answer.
    """

    def __init__(self, table: Vectors) -> None:
        super().__init__(
            strings=table.strings,
            data=table.data.astype(np.float32),  # stored in half the space
            name=table.name,
            mode=table.mode,
            minn=table.minn,
            maxn=table.maxn,
            hash_count=table.hash_count,
            hash_seed=table.hash_seed,
            bow=table.bow,
            eow=table.eow,
            attr=table.attr,
        )
        self._row_of: dict[int, int] = {}
        self._rows = np.zeros((0, table.data.shape[1]), dtype=np.float32)

    def get_batch(self, keys: Iterable[int | str]) -> NDArray[np.float32]:
        """Return the vectors of the words with the given keys, shape (keys, width)."""
        asked = [self.strings.add(key) if isinstance(key, str) else int(key) for key in keys]
        new = list(dict.fromkeys(key for key in asked if key not in self._row_of))
        if len(self._row_of) + len(new) > _MOST:
            self._row_of.clear()
            self._rows = self._rows[:0]
            new = list(dict.fromkeys(asked))
        if new:
            self._row_of.update(zip(new, range(len(self._rows), len(self._rows) + len(new)), strict=True))
            self._rows = np.concatenate([self._rows, super().get_batch(new)])
        found: NDArray[np.float32] = self._rows[[self._row_of[key] for key in asked]]
        return found
