"""Where the blocks of simplemma's dictionary of German begin: `python -m training.german.dictionary`.

Needed again when simplemma brings another edition of the dictionary, which a test tells.
"""

import hashlib
import lzma

import numpy as np

from kg.arrays import write_arrays
from kg.german.dictionary import INDEX, read_entries
from kg.startup import read_packed

_BLOCK = 32
"""Entries a block: with more a word is looked up more slowly, with fewer the file is larger."""


def main() -> None:
    """Write the file."""
    packed = read_packed()
    stream = lzma.decompress(packed)
    firsts = list(read_entries(stream, _first_entry(stream), b"", b""))[::_BLOCK]
    write_arrays(
        INDEX,
        {
            "edition": [hashlib.sha256(packed).hexdigest()],
            "forms": [form.decode() for _, form, _ in firsts],
            "lemmas": [lemma.decode() for _, _, lemma in firsts],
        },
        lengths=np.diff([end for end, _, _ in firsts], prepend=0).astype(np.uint16),
    )


def _first_entry(stream: bytes) -> int:
    """Return where the header ends: a mark, a byte that says whether words are reversed, their number by 7 bits.

    Raises:
        ValueError: the stream is none that can be read.
    """
    if not stream.startswith(b"SMFC1\0"):
        raise ValueError("simplemma packs its dictionaries in another way now")
    place = len(b"SMFC1\0")
    while stream[place] & 0x80:
        place += 1
    return place + 1


if __name__ == "__main__":
    main()
