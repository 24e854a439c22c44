"""What each server is asked."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote

import pyoxigraph as ox

from benchmarks.side_by_side.engines import Engine
from kg.remote import QuadStore

TABLE: Final = "application/sparql-results+json"
TRIPLES: Final = "application/n-triples"
PAGE: Final = "text/html"
HEAVY_ROWS: Final = 100_000
_ENTITIES: Final = """
SELECT DISTINCT ?one WHERE { ?one a ?type FILTER(REGEX(STR(?one), "/id/(country|organization|person)/")) }
"""
_BY_TYPE: Final = "SELECT ?type (COUNT(?one) AS ?n) WHERE {{ ?one a ?type }} GROUP BY ?type ORDER BY ?type LIMIT {}"


@dataclass(frozen=True, slots=True)
class Question:
    """One kind of request."""

    name: str
    about: str
    accept: str
    path: Callable[[Engine, int], str | None]
    """What to ask an engine the nth time; None where it has no answer to that."""
    rounds: int


def make_questions(entities: Sequence[str], rounds: int) -> tuple[Question, ...]:
    """Make the questions about a graph.

    Args:
        entities: IRIs of some of its entities, each with statements.
        rounds: how often the quick ones are asked; the slow ones are less often.
    """

    def entity(number: int) -> str:
        return entities[number % len(entities)]

    def look_up(number: int) -> str:
        # The limit is above every answer's length, and makes each query a new one.
        return f"SELECT ?p ?o WHERE {{ <{entity(number)}> ?p ?o }} LIMIT {10_000 + number}"

    def describe(number: int) -> str:
        return f"CONSTRUCT {{ <{entity(number)}> ?p ?o }} WHERE {{ <{entity(number)}> ?p ?o }} LIMIT {10_000 + number}"

    def key(number: int) -> str:
        return entity(number).partition("/id/")[2]

    few, fewer = max(rounds // 10, 3), max(rounds // 60, 3)
    return (
        Question("lookup", "what an entity's statements are, another entity or query each time", TABLE,
                 _query(look_up), rounds),
        Question("lookup, repeated", "the same query each time", TABLE, _query(lambda _: look_up(0)), rounds),
        Question("description", "an entity's statements as triples, another each time", TRIPLES,
                 _query(describe), rounds),
        Question("aggregate", "how many things there are of each type", TABLE,
                 _query(lambda number: _BY_TYPE.format(1_000 + number)), few),
        Question("100,000 rows", "all statements, up to so many rows", TABLE,
                 _query(lambda number: f"SELECT ?s ?p ?o WHERE {{ ?s ?p ?o }} LIMIT {HEAVY_ROWS + number}"), fewer),
        Question("page", "the server's own page for people", PAGE, lambda engine, _: engine.page, rounds),
        Question("entity page, repeated", "the page of an entity", PAGE,
                 _page(lambda _: key(0)), rounds),
        Question("entity page", "the pages of entities, each for the first time", PAGE,
                 _page(key), min(rounds, len(entities))),
    )  # fmt: skip


def choose_entities(store: QuadStore, most: int) -> list[str]:
    """Return IRIs of countries, organisations and persons, spread over their names."""
    rows = store.query(_ENTITIES, use_default_graph_as_union=True)
    assert isinstance(rows, ox.QuerySolutions)
    found = sorted(row["one"].value for row in rows)
    return found[:: max(len(found) // most, 1)][:most]


def _query(make: Callable[[int], str]) -> Callable[[Engine, int], str | None]:
    return lambda engine, number: f"{engine.path}?query={quote(make(number))}" if engine.path else None


def _page(make: Callable[[int], str]) -> Callable[[Engine, int], str | None]:
    return lambda engine, number: engine.entity_page + make(number) if engine.entity_page else None
