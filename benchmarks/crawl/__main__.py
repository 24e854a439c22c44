"""The command line of the crawl."""

import gzip
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path

import click

from benchmarks import crawl
from benchmarks.crawl import services, things
from benchmarks.crawl.asking import Ask, Reply, connect
from benchmarks.report import make_table
from benchmarks.service import ROOT, Service
from kg.settings import Settings
from kg.store import base_iri_of

MOST_SHOWN = 20
"""Faults that are printed; the table counts all."""


def crawl_all(ask: Ask, dump: things.Dump, each: int) -> Iterator[tuple[str, str, list[str]]]:
    """Yield for each thing that is checked what it is checked for, its name, and what is wrong with it.

    Args:
        ask: asks the server.
        dump: its whole graph.
        each: how many things of a kind, and patterns of a shape, are asked for at most.
    """
    for kind, iris in dump.things().items():
        for iri in services.spread(iris, each):
            yield f"/id/{kind}/…", iri, list(things.check_thing(ask, dump, iri))
    graphs = sorted({quad.graph_name.value for quad in dump.store if hasattr(quad.graph_name, "value")})
    for iri in services.spread([iri for iri in graphs if iri.startswith(dump.base)], each):
        yield "/graph/…", iri, list(things.check_graph(ask, dump, iri))
    for pattern in services.patterns(dump, min(each, 25)):
        yield f"/fragments {pattern.shape()}", pattern.path(), list(services.check_fragment(ask, dump, pattern))
    for query, claims in services.feeds(dump):
        yield "/feed.atom", query, list(services.check_feed(ask, dump, query, claims))
    for kind, members in services.entities(dump).items():
        for entity in services.spread(members, each):
            yield f"/reconcile {kind}", entity[0], list(services.check_entity(ask, entity))
    yield "/sitemap.xml, /robots.txt", "", list(services.check_sitemap(ask, dump, each))
    yield "/openapi.json", "", list(services.check_description(ask))


def build_examples(folder: Path) -> Path:
    """Build the graph of the sample articles."""
    command = [sys.executable, "-m", "kg.cli", "build", str(ROOT / "examples"), "--store", str(folder)]
    subprocess.run([*command, "--base-iri", Settings().base_iri], check=True, capture_output=True)
    return folder


@click.command(help=crawl.__doc__)
@click.option("--store", type=click.Path(exists=True, path_type=Path), help="Store to serve.")
@click.option("--each", type=click.IntRange(1), default=1_000_000, help="How many things of a kind at most.")
def main(store: Path | None, each: int) -> None:
    """Crawl and print."""
    with tempfile.TemporaryDirectory() as folder:
        path = store or build_examples(Path(folder) / "store")
        service = Service(path, {"CLIENT_PER_SECOND": "0", "PAGES_AHEAD": "0"})
        try:
            service.wait_until_up()
            faults = _report(connect(service.host, service.port), base_iri_of(path) or Settings().base_iri, each)
        finally:
            service.stop()
    sys.exit(1 if faults else 0)


def _report(ask: Ask, base: str, each: int) -> int:
    """Crawl, print what is wrong and how much was asked for; return the number of faults."""
    begun, asked, wrong, requests = time.monotonic(), Counter[str](), Counter[str](), 0

    def counting(method: str, path: str, headers: Mapping[str, str]) -> Reply:
        nonlocal requests
        requests += 1
        return ask(method, path, headers)

    dump = things.Dump(gzip.decompress(ask("GET", "/dump.nq.gz", {}).body), base)
    for name, _, faults in crawl_all(counting, dump, each):
        asked[name] += 1
        wrong[name] += len(faults)
        if wrong.total() <= MOST_SHOWN:
            for fault in faults:
                click.echo(fault, err=True)
    click.echo(
        make_table(("what", "asked for", "wrong"), [(name, str(asked[name]), str(wrong[name])) for name in asked])
    )
    click.echo(f"\n{requests:,} requests in {time.monotonic() - begun:.0f} s, {wrong.total()} faults.")
    return wrong.total()


if __name__ == "__main__":
    main()
