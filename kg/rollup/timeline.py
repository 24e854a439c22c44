"""Claims in the order of their days, so that those near to some days are found without a look at all."""

from bisect import bisect_left
from collections.abc import Iterable, Iterator

from kg.rollup.accounts import Account
from kg.rollup.sameness import window

_LONG = 90
"""Claims over more days are looked at each time; they are few."""


class Timeline:
    """Claims of one type by the days that they may be about."""

    def __init__(self, accounts: Iterable[Account]) -> None:
        placed = sorted(((*_days(account), account) for account in accounts), key=lambda item: item[0])
        self._short = [item for item in placed if item[1] - item[0] <= _LONG]
        self._long = [item for item in placed if item[1] - item[0] > _LONG]
        self._firsts = [first for first, _, _ in self._short]

    def near(self, account: Account, reach: int) -> Iterator[Account]:
        """Yield the claims between which and an account no more than `reach` days lie."""
        first, last = _days(account)
        begin = bisect_left(self._firsts, first - reach - _LONG)
        end = bisect_left(self._firsts, last + reach + 1)
        for other_first, other_last, other in (*self._short[begin:end], *self._long):
            if other_first <= last + reach and other_last >= first - reach:
                yield other


def _days(account: Account) -> tuple[int, int]:
    days = window(account)
    return days.first.toordinal(), days.last.toordinal()
