"""A text in word classes, with what has been read so far: what the rules of `kg.dates.rules` work on."""

from dataclasses import dataclass, field
from datetime import date
from functools import cache, cached_property
from typing import Literal

from kg.dates import periods
from kg.dates.counting import is_year
from kg.dates.lexicon import Payload, classify, load_date_words
from kg.dates.periods import Period
from kg.dates.scan import Pieces, cut
from kg.dates.tense import Tense, find_tense, sentence_bounds

TimexType = Literal["DATE", "TIME", "DURATION", "SET"]
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
    anchors: bool = True
    """Whether later expressions ("tags darauf", "im Mai") may refer to it."""


@dataclass
class Reader:
    """The pieces of a text and their classes; `anchor` moves on with the expressions that are read."""

    text: str
    published: date
    anchor: Reading | None = None
    year_known: Reading | None = None
    """The last expression that named its year."""
    pieces: Pieces = field(init=False)
    codes: str = field(init=False)
    payloads: list[Payload] = field(init=False)

    def __post_init__(self) -> None:
        self.pieces = cut(self.text)
        classes = [classify(word) for word in self.pieces.words]
        codes = [letter for letter, _ in classes]
        self.payloads = [payload for _, payload in classes]
        self._classify_in_context(codes)
        self.codes = "".join(codes)

    @cached_property
    def lower(self) -> list[str]:
        """The pieces in small letters."""
        return [word.lower() for word in self.pieces.words]

    def _classify_in_context(self, codes: list[str]) -> None:
        """Decide the classes that hang on the neighbours: years, "Morgen", "Bild am Sonntag"."""
        words = self.pieces.words
        for position, code in enumerate(codes):
            before = words[position - 1] if position > 0 else ""
            if code == "N" and len(words[position]) == 4 and is_year(words, position):
                codes[position], self.payloads[position] = "Y", int(words[position])
            elif code == "X" and words[position].lower() == "morgen":
                capital_inside = words[position] == "Morgen" and before not in {"", ".", "!", "?", "„", "»", "“", ":"}
                if capital_inside or (position > 0 and codes[position - 1] == "X"):
                    codes[position], self.payloads[position] = "w", "MO"
            elif code == "W" and position > 1 and before == "am" and words[position - 2] in _NEWSPAPERS:
                codes[position] = "."

    def bounds(self, position: int) -> tuple[int, int]:
        """Return the sentence around a piece."""
        return sentence_bounds(self.text, self.pieces, position)

    def sentences_between(self, first: int, second: int) -> int:
        """Return how many sentences end between two pieces."""
        words = self.pieces.words[first:second]
        return sum(word in {".", "!", "?"} for word in words)

    def is_present_perfect(self, position: int) -> bool:
        """Tell whether the sentence speaks of the past from today: "Im März hat die EU Kräfte nachgeschoben"."""
        begin, end = self.bounds(position)
        words = set(self.lower[begin:end])
        return bool(words & {"hat", "haben", "ist", "sind"}) and not words & {"hatte", "hatten", "war", "waren"}

    def is_plural(self, word: str) -> bool:
        """Tell whether a form of a unit is a plural: "Tage", "Wochen"."""
        return word in _plural_units()

    def tense(self, position: int) -> Tense | None:
        """Return the tense of the clause around a piece."""
        return find_tense(self.pieces.words, self.bounds(position), position)

    def accept(self, reading: Reading, *, names_year: bool) -> None:
        """Remember an expression for those that refer back to it."""
        if reading.anchors and (reading.period is not None):
            self.anchor = reading
        if names_year:
            self.year_known = reading


@cache
def _plural_units() -> frozenset[str]:
    return frozenset(load_date_words()["plurals"]["forms"])


def on_weekday(published: date, weekday: int, tense: Tense | None) -> Period:
    """Return the weekday in the seven days until or from publication; the day itself counts."""
    ahead = (weekday - published.weekday()) % 7
    days = ahead if tense == "future" or ahead == 0 else ahead - 7
    return periods.day(published).shift(days)
