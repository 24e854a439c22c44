"""Rules for what dates nothing: durations, sets, vague references. They keep "zwei Tage" from being read as a date."""

from kg.dates.lexicon import load_date_words
from kg.dates.reader import Reader, Reading
from kg.dates.rules import Match, count, designator, has, payload, rule

_AGE_WORDS = frozenset(["alt", "alte", "alten", "alter", "altes", "jung", "alt."])


def _timeless(match: Match, kind: str, value: str, *, first: int | None = None, last: int | None = None) -> Reading:
    begin = match.start() if first is None else first
    end = match.end() if last is None else last
    return Reading(begin, end, "SET" if kind == "SET" else "DURATION", value)


@rule(r"y(?P<o>O)?(?P<u>U)", r"(?P<e>A)(?P<n>N|f)(?P<u>U)")
def every_unit(reader: Reader, match: Match) -> Reading:
    """Read "jedes Jahr", "jeden zweiten Tag", "alle vier Jahre"."""
    amount = payload(reader, match, "o") or (None if match.groupdict().get("n") == "f" else count(reader, match) or 1.0)
    return _timeless(match, "SET", designator(payload(reader, match, "u"), amount))


@rule(r"y[RO]?(?P<w>W)", r"(?P<w>L)")
def every_weekday(reader: Reader, match: Match) -> Reading:
    """Read "jeden Montag", "jeden zweiten Donnerstag", "montags"."""
    number, part = payload(reader, match, "w")
    return _timeless(match, "SET", f"XXXX-WXX-{number + 1}" + (f"T{part}" if part else ""))


@rule(r"(?P<d>d)")
def adverb_of_frequency(reader: Reader, match: Match) -> Reading:
    """Read "täglich", "jährlichen"."""
    return _timeless(match, "SET", payload(reader, match, "d"))


@rule(r"(?P<w>w)")
def habitual_time(reader: Reader, match: Match) -> Reading | None:
    """Read "nachts", "morgens" in small letters: as a habit."""
    word = reader.pieces.words[match.start()]
    if word[0].isupper() or not word.endswith("s"):
        return None
    return _timeless(match, "SET", f"XXXX-XX-XXT{payload(reader, match, 'w')}")


@rule(r"(?P<p>[pA])(?P<u>U)(?![aYDS])")
def per_unit(reader: Reader, match: Match) -> Reading | None:
    """Read "im Jahr", "pro Tag": how often, not when."""
    unit = payload(reader, match, "u")
    if reader.lower[match.start()] not in {"im", "pro"} or unit not in {"day", "week", "month", "year", "hour"}:
        return None
    return _timeless(match, "SET", designator(unit, 1.0))


@rule(
    r"a?Q*(?P<n>N|E)(?P<u>U)q(?P<m>N|E)(?P<v>U)",
    r"a?Q*(?P<n>N|E)(?P<g>G)?[Rl]?(?P<u>U)",
    r"a?Q*(?P<n>N)bN(?P<u>U)",
    r"a?(?P<n>f)(?P<u>U)",
)
def duration(reader: Reader, match: Match) -> Reading | None:
    """Read "drei Jahre", "rund zwei Wochen", "eine halbe Stunde", "wenige Tage", "drei Jahre und vier Monate"."""
    end = match.end()
    if _is_age(reader, match.start(), end):
        return None
    amount = None if match["n"] == "f" else count(reader, match)
    if has(match, "g") and reader.lower[match.start("g")].startswith("halb") and amount is not None:
        amount /= 2
    value = designator(payload(reader, match, "u"), amount)
    if has(match, "v"):
        value += designator(payload(reader, match, "v"), count(reader, match, "m")).removeprefix("P")
    return _timeless(match, "DURATION", value, first=_without_particles(reader, match.start()))


def _is_age(reader: Reader, first: int, last: int) -> bool:
    """Tell "16 Jahre alt", "ab 16 Jahren", "mit elf Jahren"."""
    before = reader.lower[first - 1] if first > 0 else ""
    after = reader.lower[last] if last < len(reader.lower) else ""
    return after in _AGE_WORDS or (before in {"ab", "mit", "unter"} and reader.lower[last - 1] == "jahren")


def _without_particles(reader: Reader, first: int) -> int:
    """Leave out "nur", "genau" at the beginning: they bound nothing."""
    while reader.lower[first] in load_date_words()["numbers"]["particles"]:
        first += 1
    return first


@rule(r"(?P<l>I)")
def lasting(reader: Reader, match: Match) -> Reading | None:
    """Read "jahrelang", "tagelange"."""
    unit = payload(reader, match, "l")
    return _timeless(match, "DURATION", designator(unit, None)) if isinstance(unit, str) else None


@rule(r"(?<=[rsi])(?P<u>U)", r"(?P<t>T)(?P<u>U)")
def bare_plural(reader: Reader, match: Match) -> Reading | None:
    """Read "seit Jahren", "vor Wochen", "diesen Tagen": how many is not said."""
    if not reader.is_plural(reader.lower[match.start("u")]):
        return None
    return _timeless(match, "DURATION", designator(payload(reader, match, "u"), None))


@rule(r"(?P<g>g)", r"(?P<g>e)", r"r(?P<g>g)")
def vague(reader: Reader, match: Match) -> Reading | None:
    """Read "damals", "früher", "vor kurzem"; "damals" is when the expression before was."""
    word = reader.lower[match.end() - 1]
    if match["g"] == "e" and word != "früher":
        return None
    value = payload(reader, match, "g") if match["g"] == "g" else "PAST_REF"
    if (word == "kurzem") != (match.end() - match.start() > 1):
        return None
    recalled = reader.anchor.period if word in {"damals", "seinerzeit"} and reader.anchor else None
    return Reading(match.start(), match.end(), "DATE", str(value), recalled)


@rule(r"(?P<r>R)")
def of_today(reader: Reader, match: Match) -> Reading | None:
    """Read "heutigen" in "das Gebiet der heutigen Türkei"."""
    if not reader.lower[match.start()].startswith("heutig"):
        return None
    return Reading(match.start(), match.end(), "DATE", "PRESENT_REF")
