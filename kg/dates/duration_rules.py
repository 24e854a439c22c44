"""Rules for what dates nothing: durations, sets and clock times. They keep "zwei Tage" from being read as a date."""

from kg.dates.reader import Reader, Reading
from kg.dates.relative_rules import designator
from kg.dates.rules import Match, count, payload, rule


@rule(r"a?Q*(?P<n>N|E)(?:bN)?(?P<r>R)?(?P<u>U)", r"a?(?P<n>f)(?P<u>U)")
def duration(reader: Reader, match: Match) -> Reading | None:
    """Read "drei Jahre", "rund zwei Wochen", "eine Stunde", "wenige Tage"."""
    unit = payload(reader, match, "u")
    amount = None if match["n"] == "f" else count(reader, match)
    end = match.end()
    if end < len(reader.lower) and reader.lower[end] == "lang":
        end += 1
    return Reading(match.start(), end, "DURATION", designator(unit, amount))
