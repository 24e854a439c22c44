"""How fast texts are read, and with how much memory, beside a pipeline that only splits them into words."""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from statistics import median

from benchmarks.generator.texts import write_texts
from benchmarks.report import describe_machine, make_table
from benchmarks.service import ROOT
from benchmarks.side_by_side.readers import list_readers, read_articles
from benchmarks.side_by_side.stages import measure_stages

ROUNDS = 3
ONE_CORE = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
"""What keeps the libraries from starting threads, as in the program itself."""


def measure_readers(readers: Sequence[str], folder: Path, rounds: int = ROUNDS) -> dict[str, list[dict[str, float]]]:
    """Have each reader read a folder in a process of its own, in turn; return the figures of all rounds."""
    figures: dict[str, list[dict[str, float]]] = {name: [] for name in readers}
    for _ in range(rounds):
        for name in readers:
            command = [sys.executable, "-m", "benchmarks.side_by_side.readers", name, str(folder)]
            done = subprocess.run(command, check=True, cwd=ROOT, env=os.environ | ONE_CORE, capture_output=True)
            figures[name].append(json.loads(done.stdout))
    return figures


def tell_readers(figures: Mapping[str, Sequence[Mapping[str, float]]]) -> str:
    """Return the medians as a table."""
    rows = []
    for name, rounds in figures.items():
        speed = median(each["words"] / each["seconds"] for each in rounds)
        load, memory = (median(each[key] for each in rounds) for key in ("load", "memory"))
        rows.append((name, f"{speed:,.0f}", f"{load:.2f}", f"{memory / 1e6:.0f}"))
    return make_table(("reader", "words a second", "seconds to load", "MB at most"), rows)


def tell_stages(seconds: Mapping[str, float], words: int) -> str:
    """Return each part's time and share as a table."""
    total = sum(seconds.values())
    rows = [(part, f"{1e6 * each / words:.1f}", f"{each / total:.1%}") for part, each in seconds.items()]
    return make_table(("part", "microseconds a word", "share"), [*rows, ("together", f"{1e6 * total / words:.1f}", "")])


def compare_extraction(articles: int) -> str:
    """Measure; return the results as text with tables."""
    from kg.pipeline import load  # noqa: PLC0415 - seconds that only this needs

    readers, lacking = list_readers()
    with tempfile.TemporaryDirectory() as name:
        texts = Path(name, "texts")
        write_texts(texts, articles, seed=1)
        found = read_articles(texts)
        words = sum(len(article.text.split()) for article in found)
        figures = measure_readers(readers, texts)
        extractor = load()
        extractor.extract(found[0])
        seconds = measure_stages(extractor, found, Path(name))
    return "\n\n".join(
        (
            f"{len(found)} made-up articles, {words:,} words, one process, by the time of the processor; "
            f"{describe_machine()}.",
            tell_readers(figures),
            f"Not installed, and so not measured: {', '.join(lacking)}." if lacking else "",
            tell_stages(seconds, words),
        )
    )
