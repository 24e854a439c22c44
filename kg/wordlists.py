"""The closed word classes of `data/lexicon/`: those of claims, of sources, of shares and of questions."""

import tomllib
from functools import cache
from pathlib import Path

_FOLDER = Path(__file__).parent / "data" / "lexicon"


@cache
def _tables(lexicon: str) -> dict[str, frozenset[str]]:
    """Return the word lists of a file; a list is written as words in a row, or as an array where a word is a sign."""
    tables = tomllib.loads((_FOLDER / f"{lexicon}.toml").read_text(encoding="utf-8"))
    return {name: frozenset(words.split() if isinstance(words, str) else words) for name, words in tables.items()}


def words_of(table: str) -> frozenset[str]:
    """Return the words of a table of `claims.toml`: words that show who does what, and whether it happened."""
    return _tables("claims")[table]


def source_words(table: str) -> frozenset[str]:
    """Return the words of a table of `sources.toml`: words by which an article says who says so."""
    return _tables("sources")[table]


def share_words(table: str) -> frozenset[str]:
    """Return the words of a list under `[shares]` in `numbers.toml`, which `kg.dates` reads too.

    A process that reads no article has no use for that package: it brings the language model's library along.
    """
    return _shares()[table]


@cache
def _shares() -> dict[str, frozenset[str]]:
    tables = tomllib.loads((_FOLDER / "numbers.toml").read_text(encoding="utf-8"))
    return {name: frozenset(words) for name, words in tables["shares"].items()}


@cache
def question_words() -> frozenset[str]:
    """Return the words of `questions.toml`, German and English: words of questions that answers do without."""
    return frozenset().union(*_tables("questions").values())
