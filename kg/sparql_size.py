"""How large a query, or a WHERE clause of an update, is in what the engine takes long over, counted in its tokens.

Planning takes the engine (pyoxigraph 0.5.13) the fourth power of the number of parts that are joined in one group: 64
triple patterns, steps of a path or OPTIONALs took it up to 0.1 s, 128 up to 1.8 s; a union took it as long as two. It
takes the square of the number of
operators and clauses: 1,000 took up to 0.4 s, 4,000 up to 1.2 s. The rows of VALUES, lists after IN, the arguments of
functions, templates, prefixes and literals take next to nothing each, and are not counted. It recurses on brackets and
negations. What is too large is refused before it runs.
"""

from collections.abc import Iterable
from typing import Final, NamedTuple

from kg.errors import QueryLimitError
from kg.settings import Settings
from kg.sparql_tokens import CLOSING, OPENING, Token

_TERMS: Final = frozenset({"iri", "name", "variable", "string", "number"})
_TERM_WORDS: Final = frozenset({"A", "TRUE", "FALSE"})
_OPERATORS: Final = frozenset({"&&", "||", "+", "-", "*", "/", "=", "!=", "<", ">", "<=", ">=", "!", "|"})
_ENDS: Final = frozenset({".", ";", ",", "|}"})
_CALLERS: Final = frozenset({"FILTER", "HAVING", "BY", "ASC", "DESC"})
"""Words after which an IRI with a bracket is a function that is called."""
_NAMES_GRAPH: Final = frozenset({"GRAPH", "SERVICE", "SILENT"})
_NOT_JOINED: Final = frozenset({"MINUS", "EXISTS", "UNION"})
"""Words before a group that is not joined with what is around it; of a union, the first group stands for all."""


class Size(NamedTuple):
    """How large a query is."""

    joined: int
    """The most parts that are joined in one group: triple patterns, steps of paths, items of collections."""
    parts: int
    """All of these, and all operators and clauses."""


class _Scope:
    """What stands between two brackets."""

    def __init__(self, kind: str, role: str = "") -> None:
        self.kind = kind
        """`group`; `terms`, of a collection or a path; `expression`; `data`, which is not looked into."""
        self.role = role
        """The word before it; SELECT for a query within, which is joined as one part, and so is a union."""
        self.joined = 0
        self.is_amid = False
        """Whether a term has come since the last triple pattern ended."""


def check_nesting(nesting: int, settings: Settings, what: str = "query") -> None:
    """Refuse a `what` whose brackets nest too deeply.

    Raises:
        QueryLimitError: they do.
    """
    most = settings.query_max_nesting
    if nesting > most:
        raise QueryLimitError(f"The {what} nests deeper than {most} brackets.", "Nest less.", "query_max_nesting", most)


def check_size(size: Size, settings: Settings, what: str = "query") -> None:
    """Refuse a `what` that has too much to be planned.

    Raises:
        QueryLimitError: it has.
    """
    if size.joined > settings.query_max_joined:
        raise QueryLimitError(
            f"The {what} joins {size.joined} triple patterns and steps of paths in one group, more than "
            f"{settings.query_max_joined}.",
            "Split it up, or put parts that stand for themselves into queries within: { SELECT … }.",
            "query_max_joined",
            settings.query_max_joined,
        )
    if size.parts > settings.query_max_parts:
        raise QueryLimitError(
            f"The {what} has {size.parts} patterns, operators and clauses, more than {settings.query_max_parts}.",
            "List values by VALUES or IN, which may be long, in place of UNION, || and |.",
            "query_max_parts",
            settings.query_max_parts,
        )


def measure_nesting(tokens: Iterable[Token]) -> int:
    """Return how deep brackets are nested, or how many negations follow on one another, whichever is more."""
    depth = negations = deepest = 0
    for token in tokens:
        if token.kind == "sign":
            depth += (token.text in OPENING) - (token.text in CLOSING)
        negations = negations + 1 if token.text == "!" else 0
        deepest = max(deepest, depth, negations)
    return deepest


def measure(tokens: Iterable[Token]) -> Size:
    """Measure a query; what cannot be read is measured too, roughly."""
    meter = _Meter()
    for token in tokens:
        meter.take(token)
    return Size(meter.most_joined, meter.parts)


