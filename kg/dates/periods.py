"""Calendar periods: a day, an ISO week, a month, a season … with their first and last day."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

Unit = Literal["day", "week", "weekend", "month", "quarter", "half", "season", "year", "decade", "century"]

_MONTHS_OF: dict[str, int] = {"month": 1, "quarter": 3, "half": 6, "year": 12, "decade": 120, "century": 1200}


@dataclass(frozen=True, slots=True)
class Period:
    """Days that belong together, and how ISO-TimeML writes them."""

    unit: Unit
    begin: date
    end: date
    value: str
    """`2024-11-15`, `2024-W46`, `2024-W46-WE`, `2024-11`, `2024-Q4`, `2024-H2`, `2024-SU`, `2024`, `199`, `19`."""

    def shift(self, steps: int) -> "Period":
        """Return the period `steps` units later: the week after, the month before, the same season a year on."""
        if self.unit == "day":
            return day(self.begin + timedelta(days=steps))
        if self.unit in {"week", "weekend"}:
            return containing(self.unit, self.begin + timedelta(weeks=steps))
        if self.unit == "season":
            return season(self.begin.year + steps, self.value[-2:], self.begin.month, _months_between(self) + 1)
        return containing(self.unit, add_months(self.begin, steps * _MONTHS_OF[self.unit]))


def day(when: date) -> Period:
    """Return one day."""
    return Period("day", when, when, when.isoformat())


def month(year: int, number: int) -> Period:
    """Return a month."""
    return Period("month", date(year, number, 1), _month_end(year, number), f"{year:04}-{number:02}")


def whole_year(year: int) -> Period:
    """Return a year."""
    return Period("year", date(year, 1, 1), date(year, 12, 31), f"{year:04}")


def season(year: int, code: str, first_month: int, months: int) -> Period:
    """Return a season of `months` months from `first_month` on; a winter reaches into the next year."""
    begin = date(year, first_month, 1)
    last = add_months(begin, months - 1)
    return Period("season", begin, _month_end(last.year, last.month), f"{year:04}-{code}")


def containing(unit: str, when: date) -> Period:
    """Return the day, ISO week, weekend of that week, month … that `when` lies in."""
    if unit in {"week", "weekend"}:
        monday = when - timedelta(days=when.weekday())
        year, number, _ = when.isocalendar()
        sunday = monday + timedelta(days=6)
        if unit == "week":
            return Period("week", monday, sunday, f"{year:04}-W{number:02}")
        return Period("weekend", monday + timedelta(days=5), sunday, f"{year:04}-W{number:02}-WE")
    if unit == "day":
        return day(when)
    if unit == "month":
        return month(when.year, when.month)
    if unit == "year":
        return whole_year(when.year)
    return _part_or_many_years(unit, when)


def _part_or_many_years(unit: str, when: date) -> Period:
    if unit in {"quarter", "half"}:
        months = _MONTHS_OF[unit]
        number = (when.month - 1) // months
        begin, end = date(when.year, number * months + 1, 1), _month_end(when.year, (number + 1) * months)
        value = f"{when.year:04}-{unit[0].upper()}{number + 1}"
        return Period("quarter" if unit == "quarter" else "half", begin, end, value)
    if unit == "decade":
        first = when.year // 10 * 10
        return Period("decade", date(first, 1, 1), date(first + 9, 12, 31), f"{first // 10}")
    first = when.year // 100 * 100
    return Period("century", date(max(first, 1), 1, 1), date(first + 99, 12, 31), f"{first // 100:02}")


def add_months(when: date, months: int) -> date:
    """Return the same day `months` months later, the month's last day where it has no such day."""
    year, index = divmod(when.year * 12 + when.month - 1 + months, 12)
    return date(year, index + 1, min(when.day, _month_end(year, index + 1).day))


def easter(year: int) -> date:
    """Return Easter Sunday by the anonymous Gregorian algorithm (Meeus, Astronomical Algorithms, ch. 8)."""
    a, b, c = year % 19, year // 100, year % 100
    d, e = divmod(b, 4)
    g = (8 * b + 13) // 25
    h = (19 * a + b - d - g + 15) % 30
    i, k = divmod(c, 4)
    lunar = (32 + 2 * e + 2 * i - h - k) % 7
    m = (a + 11 * h + 22 * lunar) // 451
    number, index = divmod(h + lunar - 7 * m + 114, 31)
    return date(year, number, index + 1)


def _month_end(year: int, number: int) -> date:
    return date(year + number // 12, number % 12 + 1, 1) - timedelta(days=1)


def _months_between(period: Period) -> int:
    return (period.end.year - period.begin.year) * 12 + period.end.month - period.begin.month
