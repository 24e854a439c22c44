"""The tokens of SPARQL: enough of its grammar to tell words, names, IRIs, strings and brackets apart.

Source: SPARQL 1.1 Query Language, section 19.8, terminals [139] to [173]; the brackets of RDF 1.2 triple terms besides.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

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
    | (?P<language>@[A-Za-z]+(?:-[A-Za-z0-9]+)*)
    | (?P<name>(?:\w[\w.\-·]{{0,99}}(?<!\.))?:(?:(?:[\w:]|%[0-9A-Fa-f]{{2}}|\\[_~.\-!$&'()*+,;=/?\#@%])
               (?:(?:[\w:.\-·]|%[0-9A-Fa-f]{{2}}|\\[_~.\-!$&'()*+,;=/?\#@%])*
                  (?:[\w:\-·]|%[0-9A-Fa-f]{{2}}|\\[_~.\-!$&'()*+,;=/?\#@%]))?)?)
    | (?P<number>(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)
    | (?P<word>\w+)
    | (?P<sign><<\(|\)>>|<<|>>|\^\^|&&|\|\||!=|<=|>=|\{{\||\|\}}|[{{}}()\[\].,;=<>!|/^*+?\-~&])
    """,
    re.VERBOSE,
)
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


def tokenize(text: str) -> Iterator[Token]:
    """Yield the tokens of a query or an update; white space and comments are left out.

    Raises:
        QueryError: something in it is no token of SPARQL.
    """
    position, spaced, last, depth = 0, False, "", 0
    while position < len(text):
        match = _TOKEN.match(text, position)
        if match is None:
            line = text.count("\n", 0, position) + 1
            raise QueryError(
                f"The query cannot be read: line {line} has something that is no SPARQL, from {text[position]!r} on.",
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


def _is_operand(last: str) -> bool:
    return last in _OPERAND or last == ")"
