"""The transformer as a graph for ONNX Runtime, step by step as it is to be run.

The graph is laid down by hand: what an exporter writes, ONNX Runtime has to fuse whenever a process starts, and fuses
badly, since its `SkipLayerNormalization` takes several times as long as a sum and a norm. The steps of the domain
`com.microsoft` are those that it would itself put in place of plain ones.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper
from torch import nn

from kg.encoder.model import FRAME
from training.encoder.network import HALF, STEPS, Layer, Transformer

_OPSET, _FORMAT = 20, 10
"""Versions of the plain steps and of the file; ONNX Runtime has read both since 1.18."""
_OWN = "com.microsoft"
_LAST = np.iinfo(np.int64).max
_FRAME, _INNER = (0, FRAME), (FRAME, _LAST)
"""Pieces that frame a window, which are put first, and those within. In eight bits the two are rounded apart: numbers
of the frame are up to a hundred times as large, and beside them all others would be rounded to next to nothing."""


def to_onnx(transformer: Transformer) -> tuple[bytes, bytes]:
    """Return the two halves of the network for one window, its matrices in eight bits.

    The first takes `pieces`, shaped (1, pieces, width), with those that frame a window around them, and gives what they
    mean halfway, the frame first. The second takes these, and gives `meanings` without the frame. The same weights give
    the same bytes.
    """
    begin, width = _Graph(), transformer.positions.shape[1]
    x = begin.norm("norm", transformer.norm, "pieces")
    frame = begin.add("Concat", begin.rows(x, 0, 1), begin.rows(x, -1, _LAST), axis=1)
    begin.add(
        "Concat", *_add_layers(begin, transformer, range(HALF), frame, begin.rows(x, 1, -1)), axis=1, to="meanings"
    )
    finish = _Graph()
    rest = range(HALF, len(transformer.layers))
    ends = [finish.rows("pieces", *rows) for rows in (_FRAME, _INNER)]
    finish.add("Identity", _add_layers(finish, transformer, rest, *ends)[1], to="meanings")
    return begin.packed(width), finish.packed(width)


def _add_layers(
    graph: "_Graph", transformer: Transformer, numbers: Iterable[int], frame: str, inner: str
) -> tuple[str, str]:
    """Add layers by number; return what becomes of the frame and of what it frames."""
    for number in numbers:
        name, layer = f"layers.{number}", transformer.layers[number]
        x = _add_attention(graph, name, layer, graph.add("Concat", frame, inner, axis=1))
        frame, inner = (_add_thought(graph, name, layer, graph.rows(x, *ends)) for ends in (_FRAME, _INNER))
    return frame, inner


def _add_attention(graph: "_Graph", name: str, layer: Layer, x: str) -> str:
    """Add the first half of `Layer.forward`."""
    packed = graph.quantized(x)  # once for all three
    asked = [graph.dense_of_quantized(f"{name}.{part}", getattr(layer, part), *packed) for part in "qkv"]
    seen = graph.add("MultiHeadAttention", *asked, domain=_OWN, num_heads=layer.heads)
    x = graph.add("Add", x, graph.dense(f"{name}.ao", layer.ao, seen))
    return graph.norm(f"{name}.attended", layer.attended, x)


def _add_thought(graph: "_Graph", name: str, layer: Layer, x: str) -> str:
    """Add the second half of `Layer.forward`."""
    inner = graph.add("Gelu", graph.dense(f"{name}.fi", layer.fi, x), approximate="tanh")
    x = graph.add("Add", x, graph.dense(f"{name}.fo", layer.fo, inner))
    return graph.norm(f"{name}.thought", layer.thought, x)


@dataclass(frozen=True, slots=True)
class _Graph:
    """A graph that grows; its methods add steps and return the names of what comes out."""

    nodes: list[onnx.NodeProto] = field(default_factory=list)
    weights: dict[str, onnx.TensorProto] = field(default_factory=dict)

    def add(self, step: str, *inputs: str, to: str = "", **attributes: int | float | str) -> str:
        """Add a step with one output, by the name `to` if it is to have one."""
        output = to or f"x{len(self.nodes)}"
        self.nodes.append(helper.make_node(step, inputs, [output], **attributes))
        return output

    def rows(self, x: str, begin: int, end: int) -> str:
        """Add the choice of pieces from `begin` to `end`, half-open."""
        bounds = [self._weight(f"at.{place}", np.array([place])) for place in (begin, end)]
        return self.add("Slice", x, *bounds, self._weight("axis", np.array([1])))

    def quantized(self, x: str) -> tuple[str, str, str]:
        """Add the rounding to eight bits; return the rounded numbers, the size of a step and what stands for zero."""
        rounded, step, zero = (f"x{len(self.nodes)}.{part}" for part in ("rounded", "step", "zero"))
        self.nodes.append(helper.make_node("DynamicQuantizeLinear", [x], [rounded, step, zero]))
        return rounded, step, zero

    def dense(self, name: str, layer: nn.Linear, x: str) -> str:
        """Add a dense layer."""
        weight, step, bias = self._linear(name, layer)
        return self.add("DynamicQuantizeMatMul", x, weight, step, "", bias, domain=_OWN)

    def dense_of_quantized(self, name: str, layer: nn.Linear, rounded: str, step: str, zero: str) -> str:
        """Add a dense layer over numbers that were rounded before."""
        weight, weight_step, bias = self._linear(name, layer)
        return self.add("MatMulIntegerToFloat", rounded, weight, step, weight_step, zero, "", bias, domain=_OWN)

    def norm(self, name: str, norm: nn.LayerNorm, x: str) -> str:
        """Add a norm."""
        scale = self._weight(f"{name}.scale", _array(norm.weight))
        bias = self._weight(f"{name}.bias", _array(norm.bias))
        return self.add("LayerNormalization", x, scale, bias, axis=-1, epsilon=norm.eps)

    def _linear(self, name: str, layer: nn.Linear) -> tuple[str, str, str]:
        """Keep a matrix in steps, shape (in, out), the size of a step for each output, and the bias."""
        weights = _array(layer.weight).T
        step = np.abs(weights).max(axis=0) / np.float32(STEPS)
        step[step == 0] = 1  # weights that are all nothing
        steps = np.rint(weights / step).astype(np.int8)
        kept = {"weight": steps, "step": step, "bias": _array(layer.bias)}
        weight, size, bias = (self._weight(f"{name}.{part}", value) for part, value in kept.items())
        return weight, size, bias

    def packed(self, width: int) -> bytes:
        """Return the graph as a file; it leads from `pieces` to `meanings`."""
        shapes = {name: (1, name, width) for name in ("pieces", "meanings")}
        ends = [helper.make_tensor_value_info(name, TensorProto.FLOAT, shape) for name, shape in shapes.items()]
        model = helper.make_model(
            helper.make_graph(self.nodes, "encoder", ends[:1], ends[1:], list(self.weights.values())),
            opset_imports=[helper.make_opsetid("", _OPSET), helper.make_opsetid(_OWN, 1)],
            ir_version=_FORMAT,
        )
        return bytes(model.SerializeToString(deterministic=True))

    def _weight(self, name: str, value: NDArray[Any]) -> str:
        self.weights[name] = numpy_helper.from_array(np.ascontiguousarray(value), name)
        return name


def _array(parameter: nn.Parameter) -> NDArray[np.float32]:
    return parameter.detach().numpy().astype(np.float32)
