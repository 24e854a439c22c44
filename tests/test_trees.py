"""Boosted trees: what they say, why, and that a file keeps them."""

from pathlib import Path

import numpy as np
import pytest

from kg.errors import DataError
from kg.trees import Node, Trees
from tests.readings import stumps

COLUMNS = ("warm", "dry")
DEEP = Trees.of(
    COLUMNS,
    0.5,
    [
        [Node(0.1, 0, 20.0, 1, 2), Node(-1.0), Node(0.8, 1, 0.5, 3, 4), Node(0.25), Node(2.0)],
        [Node(0.0, 1, 0.5, 1, 2), Node(-0.5), Node(0.5)],
    ],
)
ROWS = np.array([[10, 0], [20, 1], [25, 0], [25, 1]], dtype=np.float32)


def test_log_odds_add_up_over_the_trees() -> None:
    odds = 0.5 + np.array([-1.0 - 0.5, -1.0 + 0.5, 0.25 - 0.5, 2.0 + 0.5])
    assert DEEP.probabilities(ROWS) == pytest.approx(1 / (1 + np.exp(-odds)), abs=1e-6)


def test_what_spoke_for_a_case() -> None:
    names, gains = zip(*DEEP.evidence(ROWS[3]), strict=True)
    assert names == ("dry", "warm")
    assert gains == pytest.approx((1.7, 0.7))
    assert DEEP.evidence(ROWS[0]) == []
    assert DEEP.evidence(ROWS[3], count=1) == DEEP.evidence(ROWS[3])[:1]


def test_no_rows_and_no_trees() -> None:
    assert DEEP.probabilities(ROWS[:0]).shape == (0,)
    assert stumps(COLUMNS, {}).probabilities(ROWS) == pytest.approx([0.5] * 4)


def test_a_file_keeps_them_byte_by_byte(tmp_path: Path) -> None:
    one, two = tmp_path / "a.npz", tmp_path / "b.npz"
    DEEP.save(one)
    again = Trees.load(one)
    again.save(two)
    assert one.read_bytes() == two.read_bytes()
    assert again.columns == COLUMNS
    assert again.probabilities(ROWS) == pytest.approx(DEEP.probabilities(ROWS))
    stumps(COLUMNS, {}).save(one)
    assert Trees.load(one).probabilities(ROWS) == pytest.approx([0.5] * 4)


@pytest.mark.parametrize("content", [b"", b"no gzip", b"\x1f\x8b\x08\x00"])
def test_a_broken_file_is_named(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "trees.npz"
    path.write_bytes(content)
    with pytest.raises(DataError, match=r"trees\.npz.*Install Lagebild again"):
        Trees.load(path)
    with pytest.raises(DataError):
        Trees.load(tmp_path / "absent.npz")
