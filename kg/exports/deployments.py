"""The view of deployments: who is said to send which forces where, for whom and against whom."""

from kg.exports.columns import DATES, IDENTITY, PROVENANCE, SOURCE, Column, role_columns

TYPES = frozenset({"Deployment"})

COLUMNS: tuple[Column, ...] = (
    *IDENTITY,
    *role_columns("sender", "sender", country=True),
    *role_columns("destination", "destination", country=True),
    *role_columns("beneficiary", "beneficiary"),
    *role_columns("against", "against"),
    *role_columns("mission", "mission"),
    Column("personnel_min", lambda claim: claim.first("personnelMin")),
    Column("personnel_max", lambda claim: claim.first("personnelMax")),
    Column("personnel_qualifier", lambda claim: claim.term("personnelQualifier").rstrip("_")),
    Column("personnel_text", lambda claim: claim.first("personnelText")),
    Column("unit", lambda claim: claim.first("unit")),
    Column("status", lambda claim: claim.term("status")),
    *SOURCE,
    *DATES,
    *PROVENANCE,
)
