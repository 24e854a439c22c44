"""The network learns: all questions at once, a few articles at a time."""

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar

import torch
from torch import Tensor, nn
from torch.nn import functional
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn

from training.encoder.batches import Batch, Page, collate, collate_windows
from training.encoder.examples import Example
from training.encoder.network import PAIRED, Known, Names, Questions, Transformer
from training.encoder.windows import UNASKED, Window

_Window = TypeVar("_Window", bound=Window)
_LEARNS = ("transformer", "known", "names", "questions")

EPOCHS = 10
_FASTER = 5
"""By how much the questions, which begin from nothing, learn faster than the pretrained layers."""
_WARM = 0.1
_HIDDEN = 0.1
"""Of the pieces, so many are not shown, each time others, so that no word is relied on alone."""
_BATCH = 8
_ALIKE = 8
"""Batches that are sorted by length together, so that little is padded."""
_SHARE = {"name": 0.5, "trigger": 1.0, "status": 1.0, "role": 0.5, "time": 0.5, "figure": 0.5, "source": 0.5}
_LOSS_UNIT = 10 * _BATCH
_REMEMBERED = 0.4
"""Share of all steps over which weights are averaged, the newest most."""
_ALIKENESS = 0.5
"""What it counts that two answers are alike, beside that they are right."""


@dataclass(frozen=True, slots=True)
class Network:
    """Vectors of pieces, which are not learnt, and what is."""

    vectors: nn.Embedding
    transformer: Transformer
    known: Known
    names: Names
    questions: Questions

    def to(self, device: torch.device) -> "Network":
        """Move all to a device."""
        for part in (self.vectors, self.learns()):
            part.to(device)
        return self

    def learns(self) -> nn.ModuleDict:
        """Return what is learnt."""
        return nn.ModuleDict({name: getattr(self, name) for name in _LEARNS})

    @property
    def device(self) -> torch.device:
        """Where it is."""
        return self.vectors.weight.device

    def read(self, page: Page) -> tuple[Tensor, Tensor]:
        """Return what pieces mean halfway, and the log odds of names, shape (words, tags)."""
        vectors = self.vectors(page.numbers)
        if self.transformer.training:
            vectors = _hide(vectors)
        vectors = vectors + self.known(page.parts_of_speech, page.features, page.word_of).view(vectors.shape)
        with torch.autocast(self.device.type, dtype=torch.bfloat16):
            halfway = self.transformer.begin(vectors, page.there[:, None, None, :])
        words = page.words(halfway)
        return halfway, self.names(words, page.parts_of_speech, page.features, page.is_first, page.is_last)

    def ask(self, batch: Batch) -> "Answers":
        """Return the log odds of all answers."""
        halfway, names = self.read(batch)
        with torch.autocast(self.device.type, dtype=torch.bfloat16):
            meanings = self.transformer.finish(halfway, batch.marks, batch.there[:, None, None, :])
        words, questions = batch.words(meanings), self.questions
        own = words[batch.anchors]
        ready = questions.events(own, batch.types)
        events, mentions, gaps, reaches, cells = batch.pairs
        others = questions.mentions(batch.mentions.pooled(words), batch.kinds)
        said = questions.pairs("role", ready[events], others[mentions], gaps, reaches)
        return Answers(
            names,
            questions.triggers(words[batch.asked]),
            questions.statuses(own, batch.types),
            _summed(said, cells, len(batch.parts)),
            {name: self._expressions(name, ready, words, batch) for name in PAIRED},
        )

    def _expressions(self, name: str, ready: Tensor, words: Tensor, batch: Batch) -> Tensor:
        spans, (owners, gaps, reaches), _ = batch.expressions[name]
        others = self.questions[f"{name}.of"](spans.pooled(words))
        return self.questions.pairs(name, ready[owners], others, gaps, reaches)[:, 0]


@dataclass(frozen=True, slots=True)
class Answers:
    """Log odds, shaped as the targets of a batch."""

    names: Tensor
    triggers: Tensor
    statuses: Tensor
    parts: Tensor
    expressions: dict[str, Tensor]

    def losses(self, batch: Batch) -> dict[str, Tensor]:
        """Return the loss of each question."""
        statuses = functional.log_softmax(self.statuses, 1)
        return {
            "name": _named(self.names, batch.tags),
            "trigger": _binary(self.triggers, batch.tells),
            "status": -(statuses * batch.statuses).sum(),
            "role": _asked(self.parts, batch.parts),
            **{name: _asked(odds, batch.expressions[name][2]) for name, odds in self.expressions.items()},
        }

    def differences(self, other: "Answers", batch: Batch) -> dict[str, Tensor]:
        """Return how much two answers to each question differ, by the divergence of Kullback and Leibler both ways."""
        asked = batch.parts >= 0
        return {
            "name": _unlikeness(self.names, other.names, batch.tags),
            "trigger": _divergence(self.triggers, other.triggers),
            "role": _divergence(self.parts[asked], other.parts[asked]),
            **{name: _divergence(odds, other.expressions[name]) for name, odds in self.expressions.items()},
        }


