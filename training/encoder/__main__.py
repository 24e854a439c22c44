"""Train the encoder from gold articles: `python -m training.encoder GOLD… --names FILE --raw TEXT… [--parts N]`.

GOLD is a folder of STEM.txt + STEM.gold.json, FILE the names as in `training.claims`, TEXT a file of plain German, of
which the pieces are chosen (`.xz` too). With `--parts`, encoders that have not seen one part of N each are written to
`--out`, a folder for each, for the training of the claim stages; without, the one that comes with the program.
"""

import json
import lzma
import random
from collections.abc import Sequence
from pathlib import Path

import click
import torch
from torch import nn

from kg.encoder import ENCODER_FOLDER
from kg.encoder.pieces import Vocabulary
from training.claims.__main__ import reader
from training.claims.fit import folds
from training.claims.gold import load_annotations, read_gold
from training.encoder.examples import ANSWERS, Example, make_examples
from training.encoder.export import export
from training.encoder.learn import learn
from training.encoder.network import Questions, Transformer
from training.encoder.pretrained import Pretrained, load_pretrained
from training.encoder.vocabulary import choose_pieces, vectors_of

_FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)
_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command(help=__doc__)
@click.argument("gold", nargs=-1, required=True, type=_FOLDER)
@click.option("--names", type=_FILE, required=True, help="Cross-validated names.")
@click.option("--raw", type=_FILE, multiple=True, help="Texts of which the pieces are chosen.")
@click.option("--parts", type=click.IntRange(min=2), help="Leave each of so many parts out once.")
@click.option("--out", type=click.Path(path_type=Path), default=ENCODER_FOLDER, help="Where the weights go.")
def main(gold: tuple[Path, ...], names: Path, raw: tuple[Path, ...], parts: int | None, out: Path) -> None:
    """Train and write."""
    source = load_pretrained()
    articles = read_gold(gold, reader(json.loads(names.read_text(encoding="utf-8"))))
    texts = [*(text for folder in gold for _, text, _ in load_annotations(folder)), *map(_read, raw)]
    kept = choose_pieces(source, texts)
    vocabulary = Vocabulary([source.pieces[k] for k in kept], source.scores[kept].tolist())
    examples = [make_examples(article, vocabulary) for article in articles]
    click.echo(f"{len(articles)} articles in {sum(map(len, examples))} windows, {len(kept)} pieces")
    if parts is None:
        _train(source, kept, [example for found in examples for example in found], out)
        return
    for part, (seen, _) in enumerate(folds(len(articles), parts)):
        click.echo(f"without part {part + 1} of {parts}")
        _train(source, kept, [example for k in seen for example in examples[k]], out / str(part))


def _train(source: Pretrained, kept: Sequence[int], examples: Sequence[Example], out: Path) -> None:
    torch.manual_seed(0)
    random.seed(0)
    vectors = nn.Embedding.from_pretrained(torch.from_numpy(vectors_of(source, kept)))
    transformer, questions = Transformer(source), Questions(source.width, ANSWERS)
    learn((vectors, transformer, questions), examples, click.echo)
    export(out, source, kept, transformer, questions, labels=ANSWERS)


def _read(path: Path) -> str:
    opener = lzma.open if path.suffix == ".xz" else open
    with opener(path, "rt", encoding="utf-8") as file:
        return str(file.read())


if __name__ == "__main__":
    main()
