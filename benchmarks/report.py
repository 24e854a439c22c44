"""Where results go: tables between two marks of a page, and what is said of the machine."""

import os
import platform
import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final

from benchmarks.service import ROOT

PAGE: Final = ROOT / "docs" / "benchmarks.md"
IMAGES: Final = ROOT / "docs" / "images"


def replace_section(name: str, content: str, page: Path = PAGE) -> None:
    """Put `content` between the marks `<!-- begin NAME -->` and `<!-- end NAME -->` of a page.

    Raises:
        ValueError: the page has no such marks.
    """
    begin, end = f"<!-- begin {name} -->", f"<!-- end {name} -->"
    text, number = re.subn(
        f"{re.escape(begin)}.*?{re.escape(end)}",
        lambda _: f"{begin}\n\n{content.strip()}\n\n{end}",
        page.read_text(encoding="utf-8"),
        flags=re.DOTALL,
    )
    if number != 1:
        raise ValueError(f"{page} has {begin} … {end} {number} times; it is to have them once.")
    page.write_text(text, encoding="utf-8")


def make_table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table in Markdown; the first column is text, the others are figures."""
    lines = [header, ["---", *["---:"] * (len(header) - 1)], *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def describe_machine() -> str:
    """Say what kind of machine this is and how busy it was."""
    cores = len(os.sched_getaffinity(0))
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return (
        f"{cores} cores, {memory:.0f} GiB of memory, {platform.system()}, Python {platform.python_version()}; "
        f"load average {os.getloadavg()[0]:.1f} at the end of the run"
    )
