"""The index as a SQLite file in the store's folder.

A document is a row of `docs` that is valid from one snapshot until before another; what belongs to it carries its `id`.
Its words are in a full text index of its kind. The file is in WAL mode, so that readers and the writer do not wait for
each other.
"""

import sqlite3
from contextlib import suppress
from pathlib import Path
from typing import Final
from urllib.parse import quote

from kg.fulltext.documents import KINDS

FILE: Final = "search.db"
VERSION: Final = 4
"""Of the tables and of what is in them; a file of another version is made anew."""
FOREVER: Final = 2**62
"""The number of no snapshot: until then, what is still valid is valid."""
_CACHE: Final = 64_000
"""Kilobytes of the file that a writer keeps in memory at most: rows come in the order of no index."""
_PAGES: Final = 8_000
"""Pages that are written before they go from the log into the file: most are written more than once in that time."""
_PATIENCE: Final = 10.0
"""Seconds that a connection waits for another's lock."""

# The index by day has all that a choice without words asks for: the wide rows are read for what is shown only.
# Words come folded and apart by spaces, so that the simplest tokenizer will do; no question asks where a word stands.
_SCHEMA: Final = f"""
CREATE TABLE snapshots (number INTEGER PRIMARY KEY);
CREATE TABLE docs (
  id INTEGER PRIMARY KEY, kind TEXT NOT NULL, iri TEXT NOT NULL, type TEXT NOT NULL, status TEXT NOT NULL,
  begin TEXT NOT NULL, "end" TEXT NOT NULL, day TEXT NOT NULL, weight INTEGER NOT NULL,
  forces INTEGER NOT NULL, disputed INTEGER NOT NULL,
  german TEXT NOT NULL, english TEXT NOT NULL, article TEXT NOT NULL,
  digest BLOB NOT NULL, since INTEGER NOT NULL, until INTEGER NOT NULL
);
CREATE INDEX docs_by_iri ON docs (iri);
CREATE TABLE countries (country TEXT, doc INTEGER, PRIMARY KEY (country, doc)) WITHOUT ROWID;
CREATE TABLE names (id INTEGER PRIMARY KEY, folded TEXT NOT NULL, doc INTEGER NOT NULL);
CREATE VIRTUAL TABLE grams USING fts5(folded, content='names', content_rowid='id', tokenize='trigram');
CREATE TABLE identifiers (identifier TEXT, doc INTEGER, PRIMARY KEY (identifier, doc)) WITHOUT ROWID;
CREATE TABLE things (id INTEGER PRIMARY KEY, iri TEXT UNIQUE NOT NULL);
CREATE TABLE roles (thing INTEGER, doc INTEGER, role TEXT, PRIMARY KEY (thing, doc, role)) WITHOUT ROWID;
CREATE TABLE vocabulary (id INTEGER PRIMARY KEY, word TEXT UNIQUE NOT NULL);
CREATE VIRTUAL TABLE parts USING fts5(word, content='vocabulary', content_rowid='id', tokenize='trigram', detail=none);
{"".join(f"CREATE VIRTUAL TABLE {kind}_words USING fts5(words, tokenize='ascii', detail=none);" for kind in KINDS)}
PRAGMA user_version = {VERSION};
"""
# What is not asked for while a new index is filled: made in one go, it is a fraction of the work.
_INDEXES: Final = f"""
CREATE INDEX IF NOT EXISTS docs_by_day ON docs (kind, day DESC, article, iri, type, status, begin, "end", since, until);
CREATE INDEX IF NOT EXISTS docs_by_article ON docs (article) WHERE article != '';
CREATE INDEX IF NOT EXISTS docs_by_forces ON docs (type, forces DESC, iri) WHERE forces > 0;
CREATE INDEX IF NOT EXISTS docs_by_dispute ON docs (type, weight DESC, iri) WHERE disputed;
CREATE INDEX IF NOT EXISTS docs_by_since ON docs (since);
CREATE INDEX IF NOT EXISTS docs_by_until ON docs (until) WHERE until < {FOREVER};
CREATE INDEX IF NOT EXISTS countries_by_doc ON countries (doc);
CREATE INDEX IF NOT EXISTS names_by_folded ON names (folded);
CREATE INDEX IF NOT EXISTS names_by_doc ON names (doc);
CREATE INDEX IF NOT EXISTS identifiers_by_doc ON identifiers (doc);
CREATE INDEX IF NOT EXISTS roles_by_doc ON roles (doc);
"""


def open_for_reading(store_path: Path, *, unlocked: bool = False) -> sqlite3.Connection:
    """Open the index; nothing can be changed by it.

    Args:
        store_path: the store's folder.
        unlocked: whether to do without the files that readers and the writer share, which only those can make who may
            write into the folder. Such a connection does not see what is written later, and is for one question.

    Raises:
        sqlite3.Error: there is none or one of another version, or it cannot be opened like this.
    """
    mode = "immutable=1" if unlocked else "mode=ro"
    address = f"file:{quote(str(store_path.absolute() / FILE))}?{mode}"
    connection = sqlite3.connect(address, _PATIENCE, uri=True, isolation_level=None)
    if connection.execute("PRAGMA user_version").fetchone() != (VERSION,):
        connection.close()
        raise sqlite3.DatabaseError("The index is of another version.")
    return connection


def open_for_writing(store_path: Path) -> sqlite3.Connection:
    """Open the index, or make an empty one in the place of none and of one of another version.

    Raises:
        sqlite3.Error: it is damaged, or the disk refuses.
    """
    connection = _connect(store_path)
    if connection.execute("PRAGMA user_version").fetchone() != (VERSION,):
        connection.close()
        discard(store_path)
        connection = _connect(store_path)
        connection.executescript(f"BEGIN; {_SCHEMA} COMMIT;")
    return connection


def add_indexes(connection: sqlite3.Connection) -> None:
    """Add what readers find rows by, where it is missing: a new index is filled without.

    Raises:
        sqlite3.Error: the disk refuses.
    """
    connection.executescript(f"BEGIN; {_INDEXES} COMMIT;")


def discard(store_path: Path) -> None:
    """Remove the index; who reads it goes on until the end."""
    for ending in ("-wal", "-shm", ""):
        with suppress(FileNotFoundError):
            (store_path / f"{FILE}{ending}").unlink()


def _connect(store_path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(store_path / FILE, _PATIENCE, isolation_level=None)
    try:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = NORMAL")
        connection.execute(f"PRAGMA cache_size = -{_CACHE}")
        connection.execute(f"PRAGMA wal_autocheckpoint = {_PAGES}")
    except sqlite3.Error:
        connection.close()
        raise
    return connection
