"""The publication date that an article's own text states: "Stand: 03.05.2023, 14:10 Uhr"."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from kg.model import Span

MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "januar jänner jan",
            "februar feber feb",
            "märz mär mrz",
            "april apr",
            "mai",
            "juni jun",
            "juli jul",
            "august aug",
            "september sept sep",
            "oktober okt",
            "november nov",
            "dezember dez",
        ),
        start=1,
    )
    for name in names.split()
}
"""Names of months and their short forms, in small letters."""
_MONTH = "|".join(sorted(MONTHS, key=len, reverse=True))
_DATE = rf"""(?:
    (?P<iso>(?:19|20)\d\d(?P<mark>[-./])\d\d(?P=mark)\d\d)
  | (?P<slashed>\d{{1,2}}/\d{{1,2}}/(?:19|20)\d\d)
  | (?P<day>\d{{1,2}})\.\s?(?:(?P<number>\d{{1,2}})\.|(?P<name>{_MONTH})\b\.?)\s?(?P<year>(?:19|20)\d\d)?(?!\d)
  | (?P<day_bare>\d{{1,2}})\s(?P<name_bare>{_MONTH})\b\.?,?\s(?P<year_bare>(?:19|20)\d\d)(?!\d)
  | (?P<name_first>{_MONTH})\s(?P<day_second>\d{{1,2}}),\s(?P<year_last>(?:19|20)\d\d)
)"""
_FLAGS = re.VERBOSE | re.IGNORECASE

_WORD_BEFORE = r"""(?:stand|gesendet|veröffentlicht|publiziert|erstellt|erschienen|aktualisiert|aktualisierung|update
    |datum|zuletzt\ aktualisiert|letzte\ aktualisierung|zuletzt\ geändert|(?:erst)?veröffentlichung(?:sdatum)?)"""
_WEEKDAY = r"(?:(?:\w+(?:tag|woch|abend),?|(?:mo|di|mi|do|fr|sa|so)(?:\.,?|,))\s(?:den\s)?)?"
_LABELLED = re.compile(rf"\b{_WORD_BEFORE}\b(?:\ am)?\s?:?\s{_WEEKDAY}{_DATE}", _FLAGS)
"""Stand: 03.05.2023 / Veröffentlicht am 3. Mai 2023 / Stand: Di., 3.5.2023"""
_IN_FOOT = re.compile(rf"^[(\[]?{_LABELLED.pattern}", _FLAGS)
"""The same at the start of its line, which few words follow: the foot of a page goes on with links and notes."""
_OF_ISSUE = re.compile(
    rf"""^(?:[^.!?]{{0,80}}[|•·–—]\s)?(?!Zu[mr]?\b)(?:\w+\s){{0,2}}\w*(?:interview|blog|ticker|sendung|ausgabe|beitrag
    |artikel|podcast)\b[^.!?–—|]{{0,60}}?\bvom\s(?:\w+(?:tag|woch|abend),?\s(?:den\s)?)?{_DATE}(?=\s*(?:$|[|•·,)–—-]))""",
    _FLAGS,
)
"""Interview vom 3. Mai 2023 / Newsblog zum Krieg in der Ukraine vom 12.03.2024; a line on its own, not a sentence."""
_SENT = re.compile(rf"\bam\s{_DATE}[^.]{{0,60}}\bgesendet\b", _FLAGS)
"""Diese Nachricht wurde am 12.03.2024 im Programm Deutschlandfunk gesendet."""
_CITY = re.compile(
    rf"""(?:[A-ZÄÖÜ][\w.-]*[/\ ]){{0,3}}[A-ZÄÖÜ][\w-]+(?:\s?\([^()\n]{{2,40}}\))?(?:[,.]|\s[-–—])\s(?:den\ |am\ )?
    (?i:{_DATE})
    (?=\s*(?:\([^()\n]{{2,40}}\)|[-–—:|.,]|$))""",
    re.VERBOSE,
)
"""JINAN, 22. Dezember (Xinhua) -- / Berlin, 12.3.2024 / Genf (dpa), 3. Mai 2023 –"""
_FURNITURE = re.compile(
    rf"(?:^|[|•·(,—–-]\s?|\b(?:\w+tag|mittwoch|sonnabend),?\s(?:den\ )?)(?:den\ )?{_DATE}(?=\s*(?:$|[|•·,—–)-]|\d))",
    _FLAGS,
)
"""Von unserem Korrespondenten | 21. April 2011 | Seite empfehlen; a line on its own, not a sentence."""
_SENTENCE_END = re.compile(r"[.!?…]\s*[“”\"»]?$")

_HEAD_LINES = 6
_MOST_HEAD_LINES = 40
"""With those of the page among them."""
_FURNITURE_CHARS = 140
_FOOT_LINES = 12


@dataclass(frozen=True, slots=True)
class Dateline:
    """A day as the text states it; agencies leave out the year."""

    day: int
    month: int
    year: int | None

    def resolve(self, near: date) -> date | None:
        """Return the day; without a year its last occurrence that is not after `near`. None for a 30 February."""
        years = [self.year] if self.year else [near.year, near.year - 1]
        for year in years:
            try:
                found = date(year, self.month, self.day)
            except ValueError:
                continue
            if self.year or found <= near:
                return found
        return None


def find_dateline(text: str, noise: Iterable[Span]) -> Dateline | None:
    """Find the day that the head or the foot of an article states as its own; None where there is none.

    The lines of `noise` are looked at too, but do not push others out of the head.

    A date inside a sentence is no dateline: it tells when something happened.
    """
    lines = [line for line in text.split("\n") if line.strip()]
    head = [line for _, line in _find_head(text, {span.begin for span in noise})]
    everywhere = ((_LABELLED, [*head, *lines[-3:]]), (_SENT, lines[-3:]), (_IN_FOOT, _find_foot(lines)))
    for pattern, where in (*everywhere, (_OF_ISSUE, head), (_FURNITURE, head), (_CITY, head)):
        for line in where:
            if pattern in {_FURNITURE, _OF_ISSUE} and not _is_furniture(line):
                continue
            found = pattern.match(line) if pattern is _CITY else pattern.search(line)
            dateline = _parse(found) if found else None
            if dateline is not None and (dateline.year or pattern not in {_FURNITURE, _IN_FOOT}):
                return dateline
    return None


def find_own_dates(text: str, noise: Iterable[Span]) -> tuple[Span, ...]:
    """Find where the head of an article says when it was written, which dates nothing that it tells of.

    "Stand: 03.05.2023", "JINAN, 22. Dezember (Xinhua) --"; a day on a line of its own is a ticker's, and dates what
    stands below it.
    """
    found = []
    for begin, line in _find_head(text, {span.begin for span in noise}):
        matches = (_CITY.match(line), _LABELLED.search(line), _OF_ISSUE.match(line) if _is_furniture(line) else None)
        found += [Span(begin + match.start(), begin + match.end()) for match in matches if match is not None]
    return tuple(found)


def _find_head(text: str, noise: set[int]) -> list[tuple[int, str]]:
    """Return the first lines with their offsets; those at an offset of `noise` do not count."""
    head, counted, begin = list[tuple[int, str]](), 0, 0
    for line in text.split("\n"):
        counted += bool(line.strip()) and begin not in noise
        if counted > _HEAD_LINES or len(head) >= _MOST_HEAD_LINES:
            break
        if line.strip():
            head.append((begin, line))
        begin += len(line) + 1
    return head


def _find_foot(lines: list[str]) -> list[str]:
    """Return the line of the foot that starts with a labelled date; none of several, which a list of articles has."""
    found = [line for line in lines[-_FOOT_LINES:] if _is_furniture(line) and _IN_FOOT.search(line)]
    return found if len(found) == 1 else []


def _is_furniture(line: str) -> bool:
    return len(line) <= _FURNITURE_CHARS and not _SENTENCE_END.search(line)


def _parse(found: re.Match[str]) -> Dateline | None:
    if found["iso"]:
        year, month, day = map(int, found["iso"].split(found["mark"]))
    elif found["slashed"]:
        day, month, year = map(int, found["slashed"].split("/"))
    elif found["name_bare"]:
        year, month, day = int(found["year_bare"]), MONTHS[found["name_bare"].lower()], int(found["day_bare"])
    elif found["name_first"]:
        year, month, day = int(found["year_last"]), MONTHS[found["name_first"].lower()], int(found["day_second"])
    else:
        month = int(found["number"]) if found["number"] else MONTHS[found["name"].lower()]
        year, day = int(found["year"] or 0), int(found["day"])
    if not (1 <= month <= 12 and 1 <= day <= 31):
        return None
    return Dateline(day, month, year or None)
