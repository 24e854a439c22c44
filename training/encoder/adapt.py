"""The pretrained layers read German: words that are hidden are to be guessed from the others (Devlin et al. 2019)."""

from collections.abc import Callable, Iterable, Sequence

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional

from kg.encoder.pieces import END, SPACE, START
from kg.encoder.windows import LONGEST
from training.encoder.network import Dense, Transformer

EPOCHS = 46
_HIDDEN = 0.2
"""Of the words, each time others."""
_BATCH = 128
_RATE = 4e-4
_WARM = 0.06


class Guess(nn.Module):
    """From what a piece means where it stands to log odds of which it is."""

    def __init__(self, width: int, pieces: int) -> None:
        super().__init__()
        self.first = nn.Linear(width, width)
        self.norm = nn.LayerNorm(width)
        self.bias = nn.Parameter(torch.zeros(pieces))

    def forward(self, x: Tensor, vectors: Tensor) -> Tensor:
        """Map (hidden, width) to (hidden, pieces); `vectors` are those of the pieces."""
        return functional.linear(self.norm(functional.gelu(self.first(x))), vectors, self.bias)


def adapt(
    vectors: nn.Embedding,
    transformer: Transformer,
    pieces: Sequence[str],
    text: NDArray[np.integer],
    tell: Callable[[str], None],
) -> None:
    """Fit the vectors of `pieces` and the layers to `text`, numbers of pieces in a row.

    Raises:
        ValueError: the text is shorter than one step's.
    """
    if len(text) < (_BATCH + 1) * LONGEST:
        raise ValueError(f"{len(text)} pieces are too few to adapt to.")
    device = vectors.weight.device
    begins = torch.tensor([piece.startswith(SPACE) for piece in pieces], device=device)
    guess = Guess(vectors.embedding_dim, len(pieces)).to(device)
    learnt = [*vectors.parameters(), *transformer.parameters(), *guess.parameters()]
    optimizer = torch.optim.AdamW(learnt, lr=_RATE, betas=(0.9, 0.98), weight_decay=0.01)
    stream = torch.from_numpy(text.astype(np.int32)).to(device)
    steps = EPOCHS * (len(text) // (LONGEST * _BATCH))
    rates = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda step: min(1, (step + 1) / (_WARM * steps)) * max(0.01, 1 - step / steps)
    )
    _prepare(transformer, device)
    for epoch in range(EPOCHS):
        losses = []
        for numbers in _windows(stream):
            hidden = _choose(begins[numbers])
            with torch.autocast(device.type, dtype=torch.bfloat16):
                shown = vectors(numbers) * ~hidden[..., None]
                meanings = transformer(shown)
                odds = guess(meanings[hidden], vectors.weight)
            loss = functional.cross_entropy(odds.float(), numbers[hidden])
            optimizer.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(learnt, 1.0)
            optimizer.step()
            rates.step()
            losses.append(loss.detach())
        tell(f"epoch {epoch + 1} of {EPOCHS}: loss {float(torch.stack(losses).mean()):.3f}")


def _prepare(transformer: Transformer, device: torch.device) -> None:
    """Let weights be exact, as they are rounded later, and have the layers compiled where that pays."""
    transformer.train()
    for layer in transformer.layers:
        for part in layer.children():
            if isinstance(part, Dense):
                part.rounds = False
        if device.type == "cuda":
            layer.compile()


def _windows(stream: Tensor) -> Iterable[Tensor]:
    """Yield pieces of windows that begin somewhere else each time, in a random order, shape (windows, pieces)."""
    offset = int(torch.randint(LONGEST, ()))
    count = (len(stream) - offset) // LONGEST
    windows = stream[offset : offset + count * LONGEST].view(count, LONGEST)
    order = torch.randperm(count, device=stream.device)
    for k in range(0, count - _BATCH + 1, _BATCH):
        inner = windows[order[k : k + _BATCH]].long()
        yield functional.pad(functional.pad(inner, (1, 0), value=START), (0, 1), value=END)


def _choose(begins: Tensor) -> Tensor:
    """Choose whole words to hide, by where words begin, shape (windows, pieces); never the frame."""
    word = begins.cumsum(1).clamp(max=begins.shape[1] - 1)
    hidden = torch.rand(word.shape, device=word.device).gather(1, word) < _HIDDEN
    hidden[:, [0, -1]] = False
    return hidden
