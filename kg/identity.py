"""When two claims are the same claim."""

from kg.model import Claim, Figure


def claim_key(stem: str, claim: Claim) -> list[object]:
    """Return the content that names a claim: all that the article says, not how sure or why we are."""

    def figure(value: Figure | None) -> list[object] | None:
        return [value.span.begin, value.span.end, value.min, value.max, value.qualifier] if value else None

    time = claim.time
    return [
        stem,
        claim.type,
        claim.status,
        [claim.trigger.begin, claim.trigger.end, claim.evidence.begin, claim.evidence.end],
        sorted((role, sorted(keys)) for role, keys in claim.roles.items() if keys),
        figure(claim.personnel),
        figure(claim.quantity),
        [claim.unit, *claim.items],
        [time.span.begin, str(time.begin), str(time.end)] if time else None,
        [*claim.attributed_to, "", *claim.relayed_by, claim.attribution_text],
    ]
