"""The encoder's weights: pieces and their vectors, the transformer in two halves, and what is asked of its answers."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import onnxruntime as ort
import zstandard
from numpy.typing import NDArray

from kg.arrays import read_arrays
from kg.encoder.pieces import Vocabulary
from kg.encoder.vectors import Floats
from kg.errors import DataError

ENCODER_FOLDER = Path(__file__).parents[1] / "data" / "encoder"
LABELS = ("events", "roles", "entities", "parts")
"""Lists of labels that come with the weights; `parts` are the tagger's parts of speech, the first for any other."""
NETWORKS = ("begin.onnx.zst", "finish.onnx.zst")
"""The two halves of the layers."""

FRAME = 2
"""Pieces that frame a window; what comes out of the first half has them before the others."""
_BLOCK = 32
"""Numbers of a vector that share a scale."""
_MIDDLE = 8
"""Of the sixteen steps of such a number, the one that stands for zero."""


@dataclass(frozen=True, slots=True)
class Embeddings:
    """Vectors of pieces, four bits a number: `steps` is pieces x half the width, `scales` is pieces x blocks."""

    steps: NDArray[np.uint8]
    scales: Floats
    positions: Floats

    def of(self, numbers: NDArray[np.int64]) -> Floats:
        """Return the vectors of pieces in a row, with what their places add, shape (pieces, width)."""
        packed = self.steps[numbers].reshape(len(numbers), -1, _BLOCK // 2)
        steps = np.concatenate([packed & 15, packed >> 4], axis=2).astype(np.float32) - _MIDDLE
        vectors: Floats = (steps * self.scales[numbers][:, :, None]).reshape(len(numbers), -1)
        return vectors + self.positions[: len(numbers)]


class Encoder:
    """Reads pieces of text as a whole; one thread, so that the same text gives the same numbers."""

    def __init__(
        self,
        vocabulary: Vocabulary,
        embeddings: Embeddings,
        networks: tuple[ort.InferenceSession, ort.InferenceSession],
        heads: Mapping[str, Floats],
        labels: Mapping[str, tuple[str, ...]],
    ) -> None:
        self.vocabulary = vocabulary
        self.heads = heads
        """Weights of the questions by name, each shaped (out, in) or (out,), and what is added to vectors of pieces."""
        self.labels = labels
        """What the questions' answers mean, by the names of `LABELS`."""
        self.parts = {part: number for number, part in enumerate(labels["parts"]) if number}
        """Numbers of the parts of speech that it knows."""
        self._embeddings = embeddings
        self._begin, self._finish = networks

    @property
    def width(self) -> int:
        """Numbers in a vector."""
        return int(self._embeddings.positions.shape[1])

    def begin(self, numbers: NDArray[np.int64], known: Floats) -> Floats:
        """Return what the pieces of a window mean halfway, shape (2 + pieces, width), those that frame it first.

        Args:
            numbers: the pieces.
            known: what to add to the vector of each, shape (pieces, width).
        """
        vectors = self._embeddings.of(self.vocabulary.frame(numbers)) + np.pad(known, ((1, 1), (0, 0)))
        return _run(self._begin, vectors)

    def finish(self, halfway: Floats, marks: NDArray[np.intp]) -> Floats:
        """Return what they mean in the end, shape (pieces, width); `marks` is what is known of each by then."""
        return _run(self._finish, halfway + self.heads["mark"][np.pad(marks, (FRAME, 0))])


def _run(network: ort.InferenceSession, vectors: Floats) -> Floats:
    (answers,) = network.run(None, {"pieces": vectors[None]})
    meanings: Floats = np.asarray(answers)[0]
    return meanings


@cache
def load_encoder(folder: Path = ENCODER_FOLDER) -> Encoder:
    """Load the encoder that `training/encoder` wrote.

    Raises:
        DataError: a file is missing or broken.
    """
    with read_arrays(folder / "weights.npz", "an encoder's weights") as file:
        vocabulary = Vocabulary(file.words("pieces"), file.array("scores").tolist())
        embeddings = Embeddings(
            file.array("steps"),
            file.array("scales").astype(np.float32),
            file.array("positions").astype(np.float32),
        )
        heads = {name: file.array(name).astype(np.float32) for name in file.words("heads")}
        labels = {name: file.words(name) for name in LABELS}
    begin, finish = (_load_network(folder / name) for name in NETWORKS)
    return Encoder(vocabulary, embeddings, (begin, finish), heads, labels)


def _load_network(path: Path) -> ort.InferenceSession:
    """Load a network that `training/encoder/graph.py` laid down.

    Raises:
        DataError: the file is missing or broken.
    """
    options = ort.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.graph_optimization_level = ort.GraphOptimizationLevel.ORT_DISABLE_ALL  # training/encoder/graph.py did it
    try:
        network = zstandard.decompress(path.read_bytes())
        return ort.InferenceSession(network, options, providers=["CPUExecutionProvider"])
    except (OSError, zstandard.ZstdError, RuntimeError) as error:  # what ONNX Runtime raises is one
        raise DataError(f"{path}: not a network ({error}).", "Install Lagebild again, or train it.") from error
