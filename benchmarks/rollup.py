"""How well claims of several articles are put into events: `python -m benchmarks.rollup [FOLDER] [--write]`.

FOLDER holds annotated articles whose events name their `happening`; `training/corpus/cross` by default. Two graphs are
measured: the annotated claims, so that nothing but the roll-up can be wrong, and what the program reads in the texts.
With `--write` the figures go into the model card of the claims.
"""

import argparse
import json
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

from benchmarks.report import make_table, replace_section
from kg.articles import ReadOptions, read_inputs
from kg.claims import MODEL_FOLDER
from kg.evaluation import Predicted, load_gold, score
from kg.evaluation.grouping import b_cubed, count_pairs
from kg.german.gazetteer import load_gazetteer
from kg.model import Article, EntityInArticle, Extraction
from tests.gold import BASE
from tests.gold import load_gold as load_extractions
from tests.gold_store import fill_store

FOLDER = Path(__file__).parent.parent / "training" / "corpus" / "cross"


def with_countries(extraction: Extraction) -> Extraction:
    """Say of annotated persons and places which country they belong to, as linking does."""
    return replace(extraction, entities=tuple(_with_country(item) for item in extraction.entities))


def _with_country(item: EntityInArticle) -> EntityInArticle:
    gazetteer, entity = load_gazetteer(), item.entity
    if entity.country or entity.iso:
        return item
    offices = [position.of for position in item.positions if position.of and position.of.startswith("country/")]
    known = [
        gazetteer.entity(found.key).country for found in gazetteer.lookup(entity.label) if found.type == entity.type
    ]
    country = next(iter([*offices, *(key for key in known if key)]), None)
    return replace(item, entity=replace(entity, country=country))


def read_texts(folder: Path) -> Iterator[Extraction]:
    """Read the articles as the program does, as of their annotated dates."""
    from kg.pipeline import load  # noqa: PLC0415 - seconds that only this needs

    extractor = load()
    for article in read_inputs([str(folder)], ReadOptions(today=date.today())):
        if isinstance(article, Article):
            known = json.loads((folder / f"{article.stem}.gold.json").read_text(encoding="utf-8"))["article"]
            published = date.fromisoformat(known["published"])
            dated = replace(article, published=published, date_basis="given", publisher=known["publisher"])
            yield extractor.extract(dated)


def measure(name: str, extractions: Iterable[Extraction], folder: Path) -> Iterator[tuple[str, ...]]:
    """Yield the figures of one graph: by pairs of claims, and B-cubed."""
    happenings = score(Predicted(fill_store(list(extractions), BASE)), load_gold([folder])).happenings
    for figure, values in (("pairs", count_pairs(happenings).figures()), ("B-cubed", b_cubed(happenings))):
        yield name, figure, *(f"{value:.3f}" for value in values), str(len(happenings))


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path, default=FOLDER)
    parser.add_argument("--write", action="store_true", help="put the figures into the model card")
    options = parser.parse_args()
    folder: Path = options.folder
    rows = [
        *measure("annotated claims", map(with_countries, load_extractions(folder)), folder),
        *measure("claims read in the texts", read_texts(folder), folder),
    ]
    table = make_table(("", "counted by", "P", "R", "F1", "claims"), rows)
    print(table)
    if options.write:
        replace_section("rollup", table, MODEL_FOLDER / "README.md")


if __name__ == "__main__":
    main()
