"""The network learns: all questions at once, article by article."""

import random
from collections.abc import Callable, Iterable, Sequence

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional

from kg.encoder.pieces import PADDING
from kg.model import STATUSES
from training.encoder.examples import ANSWERS, Example
from training.encoder.network import Questions, Transformer

EPOCHS = 10
RATE = 2e-4
_FASTER = 5
"""By how much the questions, which begin from nothing, learn faster than the pretrained layers."""
_WARM = 0.1
_HIDDEN = 0.1
"""Of the pieces, so many are not shown, each time others, so that no word is relied on alone."""
_BATCH = 4
_ALIKE = 8
"""Batches that are sorted by length together, so that little is padded."""
_SHARE = {"trigger": 1.0, "status": 1.0, "role": 0.5, "time": 0.5, "figure": 0.5}
_LOSS_UNIT = 10 * _BATCH

Network = tuple[nn.Embedding, Transformer, Questions]
"""Vectors of pieces, which are not learnt, and what is."""


def learn(network: Network, examples: Sequence[Example], tell: Callable[[str], None]) -> None:
    """Fit the network; with the same seed and threads the same way."""
    _, transformer, questions = network
    fresh = [*transformer.marks.parameters(), *questions.parameters()]
    pretrained = [weights for name, weights in transformer.named_parameters() if not name.startswith("marks.")]
    groups = [{"params": pretrained, "lr": RATE}, {"params": fresh, "lr": RATE * _FASTER}]
    optimizer = torch.optim.AdamW(groups, weight_decay=0.01)
    steps = EPOCHS * (len(examples) // _BATCH + 1)
    rates = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda step: min(1, (step + 1) / (_WARM * steps)) * max(0.02, 1 - step / steps)
    )
    shuffled = list(examples)
    learnt = [*pretrained, *fresh]
    transformer.train()
    questions.train()
    for epoch in range(EPOCHS):
        random.shuffle(shuffled)
        total = 0.0
        for batch in _batches(shuffled):
            with torch.autocast("cpu", dtype=torch.bfloat16):
                loss = sum((_SHARE[name] * value for name, value in _losses(network, batch)), torch.zeros(()))
            optimizer.zero_grad()
            (loss / _LOSS_UNIT).backward()
            nn.utils.clip_grad_norm_(learnt, 1.0)
            optimizer.step()
            rates.step()
            total += float(loss.detach())
        tell(f"epoch {epoch + 1} of {EPOCHS}: loss {total:.0f}")


def _batches(examples: Sequence[Example]) -> Iterable[Sequence[Example]]:
    for some in _cut(examples, _BATCH * _ALIKE):
        found = list(_cut(sorted(some, key=lambda example: len(example.numbers)), _BATCH))
        random.shuffle(found)
        yield from found


def _cut(examples: Sequence[Example], size: int) -> Iterable[Sequence[Example]]:
    return (examples[k : k + size] for k in range(0, len(examples), size))


def _losses(network: Network, batch: Sequence[Example]) -> Iterable[tuple[str, Tensor]]:
    vectors, transformer, questions = network
    longest = max(len(example.numbers) for example in batch)
    numbers = torch.full((len(batch), longest), PADDING)
    marks = torch.zeros(len(batch), longest, dtype=torch.long)
    there = torch.zeros(len(batch), longest, dtype=torch.bool)
    for row, example in enumerate(batch):
        numbers[row, : len(example.numbers)] = torch.from_numpy(example.numbers)
        marks[row, : len(example.marks)] = torch.from_numpy(example.marks)
        there[row, : len(example.numbers)] = True
    meanings = transformer(transformer.place(_hide(vectors(numbers)), marks), there[:, None, None, :])
    for row, example in enumerate(batch):
        yield from _ask(questions, _Words(meanings[row].float(), example.word_of), example)


def _hide(vectors: Tensor) -> Tensor:
    """Return vectors of pieces, shape (articles, pieces, width), of which some are nothing."""
    return vectors * (torch.rand(vectors.shape[:2]) >= _HIDDEN)[..., None]


class _Words:
    """Vectors of words, each the mean of its pieces."""

    def __init__(self, pieces: Tensor, word_of: NDArray[np.int64]) -> None:
        known = torch.from_numpy(word_of)
        read = known >= 0
        words, rows = torch.unique(known[read], return_inverse=True)
        sums = torch.zeros(len(words), pieces.shape[-1]).index_add(0, rows, pieces[: len(known)][read])
        self._vectors = sums / torch.bincount(rows).float()[:, None]
        self._row_of = {word: row for row, word in enumerate(words.tolist())}

    def of(self, words: Iterable[int]) -> Tensor:
        """Return the vectors of words, shape (words, width)."""
        return self._vectors[[self._row_of[word] for word in words]]

    def pooled(self, spans: Sequence[tuple[int, int]]) -> Tensor:
        """Return the mean of the vectors of each span's words, shape (spans, width)."""
        rows = [[self._row_of[word] for word in range(*span) if word in self._row_of] for span in spans]
        return torch.stack([self._vectors[row].mean(0) for row in rows])


def _ask(questions: Questions, words: _Words, example: Example) -> Iterable[tuple[str, Tensor]]:
    """Yield the loss of each question that an example asks."""
    if example.words:
        yield "trigger", _binary(questions.triggers(words.of(example.words)), torch.from_numpy(example.tells))
    if not example.events:
        return
    own = words.of(event.anchor for event in example.events)
    types = torch.tensor([ANSWERS["events"].index(event.type) for event in example.events])
    statuses = torch.tensor([STATUSES.index(event.status) for event in example.events])
    yield "status", functional.cross_entropy(questions.statuses(own, types), statuses, reduction="sum")
    ready = questions.events(own, types)
    if example.mentions:
        others = questions.mentions(words.pooled(example.mentions), torch.tensor(example.kinds))
        said = questions.pairs("role", ready[:, None], others[None], torch.from_numpy(example.gaps))
        owned = torch.tensor(example.owned)
        of_entity = [said[:, owned == number].logsumexp(1) for number in range(example.parts.shape[1])]
        targets = torch.from_numpy(example.parts)
        asked = targets >= 0
        yield "role", _binary(torch.stack(of_entity, 1)[asked], targets[asked])
    for name, pairs in example.pairs.items():
        if pairs.events:
            others = questions[f"{name}.of"](words.pooled(pairs.spans))
            said = questions.pairs(name, ready[pairs.events], others, torch.tensor(pairs.gaps))
            yield name, _binary(said[:, 0], torch.tensor(pairs.targets, dtype=torch.float32))


def _binary(odds: Tensor, targets: Tensor) -> Tensor:
    return functional.binary_cross_entropy_with_logits(odds.float(), targets, reduction="sum")
