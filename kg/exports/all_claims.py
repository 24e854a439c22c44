"""The view of all claims of all event types, with a column for each role: empty where a type has no such role."""

from kg.exports.claims import ROLES
from kg.exports.columns import DATES, IDENTITY, PROVENANCE, SOURCE, Column, figure_columns, role_columns
from kg.frames import load_frames

TYPES = frozenset(load_frames())

COLUMNS: tuple[Column, ...] = (
    *IDENTITY,
    Column("event_type", lambda claim: claim.type),
    *(column for role in ROLES for column in role_columns(role, role, country=True)),
    *figure_columns("personnel", "personnel"),
    *figure_columns("quantity", "quantity"),
    Column("unit", lambda claim: claim.first("unit")),
    Column("items", lambda claim: claim.texts("items")),
    Column("status", lambda claim: claim.term("status")),
    *SOURCE,
    *DATES,
    *PROVENANCE,
)
