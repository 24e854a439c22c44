"""Examples laid together, so that each question is asked of all of them at once."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from itertools import pairwise
from typing import Any, Self

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from kg.encoder.context import number_reaches
from kg.encoder.pieces import PADDING
from training.encoder.examples import Example
from training.encoder.network import PAIRED
from training.encoder.windows import Window


@dataclass(frozen=True, slots=True)
class Spans:
    """Words in a row: `words` are rows of words, `span_of` the span that each belongs to."""

    words: Tensor
    span_of: Tensor
    count: int

    def pooled(self, vectors: Tensor) -> Tensor:
        """Return the mean of the vectors of each span's words, shape (spans, width)."""
        return means(vectors[self.words], self.span_of, self.count)


@dataclass(frozen=True, slots=True)
class Page:
    """Windows as they are read before their names are known. Rows of words run over all of them."""

    numbers: Tensor
    """Pieces, shape (windows, pieces)."""
    there: Tensor
    """Whether there is a piece."""
    word_of: Tensor
    """The row of each piece's word, shape (windows x pieces); the row after the last for none."""
    count: int
    """Of words."""
    parts_of_speech: Tensor
    features: Tensor
    """What word lists know of each word, shape (words, FEATURES)."""
    is_first: Tensor
    is_last: Tensor
    """Whether a word is the first or the last of its window."""
    tags: Tensor

    def to(self, device: torch.device) -> Self:
        """Return it on a device."""
        return type(self)(**{part.name: _moved(getattr(self, part.name), device) for part in fields(self)})

    def words(self, meanings: Tensor) -> Tensor:
        """Return the vectors of words, each the mean of its pieces, from those of pieces."""
        return means(meanings.flatten(0, 1).float(), self.word_of, self.count + 1)[:-1]


@dataclass(frozen=True, slots=True)
class Batch(Page):
    """What the network is asked about some examples. Rows of events and mentions run over all of them."""

    marks: Tensor
    """Of pieces, shape (examples, pieces)."""
    asked: Tensor
    """Rows of the words that could tell of something."""
    tells: Tensor
    anchors: Tensor
    """Rows of the events' words."""
    types: Tensor
    statuses: Tensor
    mentions: Spans
    kinds: Tensor
    pairs: Tensor
    """Event, mention, gap, reach and cell of each pair, shape (5, pairs)."""
    parts: Tensor
    """Shape (cells, roles): a cell is an event with an entity; -1 where it is not asked."""
    expressions: dict[str, tuple[Spans, Tensor, Tensor]]
    """By the names of `PAIRED`, spans; event, gap and reach of each, shape (3, spans); whether they belong together."""


def collate_windows(windows: Sequence[Window]) -> Page:
    """Lay windows together."""
    shape = (len(windows), max(len(window.numbers) for window in windows))
    first = np.cumsum([0, *(len(window.here) for window in windows)]).tolist()
    numbers, word_of = np.full(shape, PADDING), np.full(shape, first[-1])
    for k, window in enumerate(windows):
        size = len(window.numbers)
        numbers[k, :size] = window.numbers
        rows = first[k] + np.searchsorted(window.here, window.word_of)
        word_of[k, :size] = np.where(window.word_of >= 0, rows, first[-1])
    read = [(begin, end - 1) for begin, end in pairwise(first) if end > begin]
    return Page(
        numbers=torch.from_numpy(numbers),
        there=torch.from_numpy(numbers != PADDING),
        word_of=torch.from_numpy(word_of.reshape(-1)),
        count=first[-1],
        parts_of_speech=torch.from_numpy(np.concatenate([window.parts_of_speech for window in windows])),
        features=torch.from_numpy(np.concatenate([window.features for window in windows])),
        is_first=_at([begin for begin, _ in read], first[-1]),
        is_last=_at([end for _, end in read], first[-1]),
        tags=torch.from_numpy(np.concatenate([window.tags for window in windows])),
    )


