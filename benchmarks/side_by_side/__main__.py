"""This program and its peers, side by side in one run.

    python -m benchmarks.side_by_side [--store FOLDER] [--rounds N] [--articles N] [--write]

All servers load the same graph and are asked the same questions in turn; then texts are read. The tables are printed;
`--write` puts them and their plot into docs/benchmarks.md.
"""

import argparse
import tempfile
from pathlib import Path

from benchmarks.report import IMAGES, replace_section
from benchmarks.side_by_side.engines import OURS, list_engines
from benchmarks.side_by_side.extraction import compare_extraction
from benchmarks.side_by_side.graphs import dump_graph, make_graph
from benchmarks.side_by_side.questions import choose_entities, make_questions
from benchmarks.side_by_side.serving import Served, measure_serving
from benchmarks.side_by_side.telling import tell_serving
from kg.store import open_snapshot

ENTITIES = 300
"""Entities that are asked for."""


def compare_serving(store: Path | None, rounds: int) -> tuple[str, Served]:
    """Measure the servers; return what the graph is, in words, and the figures."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        made = dump_graph(store, folder) if store else make_graph(folder)
        with open_snapshot(made.store) as snapshot:
            entities = choose_entities(snapshot, ENTITIES)
            words = f"{len(snapshot):,} quads in {sum(1 for _ in snapshot.named_graphs()):,} graphs"
        questions = make_questions(entities, rounds)
        served = measure_serving(list_engines(made.store), questions, made.quads, folder)
    return words, served


def plot_serving(served: Served) -> None:
    """Draw the medians."""
    from benchmarks.side_by_side.plots import plot_bars  # noqa: PLC0415 - matplotlib is of the extra `bench`

    panels = {
        question: {engine: 1000 * each.middle for engine, each in times.items() if not each.error}
        for question, times in served.times.items()
    }
    plot_bars(panels, "milliseconds (median), less is better", OURS, IMAGES / "serving.svg")


def main() -> None:
    """Measure, print and perhaps write."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--store", type=Path, help="a store whose graph is served, in place of one that is made")
    parser.add_argument("--articles", type=int, default=100, help="how many texts are read")
    parser.add_argument("--rounds", type=int, default=300, help="how often the quick questions are asked")
    parser.add_argument("--write", action="store_true", help="put the results into docs/benchmarks.md")
    given = parser.parse_args()
    about, served = compare_serving(given.store, given.rounds)
    text, read = tell_serving(about, served), compare_extraction(given.articles)
    print(text, read, sep="\n\n")
    if given.write:
        replace_section("serving", text)
        replace_section("extraction", read)
        plot_serving(served)


if __name__ == "__main__":
    main()
