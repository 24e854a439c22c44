"""Word vectors of subwords, each word put together once: floret's sums take longer than most layers that read them."""

from collections.abc import Iterable

import numpy as np
from spacy.vectors import Vectors

from kg.german.remembered import Floats, Remembered

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
        self._known: Remembered[int] = Remembered(table.data.shape[1], _MOST)

    def get_batch(self, keys: Iterable[int | str]) -> Floats:
        """Return the vectors of the words with the given keys, shape (keys, width)."""
        asked = [self.strings.add(key) if isinstance(key, str) else int(key) for key in keys]
        return self._known.of(asked, super().get_batch)
