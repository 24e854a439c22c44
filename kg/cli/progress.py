"""How far a long command is: a bar on a terminal, a line now and then elsewhere."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

import click

from kg.cli.tables import stderr

_PAUSE: Final = 10.0
"""Seconds between two lines where there is no terminal, such as in a log."""

Report = Callable[[str], None]
"""Says that one more is done, and which."""


@contextmanager
def reported(total: int | None) -> Iterator[Report]:
    """Show on the standard error how many articles are done, how many a minute, and how long the others will take.

    Args:
        total: how many there will be; None if nobody knows.
    """
    if stderr().is_terminal:
        with _bar(total) as report:
            yield report
    else:
        yield _Lines(total).report


@contextmanager
def _bar(total: int | None) -> Iterator[Report]:
    # A tenth of a second of imports that only a terminal needs.
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn  # noqa: PLC0415  # slow to import

    rate = TextColumn("{task.fields[rate]}")
    columns = (TextColumn("Reading"), BarColumn(), MofNCompleteColumn(), rate, TimeRemainingColumn())
    started = time.monotonic()
    with Progress(*columns, TextColumn("{task.description}"), console=stderr(), transient=True) as progress:
        bar, done = progress.add_task("", total=total, rate=""), 0

        def report(name: str) -> None:
            nonlocal done
            done += 1
            progress.update(bar, advance=1, description=name, rate=_rate(done, time.monotonic() - started))

        yield report


class _Lines:
    def __init__(self, total: int | None) -> None:
        self._total, self._done = total, 0
        self._started = self._last = time.monotonic()

    def report(self, _: str) -> None:
        self._done += 1
        now = time.monotonic()
        if now - self._last >= _PAUSE:
            self._last = now
            click.echo(describe(self._done, self._total, now - self._started), err=True)


def describe(done: int, total: int | None, seconds: float) -> str:
    """Return "120 of 10,000 articles, 240 a minute, 41 min left"."""
    number = f"{done:,}" if total is None else f"{done:,} of {total:,}"
    left = "" if total is None else f", {_duration(max(0, total - done) * seconds / done)} left"
    return f"{number} articles, {_rate(done, seconds)}{left}"


def _rate(done: int, seconds: float) -> str:
    return f"{done / max(seconds, 1e-3) * 60:,.0f} a minute"


def _duration(seconds: float) -> str:
    if seconds < 90:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 5400 else f"{seconds / 3600:.1f} h"
