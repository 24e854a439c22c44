"""What an expression without all its parts means: the year of "im August", the day of "tags zuvor"."""

from datetime import date, timedelta

from kg.dates import periods
from kg.dates.periods import Period
from kg.dates.reader import Reader
from kg.dates.rules import Match, payload

YEAR_MODIFIER = r"(?:a?(?P<r>[RTC])(?P<u>U)|a?(?P<v>V))"
"""Classes of "vorigen Jahres", "des Vorjahres" behind a day, month or season."""
DAYS_OF = {"day": 1, "week": 7}
_SHORTEST_MONTH, _HALF_YEAR = 28, 183
"""Days."""
_LONGEST_BACK = 1000
"""Years, weeks, days: "vor 5000 Jahren" has no calendar date."""


def named_year(reader: Reader, match: Match) -> int | None:
    """Return the year that stands behind a month or a day: "2024", "vorigen Jahres", "des Vorjahres"."""
    groups = match.groupdict()
    if groups.get("y"):
        return int(payload(reader, match, "y"))
    if groups.get("v"):
        unit, steps = payload(reader, match, "v")
        return reader.published.year + int(steps) if unit == "year" else None
    if groups.get("u") and payload(reader, match, "u") == "year":
        base = reader.published.year
        if match["r"] == "C" and reader.anchor and reader.anchor.period:
            base = reader.anchor.period.begin.year
        return base + int(payload(reader, match, "r"))
    return None


def choose_year(reader: Reader, position: int, month: int, number: int) -> int:
    """Choose the year of a day or month without one.

    The year of the story that is told, else the one that the tense asks for: the last such day in the past, the next
    one in the future, the nearest where the clause says neither.
    """
    tense = reader.tense(position)
    story = reader.story_year(position, month, number)
    if story is not None and tense != "future":
        return story
    reader.story.news = True
    base = reader.published
    if reader.lower[max(0, position - 2) : position] == ["auf", "den"] and reader.anchor and reader.anchor.period:
        base, tense = reader.anchor.period.begin, "future"
    this_year = date(base.year, month, min(number, _SHORTEST_MONTH))
    away = (this_year - base).days
    if reader.lower[position - 1 : position] == ["zum"] and tense != "future":
        tense = None
    if month == base.month:
        return base.year
    if tense == "future":
        return base.year + (away < 0)
    if tense == "past":
        return base.year - (away > 0)
    return base.year + (away < -_HALF_YEAR) - (away > _HALF_YEAR)


def year_by_direction(reader: Reader, number: int, direction: int, code: str) -> int:
    """Return the year of "vergangenen Mai", "kommenden März", "diesem August"."""
    today = reader.published
    if code == "C" and reader.anchor and reader.anchor.period:
        return reader.anchor.period.begin.year
    if direction < 0:
        return today.year - (number >= today.month)
    if direction > 0:
        return today.year + (number <= today.month)
    return today.year


def next_after(period: Period, number: int) -> int:
    """Return the year of the first such month after a period: "im März darauf"."""
    return period.begin.year + (number <= period.begin.month)


def moved(base: date, unit: str, amount: float) -> date | None:
    """Return the day `amount` units after `base` (before, where it is negative); None outside the calendar."""
    if unit in DAYS_OF and abs(amount) < _LONGEST_BACK:
        return base + timedelta(days=round(amount * DAYS_OF[unit]))
    months = {"month": 1, "quarter": 3, "half": 6, "year": 12, "decade": 120, "century": 1200}.get(unit)
    if months is None or abs(amount * months) > _LONGEST_BACK * 12:
        return None
    return periods.add_months(base, round(amount * months))


def day_spoken_of(reader: Reader, position: int) -> Period:
    """Return the day that "tags zuvor" counts from: the last one named, a month only where it stands close by."""
    anchor = reader.anchor
    close = anchor is not None and reader.sentence(position) - reader.sentence(anchor.last) <= 1
    if close and anchor and anchor.period and anchor.period.unit in {"month", "season"}:
        return anchor.period
    if reader.day and reader.day.period:
        return reader.day.period
    return periods.day(reader.published)


def shift_days(base: Period, days: int) -> Period:
    """Move a day; a coarser period stays itself: the day after one in "Ende Februar" is in February for all we know."""
    if base.unit != "day":
        return base
    return periods.day((base.end if days > 0 else base.begin) + timedelta(days=days))
