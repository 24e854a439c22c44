"""The classes of words in time expressions: each piece of text gets one letter, patterns run over the letters.

D day "9."         M month             m abbreviated month   Y year        F date in digits
W weekday          w time of day       L weekday as adverb ("montags")     u "Uhr"
U unit             S season            h holiday             H "neunziger"      8 "1990er-Jahre"  9 "frühen"
J "Jahresende"     V "Vorjahr"         v "Vortag"            P "Anfang", "Mitte", "Ende"
R "vergangen"      T "dieser"          C "selb", "folgend"   O "dritten"   X "gestern"   x "derzeit"
N number           E "ein"             f "wenigen"           Q "rund"      y "jeden"     c "neuen"
l "später"         e "zuvor"           t "tags"              g "damals"    d "täglich"
a article          p "am", "im", "zum" i in   n nach   r vor   s seit   b bis   z zwischen   o von   k ab
B binnen           j other preposition q "und"   - dash   / slash   , comma   ( bracket   . anything else
"""

import re
import tomllib
from functools import cache, lru_cache
from importlib import resources
from typing import Any

from kg.dates.numerals import parse_digits, parse_word

Payload = Any
"""What a class needs of the word: the number of a month, the unit, the direction."""

OTHER = "."
_REFERENCES = ("PRESENT_REF", "PAST_REF", "FUTURE_REF")
_ENDINGS = ("e", "en", "er", "es", "em")
_FULL_DATE = re.compile(r"\d{1,2}\.\s?\d{1,2}\.(?:\s?\d{2,4})?|\d{4}-\d\d-\d\d")
_CLOCK = re.compile(r"(?:[01]?\d|2[0-4])[.:][0-5]\d")
_DECADE = re.compile(r"(\d{2}|1\d\d0|20\d0)er(?:-?[Jj]ahren?)?")
_PREPOSITIONS: dict[str, str] = {
    **dict.fromkeys(("am", "im", "zum", "vom", "beim", "ins", "ans"), "p"),
    **dict.fromkeys(("der", "die", "das", "den", "dem", "des"), "a"),
    **dict.fromkeys(("ein", "eine", "einer", "einem", "einen", "eines"), "E"),
    **dict.fromkeys(("auf", "zu", "für", "gegen", "bei", "an", "um", "über", "während", "seitens", "zur"), "j"),
    **dict.fromkeys(("binnen", "innerhalb"), "B"),
    **dict.fromkeys(("und", "sowie", "oder"), "q"),
    **dict.fromkeys(("-", "–", "—"), "-"),
    **dict.fromkeys(("neuen", "neues", "neue"), "c"),
    **{"in": "i", "nach": "n", "vor": "r", "seit": "s", "bis": "b", "zwischen": "z", "von": "o", "ab": "k"},
    **{"/": "/", ",": ",", "tags": "t", "uhr": "u", "(": "("},
}


@cache
def load_date_words() -> dict[str, Any]:
    """Return the tables of `data/lexicon/dates.toml`."""
    return tomllib.loads(resources.files("kg").joinpath("data/lexicon/dates.toml").read_text("utf-8"))


