"""The year that is being told of: "Am 29. Oktober 1956 … Mitte November trafen die ersten Dänen ein"."""

from dataclasses import dataclass
from datetime import date

from kg.dates.periods import Period

_LONGEST_STORY, _LONGEST_ASIDE = 30, 1
"""Sentences for which a year holds that was named with a day; with a month only, in an article about today."""
_OVER_THE_TURN = 75
"""Days: a date this near in the neighbouring year is meant, "Am 3. Januar 1990 … am 22. Dezember"."""
_LEAST_YEARS = 5
"""Years: "vor 50 Jahren" begins a story, "vor drei Jahren" does not."""


@dataclass
class Story:
    """What was named of earlier years so far; positions count sentences from the text's beginning."""

    published: date
    news: bool = False
    """Whether the article speaks of the present, with a weekday anywhere or with a day or month of no other year so
    far: then a month of another year is but an aside."""
    main: tuple[date, int] | None = None
    """A day and where it was named."""
    aside: tuple[date, int] | None = None

    def of_today(self) -> None:
        """End the story: something counts from the publication date."""
        self.news, self.main, self.aside = True, None, None

    def named(self, period: Period, sentence: int) -> None:
        """Note a period that named its year."""
        if period.end.year >= self.published.year:
            self.main = self.aside = None
        elif period.unit == "day":
            self.main, self.aside = (period.begin, sentence), None
        elif period.unit in {"month", "season"} or (period.unit == "year" and self.main is not None):
            self.aside = (period.begin, sentence)

    def years_ago(self, day: date, years: float, sentence: int) -> None:
        """Note "vor 50 Jahren"."""
        if years >= _LEAST_YEARS:
            self.main, self.aside = (day, sentence), None

    def year_of(self, month: int, day: int, sentence: int, *, until: bool = False) -> int | None:
        """Return the year that a day without one falls in; None where no story is being told.

        `until`: it ends what was told of, "im Januar 2023 … bis November".
        """
        base = None
        if self.main is not None and sentence - self.main[1] <= _LONGEST_STORY:
            base = self.main[0]
        if self.aside is not None:
            longest = _LONGEST_ASIDE if self.news or base is not None else _LONGEST_STORY
            if sentence - self.aside[1] <= longest:
                base = self.aside[0]
        if base is None:
            return None
        if until:
            return base.year if (month, day) >= (base.month, base.day) else base.year + 1
        for year in (base.year - 1, base.year + 1):
            if abs((date(year, month, min(day, 28)) - base).days) <= _OVER_THE_TURN:
                return year
        return base.year
