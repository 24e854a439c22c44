"""SPARQL updates read before they run: which graphs they write to, and a text that says the same without doubt.

What is checked has to be what runs, and two readers of one text may disagree. So the text that is run is not the one
that came: it is written anew from the tokens that were checked, every IRI absolute and in brackets, every string in one
form, without comments and prefixes. On the way it gets what the protocol asks for and the engine has no option for:
`using-graph-uri` becomes USING, and "all graphs" becomes those that may be written.

Source: SPARQL 1.1 Update, section 4 and 3.1; SPARQL 1.1 Protocol, section 2.2.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple
from urllib.parse import urljoin

from pyoxigraph import Literal, NamedNode

from kg.errors import QueryError, WriteRefusedError
from kg.settings import Settings
from kg.sparql_size import check_nesting, check_size, measure, measure_nesting
from kg.sparql_tokens import Cursor, Token, tokenize, unreadable

_CORRECT: Final = "Correct it and send it again."
_ESCAPED = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(.))", re.DOTALL)
_CONTROL: Final = {"t": "\t", "b": "\b", "n": "\n", "r": "\r", "f": "\f"}


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation of an update."""

    text: str
    """What the engine is told; empty for one that clears or drops many graphs."""
    targets: frozenset[str] = frozenset()
    """The named graphs that it writes to."""
    sweep: str = ""
    """`CLEAR` or `DROP` where it is about many graphs."""
    sweeps_default: bool = False
    """Whether the default graph is among them."""


@dataclass(frozen=True, slots=True)
class Update:
    """An update that was read."""

    operations: Sequence[Operation]

    def targets(self) -> frozenset[str]:
        """Return the named graphs that it names as those to write to."""
        return frozenset[str]().union(*(operation.targets for operation in self.operations))

    def text(self, writable: Iterable[str]) -> str:
        """Return what the engine is to run.

        Args:
            writable: the named graphs that "all" and "named" stand for; those that the update makes itself are added.
        """
        known = set(writable)
        parts = []
        for operation in self.operations:
            if operation.sweep:
                parts += [f"{operation.sweep} SILENT GRAPH <{graph}>" for graph in sorted(known)]
                parts += [f"{operation.sweep} DEFAULT"] if operation.sweeps_default else []
            else:
                parts.append(operation.text)
                known |= operation.targets
        return " ;\n".join(parts)


def read_update(
    text: str, base_iri: str, settings: Settings, using: Sequence[str] = (), using_named: Sequence[str] = ()
) -> Update:
    """Read an update.

    Args:
        text: the update.
        base_iri: what relative IRIs are resolved against.
        settings: how large its WHERE clauses may be, which are bounded as queries are.
        using: graphs that the protocol names as the default graph of WHERE clauses.
        using_named: graphs that it names as their named graphs.

    Raises:
        QueryError: it cannot be read, or names a dataset although the protocol does.
        QueryLimitError: it is nested too deeply, or one of its WHERE clauses has too many parts.
        WriteRefusedError: it loads a document, or writes to a graph that only its run would tell.
    """
    return Update(_Reader(text, base_iri, settings, _using_clauses(using, using_named)).read())


def _using_clauses(using: Sequence[str], using_named: Sequence[str]) -> str:
    return "".join(
        [f" USING <{_absolute(iri)}>" for iri in using] + [f" USING NAMED <{_absolute(iri)}>" for iri in using_named]
    )


def _absolute(iri: str) -> str:
    try:
        return NamedNode(iri).value
    except ValueError as error:
        raise QueryError(f"{iri!r} is no absolute IRI.", _CORRECT) from error


class _Block(NamedTuple):
    """What stands between a pair of braces, braces included, and the graphs that it names."""

    text: str
    targets: set[str]


