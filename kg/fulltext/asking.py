"""Questions to the index: things by words, type, standing, country and time; entities by names and identifiers.

Words are looked for in the text indexes; everything else is a condition on the rows that they lead to. A question about
very common words looks at the newest documents that have them, so that it takes no longer than others.
"""

import json
import sqlite3
import threading
import time
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, Final, NamedTuple

from kg.errors import IndexNotReadyError, QueryTimeoutError
from kg.folding import fold
from kg.fulltext.database import open_for_reading
from kg.fulltext.documents import KINDS, Kind
from kg.fulltext.words import SHORTEST_FIRST, SHORTEST_INSIDE, is_number, read_question, take_apart

MOST_LOOKED_AT: Final = 50_000
"""Documents with the words that are looked at, the newest first."""
MOST_COMPOUNDS: Final = 200
"""Words that one word of a question is looked for inside of."""
MOST_ALIKE: Final = 100
"""Names that a search by likeness looks at."""
SECONDS: Final = 2.0
"""What a question may take."""
_GRAM: Final = 3
"""Letters that two names share at least to be alike, in SQLite's trigram index."""
_STEPS: Final = 20_000
"""Instructions of SQLite's machine between two looks at the clock."""

_VALID: Final = "since <= :number AND until > :number"
_FITTING: Final = f"""
  kind = :kind AND {_VALID} AND (:least = 0 OR weight >= :least)
  AND (:type = '' OR type IN (SELECT value FROM json_each(:types)))
  AND (:status = '' OR status IN (SELECT value FROM json_each(:statuses)))
  AND (:until = '' OR (day != '' AND coalesce(nullif(begin, ''), day) <= :until))
  AND (:since = '' OR coalesce(nullif("end", ''), nullif(begin, ''), day) >= :since)
  AND (:country = '' OR id IN (SELECT doc FROM countries WHERE country IN (SELECT value FROM json_each(:countries))))
"""
_WITH_WORDS: Final = """
  AND id IN (SELECT rowid FROM {kind}_words WHERE {kind}_words MATCH :match ORDER BY rowid DESC LIMIT {most})
"""
_BY_NAME: Final = "id IN (SELECT doc FROM names WHERE folded = :whole) DESC, weight DESC, iri"
_BY_DAY: Final = "day DESC, article, iri"
_ROW: Final = 'kind, iri, type, status, begin, "end", day, weight, german, english'
_COUNTRIES: Final = """
SELECT country, count(*) FROM countries WHERE doc IN (SELECT id FROM docs WHERE {fitting}) GROUP BY country
"""
_NAMED: Final = "SELECT docs.iri, docs.type, names.folded, docs.weight FROM"
_CALLED: Final = f"""
{_NAMED} names JOIN docs ON docs.id = names.doc
WHERE names.folded = :folded AND {_VALID} AND docs.type IN (SELECT value FROM json_each(:types)) LIMIT :most
"""
_ALIKE: Final = f"""
{_NAMED} grams JOIN names ON names.id = grams.rowid JOIN docs ON docs.id = names.doc
WHERE grams MATCH :match AND {_VALID} AND docs.type IN (SELECT value FROM json_each(:types))
ORDER BY grams.rank LIMIT :most
"""
_IDENTIFIED: Final = f"""
{_NAMED} identifiers JOIN docs ON docs.id = identifiers.doc JOIN names ON names.doc = docs.id
WHERE identifiers.identifier = :identifier AND {_VALID}
"""
_INSIDE: Final = """
SELECT vocabulary.word FROM parts JOIN vocabulary ON vocabulary.id = parts.rowid
WHERE parts MATCH :match AND instr(vocabulary.word, :part) > :first ORDER BY length(vocabulary.word), vocabulary.word
LIMIT :most
"""
_NOT_READY: Final = (
    "There is no search index of this snapshot.",
    "The next change makes it, and so does `kg index`.",
)


class Wanted(NamedTuple):
    """What is looked for; what is empty does not matter. Of types, standings and countries there may be several."""

    words: str = ""
    type: str = ""
    """Class of an entity, type of an event or claim; several are set apart by spaces, and so are those below."""
    status: str = ""
    country: str = ""
    """ISO code of a country that has a part in it."""
    since: str = ""
    until: str = ""
    """The first and the last day (ISO) between which it happens; what is undated counts by its latest report."""


