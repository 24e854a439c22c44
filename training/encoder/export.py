"""What was learned, written as `kg.encoder` reads it: the transformer in eight bits, the rest as arrays."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import zstandard
from numpy.typing import NDArray
from torch import nn

from kg.arrays import write_arrays
from training.encoder.graph import to_onnx
from training.encoder.learn import Network
from training.encoder.network import Questions
from training.encoder.pretrained import Blocks

_LEVEL = 19
"""Of packing: unpacking is as quick at any level."""


def export(
    folder: Path, pieces: Sequence[str], scores: Sequence[float], network: Network, labels: Mapping[str, Sequence[str]]
) -> None:
    """Write the encoder to `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    transformer = network.transformer
    (folder / "network.onnx.zst").write_bytes(zstandard.compress(to_onnx(transformer), _LEVEL))
    vectors = Blocks.of(network.vectors.weight.detach().numpy().ravel())
    heads = _named(network.questions)
    write_arrays(
        folder / "weights.npz",
        {"pieces": pieces, "heads": sorted(heads), **labels},
        scores=np.asarray(scores, dtype=np.float32),
        steps=vectors.steps.reshape(len(pieces), -1),
        scales=vectors.scales.reshape(len(pieces), -1),
        marks=transformer.marks.weight.detach().numpy().astype(np.float16),
        positions=transformer.positions.detach().numpy().astype(np.float16),
        **{name: value.astype(np.float16) for name, value in heads.items()},
    )


def _named(questions: Questions) -> dict[str, NDArray[np.float32]]:
    """Return the weights of all questions by the names of `kg.encoder.context`."""
    found = {}
    for part, layer in questions.parts.items():
        name = part.replace("_", ".")
        for kind, value in layer.named_parameters():
            plain = isinstance(layer, nn.Embedding) or name.endswith(".product")
            found[name if plain else f"{name}.{kind}"] = value.detach().numpy()
    return found
