"""When two claims are the same claim, and when two claims are about the same happening."""

from collections.abc import Iterable, Mapping
from datetime import date

from kg.frames import Frame, Period
from kg.model import Article, Claim, Entity, Figure


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


def happening_key(article: Article, claim: Claim, entities: Mapping[str, Entity], frame: Frame) -> list[object]:
    """Return the roll-up key of a claim: two claims with the same key are about the same happening.

    The key is the event type, the fillers of the frame's core roles and the period that the claim falls into:

    - Of a core role's alternatives (`mission|destination`) the first that is filled counts.
    - Where the frame says `as_state`, a body, a leader or a place of a state counts as the state.
    - A claim without a date falls into the period of its publication.
    - A claim that fills no core role is about a happening of its own.

    Standing, source and figures are not in the key, so that claims that disagree about them meet.
    """
    core: list[list[str]] = []
    for alternatives in frame.same_roles:
        keys: Iterable[str] = next((claim.roles[role] for role in alternatives if claim.roles.get(role)), ())
        if frame.as_state:
            keys = {_state(key, entities) for key in keys}
        core.append(sorted(keys))
    if not any(core):
        return claim_key(article.stem, claim)
    day = claim.time.begin or claim.time.end if claim.time else None
    return [claim.type, core, _bucket(day or article.published, frame.period)]


def _state(key: str, entities: Mapping[str, Entity]) -> str:
    entity = entities.get(key)
    return entity.country if entity and entity.country else key


def _bucket(day: date, period: Period) -> str:
    return day.isoformat()[: {"day": 10, "month": 7, "year": 4}[period]]
