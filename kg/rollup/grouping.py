"""Claims become groups, one for each happening: bonds are followed from the strongest to the weakest.

A bond joins the groups of its two claims unless some claim of the one is apart from some claim of the other. The result
is a function of the set of claims: bonds have an order of their own, in which no two are equal, so that it does not
matter in which order articles come. Claims that no chain of bonds connects never share a group, so that after a change
only the claims connected with what has changed have to be grouped anew.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import product

from kg.rollup.accounts import Account
from kg.rollup.sameness import Bond, Sameness, reach
from kg.rollup.timeline import Timeline

Pair = frozenset[str]
"""Two claims."""


@dataclass(frozen=True, slots=True)
class Verdicts:
    """What people have decided about pairs of claims; it goes before everything that is computed."""

    one: frozenset[Pair] = frozenset()
    """Pairs that are about one happening."""
    apart: frozenset[Pair] = frozenset()
    """Pairs that are about two."""


@dataclass(frozen=True, slots=True)
class Group:
    """The claims about one happening."""

    accounts: tuple[Account, ...]
    """The earliest published first."""
    bonds: tuple[Bond, ...]
    """Those that brought them together."""

    @property
    def first(self) -> Account:
        """The claim that the event is named after."""
        return self.accounts[0]


class Grouping:
    """Groups claims of any types; see the module."""

    def __init__(self, accounts: Iterable[Account], sameness: Sameness, verdicts: Verdicts | None = None) -> None:
        self.accounts = {account.claim: account for account in sorted(accounts, key=lambda account: account.order)}
        self.sameness = sameness
        self.verdicts = verdicts or Verdicts()

    @cached_property
    def bonds(self) -> Sequence[Bond]:
        """All bonds between the claims, the strongest first."""
        found = {pair: bond for pair in self._candidates() if (bond := self.sameness.bind(*self._pair(pair)))}
        return sorted(bond for pair, bond in found.items() if pair not in self.verdicts.apart)

    def groups(self) -> list[Group]:
        """Return the groups, in the order of their first claims."""
        group_of = {claim: {claim} for claim in self.accounts}
        used: dict[str, list[Bond]] = {claim: [] for claim in self.accounts}
        for pair in sorted(self.verdicts.one, key=sorted):
            if pair <= self.accounts.keys():
                one, other = sorted(pair)
                _join(group_of, one, other)
        for bond in self.bonds:
            mine, theirs = group_of[bond.one], group_of[bond.other]
            if mine is not theirs and not self._are_apart(mine, theirs, strictly=bool(bond.undated)):
                _join(group_of, bond.one, bond.other)
                used[bond.one].append(bond)
        seen: dict[int, set[str]] = {id(group): group for group in group_of.values()}
        return [self._group(claims, used) for claims in seen.values()]

    def _group(self, claims: set[str], used: dict[str, list[Bond]]) -> Group:
        accounts = tuple(sorted((self.accounts[claim] for claim in claims), key=lambda account: account.order))
        return Group(accounts, tuple(bond for account in accounts for bond in used[account.claim]))

    def _are_apart(self, mine: Iterable[str], theirs: Iterable[str], *, strictly: bool) -> bool:
        """Tell whether some claim of one group is apart from some claim of another."""
        return any(
            frozenset(pair) in self.verdicts.apart
            or self.sameness.are_apart(*(self.accounts[claim] for claim in pair), strictly=strictly)
            for pair in product(mine, theirs)
        )

    def _pair(self, pair: Pair) -> tuple[Account, Account]:
        one, other = sorted(pair)
        return self.accounts[one], self.accounts[other]

    def _candidates(self) -> set[Pair]:
        """Return the pairs of claims of one type that name a common party and may be near in time."""
        named: dict[tuple[str, str], list[Account]] = {}
        for account in self.accounts.values():
            for party in set(self.sameness.parties(account)):
                named.setdefault((account.type, party), []).append(account)
        return {pair for (type_, _), accounts in named.items() for pair in _near_pairs(accounts, reach(type_))}


def _near_pairs(accounts: list[Account], days: int) -> Iterator[Pair]:
    """Yield the pairs of claims between which no more than some days lie."""
    timeline = Timeline(accounts)
    for account in accounts:
        for other in timeline.near(account, days):
            if account.claim < other.claim:
                yield frozenset((account.claim, other.claim))


def _join(group_of: dict[str, set[str]], one: str, other: str) -> None:
    mine, theirs = group_of[one], group_of[other]
    if mine is not theirs:
        mine |= theirs
        for claim in theirs:
            group_of[claim] = mine
