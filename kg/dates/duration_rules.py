"""Rules for what dates nothing: durations, sets, vague references. They keep "zwei Tage" from being read as a date."""

from kg.dates.reader import Reader, Reading
from kg.dates.rules import Match, count, designator, payload, rule


@rule(r"a?Q*(?P<n>N|E)(?:bN)?(?P<r>R)?(?P<u>U)", r"a?(?P<n>f)(?P<u>U)")
def duration(reader: Reader, match: Match) -> Reading | None:
    """Read "drei Jahre", "rund zwei Wochen", "eine Stunde", "wenige Tage"."""
    unit = payload(reader, match, "u")
    amount = None if match["n"] == "f" else count(reader, match)
    end = match.end()
    if end < len(reader.lower) and reader.lower[end] == "lang":
        end += 1
    return Reading(match.start(), end, "DURATION", designator(unit, amount))


@rule(r"(?P<g>g)", r"(?P<g>e)(?=[.,])")
def vague(reader: Reader, match: Match) -> Reading | None:
    """Read "damals", "kürzlich", "künftig"; "damals" is when the expression before was."""
    word = reader.lower[match.start()]
    value = payload(reader, match, "g") if match["g"] != "e" else "PAST_REF"
    if match["g"] == "e" and word != "früher":
        return None
    recalled = reader.anchor.period if word in {"damals", "seinerzeit"} and reader.anchor else None
    return Reading(match.start(), match.end(), "DATE", str(value), recalled)
