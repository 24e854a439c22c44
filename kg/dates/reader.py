"""A text in word classes, with what has been read so far: what the rules of `kg.dates.rules` work on."""

from bisect import bisect_left
from dataclasses import dataclass, field
from datetime import date
from functools import cache, cached_property
from typing import Literal

from kg.dates import periods
from kg.dates.counting import is_year
from kg.dates.lexicon import Payload, classify, load_date_words
from kg.dates.periods import Period
from kg.dates.scan import Pieces, cut
from kg.dates.story import Story
from kg.dates.tense import Tense, find_tense, sentence_bounds

TimexType = Literal["DATE", "TIME", "DURATION", "SET"]
_AHEAD = frozenset("PWDMSh")
"""Classes of what lies ahead after "für": "für Montag", "für den 9. September"."""
_NEWSPAPERS = frozenset(["Bild", "BamS", "Welt", "Tagesspiegel", "Blick"])


@dataclass(frozen=True, slots=True)
class Reading:
    """A time expression as pieces `first` … `last - 1`, without its preposition."""

    first: int
    last: int
    type: TimexType
    value: str
    """ISO-TimeML value."""
    period: Period | None = None
    """The period named; None for durations, sets and vague references."""
    span: tuple[date, date] | None = None
    """First and last day where they are no one period: "in den kommenden drei Jahren"."""

    @property
    def days(self) -> tuple[date, date] | None:
        """First and last day; None where the expression dates nothing."""
        if self.period is not None:
            return self.period.begin, self.period.end
        return self.span


@dataclass
class Reader:
    """The pieces of a text and their classes; `anchor` moves on with the expressions that are read."""

    text: str
    published: date
    anchor: Reading | None = None
    day: Reading | None = None
    """The last expression that named a day."""
    pieces: Pieces = field(init=False)
    codes: str = field(init=False)
    payloads: list[Payload] = field(init=False)
    story: Story = field(init=False)

    def __post_init__(self) -> None:
        self.pieces = cut(self.text)
        classes = [classify(word) for word in self.pieces.words]
        codes = [letter for letter, _ in classes]
        self.payloads = [payload for _, payload in classes]
        self._classify_in_context(codes)
        self.codes = "".join(codes)
        self.story = Story(self.published, news="W" in codes)

    @cached_property
    def lower(self) -> list[str]:
        """The pieces in small letters."""
        return [word.lower() for word in self.pieces.words]

    def _classify_in_context(self, codes: list[str]) -> None:
        """Decide the classes that hang on the neighbours: years, "Morgen", "Bild am Sonntag"."""
        words = self.pieces.words
        for position, code in enumerate(codes):
            before = words[position - 1] if position > 0 else ""
            if code == "N" and self._is_year(codes, position):
                codes[position], self.payloads[position] = "Y", int(words[position])
            elif code == "X" and words[position].lower() == "morgen":
                capital_inside = words[position] == "Morgen" and before not in {"", ".", "!", "?", "„", "»", "“", ":"}
                if capital_inside or (position > 0 and codes[position - 1] == "X"):
                    codes[position], self.payloads[position] = "w", "MO"
            elif code == "W" and words[position].endswith("s"):
                codes[position] = "W" if position > 0 and codes[position - 1] in "aTRCw" else "L"
            elif self._is_no_time(code, position):
                codes[position] = "."

    def _is_year(self, codes: list[str], position: int) -> bool:
        words = self.pieces.words
        follows_month = position > 0 and codes[position - 1] in "MS"
        return is_year([words[position]], 0) if follows_month else is_year(words, position)

    def _is_no_time(self, code: str, position: int) -> bool:
        """Tell the name of a newspaper from a weekday, "Bild am Sonntag", and what a verb governs from a time."""
        words = self.pieces.words
        if code == "W":
            return position > 1 and words[position - 1] == "am" and words[position - 2] in _NEWSPAPERS
        return code == "l" and words[position] == "darauf" and self._is_governed(position)

    def _is_governed(self, position: int) -> bool:
        """Tell whether a verb governs "darauf": "im Mai darauf geeinigt", "einigten sich im Mai darauf, dass"."""
        stems = tuple(load_date_words()["later"]["governing"])
        begin, _ = self.bounds(position)
        after = self.lower[position + 1 : position + 2]
        if after == [","]:
            return any(word.startswith(stems) for word in self.lower[begin:position])
        return bool(after) and after[0].startswith(stems)

    def bounds(self, position: int) -> tuple[int, int]:
        """Return the sentence around a piece."""
        return sentence_bounds(self.pieces, position)

    @cached_property
    def _sentence_ends(self) -> list[int]:
        return [position for position, word in enumerate(self.pieces.words) if word in {".", "!", "?"}]

    def sentence(self, position: int) -> int:
        """Return how many sentences end before a piece."""
        return bisect_left(self._sentence_ends, position)

    def is_present_perfect(self, position: int) -> bool:
        """Tell whether the sentence speaks of the past from today: "Im März hat die EU Kräfte nachgeschoben"."""
        begin, end = self.bounds(position)
        words = set(self.lower[begin:end])
        return bool(words & {"hat", "haben", "ist", "sind"}) and not words & {"hatte", "hatten", "war", "waren"}

    def is_plural(self, word: str) -> bool:
        """Tell whether a form of a unit is a plural: "Tage", "Wochen"."""
        return word in _plural_units()

    def tense(self, position: int) -> Tense | None:
        """Return the tense that a date at a piece stands in: that of its preposition, else of its clause.

        "seit Montag" looks back and "für Montag", "ab Montag" ahead, whatever the verb.
        """
        opener = position
        while opener > 0 and position - opener < 3 and self.codes[opener - 1] in "ajPpQTRow":
            opener -= 1
            if self.lower[opener] == "für" and self.codes[opener + 1 : opener + 3].lstrip("a")[:1] in _AHEAD:
                return "future"
        if opener > 0 and self.codes[opener - 1] == "s":
            return "past"
        if opener > 0 and self.codes[opener - 1] == "k":
            return "future"
        return find_tense(self.pieces.words, self.bounds(position), position)

    def accept(self, reading: Reading, *, names_year: bool = False, of_today: bool = False) -> None:
        """Remember an expression for those that refer back to it.

        `names_year` says that it names its year; `of_today` that it counts from the publication date ("am Freitag",
        "gestern"), with which a story of earlier years ends.
        """
        period = reading.period
        if period is None:
            return
        self.anchor = reading
        if period.unit == "day":
            self.day = reading
        if of_today:
            self.story.of_today()
        elif names_year:
            self.story.named(period, self.sentence(reading.first))

    def story_year(self, position: int, month: int, day: int) -> int | None:
        """Return the year of a day without one, if the text at a piece tells of an earlier year."""
        if self.is_present_perfect(position):
            return None
        until = position > 0 and self.lower[position - 1] == "bis"
        return self.story.year_of(month, day, self.sentence(position), until=until)


@cache
def _plural_units() -> frozenset[str]:
    return frozenset(load_date_words()["plurals"]["forms"])


def on_weekday(published: date, weekday: int, tense: Tense | None) -> Period:
    """Return the weekday in the seven days until or from publication; the day itself counts.

    A present tense looks ahead: "Am Montag fliegt er nach Beirut".
    """
    ahead = (weekday - published.weekday()) % 7
    days = ahead if tense != "past" or ahead == 0 else ahead - 7
    return periods.day(published).shift(days)
