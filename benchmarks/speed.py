"""How fast it is: `kg --help`, one article, the pipeline's start, words a second, a build, and if it repeats itself.

    python -m benchmarks.speed [FOLDER]

FOLDER holds articles; the samples in `examples/` by default. One process, one core; each time is the median of several.
What storing takes is measured by the processor's time, and against reading: the statements of the articles, the derived
graphs, the index of words and the published copy.
"""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from functools import partial
from pathlib import Path
from statistics import median

os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import click

from kg.articles import Input, ReadOptions, list_inputs, read_inputs  # after the environment that numpy reads
from kg.building import build
from kg.dump import dump
from kg.errors import ArticleError
from kg.model import Article
from kg.rdf import to_quads
from kg.rollup import derive
from kg.store import Writer, open_snapshot
from kg.tasks import Built, Task, load_reader, read_task

ROOT = Path(__file__).parent.parent
_ROUNDS = 5
_BASE = "http://localhost:8000/"


def measure(action: Callable[[], object], rounds: int = _ROUNDS) -> float:
    """Return the median time of an action, in seconds."""
    times = []
    for _ in range(rounds):
        started = time.perf_counter()
        action()
        times.append(time.perf_counter() - started)
    return median(times)


def kg(*arguments: str | Path) -> None:
    """Run the command line in a process of its own, compiled as an installed program is."""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    subprocess.run([sys.executable, "-m", "kg.cli", *arguments], check=True, capture_output=True, env=environment)


def measure_one_article(folder: Path) -> None:
    """Print the time of a build of one article from a cold start, and of the same again, when nothing has changed."""
    article = next(iter(sorted(folder.glob("*.txt"))))
    with tempfile.TemporaryDirectory() as name:
        stores = [Path(name, f"store-{number}") for number in range(_ROUNDS)]
        for what in ("one article", "the same, unchanged"):
            seconds = measure(partial(build_in_next, iter(stores), article))
            print(f"{what:<22} {seconds:8.2f} s")


def build_in_next(stores: Iterator[Path], article: Path) -> None:
    """Build an article in the next of some stores."""
    kg("build", article, "--store", next(stores), "--jobs", "1")


def measure_pipeline(articles: list[Article]) -> None:
    """Print the start-up time and the speed of extraction and mapping."""
    started = time.perf_counter()
    from kg.pipeline import load  # noqa: PLC0415 - its import is part of what is timed

    extractor = load()
    print(f"start of the pipeline  {time.perf_counter() - started:8.2f} s")
    words = sum(len(article.text.split()) for article in articles)

    def extract_all() -> None:
        for article in articles:
            to_quads(extractor.extract(article), _BASE)

    extract_all()
    seconds = measure(extract_all, 3)
    print(f"extraction and quads   {words / seconds:8.0f} words/s ({words} words, {len(articles)} articles)")


class Ready:
    """Gives to a build what was read before."""

    def __init__(self, built: Sequence[Built]) -> None:
        self._built = built

    def read(self, tasks: Iterator[Task | ArticleError]) -> Iterator[Built]:
        """Yield it, whatever is to be read."""
        yield from self._built


def measure_storing(folder: Path, options: ReadOptions) -> None:
    """Print what part of the processor's time for reading it takes to store and publish what was read."""
    load_reader("")
    tasks = [Task(item, options, _BASE) for item in list_inputs([str(folder)]) if isinstance(item, Input)]
    started = time.process_time()
    built = [read_task(task) for task in tasks]
    read = time.process_time()
    with tempfile.TemporaryDirectory() as name, Writer(Path(name, "store"), _BASE, derive) as writer:
        build((), writer, options, Ready(built))
        writer.publish()
    stored = time.process_time()
    print(f"storing, of reading    {100 * (stored - read) / (read - started):8.1f} %")


def measure_build(folder: Path) -> None:
    """Print the time of whole builds with one and with two processes, and whether they give the same bytes."""
    took = []
    with tempfile.TemporaryDirectory() as name:
        exports = []
        for jobs in ("1", "2"):
            store, target = Path(name, f"store-{jobs}"), Path(name, f"{jobs}.nq")
            started = time.perf_counter()
            kg("build", folder, "--store", store, "--jobs", jobs)
            took.append(time.perf_counter() - started)
            print(f"kg build --jobs {jobs}      {took[-1]:8.2f} s")
            with open_snapshot(store) as snapshot:
                dump(snapshot, target)
            exports.append(target.read_bytes())
        print(f"times as fast with two {took[0] / took[1]:8.2f}")
        print(f"the same bytes         {'yes' if exports[0] == exports[1] else 'NO':>8}")


@click.command()
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path), default=ROOT / "examples")
def main(folder: Path) -> None:
    """Measure how fast the articles of FOLDER are read and stored, and print it."""
    if not any(folder.glob("*.txt")):
        raise click.ClickException(f"{folder} has no articles. Give a folder with .txt files.")
    print(f"kg --help              {measure(lambda: kg('--help')):8.2f} s")
    measure_one_article(folder)
    options = ReadOptions(today=date(2025, 1, 1))
    articles = [found for found in read_inputs([str(folder)], options) if isinstance(found, Article)]
    measure_pipeline(articles)
    measure_storing(folder, options)
    measure_build(folder)


if __name__ == "__main__":
    main()
