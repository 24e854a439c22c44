"""Write the tables of README.md from the corpus: `python -m training.corpus.statistics`."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import click

from training.corpus.load import FOLDER, Article, Event, load_corpus
from training.corpus.schema import ENTITY_TYPES, SLOTS, STATUSES

BEGIN, END = "<!-- statistics: begin (python -m training.corpus.statistics) -->", "<!-- statistics: end -->"
FEATURES: dict[str, Callable[[Event], bool]] = {
    "a trigger": lambda event: bool(event.trigger),
    "a time": lambda event: event.time is not None,
    "a figure": lambda event: bool(event.personnel or event.quantity),
    "an open or approximate figure": lambda event: any(
        figure is not None and (figure.approx or figure.low != figure.high)
        for figure in (event.personnel, event.quantity)
    ),
    "a source": lambda event: bool(event.attributed_to),
}


def format_statistics(articles: Sequence[Article]) -> str:
    """Return the tables as Markdown."""
    return "\n\n".join([_by_kind(articles), _by_event_type(articles), _by_feature(articles), _by_entity_type(articles)])


def insert_statistics(page: str, tables: str) -> str:
    """Return a page with the tables between its two marks."""
    head, _, rest = page.partition(BEGIN)
    tail = rest.partition(END)[2]
    return f"{head}{BEGIN}\n{tables}\n{END}{tail}"


def _by_kind(articles: Sequence[Article]) -> str:
    kinds = sorted({(article.split != "train", article.kind) for article in articles})
    groups = [(f"`{kind}`", [article for article in articles if article.kind == kind]) for _, kind in kinds]
    train = [article for article in articles if article.split == "train"]
    rows = [_sizes(name, group) for name, group in [*groups, ("all of `train`", train), ("all", articles)]]
    return _table(("kind", "articles", "without events", "words", "entities", "events", "set in"), rows)


def _sizes(name: str, articles: Sequence[Article]) -> tuple[object, ...]:
    years = [article.published[:4] for article in articles]
    return (
        name,
        len(articles),
        sum(not article.events for article in articles),
        sum(len(article.text.split()) for article in articles),
        sum(len(article.entities) for article in articles),
        sum(len(article.events) for article in articles),
        f"{min(years)} to {max(years)}",
    )


def _by_event_type(articles: Sequence[Article]) -> str:
    events = [(article.split, event) for article in articles for event in article.events]
    splits = Counter((event.type, split) for split, event in events)
    statuses = Counter((event.type, event.status) for _, event in events)
    rows: list[tuple[object, ...]] = [
        (f"`{type_}`", splits[type_, "train"], splits[type_, "dev"], *(statuses[type_, name] for name in STATUSES))
        for type_ in sorted(SLOTS, key=lambda type_: (-splits[type_, "train"], type_))
    ]
    return _table(("event", "train", "dev", *STATUSES), [*rows, _total(rows)])


def _by_feature(articles: Sequence[Article]) -> str:
    events = [(article.split, event) for article in articles for event in article.events]
    rows = [
        (name, *(sum(has(event) for part, event in events if part == split) for split in ("train", "dev")))
        for name, has in FEATURES.items()
    ]
    return _table(("events with", "train", "dev"), rows)


def _by_entity_type(articles: Sequence[Article]) -> str:
    entities = [(article.split, entity) for article in articles for entity in article.entities]
    rows: list[tuple[object, ...]] = []
    for type_ in ENTITY_TYPES:
        group = [(split, entity) for split, entity in entities if entity.type == type_]
        splits = Counter(split for split, _ in group)
        known = sum(entity.wikidata is not None for _, entity in group)
        forms = sum(len(entity.mentions) for _, entity in group)
        rows.append((f"`{type_}`", splits["train"], splits["dev"], known, forms))
    return _table(("entity", "train", "dev", "with a Wikidata item", "surface forms"), [*rows, _total(rows)])


def _total(rows: Iterable[tuple[object, ...]]) -> tuple[object, ...]:
    columns = list(zip(*rows, strict=True))[1:]
    return ("all", *(sum(number for number in column if isinstance(number, int)) for column in columns))


def _table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    cells = [[f"{cell:,}" if isinstance(cell, int) else str(cell) for cell in row] for row in rows]
    rule = ["---", *("---:" for _ in head[1:])]
    return "\n".join(f"| {' | '.join(row)} |" for row in [list(head), rule, *cells])


@click.command(help=__doc__)
@click.option("--readme", type=click.Path(exists=True, dir_okay=False, path_type=Path), default=FOLDER / "README.md")
def main(readme: Path) -> None:
    """Count and write."""
    page = readme.read_text(encoding="utf-8")
    readme.write_text(insert_statistics(page, format_statistics(list(load_corpus()))), encoding="utf-8")


if __name__ == "__main__":
    main()
