"""What the writer asks of the place where a store is."""

from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from typing import Protocol

from kg.remote import QuadStore

DeriveFrom = Callable[[QuadStore], set[str] | None]
"""Derives from a store and writes to it; returns the IRIs of the things that it has looked at again, None for all."""


class Home(Protocol):
    """Where a store is, and what its writer has to do there."""

    is_derived: bool
    """Whether the derived graphs were up to date when the store was opened, or published since."""

    @property
    def store(self) -> QuadStore:
        """The quads."""

    def open_for_change(self) -> QuadStore:
        """Return the quads for a change that is neither new articles (`write`) nor a guest."""

    def explained(self) -> AbstractContextManager[None]:
        """Turn errors of what the store stands on into one line with a remedy."""

    def mark_changed(self) -> None:
        """See to it that the next writer derives everything, should this one not come to publish."""

    def write(self, quads: bytes) -> None:
        """Write the graphs of new articles, as N-Quads."""

    def bring_up_to_date(self, derive: DeriveFrom, *, is_due: bool) -> set[str] | None:
        """Derive what is due, without what others have written; return what `derive` returns."""

    def publish(self, removed: Iterable[str], touched: set[str] | None) -> None:
        """Show the result to readers.

        Args:
            removed: keys of what is gone.
            touched: IRIs of the things of which something else may be said now; None for all.
        """

    def close(self) -> None:
        """Let another process write."""
