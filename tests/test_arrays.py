"""Arrays and lists of words in one file."""

from pathlib import Path

import numpy as np
import pytest

from kg.arrays import read_arrays, write_arrays
from kg.errors import DataError


def test_words_and_arrays_come_back_as_they_were(tmp_path: Path) -> None:
    words = {"plain": ["Zürich", "a\nb\tc", ""], "none": []}
    write_arrays(tmp_path / "new" / "a.npz", words, numbers=np.array([[1, 2]], dtype=np.int16))
    with read_arrays(tmp_path / "new" / "a.npz", "a list") as file:
        assert {name: list(file.words(name)) for name in words} == words
        assert {name: [word.decode() for word in file.encoded_words(name)] for name in words} == words
        assert file.array("numbers").dtype == np.int16
        assert file.array("numbers").tolist() == [[1, 2]]


@pytest.mark.parametrize("words", [["a\0b"], [""]])
def test_words_that_would_come_back_as_others_are_refused(tmp_path: Path, words: list[str]) -> None:
    with pytest.raises(ValueError, match="cannot be told"):
        write_arrays(tmp_path / "a.npz", {"words": words})


def test_what_is_not_there_is_named(tmp_path: Path) -> None:
    write_arrays(tmp_path / "a.npz", {"words": ["a"]})
    with pytest.raises(DataError, match="a list"), read_arrays(tmp_path / "a.npz", "a list") as file:
        file.array("numbers")
