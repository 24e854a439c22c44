"""The network while it learns, in PyTorch; `kg.encoder` has the same without it."""

from collections.abc import Mapping, Sequence

import torch
from torch import Tensor, nn
from torch.nn import functional

from kg.encoder import MARKS
from kg.encoder.context import FARTHEST, REACHES, SCALE
from kg.encoder.windows import LONGEST
from kg.encoder.words import FEATURES
from kg.model import STATUSES
from kg.recogniser import NEAR, TAGS
from training.encoder.pretrained import Pretrained

LAYERS = 6
"""Of the pretrained ones, the first: twelve found no more triggers, in twice the time."""
HALF = 3
"""Layers after which names are found; what is known by them goes into the others."""
STEPS = 16
"""To each side of zero, for a weight: few, since that packs small. Two products with a number of eight bits then add up
within the sixteen bits that processors without VNNI have for them."""
_DROPOUT = 0.1
_PAIR = 192
"""Numbers by which an event is weighed against a name, a date or a figure."""
PAIRED = ("time", "figure", "source")
"""Expressions that an event is weighed against: dates, figures and sources without a name."""
_PART = 16
"""Numbers for a word's part of speech, beside what the layers say of it, where names are asked for."""
_NAME = 192
"""Numbers for a word, from which it is told whether it is a name."""
_DROPPED = 0.2
_SELDOM = {"trigger": -4.5, "role": -3.0}
"""Log odds with which learning begins."""
_SLIGHT = 0.02
"""By how much distances in words differ when learning begins."""


class Dense(nn.Linear):
    """A dense layer whose weights are rounded as they will be in use, so that what it learns holds there."""

    rounds = True

    def forward(self, x: Tensor) -> Tensor:
        """Map (…, into) to (…, out); what is learnt passes by the rounding (Bengio et al. 2013, straight through)."""
        if not self.rounds:
            return super().forward(x)
        step = self.weight.detach().abs().amax(1, keepdim=True).clamp(min=1e-9) / STEPS
        lost = (self.weight / step).round() * step - self.weight
        return functional.linear(x, self.weight + lost.detach(), self.bias)


class Layer(nn.Module):
    """Attention and two dense layers, each added to what comes in and normed (Vaswani et al. 2017)."""

    def __init__(self, source: Pretrained, number: int) -> None:
        super().__init__()
        self.heads = source.heads
        width, inner = source.width, source.inner
        dense = {"q": (width, width), "k": (width, width), "v": (width, width), "ao": (width, width)}
        dense |= {"fi": (inner, width), "fo": (width, inner)}
        for name, (out, into) in dense.items():
            layer = Dense(into, out)
            layer.weight.data = torch.tensor(source.tensor(f"l{number}.{name}.w")).view(out, into)
            layer.bias.data = torch.tensor(source.tensor(f"l{number}.{name}.b"))
            setattr(self, name, layer)
        self.attended = _norm(source, f"l{number}.aln")
        self.thought = _norm(source, f"l{number}.oln")
        self.drop = nn.Dropout(_DROPOUT)

    def forward(self, x: Tensor, mask: Tensor | None) -> Tensor:
        """Map (articles, pieces, width) to the same shape; `mask` is true where there is a piece."""
        shape = (*x.shape[:2], self.heads, -1)
        query, key, value = (layer(x).view(shape).transpose(1, 2) for layer in (self.q, self.k, self.v))
        seen = functional.scaled_dot_product_attention(query, key, value, attn_mask=mask)
        x = self.attended(x + self.drop(self.ao(seen.transpose(1, 2).reshape(x.shape))))
        inner = functional.gelu(self.fi(x), approximate="tanh")
        return self.thought(x + self.drop(self.fo(inner)))


class Transformer(nn.Module):
    """From the vectors of pieces to what they mean where they stand."""

    def __init__(self, source: Pretrained) -> None:
        super().__init__()
        places = torch.tensor(source.tensor("emb.pos")).view(-1, source.width)
        self.positions = nn.Parameter((places + torch.tensor(source.tensor("emb.type"))[: source.width])[: LONGEST + 2])
        self.marks = nn.Embedding(len(MARKS), source.width)
        nn.init.zeros_(self.marks.weight)
        self.norm = _norm(source, "emb.ln")
        self.layers = nn.ModuleList(Layer(source, number) for number in range(LAYERS))
        self.drop = nn.Dropout(_DROPOUT)

    def begin(self, vectors: Tensor, mask: Tensor | None = None) -> Tensor:
        """Map vectors of pieces, shape (articles, pieces, width), to what they mean halfway; `mask` is true at pieces.

        That is all that names are found from.
        """
        x = self.drop(self.norm(vectors + self.positions[: vectors.shape[1]]))
        for layer in self.layers[:HALF]:
            x = layer(x, mask)
        return x

    def finish(self, halfway: Tensor, marks: Tensor, mask: Tensor | None = None) -> Tensor:
        """Add what is known by then, `marks` of the pieces, and map to what they mean in the end."""
        x = halfway + self.marks(marks)
        for layer in self.layers[HALF:]:
            x = layer(x, mask)
        return x

    def forward(self, vectors: Tensor) -> Tensor:
        """Map vectors of pieces, of which nothing is known and none is missing, to what they mean in the end."""
        return self.finish(self.begin(vectors), torch.zeros(vectors.shape[:2], dtype=torch.long, device=vectors.device))


