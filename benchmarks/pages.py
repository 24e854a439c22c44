"""What pages cost beside the hello of a Flask view under the same server.

    python -m benchmarks.pages [--articles N] [--hub CLAIMS]

A graph of made-up news is served, one of whose entities has very many claims. A client over one connection asks for a
page of each type and for the hello in turn: pages that are kept ready, as for all but the first who look at them; pages
that are made anew, which are asked for with a parameter that the cache has not met; and pages some seconds after the
graph has changed, each asked for once after each of a few changes. `--write` puts the table into docs/benchmarks.md.
"""

import gzip
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from statistics import median
from typing import Final
from urllib.parse import quote

import click

from benchmarks.generator.news import Plan
from benchmarks.latency import start_hello
from benchmarks.line import Line
from benchmarks.report import describe_machine, make_table, replace_section
from benchmarks.search import fill_store
from benchmarks.service import Service
from kg.fulltext.activity import Activity
from kg.fulltext.asking import Index, Wanted
from kg.rollup import derive
from kg.settings import Settings
from kg.snapshots import name_snapshot, number_of
from kg.store import Writer

SECONDS: Final = 1.0
"""How long each page is asked for, anew and again."""
MOST_ROUNDS: Final = 300
CHANGES: Final = 3
"""How often the graph is changed."""
HEADER: Final = ("page", "kept ready", "of hello", "after a change", "of hello", "made anew", "slowest", "gzipped")


def list_pages(path: Path) -> Iterator[tuple[str, str]]:
    """Yield a page of each type by name: entities by how much is told of them."""
    index, snapshot, base = Index(path), number_of(name_snapshot(path)), Settings().base_iri
    yield from (("front", "/"), ("about", "/about"), ("by time", "/browse/time"), ("movements", "/movements"))
    yield from (("events", "/events"), ("events of a type", "/events?type=Deployment"), ("articles", "/articles"))
    yield from (("people", "/browse/people"), ("search", f"/search?q={quote('soldaten 1500')}"))
    weighed = [
        (sum(group.claims for group in Activity(index, snapshot, hit.iri).groups()), hit.iri)
        for hit in index.find("entity", Wanted(), snapshot, 200)
    ]
    (most, hub), (some, entity) = max(weighed), sorted(weighed)[len(weighed) // 2]
    yield f"entity, {most:,} claims", path_of(hub, base)
    yield f"entity, {some:,} claims", path_of(entity, base)
    yield from (
        (kind, path_of(index.find(kind, Wanted(), snapshot, 1)[0].iri, base)) for kind in ("event", "claim", "article")
    )


def find_oldest(path: Path) -> str:
    """Return the stem of an article of the first day, on which none of the pages rests."""
    index, snapshot = Index(path), number_of(name_snapshot(path))
    articles = index.count(Wanted(), snapshot)["article"]
    return index.find("article", Wanted(), snapshot, 1, articles - 1)[0].iri.rpartition("/")[2]


def path_of(iri: str, base: str) -> str:
    """Return the address of a thing's page."""
    return quote(f"/page/{iri.removeprefix(f'{base}id/')}")


def measure(path: Path, seconds: float) -> list[Sequence[str]]:
    """Return the rows of the table for a store; `seconds` pass between a change and the first view after it."""
    service = Service(path, {"CLIENT_PER_SECOND": "0"})
    hello, port = start_hello("Flask")
    try:
        service.wait_until_up()
        pages = list(list_pages(path))
        line, bare = Line(service.port, "text/html"), Line(port)
        asked = {name: _measure_page(address, line, bare) for name, address in pages}
        later = _measure_after_changes(path, pages, seconds, line, bare)
        return [(name, *kept, *later[name], *rest) for name, (kept, rest) in asked.items()]
    finally:
        hello.kill()
        service.stop()


def _measure_page(address: str, line: Line, hello: Line) -> tuple[Sequence[str], Sequence[str]]:
    """Return what a page takes when it is kept, and what it takes to make it, with its size."""
    first = line.take(address)
    kept, bare, anew = list[float](), list[float](), list[float]()
    mark = "&" if "?" in address else "?"
    end = time.perf_counter() + SECONDS
    while time.perf_counter() < end and len(kept) < MOST_ROUNDS:
        kept.append(line.take(address).seconds)
        bare.append(hello.take("/").seconds)
    end = time.perf_counter() + SECONDS
    while time.perf_counter() < end and len(anew) < MOST_ROUNDS:
        anew.append(line.take(f"{address}{mark}n={len(anew)}").seconds)
    times = (f"{1000 * each:.2f} ms" for each in (median(anew), max(*anew, first.seconds)))
    size = f"{len(gzip.compress(first.body)) / 1000:.0f} kB"
    return _beside_hello(kept, bare), (*times, size)


def _measure_after_changes(
    path: Path, pages: Sequence[tuple[str, str]], seconds: float, line: Line, hello: Line
) -> dict[str, Sequence[str]]:
    """Take an article out of the graph a few times; return what each page takes the first time after that."""
    times: dict[str, list[float]] = {name: [] for name, _ in pages}
    bare = list[float]()
    for _ in range(CHANGES):
        with Writer(path, Settings().base_iri, derive) as writer:
            writer.remove_article(find_oldest(path))
            writer.publish()
        time.sleep(seconds)
        for name, address in pages:
            bare.append(hello.take("/").seconds)
            times[name].append(line.take(address).seconds)
    return {name: _beside_hello(taken, bare) for name, taken in times.items()}


def _beside_hello(times: Sequence[float], hello: Sequence[float]) -> Sequence[str]:
    return f"{1000 * median(times):.2f} ms", f"{median(times) / median(hello):.2f}"


@click.command(help=__doc__)
@click.option("--articles", type=click.IntRange(10), default=10_000, help="Size of the graph.")
@click.option("--hub", type=click.IntRange(0), default=20_000, help="Claims of the entity that has most.")
@click.option("--seconds", type=click.FloatRange(0), default=20.0, help="Between a change and the next view.")
@click.option("--write", is_flag=True, help="Put the table into docs/benchmarks.md.")
def main(articles: int, hub: int, seconds: float, *, write: bool) -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as folder:
        fill_store(Path(folder) / "store", Plan(articles, 1, hub or None))
        rows = measure(Path(folder) / "store", seconds)
    head = f"{articles:,} articles; medians; {seconds:g} s after a change."
    table = f"{head}\n\n{make_table(HEADER, rows)}\n\n{describe_machine()}."
    click.echo(table)
    if write:
        replace_section("pages", table)


if __name__ == "__main__":
    sys.exit(main())
