"""The closed word classes of `data/lexicon/claims.toml`."""

import tomllib
from functools import cache
from pathlib import Path

_PATH = Path(__file__).parent / "data" / "lexicon" / "claims.toml"


@cache
def _tables() -> dict[str, str]:
    return tomllib.loads(_PATH.read_text(encoding="utf-8"))


def words_of(table: str) -> frozenset[str]:
    """Return the words of a table of `claims.toml`."""
    return frozenset(_tables()[table].split())
