"""German texts to read: sentences of our own corpus in new company, with other names, dates and figures.

A name is exchanged for another of its kind, so that each sentence could stand in the news; what an article tells as a
whole makes no sense. They are for measuring speed: nobody knows what ought to come out.
"""

import json
import re
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from random import Random

from benchmarks.generator import world
from benchmarks.generator.news import ARTICLES_A_DAY, FIRST_DAY
from kg.german.gazetteer import read_table

CORPUS = Path(__file__).parents[2] / "training" / "corpus" / "train"

_FEWEST, _MOST = 8, 18
"""Sentences of an article."""
_SHORTEST, _LONGEST = 30, 400
"""Characters of a sentence that is taken."""
_SENTENCES_A_PARAGRAPH = 4
_END = re.compile(r"(?<=[a-zäöüß“»][.!?])\s+(?=[A-ZÄÖÜ„»])")
_MONTHS = (
    *("Januar", "Februar", "März", "April", "Mai", "Juni"),
    *("Juli", "August", "September", "Oktober", "November", "Dezember"),
)
_DAYS = ("Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag", "Sonntag")


class Composer:
    """Puts articles together."""

    def __init__(self, random: Random, corpus: Path = CORPUS) -> None:
        self._random = random
        self._sentences = read_sentences(corpus)
        states = [row[1] for row in read_table("gazetteer", "countries.tsv", 11) if row[1].isalpha()]
        persons = [row[0] for row in read_table("gazetteer", "persons.tsv", 5) if " " in row[0]]
        self._kinds: Sequence[Sequence[str]] = (states, persons, _MONTHS, _DAYS)
        self._kind_of = {name: kind for kind in self._kinds for name in kind}
        names = "|".join(re.escape(name) for name in sorted(self._kind_of, key=len, reverse=True))
        self._changed = re.compile(rf"\b(?:{names})(?=s?\b)|\b[1-9]\d*(?:\.\d{{3}})*\b")

    def compose(self) -> str:
        """Return an article: its headline and some paragraphs."""
        random = self._random
        chosen = random.choices(self._sentences, k=random.randint(_FEWEST, _MOST))
        told = [self._changed.sub(self._exchange, sentence) for sentence in chosen]
        steps = range(1, len(told), _SENTENCES_A_PARAGRAPH)
        paragraphs = [" ".join(told[step : step + _SENTENCES_A_PARAGRAPH]) for step in steps]
        return "\n\n".join([told[0].rstrip("."), *paragraphs]) + "\n"

    def _exchange(self, match: re.Match[str]) -> str:
        kind = self._kind_of.get(match[0])
        return self._random.choice(kind) if kind else self._number(match[0])

    def _number(self, digits: str) -> str:
        """Return another number of as many digits; years stay, and with them what is a date."""
        if len(digits) == 4 and digits[:2] in {"19", "20"}:
            return digits
        value = int(digits.replace(".", ""))
        other = self._random.randint(1, 28) if value < 29 else self._random.randint(value // 2, value * 2)
        return f"{other:,}".replace(",", ".") if "." in digits else str(other)


def read_sentences(corpus: Path) -> list[str]:
    """Return the sentences of the annotated articles, in the order of their files."""
    paragraphs = (
        line
        for path in sorted(corpus.glob("*.txt"))
        for line in path.read_text(encoding="utf-8").splitlines()
        if line.endswith(".")
    )
    sentences = (sentence for paragraph in paragraphs for sentence in _END.split(paragraph))
    return [sentence for sentence in sentences if _SHORTEST <= len(sentence) <= _LONGEST and sentence.endswith(".")]


def write_texts(out: Path, articles: int, seed: int) -> None:
    """Write `STEM.txt` and `STEM.meta.json` of so many articles, a thousand to a folder in `out`."""
    random = Random(seed)
    composer = Composer(random)
    for number in range(articles):
        folder = out / f"{number // 1000:05}"
        folder.mkdir(parents=True, exist_ok=True)
        published = FIRST_DAY + timedelta(number // ARTICLES_A_DAY)
        known = {"published": published.isoformat(), "publisher": world.draw_publisher(random), "language": "de"}
        stem = folder / f"text-{number + 1:08}"
        stem.with_suffix(".txt").write_text(composer.compose(), encoding="utf-8")
        stem.with_suffix(".meta.json").write_text(json.dumps(known, ensure_ascii=False) + "\n", encoding="utf-8")
