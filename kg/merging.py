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
    return tuple(claim for claim in merged if not any(_was_phoned(claim, other) for other in merged))


def _was_phoned(claim: Claim, other: Claim) -> bool:
    """Tell whether a meeting is but the talk of a phone call: "Macron sprach am Telefon mit Putin"."""
    if (claim.type, other.type) != ("Meeting", "PhoneCall") or claim.evidence != other.evidence:
        return False
    return claim.roles.get("participant") == other.roles.get("participant")


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
    """Keep the fuller claim, with its sentence, figure and date; the other adds who else took part.

    What a sentence does not say must not stand beside it: "die Entsendung" of a later paragraph has no figure.
    """
    full, rest = sorted((one, other), key=_fullness, reverse=True)
    roles = {
        role: tuple(sorted({*full.roles.get(role, ()), *rest.roles.get(role, ())}))
        for role in sorted({*full.roles, *rest.roles})
    }
    return replace(
        full,
        roles=roles,
        unit=full.unit or rest.unit,
        items=full.items or rest.items,
        attributed_to=full.attributed_to or rest.attributed_to,
        attribution_text=full.attribution_text or rest.attribution_text,
        confidence=max(full.confidence, rest.confidence),
    )


def _fullness(claim: Claim) -> tuple[bool, bool, int, float]:
    figure = claim.personnel or claim.quantity
    return figure is not None, claim.time is not None, len(claim.roles), claim.confidence
