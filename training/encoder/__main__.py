"""Train the encoder from gold articles: `python -m training.encoder GOLD… --raw TEXT… --base FILE --names FILE`.

GOLD is a folder of STEM.txt + STEM.gold.json, TEXT a file of plain German (`.xz` too). With `--parts`, encoders that
have not seen one part of the gold articles of N each are written to `--out`, a folder for each, for the training of the
claim stages; without, the one that comes with the program.

The pretrained layers are first adapted to German, which takes days without a GPU and minutes with one, and are kept in
`--base`. Then names of each article are found by a network that has not seen it, and kept in `--names`: what is asked
of an article is asked beside such names. Later calls take both files as they are.
"""

import json
import lzma
from collections.abc import Sequence
from pathlib import Path

import click
from spacy.tokens import Doc

from kg import german
from kg.dates import find_times
from kg.encoder import ENCODER_FOLDER
from kg.linking import link_entities
from kg.model import Article
from kg.quantities import find_figures
from kg.reading import Reading
from training.claims.__main__ import make_article
from training.claims.fit import folds
from training.claims.gold import load_annotations, read_gold
from training.encoder.course import Course, begin
from training.encoder.examples import make_examples
from training.encoder.pretrained import load_pretrained
from training.german.corpora import read_gold as read_names
from training.names.forms import Name, find_names, office_words, to_entity_tags
from training.names.scores import NameScore

_FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)
_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command(help=__doc__)
@click.argument("gold", nargs=-1, required=True, type=_FOLDER)
@click.option("--raw", type=_FILE, multiple=True, required=True, help="Texts that the layers are adapted to.")
@click.option("--base", type=click.Path(path_type=Path), required=True, help="Keeps the adapted layers.")
@click.option("--names", type=click.Path(path_type=Path), required=True, help="Keeps cross-validated names.")
@click.option("--parts", type=click.IntRange(min=2), help="Leave each of so many parts out once.")
@click.option("--out", type=click.Path(path_type=Path), default=ENCODER_FOLDER, help="Where the weights go.")
def main(
    *, gold: tuple[Path, ...], raw: tuple[Path, ...], base: Path, names: Path, parts: int | None, out: Path
) -> None:
    """Train and write."""
    source, loaded = load_pretrained(), [item for folder in gold for item in load_annotations(folder)]
    if not base.exists():
        begin(source, base, [text for _, text, _ in loaded], [_read(path) for path in raw], click.echo)
    nlp = german.load()
    known = [make_article(*item) for item in loaded]
    docs = [german.parse(nlp, article) for article in known]
    annotated = [article for folder in gold for article in read_names(folder)]
    offices = office_words(annotated)
    tags = [to_entity_tags(doc, find_names(one, offices)) for doc, one in zip(docs, annotated, strict=True)]
    course = Course(source, base, sorted({token.tag_ for doc in docs for token in doc} - {""}), click.echo)
    if not names.exists():
        found = course.cross_names(docs, tags)
        score = NameScore()
        for doc, one, marked in zip(docs, annotated, found, strict=True):
            score.add(doc, find_names(one, offices), [Name(*name) for name in marked])
        click.echo(f"names: F1 {score.f1():.4f}")
        written = names.with_name(f"{names.name}.part")
        stems = [stem for stem, _, _ in loaded]
        written.write_text(json.dumps(dict(zip(stems, found, strict=True)), ensure_ascii=False), encoding="utf-8")
        written.replace(names)
    readings = _read_named(names, known, docs)
    articles = read_gold(gold, lambda number, *_: readings[number])
    windows = [course.layout.windows(doc, found) for doc, found in zip(docs, tags, strict=True)]
    examples = [make_examples(article, some) for article, some in zip(articles, windows, strict=True)]
    click.echo(f"{len(articles)} articles in {sum(map(len, examples))} windows")
    if parts is None:
        course.teach([example for found in examples for example in found], out)
        return
    for part, (seen, _) in enumerate(folds(len(articles), parts)):
        click.echo(f"without part {part + 1} of {parts}")
        course.teach([example for k in seen for example in examples[k]], out / str(part))


def _read_named(names: Path, articles: Sequence[Article], docs: Sequence[Doc]) -> list[Reading]:
    """Read parsed articles with the names of a file.

    Raises:
        click.ClickException: the file lacks an article.
    """
    found, readings = json.loads(names.read_text(encoding="utf-8")), []
    for article, doc in zip(articles, docs, strict=True):
        if article.stem not in found:
            raise click.ClickException(f"{names} lacks {article.stem}: it is older than the articles. Delete it.")
        ends = found[article.stem]
        spans = (doc.char_span(begin, end, label=kind, alignment_mode="contract") for begin, end, kind in ends)
        doc.ents = tuple(span for span in spans if span is not None)
        times, figures = find_times(doc, article.published), find_figures(doc)
        readings.append(Reading(article, doc, link_entities(doc, article), times, figures))
    return readings


def _read(path: Path) -> str:
    opener = lzma.open if path.suffix == ".xz" else open
    with opener(path, "rt", encoding="utf-8") as file:
        return str(file.read())


if __name__ == "__main__":
    main()
