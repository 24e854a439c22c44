"""The recogniser learns from annotated names."""

import random
from collections.abc import Callable, Sequence

import torch
from torch import nn
from torch.nn import functional

from training.encoder.learn import batches
from training.names.examples import UNASKED, Example
from training.names.network import Network, collate

EPOCHS = 4
_RATE, _FRESH_RATE = 2e-4, 1e-3
"""Of the layers, which have read before, and of what begins from nothing."""
_WARM = 0.06
"""Share of all steps in which the rates rise."""


def learn(network: Network, examples: Sequence[Example], tell: Callable[[str], None]) -> None:
    """Fit the network; dropout and the order of examples follow the seeds of `torch` and `random`."""
    device = network.last.weight.device
    read = list(network.transformer.parameters())
    fresh = [weights for name, weights in network.named_parameters() if not name.startswith("transformer.")]
    groups = [{"params": read, "lr": _RATE}, {"params": fresh, "lr": _FRESH_RATE}]
    optimizer = torch.optim.AdamW(groups, weight_decay=0.01)
    shuffled = list(examples)
    steps = EPOCHS * sum(1 for _ in batches(shuffled, _size))
    rates = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda step: min(1, (step + 1) / (_WARM * steps)) * max(0.02, 1 - step / steps)
    )
    network.train()
    for epoch in range(EPOCHS):
        random.shuffle(shuffled)
        total = torch.zeros((), device=device)
        for some in batches(shuffled, _size):
            batch = collate(some, device)
            loss = functional.cross_entropy(network(batch), batch.tags, ignore_index=UNASKED)
            optimizer.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(network.parameters(), 1.0)
            optimizer.step()
            rates.step()
            total += loss.detach()
        tell(f"epoch {epoch + 1} of {EPOCHS}: loss {float(total):.1f}")
    network.eval()


def _size(example: Example) -> int:
    return len(example.word_of)
