"""What the search index of a store finds, as lines that can be compared."""

import json
from contextlib import closing
from pathlib import Path

from kg.fulltext.database import open_for_reading
from kg.fulltext.documents import KINDS
from kg.snapshots import name_snapshot, number_of

_COLUMNS = 'id, kind, iri, type, status, begin, "end", day, weight, forces, disputed, german, english, article'
_TABLES = {
    "countries": "country",
    "names": "folded",
    "identifiers": "identifier",
    "roles": "role, (SELECT iri FROM things WHERE id = thing)",
}


def index_lines(path: Path) -> set[str]:
    """Return all documents that are valid in the current snapshot with all that belongs to them."""
    with closing(open_for_reading(path)) as database:
        [(number,)] = database.execute(
            "SELECT number FROM snapshots WHERE number = ?", (number_of(name_snapshot(path)),)
        )
        lines = set()
        valid = database.execute(f"SELECT {_COLUMNS} FROM docs WHERE since <= ? AND until > ?", (number, number))
        for id_, kind, *row in valid.fetchall():
            found = [database.execute(f"SELECT words FROM {kind}_words WHERE rowid = ?", (id_,)).fetchone()]
            for table, column in _TABLES.items():
                found.append(sorted(database.execute(f"SELECT {column} FROM {table} WHERE doc = ?", (id_,))))
            lines.add(json.dumps([kind, *row, *found]))
        return lines


def check_whole(path: Path) -> None:
    """See to it that nothing in the index belongs to a document that is not there, and that its parts agree."""
    with closing(open_for_reading(path)) as database:
        for table in _TABLES:
            assert not database.execute(f"SELECT * FROM {table} WHERE doc NOT IN (SELECT id FROM docs)").fetchall()
        for kind in KINDS:
            rows, docs = (
                {id_ for (id_,) in database.execute(sql)}
                for sql in (f"SELECT rowid FROM {kind}_words", f"SELECT id FROM docs WHERE kind = '{kind}'")
            )
            assert rows == docs
        assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
