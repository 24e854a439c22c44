"""Whether two claims of one type can be about one happening, and what speaks for it.

Two claims are *bound* if they agree on who and where and are near enough in time; they are *apart* if they cannot be
about one happening. Claims that are neither may still come together by others that are bound to both.

**Who and where.** In a core role of the frame (`[same]`), and in every role for a place, the fillers have to meet: they
are the same, or one belongs to the other as a capital, a minister or an army to its state. Where the frame says
`as_state`, two that belong to one state meet too, unless the role is for places: Odessa and Charkiw are not the same.
What a minister says is not what another of his state says: a speaker has to be the same. Of participants two have to
meet, or all where one claim names but one. Where a core role is not filled by both, or by a single participant, the
claims have to be dated to the same days or to stand in one article.

**When.** A dated claim covers its days; an undated one those around its publication that its standing leaves open. Two
claims are near if no more days than the frame's `days` lie between them, and apart if more than one day more do: "in
der Nacht zum Freitag" is told as Thursday's by some and as Friday's by others. An undated claim brings claims together
only if they are near.

An edition of a summit takes place once, whatever days are named. Where the date of an article is but assumed, an
undated claim of it is near to claims of the same article only.

**What.** Things that have no word in common are apart, and so are figures that are not of one order. A part is not the
whole: "weitere 400 Soldaten" and a larger figure are apart, "insgesamt 800 Soldaten" and a clearly smaller one, and
"weitere 400 Soldaten" and those of other days or, in one article, any others. What was planned and what has happened
are not bound where their figures differ: of 2500 who are to go 400 have come. Two claims of one article that differ
neither in their standing nor in their source are apart too: the extraction has joined what that article tells twice,
and kept the rest as two.
"""

import re
from collections.abc import Callable, Container, Iterable, Iterator
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from kg.frames import load_frames
from kg.rollup.accounts import Account
from kg.rollup.figures import are_part_and_whole, figures_of, of_one_order, overlap

Country = Callable[[str], str | None]
"""Returns the country that a thing belongs to, both by their IRIs."""

PLACES = frozenset({"destination", "origin", "place", "target"})
"""Roles in which two things of one state are two: a target is as often a town as a state."""

_SAYING = frozenset({"Statement", "Appeal"})
"""Types whose undated claims are about the day of publication or the one before, whatever their standing."""
_OPEN = {
    **{"occurred": (10, 0), "planned": (0, 60), "requested": (0, 60), "possible": (7, 60), "denied": (7, 7)},
    "saying": (1, 0),
}
"""How many days before and after its publication an undated claim may be about, by its standing."""
_PARTICIPANT, _SPEAKER = "participant", "speaker"
_ENOUGH = 2
"""Participants that have to meet, if both claims name as many."""
_WEEK = 7
_EVER = date.max.toordinal()
_EDITION = "summit"
"""The role that names the happening itself."""
_LEEWAY = 1
"""Days beyond the frame's that do not yet set two claims apart."""
_PLAN_AND_DEED = {"planned", "occurred"}
_NO_THING = frozenset(
    ["vom", "typ", "der", "die", "das", "den", "für", "und", "system", "systeme", "mit", "aus", "von"]
)
"""Words in the names of what is sent that say nothing of what it is."""


class Window(NamedTuple):
    """The days that a claim may be about."""

    first: date
    last: date
    dated: bool

    @property
    def is_short(self) -> bool:
        """Whether the claim is dated to a week or better."""
        return self.dated and (self.last - self.first).days < _WEEK


class Bond(NamedTuple):
    """Two claims that may be about one happening; the smaller the stronger."""

    missing: int
    """On how many core roles the two do not agree, because one does not fill it."""
    gap: int
    """Days between the two; 0 where they overlap."""
    figures: int
    """Minus the number of figures that agree."""
    likeness: float
    """Minus the likeness of the core roles, summed up."""
    undated: int
    """How many of the two are undated."""
    distance: int
    """How many days the two lie apart, first and last days summed up."""
    one: str
    other: str
    """The two claims, the earlier published one first."""
    why: str
    """What agrees, in English."""


def window(account: Account) -> Window:
    """Return the days that a claim may be about."""
    first, last = account.begin or account.end, account.end or account.begin
    if first and last:
        return Window(first, max(first, last), dated=True)
    return _open_window(account.published, "saying" if account.type in _SAYING else account.status)


@lru_cache(maxsize=4096)
def _open_window(published: date, standing: str) -> Window:
    before, after = _OPEN[standing]
    return Window(_shift(published, -before), _shift(published, after), dated=False)


def _shift(day: date, days: int) -> date:
    """Return the day some days later, or the first or last of all days."""
    return date.fromordinal(min(max(day.toordinal() + days, date.min.toordinal()), date.max.toordinal()))


def reach(type_: str) -> int:
    """Return how many days may lie between two claims of a type at most: any number where editions are named."""
    frame = load_frames()[type_]
    return _EVER if _EDITION in frame.roles else frame.days


