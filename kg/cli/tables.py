"""Tables and lines for the terminal; plain text where the output is no terminal."""

from collections.abc import Iterable, Mapping, Sequence

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table
from rich.text import Text

from kg.model import STATUSES

_WIDE = 200
"""Width where the output is no terminal: a pipe has no edge."""


def stdout() -> Console:
    """Return the console for results, which stand there as they are: `:de:` is no flag, `[b]` no bold type."""
    console = Console(highlight=False, soft_wrap=True, markup=False, emoji=False)
    if not console.is_terminal:
        console.width = _WIDE
    return console


def stderr() -> Console:
    """Return the console for progress and notes."""
    return Console(stderr=True, highlight=False)


def count_line(number: int, noun: str, several: str = "") -> str:
    """Return `1 article`, `1,200 articles`; `several` is a plural that has no "s" alone."""
    return f"{number:,} {noun if number == 1 else several or f'{noun}s'}"


def claim_table(claims: Mapping[tuple[str, str], int]) -> Table:
    """Return a table of claims by event type and status."""
    kinds = sorted({kind for kind, _ in claims})
    rows = [(kind, [claims.get((kind, status), 0) for status in STATUSES]) for kind in kinds]
    rows.append(("all", [sum(column) for column in zip(*(numbers for _, numbers in rows), strict=True)]))
    return table(["event", "claims", *STATUSES], [[kind, sum(numbers), *numbers] for kind, numbers in rows])


def table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> Table:
    """Return a table; columns of numbers are aligned to the right, and 0 and None are left empty."""
    kept = [list(row) for row in rows]
    out = Table(box=SIMPLE_HEAD, show_edge=False, pad_edge=False)
    for column, title in enumerate(head):
        numeric = any(isinstance(row[column], int) for row in kept)
        out.add_column(title, justify="right" if numeric else "left", overflow="fold")
    for row in kept:
        out.add_row(
            *(Text("" if cell in (None, 0) else f"{cell:,}" if isinstance(cell, int) else str(cell)) for cell in row)
        )
    return out
