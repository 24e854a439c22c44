"""`kg load`."""

from pathlib import Path

import click

from kg.cli.options import FILE, folder_option
from kg.cli.tables import count_line
from kg.loading import load


@click.command("load", short_help="Fill a new store with an exported graph.")
@click.argument("source", type=FILE, metavar="FILE")
@folder_option
@click.option("--derived", is_flag=True, help="Take entities and events as they are, and do not derive them anew.")
def command(source: Path, store_path: Path, *, derived: bool) -> None:
    """Fill a new or empty store with a graph that `kg export` wrote: .nq or .trig, also with .gz after it.

    Events and the descriptions of entities are derived anew from the articles, since the rules may have changed since
    the export. For a graph that this version exported, --derived saves the time.

    \b
    Example:
      kg load graph.nq.gz --store graph
    """
    loaded = load(store_path, source, derived=derived)
    click.echo(
        f"{store_path} holds {count_line(loaded.articles, 'article')} in {count_line(loaded.statements, 'statement')}, "
        f"whose IRIs begin with {loaded.base_iri}."
    )
