"""How the search grows with the graph: `python -m benchmarks.search [--articles N]… [--write]`.

For graphs of some sizes it measures the index of words: how large it is, how long it takes to make it anew and to
follow the removal of one article, and how long questions take, each asked of the index as a page asks it. `--write`
puts the table into docs/search.md.
"""

import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Final

import click
import pyoxigraph as ox

from benchmarks.generator.graph import GraphWriter
from benchmarks.generator.news import Newsroom, Plan
from benchmarks.report import describe_machine, make_table, replace_section
from benchmarks.service import ROOT
from kg.fulltext.asking import Index, Wanted
from kg.fulltext.database import FILE, discard
from kg.fulltext.documents import KINDS
from kg.loading import load
from kg.rollup import derive
from kg.settings import Settings
from kg.snapshots import name_snapshot, number_of
from kg.store import Writer, open_snapshot

PAGE: Final = ROOT / "docs" / "search.md"
SECONDS: Final = 0.25
"""How long one question is asked again and again."""
MOST_TURNS: Final = 200
HEADER: Final = ("articles", "documents", "index", "made anew", "one article less", *("p50", "p95"), "longest p95")


def fill_store(path: Path, plan: Plan) -> None:
    """Fill a store with made-up news."""
    base = Settings().base_iri
    source = path.with_suffix(".nq")
    ox.serialize(GraphWriter(base).quads(Newsroom(plan)), str(source), format=ox.RdfFormat.N_QUADS)
    load(path, source, derived=True)
    source.unlink()


def questions(index: Index, snapshot: int) -> Iterator[tuple[str, Callable[[], object]]]:
    """Yield what people look for: rare and common names, words, parts of words, figures, choices, nothing at all."""
    often, *_, seldom = index.find("entity", Wanted(), snapshot, 200)
    wanted = [
        *(Wanted(often.german), Wanted(seldom.german), Wanted(f"{often.german} 10000"), Wanted("soldaten 1500")),
        *(Wanted("a"), Wanted("angriff"), Wanted("der die das"), Wanted(country="DE"), Wanted(type="Deployment")),
        Wanted(status="denied", since="2024-01-01", until="2024-03-31"),
    ]
    for each in wanted:
        name = " ".join(filter(None, each))
        yield f"count {name}", partial(index.count, each, snapshot)
        yield f"facets {name}", partial(index.facets, "claim", each, snapshot)
        for kind in KINDS:
            yield f"{kind} {name}", partial(index.find, kind, each, snapshot, 20)
    for name in ("a", often.german[:4], seldom.german):
        yield f"offers {name}", partial(index.find, "entity", Wanted(name), snapshot, 8)
        yield f"alike {name}", partial(index.called, f"{name}x", ["Person", "Country"], snapshot)


def time_question(ask: Callable[[], object]) -> list[float]:
    """Return how long a question takes, in milliseconds, asked again and again."""
    times: list[float] = []
    end = time.perf_counter() + SECONDS
    while time.perf_counter() < end and len(times) < MOST_TURNS:
        begun = time.perf_counter()
        ask()
        times.append((time.perf_counter() - begun) * 1000)
    return times


def measure(articles: int, folder: Path) -> Sequence[str]:
    """Return a row of the table for a graph of this size, and print each question."""
    path = folder / str(articles)
    fill_store(path, Plan(articles, 1))
    writer = Writer(path, Settings().base_iri, derive)
    with writer:
        discard(path)
        anew = _time_publication(writer)
        size = (path / FILE).stat().st_size
        unchanged = _time_publication(writer)
        writer.remove_article(writer.stems()[articles // 2])
        less = _time_publication(writer)
    index, snapshot = Index(path), number_of(name_snapshot(path))
    slowest, together = 0.0, list[float]()
    for name, ask in questions(index, snapshot):
        times = time_question(ask)
        slowest = max(slowest, _p95(times))
        together.append(statistics.median(times))
        click.echo(f"{articles:>9,}  {name:<40.40} {together[-1]:9.2f} ms {_p95(times):9.2f} ms", err=True)
    documents = sum(index.count(Wanted(), snapshot).values())
    with open_snapshot(path) as store:
        click.echo(f"{articles:>9,}  {len(store):,} quads, published unchanged in {unchanged:.2f} s", err=True)
    milliseconds = (statistics.median(together), _p95(together), slowest)
    sizes = (f"{articles:,}", f"{documents:,}", f"{size / 1e6:.0f} MB", f"{anew:.1f} s", f"{less:.2f} s")
    return (*sizes, *(f"{each:.1f} ms" for each in milliseconds))


def _time_publication(writer: Writer) -> float:
    begun = time.perf_counter()
    writer.publish()
    return time.perf_counter() - begun


def _p95(times: Sequence[float]) -> float:
    return sorted(times)[int(0.95 * (len(times) - 1))]


@click.command(help=__doc__)
@click.option("--articles", type=click.IntRange(10), multiple=True, default=(1_000, 10_000), help="Sizes of graphs.")
@click.option("--write", is_flag=True, help="Put the table into docs/search.md.")
def main(articles: tuple[int, ...], *, write: bool) -> None:
    """Measure graphs of all sizes."""
    with tempfile.TemporaryDirectory() as folder:
        rows = [measure(each, Path(folder)) for each in articles]
    table = f"{make_table(HEADER, rows)}\n\n{describe_machine()}."
    click.echo(table)
    if write:
        replace_section("search", table, PAGE)


if __name__ == "__main__":
    sys.exit(main())
