"""The site in two languages: which one a request wants, and the words in it."""

import tomllib
from collections.abc import Mapping
from functools import cache, lru_cache
from pathlib import Path
from typing import Literal

from flask import Request
from werkzeug.datastructures import LanguageAccept
from werkzeug.http import parse_accept_header, parse_cookie

Language = Literal["de", "en"]
LANGUAGES: tuple[Language, ...] = ("de", "en")
"""The default first."""
COOKIE = "lang"
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


def translate(language: Language, key: str, **values: object) -> str:
    """Return a message in a language with its placeholders filled.

    Raises:
        KeyError: there is no such message.
    """
    return load_messages()[key][language].format(**values)
