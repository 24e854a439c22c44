"""Train the recogniser of names: `python -m training.names GOLD… [--cross-names FILE]`.

GOLD is a folder of STEM.txt + STEM.gold.json. The recogniser begins with the first layers of the encoder that comes
with the program and is written to kg/data/names with its card. With `--cross-names`, the names that recognisers find in
articles that they have not seen go to FILE, for the training of the encoder and of the claim stages, and their figures
into the card. What recognisers of a cross-validation have learnt is kept in `--cache`; a run that was stopped goes on
from there; `--fresh` begins anew, as it has to when the articles or the encoder have changed.
"""

import json
import random
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import click
import numpy as np
import torch
import zstandard
from spacy.tokens import Doc

from kg import german
from kg.arrays import write_arrays
from kg.articles import find_noise
from kg.encoder import ENCODER_FOLDER, load_encoder
from kg.model import Article
from kg.recogniser import LAYERS, RECOGNISER_FOLDER, load_recogniser
from training.claims.fit import folds
from training.encoder.graph import read_weights, to_onnx
from training.encoder.network import Transformer
from training.encoder.pretrained import load_pretrained
from training.german.corpora import GoldArticle, read_gold
from training.names.card import format_card
from training.names.examples import make_examples
from training.names.forms import Name, find_names, office_words, to_entity_tags
from training.names.learn import learn
from training.names.network import Network
from training.names.scores import NameScore

ROOT = Path(__file__).parents[2]
FOLDS = 5
_FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)
_LEVEL = 19
"""Of packing: unpacking is as quick at any level."""


@click.command(help=__doc__)
@click.argument("gold", nargs=-1, required=True, type=_FOLDER)
@click.option("--cross-names", type=click.Path(path_type=Path), help="Where names of the cross-validation go.")
@click.option("--cache", type=click.Path(path_type=Path), default=ROOT / "training" / "cache", help="Checkpoints.")
@click.option("--fresh", is_flag=True, help="Drop the checkpoints first.")
@click.option("--out", type=click.Path(path_type=Path), default=RECOGNISER_FOLDER, help="Where the weights go.")
def main(*, gold: tuple[Path, ...], cross_names: Path | None, cache: Path, fresh: bool, out: Path) -> None:
    """Train, measure and write."""
    if fresh:
        shutil.rmtree(cache / "names", ignore_errors=True)
    course = Course([article for folder in gold for article in read_gold(folder)], cache / "names")
    course.learn(range(len(course.articles)), out)
    score = None
    if cross_names:
        score, found = course.cross_validate()
        cross_names.write_text(json.dumps(found, ensure_ascii=False), encoding="utf-8")
    (out / "README.md").write_text(format_card(len(course.articles), FOLDS, score), encoding="utf-8")


@dataclass(frozen=True, slots=True)
class Course:
    """What is learnt from, and where recognisers that have learnt are kept."""

    articles: Sequence[GoldArticle]
    cache: Path

    def learn(self, seen: Sequence[int], out: Path) -> None:
        """Let a recogniser learn from some of the articles, by number, and write it to `out`."""
        encoder, docs = load_encoder(), [_parse(self.articles[number]) for number in seen]
        offices = office_words(self.articles)
        parts = ("", *sorted({token.tag_ for doc in docs for token in doc} - {""}))
        examples = []
        for number, doc in zip(seen, docs, strict=True):
            tags = to_entity_tags(doc, find_names(self.articles[number], offices))
            examples += make_examples(encoder, doc, tags, parts)
        click.echo(f"{len(docs)} articles in {len(examples)} windows")
        torch.manual_seed(0)
        random.seed(0)
        network = Network(_begin(), len(parts)).to(_device())
        learn(network, examples, click.echo)
        export(network.to(torch.device("cpu")), parts, out)

    def cross_validate(self) -> tuple[NameScore, dict[str, list[tuple[int, int, str]]]]:
        """Have each article read by a recogniser that has not seen it; return the figures and the names found."""
        score, found = NameScore(), dict[str, list[tuple[int, int, str]]]()
        offices, encoder = office_words(self.articles), load_encoder()
        for number, (seen, unseen) in enumerate(folds(len(self.articles), FOLDS)):
            folder = self.cache / str(number)
            if not folder.exists():
                self.learn(seen, folder.with_suffix(".part"))
                folder.with_suffix(".part").rename(folder)
            recogniser = load_recogniser(encoder, folder)
            for article in (self.articles[k] for k in unseen):
                doc = _parse(article)
                spans = recogniser.find(doc)
                names = [Name(span.start_char, span.end_char, span.label_) for span in spans]
                score.add(doc, find_names(article, offices), names)
                found[article.stem] = [(name.begin, name.end, name.type) for name in names]
            click.echo(f"part {number + 1} of {FOLDS}: F1 {score.f1():.4f} so far")
        return score, dict(sorted(found.items()))


def export(network: Network, parts: Sequence[str], folder: Path) -> None:
    """Write the recogniser as `kg.recogniser` reads it: its layers in eight bits, the rest as arrays."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "network.onnx.zst").write_bytes(zstandard.compress(to_onnx(network.transformer), _LEVEL))
    layers = {
        name.removesuffix(".weight") if name in {"part.weight", "sort.weight"} else name: value.detach().numpy()
        for name, value in network.named_parameters()
        if not name.startswith("transformer.")
    }
    arrays = {name: value.astype(np.float16) for name, value in layers.items()}
    write_arrays(folder / "weights.npz", {"parts": list(parts), "layers": sorted(layers)}, **arrays)


def _parse(article: GoldArticle) -> Doc:
    text, title = article.text, article.text.split("\n", maxsplit=1)[0]
    day = date.fromisoformat(article.published)
    return german.parse(german.load(), Article(article.stem, text, title, day, "given", noise=find_noise(text)))


def _begin() -> Transformer:
    """Return the first layers of the encoder that comes with the program."""
    transformer = Transformer(load_pretrained(), LAYERS)
    kept = read_weights(zstandard.decompress((ENCODER_FOLDER / "network.onnx.zst").read_bytes()))
    lacking, _ = transformer.load_state_dict(kept, strict=False)
    if set(lacking) != {"positions", "marks.weight"}:  # these two the encoder adds
        raise ValueError(f"the encoder lacks {lacking}")
    return transformer


def _device() -> torch.device:
    return torch.device("cuda" if torch.cuda.is_available() else "cpu")


if __name__ == "__main__":
    main()
