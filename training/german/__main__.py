"""Trains the German pipeline: `python -m training.german --shared DIR`; `--help` tells the rest."""

import logging
import shutil
from pathlib import Path

import click

from training.german.card import write_card
from training.german.recipe import Recipe

ROOT = Path(__file__).parents[2]
ARTICLES = ROOT / "training" / "corpus" / "train"


@click.command()
@click.option("--shared", type=click.Path(path_type=Path, exists=True), required=True, help="Has corpora/.")
@click.option("--articles", type=click.Path(path_type=Path, exists=True), default=ARTICLES, help="Annotated articles.")
@click.option("--cache", type=click.Path(path_type=Path), default=ROOT / "training" / "cache", help="Checkpoints.")
@click.option("--model", type=click.Path(path_type=Path), default=ROOT / "kg" / "data" / "model", help="Result.")
@click.option("--fresh", is_flag=True, help="Drop the checkpoints first.")
def main(*, shared: Path, articles: Path, cache: Path, model: Path, fresh: bool) -> None:
    """Train the German pipeline from the corpora and the articles and write it with its model card.

    On one core it takes a quarter of an hour; a run that was stopped goes on from its last checkpoint.
    """
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    cache /= "german"
    if fresh and cache.exists():
        shutil.rmtree(cache)
    recipe = Recipe(shared / "corpora", articles, cache)
    nlp = recipe.assemble(model)
    write_card(model / "README.md", recipe.figures(nlp), recipe.facts())


if __name__ == "__main__":
    main()
