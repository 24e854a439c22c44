"""What a thing has a part in: its claims by type, role, month and standing, whom it has to do with, who mentions it.

The figures of a thing with very many claims are those of all of them: counting them here takes milliseconds, where the
graph would take seconds.
"""

import json
from collections import Counter
from collections.abc import Mapping
from itertools import starmap
from typing import Any, Final, NamedTuple

from kg.fulltext.asking import Index
from kg.fulltext.documents import MENTIONED, SAYING

_OWN: Final = "thing = (SELECT id FROM things WHERE iri = :thing)"
_VALID: Final = "docs.since <= :number AND docs.until > :number"
_SAYING: Final = ", ".join(f"'{role}'" for role in SAYING)
# The order of a CROSS JOIN is kept: from the thing to what it has a part in.
_CLAIMS: Final = f"FROM roles CROSS JOIN docs ON docs.id = doc WHERE {_OWN} AND {_VALID} AND kind = 'claim'"
_GROUPS: Final = f"SELECT type, role, count(*) {_CLAIMS} GROUP BY type, role ORDER BY count(*) DESC, type, role"
_LIST: Final = f"""
SELECT iri, type, role {_CLAIMS} AND :type IN ('', type) AND :role IN ('', role)
ORDER BY day DESC, iri, role LIMIT :limit OFFSET :offset
"""
_LATEST: Final = f"""
SELECT iri, type, role FROM (
  SELECT iri, type, role, row_number() OVER (PARTITION BY type, role ORDER BY day DESC, iri) AS place {_CLAIMS}
) WHERE place <= :most ORDER BY place
"""
_MONTHS: Final = f"""
SELECT substr(coalesce(nullif(begin, ''), day), 1, 7) AS month, status, count(DISTINCT doc) {_CLAIMS}
GROUP BY month, status ORDER BY month, status
"""
# Those who only say it, and the summit or mission itself, are nobody that one has to do with.
_SHARED: Final = f"""
FROM (SELECT DISTINCT thing, doc FROM roles WHERE {_OWN} AND role NOT IN ({_SAYING})) AS own
CROSS JOIN docs ON docs.id = own.doc
CROSS JOIN roles AS other ON other.doc = own.doc AND other.thing != own.thing
WHERE {_VALID} AND kind = 'claim' AND other.role NOT IN ({_SAYING}, 'summit', 'mission')
"""
_TIES: Final = f"SELECT other.thing, type, count(DISTINCT own.doc) {_SHARED} GROUP BY other.thing, type"
_IRIS: Final = "SELECT id, iri FROM things WHERE id IN (SELECT value FROM json_each(:things))"
_MENTIONS: Final = f"""
SELECT docs.iri FROM roles CROSS JOIN docs ON docs.id = doc WHERE {_OWN} AND {_VALID} AND role = '{MENTIONED}'
ORDER BY day DESC, docs.iri LIMIT :limit
"""


class Group(NamedTuple):
    """The claims of a type in which a thing has one role."""

    type: str
    role: str
    claims: int


class Part(NamedTuple):
    """A claim in which a thing has a role."""

    claim: str
    type: str
    role: str


class MonthCount(NamedTuple):
    """The claims of one standing about a month (`2024-11`): that in which it begins, else that of the article."""

    month: str
    status: str
    claims: int


class Tie(NamedTuple):
    """Another thing that has a role in the same claims."""

    other: str
    claims: int
    types: Mapping[str, int]
    """Claims by type, the most first."""


class Activity:
    """What one thing has a part in, as one snapshot says; each method may raise `QueryTimeoutError`."""

    def __init__(self, index: Index, snapshot: int, thing: str) -> None:
        """Look into the index.

        Raises:
            IndexNotReadyError: the index does not know the snapshot.
        """
        self._index, self._snapshot, self._thing = index, snapshot, thing
        index.ask_about(snapshot)

    def groups(self) -> list[Group]:
        """Count its claims by type and role, the most first."""
        return [Group(*row) for row in self._ask(_GROUPS)]

    def claims(self, type_: str, role: str, limit: int, offset: int = 0) -> list[Part]:
        """Return its claims of a type and role (empty: any), those of the latest articles first."""
        given = {"type": type_, "role": role, "limit": limit, "offset": offset}
        return [Part(*row) for row in self._ask(_LIST, **given)]

    def latest(self, shares: Mapping[tuple[str, str], int]) -> list[Part]:
        """Return its latest claims of some types and roles, so many of each, in the order of `shares`."""
        found: dict[tuple[str, str], list[Part]] = {kind: [] for kind in shares}
        for part in starmap(Part, self._ask(_LATEST, most=max(shares.values(), default=0))):
            found.get((part.type, part.role), []).append(part)
        return [part for kind, most in shares.items() for part in found[kind][:most]]

    def months(self) -> list[MonthCount]:
        """Count its claims by month and standing, the earliest first."""
        return [MonthCount(*row) for row in self._ask(_MONTHS)]

    def ties(self, limit: int) -> list[Tie]:
        """Return what shares most claims with it."""
        counts: dict[int, Counter[str]] = {}
        for number, type_, claims in self._ask(_TIES):
            counts.setdefault(number, Counter())[type_] = claims
        totals = {number: types.total() for number, types in counts.items()}
        least = min(sorted(totals.values(), reverse=True)[:limit], default=0)
        others = [number for number, total in totals.items() if total >= least]
        iris: dict[int, str] = dict(self._ask(_IRIS, things=json.dumps(others)))
        first = sorted(others, key=lambda number: (-totals[number], iris[number]))[:limit]
        return [Tie(iris[each], totals[each], _by_size(counts[each])) for each in first]

    def mentions(self, limit: int) -> list[str]:
        """Return the IRIs of the articles that mention it, the latest first."""
        return [iri for (iri,) in self._ask(_MENTIONS, limit=limit)]

    def _ask(self, sql: str, **values: object) -> list[Any]:
        # A question of its own each time: what one may take begins with it.
        return self._index.ask_about(self._snapshot).ask(sql, thing=self._thing, **values)


def _by_size(types: Mapping[str, int]) -> dict[str, int]:
    return dict(sorted(types.items(), key=lambda each: (-each[1], each[0])))
