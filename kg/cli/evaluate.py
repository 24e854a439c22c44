"""`kg evaluate`."""

import json
from pathlib import Path

import click

from kg.cli.options import FILE
from kg.errors import DataError
from kg.evaluation import format_report, load_gold, load_graph, score, to_json


@click.command("evaluate", short_help="Measure a graph against annotated articles.")
@click.argument("graph", type=FILE)
@click.argument("gold", nargs=-1, required=True, type=FILE)
@click.option("--json", "json_path", type=FILE, metavar="FILE", help="Write the figures to this file too.")
@click.option("--misses", is_flag=True, help="List what is missed, spurious or wrong.")
@click.option("--only", metavar="STEM", help="Measure this article alone.")
def command(graph: Path, gold: tuple[Path, ...], json_path: Path | None, misses: bool, only: str | None) -> None:
    """Measure a graph against annotated articles.

    GRAPH is an export (.nq, .trig, .ttl, .nt); each GOLD is a folder of STEM.gold.json files. Printed are precision,
    recall and F1 of entities, events and slots, the share of events that are right in every slot, the F1 of
    attribution, and the links to Wikidata.

    \b
    Examples:
      kg evaluate graph.nq gold/dev
      kg evaluate graph.nq gold/dev --misses --only eutm-mali
    """
    scores = score(load_graph(graph), load_gold(gold, only))
    if only and not scores.articles:
        raise DataError(f"There is no {only}.gold.json.", "Give the name of an annotated article.")
    if misses:
        for line in scores.misses:
            click.echo(line)
    click.echo(format_report(scores))
    if json_path:
        try:
            json_path.write_text(json.dumps(to_json(scores), indent=1), encoding="utf-8")
        except OSError as error:
            raise DataError(f"{json_path} cannot be written: {error.strerror}.", "Check the folder.") from error