def collate(examples: Sequence[Example]) -> Batch:
    """Lay examples together."""
    page = collate_windows(examples)
    marks = np.zeros(page.numbers.shape, dtype=np.int64)
    first = np.cumsum([0, *(len(example.here) for example in examples)]).tolist()
    for k, example in enumerate(examples):
        marks[k, : len(example.marks)] = example.marks
    known = [{word: first[k] + row for row, word in enumerate(e.here.tolist())} for k, e in enumerate(examples)]
    events = np.cumsum([0, *(len(e.events) for e in examples)]).tolist()
    mentions = np.cumsum([0, *(len(e.mentions) for e in examples)]).tolist()
    pairs, cells = [np.zeros((5, 0), dtype=np.int64)], 0
    for k, example in enumerate(examples):
        count, entities, _ = example.parts.shape
        own, other = np.mgrid[: len(example.events), : len(example.mentions)].reshape(2, -1)
        cell = cells + own * entities + np.array(example.owned, dtype=np.int64)[other]
        reaches = _reaches(example, own.tolist(), [example.mentions[number] for number in other.tolist()])
        pairs.append(np.stack([events[k] + own, mentions[k] + other, example.gaps.reshape(-1), reaches, cell]))
        cells += count * entities
    return Batch(
        **{part.name: getattr(page, part.name) for part in fields(page)},
        marks=torch.from_numpy(marks),
        asked=_row(known[k][word] for k, e in enumerate(examples) for word in e.words),
        tells=torch.from_numpy(np.concatenate([e.tells for e in examples])),
        anchors=_row(known[k][event.word] for k, e in enumerate(examples) for event in e.events),
        types=_row(event.type for e in examples for event in e.events),
        statuses=torch.from_numpy(np.concatenate([e.statuses for e in examples])),
        mentions=_spans((known[k], span) for k, e in enumerate(examples) for span in e.mentions),
        kinds=_row(kind for e in examples for kind in e.kinds),
        pairs=torch.from_numpy(np.concatenate(pairs, 1)),
        parts=torch.from_numpy(np.concatenate([e.parts.reshape(-1, e.parts.shape[2]) for e in examples])),
        expressions={name: _expressions(examples, known, events, name) for name in PAIRED},
    )


def _expressions(
    examples: Sequence[Example], known: Sequence[dict[int, int]], events: Sequence[int], name: str
) -> tuple[Spans, Tensor, Tensor]:
    found = [(k, example.pairs[name]) for k, example in enumerate(examples)]
    spans = _spans((known[k], span) for k, pairs in found for span in pairs.spans)
    owners = _row(events[k] + event for k, pairs in found for event in pairs.events)
    gaps = _row(gap for _, pairs in found for gap in pairs.gaps)
    reaches = [_reaches(examples[k], pairs.events, pairs.spans) for k, pairs in found]
    targets = torch.from_numpy(np.concatenate([pairs.targets for _, pairs in found]))
    return spans, torch.stack([owners, gaps, torch.from_numpy(np.concatenate(reaches))]), targets


def _reaches(example: Example, events: Sequence[int], spans: Sequence[tuple[int, int]]) -> NDArray[np.intp]:
    """Number how many words each span begins away from its event."""
    words = [example.events[event].word for event in events]
    return number_reaches(np.array([begin for begin, _ in spans], dtype=np.intp) - np.array(words, dtype=np.intp))


def _spans(found: Iterable[tuple[dict[int, int], tuple[int, int]]]) -> Spans:
    words: list[int] = []
    owners: list[int] = []
    count = 0
    for known, span in found:
        rows = [known[word] for word in range(*span) if word in known]
        words += rows
        owners += [count] * len(rows)
        count += 1
    return Spans(_row(words), _row(owners), count)


def _at(rows: Sequence[int], count: int) -> Tensor:
    found = torch.zeros(count + 1, dtype=torch.bool)
    found[list(rows)] = True
    return found[:-1]


def _row(values: Iterable[int]) -> Tensor:
    return torch.tensor(list(values), dtype=torch.long)


def means(vectors: Tensor, owners: Tensor, count: int) -> Tensor:
    """Return the mean of each owner's vectors, zeros for one without, shape (count, width)."""
    sums = vectors.new_zeros(count, vectors.shape[-1]).index_add(0, owners, vectors)
    return sums / torch.bincount(owners, minlength=count).clamp(min=1)[:, None]


def _moved(value: Any, device: torch.device) -> Any:
    if isinstance(value, Tensor):
        return value.to(device, non_blocking=True)
    if isinstance(value, Spans):
        return Spans(value.words.to(device), value.span_of.to(device), value.count)
    if isinstance(value, dict):
        return {name: _moved(part, device) for name, part in value.items()}
    return tuple(_moved(part, device) for part in value) if isinstance(value, tuple) else value