class _Reader:
    """Reads one update from front to back."""

    def __init__(self, text: str, base_iri: str, settings: Settings, using: str) -> None:
        tokens = list(tokenize(text, "update"))
        check_nesting(measure_nesting(tokens), settings, "update")
        self._cursor = Cursor(tokens)
        self._settings = settings
        self._base = base_iri
        self._prefixes: dict[str, str] = {}
        self._using = using

    def read(self) -> list[Operation]:
        operations: list[Operation] = []
        while True:
            self._read_prologue()
            if self._cursor.peek() is None:
                return operations
            operations.append(self._read_operation())
            if self._cursor.peek() is not None:
                self._cursor.expect(";")

    def _read_prologue(self) -> None:
        while (token := self._cursor.peek()) is not None and token.word in {"BASE", "PREFIX", "VERSION"}:
            self._cursor.take()
            if token.word == "BASE":
                self._base = self._read_iri()
            elif token.word == "PREFIX":
                name = self._cursor.take_kind("name")
                if not name.endswith(":"):
                    raise unreadable(f"{name} is no prefix")
                self._prefixes[name] = self._read_iri()
            else:
                self._cursor.take_kind("string")

    def _read_operation(self) -> Operation:
        readers: dict[str, Callable[[str], Operation]] = {
            "CLEAR": self._read_sweep,
            "DROP": self._read_sweep,
            "CREATE": self._read_create,
            "ADD": self._read_transfer,
            "MOVE": self._read_transfer,
            "COPY": self._read_transfer,
            "INSERT": self._read_change,
            "DELETE": self._read_change,
            "WITH": self._read_change,
        }
        token = self._cursor.peek()
        word = token.word if token else ""
        if word == "LOAD":
            raise WriteRefusedError("LOAD is not allowed here.", "Send the document to /graphs yourself.")
        if word not in readers:
            raise unreadable(f"an operation is expected where {token.text if token else 'it ends'!r} stands")
        self._cursor.take()
        return readers[word](word)

    def _read_sweep(self, verb: str) -> Operation:
        silent = self._cursor.skip("SILENT")
        if self._cursor.skip("DEFAULT"):
            return Operation(f"{verb}{silent} DEFAULT")
        if self._cursor.skip("ALL"):
            return Operation("", sweep=verb, sweeps_default=True)
        if self._cursor.skip("NAMED"):
            return Operation("", sweep=verb)
        self._cursor.expect("GRAPH")
        graph = self._read_iri()
        return Operation(f"{verb}{silent} GRAPH <{graph}>", frozenset({graph}))

    def _read_create(self, verb: str) -> Operation:
        silent = self._cursor.skip("SILENT")
        self._cursor.expect("GRAPH")
        graph = self._read_iri()
        return Operation(f"{verb}{silent} GRAPH <{graph}>", frozenset({graph}))

    def _read_transfer(self, verb: str) -> Operation:
        """Read ADD, COPY or MOVE, the last of which also removes what it moves."""
        silent = self._cursor.skip("SILENT")
        source = self._read_graph_or_default()
        self._cursor.expect("TO")
        target = self._read_graph_or_default()
        written = {source, target} if verb == "MOVE" else {target}
        names = ["DEFAULT" if graph is None else f"GRAPH <{graph}>" for graph in (source, target)]
        return Operation(
            f"{verb}{silent} {names[0]} TO {names[1]}", frozenset(graph for graph in written if graph is not None)
        )

    def _read_graph_or_default(self) -> str | None:
        if self._cursor.skip("DEFAULT"):
            return None
        self._cursor.skip("GRAPH")
        return self._read_iri()

    def _read_change(self, verb: str) -> Operation:
        """Read INSERT DATA, DELETE DATA, DELETE WHERE, or DELETE and INSERT with a WHERE clause."""
        if verb != "WITH" and self._cursor.skip("DATA"):
            data = self._read_block()
            return Operation(f"{verb} DATA {data.text}", frozenset(data.targets))
        if verb == "DELETE" and self._cursor.skip("WHERE"):
            pattern = self._read_pattern(is_template=True)
            text = f"DELETE {pattern.text}{self._using} WHERE {pattern.text}"
            return Operation(text, frozenset(pattern.targets))
        return self._read_modify(verb)

    def _read_modify(self, verb: str) -> Operation:
        parts, targets, named = [], set[str](), ""
        if verb == "WITH":
            named = self._read_iri()
            parts.append(f"WITH <{named}>")
            targets.add(named)
            verb = "DELETE" if self._cursor.skip("DELETE") else self._cursor.expect("INSERT")
        for word in ("DELETE", "INSERT"):
            if word == verb or self._cursor.skip(word):
                template = self._read_block()
                parts.append(f"{word} {template.text}")
                targets |= template.targets
        using = self._read_using()
        if self._using and (using or named):
            raise QueryError("Both the protocol and the update name a dataset.", "Leave USING and WITH out, or using-…")
        self._cursor.expect("WHERE")
        where = self._read_pattern()
        return Operation(f"{' '.join(parts)}{using or self._using} WHERE {where.text}", frozenset(targets))

    def _read_using(self) -> str:
        clauses = ""
        while self._cursor.skip("USING"):
            named = self._cursor.skip("NAMED")
            clauses += f" USING{named} <{self._read_iri()}>"
        return clauses

    def _read_pattern(self, *, is_template: bool = False) -> _Block:
        """Read what is matched, within the bounds that queries have; `is_template` where it is written too."""
        begin = self._cursor.place
        pattern = self._read_block(is_template=is_template)
        check_size(measure(self._cursor.taken_since(begin)), self._settings, "WHERE clause")
        return pattern

    def _read_block(self, *, is_template: bool = True) -> _Block:
        """Read from a brace to the one that closes it; of a template note the graphs that it names."""
        self._cursor.expect("{")
        parts, targets, depth = ["{"], set[str](), 1
        while depth:
            token = self._cursor.take()
            depth += {"{": 1, "}": -1}.get(token.text, 0) if token.kind == "sign" else 0
            parts.append((" " if token.spaced else "") + self._write(token))
            if token.word == "SERVICE":
                raise WriteRefusedError("SERVICE is not allowed here.", "Ask the other endpoint yourself.")
            if is_template and token.word == "GRAPH":
                graph = self._read_target()
                targets.add(graph)
                parts.append(f" <{graph}>")
        return _Block("".join(parts), targets)

    def _read_target(self) -> str:
        token = self._cursor.peek()
        if token is not None and token.kind == "variable":
            raise WriteRefusedError(
                "The update writes to graphs that only its run would tell.", "Name the graph in place of a variable."
            )
        return self._read_iri()

    def _write(self, token: Token) -> str:
        """Write a token in the one form that leaves no doubt."""
        if token.kind in {"iri", "name"} and not token.text.startswith("_:"):
            return f"<{self._resolve(token)}>"
        return str(Literal(_read_string(token.text))) if token.kind == "string" else token.text

    def _resolve(self, token: Token) -> str:
        if token.kind == "iri":
            return _absolute(urljoin(self._base, _unescape(token.text[1:-1])))
        prefix, colon, local = token.text.partition(":")
        namespace = self._prefixes.get(prefix + colon)
        if namespace is None:
            raise unreadable(f"the prefix {prefix}: is not declared")
        return _absolute(namespace + _unescape(local))

    def _read_iri(self) -> str:
        token = self._cursor.take()
        if token.kind not in {"iri", "name"} or token.text.startswith("_:"):
            raise unreadable(f"an IRI is expected where {token.text!r} stands")
        return self._resolve(token)


def _read_string(quoted: str) -> str:
    width = 3 if quoted[:3] in {'"""', "'''"} and len(quoted) >= 6 else 1
    return _unescape(quoted[width:-width])


def _unescape(text: str) -> str:
    def character(match: re.Match[str]) -> str:
        code = match[1] or match[2]
        return chr(int(code, 16)) if code else _CONTROL.get(match[3], match[3])

    return _ESCAPED.sub(character, text)
