"""Rules for what a calendar names: days, months, seasons, holidays, years, decades, centuries."""

from datetime import date, timedelta

from kg.dates import periods
from kg.dates.lexicon import load_date_words
from kg.dates.periods import Period
from kg.dates.reader import Reader, Reading, on_weekday
from kg.dates.rules import Match, dated, payload, rule

_YEAR_MODIFIER = r"(?:a?(?P<r>[RTC])(?P<u>U)|a?(?P<v>V))"
_PLAIN_MONTHS_NEED = frozenset("piarsbznokTRjBqP-,/")
_AMBIGUOUS_MONTHS = frozenset(["Mai", "August", "März", "April", "Juni", "Juli", "Juno"])
_SOON = 180
"""Days: "zum 1. Januar" is ahead if it is nearer than this."""
_SOON_MONTHS = 9
"""Months: in the present tense, "im Mai" is ahead unless it was just now."""


@rule(rf"(?:W,?a?)?(?P<d>D)(?P<m>M|m\.?)(?:(?P<y>Y)|{_YEAR_MODIFIER})?")
def day_of_month(reader: Reader, match: Match) -> Reading | None:
    """Read "9. Dezember 2024", "Freitag, dem 9. Dezember", "24. Dezember vorigen Jahres"."""
    year = _named_year(reader, match)
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
            year = _year_for(reader, match.start(), date(reader.published.year, month, min(number, 28)))
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


@rule(rf"(?P<p>P)?(?P<m>M)(?:(?P<y>Y)|{_YEAR_MODIFIER})?(?P<l>l)?", rf"a?(?P<s>[RTC])(?P<m>M)(?!Y)")
def month(reader: Reader, match: Match) -> Reading | None:
    """Read "Mitte Dezember 2024", "im August", "im letzten Juli", "im März darauf", "im heurigen Juni"."""
    groups = match.groupdict()
    number = payload(reader, match, "m")
    before = reader.codes[match.start() - 1] if match.start() > 0 else "."
    bare = not (groups.get("p") or groups.get("y") or groups.get("s"))
    if bare and reader.pieces.words[match.start("m")] in _AMBIGUOUS_MONTHS and before not in _PLAIN_MONTHS_NEED:
        return None
    if groups.get("l") and reader.anchor and reader.anchor.period:
        year = _next_after(reader.anchor.period, number)
    elif groups.get("s"):
        year = _year_by_direction(reader, number, payload(reader, match, "s"), match["s"])
    else:
        year = _named_year(reader, match) or _year_for(
            reader, match.start("m"), date(reader.published.year, number, 1), one_month=True
        )
    return dated(reader, match, periods.month(year, number), names_year=bool(groups.get("y")))


def _next_after(period: Period, number: int) -> int:
    return period.begin.year + (number <= period.begin.month)


def _year_by_direction(reader: Reader, number: int, direction: int, code: str) -> int:
    """Return the year of "vergangenen Mai", "kommenden März", "diesem August"."""
    today = reader.published
    if code == "C" and reader.anchor and reader.anchor.period:
        return reader.anchor.period.begin.year
    if direction < 0:
        return today.year - (number >= today.month)
    if direction > 0:
        return today.year + (number <= today.month)
    return today.year


def _named_year(reader: Reader, match: Match) -> int | None:
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


def _year_for(reader: Reader, position: int, this_year: date, *, one_month: bool = False) -> int:
    """Choose the year of a day or month without one: by the story told, else by tense and the publication date."""
    today = reader.published
    tense = reader.tense(position)
    story = reader.story_year(position, this_year.month, this_year.day)
    if story is not None and tense != "future":
        return story
    if reader.anchor and reader.anchor.period and reader.lower[max(0, position - 2) : position] == ["auf", "den"]:
        base = reader.anchor.period.begin
        return base.year + (this_year.replace(year=base.year) < base)
    if reader.lower[position - 1 : position] == ["zum"] and 0 <= (this_year - today).days % 366 <= _SOON:
        return today.year + (this_year < today)
    if one_month and this_year.month == today.month:
        return today.year
    if tense == "future":
        return today.year + (this_year < today)
    if tense == "past":
        return today.year - (this_year > today)
    ahead = (this_year.month - today.month) % 12
    if tense == "present":
        return today.year + (this_year < today and ahead <= _SOON_MONTHS)
    return today.year + (this_year.month < today.month) if ahead <= 3 else today.year - (this_year > today)


@rule(r"(?P<p>P)?a?(?P<s>[RT])?(?P<n>S)(?P<y>Y)?(?P<l>l)?", r"(?P<n>S)a?(?P<r>[RT])(?P<u>U)")
def season(reader: Reader, match: Match) -> Reading | None:
    """Read "im Sommer 2022", "im vorigen Frühjahr", "im Frühjahr darauf", "im Herbst vergangenen Jahres"."""
    code, first, last = payload(reader, match, "n")
    groups = match.groupdict()
    this = periods.season(reader.published.year, code, first, last - first + 1)
    year = _named_year(reader, match)
    if year is None and groups.get("l") and reader.anchor and reader.anchor.period:
        year = _next_after(reader.anchor.period, first)
    if year is None and groups.get("s"):
        steps = payload(reader, match, "s")
        year = _year_by_direction(reader, first, steps, match["s"])
        if steps < 0 and this.begin <= reader.published <= this.end:
            year = reader.published.year - 1
    if year is None:
        year = _year_for(reader, match.start("n"), this.begin)
        if this.begin <= reader.published <= this.end and year in {this.begin.year - 1, this.begin.year + 1}:
            year = this.begin.year
    found = periods.season(year, code, first, last - first + 1)
    return dated(reader, match, found, names_year=bool(groups.get("y")))


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

    year = _named_year(reader, match)
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


