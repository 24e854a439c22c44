"""`kg query`."""

import json
import sys
from dataclasses import replace

import click

from kg.cli.options import read_query_text, store_option
from kg.cli.tables import count_line, stdout, table
from kg.errors import QueryError
from kg.remote import Location
from kg.settings import Settings
from kg.sparql_tokens import UPDATE_FORMS, find_form
from kg.store import base_iri_of
from kg.worker_jobs import Job
from kg.workers import Supervisor

_FORMATS = ("table", "csv", "tsv", "json", "xml")


@click.command("query", short_help="Ask a SPARQL query.")
@click.argument("source", metavar="FILE.rq")
@store_option
@click.option(
    "--format", "-f", "form", type=click.Choice(_FORMATS), default="table", show_default=True, help="Of rows."
)
@click.option("--timeout", type=click.FloatRange(0.1, 86_400), metavar="SECONDS", help="Limit; LAGEBILD_QUERY_TIMEOUT.")
def command(source: str, store_path: Location, form: str, timeout: float | None) -> None:
    """Ask a SPARQL 1.1 query, over all graphs together. FILE.rq holds the query; - reads it from the standard input.

    Relative IRIs are resolved against the base IRI of the data: <id/country/KP> is North Korea.

    SELECT and ASK give rows in the chosen format; CONSTRUCT and DESCRIBE give Turtle, or JSON-LD with --format json.

    \b
    Examples:
      kg query --store graph queries/who-sends-troops-where.rq
      kg query --store graph queries/who-says-so.rq --format csv > sources.csv
      echo 'SELECT (COUNT(*) AS ?n) { ?claim a <https://w3id.org/lagebild/ontology#Claim> }' | kg query --store graph -
    """
    settings = Settings.from_environment()
    limits = replace(settings, query_workers=1, page_workers=0, query_timeout=timeout or settings.query_timeout)
    text = read_query_text(source)
    if find_form(text) in UPDATE_FORMS:
        raise QueryError("The query is an update.", "Send it to a server that takes updates; `kg query` only asks.")
    job = Job(
        text,
        table="json" if form == "table" else form,
        graph="jsonld" if form == "json" else "ttl",
        base_iri=base_iri_of(store_path),
    )
    # A worker of its own: a query that takes too long or too deep a turn ends the worker and not this process.
    with Supervisor(store_path, limits) as supervisor:
        supervisor.snapshot()
        answer, body = supervisor.queries.fetch(job)
    if answer.kind == "table" and form == "table":
        _print_rows(body)
    else:
        sys.stdout.buffer.write(body)
        sys.stdout.buffer.flush()


def _print_rows(body: bytes) -> None:
    results = json.loads(body)
    if "boolean" in results:
        click.echo("yes" if results["boolean"] else "no")
        return
    head = results["head"]["vars"]
    rows = [[row.get(name, {}).get("value", "") for name in head] for row in results["results"]["bindings"]]
    stdout().print(table(head, rows))
    click.echo(count_line(len(rows), "row"), err=True)
