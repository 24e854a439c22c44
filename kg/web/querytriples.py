"""Triples and terms of a query read from its tokens (SPARQL 1.1, section 19.8; SPARQL 1.2 for triple terms)."""

from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

from kg.sparql_tokens import Cursor, Token, unreadable
from kg.web.querypatterns import NONE, Group, Pattern, Variables, is_variable, name_variable

_REIFIES: Final = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#reifies>"
_COMPOUND: Final = {"(": ")", "<<(": ")>>", "<<": ">>"}
_END_OF_PROPERTIES: Final = frozenset({".", "}", "]", "|}", "{"})


class Node(NamedTuple):
    """A term, or what stands for one."""

    text: str
    variables: Variables = NONE


class TripleReader:
    """Reads triples into the group that they stand in."""

    def __init__(self, tokens: Sequence[Token]) -> None:
        self._cursor = Cursor(tokens, "query")
        self._graph = ""
        """What stands after the GRAPH around."""
        self._blanks = 0

    def _read_properties(self, subject: Node, group: Group) -> None:
        """Read the properties of a subject."""
        while token := self._cursor.peek():
            if token.text == ";":
                self._cursor.take()
                continue
            if token.text in _END_OF_PROPERTIES or (token.kind == "word" and token.text != "a"):
                return
            path = self._read_path()
            while True:
                triple = (subject, path, self._read_node(group))
                self._keep(group, *triple)
                self._read_annotations(triple, group)
                if self._peek_text() != ",":
                    break
                self._cursor.take()

    def _keep(self, group: Group, *nodes: Node) -> None:
        variables = NONE.union(*(node.variables for node in nodes))
        if is_variable(self._graph):
            variables |= {name_variable(self._graph)}
        group.parts.append(Pattern(" ".join(node.text for node in nodes), variables, self._graph))

    def _read_annotations(self, triple: tuple[Node, ...], group: Group) -> None:
        """Read what is said of a triple: its reifiers, and properties of them."""
        reifier: Node | None = None
        while self._peek_text() in {"~", "{|"}:
            is_block = self._cursor.take().text == "{|"
            if not is_block or reifier is None:
                is_named = not is_block and (self._peek_kind() in {"variable", "iri", "name"})
                reifier = self._read_node(group) if is_named else self._make_blank()
                self._keep(group, reifier, Node(_REIFIES), _quote(triple))
            if is_block:
                self._read_properties(reifier, group)
                self._cursor.expect("|}")
                reifier = None

    def _read_path(self) -> Node:
        """Read a predicate or property path."""
        parts = list[str]()
        while True:
            while self._peek_text() in {"^", "!"}:
                parts.append(self._cursor.take().text)
            token = self._cursor.take()
            if token.kind == "variable":
                return Node(token.text, frozenset({name_variable(token.text)}))
            parts.append(token.text)
            if token.text == "(":
                depth = 1
                while depth:
                    inner = self._cursor.take().text
                    depth += (inner == "(") - (inner == ")")
                    parts.append(inner)
            if self._peek_text() in {"*", "+", "?"} and not self._is_signed_number():
                parts.append(self._cursor.take().text)
            if self._peek_text() not in {"/", "|"}:
                return Node("".join(parts))
            parts.append(self._cursor.take().text)

    def _read_node(self, group: Group) -> Node:
        """Read a term; what a blank node or a collection says goes into the group."""
        token = self._cursor.take()
        if token.text == "[":
            blank = self._make_blank()
            self._read_properties(blank, group)
            self._cursor.expect("]")
            return blank
        if token.text in _COMPOUND:
            return self._read_compound(token.text, group)
        text = token.text
        if text in {"+", "-"}:
            text += self._cursor.take_kind("number")
        elif token.kind == "string" and self._peek_kind() == "language":
            text += self._cursor.take().text
        elif token.kind == "string" and self._peek_text() == "^^":
            text += self._cursor.take().text + self._cursor.take().text
        elif token.kind == "sign":
            raise unreadable(f"no term can begin with {text!r}", "query")
        if text.startswith("_:"):
            text = f"?blank_{text[2:]}"
        return Node(text, frozenset({name_variable(text)}) if is_variable(text) else NONE)

    def _read_compound(self, opening: str, group: Group) -> Node:
        """Read a collection or a triple as a term; one whose brackets are `<<` may name its reifier."""
        nodes = list[Node]()
        while self._peek_text() != _COMPOUND[opening]:
            if self._peek_text() == "~":
                nodes.append(Node(self._cursor.take().text))
            elif len(nodes) == 1 and opening != "(":
                nodes.append(self._read_path())
            else:
                nodes.append(self._read_node(group))
        text = " ".join([opening, *(node.text for node in nodes), self._cursor.take().text])
        return Node(text, NONE.union(*(node.variables for node in nodes)))

    def _make_blank(self) -> Node:
        self._blanks += 1
        name = f"?blank{self._blanks}"
        return Node(name, frozenset({name}))

    # What comes next.

    def _is_signed_number(self) -> bool:
        """Whether a sign stands next that belongs to the number after it."""
        sign, number = self._cursor.peek(), self._cursor.peek(1)
        return bool(sign and number and sign.text == "+" and number.kind == "number" and not number.spaced)

    def _peek_text(self) -> str:
        token = self._cursor.peek()
        if token is None:
            return ""
        return token.text

    def _peek_word(self) -> str:
        token = self._cursor.peek()
        return token.word if token else ""

    def _peek_kind(self) -> str:
        token = self._cursor.peek()
        return token.kind if token else ""


def _quote(triple: Iterable[Node]) -> Node:
    nodes = list(triple)
    return Node(f"<<( {' '.join(node.text for node in nodes)} )>>", NONE.union(*(node.variables for node in nodes)))
