"""The claims of an entity by type of event and role, in the order in which a reader wants to know.

First what it has a part in, forces and arms before talk; then what it tells of others; what it merely says comes last.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from flask import abort, request

from kg.fulltext.activity import Group as Count
from kg.fulltext.documents import SAYING
from kg.web.activity import ActivityLike
from kg.web.context import current_graph, page_number
from kg.web.records import EVENT_TYPES, ROLES, Claim, read_claims
from kg.web.site import PAGE_SIZE

MOST_SHOWN: Final = 48
"""Claims on the page of an entity; each group leads to a list of all of its own."""
MOST_OF_FIRST: Final = 8
"""Claims that the first group gets, before any other gets some."""
STEPS: Final = (3, 12, MOST_SHOWN)
"""How many claims each group gets, before any gets more."""


class Kind(NamedTuple):
    """What a group's claims have in common."""

    type: str
    role: str


@dataclass(frozen=True, slots=True)
class Group:
    """The claims in which an entity fills one role of one type of event."""

    type: str
    role: str
    count: int
    claims: Sequence[Claim]
    """Those that are shown, of the latest articles first."""


class Groups(NamedTuple):
    """All groups of an entity, or the one that is asked for."""

    groups: list[Group]
    is_one: bool
    """Whether one group is asked for; it comes page by page."""
    has_more: bool
    """Whether that one goes on after this page."""


def read_groups(activity: ActivityLike) -> Groups:
    """Read the claims of an entity; a request for one group (`?type=…&role=…`) gets that one, page by page.

    Raises:
        NotFound: there is no such group.
    """
    counts = count_kinds(activity.groups())
    wanted = Kind(request.args.get("type", ""), request.args.get("role", ""))
    if wanted == ("", ""):
        return Groups(_read(activity, counts), is_one=False, has_more=False)
    if wanted not in counts:
        abort(404, "There is no such list of claims.")
    parts = activity.claims(*wanted, PAGE_SIZE + 1, PAGE_SIZE * (page_number() - 1))
    claims = read_claims(current_graph(), [part.claim for part in parts[:PAGE_SIZE]], in_rows=True)
    return Groups([Group(*wanted, counts[wanted], claims)], is_one=True, has_more=len(parts) > PAGE_SIZE)


def count_kinds(counts: Sequence[Count]) -> dict[Kind, int]:
    """Return how many claims there are of each kind, in the order in which they are shown."""
    found = {Kind(each.type, each.role): each.claims for each in counts}
    return {kind: found[kind] for kind in sorted(found, key=_place)}


def share_out(counts: Mapping[Kind, int], most: int = MOST_SHOWN) -> dict[Kind, int]:
    """Return how many claims of each kind are shown: some of as many as possible, then more of the first ones."""
    turns = [(kind, MOST_OF_FIRST) for kind in counts][:1] + [(kind, step) for step in STEPS for kind in counts]
    shares = dict.fromkeys(counts, 0)
    for kind, step in turns:
        more = min(counts[kind], step) - shares[kind]
        shares[kind] += max(min(more, most - sum(shares.values())), 0)
    return {kind: share for kind, share in shares.items() if share}


def _read(activity: ActivityLike, counts: Mapping[Kind, int]) -> list[Group]:
    parts = activity.latest({(kind.type, kind.role): share for kind, share in share_out(counts).items()})
    claims = {claim.iri: claim for claim in read_claims(current_graph(), [part.claim for part in parts], in_rows=True)}
    members: dict[Kind, list[Claim]] = {}
    for part in parts:
        members.setdefault(Kind(part.type, part.role), []).append(claims[part.claim])
    return [Group(*kind, count, _by_day(members.get(kind, []))) for kind, count in counts.items()]


def _by_day(claims: Sequence[Claim]) -> list[Claim]:
    """Put claims in order: of the latest articles first, and of one day those first that have a figure."""
    told = sorted(claims, key=lambda claim: (not claim.figures, claim.article.iri, claim.evidence))
    return sorted(told, key=lambda claim: claim.article.issued, reverse=True)


def _place(kind: Kind) -> tuple[bool, int, int]:
    says = kind.role in SAYING or kind.type == "Statement"
    return says, EVENT_TYPES.index(kind.type), (*ROLES, *SAYING).index(kind.role)