@cache
def _classes() -> dict[str, tuple[str, Payload]]:
    """Return the class of every lower-case form; of two, the later wins."""
    tables = load_date_words()
    found: dict[str, tuple[str, Payload]] = {word: (letter, None) for word, letter in _PREPOSITIONS.items()}
    found |= {word: ("Q", None) for word in tables["numbers"]["approximators"] if word not in found}
    found |= dict.fromkeys(tables["numbers"]["few"], ("f", None))
    found |= dict.fromkeys(tables["sets"]["every"], ("y", None))
    found |= {stem + end: ("d", value) for stem, value in tables["sets"]["adverbs"].items() for end in ("", *_ENDINGS)}
    found |= dict.fromkeys(tables["sets"]["per"], ("A", None))
    found |= {stem + end: ("G", None) for stem in tables["numbers"]["fractions"] for end in _ENDINGS}
    found |= {stem + "lang" + end: ("I", unit) for stem, unit in tables["lasting"].items() for end in ("", *_ENDINGS)}
    for table, letter in (("directions", "R"), ("context", "C"), ("ordinals", "O")):
        found |= {stem + end: (letter, value) for stem, value in tables[table].items() for end in _ENDINGS}
    found |= dict.fromkeys(tables["this"]["forms"], ("T", 0))
    found |= {form: ("M", value) for word, value in tables["months"].items() for form in (word, word + "s")}
    found |= {word: ("m", value) for word, value in tables["month_abbreviations"].items()}
    found |= {
        form: ("S", value) for word, value in tables["seasons"].items() for form in (word, word + "s", word + "n")
    }
    for table, letter in (("units", "U"), ("part_compounds", "J"), ("neighbours", "V"), ("context_days", "v")):
        found |= {word: (letter, value) for word, value in tables[table].items()}
    found |= {word + "s": ("J", value) for word, value in tables["part_compounds"].items()}
    found |= {form: ("P", value) for word, value in tables["parts"].items() for form in (word, word + "s")}
    found |= {word: ("w", value) for word, value in tables["daytimes"].items()}
    found |= {word: ("X", value) for word, value in tables["deictic"].items()}
    found |= dict.fromkeys(tables["now"]["words"], ("x", None))
    found |= dict.fromkeys(tables["now"]["meanwhile"], ("x", "meanwhile"))
    found |= {word: ("g", reference) for reference in _REFERENCES for word in tables["vague"][reference]}
    found |= {word: ("H", value) for word, value in tables["decades"].items()}
    found |= dict.fromkeys(tables["later"]["after"], ("l", 1)) | dict.fromkeys(tables["later"]["before"], ("e", -1))
    found |= dict.fromkeys(tables["now"]["nouns"], ("Z", None))
    found |= {stem + end: ("9", None) for stem in ("früh", "spät") for end in ("e", "en")}
    for kind in ("fixed", "moving"):
        found |= {word: ("h", (kind, value)) for word, value in tables["holidays"][kind].items()}
    return found | _weekday_forms(tables)


def _weekday_forms(tables: dict[str, Any]) -> dict[str, tuple[str, Payload]]:
    found: dict[str, tuple[str, Payload]] = {}
    for name, number in tables["weekdays"].items():
        found |= dict.fromkeys((name, name + "s", name + "-"), ("W", (number, None)))
        for part, code in tables["daytimes"].items():
            found |= dict.fromkeys((name + part, name + part + "s"), ("W", (number, code)))
    return found


@lru_cache(maxsize=65536)
def classify(word: str) -> tuple[str, Payload]:
    """Return the class letter of a piece and what the class needs of it."""
    if word[0].isdigit():
        return _classify_digits(word)
    lower = word.lower()
    found = _classes().get(lower)
    if found is not None:
        return _mind_capitals(word, lower, found)
    value = parse_word(lower)
    return ("N", value) if value is not None else (OTHER, None)


def _mind_capitals(word: str, lower: str, found: tuple[str, Payload]) -> tuple[str, Payload]:
    """Nouns are written with a capital: "montags" is an adverb, "mai" and "ende" in small letters are none."""
    letter, value = found
    if word[0].isupper() or letter not in "WMUShJVvPwZ":
        return found
    if letter == "W":
        return ("L", value) if lower.endswith("s") else (OTHER, None)
    return found if letter == "w" or lower == "heuer" else (OTHER, None)


def _classify_digits(word: str) -> tuple[str, Payload]:
    if word[-1] == "." and word[:-1].isdigit():
        return ("D", int(word[:-1])) if 1 <= int(word[:-1]) <= 31 else (OTHER, None)
    if _FULL_DATE.fullmatch(word):
        return "F", word
    decade = _DECADE.fullmatch(word)
    if decade:
        return ("H", int(decade[1])) if word.endswith("er") else ("8", int(decade[1]))
    value = parse_digits(word)
    if value is not None:
        return "N", value
    return ("K", word) if _CLOCK.fullmatch(word) else (OTHER, None)
