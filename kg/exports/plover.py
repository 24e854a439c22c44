"""The view in the event types of PLOVER, the Political Language Ontology for Verifiable Event Records.

Types, modes, quad categories and the rule that parties to something mutual are all actors are those of its manual
(Open Event Data Alliance, PLOVER_MANUAL.tex at github.com/openeventdata/PLOVER). A statement is no event there.
"""

from datetime import date
from typing import NamedTuple

from kg.exports.claims import Claim
from kg.exports.columns import DATES, IDENTITY, PROVENANCE, SOURCE, Column, entity_columns


class Coding(NamedTuple):
    """How PLOVER codes a claim."""

    type: str
    mode: str = ""
    context: str = ""


QUADS = {"AGREE": 1, "CONSULT": 1, "AID": 2, "RETREAT": 2, "REQUEST": 3, "SANCTION": 4, "MOBILIZE": 4, "ASSAULT": 4}
"""Root type to quad category: 1 verbal and 2 material cooperation, 3 verbal and 4 material conflict.

The manual's section on SANCTION and its summary say material conflict, one table verbal; the majority counts.
"""

CODINGS = {
    "Agreement": Coding("AGREE"),
    "Aid": Coding("AID"),
    "Appeal": Coding("REQUEST"),
    "ArmsTransfer": Coding("AID", context="military"),
    "Attack": Coding("ASSAULT"),
    "Meeting": Coding("CONSULT"),
    "PhoneCall": Coding("CONSULT", "phone"),
    "Sanction": Coding("SANCTION", "discontinue"),
    "Summit": Coding("CONSULT", "multilateral"),
    "Withdrawal": Coding("RETREAT", "withdraw", "military"),
}
"""Event type to its coding; a deployment depends on whom it is for."""
TYPES = frozenset({*CODINGS, "Deployment"})

AUXILIARY = {"planned": "future", "possible": "hypothetical", "requested": "hypothetical", "denied": "negation"}
"""Standing to auxiliary mode; what has occurred has none."""

_ACTORS = ("sender", "attacker", "speaker", "participant", "host")
_RECIPIENTS = {
    "Aid": ("recipient",),
    "Appeal": ("addressee",),
    "ArmsTransfer": ("recipient",),
    "Attack": ("target",),
    "Sanction": ("target",),
}


def code(claim: Claim) -> Coding:
    """Return the coding of a claim.

    Forces against someone mobilise. Forces for someone, or in a mission, are aid, which PLOVER codes only where there
    is a recipient; so forces that are sent without a word on whom they are for mobilise too.
    """
    if claim.type != "Deployment":
        return CODINGS[claim.type]
    if not claim.entities("against") and recipients(claim):
        return Coding("AID", context="military")
    return Coding("MOBILIZE", "troops", "military")


def recipients(claim: Claim) -> tuple[str, ...]:
    """Return those to whom it is done; the parties to something mutual are all actors."""
    if claim.type != "Deployment":
        return claim.entities(*_RECIPIENTS.get(claim.type, ()))
    helped = claim.entities("beneficiary") or (claim.entities("destination") if claim.entities("mission") else ())
    return claim.entities("against") or helped


def _event_date(claim: Claim) -> str:
    return claim.first("begin") or claim.article.published


def _figure(claim: Claim, bound: str) -> str:
    kind = "personnel" if claim.first("personnelQualifier") else "quantity"
    return claim.first(kind + bound)


COLUMNS: tuple[Column, ...] = (
    *IDENTITY,
    Column("event_date", _event_date, date.fromisoformat),
    Column("event_date_basis", lambda claim: "text" if claim.first("begin") else "published"),
    Column("event_type", lambda claim: code(claim).type),
    Column("mode", lambda claim: code(claim).mode),
    Column("auxiliary", lambda claim: AUXILIARY.get(claim.term("status"), "")),
    Column("context", lambda claim: code(claim).context),
    Column("quad", lambda claim: str(QUADS[code(claim).type]), int),
    *entity_columns("actor", lambda claim: claim.entities(*_ACTORS), country=True),
    *entity_columns("recipient", recipients, country=True),
    *entity_columns("place", lambda claim: claim.entities("place", "destination", "origin"), country=True),
    Column("figure_min", lambda claim: _figure(claim, "Min"), int),
    Column("figure_max", lambda claim: _figure(claim, "Max"), int),
    Column("figure_text", lambda claim: _figure(claim, "Text")),
    Column("lagebild_type", lambda claim: claim.type),
    Column("status", lambda claim: claim.term("status")),
    *SOURCE,
    *DATES,
    *PROVENANCE,
)
