"""Train the encoder from gold articles: `python -m training.encoder GOLD… --names FILE --raw TEXT…`.

GOLD is a folder of STEM.txt + STEM.gold.json, FILE the names as in `training.claims`, TEXT a file of plain German
(`.xz` too). With `--news DIR`, news without annotation are read as well; such a file begins with the day of
publication. With `--parts`, encoders that have not seen one part of the gold articles of N each are written to `--out`,
a folder for each, for the training of the claim stages; without, the one that comes with the program.

The pretrained layers are first adapted to German, which takes days without a GPU and minutes with one, and are kept in
`--base`, which later calls take as it is. Then teachers learn from the gold articles and say what they find in the
news, if there are any, and their pupil learns from both.
"""

import json
import lzma
import random
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import click
import numpy as np
import torch
from torch import nn

from kg.claims import load_models
from kg.encoder import ENCODER_FOLDER, load_encoder
from kg.encoder.pieces import Vocabulary
from training.claims.__main__ import reader
from training.claims.fit import folds
from training.claims.gold import load_annotations, read_gold
from training.encoder.adapt import adapt
from training.encoder.examples import ANSWERS, Example, make_examples
from training.encoder.export import export
from training.encoder.learn import Network, answer, average, learn
from training.encoder.network import Questions, Transformer
from training.encoder.news import find_events, load_news
from training.encoder.pretrained import Blocks, Pretrained, load_pretrained
from training.encoder.vocabulary import choose_pieces, vectors_of

_FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)
_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_TEACHERS = (6e-4, 8e-4)
"""The rate at which each learns; that they differ makes them better together."""
_PUPIL = 7e-4
_NEWS_OFTEN = 8
"""How often the articles are read for each time that the other texts are, as they are few."""


@click.command(help=__doc__)
@click.argument("gold", nargs=-1, required=True, type=_FOLDER)
@click.option("--names", type=_FILE, required=True, help="Cross-validated names.")
@click.option("--raw", type=_FILE, multiple=True, required=True, help="Texts that the layers are adapted to.")
@click.option("--news", type=_FOLDER, help="News without annotation.")
@click.option("--base", type=click.Path(path_type=Path), required=True, help="Keeps the adapted layers.")
@click.option("--parts", type=click.IntRange(min=2), help="Leave each of so many parts out once.")
@click.option("--out", type=click.Path(path_type=Path), default=ENCODER_FOLDER, help="Where the weights go.")
def main(
    *,
    gold: tuple[Path, ...],
    names: Path,
    raw: tuple[Path, ...],
    news: Path | None,
    base: Path,
    parts: int | None,
    out: Path,
) -> None:
    """Train and write."""
    source = load_pretrained()
    if not base.exists():
        texts = [text for folder in gold for _, text, _ in load_annotations(folder)]
        begin(source, base, texts, [_read(path) for path in raw], [text for _, text, _ in _load_news(news)])
    course = Course(source, base)
    articles = read_gold(gold, reader(json.loads(names.read_text(encoding="utf-8"))))
    examples = [make_examples(article, course.vocabulary) for article in articles]
    asked = course.ask_of(news)
    click.echo(f"{len(articles)} articles in {sum(map(len, examples))} windows, news in {len(asked)}")
    if parts is None:
        course.teach([example for found in examples for example in found], asked, out)
        return
    for part, (seen, _) in enumerate(folds(len(articles), parts)):
        click.echo(f"without part {part + 1} of {parts}")
        course.teach([example for k in seen for example in examples[k]], asked, out / str(part))


def begin(source: Pretrained, base: Path, gold: Sequence[str], raw: Sequence[str], news: Sequence[str]) -> None:
    """Choose pieces, adapt their vectors and the layers to texts, and keep them in `base`."""
    kept = choose_pieces(source, [*gold, *raw, *news])
    vocabulary = _vocabulary(source, kept)
    texts = (raw, [*gold, *news])
    numbers = [np.array([piece.number for text in some for piece in vocabulary.split(text)]) for some in texts]
    torch.manual_seed(0)
    vectors = nn.Embedding.from_pretrained(torch.from_numpy(vectors_of(source, kept)), freeze=False).to(_device())
    transformer = Transformer(source).to(_device())
    pieces = [source.pieces[k] for k in kept]
    adapt(vectors, transformer, pieces, np.concatenate([numbers[0], np.tile(numbers[1], _NEWS_OFTEN)]), click.echo)
    packed = Blocks.of(vectors.weight.detach().cpu().numpy().ravel()).numbers()
    base.parent.mkdir(parents=True, exist_ok=True)
    written = base.with_name(f"{base.name}.part")
    torch.save({"kept": kept, "vectors": torch.from_numpy(packed), "layers": transformer.state_dict()}, written)
    written.replace(base)


class Course:
    """All that encoders of one vocabulary learn; they begin with what `begin` has kept in `base`."""

    def __init__(self, source: Pretrained, base: Path) -> None:
        self._source = source
        self._base = torch.load(base, map_location="cpu")
        self._pieces = [source.pieces[k] for k in self._base["kept"]]
        self._scores = [float(score) for score in source.scores[self._base["kept"]]]
        self.vocabulary = _vocabulary(source, self._base["kept"])

    def ask_of(self, news: Path | None) -> list[Example]:
        """Return what is asked about news; events are asked for where the bundled models find some."""
        read, models, encoder = reader({}), load_models(), load_encoder()
        found = []
        for stem, text, day in _load_news(news):
            reading = read(stem, text, {"article": {"published": date.fromisoformat(day).isoformat()}})
            found += make_examples(find_events(stem, reading, models, encoder), self.vocabulary)
        return found

    def teach(self, gold: Sequence[Example], news: Sequence[Example], out: Path) -> None:
        """Train teachers and their pupil, and write the pupil."""
        teachers = [self._learn(gold, rate, seed) for seed, rate in enumerate(_TEACHERS)]
        teachers.append(average(teachers))
        answered = [answer(teachers, example) for example in news]
        pupil = self._learn([*gold, *answered], _PUPIL, len(_TEACHERS))
        export(out, self._pieces, self._scores, pupil.to(torch.device("cpu")), ANSWERS)

    def _learn(self, examples: Sequence[Example], rate: float, seed: int) -> Network:
        """Return a network that has learnt; all begin alike, so that their weights can be averaged."""
        torch.manual_seed(0)
        transformer = Transformer(self._source)
        transformer.load_state_dict(self._base["layers"])
        vectors = nn.Embedding.from_pretrained(self._base["vectors"].view(len(self._pieces), -1))
        network = Network(vectors, transformer, Questions(self._source.width, ANSWERS)).to(_device())
        torch.manual_seed(seed)
        random.seed(seed)
        learn(network, examples, rate, click.echo)
        return network


def _vocabulary(source: Pretrained, kept: Sequence[int]) -> Vocabulary:
    return Vocabulary([source.pieces[k] for k in kept], source.scores[list(kept)].tolist())


def _load_news(folder: Path | None) -> list[tuple[str, str, str]]:
    return load_news(folder) if folder else []


def _device() -> torch.device:
    return torch.device("cuda" if torch.cuda.is_available() else "cpu")


def _read(path: Path) -> str:
    opener = lzma.open if path.suffix == ".xz" else open
    with opener(path, "rt", encoding="utf-8") as file:
        return str(file.read())


if __name__ == "__main__":
    main()
