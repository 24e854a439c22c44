"""The same happening told twice in an article is one claim."""

from collections.abc import Sequence
from dataclasses import replace

from kg.model import Claim, Figure, TimeExpression

_CORE = ("sender", "recipient", "attacker", "target", "speaker", "summit", "destination", "origin", "participant")


def merge_claims(claims: Sequence[Claim]) -> tuple[Claim, ...]:
    """Join claims of one type, standing and figure whose roles do not contradict each other."""
    merged: list[Claim] = []
    for claim in claims:
        twin = next((k for k, other in enumerate(merged) if _is_same(other, claim)), None)
        if twin is None:
            merged.append(claim)
        else:
            merged[twin] = _join(merged[twin], claim)
    return tuple(merged)


def _is_same(one: Claim, other: Claim) -> bool:
    if one.type != other.type or one.status != other.status:
        return False
    if not (_figures_agree(one.personnel, other.personnel) and _figures_agree(one.quantity, other.quantity)):
        return False
    if not _times_agree(one.time, other.time):
        return False
    shared = False
    for role in {*one.roles, *other.roles}:
        mine, theirs = set(one.roles.get(role, ())), set(other.roles.get(role, ()))
        if mine and theirs:
            if not (mine <= theirs or theirs <= mine):
                return False
            shared = shared or role in _CORE
    return shared


def _figures_agree(one: Figure | None, other: Figure | None) -> bool:
    return one is None or other is None or (one.min, one.max) == (other.min, other.max)


def _times_agree(one: TimeExpression | None, other: TimeExpression | None) -> bool:
    return one is None or other is None or (one.begin, one.end) == (other.begin, other.end)


def _join(one: Claim, other: Claim) -> Claim:
    roles = {
        role: tuple(sorted({*one.roles.get(role, ()), *other.roles.get(role, ())}))
        for role in sorted({*one.roles, *other.roles})
    }
    return replace(
        one,
        roles=roles,
        personnel=one.personnel or other.personnel,
        quantity=one.quantity or other.quantity,
        unit=one.unit or other.unit,
        items=one.items or other.items,
        time=one.time or other.time,
        attributed_to=one.attributed_to or other.attributed_to,
        attribution_text=one.attribution_text or other.attribution_text,
        confidence=max(one.confidence, other.confidence),
    )
