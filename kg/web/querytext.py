"""What can be told from a SPARQL query's text before it runs."""

import re
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from kg.errors import QueryError
from kg.sparql_size import Size, measure, measure_nesting
from kg.sparql_tokens import Token, find_form, tokenize

_VOLATILE = frozenset({"NOW", "RAND", "UUID", "STRUUID"})
"""Functions whose value is another each time."""


_NOTEWORTHY = ("FROM", "SERVICE", *sorted(_VOLATILE))
"""Words of which a query has one in its text that is not of the common kind."""
_NOTEWORTHY_WORD = re.compile(rf"\b(?:{'|'.join(_NOTEWORTHY)})\b", re.IGNORECASE)
_OPEN = ("{", "(", "[", "<<", "!")
FEW = 20
"""Brackets and negations that no limit would ever refuse."""
_NOTHING = Size(0, 0)
_SEPARATORS = (".", ";", ",", "/")
_FEW_SEPARATORS = 80
_SHORT, _SHORTER = 2_000, 300
"""Characters in which there is no room for many operators, or for many items of a collection."""


@dataclass(frozen=True, slots=True)
class QueryText:
    """What a query's text says."""

    names_graphs: bool
    """Whether it has a FROM or FROM NAMED clause, so that the union of all graphs must not replace it."""
    services: Sequence[str | None]
    """The endpoints that it calls; None stands for one that only its run would tell."""
    is_repeatable: bool
    """Whether it always has the same answer from the same snapshot."""
    nesting: int
    """How deep brackets are nested, or how many negations follow on one another, whichever is more.

    Where there are no more than `FEW` of them, perhaps only how many there are.
    """
    size: Size
    """How much the engine has to plan; none for what is short and plain."""


PLAIN: Final = QueryText(names_graphs=False, services=(), is_repeatable=True, nesting=1, size=_NOTHING)
"""What the text of one triple pattern says."""


@lru_cache(maxsize=256)
def examine(query: str) -> QueryText:
    """Look at a query. What comes after something that is no SPARQL is not seen; the engine will say what that is."""
    opened = sum(map(query.count, _OPEN))
    if opened <= FEW and _is_plain(query):  # as nearly all are, and it takes a twentieth of the time
        return QueryText(names_graphs=False, services=(), is_repeatable=True, nesting=opened, size=_NOTHING)
    tokens: list[Token] = []
    with suppress(QueryError):
        tokens.extend(tokenize(query))
    services = _find_services(tokens)
    return QueryText(
        any(token.word == "FROM" for token in tokens),
        services,
        not services and all(token.word not in _VOLATILE for token in tokens),
        measure_nesting(tokens),
        measure(tokens),
    )


def _is_plain(query: str) -> bool:
    most = _SHORTER if "(" in query else _SHORT
    separators = sum(map(query.count, _SEPARATORS))
    return len(query) < most and separators < _FEW_SEPARATORS and not _is_noteworthy(query)


def _is_noteworthy(query: str) -> bool:
    """Tell whether one of the words stands in a query, or a backslash may hide it; most have not even its letters."""
    letters = query.upper()
    has_letters = any(word in letters for word in _NOTEWORTHY)
    return "\\" in query or (has_letters and _NOTEWORTHY_WORD.search(query) is not None)


def makes_graph(query: str) -> bool:
    """Tell whether the answer to a query is a graph; one that cannot be read counts as one of rows."""
    return find_form(query) in {"CONSTRUCT", "DESCRIBE"}


def _find_services(tokens: Sequence[Token]) -> Sequence[str | None]:
    prefixes = {
        tokens[place + 1].text: tokens[place + 2].text[1:-1]
        for place, token in enumerate(tokens[:-2])
        if token.word == "PREFIX"
    }
    found = []
    for place, token in enumerate(tokens):
        if token.word == "SERVICE":
            rest = [follower for follower in tokens[place + 1 : place + 3] if follower.word != "SILENT"]
            found.append(_resolve(rest[0], prefixes) if rest else None)
    return tuple(found)


def _resolve(token: Token, prefixes: Mapping[str, str]) -> str | None:
    """Return the absolute IRI that a token stands for; None for a variable or a relative IRI."""
    prefix, _, local = token.text.partition(":")
    iri = token.text[1:-1] if token.kind == "iri" else prefixes.get(f"{prefix}:", "") + local
    return iri if token.kind in {"iri", "name"} and iri.startswith(("http://", "https://")) else None
