"""What is known about an article beside its text: `STEM.meta.json`."""

import difflib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

from kg.errors import ArticleError

_SOURCE = re.compile(r"https?://[^\s<>\"{}|\\^`\x00-\x20]+\Z")


@dataclass(frozen=True, slots=True)
class Metadata:
    """The keys of a `STEM.meta.json`; each may be left out or null."""

    title: str | None = None
    published: date | None = None
    publisher: str | None = None
    source: str | None = None
    """The URL that the article was published at."""
    language: str | None = None

    def or_else(self, other: "Metadata") -> "Metadata":
        """Return these values, with those of `other` where one is missing."""
        missing = {f.name: getattr(other, f.name) for f in fields(self) if getattr(self, f.name) is None}
        return replace(self, **missing)


KEYS = tuple(f.name for f in fields(Metadata))


def read_metadata(path: Path) -> Metadata:
    """Read a `STEM.meta.json`; a file that is not there gives no values.

    Raises:
        ArticleError: the file cannot be read, or as `parse_metadata` does.
    """
    if path.exists() and not path.is_file():  # opening a FIFO waits for ever
        raise ArticleError(f"{path} is no regular file.", "Make it a readable UTF-8 file.")
    try:
        return parse_metadata(path.read_bytes(), str(path))
    except FileNotFoundError:
        return Metadata()
    except OSError as error:
        raise ArticleError(f"{path} cannot be read: {error}.", "Make it a readable UTF-8 file.") from error


def parse_metadata(raw: bytes, name: str) -> Metadata:
    """Read what a `STEM.meta.json` holds.

    Raises:
        ArticleError: it is no JSON object, a value is not what its key needs, or a key is misspelt.
    """
    try:
        values = json.loads(raw.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise ArticleError(f"{name} cannot be read: {error}.", "Make it a readable UTF-8 file.") from error
    except (ValueError, RecursionError) as error:
        raise ArticleError(f"{name} is no JSON: {error}.", "Correct it or remove it.") from error
    if not isinstance(values, dict):
        raise ArticleError(f"{name} is no JSON object.", f"Write one with the keys {', '.join(KEYS)}.")
    return check_values(values, f"{name}: ")


def parse_date(value: str) -> date | None:
    """Return the day of an ISO 8601 date or date with time, as it is written; None for anything else."""
    try:
        return datetime.fromisoformat(value.strip()).date()
    except ValueError:
        return None


def is_source(value: str) -> bool:
    """Tell whether a value can be an article's address: an absolute http(s) URL without blanks."""
    return _SOURCE.match(value) is not None


def check_values(values: Mapping[str, Any], where: str = "") -> Metadata:
    """Read what a file or a request says of an article.

    Args:
        values: key to value.
        where: what an error begins with, such as the file's name.

    Raises:
        ArticleError: a value is not what its key needs, or a key is misspelt.
    """
    for key in values:
        # Other keys are the user's own business; a misspelt one would lose a date without a word.
        if key not in KEYS and (near := difflib.get_close_matches(key, KEYS, 1, 0.8)):
            raise ArticleError(f"{where}the key {key!r} is unknown.", f"Write {near[0]!r}.")
    known = {key: values[key] for key in KEYS if values.get(key) is not None}
    for key, value in known.items():
        if not isinstance(value, str) or not value.strip():
            raise ArticleError(f"{where}{key} is {value!r}.", "Give a text, or leave the key out.")
        known[key] = " ".join(value.split())
    if "published" in known:
        known["published"] = parse_date(known["published"])
        if known["published"] is None:
            reason = f"{where}published is {values['published']!r}, which is no date."
            raise ArticleError(reason, "Write it as 2024-11-18.")
    if "source" in known and not is_source(known["source"]):
        reason = f"{where}source is {values['source']!r}, which is no address."
        raise ArticleError(reason, "Give the article's http(s) URL.")
    if "language" in known and known["language"].lower().split("-")[0] != "de":
        raise ArticleError(f"{where}language is {values['language']!r}.", "Only German articles (de) are read.")
    return Metadata(**known)
