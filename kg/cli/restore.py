"""`kg restore`."""

from pathlib import Path

import click

from kg.backup import restore
from kg.cli.options import FILE, folder_option


@click.command("restore", short_help="Put a backup back.")
@click.argument("source", type=FILE, metavar="FILE")
@folder_option
def command(source: Path, store_path: Path) -> None:
    """Make a backup the newest state of a store. A server that runs shows it at once, and goes on until then.

    The store is made if there is none. What it holds is replaced as a whole; the backup is checked before that.

    \b
    Example:
      kg restore graph.backup --store graph
    """
    base = restore(store_path, source)
    click.echo(f"{store_path} holds the graph of {source}, whose IRIs begin with {base}.")