class Hit(NamedTuple):
    """What was found; the fields are those of a `Document`."""

    kind: Kind
    iri: str
    type: str
    status: str
    begin: str
    end: str
    day: str
    weight: int
    german: str
    english: str

    def label(self, language: str) -> str:
        """Return what it is called."""
        return self.english if self.speaks(language) == "en" else self.german

    def speaks(self, language: str) -> str:
        """Return the language of its label: German where it has no English one."""
        return "en" if language == "en" and self.english else "de"


class Facets(NamedTuple):
    """How many things fit each choice, the other choices staying as they are."""

    types: Mapping[str, Mapping[str, int]]
    """Type to standing to number, whatever type and standing are wanted; the standing of entities is empty."""
    countries: Mapping[str, int]
    """ISO code to number, whatever country is wanted."""


class Named(NamedTuple):
    """An entity by one of its names."""

    iri: str
    kind: str
    """Its type."""
    folded: str
    articles: int
    """How many mention it."""


class Index:
    """The index of a store, read-only. Threads may share it; each has a connection of its own."""

    def __init__(self, store_path: Path) -> None:
        self._path = store_path
        self._own = threading.local()

    def find(
        self, kind: Kind, wanted: Wanted, snapshot: int, limit: int, offset: int = 0, *, least: int = 0
    ) -> list[Hit]:
        """Return things of a kind: entities by exact name, then by mentions; others the latest first.

        Args:
            kind: their kind.
            wanted: what is looked for.
            snapshot: number of the snapshot that is read.
            limit: most things to return.
            offset: how many to leave out first.
            least: how many articles mention an entity at least; of a capital that only its country brings along, none.

        Raises:
            IndexNotReadyError: the index does not know the snapshot.
            QueryTimeoutError: it took too long.
        """
        question = self.ask_about(snapshot, least)
        if not (fitting := question.choose(kind, wanted)):
            return []
        order = _BY_NAME if kind == "entity" else _BY_DAY
        sql = f"SELECT {_ROW} FROM docs WHERE {fitting} ORDER BY {order} LIMIT :limit OFFSET :offset"
        return [Hit(*row) for row in question.ask(sql, limit=limit, offset=offset)]

    def count(self, wanted: Wanted, snapshot: int) -> dict[Kind, int]:
        """Return how many things of each kind there are, of common words among those looked at; errors as above."""
        question, counts = self.ask_about(snapshot), dict.fromkeys(KINDS, 0)
        for kind in KINDS:
            if fitting := question.choose(kind, wanted):
                counts[kind] = question.ask(f"SELECT count(*) FROM docs WHERE {fitting}")[0][0]
        return counts

    def facets(self, kind: Kind, wanted: Wanted, snapshot: int, *, least: int = 0) -> Facets:
        """Return how many things of a kind there are for each choice; arguments and errors as for `find`."""
        question, types = self.ask_about(snapshot, least), dict[str, dict[str, int]]()
        if fitting := question.choose(kind, wanted._replace(type="", status="")):
            sql = f"SELECT type, status, count(*) FROM docs WHERE {fitting} GROUP BY type, status ORDER BY type, status"
            for type_, status, number in question.ask(sql):
                types.setdefault(type_, {})[status] = number
        countries = dict[str, int]()
        if fitting := question.choose(kind, wanted._replace(country="")):
            countries |= question.ask(_COUNTRIES.format(fitting=fitting))
        return Facets(types, countries)

    def called(self, name: str, types: Collection[str], snapshot: int) -> list[Named]:
        """Return the entities of some types that are called so, or else those whose names share most with the name.

        Arguments and errors as above.
        """
        folded, question = fold(name), self.ask_about(snapshot)
        given = {"folded": folded, "types": json.dumps(sorted(types)), "most": MOST_ALIKE}
        rows = question.ask(_CALLED, **given)
        if not rows and len(folded) >= _GRAM:  # likeness takes milliseconds, and is for what is not spelt so
            rows = question.ask(_ALIKE, **given, match=" OR ".join(_grams(folded)))
        return [Named(*row) for row in rows]

    def identified(self, identifier: str, snapshot: int) -> list[Named]:
        """Return the names of the entities with this IRI or key (`country/KP`), or that are this elsewhere (`Q423`)."""
        rows = self.ask_about(snapshot).ask(_IDENTIFIED, identifier=identifier.encode("utf-8", "replace").decode())
        return [Named(*row) for row in rows]

    def ask_about(self, snapshot: int, least: int = 0) -> "Question":
        """Return what asks about a snapshot; the file is opened again where what is open does not know it.

        Arguments as for `find`.

        Raises:
            IndexNotReadyError: the index does not know the snapshot.
        """
        kept: sqlite3.Connection | None = getattr(self._own, "connection", None)
        for connection in [kept, None] if kept else [None]:
            with suppress(sqlite3.Error, IndexNotReadyError):
                question = Question(connection or self._open(), snapshot, least)
                if question.ask("SELECT 1 FROM snapshots WHERE number = :number"):
                    return question
        self._own.connection = None
        raise IndexNotReadyError(*_NOT_READY)

    def _open(self) -> sqlite3.Connection:
        try:
            self._own.connection = open_for_reading(self._path)
        except sqlite3.OperationalError:
            self._own.connection = None
            return open_for_reading(self._path, unlocked=True)
        connection: sqlite3.Connection = self._own.connection
        return connection


