"""`kg remove`."""

import difflib

import click

from kg.cli.options import store_option
from kg.cli.tables import count_line
from kg.errors import StoreError
from kg.remote import Location
from kg.rollup import derive
from kg.store import Writer, base_iri_of


@click.command("remove", short_help="Remove articles from a store.")
@click.argument("stems", nargs=-1, required=True, metavar="STEM...")
@store_option
def command(stems: tuple[str, ...], store_path: Location) -> None:
    """Remove articles from a store, with everything that only they said.

    STEM is an article's identifier, the file name without its ending. If one is unknown, nothing is removed.

    \b
    Example:
      kg remove eutm-mali --store graph
    """
    base = base_iri_of(store_path) or ""
    with Writer(store_path, base, derive, create=False) as writer:
        known = writer.stems()
        for stem in stems:
            if stem not in known:
                near = difflib.get_close_matches(stem, known, 1)
                raise StoreError(
                    f"The store has no article {stem!r}.",
                    f"Did you mean {near[0]!r}?" if near else "See `kg stats --articles` for those it has.",
                )
        for stem in stems:
            writer.remove_article(stem)
        writer.publish()
    click.echo(f"{count_line(len(set(stems)), 'article')} removed, {len(known) - len(set(stems)):,} left.")
