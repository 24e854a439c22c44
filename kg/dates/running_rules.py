"""Rules for the running period and its neighbours: "vergangene Woche", "Ende des Jahres", "im Vorjahr"."""

from datetime import date, timedelta

from kg.dates import periods
from kg.dates.periods import Period
from kg.dates.reader import Reader, Reading
from kg.dates.reference import day_spoken_of, shift_days
from kg.dates.rules import Match, dated, payload, rule


@rule(
    r"(?P<p>P)a?(?P<r>[RTC])?(?P<u>U)(?!Y)",
    r"a?(?P<r>[RTC])(?P<u>U)",
    r"(?<=[ja])(?P<u>U)(?!Y)",
    r"(?<=p)(?P<u>U)(?!Y)",
)
def running(reader: Reader, match: Match) -> Reading | None:
    """Read "vergangene Woche", "diesem Jahr", "Anfang dieses Monats", "Ende des Jahres", "selben Tag", "Wochenende"."""
    groups = match.groupdict()
    unit, part = payload(reader, match, "u"), payload(reader, match, "p") if groups.get("p") else None
    word = reader.lower[match.start("u")]
    if unit in {"hour", "minute", "second", "millennium"} or (reader.is_plural(word) and not part):
        return None
    if unit == "weekend":
        return dated(reader, match, _weekend(reader, match))
    if not groups.get("r") and not part:
        return None
    steps = int(payload(reader, match, "r") or 0) if groups.get("r") else 0
    found = _running_period(reader, match, unit, steps)
    if found is None:
        return None
    return dated(reader, match, _part_of_week(found, part), of_today=groups.get("r") == "R")


@rule(r"a?(?P<r>[RT])(?=qa?[RT](?P<u>U))")
def running_before_running(reader: Reader, match: Match) -> Reading | None:
    """Read "dieses" in "dieses und das kommende Jahr"."""
    unit = reader.payloads[match.start("u")]
    if unit not in {"week", "month", "year", "quarter"}:
        return None
    found = periods.containing(unit, reader.published).shift(int(payload(reader, match, "r")))
    return dated(reader, match, found)


def _running_period(reader: Reader, match: Match, unit: str, steps: int) -> Period | None:
    code = match.groupdict().get("r") or "T"
    anchor = reader.anchor.period if reader.anchor else None
    word = reader.lower[match.start("r")] if match.groupdict().get("r") else ""
    if unit == "day":
        if word.startswith(("heutig", "gestrig", "morgig")):
            return periods.day(reader.published).shift(steps)
        if code == "R" and steps <= 0:
            return None
        return shift_days(day_spoken_of(reader, match.start()), steps)
    if code == "C":
        if anchor is None or (anchor.unit in {"year", "decade", "century"} and unit != "year"):
            return anchor
        return periods.containing(unit, anchor.begin).shift(steps)
    return periods.containing(unit, reader.published).shift(steps)


def _part_of_week(period: Period, part: str | None) -> Period:
    """Narrow a week to its part: "Ende Woche" is Friday to Sunday, "zu Wochenbeginn" Monday; others stay whole."""
    if period.unit != "week" or part is None:
        return period
    first, last = {"START": (0, 0), "MID": (2, 2), "END": (4, 6)}[part]
    begin, end = period.begin + timedelta(days=first), period.begin + timedelta(days=last)
    return Period("day" if first == last else "week", begin, end, period.value)


def _weekend(reader: Reader, match: Match) -> Period:
    this = periods.containing("weekend", reader.published)
    groups = match.groupdict()
    if not groups.get("r"):
        if this.begin <= reader.published:
            return this
        return this if reader.tense(match.start()) != "past" else this.shift(-1)
    steps = int(payload(reader, match, "r"))
    if match["r"] == "C" and reader.anchor and reader.anchor.period:
        return periods.containing("weekend", reader.anchor.period.begin)
    if steps > 0 and reader.published < this.begin:
        return this.shift(steps - 1)
    return this.shift(steps)


@rule(r"(?P<j>J)(?:(?P<y>Y)|a?(?P<r>[RT])(?P<u>U))?")
def part_of_unit(reader: Reader, match: Match) -> Reading | None:
    """Read "Jahresende", "Monatsende", "zu Wochenbeginn", "Jahreswechsel"."""
    unit, part = payload(reader, match, "j")
    base = periods.containing(unit, reader.published)
    if match["y"]:
        base = periods.whole_year(payload(reader, match, "y"))
    elif match["r"]:
        base = base.shift(int(payload(reader, match, "r")))
    if part == "TURN":
        return dated(reader, match, _turn_of_year(reader, match, base))
    if unit == "year":
        first, last = {"START": (1, 1), "MID": (6, 7), "END": (12, 12)}[part]
        year = base.begin.year
        found = Period("month", date(year, first, 1), periods.month(year, last).end, base.value)
        return dated(reader, match, found)
    return dated(reader, match, _part_of_week(base, part))


def _turn_of_year(reader: Reader, match: Match, base: Period) -> Period:
    year = base.begin.year
    if not match["y"] and reader.tense(match.start()) != "future" and reader.published.month < 12:
        year -= 1
    return Period("month", date(year, 12, 1), date(year + 1, 1, 31), f"{year}-12")


@rule(r"(?P<v>V)")
def neighbour(reader: Reader, match: Match) -> Reading | None:
    """Read "im Vorjahr", "in der Vorwoche", "heuer"."""
    unit, steps = payload(reader, match, "v")
    return dated(reader, match, periods.containing(unit, reader.published).shift(steps))


@rule(r"(?P<c>c)(?P<u>U)")
def new_year(reader: Reader, match: Match) -> Reading | None:
    """Read "im neuen Jahr": the next one, in its first months the running one."""
    if payload(reader, match, "u") != "year":
        return None
    return dated(reader, match, periods.whole_year(reader.published.year + (reader.published.month > 6)))
