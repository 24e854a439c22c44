"""Answers on disk, so that a run that was stopped goes on where it was, and nobody is asked the same thing twice."""

import hashlib
import json
import os
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from kg.errors import SettingError

_SCHEMA = "CREATE TABLE IF NOT EXISTS answers (question TEXT PRIMARY KEY, day TEXT NOT NULL, body BLOB NOT NULL)"


class Kept(NamedTuple):
    """An answer as it came."""

    day: str
    """When it came, as an ISO date."""
    body: bytes


class AnswerCache:
    """Answers by question, in one SQLite file; each is safe on disk as soon as it is put."""

    def __init__(self, path: Path) -> None:
        """Open the file, or make it with its folder.

        Raises:
            SettingError: it cannot be used.
        """
        self._path = path
        with self._explained():
            path.parent.mkdir(parents=True, exist_ok=True)
            self._database = sqlite3.connect(path, isolation_level=None)
            self._database.execute(_SCHEMA)

    def get(self, question: str) -> Kept | None:
        """Return the answer to a question, if it is there."""
        with self._explained():
            row = self._database.execute("SELECT day, body FROM answers WHERE question = ?", [question]).fetchone()
        return Kept(*row) if row else None

    def put(self, question: str, kept: Kept) -> None:
        """Keep an answer, in the place of an older one."""
        with self._explained():
            self._database.execute("INSERT OR REPLACE INTO answers VALUES (?, ?, ?)", [question, *kept])

    def close(self) -> None:
        """Close the file."""
        self._database.close()

    @contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except (sqlite3.Error, OSError) as error:
            raise SettingError(
                f"The cache {self._path} cannot be used: {error}.", "Delete it, or set LAGEBILD_LINK_CACHE."
            ) from error


def question_key(method: str, url: str, parameters: Mapping[str, str]) -> str:
    """Return what a question is kept under."""
    return hashlib.sha256(json.dumps([method, url, sorted(parameters.items())]).encode()).hexdigest()


def default_path() -> Path:
    """Return the file that is used where the settings name none, by the XDG Base Directory Specification."""
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "lagebild" / "link.sqlite"
