"""The tokens of SPARQL: enough of its grammar to tell words, names, IRIs, strings and brackets apart.

Source: SPARQL 1.1 Query Language, section 19.8, terminals [139] to [173]; the brackets of RDF 1.2 triple terms besides.
"""

import re
import textwrap
from collections.abc import Iterator, Sequence
from contextlib import suppress
from typing import Final, NamedTuple

from kg.errors import QueryError

_ESCAPE = r"\\u(?![dD][89a-fA-F])[0-9A-Fa-f]{4}|\\U00(?:0[0-9A-Fa-f]|10)[0-9A-Fa-f]{4}"
_IN_STRING = rf"\\[tbnrf\"'\\]|{_ESCAPE}"
_TOKEN = re.compile(
    rf"""
      (?P<space>[\x20\t\r\n]+|\#[^\r\n]*)
    | (?P<string>\"\"\"(?:\"{{0,2}}(?:[^\"\\]|{_IN_STRING}))*\"\"\"
                |'''(?:'{{0,2}}(?:[^'\\]|{_IN_STRING}))*'''
                |\"(?:[^\"\\\r\n]|{_IN_STRING})*\"
                |'(?:[^'\\\r\n]|{_IN_STRING})*')
    | (?P<iri><(?:[^<>\"{{}}|^`\\\x00-\x20]|{_ESCAPE})*>)
    | (?P<variable>[?$]\w+)
    | (?P<language>@[A-Za-z]+(?:-[A-Za-z0-9]+)*(?:--(?:ltr|rtl))?)
    | (?P<name>(?:\w[\w.\-·]{{0,99}}(?<!\.))?:(?:(?:[\w:]|%[0-9A-Fa-f]{{2}}|\\[_~.\-!$&'()*+,;=/?\#@%])
               (?:(?:[\w:.\-·]|%[0-9A-Fa-f]{{2}}|\\[_~.\-!$&'()*+,;=/?\#@%])*
                  (?:[\w:\-·]|%[0-9A-Fa-f]{{2}}|\\[_~.\-!$&'()*+,;=/?\#@%]))?)?)
    | (?P<number>(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)
    | (?P<word>\w+)
    | (?P<sign><<\(|\)>>|<<|>>|\^\^|&&|\|\||!=|<=|>=|\{{\||\|\}}|[{{}}()\[\].,;=<>!|/^*+?\-~&])
    """,
    re.VERBOSE,
)
OPENING = frozenset({"{", "(", "[", "<<", "<<(", "{|"})
CLOSING = frozenset({"}", ")", "]", ">>", ")>>", "|}"})
QUERY_FORMS: Final = frozenset({"SELECT", "ASK", "CONSTRUCT", "DESCRIBE"})
UPDATE_FORMS: Final = frozenset({"INSERT", "DELETE", "WITH", "LOAD", "CLEAR", "DROP", "CREATE", "ADD", "MOVE", "COPY"})
_FORMS: Final = QUERY_FORMS | UPDATE_FORMS
_LONGEST_REASON: Final = 200
_OPERAND = frozenset({"variable", "string", "number", "name", "iri", "language"})


class Token(NamedTuple):
    """A token and where it stands."""

    kind: str
    """`string`, `iri`, `variable`, `language`, `name` (prefixed), `number`, `word` or `sign`."""
    text: str
    begin: int
    spaced: bool
    """Whether white space or a comment stands before it."""

    @property
    def word(self) -> str:
        """The keyword in upper case; empty for what is no word."""
        return self.text.upper() if self.kind == "word" else ""

    @property
    def end(self) -> int:
        """Where it ends."""
        return self.begin + len(self.text)


def tokenize(text: str, what: str = "query") -> Iterator[Token]:
    """Yield the tokens of a query or an update; white space and comments are left out, `what` it is is for messages.

    Raises:
        QueryError: something in it is no token of SPARQL.
    """
    position, spaced, last, depth = 0, False, "", 0
    while position < len(text):
        match = _TOKEN.match(text, position)
        if match is None:
            line = text.count("\n", 0, position) + 1
            raise QueryError(
                f"The {what} cannot be read: line {line} has something that is no SPARQL, from {text[position]!r} on.",
                "Correct it and send it again.",
            )
        kind, found = str(match.lastgroup), match[0]
        if kind == "iri" and depth and _is_operand(last) and "://" not in found:  # FILTER(?a<?b&&?c>?d)
            kind, found = "sign", found[: 2 if found.startswith("<=") else 1]
        if kind == "space":
            spaced = True
        else:
            yield Token(kind, found, position, spaced)
            depth += {"(": 1, ")": -1}.get(found, 0)
            spaced, last = False, found if kind == "sign" else kind
        position += len(found)


def find_form(text: str) -> str:
    """Return the keyword by which a query or an update says what it does; empty where none can be found."""
    with suppress(QueryError):
        return next((token.word for token in tokenize(text) if token.word in _FORMS), "")
    return ""


def _is_operand(last: str) -> bool:
    return last in _OPERAND or last == ")"


class Cursor:
    """A place among tokens that moves on as they are read."""

    def __init__(self, tokens: Sequence[Token], what: str = "update") -> None:
        """Begin before the first token; `what` they are of is for messages."""
        self._tokens = tokens
        self._what = what
        self._next = 0

    @property
    def place(self) -> int:
        """How many tokens have been taken."""
        return self._next

    def taken_since(self, place: int) -> Sequence[Token]:
        """Return the tokens that were taken since so many had been."""
        return self._tokens[place : self._next]

    def peek(self, ahead: int = 0) -> Token | None:
        """Return the next token, or one so many after it, and stay; None at the end."""
        place = self._next + ahead
        return self._tokens[place] if place < len(self._tokens) else None

    def take(self) -> Token:
        """Return the next token.

        Raises:
            QueryError: there is none.
        """
        token = self.peek()
        if token is None:
            raise unreadable("it ends too early", self._what)
        self._next += 1
        return token

    def take_kind(self, kind: str) -> str:
        """Return the text of the next token, which has to be of this kind; errors as `take`."""
        token = self.take()
        if token.kind != kind:
            raise unreadable(f"a {kind} is expected where {token.text!r} stands", self._what)
        return token.text

    def skip(self, word: str) -> str:
        """Pass over a keyword if it stands next; return it with a space before, or nothing."""
        token = self.peek()
        if token is None or token.word != word:
            return ""
        self._next += 1
        return f" {word}"

    def expect(self, what: str) -> str:
        """Pass over a keyword or sign that has to stand next, and return it; errors as `take`."""
        token = self.take()
        if what not in {token.word, token.text}:
            raise unreadable(f"{what} is expected where {token.text!r} stands", self._what)
        return what


def unreadable(reason: str, what: str = "update") -> QueryError:
    """Return the error for an update or a query that cannot be read."""
    return QueryError(f"The {what} cannot be read: {reason}.", "Correct it and send it again.")


def find_undeclared(error: Exception) -> str | None:
    """Return line and column behind a name whose prefix is not declared; None where something else is wrong."""
    place, _, expected = str(error).partition(": expected ")
    return place.rpartition(" ")[2] if "Prefix not found" in expected else None


def to_reason(error: Exception) -> str:
    """Return why the engine cannot read a text, in one line.

    The engine lists all that its grammar could go on with, the code points of every letter among it.
    """
    return textwrap.shorten(str(error), _LONGEST_REASON, placeholder=" …")
