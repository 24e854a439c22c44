"""What encoders of one vocabulary learn, from the adapted layers on."""

import random
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np
import torch
from spacy.tokens import Doc
from torch import nn

from kg.encoder.pieces import Vocabulary
from kg.german import is_noise
from kg.recogniser import likeliest_names
from training.claims.fit import folds
from training.encoder.adapt import adapt
from training.encoder.batches import collate_windows
from training.encoder.examples import ANSWERS, Example
from training.encoder.export import export
from training.encoder.learn import Network, learn, loss_of_claims, loss_of_names
from training.encoder.network import Known, Names, Questions, Transformer
from training.encoder.pretrained import Blocks, Pretrained
from training.encoder.vocabulary import choose_pieces, vectors_of
from training.encoder.windows import Layouter, Window

NAME_FOLDS = 5
_RATE, _NAME_RATE = 7e-4, 2e-4
"""At which pretrained layers learn everything, and names alone."""
_GOLD_OFTEN = 8
"""How often the articles are read for each time that the other texts are, as they are few."""

FoundName = tuple[int, int, str]
"""Begin, end and class, in code points."""


def begin(source: Pretrained, base: Path, gold: Sequence[str], raw: Sequence[str], tell: Callable[[str], None]) -> None:
    """Choose pieces, adapt their vectors and the layers to texts, and keep them in `base`."""
    kept = choose_pieces(source, [*gold, *raw])
    vocabulary = _vocabulary(source, kept)
    numbers = [np.array([piece.number for text in some for piece in vocabulary.split(text)]) for some in (raw, gold)]
    torch.manual_seed(0)
    vectors = nn.Embedding.from_pretrained(torch.from_numpy(vectors_of(source, kept)), freeze=False).to(_device())
    transformer = Transformer(source).to(_device())
    pieces = [source.pieces[k] for k in kept]
    adapt(vectors, transformer, pieces, np.concatenate([numbers[0], np.tile(numbers[1], _GOLD_OFTEN)]), tell)
    packed = Blocks.of(vectors.weight.detach().cpu().numpy().ravel()).numbers()
    base.parent.mkdir(parents=True, exist_ok=True)
    written = base.with_name(f"{base.name}.part")
    torch.save({"kept": kept, "vectors": torch.from_numpy(packed), "layers": transformer.state_dict()}, written)
    written.replace(base)


class Course:
    """Lets networks learn; all begin with what `begin` has kept."""

    def __init__(self, source: Pretrained, base: Path, parts: Sequence[str], tell: Callable[[str], None]) -> None:
        """Take the tagger's parts of speech, which are numbered from 1 on, and what is told of how it goes."""
        self._source = source
        self._base = torch.load(base, map_location="cpu", weights_only=True)
        self._parts = ["", *parts]
        self._tell = tell
        numbers = {part: number for number, part in enumerate(self._parts) if number}
        self.layout = Layouter(_vocabulary(source, self._base["kept"]), numbers)

    def cross_names(self, docs: Sequence[Doc], tags: Sequence[Sequence[str]]) -> list[list[FoundName]]:
        """Return the names of each parsed article, found by a network that has learnt from the others' tags."""
        windows = [self.layout.windows(doc, known) for doc, known in zip(docs, tags, strict=True)]
        found: dict[int, list[FoundName]] = {}
        for part, (seen, unseen) in enumerate(folds(len(docs), NAME_FOLDS)):
            self._tell(f"names without part {part + 1} of {NAME_FOLDS}")
            network = self._begin()
            learn(network, [window for k in seen for window in windows[k]], _NAME_RATE, loss_of_names, self._tell)
            found.update({k: list(_find_names(network, docs[k], windows[k])) for k in unseen})
        return [found[k] for k in range(len(docs))]

    def teach(self, examples: Sequence[Example], out: Path) -> None:
        """Let a network learn everything, and write it."""
        network = self._begin()
        learn(network, examples, _RATE, loss_of_claims, self._tell)
        kept = self._base["kept"]
        pieces, scores = [self._source.pieces[k] for k in kept], [float(score) for score in self._source.scores[kept]]
        export(out, pieces, scores, network.to(torch.device("cpu")), {**ANSWERS, "parts": self._parts})

    def _begin(self) -> Network:
        torch.manual_seed(0)
        random.seed(0)
        width, parts = self._source.width, len(self._parts)
        transformer = Transformer(self._source)
        transformer.load_state_dict(self._base["layers"])
        vectors = nn.Embedding.from_pretrained(self._base["vectors"].view(len(self._base["kept"]), -1))
        known, names = Known(width, parts), Names(width, parts)
        return Network(vectors, transformer, known, names, Questions(width, ANSWERS)).to(_device())


def _find_names(network: Network, doc: Doc, windows: Sequence[Window]) -> Iterator[FoundName]:
    """Yield the names of an article, none in noise, as `kg.recogniser` does."""
    read, odds = [np.zeros(0, dtype=np.int64)], []
    for window in windows:
        with torch.no_grad():
            _, said = network.read(collate_windows([window]).to(network.device))
        read.append(window.here[window.is_fresh])
        odds.append(said.float().log_softmax(1).cpu().numpy()[window.is_fresh])
    if odds:
        for begin, end, kind in likeliest_names(doc, np.concatenate(read), np.concatenate(odds)):
            span = doc[begin:end]
            if not is_noise(span):
                yield span.start_char, span.end_char, kind


def _vocabulary(source: Pretrained, kept: Sequence[int]) -> Vocabulary:
    return Vocabulary([source.pieces[k] for k in kept], source.scores[list(kept)].tolist())


def _device() -> torch.device:
    return torch.device("cuda" if torch.cuda.is_available() else "cpu")