class _Meter:
    def __init__(self) -> None:
        self.most_joined = self.parts = 0
        self._top = _Scope("expression")
        self._around: list[_Scope] = []
        self._last: tuple[Token | None, Token | None] = (None, None)
        """The two tokens before."""
        self._closed: _Scope | None = None
        """The group that has just been closed."""
        self._has_data = self._describes = False
        """Whether VALUES or CONSTRUCT has come, and not its braces yet; whether DESCRIBE has, and no group yet."""

    def take(self, token: Token) -> None:
        """Take the next token in."""
        closed, self._closed = self._closed, None
        if closed is not None and closed.role not in _NOT_JOINED:
            is_union = token.word == "UNION"
            self._top.joined += 2 if is_union else 1 if closed.role == "SELECT" else closed.joined
            self.most_joined = max(self.most_joined, self._top.joined)
        if token.text in {"{", "("}:
            self._open(token)
        elif token.text in {"}", ")"}:
            self._close()
        elif self._top.kind != "data":
            self._look_at(token)
        self._last = (self._last[1], token)

    def _open(self, token: Token) -> None:
        before = self._last[1]
        word = before.word if before else ""
        if self._top.kind == "data" or self._has_data:
            kind = "data"
            self._has_data = self._has_data and token.text == "("
        elif token.text == "{":
            kind = "group"
            self._end_pattern()
            self._describes = False
        else:
            kind = self._tell_bracket(before)
            self.parts += kind == "expression"
        self._around.append(self._top)
        self._top = _Scope(kind, word)

    def _tell_bracket(self, before: Token | None) -> str:
        """Return what a bracket opens: an expression, the predicates that are ruled out, a collection or a path."""
        caller = self._last[0]
        if before is not None and before.text == "!" and self._top.kind != "expression":
            return "data"
        is_call = before is not None and (
            before.word not in {"", *_TERM_WORDS} or (caller is not None and caller.word in _CALLERS)
        )
        return "expression" if is_call or self._top.kind == "expression" or self._top.role == "SELECT" else "terms"

    def _close(self) -> None:
        if not self._around:
            return
        self._end_pattern()
        closed, self._top = self._top, self._around.pop()
        if closed.kind == "group":
            self._closed = closed
        elif closed.kind == "terms":
            self._join(1, closed.joined)
            self._top.is_amid = True
        self.most_joined = max(self.most_joined, closed.joined)

    def _look_at(self, token: Token) -> None:
        scope = self._top
        if token.kind in _TERMS or token.word in _TERM_WORDS:
            self.parts += self._describes
            before = self._last[1]
            is_name = scope.role == "SELECT" or (before is not None and before.word in _NAMES_GRAPH)
            scope.is_amid = scope.is_amid or not is_name
            if scope.kind == "terms":
                self._join()
        elif token.word:
            self._look_at_word(token.word)
        elif scope.kind == "expression":
            self.parts += token.text in _OPERATORS
        elif token.text in {"{|", "~"}:
            self._end_pattern()
            self._join(2)
        elif token.text == "/":
            self._join()
        elif token.text == "]":
            if self._last[1] is not None and self._last[1].text != "[":
                self._end_pattern()
            scope.is_amid = True
        elif token.text in _ENDS:
            self._end_pattern()
        else:
            self.parts += token.text in _OPERATORS

    def _look_at_word(self, word: str) -> None:
        if word in {"VALUES", "CONSTRUCT"}:
            self._has_data = True
        elif word == "DESCRIBE":
            self._describes = True
        elif word == "SELECT":
            self._top.role = "SELECT"
        elif word in {"WHERE", "FROM"}:
            self._has_data = self._describes = False
        if self._top.kind == "group":
            self._end_pattern()
            self.parts += 1

    def _end_pattern(self) -> None:
        """Count a triple pattern that has come to its end, if there is one."""
        if self._top.kind == "group" and self._top.is_amid:
            self._join()
        self._top.is_amid = False

    def _join(self, new: int = 1, counted: int = 0) -> None:
        """Count new parts to the group, and those that were counted to something within it."""
        self._top.joined += new + counted
        self.parts += new
        self.most_joined = max(self.most_joined, self._top.joined)
