"""`kg stats`."""

import json
from collections.abc import Iterator

import click
import pyoxigraph as ox

from kg.cli.options import store_option
from kg.cli.tables import claim_table, count_line, stdout, table
from kg.curation.checks import make_plan
from kg.curation.reading import Reading
from kg.model import ENTITY_TYPES
from kg.remote import Location, QuadStore
from kg.store import base_iri_of, list_articles, open_snapshot
from kg.vocab import sparql_prefixes


@click.command("stats", short_help="Count what is in a store.")
@store_option
@click.option("--articles", "list_them", is_flag=True, help="List the identifiers of the articles, one a line.")
@click.option("--json", "as_json", is_flag=True, help="Print the counts as JSON.")
def command(store_path: Location, list_them: bool, as_json: bool) -> None:
    """Count the articles, claims, events and entities of a store; claims as corrections leave them.

    \b
    Examples:
      kg stats --store graph
      kg stats --store graph --articles | wc -l
    """
    base = base_iri_of(store_path) or ""
    with open_snapshot(store_path) as store:
        stems = list_articles(store, base)
        if list_them:
            for stem in stems:
                click.echo(stem)
            return
        claims = _count_claims(store)
        entities = {kind: _count_instances(store, kind) for kind in ENTITY_TYPES}
        events, statements = _count_instances(store, "Event"), len(store)
        reading = Reading(store.quads_for_pattern, base)
        plan = make_plan(reading.corrections(), reading)
    counts = {"articles": len(stems), "claims": sum(claims.values()), "events": events, "statements": statements}
    if as_json:
        corrections = {"applied": len(plan.applied), "notApplicable": len(plan.idle)}
        by_type = {f"{kind}/{status}": number for (kind, status), number in sorted(claims.items())}
        click.echo(
            json.dumps(counts | {"corrections": corrections, "entities": entities, "claimsByType": by_type}, indent=1)
        )
        return
    out = stdout()
    out.print(", ".join(count_line(number, name[:-1]) for name, number in counts.items()))
    out.print(f"Base IRI {base}")
    if plan.applied or plan.idle:
        number = count_line(len(plan.applied) + len(plan.idle), "correction")
        out.print(f"{number}, {len(plan.idle)} of them not applicable (kg correct list)")
    if claims:
        out.print(claim_table(claims))
    out.print(table(["entity", "number"], [[kind, number] for kind, number in entities.items() if number]))


def _count_claims(store: QuadStore) -> dict[tuple[str, str], int]:
    query = """SELECT ?type ?status (COUNT(DISTINCT ?claim) AS ?number)
               WHERE { ?claim a lb:Claim ; lb:eventType ?type ; lb:status ?status
                       FILTER NOT EXISTS { ?claim prov:wasInvalidatedBy ?correction } } GROUP BY ?type ?status"""
    return {(_name(kind), _name(status)): int(number) for kind, status, number in _rows(store, query)}


def _count_instances(store: QuadStore, of_class: str) -> int:
    query = f"SELECT (COUNT(DISTINCT ?thing) AS ?number) WHERE {{ ?thing a lb:{of_class} }}"
    return int(next(_rows(store, query))[0])


def _rows(store: QuadStore, query: str) -> Iterator[list[str]]:
    results = store.query(sparql_prefixes() + query, use_default_graph_as_union=True)
    if isinstance(results, ox.QuerySolutions):
        for row in results:
            yield [term.value for term in row if isinstance(term, ox.NamedNode | ox.Literal)]


def _name(iri: str) -> str:
    return iri.rpartition("#")[2]
