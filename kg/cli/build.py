"""`kg build`."""

import sys
import time
from datetime import date, datetime
from pathlib import Path

import click

from kg.articles import ReadOptions, list_inputs
from kg.building import Built, Summary, build
from kg.cli.options import store_option
from kg.cli.tables import claim_table, count_line, stderr, stdout
from kg.errors import SettingError
from kg.model import ENTITY_TYPES
from kg.rollup import derive
from kg.settings import Settings
from kg.store import Writer, base_iri_of


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
@click.option("--jobs", "-j", type=click.IntRange(1, 256), default=1, show_default=True, help="Processes that read.")
def command(
    inputs: tuple[str, ...], store_path: Path, base_iri: str | None, published: datetime | None, jobs: int
) -> None:
    """Read articles into a store, which is created if it does not exist.

    INPUT is a .txt or .html file, a folder of them, an http(s) URL, or - for the standard input. What is known about
    NAME.txt may stand beside it in NAME.meta.json: title, published, publisher, source, language. An article that is
    built again replaces the old one as a whole. What cannot be read is named and left out; the exit status is then 1.

    \b
    Examples:
      kg build articles/ --store graph --jobs 2
      kg build https://example.org/politik/gipfel.html --store graph
      pbpaste | kg build - --store graph --published 2024-11-18
    """
    settings = Settings.from_environment()
    options = ReadOptions(
        today=date.today(),  # the user's own day, where an article states none
        published=published.date() if published else None,
        settings=settings,
    )
    base = check_base_iri(base_iri or base_iri_of(store_path) or settings.base_iri)
    started = time.monotonic()
    finished = set[str]()
    with Writer(store_path, base, derive) as writer:
        try:
            summary = _build_with_progress(inputs, writer, options, jobs, finished)
        except KeyboardInterrupt:
            writer.publish()
            number = count_line(len(finished), "article")
            click.echo(f"{number} finished and in the store." if finished else "No article was finished.", err=True)
            raise
        writer.publish()
    _print_summary(summary, time.monotonic() - started)
    if summary.errors:
        sys.exit(1)


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


def _build_with_progress(
    inputs: tuple[str, ...], writer: Writer, options: ReadOptions, jobs: int, finished: set[str]
) -> Summary:
    """Build, and add the stem of each article that is in the store to `finished`."""
    # A tenth of a second of imports that only a build needs.
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn  # noqa: PLC0415  # slow to import

    items = list(list_inputs(inputs))
    columns = (
        TextColumn("Reading"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        TextColumn("{task.description}"),
    )
    with Progress(*columns, console=stderr(), transient=True) as progress:
        bar = progress.add_task("", total=len(items))

        def show(built: Built) -> None:
            if built.error is None:
                finished.add(built.stem)
            progress.update(bar, advance=1, description=built.stem)

        return build(items, writer, options, jobs, show)


def _print_summary(summary: Summary, seconds: float) -> None:
    replaced = f", {summary.replaced} of them replaced" if summary.replaced else ""
    out = stdout()
    out.print(
        f"{count_line(summary.built, 'article')} built{replaced}, {count_line(summary.words, 'word')}, {seconds:.1f} s"
    )
    if summary.claims:
        out.print(claim_table(summary.claims))
        found = ", ".join(f"{kind} {summary.entities[kind]}" for kind in ENTITY_TYPES if summary.entities[kind])
        out.print(f"Entities by article: {found}")
    for error in summary.errors:
        click.echo(f"Left out: {' '.join(str(error).split())}", err=True)
    if summary.errors:
        click.echo(f"{count_line(len(summary.errors), 'input')} left out.", err=True)
