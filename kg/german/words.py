"""The word lists of the German pipeline, read from `kg/data/lexicon/german.toml`."""

import tomllib
from pathlib import Path

_FILE = Path(__file__).parent.parent / "data" / "lexicon" / "german.toml"
_TABLES = tomllib.loads(_FILE.read_text(encoding="utf-8"))

ABBREVIATIONS: frozenset[str] = frozenset(_TABLES["abbreviations"])
STARTERS: frozenset[str] = frozenset(_TABLES["starters"])
PARTICLES: frozenset[str] = frozenset(_TABLES["particles"])
LEMMAS: dict[str, dict[str, str]] = _TABLES["lemmas"]
"""UPOS to lower-case form to lemma."""
