"""What reads texts, each in a process of its own: `python -m benchmarks.side_by_side.readers NAME FOLDER`.

Prints a line of JSON: words, seconds to load and to read, and the most memory in bytes that the process took. Seconds
are those of the processor, which other work on the machine hardly changes.
"""

import json
import sys
import time
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Final

import spacy

from kg.articles import ReadOptions, read_inputs
from kg.model import Article

OURS: Final = "Lagebild"
BLANK: Final = "blank spaCy pipeline"
OFFICIAL: Final = ("de_core_news_sm", "de_core_news_md", "de_core_news_lg", "de_dep_news_trf")
"""The German models that spaCy's makers publish."""
BASE: Final = "http://localhost:8000/"


def list_readers() -> tuple[list[str], list[str]]:
    """Return what can read on this machine, and the official models that it lacks."""
    there = [name for name in OFFICIAL if spacy.util.is_package(name)]
    return [OURS, BLANK, *there], [name for name in OFFICIAL if name not in there]


def load_reader(name: str) -> Callable[[Article], object]:
    """Return what reads an article by this name."""
    if name == OURS:
        from kg.pipeline import load  # noqa: PLC0415 - its import is part of what is timed
        from kg.rdf import to_quads  # noqa: PLC0415 - as above

        extractor = load()
        return lambda article: list(to_quads(extractor.extract(article), BASE))
    if name == BLANK:
        nlp = spacy.blank("de")
        nlp.add_pipe("sentencizer")
    else:
        nlp = spacy.load(name)
    return lambda article: nlp(article.text)


def read_articles(folder: Path) -> list[Article]:
    """Return the articles of a folder."""
    options = ReadOptions(today=date(2025, 1, 1))
    return [found for found in read_inputs([str(folder)], options) if isinstance(found, Article)]


def measure_peak() -> int:
    """Return the most bytes of memory that this process has had at once (proc(5), VmHWM).

    What getrusage(2) says counts those of the process that started this one.
    """
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return 1024 * int(status.partition("VmHWM:")[2].split()[0])


def main(arguments: Sequence[str]) -> None:
    """Read and print."""
    name, folder = arguments
    articles = read_articles(Path(folder))
    begin = time.process_time()
    read = load_reader(name)
    loaded = time.process_time()
    for article in articles:
        read(article)
    figures = {
        "words": sum(len(article.text.split()) for article in articles),
        "load": loaded - begin,
        "seconds": time.process_time() - loaded,
        "memory": measure_peak(),
    }
    print(json.dumps(figures))


if __name__ == "__main__":
    main(sys.argv[1:])
