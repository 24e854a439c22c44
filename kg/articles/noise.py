"""The lines of a news page that are not its article: teasers of other stories, prompts, menus, credits, comments.

The rules are data, with their examples, in `kg/data/noise.toml`. A rule looks at one line. The first line is
the headline, unless it and those below it down to another headline are the page's.
The article's sentences are worth more than a clean page: a line that merely names a newsletter or a podcast stays.
"""

import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Literal

from kg.articles.dateline import find_dateline
from kg.errors import DataError
from kg.model import Span

_FILE = "noise.toml"
_KEYS = frozenset({"name", "patterns", "noise", "keep", "case", "open", "prompt", "max", "heads"})
_MAX_CHARS = 320
"""A longer line is a paragraph of the article unless it is prompts throughout."""
_FOREIGN_WORD = r"(?:[^\s\0-\u036f\u2000-\u303f]+\s*/\s*)?"
"""A page in translation keeps the word of its own script before the German one.

It is told by what it is not, Latin or punctuation: `re` walks through a class character by character when it compiles.
"""

_SENTENCE = re.compile(r"[^.!?…]+[.!?…]*")
_SENTENCE_END = re.compile(r"(?<!\bMin)[.!?…][“”\"»)]?$")
"""Reading times end with "3 Min."."""
_DAY_OR_CLOCK = re.compile(r"\b\d{1,2}[.:]\d\d\b|\b\d{1,2}\.\s?(?:\d|[A-Z][a-zä]+\s\d{4})|\b(?:19|20)\d\d\b")
"""13:15 Uhr | Bayern gegen Union abgesagt: a ticker's entry or a dateline, no menu."""
_ANSWER = re.compile(r"^Antworten\s*\|", re.IGNORECASE)
_HEADING_CHARS = 60
_LONGEST_HEADLINE = 160
_LISTED_CHARS = 120
_MENU_WORDS = 9
"""Most words that an entry of a menu has."""


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule of `noise.toml`; its comments there say what the fields mean."""

    name: str
    pattern: re.Pattern[str]
    noise: tuple[str, ...]
    keep: tuple[str, ...]
    open: bool = False
    prompt: bool = False
    max: int = _MAX_CHARS
    heads: Literal["lines", "bullets"] | None = None

    def matches(self, line: str) -> bool:
        """Tell whether the line is noise by this rule."""
        if len(line) > self.max:
            return self.prompt and self._is_prompts(line)
        if self.open and _SENTENCE_END.search(line):
            return False
        return self.pattern.search(line) is not None

    def _is_prompts(self, line: str) -> bool:
        """Tell whether half of the sentences are noise by themselves; of most lines the first ones tell."""
        sentences = _SENTENCE.findall(line)
        others = 0
        for sentence in sentences:
            others += self.pattern.search(sentence) is None
            if 2 * others > len(sentences):
                return False
        return True


def find_noise(text: str) -> tuple[Span, ...]:
    """Find the lines that are no part of the article; spans of whole lines without their line ends, in text order."""
    lines = text.split("\n")
    top = _find_headline(lines)
    noise = {number for number in range(top) if lines[number].strip()}
    listing = gap = False
    bullet = ""
    for number, line in enumerate(lines[top + 1 :], start=top + 1):
        if not line.strip():
            gap = True
        elif listing and _is_listed(line, gap, bullet):
            noise.add(number)
            bullet = _find_bullet(line)
        else:
            gap = listing = False
            if _is_noise(line.strip(), below=lines[number + 1 : number + 2]):
                noise.add(number)
                bullet, listing = "", _opens_list(line.strip())
    noise.update(_find_comments(lines))
    spans, begin = [], 0
    for number, line in enumerate(lines):
        if number in noise:
            spans.append(Span(begin, begin + len(line)))
        begin += len(line) + 1
    return tuple(spans)


def _find_headline(lines: list[str]) -> int:
    """Return the number of the headline's line: "Startseite | Politik", "Anzeige" and "Teilen" may stand above it.

    What looks like a headline stands for itself, above a paragraph, and is no dateline; else the first line is one,
    whatever it says.
    """
    written = [number for number, line in enumerate(lines) if line.strip()]
    noisy = (_is_noise(lines[number].strip(), below=lines[number + 1 : number + 2]) for number in written)
    first = next((k for k, is_noise in enumerate(noisy) if not is_noise), 0)
    if first == 0 or len(written) == first + 1:
        return 0
    line = lines[written[first]].strip()
    runs_on = line.endswith((".", ":")) or len(line) > _LONGEST_HEADLINE
    return 0 if runs_on or find_dateline(line, noise=()) else written[first]


@cache
def load_rules() -> tuple[Rule, ...]:
    """Load the rules.

    Raises:
        DataError: a rule has an unknown key, lacks its examples, or has a value that cannot be read.
    """
    return tuple(_parse_rule(values) for values in _load_data()["rule"])


def _parse_rule(values: dict[str, Any]) -> Rule:
    where = f"{_FILE}: rule {values.get('name')!r}"
    if unknown := values.keys() - _KEYS:
        raise DataError(f"{where} has the unknown key {min(unknown)!r}.", f"Keys are {', '.join(sorted(_KEYS))}.")
    if missing := {"name", "patterns", "noise", "keep"} - values.keys():
        raise DataError(
            f"{where} has no {min(missing)!r}.", "Every rule has a name, patterns, and lines for and against."
        )
    if (heads := values.get("heads")) not in (None, "lines", "bullets"):
        raise DataError(f"{where}: heads is {heads!r}.", 'Write "lines" or "bullets", or leave it out.')
    try:
        patterns = "|".join(f"(?:{pattern.replace('%B', _bullets())})" for pattern in values["patterns"])
        pattern = re.compile(patterns, re.NOFLAG if values.get("case") else re.IGNORECASE)
    except re.error as error:
        raise DataError(f"{where}: {error}.", "Correct the pattern.") from error
    return Rule(
        name=values["name"],
        pattern=pattern,
        noise=tuple(values["noise"]),
        keep=tuple(values["keep"]),
        open=values.get("open", False),
        prompt=values.get("prompt", False),
        max=values.get("max", _MAX_CHARS),
        heads=heads,
    )


@cache
def _load_data() -> dict[str, Any]:
    return tomllib.loads((files("kg") / "data" / _FILE).read_text(encoding="utf-8"))


@cache
def _bullets() -> str:
    """Return the pattern for what such a line begins with.

    The case of the marks is told apart, since to fold so many would take long each time that a program starts.
    """
    return rf"(?-i:[\s{re.escape(_load_data()['marks'])}]*{_FOREIGN_WORD})"


@cache
def _listed() -> re.Pattern[str]:
    return re.compile(rf"\s*([{re.escape(_load_data()['marks'])}]+)\s")


@cache
def _menu_words() -> frozenset[str]:
    return frozenset(_load_data()["menu"]["words"].split())


def _is_noise(line: str, below: list[str]) -> bool:
    if not any(character.isalnum() for character in line) or _is_menu(line):
        return True
    above_bullets = any(_find_bullet(next_line) for next_line in below)
    return any(rule.matches(line) for rule in load_rules() if rule.heads != "bullets" or above_bullets)


def _is_menu(line: str) -> bool:
    """Startseite | Politik | Sport, Teilen Merken: entries, with a button's word among them or without a figure."""
    alone = re.findall(r"[\w-]+", line.lower())
    if len(alone) > 1 and _menu_words().issuperset(alone):
        return True
    parts = [part.strip() for part in re.split(r"\s\|\s|\s{3,}|\s–\s(?=[^–]+\s–\s)", line) if part.strip()]
    if len(parts) < 2 or _DAY_OR_CLOCK.search(line) or any(len(part.split()) > _MENU_WORDS for part in parts):
        return False
    words = [set(re.findall(r"[\w-]+", part.lower())) for part in parts]
    if any(_menu_words() & of_part for of_part in words):
        return True
    return len(parts) >= 3 and "|" in line and not any(character.isdigit() for character in line)


