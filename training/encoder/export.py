"""What was learned, written as `kg.encoder` reads it: the transformer in eight bits, the rest as arrays."""

import gzip
from collections.abc import Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import onnx
import torch
from numpy.typing import NDArray
from onnxruntime.quantization import QuantType, quantize_dynamic
from torch import Tensor, nn

from kg.arrays import write_arrays
from kg.encoder.windows import LONGEST
from training.encoder.network import Questions, Transformer
from training.encoder.pretrained import Pretrained

_STEPS = 16
"""To each side of zero, for a weight: half of what eight bits could tell apart, since that packs smaller."""


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
    (folder / "network.onnx.gz").write_bytes(gzip.compress(_to_onnx(transformer.eval(), source.width), mtime=0))
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
        positions=transformer.positions.detach().numpy().astype(np.float16),
        **{name: value.astype(np.float16) for name, value in heads.items()},
    )


def _named(questions: Questions) -> dict[str, NDArray[np.float32]]:
    """Return the weights of all questions by the names of `kg.encoder.context`."""
    found = {}
    for part, layer in questions.parts.items():
        name = part.replace("_", ".")
        if name.startswith("status"):
            continue  # it helps to learn the rest, and is not asked in use
        for kind, value in layer.named_parameters():
            plain = isinstance(layer, nn.Embedding) or name.endswith(".product")
            found[name if plain else f"{name}.{kind}"] = value.detach().numpy()
    return found


def _to_onnx(transformer: Transformer, width: int) -> bytes:
    """Return the network for pieces x width, its matrices in eight bits."""
    for layer in transformer.modules():
        if isinstance(layer, nn.Linear):
            layer.weight.data = _round(layer.weight.data)
    with TemporaryDirectory() as folder:
        exact, packed = Path(folder) / "exact.onnx", Path(folder) / "packed.onnx"
        pieces = torch.export.Dim("n", min=2, max=LONGEST + 2)
        torch.onnx.export(
            _OneArticle(transformer),
            (torch.zeros(8, width),),
            exact,
            input_names=["pieces"],
            output_names=["meanings"],
            dynamic_shapes={"pieces": {0: pieces}},
            dynamo=True,
            external_data=False,
        )
        # seven bits of the eight: products of eight overflow on processors without VNNI
        quantize_dynamic(exact, packed, weight_type=QuantType.QInt8, per_channel=True, reduce_range=True)
        return _without_remarks(onnx.load(packed))


def _without_remarks(model: onnx.ModelProto) -> bytes:
    """Return the model without where in the sources each step comes from: nobody reads it, and it names folders."""
    graph = model.graph
    for part in (model, graph, *graph.node, *graph.input, *graph.output, *graph.value_info, *graph.initializer):
        part.ClearField("metadata_props")
        part.ClearField("doc_string")
    return bytes(model.SerializeToString(deterministic=True))


def _round(weights: Tensor) -> Tensor:
    """Round each row to whole steps."""
    step = weights.abs().amax(1, keepdim=True) / _STEPS
    return (weights / step).round() * step


class _OneArticle(nn.Module):
    """The transformer for one article, without the dimension of many."""

    def __init__(self, transformer: Transformer) -> None:
        super().__init__()
        self.transformer = transformer

    def forward(self, pieces: Tensor) -> Tensor:
        return self.transformer(pieces[None])[0]
