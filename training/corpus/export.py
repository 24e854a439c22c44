"""Write the corpus as JSON lines, one article a line: `python -m training.corpus.export [--split dev] [-o FILE]`.

A line is the annotation with `id`, `split`, `kind`, `text` and, in each event, `evidence_span`: the offsets of the
evidence in the text, in characters. `training.corpus.load.from_record` reads it.
"""

import json
from typing import TextIO

import click

from training.corpus.load import SPLITS, load_corpus, to_record


@click.command(help=__doc__)
@click.option("--split", "splits", type=click.Choice(SPLITS), multiple=True, help="Only this part; may be repeated.")
@click.option("-o", "--output", type=click.File("w", encoding="utf-8"), default="-", help="Standard output by default.")
def main(splits: tuple[str, ...], output: TextIO) -> None:
    """Write the lines, by split and stem."""
    for article in load_corpus(splits or SPLITS):
        output.write(json.dumps(to_record(article), ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
