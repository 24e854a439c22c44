"""`kg index`."""

from pathlib import Path

import click

from kg.cli.options import store_option
from kg.fulltext.database import FILE, discard
from kg.rollup import derive
from kg.store import Writer, base_iri_of


@click.command("index", short_help="Make the search index of a store anew.")
@store_option
def command(store_path: Path) -> None:
    """Make the index of a store that the site searches anew, while it is served.

    Whatever changes the store brings its index up to date. This is for a store of an older version, and for one whose
    file search.db is lost.

    \b
    Example:
      kg index --store graph
    """
    with Writer(store_path, base_iri_of(store_path) or "", derive, create=False) as writer:
        discard(store_path)
        writer.publish()
    click.echo(f"{store_path / FILE}: {(store_path / FILE).stat().st_size / 1_000_000:.1f} MB.")