def _opens_list(line: str) -> bool:
    """Mehr zum Thema: / Meistgelesen / Das könnte Sie auch interessieren, with the headlines on the lines below."""
    if len(line) > _HEADING_CHARS or line.endswith((".", "!", "?")):
        return False
    heading = line.strip(" :–-")
    return any(rule.heads is not None and rule.pattern.fullmatch(heading) is not None for rule in load_rules())


def _find_bullet(line: str) -> str:
    """Return the mark that a line of a list begins with, without its blanks; an empty text if there is none."""
    found = _listed().match(line)
    return found[1] if found else ""


def _is_listed(line: str, gap: bool, bullet: str) -> bool:
    """Tell whether a line below such a heading is a headline.

    A list with bullets ends at a line without the bullet; after a blank line a question may be the article's.
    """
    line = line.strip()
    if bullet and _find_bullet(line) != bullet:
        return False
    return len(line) <= _LISTED_CHARS and not (_SENTENCE_END.search(line) and (gap or line.endswith(".")))


def _find_comments(lines: list[str]) -> Iterable[int]:
    """Return the lines of a readers' discussion, where answers can be given: from its heading to the page's end."""
    answers = [number for number, line in enumerate(lines) if _ANSWER.match(line)]
    if not answers:
        return ()
    headings = (n for n, line in enumerate(lines[: answers[0]]) if re.search(r"\bKommentare\b", line))
    start = next(headings, answers[0])
    return (number for number in range(max(start, 1), len(lines)) if lines[number].strip())