@rule(r"(?P<o>[DO])(?P<u>U)(?:(?P<y>Y)|a?(?P<r>[RT])(?P<w>U)|a?(?P<v>V))?")
def quarter(reader: Reader, match: Match) -> Reading | None:
    """Read "im dritten Quartal 2024", "im ersten Halbjahr des kommenden Jahres", "im 19. Jahrhundert"."""
    unit, number = payload(reader, match, "u"), int(payload(reader, match, "o"))
    if unit == "century" and number <= 21:
        return dated(reader, match, periods.containing("century", date(max((number - 1) * 100, 1), 1, 1)))
    months = {"quarter": 3, "half": 6}.get(unit)
    if months is None or number > 12 // months:
        return None
    year = payload(reader, match, "y") or reader.published.year + int(payload(reader, match, "r") or 0)
    return dated(reader, match, periods.containing(unit, date(int(year), (number - 1) * months + 1, 1)))


@rule(
    r"(?P<p>P)?a?(?P<j>U)?(?P<y>Y)/(?P<n>N)",
    r"(?P<p>P)?a?(?P<j>U)(?P<y>Y)",
    r"(?P<p>P)?(?P<y>Y)",
)
def year(reader: Reader, match: Match) -> Reading | None:
    """Read "2024", "im Jahr 2014", "Ende 2027", "2013/14"."""
    number = int(payload(reader, match, "y"))
    if payload(reader, match, "j") not in {None, "year"}:
        return None
    found = periods.whole_year(number)
    second = match.groupdict().get("n")
    if second:
        follows = int(payload(reader, match, "n"))
        if follows % 100 != (number + 1) % 100:
            return None
        found = Period("year", found.begin, date(number + 1, 12, 31), found.value)
    during = match.start() == 0 or reader.codes[match.start() - 1] not in "sbo"
    return dated(reader, match, found, names_year=during)


@rule(r"(?P<p>P)?a?(?P<h>H)(?P<u>U)", r"(?P<p>P)?a?(?P<h>I)", r"(?P<p>P)?(?<=a)(?P<h>H)(?![A-Za-z])")
def decade(reader: Reader, match: Match) -> Reading | None:
    """Read "in den 1990er Jahren", "der neunziger Jahre", "70er-Jahre"."""
    number = int(payload(reader, match, "h"))
    if number < 100:
        number += 1900 if number >= 20 else 2000
    return dated(reader, match, periods.containing("decade", date(number, 1, 1)))


@rule(r"(?P<w>W)(?P<y>Y)")
def weekday_of_year(reader: Reader, match: Match) -> Reading:
    """Read "an jenem Sonntag 1961": the year is known, the day is not."""
    found = periods.whole_year(int(payload(reader, match, "y")))
    reader.story.named(periods.day(found.begin), reader.sentence(match.start()))
    return dated(reader, match, found)


@rule(
    r"a?(?P<r>[RT])?(?P<w>W)-?,?a?(?P<q>[RT])(?P<u>U)",
    r"a?(?P<r>[RTC])?(?P<w>W)(?P<t>w)?",
)
def weekday(reader: Reader, match: Match) -> Reading | None:
    """Read "Freitag", "am kommenden Donnerstag", "Freitagabend", "am Mittwoch voriger Woche"."""
    number, part = payload(reader, match, "w")
    groups = match.groupdict()
    anchor = reader.anchor
    joined = anchor is not None and reader.codes[anchor.last : match.start()] in {"q", "b", "-", "qp", "bp"}
    part = part or (payload(reader, match, "t") if groups.get("t") else None)
    today = periods.day(reader.published)
    if groups.get("u"):
        if payload(reader, match, "u") != "week":
            return None
        week = periods.containing("week", reader.published).shift(int(payload(reader, match, "q")))
        found = periods.day(week.begin + timedelta(days=number))
    elif groups["r"] in {"R", "C"} and payload(reader, match, "r"):
        step = int(payload(reader, match, "r"))
        ahead = (number - reader.published.weekday()) % 7
        found = today.shift(ahead or 7) if step > 0 else today.shift((ahead or 7) - 7 if ahead else -7)
    elif groups["r"] == "T":
        ahead = (number - reader.published.weekday()) % 7
        found = today.shift(ahead if ahead <= 3 else ahead - 7)
    elif joined and anchor is not None and anchor.period is not None and anchor.period.unit == "day":
        found = anchor.period.shift((number - anchor.period.begin.weekday()) % 7)
    else:
        found = on_weekday(reader.published, number, reader.tense(match.start("w")))
    reading = dated(reader, match, found, of_today=True)
    if part is None:
        return reading
    return Reading(match.start(), match.end(), "TIME", f"{found.value}T{part}", found)


def holidays() -> frozenset[str]:
    """Return the names of holidays that are read."""
    words = load_date_words()["holidays"]
    return frozenset(words["fixed"]) | frozenset(words["moving"])
