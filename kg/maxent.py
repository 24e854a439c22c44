"""Linear models over named binary features: small, quick, and able to say which features decided."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import chain, repeat
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from kg.arrays import read_arrays, write_arrays

Floats = NDArray[np.float32]
_UNIT = 200
"""Weights are written as whole two-hundredths."""
_LEAST = 3
"""Of these: what weighs less is left out, as it decides nothing and takes a third of the room."""
_MOST = np.iinfo(np.int16).max
"""Of these: a feature that weighs more has decided anyway."""
UNKNOWN = -1
"""In place of the row of a feature that training did not see."""
Combined = tuple[int, int, int, bool]
"""What is remembered of a feature; see `kg.pairs`."""


@dataclass(frozen=True, slots=True)
class LinearModel:
    """One logistic regression for each label, all over the same features.

    `weights` is features x labels, `bias` is labels; a feature that training did not see weighs nothing.
    """

    labels: tuple[str, ...]
    rows: dict[str, int]
    weights: Floats
    bias: Floats
    remembered: dict[tuple[str, str], dict[str, Combined]] = field(default_factory=dict, compare=False, repr=False)

    def logits(self, features: Iterable[str]) -> Floats:
        """Sum the weights of the features: log odds by label, shape (labels,)."""
        known = self.rows
        found = [known[feature] for feature in features if feature in known]
        total: Floats = self.bias + self.weights[found].sum(axis=0)
        return total

    def probabilities(self, features: Iterable[str]) -> Floats:
        """Return the probability of each label by itself, shape (labels,); they need not add up to one."""
        return squash(self.logits(features))

    def probabilities_of(self, batch: Sequence[Sequence[str]]) -> Floats:
        """Return the probabilities for many feature lists at once, shape (lists, labels)."""
        return squash(self.bias + self.sums(batch))

    def sums(self, batch: Sequence[Sequence[str]]) -> Floats:
        """Sum the weights of many feature lists at once, without the bias, shape (lists, labels).

        Sums of the parts of a list add up: what many lists have in common needs to be summed only once.
        """
        rows = map(self.rows.get, chain.from_iterable(batch), repeat(UNKNOWN))
        return self._sum(np.fromiter(rows, dtype=np.intp), [len(features) for features in batch])

    def sums_of_rows(self, batch: Sequence[Sequence[int]]) -> Floats:
        """Sum likewise for the rows of the features, `UNKNOWN` for one that has none."""
        return self._sum(np.fromiter(chain.from_iterable(batch), dtype=np.intp), [len(rows) for rows in batch])

    def _sum(self, found: NDArray[np.intp], lengths: Sequence[int]) -> Floats:
        seen = found != UNKNOWN
        ends = np.concatenate(([0], np.cumsum(seen)))[np.cumsum([0, *lengths])]  # of the known ones
        totals = np.zeros((len(lengths), len(self.labels)), dtype=np.float32)
        known = ends[:-1] < ends[1:]
        if known.any():
            totals[known] = np.add.reduceat(self.weights[found[seen]], ends[:-1][known], axis=0)
        return totals

    def evidence(self, features: Sequence[str], label: str, count: int = 3) -> list[tuple[str, float]]:
        """Return the `count` features that speak most for `label`, with their weights, strongest first."""
        known = {feature: row for feature in features if (row := self.rows.get(feature)) is not None}
        weights = self.weights[list(known.values()), self.labels.index(label)].tolist() if known else ()
        for_it = [(-weight, feature) for feature, weight in zip(known, weights, strict=True) if weight > 0]
        return [(feature, -weight) for weight, feature in sorted(for_it)[:count]]

    def save(self, path: Path) -> None:
        """Write the model: what is not zero of it, feature by feature in their order, rounded.

        The same training gives the same bytes.
        """
        names = sorted(self.rows)
        exact = self.weights[[self.rows[name] for name in names]].astype(np.float64)
        written = np.rint(exact * _UNIT).clip(-_MOST, _MOST)
        written[np.abs(written) < _LEAST] = 0
        counts = np.count_nonzero(written, axis=1)
        places = np.nonzero(written)
        write_arrays(
            path,
            {"labels": self.labels, "features": [name for name, count in zip(names, counts, strict=True) if count]},
            bias=np.rint(self.bias.astype(np.float64) * _UNIT).astype(np.int32),
            counts=counts[counts > 0].astype(np.uint8),
            columns=places[1].astype(np.uint8),
            weights=written[places].astype(np.int16),
        )

    @classmethod
    def load(cls, path: Path) -> "LinearModel":
        """Read a model that `save` wrote.

        Raises:
            DataError: the file is missing or not such a model.
        """
        with read_arrays(path, "a linear model") as file:
            labels, features = file.words("labels"), file.words("features")
            weights = np.zeros((len(features), len(labels)), dtype=np.float32)
            row_of = np.repeat(np.arange(len(features)), file.array("counts"))
            weights[row_of, file.array("columns")] = file.array("weights") / _UNIT
            bias = (file.array("bias") / _UNIT).astype(np.float32)
            return cls(labels, dict(zip(features, range(len(features)), strict=True)), weights, bias)


def squash(logits: Floats) -> Floats:
    """Return the logistic function, log odds as probabilities; beyond ±50 it is 0 or 1 in single precision."""
    return (1 / (1 + np.exp(-np.clip(logits, -50, 50)))).astype(np.float32)


def mix(own: Floats, others: Floats, share: float) -> Floats:
    """Return the mean of two judges' log odds, of which the second counts `share`."""
    return ((1 - share) * own + share * others).astype(np.float32)
