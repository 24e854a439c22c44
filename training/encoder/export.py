"""What was learned, written as `kg.encoder` reads it: the transformer in eight bits, the rest as arrays."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np
import zstandard
from numpy.typing import NDArray
from torch import nn

from kg.arrays import write_arrays
from kg.encoder.model import NETWORKS
from training.encoder.graph import to_onnx
from training.encoder.learn import Network
from training.encoder.pretrained import Blocks

_LEVEL = 19
"""Of packing: unpacking is as quick at any level."""


def export(
    folder: Path, pieces: Sequence[str], scores: Sequence[float], network: Network, labels: Mapping[str, Sequence[str]]
) -> None:
    """Write the encoder to `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    transformer = network.transformer
    for name, half in zip(NETWORKS, to_onnx(transformer), strict=True):
        (folder / name).write_bytes(zstandard.compress(half, _LEVEL))
    vectors = Blocks.of(network.vectors.weight.detach().numpy().ravel())
    heads = {"mark": transformer.marks.weight.detach().numpy()}
    for prefix, module in (("", network.questions), ("known.", network.known), ("name.", network.names)):
        heads |= {f"{prefix}{name}": value for name, value in _named(module)}
    write_arrays(
        folder / "weights.npz",
        {"pieces": pieces, "heads": sorted(heads), **labels},
        scores=np.asarray(scores, dtype=np.float32),
        steps=vectors.steps.reshape(len(pieces), -1),
        scales=vectors.scales.reshape(len(pieces), -1),
        positions=transformer.positions.detach().numpy().astype(np.float16),
        **{name: value.astype(np.float16) for name, value in heads.items()},
    )


def _named(module: nn.Module) -> Iterator[tuple[str, NDArray[np.float32]]]:
    """Yield weights by the names that `kg.encoder` and `kg.recogniser` know: plain ones where a layer has no bias."""
    for path, layer in module.named_modules():
        kinds = dict(layer.named_parameters(recurse=False))
        name = path.removeprefix("parts.").replace("_", ".")
        for kind, value in kinds.items():
            yield name if "bias" not in kinds else f"{name}.{kind}", value.detach().numpy()
