"""Numbers, figures and dates in words, in German and English."""

import calendar
import re
from datetime import date

from kg.web.records import Claim, Figure

MONTHS = {
    "de": (
        *("Januar", "Februar", "März", "April", "Mai", "Juni"),
        *("Juli", "August", "September", "Oktober", "November", "Dezember"),
    ),
    "en": (
        *("January", "February", "March", "April", "May", "June"),
        *("July", "August", "September", "October", "November", "December"),
    ),
}
BEFORE_NUMBER = {
    "de": {
        "about_": "rund",
        "moreThan": "mehr als",
        "atLeast": "mindestens",
        "upTo": "bis zu",
        "fewerThan": "weniger als",
    },
    "en": {
        "about_": "about",
        "moreThan": "more than",
        "atLeast": "at least",
        "upTo": "up to",
        "fewerThan": "fewer than",
    },
}
"""What an open bound is called, by the ontology's qualifier."""
AFTER_NUMBER = re.compile(r"(?is).*\d\S*(?:\s+(?:hundert|tausend|million(?:en)?|mio\.?))?\s+(\D+)")
"""What an article counts: "Mann" in "25.000 bis 30.000 Mann"."""
LONGEST_COUNTED = 28
"""Letters of what is counted that fit beside a number."""


def word_number(number: int, language: str) -> str:
    """Write a number with thousands separators: "100.000", "100,000"."""
    grouped = f"{number:,}"
    return grouped.replace(",", ".") if language == "de" else grouped


def word_percent(share: float, language: str) -> str:
    """Write a share of one in percent, in German with a space that does not break: "92,0 %", "92.0%"."""
    return f"{share:.1%}".replace(".", ",").replace("%", "\N{NO-BREAK SPACE}%") if language == "de" else f"{share:.1%}"


def last_day(month: str) -> str:
    """Return the last day of a month given as "2024-11"; of what is no month its 28th."""
    try:
        first = date.fromisoformat(f"{month}-01")
    except ValueError:
        return f"{month}-28"
    return f"{month}-{calendar.monthrange(first.year, first.month)[1]}"


def word_figure(figure: Figure, language: str) -> str:
    """Write a figure with its bounds: "bis zu 100.000", "mehr als 10.000", "300–500"."""
    words = BEFORE_NUMBER[language]
    low, high = figure.min, figure.max
    if low is not None and high is not None and low != high:
        span = f"{word_number(low, language)}–{word_number(high, language)}"
        return f"{words['about_']} {span}" if figure.qualifier == "about_" else span
    number = low if low is not None else high
    if number is None:
        return ""
    qualifier = figure.qualifier
    if not qualifier:  # claims about the event give their figures in different ways
        qualifier = "atLeast" if high is None else "upTo" if low is None else "exactly"
    return " ".join(filter(None, [words.get(qualifier, ""), word_number(number, language)]))


def word_counted(figure: Figure) -> str:
    """Return who is counted, in the article's words ("polnische Soldaten" of "rund 15.000 polnische Soldaten").

    Of many words only the last is given, and nothing where the article has a bare number ("bis zu 3000").
    """
    found = AFTER_NUMBER.fullmatch(figure.text) if figure.kind == "personnel" else None
    words = found[1].split() if found else []
    whole = " ".join(words)
    return whole if len(whole) <= LONGEST_COUNTED else words[-1]


def word_units(claim: Claim) -> list[str]:
    """Return the units of a claim that the words of its figures do not say: no "Pioniere" beside "1.000 Pioniere"."""
    said = {word for figure in claim.figures for word in word_counted(figure).split()}
    return [unit for unit in claim.units if not said.issuperset(unit.split())]


def word_day(iso: str, language: str) -> str:
    """Write a day, its number and month on one line: "18. November 2024"; anything but a date as it is."""
    try:
        day = date.fromisoformat(iso[:10])
    except ValueError:
        return iso
    return f"{_day_and_month(day, language)} {day.year}"


def word_month(iso: str, language: str) -> str:
    """Write a month given as "2024-11": "November 2024"; anything but a month as it is."""
    try:
        first = date.fromisoformat(f"{iso}-01")
    except ValueError:
        return iso
    return f"{_month(first, language)} {first.year}"


def word_stretch(begin: str, unit: str, language: str) -> str:
    """Write a stretch of time that begins with a month ("2024-10"): "4. Quartal 2024", "2024", "1990–1999"."""
    if unit == "month":
        return word_month(begin, language)
    year, month = int(begin[:4]), int(begin[5:])
    if unit == "quarter":
        number = (month + 2) // 3
        return f"{number}. Quartal {year}" if language == "de" else f"Q{number} {year}"
    years = {"year": 1, "decade": 10, "century": 100}[unit]
    return str(year) if years == 1 else f"{year}–{year + years - 1}"


def word_period(begin: str, end: str, language: str) -> str:
    """Write the days from `begin` to `end` (ISO dates, either may be empty) as short as they allow.

    A whole year is "2024", a whole month "November 2024", one day "18. November 2024", an open end "ab …" or "bis …".
    """
    if not (begin and end):
        word = {"de": ("ab", "bis"), "en": ("from", "until")}[language]
        known = word_day(begin or end, language)
        return f"{word[0] if begin else word[1]} {known}" if known else ""
    try:
        first, last = date.fromisoformat(begin[:10]), date.fromisoformat(end[:10])
    except ValueError:
        return f"{begin}–{end}"
    if first == last:
        return word_day(begin, language)
    if (first.month, first.day, last.month, last.day) == (1, 1, 12, 31):
        return str(first.year) if first.year == last.year else f"{first.year}–{last.year}"
    return _word_months(first, last, language)


def _word_months(first: date, last: date, language: str) -> str:
    """Write a period that is neither one day nor whole years."""
    whole = first.day == 1 and last.day == calendar.monthrange(last.year, last.month)[1]
    end = _month(last, language) if whole else _day_and_month(last, language)
    if (first.year, first.month) == (last.year, last.month):
        return f"{end} {last.year}" if whole else f"{_day_of_month(first, language)}–{end} {last.year}"
    start = _month(first, language) if whole else _day_and_month(first, language)
    if first.year != last.year:
        start = f"{start} {first.year}"
    return f"{start}\N{NO-BREAK SPACE}– {end} {last.year}"


def word_position(lat: str, lon: str, language: str) -> str:
    """Write a place given in degrees: "55,75° N, 37,62° O", "55.75° N, 37.62° E"; no numbers as they are."""
    try:
        north, east = float(lat), float(lon)
    except ValueError:
        return f"{lat}, {lon}"
    eastern = "O" if language == "de" else "E"
    written = [
        f"{abs(degrees):.2f}°\N{NO-BREAK SPACE}{side}"
        for degrees, side in ((north, "S" if north < 0 else "N"), (east, "W" if east < 0 else eastern))
    ]
    return ", ".join(part.replace(".", ",") if language == "de" else part for part in written)


def _day_and_month(day: date, language: str) -> str:
    return f"{_day_of_month(day, language)}\N{NO-BREAK SPACE}{_month(day, language)}"


def _day_of_month(day: date, language: str) -> str:
    return f"{day.day}." if language == "de" else str(day.day)


def _month(day: date, language: str) -> str:
    return MONTHS[language][day.month - 1]
