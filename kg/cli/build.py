"""`kg build`."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime

import click

from kg.articles import ReadOptions, count_inputs, list_inputs
from kg.building import Engine, Summary, build, start_local
from kg.cli.options import store_option
from kg.cli.progress import Report, reported
from kg.cli.tables import claim_table, count_line, stdout
from kg.errors import SettingError
from kg.model import ENTITY_TYPES
from kg.remote import Location
from kg.rollup import derive
from kg.settings import Settings
from kg.store import Writer, base_iri_of
from kg.tasks import Built


@click.command("build", short_help="Read articles into a store.")
@click.argument("inputs", nargs=-1, required=True, metavar="INPUT...")
@store_option
@click.option("--base-iri", metavar="IRI", help="Base of the data's IRIs; an existing store keeps its own.")
@click.option(
    "--published",
    type=click.DateTime(["%Y-%m-%d"]),
    metavar="DATE",
    help="Publication date (2024-11-18) of the articles that state none.",
)
@click.option(
    "--jobs",
    "-j",
    type=click.IntRange(1, 256),
    default=None,
    show_default="as many as there are processors",
    help="Processes that read.",
)
@click.option("--engine", metavar="URL", help="Read on a Dask cluster instead: dask://SCHEDULER:8786.")
@click.option("--again", is_flag=True, help="Read articles again that have not changed.")
def command(
    inputs: tuple[str, ...],
    store_path: Location,
    base_iri: str | None,
    published: datetime | None,
    *,
    jobs: int | None,
    engine: str | None,
    again: bool,
) -> None:
    """Read articles into a store, which is created if it does not exist.

    INPUT is a .txt or .html file, a folder or .zip archive of them, a .jsonl file with an article a line, an http(s)
    URL, or - for the standard input: one article, or JSON lines. What is known about NAME.txt may stand beside it in
    NAME.meta.json: title, published, publisher, source, language. An article that has changed replaces the old one as a
    whole; one that has not is passed over, so that a build that was stopped goes on when it is called again. What
    cannot be read is named and left out; the exit status is then 1.

    \b
    Examples:
      kg build articles/ --store graph
      kg build https://example.org/politik/gipfel.html --store graph
      pbpaste | kg build - --store graph --published 2024-11-18
      zcat news.jsonl.gz | kg build - --store graph
      kg build articles/ --store graph --engine dask://scheduler:8786
    """
    settings = Settings.from_environment()
    options = ReadOptions(
        today=date.today(),  # the user's own day, where an article states none
        published=published.date() if published else None,
        settings=settings,
    )
    known = base_iri_of(store_path)
    base = check_base_iri(base_iri or known or settings.base_iri)
    started = time.monotonic()
    finished, number = set[str](), count_inputs(inputs)
    model = settings.language_model if again or known is None else None  # an old store may have all that there is
    with _open_engine(engine, jobs, number, model) as reads, Writer(store_path, base, derive) as writer:
        try:
            with reported(number) as report:
                summary = _build_and_report(inputs, writer, options, finished, report, engine=reads, again=again)
        except KeyboardInterrupt:
            writer.publish()
            done = count_line(len(finished), "article")
            click.echo(f"{done} finished and in the store." if finished else "No article was finished.", err=True)
            raise
        writer.publish()
    _print_summary(summary, time.monotonic() - started)
    if summary.errors:
        sys.exit(1)


@contextmanager
def _open_engine(address: str | None, jobs: int | None, inputs: int | None, model: str | None) -> Iterator[Engine]:
    """Open what reads: a cluster if there is an address, else processes of this machine, see `start_local`."""
    if address is None:
        with start_local(jobs, inputs, model) as local:
            yield local
        return
    if jobs is not None:
        raise click.UsageError("A cluster has as many --jobs as it has workers: leave one of the two out.")
    from kg.cluster import DaskEngine  # noqa: PLC0415 - a second of imports that only a cluster needs

    with DaskEngine(address) as engine:
        yield engine


def check_base_iri(iri: str) -> str:
    """Accept a base IRI.

    Raises:
        SettingError: it is not absolute, does not end in a slash, or has characters that no IRI has.
    """
    scheme, separator, rest = iri.partition("://")
    if scheme not in {"http", "https"} or not separator or len(rest) < 2 or set(iri) & set(' <>"{}|\\^`#?'):
        raise SettingError(f"{iri!r} is no base IRI.", "Give one like https://example.org/graph/.")
    if not iri.endswith("/"):
        raise SettingError(f"The base IRI {iri} does not end in a slash.", f"Write {iri}/.")
    return iri


def _build_and_report(
    inputs: tuple[str, ...],
    writer: Writer,
    options: ReadOptions,
    finished: set[str],
    report: Report,
    *,
    engine: Engine,
    again: bool,
) -> Summary:
    """Build, and add the stem of each article that is in the store to `finished`."""

    def show(built: Built) -> None:
        if built.error is None:
            finished.add(built.stem)
        report(built.stem)

    return build(list_inputs(inputs), writer, options, engine, show, again=again)


def _print_summary(summary: Summary, seconds: float) -> None:
    replaced = f", {summary.replaced} of them replaced" if summary.replaced else ""
    unchanged = f", {summary.unchanged} unchanged" if summary.unchanged else ""
    out = stdout()
    words = count_line(summary.words, "word")
    out.print(f"{count_line(summary.built, 'article')} built{replaced}{unchanged}, {words}, {seconds:.1f} s")
    if summary.claims:
        out.print(claim_table(summary.claims))
        found = ", ".join(f"{kind} {summary.entities[kind]}" for kind in ENTITY_TYPES if summary.entities[kind])
        out.print(f"Entities by article: {found}")
    for error in summary.errors:
        click.echo(f"Left out: {' '.join(str(error).split())}", err=True)
    if summary.errors:
        click.echo(f"{count_line(len(summary.errors), 'input')} left out.", err=True)
