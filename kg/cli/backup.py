"""`kg backup`."""

from pathlib import Path

import click

from kg.backup import back_up
from kg.cli.options import FILE, folder_option


@click.command("backup", short_help="Write a store to one file.")
@folder_option
@click.option("-o", "--output", "target", type=FILE, required=True, metavar="FILE", help="The file to write.")
def command(store_path: Path, target: Path) -> None:
    """Write the newest published state of a store to one file. The server and a build may run meanwhile.

    \b
    Example:
      kg backup --store graph -o graph.backup
    """
    size = back_up(store_path, target)
    click.echo(f"{target}: {size / 1_000_000:.1f} MB.")
