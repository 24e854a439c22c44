"""Columns that several views share."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import NamedTuple

from kg.exports.cells import join
from kg.exports.claims import Claim


class Column(NamedTuple):
    """A column of a view."""

    name: str
    cell: Callable[[Claim], str]
    read: Callable[[str], object] = str
    """Makes the value of a cell that is not empty, for those who take rows and no text."""


def read_row(columns: Sequence[Column], claim: Claim) -> dict[str, object]:
    """Return the values of a claim: numbers and days as such, None for what is empty."""
    cells = ((column, column.cell(claim)) for column in columns)
    return {column.name: column.read(cell) if cell else None for column, cell in cells}


def entity_columns(name: str, iris: Callable[[Claim], Sequence[str]], *, country: bool = False) -> tuple[Column, ...]:
    """Return the columns for those who fill a role: names and IRIs, in the same order, and countries if wanted."""
    columns = (
        Column(name, lambda claim: join(claim.names.label(iri) for iri in iris(claim))),
        Column(f"{name}_iri", lambda claim: join(iris(claim))),
    )
    codes = Column(f"{name}_country", lambda claim: join(claim.names.country(iri) for iri in iris(claim)))
    return (*columns, codes) if country else columns


def role_columns(name: str, role: str, *, country: bool = False) -> tuple[Column, ...]:
    """Return the columns for those who fill one role of the ontology."""
    return entity_columns(name, lambda claim: claim.entities(role), country=country)


def figure_columns(name: str, kind: str) -> tuple[Column, ...]:
    """Return the columns for a figure: its bounds, how open it is, and its words."""
    return (
        Column(f"{name}_min", lambda claim: claim.first(f"{kind}Min"), int),
        Column(f"{name}_max", lambda claim: claim.first(f"{kind}Max"), int),
        Column(f"{name}_qualifier", lambda claim: claim.term(f"{kind}Qualifier").rstrip("_")),
        Column(f"{name}_text", lambda claim: claim.first(f"{kind}Text")),
    )


SOURCE: tuple[Column, ...] = (
    *role_columns("attributed_to", "attributedTo"),
    Column("attribution_text", lambda claim: claim.first("attributionText")),
    *role_columns("relayed_by", "relayedBy"),
)
"""Who says so."""

DATES: tuple[Column, ...] = (
    Column("date_begin", lambda claim: claim.first("begin"), date.fromisoformat),
    Column("date_end", lambda claim: claim.first("end"), date.fromisoformat),
    Column("date_text", lambda claim: claim.first("timeText")),
)

PROVENANCE: tuple[Column, ...] = (
    Column("confidence", lambda claim: claim.first("confidence"), float),
    Column("sentence", lambda claim: claim.sentence),
    Column("evidence_iri", lambda claim: claim.texts("evidence")),
    Column("article", lambda claim: claim.article.stem),
    Column("article_iri", lambda claim: claim.article.iri),
    Column("title", lambda claim: claim.article.title),
    Column("publisher", lambda claim: claim.article.publisher),
    Column("published", lambda claim: claim.article.published, date.fromisoformat),
    Column("published_basis", lambda claim: claim.article.date_basis),
    Column("source_url", lambda claim: claim.article.source),
)
"""Where it stands."""

IDENTITY: tuple[Column, ...] = (
    Column("claim_iri", lambda claim: claim.iri),
    Column("event_iri", lambda claim: claim.first("about")),
    Column("correction_iri", lambda claim: claim.texts("correctedBy")),
)