class Sameness:
    """Compares claims; `country` tells which state a thing belongs to."""

    def __init__(self, country: Country) -> None:
        self.country = country

    def parties(self, account: Account) -> Iterator[str]:
        """Yield what claims that can be bound to this one name too: fillers, and what they belong to."""
        for fillers in account.roles.values():
            for filler in fillers:
                yield filler
                if country := self.country(filler):
                    yield country

    def bind(self, one: Account, other: Account) -> Bond | None:
        """Return what binds two claims of one type; None where nothing does."""
        frame, gap = load_frames()[one.type], _gap(one, other)
        if gap > frame.days or _has_no_place(one, other) or self.are_apart(one, other):
            return None
        if {one.status, other.status} == _PLAN_AND_DEED and not all(overlap(a, b) for a, b in figures_of(one, other)):
            return None
        mine, theirs = window(one), window(other)
        likeness = {role: found for role in {*one.roles, *other.roles} if (found := self._meet(one, other, role))}
        agreed = [role for group in frame.same_roles for role in group if role in likeness]
        missing = sum(_is_missing(group, one, other, likeness) for group in frame.same_roles)
        close = _EDITION in agreed or one.article == other.article or (gap == 0 and mine.is_short and theirs.is_short)
        if not agreed or (missing and one.type not in _SAYING and not close):
            return None
        first, second = sorted((one, other), key=lambda account: account.order)
        return Bond(
            missing=missing,
            gap=gap,
            figures=-sum(a == b for a, b in figures_of(one, other)),
            likeness=-round(sum(max(likeness.get(role, 0.0) for role in group) for group in frame.same_roles), 6),
            undated=2 - mine.dated - theirs.dated,
            distance=_distance(one, other),
            one=first.claim,
            other=second.claim,
            why=_explain(agreed, mine, theirs, gap),
        )

    def are_apart(self, one: Account, other: Account, *, strictly: bool = False) -> bool:
        """Tell whether two claims of one type cannot be about one happening; `strictly`, not even with a day more."""
        if one.article == other.article and (one.status, one.sources) == (other.status, other.sources):
            return True
        frame = load_frames()[one.type]
        if _gap(one, other) > frame.days + (0 if strictly else _LEEWAY) and not _has_no_place(one, other):
            return True
        core = {role for group in frame.same_roles for role in group} | PLACES
        if any(self._meet(one, other, role) == 0 for role in core & one.roles.keys() & other.roles.keys()):
            return True
        if one.items and other.items and _words(one.items).isdisjoint(_words(other.items)):
            return True
        return (
            any(not of_one_order(a, b) for a, b in figures_of(one, other))
            or are_part_and_whole(one, other)
            or _is_more(one, other)
        )

    def _meet(self, one: Account, other: Account, role: str) -> float:
        """Return how alike the fillers of a role are, from 0 (they do not meet) to 1 (they are the same)."""
        mine, theirs = one.roles.get(role, frozenset()), other.roles.get(role, frozenset())
        if mine == theirs:
            return 1.0 if mine else 0.0
        pairs = sorted((-self._likeness(a, b, one.type, role), a, b) for a in mine for b in theirs)
        left, right, total, met = set(mine), set(theirs), 0.0, 0
        for likeness, a, b in pairs:
            if likeness and a in left and b in right:
                left.remove(a)
                right.remove(b)
                total, met = total - likeness, met + 1
        enough = min(_ENOUGH, len(mine), len(theirs)) if role == _PARTICIPANT else 1
        return total / max(len(mine), len(theirs)) if met >= enough else 0.0

    def _likeness(self, one: str, other: str, type_: str, role: str) -> float:
        if one == other:
            return 1.0
        if role == _SPEAKER:
            return 0.0
        mine, theirs = self.country(one), self.country(other)
        of_state = load_frames()[type_].as_state and role not in PLACES
        return 0.5 if mine == other or theirs == one or (of_state and mine is not None and mine == theirs) else 0.0


def _gap(one: Account, other: Account) -> int:
    """Return how many days lie between two claims, 0 where they overlap or are about one edition of a summit."""
    if one.roles.get(_EDITION, one) == other.roles.get(_EDITION):
        return 0
    mine, theirs = window(one), window(other)
    return max((mine.first - theirs.last).days, (theirs.first - mine.last).days, 0)


def _has_no_place(one: Account, other: Account) -> bool:
    """Tell whether nothing is known of how two claims of two articles lie in time."""
    undated = (account for account in (one, other) if account.assumed and not (account.begin or account.end))
    return one.article != other.article and any(undated)


def _is_missing(group: Iterable[str], one: Account, other: Account, agreed: Container[str]) -> bool:
    """Tell whether two claims do not agree on a core role, given by its alternatives.

    A single participant agrees with too many meetings, unless the place agrees too: "Xi reist nach Belgrad".
    """
    if _PARTICIPANT in group and min(len(account.roles.get(_PARTICIPANT, ())) for account in (one, other)) < _ENOUGH:
        return "place" not in agreed
    return not any(role in agreed for role in group)


def _distance(one: Account, other: Account) -> int:
    """Return how far two claims lie apart; an undated one stands on the day of its publication."""
    (a, b), (c, d) = ((account.begin or account.end, account.end or account.begin) for account in (one, other))
    begins = (a or one.published) - (c or other.published)
    ends = (b or one.published) - (d or other.published)
    return abs((begins + ends).days)


def _is_more(one: Account, other: Account) -> bool:
    """Tell whether one counts some beside those of the other: "am Mittwoch weitere 400" after the first 400.

    Where one article tells both, the day does not matter.
    """
    if one.article == other.article and any(figures_of(one, other)):
        return (one.share == "more") != (other.share == "more")
    dated = window(one).is_short and window(other).is_short
    return dated and "more" in {one.share, other.share} and _gap(one, other) > _LEEWAY


def _words(items: Iterable[str]) -> set[str]:
    found = {word for item in items for word in re.findall(r"\w+", item.casefold())}
    return {word for word in found - _NO_THING if len(word) > 2 or word.isdigit()}


def _explain(agreed: list[str], one: Window, other: Window, gap: int) -> str:
    if one.dated and other.dated:
        when = f"{gap} days lie between them" if gap > 1 else "a day lies between them" if gap else "the days overlap"
    else:
        when = "the days of publication allow it"
    return f"{' and '.join(agreed)} agree{'' if len(agreed) > 1 else 's'}, {when}"
