"""The view of deployments: who is said to send which forces where, for whom and against whom."""

from kg.exports.columns import DATES, IDENTITY, PROVENANCE, SOURCE, Column, figure_columns, role_columns

TYPES = frozenset({"Deployment"})

COLUMNS: tuple[Column, ...] = (
    *IDENTITY,
    *role_columns("sender", "sender", country=True),
    *role_columns("destination", "destination", country=True),
    *role_columns("beneficiary", "beneficiary"),
    *role_columns("against", "against"),
    *role_columns("mission", "mission"),
    *figure_columns("personnel", "personnel"),
    Column("unit", lambda claim: claim.first("unit")),
    Column("status", lambda claim: claim.term("status")),
    *SOURCE,
    *DATES,
    *PROVENANCE,
)
