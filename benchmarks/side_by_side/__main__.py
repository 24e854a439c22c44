"""This program and its peers, side by side in one run.

    python -m benchmarks.side_by_side [serving] [reading] [--write] [--store FOLDER] …

All servers load the same graph and are asked the same questions in turn; then texts are read. The tables are printed;
`--write` puts them and their plot into docs/benchmarks.md.
"""

import tempfile
from pathlib import Path

import click

from benchmarks.report import IMAGES, replace_section
from benchmarks.side_by_side.engines import OURS, list_engines
from benchmarks.side_by_side.extraction import compare_extraction
from benchmarks.side_by_side.graphs import dump_graph, make_graph
from benchmarks.side_by_side.questions import choose_entities, make_questions
from benchmarks.side_by_side.serving import Served, measure_serving
from benchmarks.side_by_side.telling import tell_serving
from kg.store import open_snapshot

KINDS = ("serving", "reading")
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


@click.command(help=__doc__.splitlines()[0])
@click.argument("what", nargs=-1, type=click.Choice(KINDS))
@click.option("--store", type=click.Path(path_type=Path, exists=True), help="A store whose graph is served.")
@click.option("--rounds", type=click.IntRange(3), default=300, show_default=True, help="Of the quick questions.")
@click.option("--articles", type=click.IntRange(1), default=100, show_default=True, help="Texts that are read.")
@click.option("--write", is_flag=True, help="Put the results into docs/benchmarks.md.")
def main(*, what: tuple[str, ...], store: Path | None, rounds: int, articles: int, write: bool) -> None:
    """Measure, print and perhaps write."""
    if "serving" in (what or KINDS):
        about, served = compare_serving(store, rounds)
        _hand_over("serving", tell_serving(about, served), write=write)
        if write:
            plot_serving(served)
    if "reading" in (what or KINDS):
        _hand_over("reading", compare_extraction(articles), write=write)


def _hand_over(name: str, text: str, *, write: bool) -> None:
    click.echo(f"{text}\n")
    if write:
        replace_section(name, text)


if __name__ == "__main__":
    main()
