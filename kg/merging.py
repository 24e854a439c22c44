"""The same happening told twice in an article is one claim."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from kg.model import Claim, Figure, Span, TimeExpression

_CORE = ("sender", "recipient", "attacker", "target", "speaker", "summit", "destination", "origin", "participant")


def merge_claims(
    claims: Sequence[Claim], headline: Span | None = None, states: Mapping[str, str] | None = None
) -> tuple[Claim, ...]:
    """Join claims of one type whose standing, figure, date and roles do not contradict each other.

    `headline` is the span of the headline, None where the text has none: what it says in short is told again below it.
    `states` has the countries of people and bodies: "Südkorea: …" above what its intelligence service says.
    """
    states = states or {}
    merged: list[Claim] = []
    for claim in claims:
        twin = next((k for k, other in enumerate(merged) if _is_same(other, claim, headline, states)), None)
        if twin is None:
            merged.append(claim)
        else:
            merged[twin] = _join(merged[twin], claim, headline)
    kept = [claim for claim in merged if not any(_was_phoned(claim, other) for other in merged)]
    return tuple(sorted(kept, key=lambda claim: (claim.trigger, claim.type)))


def _was_phoned(claim: Claim, other: Claim) -> bool:
    """Tell whether a meeting is but the talk of a phone call: "Macron sprach am Telefon mit Putin"."""
    if (claim.type, other.type) != ("Meeting", "PhoneCall") or claim.evidence != other.evidence:
        return False
    return claim.roles.get("participant") == other.roles.get("participant")


def _is_same(one: Claim, other: Claim, headline: Span | None, states: Mapping[str, str]) -> bool:
    if one.type != other.type:
        return False
    if one.type == "Summit":
        return one.roles["summit"] == other.roles["summit"]
    in_short = headline is not None and headline.contains(one.evidence)
    figures = ((one.personnel, other.personnel), (one.quantity, other.quantity))
    if not all(_bound_in_common(*pair) if in_short else _figures_agree(*pair) for pair in figures):
        return False
    if not in_short and (one.status != other.status or not _times_agree(one.time, other.time)):
        return False
    return _sources_agree(one, other, states if in_short else {}) and _roles_agree(one, other)


def _sources_agree(one: Claim, other: Claim, states: Mapping[str, str]) -> bool:
    """Tell whether both have a source in common, or one has none: what two say are two claims."""
    mine, theirs = (
        {source for key in (*claim.attributed_to, claim.attribution_text) for source in (key, states.get(key or ""))}
        - {None}
        for claim in (one, other)
    )
    return not mine or not theirs or not mine.isdisjoint(theirs)


def _roles_agree(one: Claim, other: Claim) -> bool:
    """Tell whether no role has other fillers, and a core role has the same."""
    shared = False
    for role in {*one.roles, *other.roles}:
        mine, theirs = set(one.roles.get(role, ())), set(other.roles.get(role, ()))
        if mine and theirs:
            if not (mine <= theirs or theirs <= mine):
                return False
            shared = shared or role in _CORE
    return shared


def _bound_in_common(one: Figure | None, other: Figure | None) -> bool:
    """Tell whether a headline's figure can be the text's: "100.000" for "bis zu 100.000"."""
    if one is None or other is None:
        return True
    return not {one.min, one.max}.isdisjoint({other.min, other.max} - {None})


def _figures_agree(one: Figure | None, other: Figure | None) -> bool:
    return one is None or other is None or (one.min, one.max) == (other.min, other.max)


def _times_agree(one: TimeExpression | None, other: TimeExpression | None) -> bool:
    return one is None or other is None or (one.begin, one.end) == (other.begin, other.end)


def _join(one: Claim, other: Claim, headline: Span | None) -> Claim:
    """Keep the fuller claim, with its sentence, figure and date; the other adds who else took part.

    What a sentence does not say must not stand beside it: "die Entsendung" of a later paragraph has no figure.
    """
    below = headline is not None and headline.contains(one.evidence) and not headline.contains(other.evidence)
    full, rest = (other, one) if below else sorted((one, other), key=_fullness, reverse=True)
    roles = {
        role: tuple(sorted({*full.roles.get(role, ()), *rest.roles.get(role, ())}))
        for role in sorted({*full.roles, *rest.roles})
    }
    return replace(
        full,
        roles=roles,
        items=full.items or rest.items,
        attributed_to=full.attributed_to or rest.attributed_to,
        attribution_text=full.attribution_text or rest.attribution_text,
        confidence=max(full.confidence, rest.confidence),
    )


def _fullness(claim: Claim) -> tuple[bool, bool, int, float]:
    figure = claim.personnel or claim.quantity
    return figure is not None, claim.time is not None, len(claim.roles), claim.confidence
