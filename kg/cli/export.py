"""`kg export`."""

import sys
from pathlib import Path

import click

from kg.cli.options import FILE, store_option
from kg.cli.tables import count_line
from kg.dump import FORMATS, dump
from kg.exports import VIEWS, csv_lines, export
from kg.exports.tables import LANGUAGES
from kg.remote import Location
from kg.store import base_iri_of, open_snapshot


@click.command("export", short_help="Write the graph, or a table of claims, to a file.")
@store_option
@click.option(
    "--output",
    "-o",
    type=FILE,
    metavar="FILE",
    help=f"Its ending names the format: {', '.join(FORMATS)}. With --as: any name, - for the standard output.",
)
@click.option("--as", "view_name", type=click.Choice(list(VIEWS)), help="Write this table of claims and not the graph.")
@click.option("--lang", type=click.Choice(LANGUAGES), default="de", show_default=True, help="Of the names in a table.")
def command(store_path: Location, output: Path | None, view_name: str | None, lang: str) -> None:
    """Write the graph to a file, always in the same order, so that two exports can be compared line by line.

    .nq, .trig and .jsonld keep the named graphs apart, one an article; .ttl and .nt hold the union of them all.

    With --as, write a table for statistics programs in its place, one row a claim, as CSV: plover.csv has all claims in
    the event types of PLOVER, deployments.csv who sends which forces where, claims.csv all claims with a column for
    each role. What the columns mean: docs/codebook.md.

    \b
    Examples:
      kg export --store graph -o graph.nq
      kg export --store graph -o graph.ttl
      kg export --store graph --as deployments.csv
      kg export --store graph --as plover.csv --lang en -o - | head
    """
    if view_name is None and output is None:
        raise click.UsageError("Say where to: -o FILE, or which table: --as NAME.")
    with open_snapshot(store_path) as store:
        if view_name is None:
            target = output or Path()
            message = f"{count_line(dump(store, target), 'statement')} written to {target}."
        else:
            view, base, target = VIEWS[view_name], base_iri_of(store_path) or "", output or Path(view_name)
            if str(target) == "-":
                sys.stdout.buffer.writelines(line.encode() for line in csv_lines(view, store, base, lang))
                return
            message = f"{count_line(export(view, store, base, target, lang), 'row')} written to {target}."
    click.echo(message, err=True)
