"""Steps of small networks, in NumPy."""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]


def means(vectors: Floats, owners: NDArray[np.int64], count: int) -> Floats:
    """Return the mean of each owner's vectors, zeros for one without, shape (count, width); `owners` ascend."""
    averages = np.zeros((count, vectors.shape[1]), dtype=np.float32)
    counts = np.bincount(owners, minlength=count)
    starts = np.cumsum(counts) - counts
    found = np.flatnonzero(counts)
    averages[found] = vectors[starts[found]]
    for further in range(1, counts.max(initial=0)):  # most have few; `np.add.reduceat` takes twice as long
        found = found[counts[found] > further]
        averages[found] += vectors[starts[found] + further]
    averages /= np.maximum(counts, 1)[:, None].astype(np.float32)
    return averages


def gelu(values: Floats) -> Floats:
    """Return the Gaussian error linear unit, by its approximation with tanh (Hendrycks and Gimpel 2016)."""
    inner = values * values  # NumPy's powers of three take fifty times as long as two products
    inner *= np.float32(0.044715)
    inner += 1
    inner *= values
    inner *= np.float32(np.sqrt(2 / np.pi))
    result: Floats = np.tanh(inner, out=inner)
    result += 1
    result *= values
    result *= np.float32(0.5)
    return result
