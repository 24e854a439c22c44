"""German numerals: digits with their separators, and number words."""

import re
import tomllib
from functools import cache, lru_cache
from importlib import resources
from typing import Any

_GROUPED = re.compile(r"\d{1,3}(?:[ .'’‘\u00a0\u202f\u2009]\d{3})+")
_PLAIN = re.compile(r"\d+")
_DECIMAL = re.compile(r"(\d+),(\d+)")


@cache
def load_number_words() -> dict[str, Any]:
    """Return the tables of `data/lexicon/numbers.toml`."""
    return tomllib.loads(resources.files("kg").joinpath("data/lexicon/numbers.toml").read_text("utf-8"))


@cache
def _word_pattern() -> tuple[re.Pattern[str], dict[str, int]]:
    tables = load_number_words()
    values: dict[str, int] = {**tables["units"], **tables["teens"], **tables["tens"]}
    unit, teen, ten = ("|".join(sorted(tables[name], key=len, reverse=True)) for name in ("units", "teens", "tens"))
    below_hundred = f"(?:(?:{unit})und)?(?:{ten})|{teen}|{unit}"
    below_thousand = f"(?:(?:{unit}|{teen})?hundert(?:und)?)?(?:{below_hundred})?"
    return re.compile(
        f"(?:(?P<thousands>{below_thousand})(?P<tausend>tausend)(?:und)?)?(?P<rest>{below_thousand})"
    ), values


def _below_thousand(word: str, values: dict[str, int]) -> int:
    before, hundred, rest = word.rpartition("hundert")
    total = (values[before] if before else 1) * 100 if hundred else 0
    rest = rest.removeprefix("und") if hundred else rest
    if not rest:
        return total
    unit, _, ten = rest.rpartition("und")
    if ten in values and unit in values:
        return total + values[ten] + values[unit]
    return total + values[rest]


@lru_cache(maxsize=4096)
def parse_word(word: str) -> float | None:
    """Return the value of a number word ("zwölftausend", "zweiundzwanzig", "anderthalb"), None where it is none."""
    word = word.lower()
    tables = load_number_words()
    if word in tables["irregular"]:
        return float(tables["irregular"][word])
    pattern, values = _word_pattern()
    found = pattern.fullmatch(word)
    if not word or found is None:
        return None
    thousands = found["thousands"] or ""
    factor = (_below_thousand(thousands, values) if thousands else 1) if found["tausend"] else 0
    return float(factor * 1000 + (_below_thousand(found["rest"], values) if found["rest"] else 0))


@lru_cache(maxsize=4096)
def parse_digits(piece: str) -> float | None:
    """Return the value of digits: "10.000", "10 000", "80'000", "2,3"; None for "20:15", "1.2", "9."."""
    if _PLAIN.fullmatch(piece):
        return float(piece)
    if _GROUPED.fullmatch(piece):
        return float(re.sub(r"\D", "", piece))
    decimal = _DECIMAL.fullmatch(piece)
    return float(f"{decimal[1]}.{decimal[2]}") if decimal else None


def parse_number(piece: str) -> float | None:
    """Return the value of a numeral in digits or letters, None for any other piece."""
    return parse_digits(piece) if piece[:1].isdigit() else parse_word(piece)
