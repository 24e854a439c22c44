"""From a text to its time expressions: all that the rules read, and of these the ones that date an event."""

from dataclasses import dataclass
from datetime import date

from spacy.tokens import Doc

from kg.dates import counted_rules, day_rules, duration_rules, period_rules, running_rules, time_rules
from kg.dates.reader import Reader, Reading, TimexType
from kg.dates.rules import install, read_at
from kg.model import Span, TimeExpression

install(day_rules, period_rules, time_rules, counted_rules, running_rules, duration_rules)

_SKIPPED = frozenset(".,/-(uq")
_OPENERS = frozenset("pajioQT")
"""Classes of words between a preposition and the expression: "bis spätestens zum 31. Mai"."""
_PREPOSITIONS = frozenset("pajiosbzrknBQ")
_LONGEST_LINK, _LONGEST_OPENING = 3, 4
"""Pieces."""
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
        if reading.value
    ]


def find_times(doc: Doc, published: date) -> list[TimeExpression]:
    """Find the expressions of `doc` that say when something happens, resolved against the day of publication.

    Each has the first and last day that the text allows: "im August" is the whole month, "bis Ende Mai" begins on the
    day of publication, "seit 2014" ends on it. The span covers the prepositions ("am Freitag"). Durations ("drei
    Jahre lang") and sets ("jeden Freitag") are left out. In text order; deterministic.
    """
    reader = Reader(doc.text, published)
    readings = [reading for reading in read_all(reader) if reading.days is not None]
    found: list[TimeExpression] = []
    index = 0
    while index < len(readings):
        last = _last_of_range(reader, readings, index)
        found.append(_express(reader, readings[index], readings[last]))
        index = last + 1
    return found


def _last_of_range(reader: Reader, readings: list[Reading], index: int) -> int:
    """Return the index of the expression that closes a range opened at `index`; `index` itself where none does."""
    if index + 1 >= len(readings):
        return index
    first, second = readings[index], readings[index + 1]
    between = reader.codes[first.last : second.first]
    if not between or len(between) > _LONGEST_LINK or not set(between[1:]) <= _OPENERS or first.days is None:
        return index
    gap = (second.days[0] - first.days[1]).days if second.days else -1
    if gap < 0 or (between[0] == "q" and reader.lower[first.last] == "oder"):
        return index
    if between[0] in "-b":
        return index + 1
    if between[0] != "q":
        return index
    paired = "z" in reader.codes[max(0, first.first - 2) : first.first]
    alike = first.period is not None and second.period is not None and first.period.unit == second.period.unit
    near = gap <= (_CLOSE if reader.codes[first.first] == "D" else 1)
    return index + 1 if paired or (alike and near) else index


def _express(reader: Reader, first: Reading, last: Reading) -> TimeExpression:
    opener = _opening(reader, first.first)
    begin = first.days[0] if first.days else None
    end = last.days[1] if last.days else None
    if first is last and begin is not None and end is not None:
        begin, end = _bounded(reader, first, opener, begin, end)
    pieces = reader.pieces
    return TimeExpression(Span(pieces.begins[opener], pieces.ends[last.last - 1]), begin, end)


def _bounded(reader: Reader, reading: Reading, opener: int, begin: date, end: date) -> tuple[date, date]:
    """Apply what stands before an expression: "bis Mai" begins today, "seit Mai" ends today."""
    letters = reader.codes[opener : reading.first]
    words = reader.lower[max(0, opener - 1) : reading.first]
    today = reader.published
    if "b" in letters or not _LATEST.isdisjoint(words):
        return (today, end) if end >= today else (begin, end)
    if "s" in letters and "sp" not in letters and begin <= today:
        return begin, today
    if "r" in letters and reading.type == "DATE" and begin > today:
        return today, begin
    rest_of_week = words[:1] == ["noch"] and reading.period is not None and reading.period.unit == "week"
    if rest_of_week and begin < today < end and reader.tense(reading.first) != "past":
        return today, end
    return begin, end


def _opening(reader: Reader, first: int) -> int:
    """Return the first piece of the prepositions before an expression: "bis zum", "seit", "im"."""
    position = first
    while position > 0 and first - position < _LONGEST_OPENING and reader.codes[position - 1] in _PREPOSITIONS:
        position -= 1
    while position < first and reader.codes[position] in "aQ":
        position += 1
    return position
