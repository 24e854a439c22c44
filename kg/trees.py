"""Boosted trees over named columns, for what a linear model cannot weigh: many weak signs that count only together.

They are trained by LightGBM (`training/claims`) and read here from a file of arrays, since its package would bring
120 MB along and take longer to import than an article takes to read.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from kg.arrays import read_arrays, write_arrays

Matrix = NDArray[np.float32]
"""One row a case, one column a feature."""
_UNIT = 10_000
"""Log odds are written as whole ten-thousandths."""


@dataclass(frozen=True, slots=True)
class Trees:
    """The sum of many small decision trees, as log odds.

    The arrays have one entry a node, all trees behind each other; `roots` says where each begins. A leaf is its own
    child on both sides, so that `depth` steps lead from every root to a leaf.
    """

    columns: tuple[str, ...]
    bias: float
    roots: NDArray[np.int32]
    column: NDArray[np.int32]
    threshold: Matrix
    """At most this much goes left."""
    children: NDArray[np.int32]
    """Two entries a node, left before right."""
    value: Matrix
    """Log odds of the cases of training that came to the node."""
    depth: int

    def probabilities(self, matrix: Matrix) -> Matrix:
        """Return the probability of each row of a matrix of shape (rows, columns)."""
        if not len(matrix):
            return np.zeros(0, dtype=np.float32)
        # `take` from flat arrays of narrow numbers: half the time of indexing
        cells = matrix.ravel()
        begins = np.arange(0, matrix.size, matrix.shape[1], dtype=np.int32)[:, None]
        nodes = np.broadcast_to(self.roots, (len(matrix), len(self.roots)))
        for _ in range(self.depth):
            high = cells.take(begins + self.column.take(nodes)) > self.threshold.take(nodes)
            nodes = self.children.take(2 * nodes + high)
        odds = self.bias + self.value.take(nodes).sum(axis=1, dtype=np.float64)
        squashed: Matrix = (1 / (1 + np.exp(-odds))).astype(np.float32)
        return squashed

    def evidence(self, row: Matrix, count: int = 3) -> list[tuple[str, float]]:
        """Return the `count` columns that spoke most for one case, strongest first.

        On the way to its leaf a case gains or loses log odds at each node; what it gains goes to the column that was
        asked there (A. Saabas, "Interpreting random forests", 2014).
        """
        gained = np.zeros(len(self.columns))
        nodes = self.roots
        for _ in range(self.depth):
            children = self.children[2 * nodes + (row[self.column[nodes]] > self.threshold[nodes])]
            np.add.at(gained, self.column[nodes], self.value[children] - self.value[nodes])
            nodes = children
        best = np.argsort(-gained, kind="stable")[:count]
        return [(self.columns[k], float(gained[k])) for k in best if gained[k] > 0]

    def save(self, path: Path) -> None:
        """Write the trees; a node's children by how far behind it they are, none for a leaf's."""
        node = np.arange(len(self.column))
        write_arrays(
            path,
            {"columns": self.columns},
            bias=np.array([self.bias]),
            sizes=np.diff([*self.roots, len(node)]).astype(np.uint16),
            column=self.column.astype(np.uint16),
            threshold=self.threshold,
            left=(self.children[::2] - node).astype(np.uint16),
            right=(self.children[1::2] - node).astype(np.uint16),
            value=np.rint(self.value.astype(np.float64) * _UNIT).astype(np.int32),
        )

    @classmethod
    def load(cls, path: Path) -> "Trees":
        """Read trees that `save` wrote.

        Raises:
            DataError: the file is missing or broken.
        """
        with read_arrays(path, "boosted trees") as file:
            sizes, node = file.array("sizes"), np.arange(len(file.array("column")), dtype=np.int32)
            children = np.column_stack([node + file.array("left"), node + file.array("right")]).ravel().astype(np.int32)
            roots = (np.cumsum(sizes, dtype=np.int32) - sizes).astype(np.int32)
            return cls(
                file.words("columns"),
                float(file.array("bias")[0]),
                roots,
                file.array("column").astype(np.int32),
                file.array("threshold"),
                children,
                (file.array("value") / _UNIT).astype(np.float32),
                _depth(roots, children),
            )

    @classmethod
    def of(cls, columns: Sequence[str], bias: float, trees: Sequence[Sequence["Node"]]) -> "Trees":
        """Put trees together from their nodes."""
        sizes = [len(tree) for tree in trees]
        roots = np.cumsum([0, *sizes[:-1]]) if sizes else np.zeros(0, dtype=np.intp)
        children = [
            root + (number if child is None else child)
            for root, tree in zip(roots, trees, strict=True)
            for number, node in enumerate(tree)
            for child in (node.left, node.right)
        ]
        nodes = [node for tree in trees for node in tree]
        begins, links = np.array(roots, dtype=np.int32), np.array(children, dtype=np.int32)
        return cls(
            tuple(columns),
            bias,
            begins,
            np.array([node.column for node in nodes], dtype=np.int32),
            np.array([node.threshold for node in nodes], dtype=np.float32),
            links,
            np.array([node.value for node in nodes], dtype=np.float32),
            _depth(begins, links),
        )


@dataclass(frozen=True, slots=True)
class Node:
    """A node of one tree; children by their number in the tree, behind it, None for a leaf."""

    value: float
    column: int = 0
    threshold: float = 0.0
    left: int | None = None
    right: int | None = None


def _depth(roots: NDArray[np.int32], children: NDArray[np.int32]) -> int:
    """Return how many steps lead from the roots to the farthest leaf."""
    depth, level = 0, roots
    while len(level := level[children[2 * level] != level]):
        level = np.concatenate([children[2 * level], children[2 * level + 1]])
        depth += 1
    return depth
