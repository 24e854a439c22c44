"""Values in place of a query's variables, for engines that take a query as text only.

In patterns and filters the value stands where the variable stood, so that any engine plans with a constant. Where the
variable has to stay one (in the head of a SELECT, after GROUP BY, in VALUES, after AS), a VALUES block at the beginning
of the WHERE clause gives it its only value.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from kg.sparql_tokens import QUERY_FORMS, Token, tokenize


@dataclass(slots=True)
class _Clause:
    """A SELECT, or another form of query, while it is read."""

    form: str
    depth: int
    """How many braces are open around it."""
    in_body: bool = False
    after_body: bool = False


def bind(query: str, values: Mapping[str, str]) -> str:
    """Return a query with values in place of variables.

    Args:
        query: SPARQL.
        values: names of variables without `?` to what takes their place: an IRI in angle brackets, or a literal.

    Raises:
        QueryError: something in it is no token of SPARQL.
    """
    if not values:
        return query
    names = " ".join(f"?{name}" for name in values)
    block = f" VALUES ({names}) {{ ({' '.join(values.values())}) }}"
    parts, last = [], 0
    for token, text in _edits(list(tokenize(query)), values, block):
        parts += [query[last : token.begin], text]
        last = token.end
    return "".join(parts) + query[last:]


def form_of(query: str) -> str:
    """Return `SELECT`, `ASK`, `CONSTRUCT` or `DESCRIBE`; nothing where a query is none of them. Errors as `bind`."""
    return next((token.word for token in tokenize(query) if token.word in QUERY_FORMS), "")


def _edits(tokens: Sequence[Token], values: Mapping[str, str], block: str) -> Iterator[tuple[Token, str]]:
    """Yield the tokens to be replaced, with what takes their place."""
    clauses: list[_Clause] = []
    depth = brackets = 0
    listing = False  # the variables of a VALUES block
    for place, token in enumerate(tokens):
        clause = clauses[-1] if clauses else None
        if token.word in QUERY_FORMS:
            clauses.append(_Clause(token.word, depth))
        elif token.word == "VALUES":
            listing = True
        elif token.text == "{":
            if (
                clause
                and depth == clause.depth
                and not (brackets or listing or clause.after_body)
                and tokens[place - 1].word != "CONSTRUCT"  # its template
            ):
                clause.in_body = True
                yield token, f"{{{block}"
            depth, listing = depth + 1, False
        elif token.text == "}":
            depth -= 1
            if clause and clause.in_body and depth == clause.depth:
                clause.in_body, clause.after_body = False, True
            if clause and depth < clause.depth:
                clauses.pop()
        elif token.text in {"(", ")"} and clause and not clause.in_body:
            brackets += 1 if token.text == "(" else -1
        elif token.kind == "variable" and token.text[1:] in values and not listing and tokens[place - 1].word != "AS":
            in_template = clause and clause.form == "CONSTRUCT" and not clause.after_body
            if clause and (clause.in_body or in_template):
                yield token, values[token.text[1:]]
