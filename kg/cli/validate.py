"""`kg validate`."""

import sys

import click

from kg.cli.options import store_option
from kg.cli.tables import count_line
from kg.remote import Location
from kg.store import open_snapshot, sorted_graphs
from kg.validate import validate


@click.command("validate", short_help="Check the graph against the shapes of the ontology.")
@store_option
@click.option("--limit", type=click.IntRange(0), default=50, show_default=True, help="Findings to list; 0 for all.")
def command(store_path: Location, limit: int) -> None:
    """Check the graph against the SHACL shapes of the ontology, and every span against the text that it is cut from.

    Each finding is a line: what is wrong, its property, why, and the value that was found. The exit status is 1 if
    there is any.

    \b
    Examples:
      kg validate --store graph
      kg validate --store graph --limit 0 > findings.txt
    """
    with open_snapshot(store_path) as store:
        report = validate(sorted_graphs(store))
    shown = report.findings[:limit] if limit else report.findings
    for finding in shown:
        click.echo(str(finding))
    if len(shown) < len(report.findings):
        click.echo(f"and {len(report.findings) - len(shown):,} more (--limit 0 lists all)")
    graphs = count_line(report.graphs, "graph")
    if report.conforms:
        click.echo(f"{graphs}: conforms to the shapes.")
    else:
        click.echo(f"{graphs}: {count_line(len(report.findings), 'finding')}.", err=True)
        sys.exit(1)
