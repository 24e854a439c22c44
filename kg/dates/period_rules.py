"""Rules for months, seasons, quarters, years, decades and centuries by name."""

from datetime import date

from kg.dates import periods
from kg.dates.periods import Period
from kg.dates.reader import Reader, Reading
from kg.dates.reference import YEAR_MODIFIER, choose_year, named_year, next_after, year_by_direction
from kg.dates.rules import Match, dated, has, payload, rule

_BEFORE_MONTHS = frozenset("piarsbznokTRjBqP-,/")
"""Classes of words that make "Mai" a month."""
_LAST_CENTURY = 21
_AMBIGUOUS_MONTHS = frozenset(["Mai", "August", "März", "April", "Juni", "Juli", "Juno"])


@rule(
    rf"(?P<p>P)?a?(?P<m>M)(?:(?P<y>Y)|{YEAR_MODIFIER}|(?P<l>l))?",
    r"a?(?P<s>[RTC])(?P<m>M)(?!Y)",
)
def month(reader: Reader, match: Match) -> Reading | None:
    """Read "Mitte Dezember 2024", "im August", "im letzten Juli", "im März darauf", "im heurigen Juni"."""
    number = payload(reader, match, "m")
    if _is_name(reader, match):
        return None
    anchor = reader.anchor.period if reader.anchor else None
    year = named_year(reader, match)
    if has(match, "l") and anchor:
        year = next_after(anchor, number)
    elif has(match, "s"):
        year = year_by_direction(reader, number, payload(reader, match, "s"), match["s"])
    if year is None:
        year = choose_year(reader, match.start("m"), number, 1)
    return dated(reader, match, periods.month(year, number), names_year=has(match, "y"))


def _is_name(reader: Reader, match: Match) -> bool:
    """Tell whether a month that people are named for stands without anything that makes it one: "Karl Mai"."""
    if match.end() - match.start() > 1 or reader.pieces.words[match.start()] not in _AMBIGUOUS_MONTHS:
        return False
    return match.start() == 0 or reader.codes[match.start() - 1] not in _BEFORE_MONTHS


@rule(
    rf"(?P<p>P)?a?(?P<n>S)(?:a?U?(?P<y>Y)|{YEAR_MODIFIER}|(?P<l>l))?",
    r"(?P<p>P)?a?(?P<s>[RTC])(?P<n>S)",
)
def season(reader: Reader, match: Match) -> Reading | None:
    """Read "im Sommer 2022", "im vorigen Frühjahr", "im Frühjahr darauf", "im Herbst vergangenen Jahres"."""
    code, first, last = payload(reader, match, "n")
    this = periods.season(reader.published.year, code, first, last - first + 1)
    if this.shift(-1).end >= reader.published:
        this = this.shift(-1)
    runs = this.begin <= reader.published <= this.end
    anchor = reader.anchor.period if reader.anchor else None
    year = named_year(reader, match)
    if has(match, "l") and anchor:
        year = next_after(anchor, first)
    elif has(match, "s"):
        steps = payload(reader, match, "s")
        year = this.begin.year + steps if runs else year_by_direction(reader, first, steps, match["s"])
    if year is None:
        year = choose_year(reader, match.start("n"), first, 1)
        year = this.begin.year if runs and abs(year - this.begin.year) <= 1 else year
    found = periods.season(year, code, first, last - first + 1)
    return dated(reader, match, found, names_year=has(match, "y"))


@rule(r"a?(?P<o>[DO])(?P<u>U)(?:(?P<y>Y)|a?(?P<r>[RT])(?P<w>U)|a?(?P<v>V))?")
def quarter(reader: Reader, match: Match) -> Reading | None:
    """Read "im dritten Quartal 2024", "im ersten Halbjahr des kommenden Jahres", "im 19. Jahrhundert"."""
    unit, number = payload(reader, match, "u"), int(payload(reader, match, "o"))
    if unit == "century" and number <= _LAST_CENTURY:
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


@rule(r"(?:(?P<p>P)a)?a?(?P<h>H)(?P<u>U)", r"(?P<p>P)?a?(?P<h>8)", r"(?P<p>P)?(?<=a)(?P<h>H)(?![A-Za-z])")
def decade(reader: Reader, match: Match) -> Reading | None:
    """Read "in den 1990er Jahren", "der neunziger Jahre", "70er-Jahre"."""
    number = int(payload(reader, match, "h"))
    if number < 100:
        number += 1900 if number >= 20 else 2000
    return dated(reader, match, periods.containing("decade", date(number, 1, 1)))
