"""Word vectors: what is remembered is what would be put together anew."""

import numpy as np
import pytest

from kg import german
from kg.german import word_vectors
from kg.german.word_vectors import RememberedVectors

TABLE = german.load().vocab.vectors


def test_a_remembered_word_has_the_vector_of_a_new_one() -> None:
    fresh = RememberedVectors(TABLE)
    first = fresh.get_batch(["Truppen", "Kiew", "Truppen"])
    assert np.array_equal(first, fresh.get_batch(["Truppen", "Kiew", "Truppen"]))
    assert np.array_equal(first[1:2], RememberedVectors(TABLE).get_batch(["Kiew"]))
    assert np.array_equal(first[0], first[2])
    assert not np.array_equal(first[0], first[1])


def test_more_words_than_are_remembered_start_afresh(monkeypatch: pytest.MonkeyPatch) -> None:
    expected = RememberedVectors(TABLE).get_batch(["a", "b", "c", "d"])
    monkeypatch.setattr(word_vectors, "_MOST", 3)
    vectors = RememberedVectors(TABLE)
    vectors.get_batch(["a", "b"])
    assert np.array_equal(vectors.get_batch(["c", "a"]), expected[[2, 0]])
    assert np.array_equal(vectors.get_batch(["a", "b", "c", "d"]), expected), "one batch may be larger than the limit"
