"""Arrays and lists of words in one file: what models are kept in.

A file is NumPy's own `.npz`, packed, which loads many times as fast as a table of text. The same content gives the same
bytes: the archive's entries carry no time.
"""

import zipfile
import zlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kg.errors import DataError

_SEPARATOR = "\0"
"""Stands in no word; line breaks and tabs do."""


class ArrayFile:
    """What `write_arrays` wrote, each under its name; what is not there raises KeyError."""

    def __init__(self, content: Mapping[str, NDArray[Any]]) -> None:
        self._content = content

    def words(self, name: str) -> tuple[str, ...]:
        """Return a list of words."""
        text = self._content[name].tobytes().decode()
        return tuple(text.split(_SEPARATOR)) if text else ()

    def encoded_words(self, name: str) -> list[bytes]:
        """Return a list of words as they are stored, in UTF-8."""
        text = self._content[name].tobytes()
        return text.split(_SEPARATOR.encode()) if text else []

    def array(self, name: str) -> NDArray[Any]:
        """Return an array."""
        return self._content[name]


def write_arrays(path: Path, words: Mapping[str, Sequence[str]], **arrays: NDArray[Any]) -> None:
    """Write lists of words and arrays, each under its name; folders are made.

    Raises:
        ValueError: a word has a NUL, or a list is of one empty word.
    """
    content: dict[str, Any] = {name: np.frombuffer(_join(items), dtype=np.uint8) for name, items in words.items()}
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        np.savez_compressed(file, **content | arrays)


@contextmanager
def read_arrays(path: Path, kind: str) -> Iterator[ArrayFile]:
    """Open such a file for a block that makes something of `kind` from it.

    Raises:
        DataError: the file is missing or broken, or the block finds it is not as it should be.
    """
    try:
        with np.load(path, allow_pickle=False) as file:
            yield ArrayFile(file)
    except (OSError, EOFError, LookupError, TypeError, ValueError, zipfile.BadZipFile, zlib.error) as error:
        raise DataError(f"{path}: not {kind} ({error}).", "Install Lagebild again, or train it.") from error


def _join(words: Sequence[str]) -> bytes:
    text = _SEPARATOR.join(words)
    if text.count(_SEPARATOR) != max(0, len(words) - 1) or list(words) == [""]:
        raise ValueError("a word that cannot be told from what separates words")
    return text.encode()
