"""Which variables an expression demands to be equal."""

from collections.abc import Iterable, Iterator, Sequence

from kg.sparql_tokens import CLOSING, OPENING, Token
from kg.web.querypatterns import Variables, name_variable


def list_variables(tokens: Iterable[Token]) -> Variables:
    """Return the variables among some tokens."""
    return frozenset(name_variable(token.text) for token in tokens if token.kind == "variable")


def find_equations(tokens: Sequence[Token]) -> Iterator[tuple[Variables, Variables]]:
    """Yield the variables on both sides of each equation that has to hold for an expression to be true."""
    while tokens and tokens[0].text == "(" and _find_end(tokens) == len(tokens) - 1:
        tokens = tokens[1:-1]
    outer = list(_list_outer(tokens))
    if any(tokens[place].text == "||" for place in outer):
        return
    ends = [place for place in outer if tokens[place].text == "&&"]
    if ends:
        for begin, end in zip([-1, *ends], [*ends, len(tokens)], strict=True):
            yield from find_equations(tokens[begin + 1 : end])
        return
    equals = next((place for place in outer if tokens[place].text == "="), None)
    if equals is not None:
        yield list_variables(tokens[:equals]), list_variables(tokens[equals + 1 :])
    elif tokens and tokens[0].word == "SAMETERM":
        comma = next((place for place, token in enumerate(tokens) if token.text == ","), len(tokens))
        yield list_variables(tokens[:comma]), list_variables(tokens[comma:])


def _find_end(tokens: Sequence[Token]) -> int:
    """Return where the first bracket closes."""
    depth = 0
    for place, token in enumerate(tokens):
        depth += (token.text in OPENING) - (token.text in CLOSING)
        if not depth:
            return place
    return len(tokens)


def _list_outer(tokens: Sequence[Token]) -> Iterator[int]:
    """Yield the places of the tokens that stand in no brackets."""
    depth = 0
    for place, token in enumerate(tokens):
        if not depth:
            yield place
        depth += (token.text in OPENING) - (token.text in CLOSING)
