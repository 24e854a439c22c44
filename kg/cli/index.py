"""`kg index`."""

import click

from kg.cli.options import store_option
from kg.fulltext.database import FILE, discard
from kg.homes import index_published
from kg.remote import Endpoint, Location
from kg.rollup import derive
from kg.store import Writer, base_iri_of


@click.command("index", short_help="Make the search index of a store anew.")
@store_option
def command(store_path: Location) -> None:
    """Make the index of a store that the site searches anew, while it is served.

    Whatever changes the store brings its index up to date. This is for a store of an older version, for one whose
    file search.db is lost, and for a store elsewhere that was changed from another machine.

    \b
    Example:
      kg index --store graph
    """
    if isinstance(store_path, Endpoint):
        folder = index_published(store_path)
    else:
        folder = store_path
        with Writer(folder, base_iri_of(folder) or "", derive, create=False) as writer:
            discard(folder)
            writer.publish()
    click.echo(f"{folder / FILE}: {(folder / FILE).stat().st_size / 1_000_000:.1f} MB.")
