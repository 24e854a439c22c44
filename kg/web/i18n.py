"""The site in two languages: which one a request wants, and the words in it."""

import re
import tomllib
from collections.abc import Mapping, Sequence
from functools import cache, lru_cache
from pathlib import Path
from string import Formatter
from typing import Literal, NamedTuple

from flask import Request
from werkzeug.datastructures import LanguageAccept
from werkzeug.http import parse_accept_header, parse_cookie

Language = Literal["de", "en"]
LANGUAGES: tuple[Language, ...] = ("de", "en")
"""The default first."""
COOKIE = "lang"
_DECIMAL = re.compile(r"\d+\.\d+", re.ASCII)
MESSAGES = Path(__file__).parent / "locale" / "messages.toml"


def choose_language(request: Request) -> Language:
    """Choose by `?lang=`, then by the cookie that it left, then by Accept-Language; German where nothing fits."""
    wish = request.args.get("lang")
    if wish in LANGUAGES:
        return wish
    return read_cookie(request.headers.get("Cookie", "")) or read_spoken(request.headers.get("Accept-Language", ""))


@lru_cache(1_000)
def read_cookie(cookies: str) -> Language | None:
    """Return the language that the header Cookie names, if it names one of ours."""
    wish = parse_cookie(cookies).get(COOKIE)
    return next((language for language in LANGUAGES if wish == language), None)


@lru_cache(1_000)
def read_spoken(accepted: str) -> Language:
    """Return the language of ours that the header Accept-Language likes best; German where nothing fits."""
    tags = parse_accept_header(accepted, LanguageAccept)
    spoken = [tag.partition("-")[0].lower() for tag, quality in tags if quality > 0]
    return next((language for tag in spoken for language in LANGUAGES if tag == language), LANGUAGES[0])


@cache
def load_messages() -> Mapping[str, Mapping[Language, str]]:
    """Load all messages by `section.key`."""
    sections = tomllib.loads(MESSAGES.read_text(encoding="utf-8"))
    return {f"{section}.{key}": text for section, messages in sections.items() for key, text in messages.items()}


def section(name: str) -> list[str]:
    """Return the keys of a section of messages, in their order."""
    return [key.partition(".")[2] for key in load_messages() if key.startswith(f"{name}.")]


class Told(NamedTuple):
    """A sentence, and what it is written in."""

    text: str
    language: Language


def tell(text: str, language: Language) -> Told:
    """Return a sentence of a problem document, which is in English, in a language, if the messages have it."""
    for key, pattern in _find_patterns() if language != "en" else ():
        if found := pattern.fullmatch(text):
            values = {name: _write_decimal(value) for name, value in found.groupdict().items()}
            return Told(translate(language, key, **values), language)
    return Told(text, "en")


def _write_decimal(value: str) -> str:
    """Return a value as German writes it, where it is a decimal fraction."""
    return value.replace(".", ",") if _DECIMAL.fullmatch(value) else value


@cache
def _find_patterns() -> Sequence[tuple[str, re.Pattern[str]]]:
    """Return the keys of the section `told` with what matches their English, those first that say the most."""
    english = {f"told.{key}": load_messages()[f"told.{key}"]["en"] for key in section("told")}
    return [(key, _match(english[key])) for key in sorted(english, key=lambda key: -len(english[key]))]


def _match(message: str) -> re.Pattern[str]:
    parts = Formatter().parse(message)
    pattern = "".join(re.escape(text) + (f"(?P<{gap}>.+)" if gap else "") for text, gap, _, _ in parts)
    return re.compile(pattern, re.DOTALL)


def translate(language: Language, key: str, **values: object) -> str:
    """Return a message in a language with its placeholders filled.

    Raises:
        KeyError: there is no such message.
    """
    return load_messages()[key][language].format(**values)
