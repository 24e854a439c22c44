"""A dry run: what a query would touch and which limits would apply to it, without asking it.

The engine shows no plan, so the query is read here: its triple patterns with how many triples fit each, counted up to a
bound; parts of it that share no variable, so that their rows multiply; the endpoints that it would call.
"""

import json
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from math import prod

from flask import Response, current_app

from kg.errors import QueryCrashError, QueryError, QueryLimitError
from kg.settings import Settings
from kg.web.context import supervisor
from kg.web.jobs import make_job
from kg.web.limits import Limits, may_call
from kg.web.negotiation import GRAPHS, TABLES, by_name
from kg.web.protocol import Operation
from kg.web.querypatterns import Pattern, QueryParts
from kg.web.queryproducts import Counts, Product, estimate_joined, find_products
from kg.web.queryreader import read_query
from kg.web.querytext import QueryText, examine

MOST_COUNTED = 100_000
"""Triples that fit a pattern are counted up to here."""
MOST_PATTERNS = 50
COUNT_SECONDS = 1.0
"""For one pattern."""
EXPLAIN_SECONDS = 3.0
"""For all of them; a request may ask for less by `timeout`."""
_NO_GRAPH = "urn:x-lagebild:no-graph"

Counted = Mapping[Pattern, int | None]
"""How many triples fit each pattern, at most MOST_COUNTED; None where that was not counted in time."""


@dataclass(frozen=True, slots=True)
class Explanation:
    """What a query would touch."""

    counted: Counted
    left_out: int
    """How many patterns are not counted, since there are so many."""
    products: Sequence[tuple[Product, int]]
    """Parts of a group that have no variable in common, and about how many rows they multiply to."""
    services: Sequence[tuple[str | None, bool]]
    """The endpoints that it calls, None for one that only its run would tell; and whether it may."""
    text: QueryText
    limits: Limits
    snapshot: str


def explain(asked: Operation) -> Explanation:
    """Find out what a query would touch.

    Raises:
        QueryError: it cannot be read.
    """
    settings: Settings = current_app.config["SETTINGS"]
    text = examine(asked.query or "")
    if not text.services:  # which the engine would call
        _check_syntax(asked)
    parts = read_query(asked.query or "")
    patterns = parts.patterns()
    counter = _Counter(asked, parts, patterns[:MOST_PATTERNS])
    return Explanation(
        {pattern: counter.count(pattern) for pattern in patterns[:MOST_PATTERNS]},
        max(len(patterns) - MOST_PATTERNS, 0),
        [(product, _estimate(product, counter)) for product in find_products(parts.group)],
        [(endpoint, may_call(endpoint, settings)) for endpoint in dict.fromkeys(text.services)],
        text,
        asked.limits,
        supervisor().snapshot(),
    )


def to_response(found: Explanation) -> Response:
    """Return an explanation as JSON."""
    settings: Settings = current_app.config["SETTINGS"]
    body = {
        "patterns": [_describe_pattern(pattern, triples) for pattern, triples in found.counted.items()],
        "patternsLeftOut": found.left_out,
        "cartesianProducts": [{"parts": product.texts(), "rowsEstimated": rows} for product, rows in found.products],
        "services": [{"endpoint": endpoint or "variable", "allowed": allowed} for endpoint, allowed in found.services],
        "namesGraphs": found.text.names_graphs,
        "repeatable": found.text.is_repeatable,
        "nesting": found.text.nesting,
        "joined": found.text.size.joined,
        "parts": found.text.size.parts,
        "limits": {
            "seconds": found.limits.seconds,
            "rows": found.limits.max_rows,
            "bytes": found.limits.max_bytes,
            "nesting": settings.query_max_nesting,
            "joined": settings.query_max_joined,
            "parts": settings.query_max_parts,
            "queryBytes": settings.query_max_bytes,
            "memoryMegabytes": settings.query_memory_mb,
            "atOnce": settings.query_workers,
        },
        "snapshot": found.snapshot,
    }
    described = json.dumps(body, ensure_ascii=False, indent=1)
    response = Response(described, headers={"Cache-Control": "no-store"}, content_type="application/json")
    response.vary.add("Accept")
    return response


def _check_syntax(asked: Operation) -> None:
    """Have the engine read a query, by asking it of no graph at all.

    Raises:
        QueryError: the engine cannot read it.
    """
    nowhere = replace(asked, default_graphs=(_NO_GRAPH,), named_graphs=())
    job = replace(make_job(nowhere, by_name("json", TABLES), by_name("nt", GRAPHS)), seconds=COUNT_SECONDS, max_rows=1)
    with suppress(QueryLimitError, QueryCrashError):  # it was read, and has much to do even so
        supervisor().queries.fetch(job)


class _Counter:
    """Counts in the graphs that are asked, each once, until the time is over for all."""

    def __init__(self, asked: Operation, parts: QueryParts, patterns: Sequence[Pattern]) -> None:
        self._asked = asked
        self._parts = parts
        self._patterns = frozenset(patterns)
        self._deadline = time.monotonic() + min(EXPLAIN_SECONDS, asked.limits.seconds or EXPLAIN_SECONDS)
        self._known: dict[tuple[Pattern, str], int | None] = {}

    def count(self, pattern: Pattern, variable: str = "") -> int | None:
        """Return how many triples fit a pattern, or how many values a variable has in them.

        None stands for what was not to be counted, as what another endpoint has, or could not be in time.
        """
        if pattern not in self._patterns:
            return None
        if (pattern, variable) not in self._known:
            left = min(COUNT_SECONDS, self._deadline - time.monotonic())
            self._known[pattern, variable] = self._ask(pattern, variable, left) if left > 0 else None
        return self._known[pattern, variable]

    def triples(self, pattern: Pattern) -> int:
        """Return how many triples fit a pattern."""
        return self._or_many(self.count(pattern))

    def values(self, pattern: Pattern, variable: str) -> int:
        """Return how many values a variable has in the triples that fit a pattern."""
        return self._or_many(self.count(pattern, variable))

    def _or_many(self, found: int | None) -> int:
        return MOST_COUNTED if found is None else found

    def _ask(self, pattern: Pattern, variable: str, seconds: float) -> int | None:
        where = f"GRAPH {pattern.graph} {{ {pattern.text} }}" if pattern.graph else pattern.text
        limited = f"{{ SELECT {f'DISTINCT {variable}' if variable else '*'} {{ {where} }} LIMIT {MOST_COUNTED} }}"
        query = f"{self._parts.prologue} SELECT (COUNT(*) AS ?n){self._parts.dataset} {limited}"
        job = replace(make_job(replace(self._asked, query=query), by_name("json", TABLES), None), seconds=seconds)
        try:
            _, body = supervisor().queries.fetch(job)
        except QueryError:
            return None
        return int(json.loads(body)["results"]["bindings"][0]["n"]["value"])


def _describe_pattern(pattern: Pattern, triples: int | None) -> dict[str, object]:
    return {
        "pattern": pattern.text,
        **({"graph": pattern.graph} if pattern.graph else {}),
        "triples": _bounded(triples),
    }


def _bounded(triples: int | None) -> int | str:
    if triples is None:
        return "not counted in time"
    return f"{MOST_COUNTED} or more" if triples >= MOST_COUNTED else triples


def _estimate(product: Product, counts: Counts) -> int:
    """Return about how many rows the parts of a product multiply to."""
    return prod(estimate_joined(component, counts) for component in product.components)
