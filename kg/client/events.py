"""Events as rows: what the graph concludes about a happening, with the first claim that says so."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date

from kg.client.finding import Hit, to_found
from kg.client.values import Row
from kg.exports.claims import ROLES, Own, read_claims, values_of
from kg.exports.columns import PROVENANCE, SOURCE, Column, figure_columns, read_row, role_columns

_OF_CLAIM = ("attributedTo", "attributionText", "relayedBy", "confidence", "evidence", "timeText")
"""Properties that an event takes from its first claim."""

COLUMNS: tuple[Column, ...] = (
    Column("event_iri", lambda event: event.first("about")),
    Column("event_type", lambda event: event.type),
    *(column for role in ROLES for column in role_columns(role, role, country=True)),
    *(column for name in ("personnel", "quantity") for column in figure_columns(name, name) if column.read is int),
    Column("status", lambda event: event.term("status")),
    Column("disputed", lambda event: event.first("disputed") or "false", lambda cell: cell == "true"),
    Column("claim_count", lambda event: event.first("claimCount"), int),
    Column("source_count", lambda event: event.first("sourceCount"), int),
    Column("date_begin", lambda event: event.first("begin"), date.fromisoformat),
    Column("date_end", lambda event: event.first("end"), date.fromisoformat),
    Column("claim_iri", lambda event: event.iri),
    *SOURCE,
    *PROVENANCE,
)


def event_rows(graph: Own, hits: Sequence[Hit], language: str) -> Iterator[Row]:
    """Yield a row for each event.

    Args:
        graph: where they are.
        hits: the first claim about each of them, in the order of the articles.
        language: `de` or `en`, of the names.
    """
    event_of = {hit.claim: hit.event for hit in hits}
    said = graph.about(event_of.values())
    for claim in read_claims(graph, to_found(hits), language):
        event = event_of[claim.iri]
        own = {name: claim.values[name] for name in _OF_CLAIM if name in claim.values}
        yield read_row(COLUMNS, replace(claim, values={**values_of(said[event]), **own, "about": [event]}))
