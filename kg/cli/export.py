"""`kg export`."""

from pathlib import Path

import click

from kg.cli.options import FILE, store_option
from kg.cli.tables import count_line
from kg.dump import FORMATS, dump
from kg.store import open_snapshot


@click.command("export", short_help="Write the graph to a file.")
@store_option
@click.option(
    "--output",
    "-o",
    type=FILE,
    required=True,
    metavar="FILE",
    help=f"Its ending names the format: {', '.join(FORMATS)}.",
)
def command(store_path: Path, output: Path) -> None:
    """Write the graph to a file, always in the same order, so that two exports can be compared line by line.

    .nq, .trig and .jsonld keep the named graphs apart, one an article; .ttl and .nt hold the union of them all.

    \b
    Examples:
      kg export --store graph -o graph.nq
      kg export --store graph -o graph.ttl
    """
    with open_snapshot(store_path) as store:
        number = dump(store, output)
    click.echo(f"{count_line(number, 'statement')} written to {output}.", err=True)
