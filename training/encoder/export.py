"""What was learned, written as `kg.encoder` reads it: the transformer in eight bits, the rest as arrays."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import zstandard
from numpy.typing import NDArray
from torch import nn

from kg.arrays import write_arrays
from training.encoder.graph import to_onnx
from training.encoder.network import Questions, Transformer
from training.encoder.pretrained import Pretrained

_LEVEL = 19
"""Of packing: unpacking is as quick at any level."""


def export(
    folder: Path,
    source: Pretrained,
    kept: Sequence[int],
    transformer: Transformer,
    questions: Questions,
    *,
    labels: Mapping[str, Sequence[str]],
) -> None:
    """Write the encoder to `folder`; `kept` are the numbers of the pieces that it knows."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "network.onnx.zst").write_bytes(zstandard.compress(to_onnx(transformer), _LEVEL))
    rows = np.asarray(kept)
    vectors = source.blocks("emb.word")
    blocks = source.width // (2 * vectors.steps.shape[1])
    heads = _named(questions)
    write_arrays(
        folder / "weights.npz",
        {"pieces": [source.pieces[k] for k in kept], "heads": sorted(heads), **labels},
        scores=source.scores[rows],
        steps=vectors.steps.reshape(-1, source.width // 2)[rows],
        scales=vectors.scales.reshape(-1, blocks)[rows],
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
