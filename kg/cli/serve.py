"""`kg serve`."""

import click

from kg.cli.options import store_option
from kg.remote import Location
from kg.web.serve import serve


@click.command("serve", short_help="Serve the graph to browsers and programs.")
@store_option
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on; 0.0.0.0 for all.")
@click.option(
    "--port", "-p", type=click.IntRange(1, 65_535), default=8000, show_default=True, help="Port to listen on."
)
def command(store_path: Location, host: str, port: int) -> None:
    """Serve a store: pages for people, data and a SPARQL endpoint for programs. A new build shows without a restart.

    \b
    Examples:
      kg serve --store graph
      kg serve --store graph --host 0.0.0.0 --port 8080
    """
    serve(store_path, host, port)
