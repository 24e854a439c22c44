"""The training of the encoder, as far as it needs no PyTorch: the pretrained file and which of its pieces are kept."""

import struct

import numpy as np
import pytest

from kg.encoder.pieces import SPACE
from training.encoder.pretrained import Blocks, Pretrained
from training.encoder.vocabulary import choose_pieces, vectors_of

WIDTH = 32
PIECES = ["<s>", "<pad>", "</s>", "<unk>", SPACE, "a", "Ж", f"{SPACE}Abzug", f"{SPACE}retreat"]
SCORES = [0.0, 0.0, 0.0, 0.0, -1.0, -2.0, -2.0, -3.0, -3.0]
BIAS = np.linspace(0, 1, WIDTH, dtype="<f4")


def pack() -> bytes:
    """Pack an encoder of a few pieces, whose vectors are steps of a half to both sides of zero."""
    text = [piece.encode() for piece in PIECES]
    offsets = np.cumsum([0, *map(len, text)]).astype("<u4")
    head = b"E5S1" + struct.pack("<I", 1) + struct.pack("<7i", WIDTH, 1, 2, 64, len(PIECES), 8, 2)
    head += struct.pack("<fi", 1e-12, 32) + struct.pack("<5i", len(PIECES), 0, 2, 1, 3)
    head += struct.pack("<Q", sum(map(len, text))) + offsets.tobytes() + np.array(SCORES, "<f4").tobytes()
    head += b"".join(text) + struct.pack("<iI", 0, 0) + struct.pack("<i", 2)
    blocks = np.zeros(len(PIECES), np.dtype([("scale", "<f2"), ("steps", "u1", 16)]))
    blocks["scale"] = 0.5
    blocks["steps"] = (np.arange(len(PIECES))[:, None] % 16) | (15 << 4)
    tensors = {b"emb.word": (1, blocks.tobytes()), b"l0.q.b": (0, BIAS.tobytes())}
    begin = len(head) + sum(2 + len(name) + 5 + 16 for name in tensors)
    entries, data = b"", b""
    for name, (packed, content) in tensors.items():
        entries += struct.pack("<H", len(name)) + name + struct.pack("<BI", packed, 0)
        entries += struct.pack("<QQ", begin + len(data), len(content))
        data += content
    return head + entries + data


def test_pieces_and_tensors_are_read() -> None:
    source = Pretrained(pack())
    assert (source.pieces, source.scores.tolist(), source.width) == (PIECES, SCORES, WIDTH)
    assert source.tensor("l0.q.b").tolist() == BIAS.tolist()


def test_four_bits_are_steps_around_zero() -> None:
    vectors = vectors_of(Pretrained(pack()), [3, 5])
    assert vectors.tolist() == [[(k - 8) * 0.5] * 16 + [3.5] * 16 for k in (3, 5)]


def test_another_file_is_refused() -> None:
    with pytest.raises(ValueError, match="not a packed encoder"):
        Pretrained(b"PK" + pack())


def test_pieces_of_the_texts_and_latin_letters_are_kept() -> None:
    kept = choose_pieces(Pretrained(pack()), ["Abzug aus Mali"])
    assert [PIECES[k] for k in kept] == ["<s>", "<pad>", "</s>", "<unk>", SPACE, "a", f"{SPACE}Abzug"]


def test_numbers_are_packed_in_four_bits_around_the_one_farthest_from_zero() -> None:
    numbers = np.linspace(-1, 0.5, 64, dtype=np.float32)
    packed = Blocks.of(numbers)
    assert packed.steps.shape == (2, 16)
    assert packed.numbers()[0] == -1
    assert np.abs(packed.numbers() - numbers).max() <= np.abs(packed.scales).max() / 2 + 1e-3


def test_what_was_packed_is_packed_the_same_again_and_nothing_stays_nothing() -> None:
    numbers = Blocks.of(np.random.default_rng(0).normal(size=96).astype(np.float32)).numbers()
    assert Blocks.of(numbers).numbers().tolist() == numbers.tolist()
    assert not Blocks.of(np.zeros(32, dtype=np.float32)).numbers().any()
