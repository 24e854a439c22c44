"""When two claims are the same claim, and when two claims are about the same happening."""

from collections.abc import Callable, Collection, Iterable, Mapping
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
    day = claim.time.begin or claim.time.end if claim.time else None

    def country(key: str) -> str | None:
        entity = entities.get(key)
        return entity.country if entity else None

    return core_key(frame, claim.roles, day or article.published, country) or claim_key(article.stem, claim)


def core_key(
    frame: Frame, roles: Mapping[str, Collection[str]], day: date, country: Callable[[str], str | None]
) -> list[object] | None:
    """Return the roll-up key of a claim with these roles on this day; None where it fills no core role.

    Args:
        frame: of the claim's type.
        roles: role to the keys of the entities that fill it.
        day: of the happening, or else of the publication.
        country: key of an entity to that of the country that it belongs to.
    """
    core: list[list[str]] = []
    for alternatives in frame.same_roles:
        keys: Iterable[str] = next((roles[role] for role in alternatives if roles.get(role)), ())
        core.append(sorted({country(key) or key for key in keys} if frame.as_state else keys))
    return [frame.name, core, _bucket(day, frame.period)] if any(core) else None


def _bucket(day: date, period: Period) -> str:
    return day.isoformat()[: {"day": 10, "month": 7, "year": 4}[period]]
