"""What is asked of the query workers for a request of the SPARQL protocol."""

from kg.jsonld import PROFILE as COMPACTED
from kg.web.context import base_iri
from kg.web.negotiation import Choice
from kg.web.protocol import Operation
from kg.web.querytext import QueryText, examine
from kg.worker_jobs import Job


def make_job(
    asked: Operation, table: Choice | None, graph: Choice | None, base: str = "", seen: QueryText | None = None
) -> Job:
    """Make the worker's job of a query, to be answered in one of these formats.

    `base` is what its relative IRIs begin with; without it, the base of this app's data. `seen` is what its text says,
    if that is known.
    """
    query = asked.query or ""
    text = seen or examine(query)
    has_dataset = bool(asked.default_graphs or asked.named_graphs)
    return Job(
        query,
        table=table.format.name if table else None,
        graph=graph.format.name if graph else None,
        base_iri=base or base_iri(),
        union=not has_dataset and not text.names_graphs,
        default_graphs=asked.default_graphs if has_dataset else None,
        named_graphs=asked.named_graphs if has_dataset else None,
        network=bool(text.services),
        is_repeatable=text.is_repeatable,
        only_rdf_11=graph is not None and graph.parameters.get("version") == "1.1",
        is_compacted=graph is not None and graph.parameters.get("profile") == COMPACTED,
        snapshot=asked.snapshot,
        seconds=asked.limits.seconds,
        max_rows=asked.limits.max_rows,
        max_bytes=asked.limits.max_bytes,
    )
