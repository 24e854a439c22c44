"""simplemma's dictionary, read a block at a time."""

import hashlib
from itertools import islice
from pathlib import Path

import pytest
from simplemma.strategies import StreamDictionaryFactory

from kg.arrays import write_arrays
from kg.errors import DataError
from kg.german.dictionary import INDEX, BlockDictionary, is_known, look_up, open_dictionary
from kg.startup import read_packed

WORDS = ("Soldaten", "entsandte", "zögernd", "Ärztinnen", "ärztinnen", "nauf", "Żywiec", "!", "zzzzzz", "Soldatx", "")


def test_the_index_is_of_the_edition_that_is_installed() -> None:
    assert isinstance(open_dictionary(), BlockDictionary), "run python -m training.german.dictionary"


def test_forms_have_the_lemmas_that_simplemma_finds(tmp_path: Path) -> None:
    write_arrays(tmp_path / "other.npz", {"edition": [hashlib.sha256(b"").hexdigest()]})
    ours, theirs = open_dictionary(), open_dictionary(tmp_path / "other.npz")
    assert type(theirs) is type(StreamDictionaryFactory().get_dictionary("de")), "an unknown edition is read in its way"
    forms = [*islice(theirs, 0, 40_000, 7), *WORDS]
    assert list(islice(ours, 40_000)) == list(islice(theirs, 40_000))
    assert [ours.get(form) for form in forms] == [theirs.get(form) for form in forms]


def test_words_are_looked_up_as_simplemma_does() -> None:
    assert [look_up(form) for form in WORDS[:4]] == ["Soldat", "entsenden", "zögern", "Ärztin"]
    assert look_up("Zzzzzz") == "Zzzzzz"
    assert is_known("Soldaten")
    assert is_known("soldaten"), "the case of the first letter does not matter"
    assert is_known("zo\u0308gernd"), "whichever way an umlaut is encoded"
    assert not is_known("Zzzzzz")
    assert not is_known("")


def test_a_missing_index_is_named(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=rf"{INDEX.name}: not where the blocks of a dictionary begin"):
        open_dictionary(tmp_path / INDEX.name)
    assert read_packed(), "while the dictionary itself is there"
