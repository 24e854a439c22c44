"""Rules for what counts days, weeks or years from somewhere: "vor drei Jahren", "tags darauf", "binnen zwei Wochen"."""

from dataclasses import replace
from datetime import date, timedelta

from kg.dates import periods
from kg.dates.reader import Reader, Reading
from kg.dates.reference import DAYS_OF, day_spoken_of, moved, shift_days
from kg.dates.rules import Match, count, dated, designator, payload, read_at, rule, spanning


@rule(r"t(?P<s>[le])", r"(?P<s>v)")
def next_day(reader: Reader, match: Match) -> Reading | None:
    """Read "tags zuvor", "tags darauf", "am Vortag": from the day spoken of."""
    return dated(reader, match, shift_days(day_spoken_of(reader, match.start()), int(payload(reader, match, "s"))))


@rule(r"(?P<n>N|E)h?(?P<u>U)(?P<s>[le])")
def later(reader: Reader, match: Match) -> Reading | None:
    """Read "neun Tage später", "zwei Jahre darauf", "ein Jahr zuvor": from the day spoken of."""
    anchor, unit, amount = reader.anchor, payload(reader, match, "u"), count(reader, match) or 1.0
    base = anchor.period if anchor and anchor.period else periods.day(reader.published)
    if unit in DAYS_OF:
        base = day_spoken_of(reader, match.start())
    signed = amount * int(payload(reader, match, "s"))
    if unit in DAYS_OF:
        found = shift_days(base, round(signed * DAYS_OF[unit]))
    else:
        when = moved(base.begin, unit, signed)
        if when is None or unit not in {"month", "year", "decade"}:
            return None
        found = periods.containing(unit, when)
    return dated(reader, match, found)


@rule(r"(?P<n>N|E)(?P<u>U)(?P<s>[rn])a?(?=[hDF])")
def days_from_day(reader: Reader, match: Match) -> Reading | None:
    """Read "zwei Tage vor Heiligabend", "eine Woche nach dem 9. Mai"."""
    unit, amount = payload(reader, match, "u"), count(reader, match) or 1.0
    day = read_at(reader, match.end())
    if unit not in DAYS_OF or day is None or day.period is None:
        return None
    steps = round(amount * DAYS_OF[unit]) * (-1 if match["s"] == "r" else 1)
    reading = replace(day, first=match.start(), period=shift_days(day.period, steps))
    reading = replace(reading, value=reading.period.value if reading.period else "")
    reader.accept(reading)
    return reading


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
    found = periods.containing("month" if rough else "day" if unit in DAYS_OF else unit, when)
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
    begin = periods.containing("day" if unit in DAYS_OF else unit, begin).begin
    return spanning(match, begin, reader.published, designator(unit, amount))


@rule(r"(?<=B)Q*(?P<n>N|E)(?:b(?P<k>N))?(?P<u>U)", r"(?<=Bo)Q*(?P<n>N|E)(?:b(?P<k>N))?(?P<u>U)")
def within(reader: Reader, match: Match) -> Reading | None:
    """Read "zwei Wochen" in "binnen zwei Wochen", "innerhalb von drei bis vier Monaten"."""
    unit, amount = payload(reader, match, "u"), count(reader, match) or 1.0
    amount = payload(reader, match, "k") or amount
    end = moved(reader.published, unit, amount)
    if end is None or reader.tense(match.start()) == "past":
        return None
    if unit not in DAYS_OF:
        end = periods.containing(unit, end).end
    return spanning(match, reader.published, end, designator(unit, amount))


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
    if unit not in DAYS_OF:
        whole = periods.containing(unit, other)
        other = whole.end if steps > 0 else whole.begin
    return spanning(match, min(today, other), max(today, other), designator(unit, amount))


def _vague_end(today: date, unit: str, steps: int) -> date | None:
    """Bound "in den nächsten Tagen" by the end of the month, "Wochen" by the next one's; nothing bounds the rest."""
    if unit not in DAYS_OF:
        return None
    if steps > 0:
        return periods.containing("month", today).shift(0 if unit == "day" else 1).end
    return periods.containing("month", today).begin if unit == "day" else None


@rule(r"a?(?P<o>[DO])(?P<u>U)i\.")
def in_a_row(reader: Reader, match: Match) -> Reading | None:
    """Read "den vierten Tag in Folge"."""
    if reader.lower[match.end() - 1] != "folge" or payload(reader, match, "u") != "day":
        return None
    begin = reader.published - timedelta(days=int(payload(reader, match, "o")) - 1)
    return spanning(match, begin, reader.published, designator("day", payload(reader, match, "o")))
