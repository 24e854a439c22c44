"""Rules for expressions that count from the publication date or from the expression before."""

from dataclasses import replace
from datetime import date, timedelta

from kg.dates import periods
from kg.dates.periods import Period
from kg.dates.reader import Reader, Reading
from kg.dates.rules import Match, count, dated, payload, read_at, rule, spanning

_DAYS_OF = {"day": 1, "week": 7}
_DESIGNATORS = {
    "day": "P{}D", "week": "P{}W", "month": "P{}M", "quarter": "P{}Q", "half": "P{}H", "year": "P{}Y",
    "decade": "P{}DE", "century": "P{}CE", "millennium": "P{}ML", "hour": "PT{}H", "minute": "PT{}M",
    "second": "PT{}S", "weekend": "P{}WE",
}  # fmt: skip
_LONGEST_BACK = 1000
"""Years: "vor 5000 Jahren" has no calendar date."""


def designator(unit: str, amount: float | None) -> str:
    """Return the ISO-TimeML value of a duration: `P3D`, `P1.5Y`, `PXW`."""
    text = "X" if amount is None else f"{amount:g}"
    return _DESIGNATORS[unit].format(text)


def moved(base: date, unit: str, amount: float) -> date | None:
    """Return the day `amount` units after `base` (before, where it is negative); None outside the calendar."""
    if unit in _DAYS_OF:
        return base + timedelta(days=round(amount * _DAYS_OF[unit]))
    months = {"month": 1, "quarter": 3, "half": 6, "year": 12, "decade": 120, "century": 1200}.get(unit)
    if months is None or abs(amount * months) > _LONGEST_BACK * 12:
        return None
    return periods.add_months(base, round(amount * months))


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


@rule(r"(?P<w>w)a?(?=[WDX])")
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


@rule(r"(?<=[pa])(?P<w>w)(?![a-zA-Z])", r"(?<=[pa])(?P<w>w)(?=[.,iqp])")
def time_alone(reader: Reader, match: Match) -> Reading | None:
    """Read "am Abend", "in der Nacht": of the day that the sentence spoke of, else of the publication day."""
    if reader.pieces.words[match.start()][0].islower():
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
    return Reading(
        match.start(), match.end(), "TIME", f"{found.value}T{payload(reader, match, 'w')}", found, anchors=False
    )


@rule(r"x", r"(?<=[pj])Z(?!a)")
def now(reader: Reader, match: Match) -> Reading | None:
    """Read "derzeit", "zur Zeit", "im Augenblick": the publication day."""
    today = periods.day(reader.published)
    return Reading(match.start(), match.end(), "DATE", "PRESENT_REF", today, anchors=False)


@rule(r"t(?P<s>[le])", r"(?P<s>v)")
def next_day(reader: Reader, match: Match) -> Reading | None:
    """Read "tags zuvor", "tags darauf", "am Vortag": from the day spoken of."""
    return dated(reader, match, _shift_days(_base_for_days(reader, match.start()), int(payload(reader, match, "s"))))


def _base_for_days(reader: Reader, position: int) -> Period:
    """Return the day that "tags zuvor" counts from: the last one named, a month only where it stands close by."""
    anchor = reader.anchor
    if anchor and anchor.period and anchor.period.unit in {"month", "season"}:
        if reader.sentence(position) - reader.sentence(anchor.last) <= 1:
            return anchor.period
    if reader.day and reader.day.period:
        return reader.day.period
    return periods.day(reader.published)


def _shift_days(base: Period, days: int) -> Period:
    """Move a day; a coarser period stays itself: the day after one in "Ende Februar" is in February, as far as known."""
    if base.unit != "day":
        return base
    return periods.day((base.end if days > 0 else base.begin) + timedelta(days=days))


