"""`SELECT *` with its columns in the order in which the query names them; Oxigraph gives them by the alphabet.

Which variables there are is the engine's to say, since that depends on what is in scope (SPARQL 1.1, section 18.2.1).
"""

from collections.abc import Callable, Iterable, Sequence

from kg.errors import QueryError
from kg.sparql_tokens import Token, tokenize


def name_columns(query: str, list_variables: Callable[[], Iterable[str]]) -> str:
    """Return the query with its variables, in the order of their first appearance, in place of `SELECT *`.

    Args:
        query: any query; one that is no `SELECT *`, or cannot be read, comes back as it is.
        list_variables: called for a `SELECT *`; returns the names of the variables of its answer.
    """
    try:
        tokens = list(tokenize(query))
    except QueryError:  # the engine says so in its own words
        return query
    star = _find_star(tokens)
    if star is None:
        return query
    places: dict[str, int] = {}
    for token in tokens:
        if token.kind == "variable":
            places.setdefault(token.text[1:], token.begin)
    columns = sorted(list_variables(), key=lambda name: places.get(name, len(query)))
    names = " ".join(f"?{name}" for name in columns) or "*"
    return f"{query[: star.begin]} {names} {query[star.end :]}"


def _find_star(tokens: Sequence[Token]) -> Token | None:
    """Return the star of the outermost SELECT."""
    for number, token in enumerate(tokens):
        if token.text == "{":  # a star from here on belongs to a query within
            return None
        if token.word == "SELECT":
            rest = tokens[number + 1 : number + 3]
            following = next((each for each in rest if each.word not in {"DISTINCT", "REDUCED"}), None)
            return following if following is not None and following.text == "*" else None
    return None