class Question:
    """Asks about one snapshot."""

    def __init__(self, connection: sqlite3.Connection, number: int, least: int) -> None:
        self._connection = connection
        self._values: dict[str, object] = {"number": number, "least": least}
        self._deadline = time.monotonic() + SECONDS

    def choose(self, kind: Kind, wanted: Wanted) -> str:
        """Return the condition for what is wanted, its values kept for `ask`; empty where nothing can fit."""
        words = read_question(wanted.words)
        several = {"types": wanted.type, "statuses": wanted.status, "countries": wanted.country}
        self._values |= {name: json.dumps(given.split()) for name, given in several.items()}
        self._values |= {**wanted._asdict(), "kind": kind, "whole": fold(wanted.words)}
        if not words:
            return "" if wanted.words.strip() else _FITTING
        self._values["match"] = " AND ".join(map(self._any_of, words))
        # Without its plus, the kind would lead to the rows, and not the words.
        return f"+{_FITTING.strip()}{_WITH_WORDS.format(kind=kind, most=MOST_LOOKED_AT)}"

    def ask(self, sql: str, **values: object) -> list[Any]:
        """Run a query.

        Raises:
            QueryTimeoutError: it took too long.
        """
        self._connection.set_progress_handler(self._is_late, _STEPS)
        try:
            return self._connection.execute(sql, {**self._values, **values}).fetchall()
        except sqlite3.DatabaseError as error:
            if not self._is_late():  # it is damaged
                raise IndexNotReadyError(*_NOT_READY) from error
            raise QueryTimeoutError(
                f"The search was stopped after {SECONDS:g} s.",
                "Give more words, or longer ones.",
                "search",
                SECONDS,
            ) from error

    def _is_late(self) -> bool:
        return time.monotonic() > self._deadline

    def _any_of(self, spellings: Sequence[str]) -> str:
        """Return what matches one of the spellings of a word, or a compound that it is a part of."""
        whole = [f'"{word}"' if is_number(word) else f'"{word}"*' for word in spellings]
        compounds = (f'"{word}"' for spelling in spellings for word in self._compounds(spelling))
        apart = (f'("{letters}" AND "{digits}")' for letters, digits in filter(None, map(take_apart, spellings)))
        return f"({' OR '.join(dict.fromkeys([*whole, *compounds, *apart]))})"

    def _compounds(self, part: str) -> list[str]:
        if len(part) < SHORTEST_INSIDE or is_number(part):
            return []
        rows = self.ask(_INSIDE, match=" AND ".join(_grams(part)), part=part, first=SHORTEST_FIRST, most=MOST_COMPOUNDS)
        return [word for (word,) in rows]


def _grams(text: str) -> Iterator[str]:
    """Yield the groups of three letters of a folded text, each once, as SQLite's full text index takes them."""
    grams = dict.fromkeys(text[start : start + _GRAM] for start in range(len(text) - _GRAM + 1))
    return (f'"{gram}"' for gram in grams)