@rule(r"(?P<n>N|E)h?(?P<u>U)(?P<s>[le])")
def later(reader: Reader, match: Match) -> Reading | None:
    """Read "neun Tage später", "zwei Jahre darauf", "ein Jahr zuvor": from the day spoken of."""
    anchor, unit, amount = reader.anchor, payload(reader, match, "u"), count(reader, match) or 1.0
    base = anchor.period if anchor and anchor.period else periods.day(reader.published)
    if unit in _DAYS_OF:
        base = _base_for_days(reader, match.start())
    signed = amount * int(payload(reader, match, "s"))
    if unit in _DAYS_OF:
        found = _shift_days(base, round(signed * _DAYS_OF[unit]))
    else:
        when = moved(base.begin, unit, signed)
        if when is None or unit not in {"month", "year", "decade"}:
            return None
        found = periods.containing(unit, when)
    return dated(reader, match, found)


@rule(r"(?<=r)Q*(?P<n>N|E)R?(?P<h>h)?(?P<u>U)(?!l)")
def ago(reader: Reader, match: Match) -> Reading | None:
    """Read "drei Jahren" in "vor drei Jahren", "rund zwei Wochen" in "vor rund zwei Wochen"."""
    return _from_publication(reader, match, -1)


@rule(r"(?<=i)Q*(?P<n>N|E)(?P<u>U)(?!l)")
def ahead(reader: Reader, match: Match) -> Reading | None:
    """Read "zwei Wochen" in "in zwei Wochen"; in the past tense it is how long something took."""
    return None if reader.tense(match.start()) == "past" else _from_publication(reader, match, 1)


def _from_publication(reader: Reader, match: Match, sign: int) -> Reading | None:
    unit, amount = payload(reader, match, "u"), count(reader, match) or 1.0
    when = moved(reader.published, unit, sign * amount)
    if when is None:
        return None
    rough = (unit == "week" and match.start("n") > match.start()) or (unit == "year" and amount <= 1)
    found = periods.containing("month" if rough else "day" if unit in _DAYS_OF else unit, when)
    if unit == "year" and sign < 0:
        reader.story.years_ago(when, amount, reader.sentence(match.start()))
    return Reading(match.start(), match.end(), "DURATION", designator(unit, amount), found)


@rule(r"(?<=s)Q*(?P<n>N|E)(?P<u>U)", r"(?<=sa)Q*(?P<n>N|E)(?P<u>U)")
def since(reader: Reader, match: Match) -> Reading | None:
    """Read "zwei Wochen" in "seit zwei Wochen"."""
    unit, amount = payload(reader, match, "u"), count(reader, match) or 1.0
    begin = moved(reader.published, unit, -amount)
    if begin is None:
        return None
    begin = periods.containing("day" if unit in _DAYS_OF else unit, begin).begin
    return spanning(match, begin, reader.published, designator(unit, amount))


@rule(r"(?<=B)Q*(?P<n>N|E)(?:b(?P<k>N))?(?P<u>U)", r"(?<=Bo)Q*(?P<n>N|E)(?:b(?P<k>N))?(?P<u>U)")
def within(reader: Reader, match: Match) -> Reading | None:
    """Read "zwei Wochen" in "binnen zwei Wochen", "innerhalb von drei bis vier Monaten"."""
    unit, amount = payload(reader, match, "u"), count(reader, match) or 1.0
    amount = payload(reader, match, "k") or amount
    end = moved(reader.published, unit, amount)
    if end is None or reader.tense(match.start()) == "past":
        return None
    if unit not in _DAYS_OF:
        end = periods.containing(unit, end).end
    return spanning(match, reader.published, end, designator(unit, amount))


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


