"""Rules for days: of a month, of a week, holidays."""

import re
from dataclasses import replace
from datetime import date, timedelta

from kg.dates import periods
from kg.dates.periods import Period
from kg.dates.reader import Reader, Reading, on_weekday
from kg.dates.reference import YEAR_MODIFIER, choose_year, named_year
from kg.dates.rules import Match, count, dated, has, payload, rule

_DAY_STEMS = ("heutig", "gestrig", "morgig")
_MOST_WEEKS = 8
_HEADS_ENTRY = re.compile(r",K")
"""After a weekday, a time: "Dienstag, 12.58 Uhr: Eine Rakete schlägt ein" is what a ticker has noted."""
_HALF_WEEK = 3
"""Days: "an diesem Dienstag" is the nearest Tuesday."""


@rule(rf"(?:W,?)?a?(?P<d>D)(?P<m>M|m\.?)(?:(?P<y>Y)|{YEAR_MODIFIER})?")
def day_of_month(reader: Reader, match: Match) -> Reading | None:
    """Read "9. Dezember 2024", "Freitag, dem 9. Dezember", "24. Dezember vorigen Jahres"."""
    year = named_year(reader, match)
    month, number = payload(reader, match, "m"), payload(reader, match, "d")
    return _day(reader, match, year, month, number)


@rule(r"(?P<d>D)(?=[-bq/,]{1,2}[paj]?D(?P<m>M|m)(?P<y>Y)?)", r"(?P<d>D)(?=[pj]aDM)")
def day_before_day(reader: Reader, match: Match) -> Reading | None:
    """Read "23." in "vom 23. bis zum 26. Januar", "am 7. und 9. März"."""
    position = reader.codes.index("M", match.end()) if not match.groupdict().get("m") else match.start("m")
    year = reader.payloads[match.start("y")] if match.groupdict().get("y") else None
    return _day(reader, match, year, reader.payloads[position], payload(reader, match, "d"))


def _day(reader: Reader, match: Match, year: int | None, month: int, number: int) -> Reading | None:
    try:
        if year is None:
            year = choose_year(reader, match.start(), month, number)
        found = periods.day(date(year, month, number))
    except ValueError:
        return None
    named = match.groupdict().get("y") is not None
    return dated(reader, match, found, names_year=named)


@rule(r"(?P<f>F)")
def day_in_digits(reader: Reader, match: Match) -> Reading | None:
    """Read "09.12.2024", "9.12.24", "9.12.", "2024-12-09"."""
    numbers = [int(part) for part in payload(reader, match, "f").replace("-", ".").split(".") if part.strip()]
    if "-" in payload(reader, match, "f"):
        numbers.reverse()
    number, month, *rest = numbers
    year = rest[0] if rest else None
    if year is not None and year < 100:
        year += 2000 if 2000 + year <= reader.published.year + 10 else 1900
    if not 1 <= month <= 12:
        return None
    return _day(reader, match, year, month, number)


@rule(r"(?<=p)(?P<d>D)(?![A-Za-z])")
def day_alone(reader: Reader, match: Match) -> Reading | None:
    """Read "am 15." of the month spoken of; a noun behind it ("am 3. Spieltag") would make it an ordinal."""
    after = reader.pieces.words[match.end()] if match.end() < len(reader.pieces.words) else ""
    base = reader.anchor.period if reader.anchor and reader.anchor.period else periods.day(reader.published)
    if after[:1].isupper() or base.unit not in {"day", "month"}:
        return None
    return _day(reader, match, base.begin.year, base.begin.month, payload(reader, match, "d"))


@rule(r"(?P<o>[DO])?a?(?P<h>h)(?P<y>Y)?")
def holiday(reader: Reader, match: Match) -> Reading | None:
    """Read "Silvester", "zu Ostern 2025", "am ersten Weihnachtstag"."""
    kind, days = payload(reader, match, "h")
    today = reader.published

    def of_year(year: int) -> tuple[date, date]:
        if kind == "fixed":
            begin, end = (date.fromisoformat(f"{year}-{day}") for day in days)
            return begin, end
        sunday = periods.easter(year)
        return sunday + timedelta(days=days[0]), sunday + timedelta(days=days[1])

    year = named_year(reader, match)
    if year is None:
        begin, end = of_year(today.year)
        year = reader.story_year(match.start(), begin.month, begin.day)
    if year is None:
        tense = reader.tense(match.start())
        if tense == "future":
            year = today.year + (end < today)
        else:
            year = today.year - (begin > today and (tense == "past" or (begin - today).days > 180))
    begin, end = of_year(year)
    if payload(reader, match, "o") in {1, 2} and begin != end:
        begin = end = begin + timedelta(days=int(payload(reader, match, "o")))
    if begin == end:
        return dated(reader, match, periods.day(begin), names_year=bool(match["y"]))
    found = Period("day", begin, end, begin.isoformat())
    return dated(reader, match, found, names_year=bool(match["y"]))


