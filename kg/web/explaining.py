"""A dry run: what a query would touch and which limits would apply to it, without asking it.

The engine shows no plan, so the text is looked at: its triple patterns with how many triples fit each, counted up to a
bound; patterns that share no variable with the others, whose numbers multiply; the endpoints that it would call.
"""

import json
import time
from collections.abc import Mapping, Sequence
from math import prod

from flask import Response, current_app

from kg.errors import QueryError
from kg.settings import Settings
from kg.web.context import base_iri, supervisor
from kg.web.protocol import Operation
from kg.web.querypatterns import Pattern, find_products, read_groups
from kg.web.querytext import examine
from kg.worker_jobs import Job

MOST_COUNTED = 100_000
"""Triples that fit a pattern are counted up to here."""
MOST_PATTERNS = 50
COUNT_SECONDS = 1.0
"""For one pattern."""
EXPLAIN_SECONDS = 3.0
"""For all of them; a request may ask for less by `timeout`."""


def explain(asked: Operation) -> Response:
    """Describe what a query would do, as JSON."""
    settings: Settings = current_app.config["SETTINGS"]
    query = asked.query or ""
    text, whole = examine(query), read_groups(query)
    patterns = list(dict.fromkeys(pattern for group in whole.walk() for pattern in group.patterns))
    counted = _count_all(patterns[:MOST_PATTERNS], min(EXPLAIN_SECONDS, asked.limits.seconds or EXPLAIN_SECONDS))
    products = [_describe_product(parts, counted) for parts in find_products(whole)]
    body = {
        "patterns": [{"pattern": each, "triples": _bounded(triples)} for each, triples in counted.items()],
        "patternsLeftOut": max(len(patterns) - MOST_PATTERNS, 0),
        "cartesianProducts": products,
        "services": [service or "variable" for service in text.services],
        "namesGraphs": text.names_graphs,
        "repeatable": text.is_repeatable,
        "nesting": text.nesting,
        "limits": {
            "seconds": asked.limits.seconds,
            "rows": asked.limits.max_rows,
            "bytes": asked.limits.max_bytes,
            "nesting": settings.query_max_nesting,
            "queryBytes": settings.query_max_bytes,
            "memoryMegabytes": settings.query_memory_mb,
            "atOnce": settings.query_workers,
        },
        "snapshot": supervisor().snapshot(),
    }
    return Response(json.dumps(body, ensure_ascii=False, indent=1), content_type="application/json")


def _count_all(patterns: Sequence[Pattern], seconds: float) -> dict[str, int | None]:
    """Return how many triples fit each pattern, as `_count`; None also for those that no time was left for."""
    deadline = time.monotonic() + seconds
    counted: dict[str, int | None] = {}
    for pattern in patterns:
        left = min(COUNT_SECONDS, deadline - time.monotonic())
        counted[pattern.text] = _count(pattern, left) if left > 0 else None
    return counted


def _count(pattern: Pattern, seconds: float) -> int | None:
    """Return how many triples fit a pattern, at most MOST_COUNTED; None where counting took too long."""
    query = f"{pattern.prologue} SELECT (COUNT(*) AS ?n) {{ SELECT * {{ {pattern.text} }} LIMIT {MOST_COUNTED} }}"
    try:
        _, body = supervisor().queries.fetch(Job(query, base_iri=base_iri(), seconds=seconds))
    except QueryError:
        return None
    return int(json.loads(body)["results"]["bindings"][0]["n"]["value"])


def _bounded(triples: int | None) -> int | str:
    if triples is None:
        return "not counted in time"
    return f"{MOST_COUNTED} or more" if triples >= MOST_COUNTED else triples


def _describe_product(parts: Sequence[Sequence[str]], counted: Mapping[str, int | None]) -> dict[str, object]:
    """Say which parts of a group have no variable in common, and how many rows they may multiply to."""
    least = [min(counted.get(text) or MOST_COUNTED for text in part) for part in parts]
    return {"parts": parts, "rowsAtMost": prod(least)}
