"""From a text to its time expressions: all that the rules read, and of these the ones that date an event."""

from dataclasses import dataclass
from datetime import date

from spacy.tokens import Doc

# The rules register in this order: what a calendar names, what counts from elsewhere, durations.
from kg.dates import calendar_rules, duration_rules, relative_rules  # noqa: F401  - imported for their rules
from kg.dates.reader import Reader, Reading, TimexType
from kg.dates.rules import read_at
from kg.model import Span, TimeExpression

_SKIPPED = frozenset(".,/-(uqG")
_OPENERS = frozenset("pajioQT")
"""Classes of words between a preposition and the expression: "bis spätestens zum 31. Mai"."""
_LATEST = frozenset(["spätestens", "längstens"])
_CLOSE = 3
"""Days: "am 23. und am 25. Februar" is one stretch, "am 3. und am 25." two days."""


def read_all(reader: Reader) -> list[Reading]:
    """Return all time expressions of a text in order, durations and sets among them; they do not overlap."""
    readings: list[Reading] = []
    position, end = 0, len(reader.codes)
    while position < end:
        reading = None if reader.codes[position] in _SKIPPED else read_at(reader, position)
        if reading is None:
            position += 1
            continue
        readings.append(reading)
        position = reading.last
    return readings


@dataclass(frozen=True, slots=True)
class Timex:
    """A time expression as ISO-TimeML annotates it: without its preposition, durations and sets included."""

    span: Span
    type: TimexType
    value: str


def find_timexes(doc: Doc, published: date) -> list[Timex]:
    """Find all time expressions of `doc` with their ISO-TimeML type and value, in text order."""
    reader = Reader(doc.text, published)
    pieces = reader.pieces
    return [
        Timex(Span(pieces.begins[reading.first], pieces.ends[reading.last - 1]), reading.type, reading.value)
        for reading in read_all(reader)
    ]


def find_times(doc: Doc, published: date) -> list[TimeExpression]:
    """Find the expressions of `doc` that say when something happens, resolved against the day of publication.

    Each has the first and last day that the text allows: "im August" is the whole month, "bis Ende Mai" begins on the
    day of publication, "seit 2014" ends on it. The span covers the prepositions ("am Freitag"). Durations ("drei
    Jahre lang") and sets ("jeden Freitag") are left out. In text order; deterministic.
    """
    reader = Reader(doc.text, published)
    readings = [reading for reading in read_all(reader) if reading.period is not None or reading.span is not None]
    found: list[TimeExpression] = []
    index = 0
    while index < len(readings):
        last = _last_of_range(reader, readings, index)
        found.append(_express(reader, readings[index], readings[last]))
        index = last + 1
    return found


def _days(reading: Reading) -> tuple[date, date]:
    if reading.span is not None:
        return reading.span
    assert reading.period is not None
    return reading.period.begin, reading.period.end


def _last_of_range(reader: Reader, readings: list[Reading], index: int) -> int:
    """Return the index of the expression that closes a range opened at `index`; `index` itself where none does."""
    if index + 1 >= len(readings):
        return index
    first, second = readings[index], readings[index + 1]
    between = reader.codes[first.last : second.first]
    (begin, end), (other_begin, other_end) = _days(first), _days(second)
    if other_begin < begin or len(between) > 3 or not between:
        return index
    before = reader.codes[max(0, first.first - 2) : first.first]
    if between[0] in "-b" and set(between[1:]) <= _OPENERS:
        return index + 1
    if between[0] != "q" or not set(between[1:]) <= _OPENERS or reader.lower[first.last] == "oder":
        return index
    adjacent = first.period is not None and second.period is not None and first.period.unit == second.period.unit
    close = _CLOSE if reader.codes[first.first] == "D" else 1
    return index + 1 if "z" in before or (adjacent and (other_begin - end).days <= close) else index


def _express(reader: Reader, first: Reading, last: Reading) -> TimeExpression:
    begin, end = _days(first)[0], _days(last)[1]
    opener = _opening(reader, first.first)
    letters = reader.codes[opener : first.first]
    today = reader.published
    words = set(reader.lower[max(0, opener - 1) : first.first])
    single = first is last
    if single and ("b" in letters or words & _LATEST):
        begin, end = (today, end) if end >= today else (begin, end)
    elif single and "s" in letters and "sp" not in letters and begin <= today:
        end = today
    elif single and _rest_of_week(reader, first, opener) and begin < today < end:
        begin = today
    elif single and "r" in letters and first.type == "DATE" and begin > today:
        begin, end = today, begin
    pieces = reader.pieces
    return TimeExpression(Span(pieces.begins[opener], pieces.ends[last.last - 1]), begin, end)


def _rest_of_week(reader: Reader, reading: Reading, opener: int) -> bool:
    """Tell "noch diese Woche", said of what is to come: from today on."""
    of_week = reading.period is not None and reading.period.unit == "week"
    return of_week and reader.lower[max(0, opener - 1)] == "noch" and reader.tense(reading.first) != "past"


def _opening(reader: Reader, first: int) -> int:
    """Return the first piece of the prepositions before an expression: "bis zum", "seit", "schon am"."""
    position = first
    while position > 0 and first - position < 4 and reader.codes[position - 1] in "pajiosbzrknBQ":
        position -= 1
    while position < first and reader.codes[position] in "aQ":
        position += 1
    return position