@rule(r"a?[TC]?(?P<w>W)(?P<y>Y)")
def weekday_of_year(reader: Reader, match: Match) -> Reading:
    """Read "an jenem Sonntag 1961": the year is known, the day is not."""
    found = periods.whole_year(int(payload(reader, match, "y")))
    reader.story.named(periods.day(found.begin), reader.sentence(match.start()))
    return dated(reader, match, found)


_WEEKS_IN_DAYS = {8: 1, 14: 2}
"""Days that mean weeks: "Freitag in acht Tagen", "Montag in 14 Tagen"."""


@rule(r"(?P<w>W)(?P<s>[ri])(?P<n>N|E)(?P<u>U)")
def weekday_by_weeks(reader: Reader, match: Match) -> Reading | None:
    """Read "Montag vor einer Woche", "Freitag in zwei Wochen": from the last or the next such day."""
    number, _ = payload(reader, match, "w")
    unit, weeks = payload(reader, match, "u"), count(reader, match) or 1.0
    if unit == "day":
        weeks = _WEEKS_IN_DAYS.get(int(weeks), 0)
    if unit not in {"day", "week"} or not 1 <= weeks <= _MOST_WEEKS:
        return None
    back = match["s"] == "r"
    near = on_weekday(reader.published, number, "past" if back else "future")
    return dated(reader, match, near.shift(round(-7 * weeks if back else 7 * weeks)), of_today=True)


@rule(
    r"a?(?P<r>[RT])?(?P<w>W),?a?(?P<q>[RT])(?P<u>U)",
    r"a?(?P<r>[RTC])?(?P<w>W)(?P<t>w)?",
)
def weekday(reader: Reader, match: Match) -> Reading | None:
    """Read "Freitag", "am kommenden Donnerstag", "Freitagabend", "am Mittwoch voriger Woche"."""
    number, part = payload(reader, match, "w")
    part = part or payload(reader, match, "t")
    if has(match, "u"):
        if payload(reader, match, "u") != "week":
            return None
        week = periods.containing("week", reader.published).shift(int(payload(reader, match, "q")))
        found = periods.day(week.begin + timedelta(days=number))
    elif has(match, "r"):
        found = _weekday_by_direction(reader, match, number)
    else:
        tense = "past" if _HEADS_ENTRY.match(reader.codes, match.end()) else reader.tense(match.start("w"))
        found = _weekday_after(reader, match.start(), number) or on_weekday(reader.published, number, tense)
    reading = dated(reader, match, found, of_today=True)
    return replace(reading, type="TIME", value=f"{found.value}T{part}") if part else reading


def _weekday_by_direction(reader: Reader, match: Match, number: int) -> Period:
    """Resolve "vergangenen Donnerstag", "kommenden Donnerstag", "diesem Dienstag", "heutigen Samstag"."""
    step = int(payload(reader, match, "r"))
    today = periods.day(reader.published)
    if reader.lower[match.start("r")].startswith(_DAY_STEMS):
        return today.shift(step)
    ahead = (number - reader.published.weekday()) % 7
    if match["r"] == "R" and step:
        return today.shift(ahead or 7) if step > 0 else today.shift(ahead - 7)
    return today.shift(ahead if ahead <= _HALF_WEEK else ahead - 7)


def _weekday_after(reader: Reader, position: int, number: int) -> Period | None:
    """Resolve the second day of "kommenden Donnerstag und Freitag" from the first."""
    anchor = reader.anchor
    if anchor is None or anchor.period is None or anchor.period.unit != "day":
        return None
    if reader.codes[anchor.last : position] not in {"q", "b", "-", "qp", "bp"}:
        return None
    return anchor.period.shift((number - anchor.period.begin.weekday()) % 7)
