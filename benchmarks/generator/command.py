"""The command line of the generator."""

import gzip
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, cast

import click
import pyoxigraph as ox

from benchmarks import generator
from benchmarks.generator.graph import GraphWriter
from benchmarks.generator.news import MOST_CLAIMS, Newsroom, Plan
from benchmarks.generator.texts import write_texts
from kg.cli.build import check_base_iri
from kg.settings import Settings


@click.command(help=generator.__doc__)
@click.argument("out", type=click.Path(path_type=Path))
@click.option("--articles", type=click.IntRange(1), default=1000, show_default=True, help="How many articles.")
@click.option("--seed", type=int, default=1, show_default=True, help="Another seed gives other news.")
@click.option("--texts", is_flag=True, help="Write texts to read into the folder OUT, and no graph.")
@click.option("--hub-claims", type=click.IntRange(0), help="Claims that name the state that is named most.")
@click.option("--base-iri", default=Settings().base_iri, show_default=True, help="Base of the data's IRIs.")
def main(out: Path, *, articles: int, seed: int, texts: bool, hub_claims: int | None, base_iri: str) -> None:
    """Write a graph as N-Quads to the file OUT (.nq, .nq.gz or - for the standard output), or texts into a folder."""
    if texts:
        write_texts(out, articles, seed)
        return
    if hub_claims is not None and hub_claims > MOST_CLAIMS * articles // 2:
        raise click.BadParameter(f"{hub_claims} are too many for {articles} articles.", param_hint="--hub-claims")
    newsroom = Newsroom(Plan(articles, seed, hub_claims))
    with _opened(out) as file:
        quads = GraphWriter(check_base_iri(base_iri)).quads(newsroom)
        ox.serialize(quads, file, format=ox.RdfFormat.N_QUADS)
    click.echo(f"{articles} articles, {newsroom.hub_claims} claims about the hub.", err=True)


@contextmanager
def _opened(out: Path) -> Iterator[IO[bytes]]:
    if str(out) == "-":
        yield sys.stdout.buffer
    elif out.suffix == ".gz":
        with out.open("wb") as raw, gzip.GzipFile("", "wb", compresslevel=1, fileobj=raw, mtime=0) as file:
            yield cast("IO[bytes]", file)
    else:
        with out.open("wb") as file:
            yield file
