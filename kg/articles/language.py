"""Whether a text is German: by the share of its function words."""

import re
import tomllib
from functools import cache
from importlib.resources import files

from kg.errors import ArticleError

_WORD = re.compile(r"[^\W\d_]+")
_SAMPLE = 20_000
"""Characters that are looked at: an article's beginning tells its language."""
_MIN_WORDS = 20
"""Below this many words only another language's words count against a text."""
_MIN_SHARE = 0.1
"""Share of function words that German news reaches: at least 0.24 in the 307 articles measured."""


def check_german(text: str, name: str) -> None:
    """Accept a German text.

    Raises:
        ArticleError: the text is clearly of another language, or of none.
    """
    known = _function_words()
    words = [word.lower() for word in _WORD.findall(text[:_SAMPLE])]
    counts = {language: sum(word in of_language for word in words) for language, of_language in known.items()}
    german = counts.pop("German")
    other = max(counts, key=lambda language: counts[language])
    remedy = "Only German articles are read: leave it out or give a German one."
    if counts[other] > max(german, 1):
        raise ArticleError(f"{name} is {other}, not German.", remedy)
    if len(words) >= _MIN_WORDS and german < _MIN_SHARE * len(words):
        raise ArticleError(f"{name} is no German text.", remedy)


@cache
def _function_words() -> dict[str, frozenset[str]]:
    raw = tomllib.loads((files("kg") / "data" / "languages.toml").read_text(encoding="utf-8"))
    return {language: frozenset(words.split()) for language, words in raw.items()}
