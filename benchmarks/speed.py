"""How fast it is: `kg --help`, one article, the pipeline's start, words a second, a build, and if it repeats itself.

    python -m benchmarks.speed [FOLDER]

FOLDER holds articles; the samples in `examples/` by default. One process, one core; each time is the median of several.
"""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import date
from functools import partial
from pathlib import Path
from statistics import median

os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

from kg.articles import ReadOptions, read_inputs  # after the environment that numpy reads when it is loaded
from kg.dump import dump
from kg.model import Article
from kg.rdf import to_quads
from kg.store import open_snapshot

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


def measure_build(folder: Path) -> None:
    """Print the time of whole builds with one and with two processes, and whether they give the same bytes."""
    with tempfile.TemporaryDirectory() as name:
        exports = []
        for jobs in ("1", "2"):
            store, target = Path(name, f"store-{jobs}"), Path(name, f"{jobs}.nq")
            started = time.perf_counter()
            kg("build", folder, "--store", store, "--jobs", jobs)
            print(f"kg build --jobs {jobs}      {time.perf_counter() - started:8.2f} s")
            with open_snapshot(store) as snapshot:
                dump(snapshot, target)
            exports.append(target.read_bytes())
        print(f"the same bytes         {'yes' if exports[0] == exports[1] else 'NO':>8}")


def main() -> None:
    """Measure and print."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent.parent / "examples"
    print(f"kg --help              {measure(lambda: kg('--help')):8.2f} s")
    measure_one_article(folder)
    options = ReadOptions(today=date(2025, 1, 1))
    articles = [found for found in read_inputs([str(folder)], options) if isinstance(found, Article)]
    measure_pipeline(articles)
    measure_build(folder)


if __name__ == "__main__":
    main()
