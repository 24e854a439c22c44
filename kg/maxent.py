"""Linear models over named binary features: small, quick, and able to say which features decided."""

import gzip
import heapq
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain, repeat
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from kg.errors import DataError

Floats = NDArray[np.float32]
_LEAST = 0.0005
"""Weights nearer to zero are not written."""
_UNKNOWN = -1
_ESCAPES = (("\n", "\\n"), ("\t", "\\t"))
"""White space that separates the parts of a file and stands in features too: a line break after the trigger."""


@dataclass(frozen=True, slots=True)
class LinearModel:
    """One logistic regression for each label, all over the same features.

    `weights` is features x labels, `bias` is labels; a feature that training did not see weighs nothing.
    """

    labels: tuple[str, ...]
    rows: dict[str, int]
    weights: Floats
    bias: Floats

    def logits(self, features: Iterable[str]) -> Floats:
        """Sum the weights of the features: log odds by label, shape (labels,)."""
        known = self.rows
        found = [known[feature] for feature in features if feature in known]
        total: Floats = self.bias + self.weights[found].sum(axis=0)
        return total

    def probabilities(self, features: Iterable[str]) -> Floats:
        """Return the probability of each label by itself, shape (labels,); they need not add up to one."""
        return _squash(self.logits(features))

    def probabilities_of(self, batch: Sequence[Sequence[str]]) -> Floats:
        """Return the probabilities for many feature lists at once, shape (lists, labels)."""
        return self.believe(self.sums(batch))

    def believe(self, sums: Floats) -> Floats:
        """Return the probabilities for sums of weights, shape (lists, labels)."""
        return _squash(self.bias + sums)

    def sums(self, batch: Sequence[Sequence[str]]) -> Floats:
        """Sum the weights of many feature lists at once, without the bias, shape (lists, labels).

        Sums of the parts of a list add up: what many lists have in common needs to be summed only once.
        """
        ends = np.cumsum([0, *map(len, batch)])
        rows = map(self.rows.get, chain.from_iterable(batch), repeat(_UNKNOWN))
        found = np.fromiter(rows, dtype=np.intp, count=int(ends[-1]))
        seen = found != _UNKNOWN
        ends = np.concatenate(([0], np.cumsum(seen)))[ends]  # of the known ones
        totals = np.zeros((len(batch), len(self.labels)), dtype=np.float32)
        known = ends[:-1] < ends[1:]
        if known.any():
            totals[known] = np.add.reduceat(self.weights[found[seen]], ends[:-1][known], axis=0)
        return totals

    def evidence(self, features: Sequence[str], label: str, count: int = 3) -> list[tuple[str, float]]:
        """Return the `count` features that speak most for `label`, with their weights, strongest first."""
        known = list(dict.fromkeys(feature for feature in features if feature in self.rows))
        weights = self.weights[[self.rows[f] for f in known], self.labels.index(label)].tolist() if known else ()
        best = heapq.nsmallest(count, ((-weight, f) for weight, f in zip(weights, known, strict=True) if weight > 0))
        return [(feature, -weight) for weight, feature in best]

    def save(self, path: Path) -> None:
        """Write the model: one line of labels, one line of biases, one line a feature with its weights (gzip).

        Weights are written with three decimals and zeros left out, so that the same training gives the same bytes.
        """
        lines = ["\t".join(self.labels), "\t".join(f"{b:.3f}" for b in self.bias)]
        for feature, row in sorted(self.rows.items()):
            weights = enumerate(self.weights[row])
            cells = [f"{column}:{weight:.3f}" for column, weight in weights if abs(weight) >= _LEAST]
            if cells:
                lines.append("\t".join([_escape(feature), *cells]))
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(gzip.compress("\n".join(lines).encode(), compresslevel=9, mtime=0))

    @classmethod
    def load(cls, path: Path) -> "LinearModel":
        """Read a model that `save` wrote.

        Raises:
            DataError: the file is missing or not such a model.
        """
        try:
            head, bias, *lines = gzip.decompress(path.read_bytes()).decode().split("\n")
            labels = tuple(head.split("\t"))
            parts = [line.partition("\t") for line in lines]
            rows = {_unescape(feature): row for row, (feature, _, _) in enumerate(parts)}
            # All numbers at once, columns and weights in turn: a hundred thousand lines take a fifth of the time.
            cells = "\t".join(cells for _, _, cells in parts).replace(":", "\t")
            numbers = np.fromstring(cells, sep="\t").reshape(-1, 2)
            weights = np.zeros((len(lines), len(labels)), dtype=np.float32)
            row_of = np.repeat(np.arange(len(lines)), [cells.count(":") for _, _, cells in parts])
            weights[row_of, numbers[:, 0].astype(np.intp)] = numbers[:, 1]
            return cls(labels, rows, weights, np.array(bias.split("\t"), dtype=np.float32))
        except (OSError, EOFError, zlib.error, ValueError, IndexError) as error:
            raise DataError(f"{path}: not a linear model ({error}).", "Install Lagebild again, or train it.") from error


def _squash(logits: Floats) -> Floats:
    """Return the logistic function; beyond ±50 it is 0 or 1 in single precision."""
    return (1 / (1 + np.exp(-np.clip(logits, -50, 50)))).astype(np.float32)


def _escape(feature: str) -> str:
    for raw, written in _ESCAPES:
        feature = feature.replace(raw, written)
    return feature


def _unescape(feature: str) -> str:
    if "\\" not in feature:
        return feature
    for raw, written in _ESCAPES:
        feature = feature.replace(written, raw)
    return feature
