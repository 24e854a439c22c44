"""A query's text read into its parts, by the grammar of SPARQL 1.1 (section 19.8) and the triple terms of SPARQL 1.2.

The engine has the last word on what is a query; this reads what the engine has accepted.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Final

from kg.errors import QueryError
from kg.sparql_tokens import CLOSING, OPENING, Token, tokenize, unreadable
from kg.web.equations import find_equations, list_variables
from kg.web.querypatterns import Binding, Group, QueryParts, Union, Values, name_variable
from kg.web.querytriples import TripleReader

MOST_DEPTH: Final = 100
"""Brackets within each other; this recurses on them."""
_FORMS: Final = ("SELECT", "ASK", "CONSTRUCT", "DESCRIBE")
_AGGREGATES: Final = frozenset({"COUNT", "SUM", "MIN", "MAX", "AVG", "SAMPLE", "GROUP_CONCAT"})
_MODIFIERS: Final = frozenset({"BY", "HAVING", "ORDER", "ASC", "DESC", "LIMIT", "OFFSET"})


def read_query(text: str) -> QueryParts:
    """Read a query.

    Raises:
        QueryError: it is none that this reads, or nests too deeply.
    """
    tokens = list(tokenize(text))
    _check_depth(tokens)
    return _Reader(text, tokens).read()


def _check_depth(tokens: Iterable[Token]) -> None:
    depth = 0
    for token in tokens:
        if token.kind == "sign":
            depth += (token.text in OPENING) - (token.text in CLOSING)
        if depth > MOST_DEPTH:
            raise QueryError(f"A query that nests deeper than {MOST_DEPTH} brackets is not explained.", "Nest less.")


class _Reader(TripleReader):
    def __init__(self, text: str, tokens: Sequence[Token]) -> None:
        super().__init__(tokens)
        self._text = text
        self._clauses: Mapping[str, Callable[[Group], None]] = {
            "OPTIONAL": self._read_inner,
            "LATERAL": self._read_inner,
            "MINUS": self._read_inner,
            "GRAPH": self._read_graph,
            "SERVICE": self._read_service,
            "FILTER": self._read_filter,
            "BIND": self._read_bind,
            "VALUES": self._read_values,
        }

    def read(self) -> QueryParts:
        """Read the whole query."""
        while self._peek_word() in {"BASE", "PREFIX", "VERSION"}:
            while self._cursor.take().kind not in {"iri", "string"}:
                pass
        start = self._cursor.peek()
        prologue = self._text[: start.begin] if start else ""
        group = Group()
        form = self._cursor.take().word
        if form not in _FORMS:
            raise unreadable(f"{' or '.join(_FORMS)} is expected", "query")
        if form == "SELECT":
            self._read_projection(group)
        elif form == "CONSTRUCT" and self._peek_text() == "{":
            self._skip_braces()
        elif form == "DESCRIBE":
            while self._peek_kind() in {"variable", "iri", "name"} or self._peek_text() == "*":
                self._cursor.take()
        dataset = self._read_dataset()
        self._cursor.skip("WHERE")
        if self._peek_text() == "{" or form != "DESCRIBE":
            self._read_braces(group)
        self._read_modifiers(group)
        if left := self._cursor.peek():
            raise unreadable(f"{left.text!r} follows on its end", "query")
        return QueryParts(prologue, dataset, group)

    # Around groups.

    def _read_dataset(self) -> str:
        clauses = ""
        while self._cursor.skip("FROM"):
            named = self._cursor.skip("NAMED")
            clauses += f" FROM{named} {self._cursor.take().text}"
        return clauses

    def _read_projection(self, group: Group) -> None:
        """Read what stands between SELECT and its group."""
        names, has_aggregates, is_all = set[str](), False, False
        is_distinct = bool(self._cursor.skip("DISTINCT"))
        self._cursor.skip("REDUCED")
        while (token := self._cursor.peek()) and (token.kind == "variable" or token.text in {"*", "("}):
            if token.text == "(":
                expression, variable = self._read_alias(group)
                names.add(variable)
                has_aggregates = has_aggregates or any(each.word in _AGGREGATES for each in expression)
            else:
                is_all = is_all or token.text == "*"
                names.add(name_variable(self._cursor.take().text))
        if not (names or is_all):
            raise unreadable("SELECT names no variables", "query")
        group.projected = None if is_all else frozenset(names)
        group.keys = group.projected if is_distinct else None
        group.most_rows = 1 if has_aggregates else None

    def _read_modifiers(self, group: Group) -> None:
        """Read what follows on a group: GROUP BY and the like, and VALUES."""
        if self._cursor.skip("GROUP"):
            self._cursor.expect("BY")
            self._read_keys(group)
        while token := self._cursor.peek():
            if token.word == "VALUES":
                self._cursor.take()
                self._read_values(group)
            elif token.text == "(":
                self._read_brackets(group)
            elif token.word == "LIMIT":
                self._cursor.take()
                most = int(self._cursor.take_kind("number"))
                group.most_rows = most if group.most_rows is None else min(group.most_rows, most)
            elif token.word in _MODIFIERS or token.kind in {"variable", "number"}:
                self._cursor.take()
            elif token.kind in {"word", "name", "iri"}:
                self._read_constraint(group)
            else:
                break

    def _read_keys(self, group: Group) -> None:
        """Read by what a query groups its rows; a call or an expression has no more values than its variables."""
        keys = set[str]()
        while (token := self._cursor.peek()) and not (token.word in _MODIFIERS or token.word == "VALUES"):
            if token.kind == "variable":
                keys.add(name_variable(self._cursor.take().text))
            elif token.text == "(":
                keys |= list_variables(_leave_out_name(self._read_brackets(group)))
            elif token.kind in {"word", "name", "iri"}:
                keys |= list_variables(self._read_constraint(group))
            else:
                break
        group.keys, group.most_rows = frozenset(keys), None

    def _skip_braces(self) -> None:
        depth = 0
        while True:
            text = self._cursor.take().text
            depth += (text in OPENING) - (text in CLOSING)
            if not depth:
                return

    # Groups.

    def _read_group(self, role: str = "") -> Group:
        group = Group(role)
        self._read_braces(group)
        match group:
            case Group(role="", parts=[Group(role="SELECT") as query], equal=[], conditions=[]):
                return query
        return group

    def _read_braces(self, group: Group) -> None:
        """Read what stands between braces into a group."""
        self._cursor.expect("{")
        if self._cursor.skip("SELECT"):
            query = Group("SELECT")
            self._read_projection(query)
            self._cursor.skip("WHERE")
            self._read_braces(query)
            self._read_modifiers(query)
            group.parts.append(query)
        while self._peek_text() != "}":
            self._read_part(group)
        self._cursor.expect("}")

    def _read_part(self, group: Group) -> None:
        read = self._clauses.get(self._peek_word())
        if read is not None:
            read(group)
        elif self._peek_text() == "{":
            branches = [self._read_group()]
            while self._cursor.skip("UNION"):
                branches.append(self._read_group())
            group.parts.append(Union(tuple(branches)) if len(branches) > 1 else branches[0])
        elif self._peek_text() == ".":
            self._cursor.take()
        else:
            self._read_properties(self._read_node(group), group)

    def _read_inner(self, group: Group) -> None:
        group.parts.append(self._read_group(self._cursor.take().word))

    def _read_graph(self, group: Group) -> None:
        self._cursor.take()
        before, self._graph = self._graph, self._read_node(group).text
        group.parts.append(self._read_group("GRAPH"))
        self._graph = before

    def _read_service(self, group: Group) -> None:
        self._cursor.take()
        self._cursor.skip("SILENT")
        self._read_node(group)
        before, self._graph = self._graph, ""
        group.parts.append(self._read_group("SERVICE"))
        self._graph = before

    def _read_filter(self, group: Group) -> None:
        self._cursor.take()
        group.equal.extend(find_equations(self._read_constraint(group)))

    def _read_bind(self, group: Group) -> None:
        self._cursor.take()
        expression, variable = self._read_alias(group)
        group.parts.append(Binding(frozenset({variable}), list_variables(expression)))

    def _read_values(self, group: Group) -> None:
        self._cursor.skip("VALUES")
        variables, rows = list[str](), 0
        is_wide = self._peek_text() == "("
        if is_wide:
            self._cursor.take()
        while self._peek_kind() == "variable":
            variables.append(name_variable(self._cursor.take().text))
        if is_wide:
            self._cursor.expect(")")
        self._cursor.expect("{")
        while self._peek_text() != "}":
            self._read_node(group)  # a row of several values looks like a collection
            rows += 1
        self._cursor.expect("}")
        group.parts.append(Values(frozenset(variables), rows))

    # Expressions.

    def _read_constraint(self, group: Group) -> list[Token]:
        """Read an expression that is in brackets, or calls a function."""
        tokens = list[Token]()
        while self._peek_text() != "(":
            token = self._cursor.take()
            if token.word == "EXISTS":
                group.conditions.append(self._read_group("EXISTS"))
                return tokens
            tokens.append(token)
        return [*tokens, *self._read_brackets(group, keeps=True)]

    def _read_alias(self, group: Group) -> tuple[list[Token], str]:
        """Read an expression in brackets with the variable that it is for."""
        tokens = self._read_brackets(group)
        if len(tokens) < 3 or tokens[-2].word != "AS":
            raise unreadable("an expression lacks AS and a variable", "query")
        return tokens[:-2], name_variable(tokens[-1].text)

    def _read_brackets(self, group: Group, *, keeps: bool = False) -> list[Token]:
        """Read an expression in brackets; return what stands in them, with them if they are to be kept."""
        tokens, depth = [self._cursor.take()], 1
        while depth:
            token = self._cursor.take()
            depth += (token.text == "(") - (token.text == ")")
            if token.word == "EXISTS":
                group.conditions.append(self._read_group("EXISTS"))
            tokens.append(token)
        return tokens if keeps else tokens[1:-1]


def _leave_out_name(tokens: Sequence[Token]) -> Sequence[Token]:
    """Return an expression without the variable that it is for, if it has one."""
    return tokens[:-2] if len(tokens) > 2 and tokens[-2].word == "AS" else tokens
