"""Train the models of the claim stages: `python -m training.claims GOLD… [--encoders DIR]`.

GOLD is a folder of STEM.txt + STEM.gold.json. DIR has a folder for each encoder that did not see a part of the articles
(see training/encoder): the claim stages have to live with what it finds and says of articles like these, names among
it, so they are trained on that. Without it the bundled encoder reads all, which knows them.
The weights go to kg/data/claims with a card of the figures, by cross-validation and on dev.
"""

import json
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import click

from kg import german, pipeline
from kg.articles import find_noise
from kg.claims import LINEAR_MODELS, MODEL_FOLDER, TREES, ClaimModels, find_claims
from kg.dump import dump
from kg.encoder import Encoder, load_encoder
from kg.evaluation import Scores, format_report, load_gold, load_graph, score
from kg.model import Article, Extraction
from kg.rdf import reference_quads, to_quads
from kg.rollup import derive
from kg.store import Writer, open_snapshot
from training.claims.card import format_card
from training.claims.fit import ROLE_LABELS, Trainer
from training.claims.forked import spread
from training.claims.gold import GoldArticle, Reader, load_annotations, read_gold

BASE = "http://localhost:8000/"
DEV = Path(__file__).parents[1] / "corpus" / "dev"
"""Articles to measure on and never to learn from."""
THRESHOLDS = {
    "trigger": 0.15,
    **{f"role:{label}": 0.35 for label in ROLE_LABELS},
    **dict.fromkeys(("role:addressee", "role:recipient"), 0.3),
    **dict.fromkeys(("role:against", "role:beneficiary", "role:host"), 0.2),
    "figure": 0.4,
    "time": 0.35,
    "source": 0.2,
    "selection": 0.45,
}
"""To the nearest twentieth, chosen by cross-validation, around which the figures are flat; `source` on articles that
came after training (docs/decisions/who-says-so.md).

Of values that do as well, the one with the higher precision is taken, since what is claimed wrongly misleads more than
what is missed. Parts that are seldom annotated have lower ones, as their chances stay low. `trigger` is low, as the
selection has the last word, and no lower for speed.
"""


def reader(encoders: Sequence[Encoder]) -> Reader:
    """Return a function that reads gold articles as the pipeline does.

    Each is read by one of the encoders, by turns: those of `training.encoder --parts` have not learnt from it.
    """
    nlp = german.load()
    return lambda number, *item: pipeline.read(nlp, encoders[number % len(encoders)], make_article(*item))


def make_article(stem: str, text: str, gold: dict[str, Any]) -> Article:
    """Return a gold article as it would come from a file, with the day that the annotation gives."""
    year, month, day = [*(int(part) for part in gold["article"]["published"].split("-")), 1, 1][:3]
    title = text.split("\n", maxsplit=1)[0]
    return Article(stem, text, title, date(year, month, day), "given", noise=find_noise(text))


def load_encoders(folder: Path | None) -> list[Encoder]:
    """Return the encoders of a cross-validation, by the number of the part that each lacks, or else the bundled one.

    Raises:
        click.ClickException: the folder has none.
    """
    if folder is None:
        return [load_encoder()]
    parts = sorted((part for part in folder.iterdir() if part.name.isdecimal()), key=lambda part: int(part.name))
    if not parts:
        raise click.ClickException(f"{folder} has no encoders. Write some with `python -m training.encoder --parts`.")
    return [load_encoder(part) for part in parts]


def measure(
    articles: Sequence[GoldArticle], models: Sequence[ClaimModels], gold: Sequence[Path], jobs: int = 1
) -> Scores:
    """Score what each article's models, which did not see it, find in it; `jobs` processes look for claims.

    `gold` are folders with the annotation of these articles, among others.
    """
    claims = spread(lambda k: find_claims(articles[k].reading, models[k]), len(articles), jobs)
    with TemporaryDirectory() as folder:
        store, dumped = Path(folder) / "store", Path(folder) / "graph.nq"
        with Writer(store, BASE, derive) as writer:
            for article, claimed in zip(articles, claims, strict=True):
                reading = article.reading
                found = Extraction(reading.article, reading.entities, claimed)
                known = [item.entity for item in reading.entities]
                writer.replace_article(article.stem, to_quads(found, BASE), reference_quads(known, BASE))
            writer.publish()
        with open_snapshot(store) as snapshot:
            dump(snapshot, dumped)
        asked = {article.stem for article in articles}
        return score(load_graph(dumped), (article for article in load_gold(gold) if article.stem in asked))


@click.command(help=__doc__)
@click.argument("gold", nargs=-1, required=True, type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option(
    "--encoders", type=click.Path(exists=True, file_okay=False, path_type=Path), help="Cross-validated encoders."
)
@click.option("--out", type=click.Path(path_type=Path), default=MODEL_FOLDER, help="Where the weights go.")
@click.option("--jobs", default=1, help="Processes.")
def main(*, gold: tuple[Path, ...], encoders: Path | None, out: Path, jobs: int) -> None:
    """Train everything and write it."""
    articles = read_gold(gold, reader(load_encoders(encoders)))
    click.echo(f"{len(articles)} articles read")
    trainer = Trainer(articles, THRESHOLDS, jobs)
    crossed = trainer.cross_train()
    click.echo("cross-validated models fitted")
    final = trainer.train()  # before a store is opened: a process that is forked beside its threads may hang
    scores = measure(articles, crossed, gold, jobs)
    click.echo(format_report(scores))
    for name in (*LINEAR_MODELS, *TREES):
        getattr(final, name).save(out / f"{name}.npz")
    (out / "thresholds.json").write_text(json.dumps(THRESHOLDS, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    read = reader([load_encoder()])
    unseen = [GoldArticle(stem, read(0, stem, text, known), ()) for stem, text, known in load_annotations(DEV)]
    dev = measure(unseen, [final] * len(unseen), [DEV])
    (out / "README.md").write_text(format_card(len(articles), scores, dev), encoding="utf-8")
    click.echo(f"weights written to {out}")


if __name__ == "__main__":
    main()
