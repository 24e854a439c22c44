"""spaCy's network over windows of words (`MaxoutWindowEncoder`), with its steps laid out for arrays as wide as a text.

What it computes is the same but for the order of sums. thinc takes twice the time: it keeps what training would need,
chooses among pieces that lie interleaved, and goes through five wrappers a layer.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from spacy.language import Language
from thinc.api import Model

from kg.german.embeddings import list_networks
from kg.german.remembered import Floats

Sentences = list[Floats]
"""One array a sentence, shape (words, width)."""

_LAYER = "residual(expand_window>>maxout>>layernorm>>dropout)"
"""What thinc calls such a layer; there is no dropout but in training."""
_SMALLEST = np.float32(1e-8)
"""What thinc adds to variances."""


@dataclass(frozen=True, slots=True)
class _Layer:
    """One layer; `weights` is (three words' width, pieces x width), the pieces side by side."""

    weights: Floats
    bias: Floats
    scale: Floats
    shift: Floats

    def add_to(self, words: Floats) -> None:
        """Add to each word what it means beside its two neighbours, in place."""
        width = words.shape[1]
        windows = np.zeros((len(words), 3 * width), dtype=np.float32)
        windows[1:, :width] = words[:-1]
        windows[:, width : 2 * width] = words
        windows[:-1, 2 * width :] = words[1:]
        pieces = windows @ self.weights
        pieces += self.bias
        best = np.ascontiguousarray(pieces[:, :width])
        for begin in range(width, pieces.shape[1], width):
            np.maximum(best, pieces[:, begin : begin + width], out=best)
        best -= best.mean(axis=1, keepdims=True)
        variance = np.einsum("ij,ij->i", best, best) / np.float32(width) + _SMALLEST
        best *= (1 / np.sqrt(variance))[:, None]
        best *= self.scale
        best += self.shift
        words += best


def quicken_windows(nlp: Language) -> None:
    """Put the layers above in place of those of the same kind in a pipeline's networks."""
    for network in list_networks(nlp):
        if network.has_ref("encode") and network.layers[-1] is network.get_ref("encode"):
            encode = network.layers[-1]
            layers = _read_layers(encode)
            if layers:
                network.layers[-1] = _quick(encode, layers)


def _quick(encode: Model[Sentences, Sentences], layers: list[_Layer]) -> Model[Sentences, Sentences]:
    gap = encode.attrs["pad"]

    def forward(
        model: Model[Sentences, Sentences], sentences: Sentences, is_train: bool
    ) -> tuple[Sentences, Callable[[Sentences], Sentences]]:
        if is_train:
            return model.layers[0](sentences, is_train)
        return _read(layers, sentences, gap), lambda changes: changes

    return Model("windows", forward, layers=[encode])


def _read(layers: list[_Layer], sentences: Sentences, gap: int) -> Sentences:
    """Read sentences beside each other, with `gap` empty rows around each."""
    ends = np.cumsum([gap + len(sentence) for sentence in sentences]).tolist()
    rows = np.zeros((ends[-1] + gap if ends else gap, layers[0].scale.shape[0]), dtype=np.float32)
    for end, sentence in zip(ends, sentences, strict=True):
        rows[end - len(sentence) : end] = sentence
    for layer in layers:
        layer.add_to(rows)
    return [rows[end - len(sentence) : end] for end, sentence in zip(ends, sentences, strict=True)]


def _read_layers(encode: Model[Sentences, Sentences]) -> list[_Layer]:
    """Return the layers of a network of this kind, none of another's."""
    residuals = encode.layers[0].layers if encode.layers and "pad" in encode.attrs else []
    found = [_read_layer(residual) for residual in residuals]
    layers = [layer for layer in found if layer is not None]
    return layers if len(layers) == len(found) else []


def _read_layer(residual: Model[Floats, Floats]) -> _Layer | None:
    parts = {part.name: part for part in residual.walk()}
    if residual.name != _LAYER or parts["expand_window"].attrs["window_size"] != 1:
        return None
    maxout, norm = parts["maxout"], parts["layernorm"]
    weights = np.asarray(maxout.get_param("W"))  # (width, pieces, three words' width)
    width, pieces, windows = weights.shape
    return _Layer(
        np.ascontiguousarray(weights.transpose(2, 1, 0).reshape(windows, pieces * width)),
        np.asarray(maxout.get_param("b")).T.ravel(),
        np.asarray(norm.get_param("G")),
        np.asarray(norm.get_param("b")),
    )
