"""Boosted trees over named columns, for what a linear model cannot weigh: many weak signs that count only together.

They are trained by LightGBM (`training/claims`) and read here from a table of text, since its package would bring
120 MB along and take longer to import than an article takes to read.
"""

import gzip
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from kg.errors import DataError

Matrix = NDArray[np.float32]
"""One row a case, one column a feature."""


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
        """Write the trees: a line of columns, a line with the bias, then a line a tree with its nodes (gzip).

        A node is `column:threshold:left:right:value`, its children counted from the root; a leaf is only `value`.
        """
        lines = ["\t".join(self.columns), f"{self.bias:.4f}"]
        ends = [*self.roots[1:], len(self.column)]
        for begin, end in zip(self.roots, ends, strict=False):  # without trees there is one end too many
            lines.append("\t".join(self._cell(node, begin) for node in range(begin, end)))
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(gzip.compress("\n".join(lines).encode(), compresslevel=9, mtime=0))

    def _cell(self, node: int, root: int) -> str:
        value = f"{self.value[node]:.4f}"
        left, right = self.children[2 * node : 2 * node + 2]
        if left == node:
            return value
        children = f"{left - root}:{right - root}"
        return f"{self.column[node]}:{self.threshold[node]:.6g}:{children}:{value}"

    @classmethod
    def load(cls, path: Path) -> "Trees":
        """Read trees that `save` wrote.

        Raises:
            DataError: the file is missing or broken.
        """
        try:
            columns, bias, *lines = gzip.decompress(path.read_bytes()).decode().split("\n")
            return cls.of(columns.split("\t"), float(bias), [_read_tree(line) for line in lines])
        except (OSError, EOFError, zlib.error, ValueError) as error:
            raise DataError(f"{path}: {error}.", "Install Lagebild again, or train it.") from error

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
        return cls(
            tuple(columns),
            bias,
            np.array(roots, dtype=np.int32),
            np.array([node.column for node in nodes], dtype=np.int32),
            np.array([node.threshold for node in nodes], dtype=np.float32),
            np.array(children, dtype=np.int32),
            np.array([node.value for node in nodes], dtype=np.float32),
            max((_depth(tree) for tree in trees), default=0),
        )


@dataclass(frozen=True, slots=True)
class Node:
    """A node of one tree; children by their number in the tree, behind it, None for a leaf."""

    value: float
    column: int = 0
    threshold: float = 0.0
    left: int | None = None
    right: int | None = None


def _read_tree(line: str) -> list[Node]:
    nodes = []
    for cell in line.split("\t"):
        parts = cell.split(":")
        if len(parts) == 1:
            nodes.append(Node(float(parts[0])))
        else:
            column, threshold, left, right, value = parts
            nodes.append(Node(float(value), int(column), float(threshold), int(left), int(right)))
    return nodes


def _depth(tree: Sequence[Node]) -> int:
    depths = [0] * len(tree)
    for number in reversed(range(len(tree))):
        node = tree[number]
        if node.left is not None and node.right is not None:
            depths[number] = 1 + max(depths[node.left], depths[node.right])
    return depths[0]
