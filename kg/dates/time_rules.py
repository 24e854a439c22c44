"""Rules for times of day, "heute" and its like."""

from datetime import date, timedelta

from kg.dates import periods
from kg.dates.periods import Period
from kg.dates.reader import Reader, Reading
from kg.dates.reference import moved
from kg.dates.rules import Match, count, dated, payload, read_at, rule

_HOURS = 24


@rule(r"(?P<w>w)[op][WD]ja?(?P<d>[WD])", r"(?P<w>w)[pj]a?(?P<d>[WD])")
def night_before(reader: Reader, match: Match) -> Reading | None:
    """Read "Nacht zum Dienstag", "Nacht auf den 1. März 2007", "Nacht vom 11. auf den 12. Juni"."""
    if payload(reader, match, "w") != "NI":
        return None
    day = read_at(reader, match.start("d"))
    if day is None or day.period is None or day.period.unit != "day":
        return None
    return _night(match.start(), day.last, day.period.begin)


def _night(first: int, last: int, morning: date) -> Reading:
    evening = morning - timedelta(days=1)
    return Reading(first, last, "TIME", f"{evening}TNI", Period("day", evening, morning, evening.isoformat()))


@rule(r"9?(?P<w>w)a?(?=[WDX])")
def time_of_day(reader: Reader, match: Match) -> Reading | None:
    """Read "Abend des 13. Juni 1999", "Morgenstunden des Freitag"."""
    day = read_at(reader, match.end())
    if day is None or day.period is None or day.period.unit != "day":
        return None
    return Reading(match.start(), day.last, "TIME", f"{day.period.begin}T{payload(reader, match, 'w')}", day.period)


@rule(r"(?P<x>X)rQ*(?P<n>N|E)(?P<u>U)")
def anniversary(reader: Reader, match: Match) -> Reading | None:
    """Read "heute vor 50 Jahren": that very day."""
    unit, amount = payload(reader, match, "u"), count(reader, match) or 1.0
    day = moved(reader.published + timedelta(days=payload(reader, match, "x")), unit, -amount)
    if day is None:
        return None
    if unit == "year":
        reader.story.years_ago(day, amount, reader.sentence(match.start()))
    return dated(reader, match, periods.day(day))


@rule(r"(?P<x>X)(?P<w>w)?")
def deictic(reader: Reader, match: Match) -> Reading | None:
    """Read "heute", "gestern Abend", "vorgestern", "morgen früh"."""
    found = periods.day(reader.published).shift(payload(reader, match, "x"))
    reading = dated(reader, match, found, of_today=payload(reader, match, "x") != 0)
    if not match["w"]:
        return reading
    return Reading(match.start(), match.end(), "TIME", f"{found.value}T{payload(reader, match, 'w')}", found)


@rule(r"(?<=[pa])9?(?P<w>w)(?![a-zA-Z])", r"(?<=[pa])9?(?P<w>w)(?=[.,iqp])")
def time_alone(reader: Reader, match: Match) -> Reading | None:
    """Read "am Abend", "in der Nacht": of the day that the sentence spoke of, else of the publication day."""
    if reader.pieces.words[match.start("w")][0].islower():
        return None
    day, anchor = reader.published, reader.anchor
    if (
        anchor
        and anchor.period
        and anchor.period.unit == "day"
        and reader.sentence(anchor.last) == reader.sentence(match.start())
    ):
        day = anchor.period.end
    if payload(reader, match, "w") == "NI":
        return _night(match.start(), match.end(), day)
    found = periods.day(day)
    return Reading(match.start(), match.end(), "TIME", f"{found.value}T{payload(reader, match, 'w')}", found)


@rule(r"(?P<x>x)", r"(?<=[pj])Z(?!a)")
def now(reader: Reader, match: Match) -> Reading | None:
    """Read "derzeit", "zur Zeit", "im Augenblick": the publication day."""
    value = "" if payload(reader, match, "x") else "PRESENT_REF"
    return Reading(match.start(), match.end(), "DATE", value, periods.day(reader.published))


@rule(r"(?P<t>[KN])u", r"(?P<t>[KN])(?=[-b][KN]u)")
def clock(reader: Reader, match: Match) -> Reading | None:
    """Read "20 Uhr", "20.30 Uhr", and "10" in "10 bis 12 Uhr": on the day spoken of."""
    time = payload(reader, match, "t")
    hour, _, minute = str(time).replace(":", ".").partition(".") if isinstance(time, str) else (f"{time:g}", "", "")
    if not hour.isdigit() or int(hour) > _HOURS:
        return None
    day, spoken = reader.published, reader.day
    if spoken and spoken.period and reader.sentence(match.start()) - reader.sentence(spoken.last) <= 1:
        day = spoken.period.begin
    period = periods.day(day) if _begins_line(reader, match.start()) else None
    return Reading(match.start(), match.end(), "TIME", f"{day}T{int(hour):02}:{minute or '00'}", period)


@rule(r"(?P<t>K)(?![-b]?[KN]?u)")
def entry(reader: Reader, match: Match) -> Reading | None:
    """Read "12:40" where a ticker's entry begins: on the publication day, or that of the last entry that names one."""
    time = str(payload(reader, match, "t"))
    if ":" not in time or not _begins_line(reader, match.start()):
        return None
    day, spoken = reader.published, reader.day
    if spoken and spoken.period and _begins_line(reader, spoken.first):
        day = spoken.period.begin
    hour, _, minute = time.partition(":")
    return Reading(match.start(), match.end(), "TIME", f"{day}T{int(hour):02}:{minute}", periods.day(day))


def _begins_line(reader: Reader, position: int) -> bool:
    """Tell whether nothing but signs stands before a piece in its line: "+++ 12:40", "• 9:15"."""
    breaks, words = reader.pieces.breaks, reader.pieces.words
    while position > 0 and position not in breaks:
        position -= 1
        if words[position][0].isalnum():
            return False
    return True
