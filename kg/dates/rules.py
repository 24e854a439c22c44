"""The table of rules: a pattern over the word classes of `kg.dates.lexicon`, and the function that resolves it.

At each piece the first rule that matches and can be resolved wins, in the order that `install` was given.
Prepositions that only say how an expression is used ("am", "bis", "seit") are no part of it.
"""

import re
from collections.abc import Callable
from datetime import date
from types import ModuleType

from kg.dates.lexicon import Payload
from kg.dates.periods import Period
from kg.dates.reader import Reader, Reading

Match = re.Match[str]
Rule = Callable[[Reader, Match], Reading | None]

DESIGNATORS = {
    "day": "P{}D", "week": "P{}W", "month": "P{}M", "quarter": "P{}Q", "half": "P{}H", "year": "P{}Y",
    "decade": "P{}DE", "century": "P{}CE", "millennium": "P{}ML", "hour": "PT{}H", "minute": "PT{}M",
    "second": "PT{}S", "weekend": "P{}WE",
}  # fmt: skip

_BY_MODULE: dict[str, list[tuple[re.Pattern[str], Rule]]] = {}
_INSTALLED: list[tuple[re.Pattern[str], Rule]] = []


def rule(*patterns: str) -> Callable[[Rule], Rule]:
    """Register the decorated function for its patterns."""

    def register(function: Rule) -> Rule:
        table = _BY_MODULE.setdefault(function.__module__, [])
        table.extend((re.compile(pattern), function) for pattern in patterns)
        return function

    return register


def install(*modules: ModuleType) -> None:
    """Put the rules of the modules into force; where two match, the one of the earlier module wins."""
    _INSTALLED[:] = [entry for module in modules for entry in _BY_MODULE[module.__name__]]


def read_at(reader: Reader, position: int) -> Reading | None:
    """Return the expression that begins at a piece, None where none does."""
    for pattern, function in _INSTALLED:
        match = pattern.match(reader.codes, position)
        reading = _resolve(function, reader, match) if match is not None else None
        if reading is not None:
            return reading
    return None


def _resolve(function: Rule, reader: Reader, match: Match) -> Reading | None:
    try:
        return function(reader, match)
    except (ValueError, OverflowError):  # what `datetime` says of "9999999 Wochen später": no calendar goes so far
        return None


def dated(reader: Reader, match: Match, period: Period, *, names_year: bool = False, of_today: bool = False) -> Reading:
    """Return the reading of a match that names a period, and let later expressions refer to it."""
    reading = Reading(match.start(), match.end(), "DATE", period.value, period)
    reader.accept(reading, names_year=names_year, of_today=of_today)
    return reading


def spanning(match: Match, begin: date, end: date, value: str) -> Reading:
    """Return the reading of a match that names days which are no one period: "in den kommenden drei Jahren"."""
    return Reading(match.start(), match.end(), "DURATION", value, None, (begin, end))


def payload(reader: Reader, match: Match, name: str) -> Payload:
    """Return what the lexicon says of a named piece of the match; None where the pattern or the match has none."""
    return reader.payloads[match.start(name)] if has(match, name) else None


def has(match: Match, name: str) -> bool:
    """Tell whether the pattern has a group of that name and the match a piece for it."""
    return bool(match.groupdict().get(name))


def count(reader: Reader, match: Match, name: str = "n") -> float | None:
    """Return the number in a match; an article counts as one."""
    if not has(match, name):
        return None
    return 1.0 if match[name][-1] == "E" else float(reader.payloads[match.end(name) - 1])


def designator(unit: str, amount: float | None) -> str:
    """Return the ISO-TimeML value of a duration: `P3D`, `P1.5Y`, `PXW`."""
    text = "X" if amount is None else f"{amount:g}"
    return DESIGNATORS[unit].format(text)