@rule(r"(?P<n>N|E)(?P<u>U)(?P<s>[rn])a?(?=[hDF])")
def days_from_day(reader: Reader, match: Match) -> Reading | None:
    """Read "zwei Tage vor Heiligabend", "eine Woche nach dem 9. Mai"."""
    unit, amount = payload(reader, match, "u"), count(reader, match) or 1.0
    day = read_at(reader, match.end())
    if unit not in _DAYS_OF or day is None or day.period is None:
        return None
    steps = round(amount * _DAYS_OF[unit]) * (-1 if match["s"] == "r" else 1)
    reading = replace(day, first=match.start(), period=_shift_days(day.period, steps))
    reading = replace(reading, value=reading.period.value if reading.period else "")
    reader.accept(reading)
    return reading


def _running_period(reader: Reader, match: Match, unit: str, steps: int) -> Period | None:
    code = match.groupdict().get("r") or "T"
    anchor = reader.anchor.period if reader.anchor else None
    word = reader.lower[match.start("r")] if match.groupdict().get("r") else ""
    if unit == "day":
        if word.startswith(("heutig", "gestrig", "morgig")):
            return periods.day(reader.published).shift(steps)
        if code == "R" and steps <= 0:
            return None
        return _shift_days(_base_for_days(reader, match.start()), steps)
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
        return this if reader.tense(match.start()) == "future" else this.shift(-1)
    steps = int(payload(reader, match, "r"))
    if match["r"] == "C" and reader.anchor and reader.anchor.period:
        return periods.containing("weekend", reader.anchor.period.begin)
    if steps > 0 and reader.published < this.begin:
        return this.shift(steps - 1)
    return this.shift(steps)


@rule(r"a?(?P<r>[RC])Q*(?P<n>N|f)?(?P<u>U)", r"a?(?P<n>N)(?P<r>R)(?P<u>U)")
def several(reader: Reader, match: Match) -> Reading | None:
    """Read "den vergangenen zehn Tagen", "den kommenden drei Jahren", "den nächsten Tagen"."""
    unit, steps = payload(reader, match, "u"), int(payload(reader, match, "r"))
    if not reader.is_plural(reader.lower[match.start("u")]) or not steps or unit == "weekend":
        return None
    amount = count(reader, match) if match["n"] and match["n"] != "f" else None
    today = reader.published
    other = moved(today, unit, steps * amount) if amount else _vague_end(today, unit, steps)
    if other is None:
        return Reading(match.start(), match.end(), "DURATION", designator(unit, amount))
    if unit not in _DAYS_OF:
        whole = periods.containing(unit, other)
        other = whole.end if steps > 0 else whole.begin
    return spanning(match, min(today, other), max(today, other), designator(unit, amount))


def _vague_end(today: date, unit: str, steps: int) -> date | None:
    """Bound "in den nächsten Tagen" by the end of the month, "Wochen" by the next one's; nothing bounds the rest."""
    if unit not in _DAYS_OF:
        return None
    if steps > 0:
        return periods.containing("month", today).shift(0 if unit == "day" else 1).end
    return periods.containing("month", today).begin if unit == "day" else None


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


@rule(r"a?(?P<o>[DO])(?P<u>U)i\.")
def in_a_row(reader: Reader, match: Match) -> Reading | None:
    """Read "den vierten Tag in Folge"."""
    if reader.lower[match.end() - 1] != "folge" or payload(reader, match, "u") != "day":
        return None
    begin = reader.published - timedelta(days=int(payload(reader, match, "o")) - 1)
    return spanning(match, begin, reader.published, designator("day", payload(reader, match, "o")))


@rule(r"(?P<g>g)", r"(?P<g>e)(?=[.,])")
def vague(reader: Reader, match: Match) -> Reading | None:
    """Read "damals", "kürzlich", "künftig"; "damals" is when the expression before was."""
    word = reader.lower[match.start()]
    value = payload(reader, match, "g") if match["g"] != "e" else "PAST_REF"
    if match["g"] == "e" and word != "früher":
        return None
    recalled = reader.anchor.period if word in {"damals", "seinerzeit"} and reader.anchor else None
    return Reading(match.start(), match.end(), "DATE", str(value), recalled, anchors=False)
