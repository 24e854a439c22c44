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
from kg.web.queryproducts import Product, estimate_joined, find_products
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
    counted = _count_all(asked, parts, patterns[:MOST_PATTERNS])
    return Explanation(
        counted,
        max(len(patterns) - MOST_PATTERNS, 0),
        [(product, _estimate(product, counted)) for product in find_products(parts.group)],
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


def _count_all(asked: Operation, parts: QueryParts, patterns: Sequence[Pattern]) -> Counted:
    deadline = time.monotonic() + min(EXPLAIN_SECONDS, asked.limits.seconds or EXPLAIN_SECONDS)
    counted: dict[Pattern, int | None] = {}
    for pattern in patterns:
        left = min(COUNT_SECONDS, deadline - time.monotonic())
        counted[pattern] = _count(asked, parts, pattern, left) if left > 0 else None
    return counted


def _count(asked: Operation, parts: QueryParts, pattern: Pattern, seconds: float) -> int | None:
    """Return how many triples fit a pattern in the graphs that are asked."""
    where = f"GRAPH {pattern.graph} {{ {pattern.text} }}" if pattern.graph else pattern.text
    limited = f"{{ SELECT * {{ {where} }} LIMIT {MOST_COUNTED} }}"
    query = f"{parts.prologue} SELECT (COUNT(*) AS ?n){parts.dataset} {limited}"
    job = replace(make_job(replace(asked, query=query), by_name("json", TABLES), None), seconds=seconds)
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


def _estimate(product: Product, counted: Counted) -> int:
    """Return about how many rows the parts of a product multiply to."""

    def count(pattern: Pattern) -> int:
        triples = counted.get(pattern)
        return MOST_COUNTED if triples is None else triples

    return prod(estimate_joined(component, count) for component in product.components)
