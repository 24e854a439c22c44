"""The recogniser while it learns, in PyTorch; `kg.recogniser` has the same without it."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from kg.recogniser import FEATURES, NEAR, TAGS
from training.encoder.batches import means
from training.encoder.network import Transformer
from training.names.examples import UNASKED, Example

_HIDDEN = 192
_PART = 16
"""Numbers for a word's part of speech beside what the layers say of it."""
_UNSEEN = 0.1
"""Of the pieces, so many are not shown, each time others."""
_DROPPED = 0.2


@dataclass(frozen=True, slots=True)
class Batch:
    """Examples laid together; between those of two there are two words of none, so that neither sees the other."""

    vectors: Tensor
    """Shape (examples, pieces, width)."""
    there: Tensor
    word_of: Tensor
    """Shape (examples, pieces); one more than the last word stands for none."""
    features: Tensor
    parts: Tensor
    tags: Tensor


class Network(nn.Module):
    """The layers, and what follows them."""

    def __init__(self, transformer: Transformer, parts: int) -> None:
        super().__init__()
        width = transformer.positions.shape[1]
        self.transformer = transformer
        self.part = nn.Embedding(parts, width)
        self.feature = nn.Linear(FEATURES, width, bias=False)
        for layer in (self.part, self.feature):
            nn.init.zeros_(layer.weight)
        self.sort = nn.Embedding(parts, _PART)
        self.first = nn.Linear(width + FEATURES + _PART, _HIDDEN)
        self.near = nn.ModuleList(nn.Linear(3 * _HIDDEN, _HIDDEN) for _ in NEAR)
        self.last = nn.Linear(_HIDDEN, len(TAGS))
        self.drop = nn.Dropout(_DROPPED)

    def forward(self, batch: Batch) -> Tensor:
        """Return log odds, shape (words, tags)."""
        x, count = batch.vectors, len(batch.parts)
        if self.training:
            x = x * (torch.rand(x.shape[:2], device=x.device) >= _UNSEEN)[..., None]
        known = self.part(batch.parts) + self.feature(batch.features)
        x = x + torch.cat([known, known.new_zeros(1, known.shape[1])])[batch.word_of]
        meanings = self.transformer(x, batch.there[:, None, None, :])
        vectors = means(meanings.flatten(0, 1), batch.word_of.reshape(-1), count + 1)[:count]
        hidden = self._gelu(self.first, [vectors, batch.features, self.sort(batch.parts)])
        for layer in self.near:
            beside = functional.pad(hidden, (0, 0, 1, 1))
            hidden = hidden + self._gelu(layer, [beside[:-2], hidden, beside[2:]])
        odds: Tensor = self.last(self.drop(hidden))
        return odds

    def _gelu(self, layer: nn.Module, parts: Sequence[Tensor]) -> Tensor:
        return functional.gelu(layer(self.drop(torch.cat(list(parts), 1))), approximate="tanh")


def collate(examples: Sequence[Example], device: torch.device) -> Batch:
    """Lay examples together."""
    longest = max(len(example.word_of) for example in examples)
    firsts = np.cumsum([0, *(len(example.tags) + 2 for example in examples)])
    vectors = np.zeros((len(examples), longest, examples[0].vectors.shape[1]), dtype=np.float32)
    there, word_of = np.zeros((len(examples), longest), dtype=bool), np.full((len(examples), longest), firsts[-1])
    for row, (example, first) in enumerate(zip(examples, firsts, strict=False)):
        size = len(example.word_of)
        vectors[row, :size], there[row, :size] = example.vectors, True
        word_of[row, :size] = np.where(example.word_of >= 0, example.word_of + first, firsts[-1])
    return Batch(
        torch.from_numpy(vectors).to(device),
        torch.from_numpy(there).to(device),
        torch.from_numpy(word_of).to(device),
        torch.from_numpy(np.concatenate([np.pad(e.features, ((0, 2), (0, 0))) for e in examples])).to(device),
        torch.from_numpy(np.concatenate([np.pad(e.parts, (0, 2)) for e in examples])).to(device),
        torch.from_numpy(
            np.concatenate([np.pad(e.tags, (0, 2), constant_values=UNASKED) for e in examples])
        ).to(device),
    )  # fmt: skip
