"""The figures in words and tables."""

from collections.abc import Callable

from benchmarks.report import describe_machine, make_table
from benchmarks.side_by_side.engines import OURS
from benchmarks.side_by_side.serving import Served, Timed


def tell_serving(about: str, served: Served) -> str:
    """Return the figures of the servers as tables, with what has to be known about them."""
    engines = list(dict.fromkeys(engine for times in served.times.values() for engine in times))
    header = ["", *engines]

    def rows(cell: Callable[[Timed], str]) -> list[list[str]]:
        return [
            [question, *(cell(times[engine]) if engine in times else "" for engine in engines)]
            for question, times in served.times.items()
        ]

    sections = [
        f"{about}; {describe_machine()}.",
        "Median and 95th percentile in milliseconds, as the client sees it:",
        make_table(header, rows(_tell_time)),
        "Processor time of the server in milliseconds an answer, which other work on the machine hardly changes:",
        make_table(header, rows(lambda timed: "—" if timed.error else f"{1000 * timed.cpu_each:.3g}")),
        "Memory of the server's processes after that, in MB: "
        + ", ".join(f"{engine} {size / 1e6:.0f}" for engine, size in served.memory.items())
        + ".",
        *_tell_exceptions(served),
    ]
    return "\n\n".join(sections)


def _tell_time(timed: Timed) -> str:
    return "—" if timed.error else f"{1000 * timed.middle:.3g} / {1000 * timed.high:.3g}"


def _tell_exceptions(served: Served) -> list[str]:
    """Return what is not there or not the same, a paragraph each."""
    found = [f"Not measured: {engine}, since {reason}." for engine, reason in served.missing.items()]
    for question, times in served.times.items():
        found += [f"{question}: {engine} failed ({each.error})." for engine, each in times.items() if each.error]
        ours = times[OURS].rows if OURS in times else None
        others = [f"{each.rows:,} by {name}" for name, each in times.items() if each.rows not in {None, ours}]
        if others:
            found.append(f"{question}: {ours:,} rows by {OURS}, {', '.join(others)}.")
    return found
