"""How well claims of several articles are put into events: `python -m benchmarks.rollup [FOLDER]`.

FOLDER holds annotated articles whose events name their `happening`; `training/corpus/cross` by default. Two graphs are
measured: the annotated claims, so that nothing but the roll-up can be wrong, and what the program reads in the texts.
"""

import json
import sys
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

from kg.articles import ReadOptions, read_inputs
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


def measure(name: str, extractions: Iterable[Extraction], folder: Path) -> None:
    """Print the figures of one graph."""
    happenings = score(Predicted(fill_store(list(extractions), BASE)), load_gold([folder])).happenings
    for figure, values in (("pairs", count_pairs(happenings).figures()), ("B-cubed", b_cubed(happenings))):
        print(f"{name:<12}{figure:<9}" + "".join(f"{value:7.3f}" for value in values) + f"   {len(happenings)} claims")


def main() -> None:
    """Measure and print."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER
    print(f"{'':<21}{'P':>7}{'R':>7}{'F1':>7}")
    measure("annotated", map(with_countries, load_extractions(folder)), folder)
    measure("read", read_texts(folder), folder)


if __name__ == "__main__":
    main()
