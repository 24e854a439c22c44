"""The triple patterns of a query as they stand in its text, and which of them have no variable in common.

This reads as much of SPARQL's grammar as that takes (SPARQL 1.1, section 19.8, rules [53] to [98]): groups, triples
with `;`, `,` and `[]`, and paths as predicates. What it does not know, such as collections, it passes over.
"""

from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field

from kg.errors import QueryError
from kg.sparql_tokens import Token, tokenize

_ENDS = frozenset({"FILTER", "OPTIONAL", "UNION", "MINUS", "GRAPH", "SERVICE", "BIND", "VALUES", "SELECT", "WHERE"})
_TERMS = frozenset({"iri", "name", "variable", "string", "number", "word"})
_OPEN, _CLOSE = {"(": ")", "[": "]", "<<(": ")>>", "<<": ">>"}, frozenset({")", "]", ")>>", ">>"})


@dataclass(frozen=True, slots=True)
class Pattern:
    """A triple pattern."""

    text: str
    variables: frozenset[str]
    prologue: str = field(default="", compare=False)
    """The prefixes of its query, without which its text cannot be read."""


@dataclass(slots=True)
class Group:
    """What stands between a pair of braces."""

    patterns: list[Pattern] = field(default_factory=list)
    groups: "list[Group]" = field(default_factory=list)

    def variables(self) -> frozenset[str]:
        """Return the variables of all patterns within."""
        own = [pattern.variables for pattern in self.patterns]
        return frozenset[str]().union(*own, *(group.variables() for group in self.groups))

    def walk(self) -> "Iterator[Group]":
        """Yield this group and those within."""
        yield self
        for group in self.groups:
            yield from group.walk()


def read_groups(query: str) -> Group:
    """Read the groups of a query; what follows on something that is no SPARQL is left out."""
    tokens: list[Token] = []
    with suppress(QueryError):
        tokens.extend(tokenize(query))
    start = next((number for number, token in enumerate(tokens) if token.text == "{"), len(tokens))
    head = tokens[: next((n for n, token in enumerate(tokens) if token.word in _FORMS), start)]
    return _Reader(tokens[start:], query[: head[-1].end] if head else "").read()


_FORMS = frozenset({"SELECT", "ASK", "CONSTRUCT", "DESCRIBE"})


def find_products(group: Group) -> list[list[list[str]]]:
    """Return, for each group whose parts have no variable in common, the texts of these parts."""
    return [parts for each in group.walk() if len(parts := _split(each)) > 1]


def _split(group: Group) -> list[list[str]]:
    parts: list[tuple[set[str], list[str]]] = []
    nodes = [(pattern.variables, pattern.text) for pattern in group.patterns]
    nodes += [(inner.variables(), "{ … }") for inner in group.groups]
    for variables, text in nodes:
        if not variables:
            continue
        joined, texts = set(variables), [text]
        for part in [part for part in parts if part[0] & variables]:
            parts.remove(part)
            joined |= part[0]
            texts = part[1] + texts
        parts.append((joined, texts))
    return [texts for _, texts in parts]


class _Reader:
    def __init__(self, tokens: Sequence[Token], prologue: str) -> None:
        self._tokens = tokens
        self._prologue = prologue
        self._next = 0
        self._blanks = 0

    def read(self) -> Group:
        """Read groups until the tokens are used up; all of them are within the one that is returned."""
        outer = Group()
        while self._next < len(self._tokens):
            if self._take().text == "{":
                outer.groups.append(self._read_group())
        return outer.groups[0] if len(outer.groups) == 1 else outer

    def _read_group(self) -> Group:
        group, statement = Group(), list[Token]()
        while self._next < len(self._tokens):
            token = self._take()
            if token.text == "{":
                self._add(group, statement)
                group.groups.append(self._read_group())
            elif token.text == "}":
                break
            elif token.text == "." or token.word in _ENDS:
                self._add(group, statement)
                if token.word in {"FILTER", "BIND", "VALUES", "SELECT", "GRAPH", "SERVICE"}:
                    self._skip_clause()
            else:
                statement.append(token)
        self._add(group, statement)
        return group

    def _skip_clause(self) -> None:
        """Pass over what belongs to a keyword: a term, a function's name, an expression in brackets."""
        depth = 0
        while self._next < len(self._tokens):
            text = self._tokens[self._next].text
            if text in {"{", "}", "."} and not depth:
                return
            self._next += 1
            depth += (text == "(") - (text == ")")
            if text == ")" and not depth:
                return

    def _add(self, group: Group, statement: list[Token]) -> None:
        tokens = deque(statement)
        statement.clear()
        if len(tokens) > 1:
            subject = self._read_term(tokens, group)
            if subject:
                self._read_properties(subject, tokens, group)

    def _read_properties(self, subject: str, tokens: deque[Token], group: Group) -> None:
        while tokens:
            path = _read_path(tokens)
            while tokens and path:
                value = self._read_term(tokens, group)
                if value:
                    self._keep(group, subject, path, value)
                if not tokens or tokens.popleft().text != ",":
                    break
            if not path:
                return
            while tokens and tokens[0].text == ";":
                tokens.popleft()

    def _keep(self, group: Group, *terms: str) -> None:
        text = " ".join(terms)
        variables = frozenset(word for word in text.replace("(", " ").split() if word[0] in "?$")
        group.patterns.append(Pattern(text, frozenset(f"?{name[1:]}" for name in variables), self._prologue))

    def _read_term(self, tokens: deque[Token], group: Group) -> str:
        """Take a term from the front; empty for one that is not understood."""
        token = tokens.popleft()
        if token.text in _OPEN:
            inner = _take_to_end(tokens)
            if token.text != "[":
                return ""
            self._blanks += 1
            name = f"?blank{self._blanks}"
            self._read_properties(name, inner, group)
            return name
        if token.kind not in _TERMS:
            return ""
        text = token.text
        if token.kind == "string" and tokens and tokens[0].kind == "language":
            text += tokens.popleft().text
        elif token.kind == "string" and tokens and tokens[0].text == "^^":
            text += tokens.popleft().text + (tokens.popleft().text if tokens else "")
        return f"?blank_{text[2:]}" if text.startswith("_:") else text

    def _take(self) -> Token:
        self._next += 1
        return self._tokens[self._next - 1]


def _read_path(tokens: deque[Token]) -> str:
    """Take a predicate or path from the front."""
    parts: list[str] = []
    while tokens:
        while tokens and tokens[0].text in {"^", "!"}:
            parts.append(tokens.popleft().text)
        if not tokens:
            return ""
        token = tokens.popleft()
        if token.text == "(":
            parts += ["(", *(inner.text for inner in _take_to_end(tokens)), ")"]
        elif token.kind in _TERMS:
            parts.append(token.text)
        else:
            return ""
        if tokens and tokens[0].text in {"*", "+", "?"}:
            parts.append(tokens.popleft().text)
        if not (tokens and tokens[0].text in {"/", "|"}):
            break
        parts.append(tokens.popleft().text)
    return "".join(parts)


def _take_to_end(tokens: deque[Token]) -> deque[Token]:
    """Take tokens from the front up to the bracket that closes, which is left out."""
    inner, depth = deque[Token](), 0
    while tokens:
        token = tokens.popleft()
        depth += (token.text in _OPEN) - (token.text in _CLOSE)
        if depth < 0:
            break
        inner.append(token)
    return inner