def learn(
    network: Network,
    examples: Sequence[_Window],
    rate: float,
    loss_of: Callable[[Network, Sequence[_Window]], Tensor],
    tell: Callable[[str], None],
) -> None:
    """Fit the network, with `rate` for its pretrained layers, to make `loss_of` of some examples small."""
    whole = network.learns()
    named = dict(whole.named_parameters())
    fresh = [weights for name, weights in named.items() if _is_fresh(name)]
    pretrained = [weights for name, weights in named.items() if not _is_fresh(name)]
    groups = [{"params": pretrained, "lr": rate}, {"params": fresh, "lr": rate * _FASTER}]
    optimizer = torch.optim.AdamW(groups, weight_decay=0.01)
    steps = EPOCHS * -(-len(examples) // _BATCH)
    rates = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda step: min(1, (step + 1) / (_WARM * steps)) * max(0.02, 1 - step / steps)
    )
    averaged = AveragedModel(whole, multi_avg_fn=get_ema_multi_avg_fn(1 - 1 / (_REMEMBERED * steps + 1)))
    shuffled = list(examples)
    whole.train()
    for epoch in range(EPOCHS):
        random.shuffle(shuffled)
        total = torch.zeros((), device=network.device)
        for some in _batches(shuffled):
            loss = loss_of(network, some)
            optimizer.zero_grad()
            (loss / _LOSS_UNIT).backward()
            nn.utils.clip_grad_norm_([*pretrained, *fresh], 1.0)
            optimizer.step()
            rates.step()
            averaged.update_parameters(whole)
            total += loss.detach()
        tell(f"epoch {epoch + 1} of {EPOCHS}: loss {float(total):.0f}")
    whole.load_state_dict(averaged.module.state_dict())
    whole.eval()


def _is_fresh(name: str) -> bool:
    """Tell whether weights begin from nothing."""
    return not name.startswith("transformer.") or name.startswith("transformer.marks.")


def loss_of_claims(network: Network, examples: Sequence[Example]) -> Tensor:
    """Ask twice, with other parts left out each time, and have both answers alike (Liang et al. 2021, R-Drop)."""
    batch = collate(examples).to(network.device)
    one, other = network.ask(batch), network.ask(batch)
    losses, others, differences = one.losses(batch), other.losses(batch), one.differences(other, batch)
    wrong = [_SHARE[name] * (losses[name] + others[name]) / 2 for name in losses]
    unlike = [_SHARE[name] * _ALIKENESS * value for name, value in differences.items()]
    return torch.stack([*wrong, *unlike]).sum()


def loss_of_names(network: Network, windows: Sequence[Window]) -> Tensor:
    """Ask for names alone, twice likewise."""
    page = collate_windows(windows).to(network.device)
    (_, one), (_, other) = network.read(page), network.read(page)
    wrong = (_named(one, page.tags) + _named(other, page.tags)) / 2
    return wrong + _ALIKENESS * _unlikeness(one, other, page.tags)


def _batches(examples: Sequence[_Window]) -> Iterator[Sequence[_Window]]:
    """Yield all examples, a few at a time, which are alike in length, so that little is padded."""
    for some in _cut(examples, _BATCH * _ALIKE):
        found = list(_cut(sorted(some, key=lambda example: len(example.numbers)), _BATCH))
        random.shuffle(found)
        yield from found


def _cut(examples: Sequence[_Window], size: int) -> Iterator[Sequence[_Window]]:
    return (examples[k : k + size] for k in range(0, len(examples), size))


def _hide(vectors: Tensor) -> Tensor:
    """Return vectors of pieces, shape (articles, pieces, width), of which some are nothing."""
    return vectors * (torch.rand(vectors.shape[:2], device=vectors.device) >= _HIDDEN)[..., None]


def _summed(odds: Tensor, cells: Tensor, count: int) -> Tensor:
    """Return the log of the summed likelihoods of each cell's rows, shape (cells, roles); a cell has at least one."""
    most = odds.detach().amax() if len(odds) else 0.0
    return odds.new_zeros(count, odds.shape[1]).index_add(0, cells, (odds - most).exp()).clamp(min=1e-30).log() + most


def _divergence(odds: Tensor, others: Tensor) -> Tensor:
    """Return the sum of both divergences between yes-or-no answers, given as log odds, halved."""
    odds, others = odds.float(), others.float()
    return ((odds.sigmoid() - others.sigmoid()) * (odds - others)).sum() / 2


def _named(odds: Tensor, tags: Tensor) -> Tensor:
    return functional.cross_entropy(odds.float(), tags, ignore_index=UNASKED, reduction="sum")


def _unlikeness(odds: Tensor, others: Tensor, tags: Tensor) -> Tensor:
    """Return the sum of both divergences between choices of one tag, given as log odds, halved."""
    asked = tags != UNASKED
    one, other = (functional.log_softmax(said[asked].float(), 1) for said in (odds, others))
    return ((one.exp() - other.exp()) * (one - other)).sum() / 2


def _asked(odds: Tensor, targets: Tensor) -> Tensor:
    """Return the loss of what is asked: where a target is below zero, nothing is."""
    return _binary(odds[targets >= 0], targets[targets >= 0])


def _binary(odds: Tensor, targets: Tensor) -> Tensor:
    return functional.binary_cross_entropy_with_logits(odds.float(), targets, reduction="sum")