class Known(nn.Module):
    """What is known of words before anything is read: added to the vectors of their pieces."""

    def __init__(self, width: int, parts: int) -> None:
        """Begin from nothing, for so many parts of speech."""
        super().__init__()
        self.part = nn.Embedding(parts, width)
        self.feature = nn.Linear(FEATURES, width, bias=False)
        for layer in (self.part, self.feature):
            nn.init.zeros_(layer.weight)

    def forward(self, parts: Tensor, features: Tensor, word_of: Tensor) -> Tensor:
        """Return what to add to each piece; the row after the last word is nothing's, shape (…, width)."""
        known = self.part(parts) + self.feature(features)
        return torch.cat([known, known.new_zeros(1, known.shape[1])])[word_of]


class Names(nn.Module):
    """Which words are names, from what they mean halfway; `kg.recogniser` has the same without PyTorch."""

    def __init__(self, width: int, parts: int) -> None:
        super().__init__()
        self.sort = nn.Embedding(parts, _PART)
        self.first = nn.Linear(width + FEATURES + _PART, _NAME)
        self.near = nn.ModuleList(nn.Linear(3 * _NAME, _NAME) for _ in NEAR)
        self.last = nn.Linear(_NAME, len(TAGS))
        self.drop = nn.Dropout(_DROPPED)

    def forward(self, words: Tensor, parts: Tensor, features: Tensor, is_first: Tensor, is_last: Tensor) -> Tensor:
        """Return log odds, shape (words, tags); `is_first` and `is_last` tell the words at the ends of a window."""
        hidden = self._gelu(self.first, [words, features, self.sort(parts)])
        for layer in self.near:
            beside = functional.pad(hidden, (0, 0, 1, 1))
            before = beside[:-2].masked_fill(is_first[:, None], 0)
            after = beside[2:].masked_fill(is_last[:, None], 0)
            hidden = hidden + self._gelu(layer, [before, hidden, after])
        odds: Tensor = self.last(self.drop(hidden))
        return odds

    def _gelu(self, layer: nn.Module, inputs: Sequence[Tensor]) -> Tensor:
        return functional.gelu(layer(self.drop(torch.cat(list(inputs), 1))), approximate="tanh")


def _norm(source: Pretrained, name: str) -> nn.LayerNorm:
    layer = nn.LayerNorm(source.width, eps=1e-12)
    layer.weight.data = torch.tensor(source.tensor(f"{name}.w"))
    layer.bias.data = torch.tensor(source.tensor(f"{name}.b"))
    return layer


class Questions(nn.Module):
    """What is asked of the words; the names are those of `kg.encoder.context`."""

    def __init__(self, width: int, labels: Mapping[str, Sequence[str]]) -> None:
        super().__init__()
        events, roles, entities = (len(labels[name]) for name in ("events", "roles", "entities"))
        layers = {
            "trigger.first": nn.Linear(width, width), "trigger.last": nn.Linear(width, events),
            "status.first": nn.Linear(width + _PAIR, width), "status.last": nn.Linear(width, len(STATUSES)),
            "event": nn.Embedding(events, _PAIR), "kind": nn.Embedding(entities, _PAIR),
            "gap": nn.Embedding(2 * FARTHEST, _PAIR), "reach": nn.Embedding(2 * len(REACHES) + 1, _PAIR),
            "event.of": nn.Linear(width, _PAIR), "mention": nn.Linear(width, _PAIR),
        }  # fmt: skip
        layers |= {f"{name}.of": nn.Linear(width, _PAIR) for name in PAIRED}
        for name, count in (("role", roles), *((name, 1) for name in PAIRED)):
            layers |= {name: nn.Linear(_PAIR, count), f"{name}.product": nn.Linear(_PAIR, count, bias=False)}
        self.parts = nn.ModuleDict({name.replace(".", "_"): layer for name, layer in layers.items()})
        self.drop = nn.Dropout(_DROPOUT)
        for name, odds in _SELDOM.items():
            nn.init.constant_((self["trigger.last"] if name == "trigger" else self[name]).bias, odds)
        nn.init.normal_(self["reach"].weight, std=_SLIGHT)

    def __getitem__(self, name: str) -> nn.Module:
        return self.parts[name.replace(".", "_")]

    def triggers(self, words: Tensor) -> Tensor:
        """Return log odds, shape (words, event types)."""
        return self["trigger.last"](self.drop(functional.gelu(self["trigger.first"](words), approximate="tanh")))

    def statuses(self, words: Tensor, events: Tensor) -> Tensor:
        """Return log odds of the triggers `words` of the types `events`, shape (words, statuses)."""
        asked = torch.cat([words, self["event"](events)], 1)
        return self["status.last"](self.drop(functional.gelu(self["status.first"](asked), approximate="tanh")))

    def events(self, words: Tensor, events: Tensor) -> Tensor:
        """Return triggers made ready for `pairs`, shape (words, pair)."""
        return self["event.of"](words) + self["event"](events)

    def mentions(self, words: Tensor, kinds: Tensor) -> Tensor:
        """Return mentions of entities of the types `kinds` made ready for `pairs`, shape (words, pair)."""
        return self["mention"](words) + self["kind"](kinds)

    def pairs(self, name: str, own: Tensor, others: Tensor, gaps: Tensor, reaches: Tensor) -> Tensor:
        """Return log odds of events against others, `gaps` sentences and `reaches` words away, numbered."""
        away = self["gap"](gaps) + self["reach"](reaches)
        summed = self[name](self.drop(functional.gelu(own + others + away, approximate="tanh")))
        return summed + self[f"{name}.product"](own * others * SCALE)
