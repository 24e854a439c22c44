"""The forms of names in running German text: inflection, short names, slugs."""

import re
import unicodedata
from collections.abc import Iterator

_TRANSLITERATION = str.maketrans(
    {"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "đ": "d", "ł": "l", "ø": "o", "ı": "i", "æ": "ae", "þ": "th", "ð": "d"}
)
_ADJECTIVE_ENDINGS = ("e", "en", "er", "es", "em")
_FAMILY_NAME_FIRST = {"CN", "KP", "KR", "TW", "VN"}
_SEVERAL_NAMES_FIRST = {"ET", "ER"}
"""Countries whose people go by their own name, not their father's: "Abiy" for Abiy Ahmed."""
_PARTICLES = {"von", "van", "de", "der", "den", "da", "di", "du", "la", "le", "zu", "bin", "dos", "ter", "del"}
_BETWEEN_WORDS = re.compile(r"[^a-z0-9]+")
_ARTICLE = re.compile(r"(?:al|as|el|asch|ar|at|ad|an|Al|El)-")


def slug(text: str) -> str:
    """Return `text` as lower-case ASCII words joined by hyphens: "Kim Jong-un" -> `kim-jong-un`, "ä" -> `ae`."""
    plain = text.lower()
    if not plain.isascii():
        folded = unicodedata.normalize("NFKD", plain.translate(_TRANSLITERATION))
        plain = "".join(c for c in folded if not unicodedata.combining(c))
    return _BETWEEN_WORDS.sub("-", plain).strip("-")


def adjective_label(stem: str, noun: str, gender: str) -> str:
    """Return "Südkoreanisches Verteidigungsministerium" for `südkoreanisch`, the noun and its gender."""
    if stem[0].isupper():
        return f"{stem} {noun}"
    ending = {"m": "er", "f": "e", "n": "es", "p": "e"}[gender]
    return f"{stem[0].upper()}{stem[1:]}{ending} {noun}"


def adjective_forms(stem: str) -> Iterator[str]:
    """Yield the forms of a country's adjective: "britischen", yet "Schweizer" alone."""
    if stem[0].isupper() and stem.endswith("er"):
        yield stem
        return
    for ending in _ADJECTIVE_ENDINGS:
        yield stem + ending
        yield stem[0].upper() + stem[1:] + ending


def inflect(name: str) -> Iterator[str]:
    """Yield the forms of a name in running text: each `~` any adjective ending, and the genitive ("Putins")."""
    if "~" in name:
        for ending in _ADJECTIVE_ENDINGS:
            yield from inflect(name.replace("~", ending))
        return
    yield name
    last = name[-1]
    if last in "sxzß":
        yield name + "’"
        yield name + "'"
        if " " in name:
            yield name + "es"
    elif last.isalpha() and last.islower():
        yield name + "s"
        if last not in "aeiouy" and " " in name:
            yield name + "es"


def short_names(name: str, country: str) -> Iterator[str]:
    """Yield how a person is named the second time: "von der Leyen", "Assad", "Xi"."""
    words = [w for w in name.split() if w not in {"Jr.", "junior"}]
    if len(words) < 2 or words[-1].endswith("."):
        return
    if country in _FAMILY_NAME_FIRST and words[0].isalpha():
        yield words[0]
        return
    if country in _SEVERAL_NAMES_FIRST:
        yield words[0]
    start = len(words) - 1
    while start > 1 and words[start - 1] in _PARTICLES:
        start -= 1
    yield " ".join(words[start:])
    bare = _ARTICLE.sub("", words[-1])
    if bare != words[-1]:
        yield bare


def inhabitant_forms(name: str) -> Iterator[str]:
    """Yield the forms of an inhabitant: "Nordkoreaner", "Nordkoreanern", "Nordkoreanerinnen"."""
    yield name
    if name.endswith("er"):
        yield from (name + "n", name + "s", name + "in", name + "innen")
    elif name.endswith("e"):
        yield from (name + "n", name[:-1] + "in", name[:-1] + "innen")
    else:
        yield from (name + "s", name + "en", name + "in", name + "innen")
