"""The queries in `queries/`: examples for people, and the derivation rules that make events of claims.

Each `.rq` file starts with a head comment: `# title@de:`, `# title@en:`, `# description@de:`, `# description@en:`,
`# group:`, and `# view:` where the query page shows the answer best as something else than a table. The query itself
stands alone: it runs as it is on any SPARQL 1.1 store that queries the union of graphs.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from kg.errors import DataError
from kg.frames import Text
from kg.resources import resource

_HEAD = re.compile(r"#\s*(title@de|title@en|description@de|description@en|group|view):\s*(.+?)\s*")

_LOOKED_UP = re.compile(r"(\?\w+) (?:[\w:]+ [?\w:]+ ; )*rdfs:label (\?\w+)")
"""Where a query looks up what something is called: `?event a lb:Summit ; rdfs:label ?summit`."""
_GERMAN = re.compile(r'LANG\((\?\w+)\) = "de"')
"""What it asks of a name then. All that have a name have a German one."""


@dataclass(frozen=True, slots=True)
class Query:
    """A query with what it is for."""

    name: str
    """File name without its ending."""
    group: str
    title: Text
    description: Text
    text: str
    """The SPARQL query with its prefixes, without the head comment."""
    view: str = ""
    """What shows its answer best in the query page: `chart`, `map`, `timeline` or `graph`; a table if empty."""

    def text_in(self, language: str) -> str:
        """Return the query with names in a language where there are any in it, else in German, as in `text`."""
        named = {name: thing for thing, name in _LOOKED_UP.findall(self.text)}

        def prefer(german: re.Match[str]) -> str:
            other = f'EXISTS {{ {named[german[1]]} rdfs:label ?known . FILTER(LANG(?known) = "{language}") }}'
            return f'LANG({german[1]}) = IF({other}, "{language}", "de")'

        return self.text if language == "de" else _GERMAN.sub(prefer, self.text)


@cache
def load_queries() -> Sequence[Query]:
    """Load the example queries, sorted by file name.

    Raises:
        DataError: a file lacks a line of its head comment, or the installation lacks the folder.
    """
    return tuple(read_query(path) for path in sorted(resource("queries").glob("*.rq")))


@cache
def load_rules() -> Sequence[Query]:
    """Load the derivation rules, sorted by file name; errors as in `load_queries`."""
    return tuple(read_query(path) for path in sorted(resource("queries/derive").glob("*.rq")))


def read_query(path: Path) -> Query:
    """Read one query file.

    Raises:
        DataError: a line of the head comment is missing.
    """
    head: dict[str, str] = {}
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    body = 0
    for number, line in enumerate(lines):
        match = _HEAD.fullmatch(line.rstrip("\n"))
        if not match:
            break
        head[match[1]] = match[2]
        body = number + 1
    for key in ("title@de", "title@en", "description@de", "description@en", "group"):
        if key not in head:
            raise DataError(f"{path.name}: the head comment has no '# {key}:' line.", "Add it at the top of the file.")
    return Query(
        name=path.stem,
        group=head["group"],
        title=Text(head["title@de"], head["title@en"]),
        description=Text(head["description@de"], head["description@en"]),
        text="".join(lines[body:]),
        view=head.get("view", ""),
    )
