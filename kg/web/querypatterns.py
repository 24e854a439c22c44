"""What a query is made of, as far as it says how many rows may come: patterns, groups, unions, values, bindings.

Source: SPARQL 1.1, section 18.2.2; the parts of a group are joined by the variables that they have in common.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

Variables = frozenset[str]
"""Names of variables, with their question mark. Blank nodes are variables too (section 4.1.4)."""
NONE: Variables = frozenset()


@dataclass(frozen=True, slots=True)
class Pattern:
    """A triple pattern."""

    text: str
    variables: Variables
    graph: str = ""
    """The graph in which it is looked for, or the variable that stands for it; empty where none is named."""

    @property
    def is_single(self) -> bool:
        """Whether at most one row comes of it."""
        return not self.variables


@dataclass(frozen=True, slots=True)
class Values:
    """Rows that stand in the query itself."""

    variables: Variables
    rows: int

    @property
    def text(self) -> str:
        """What it looks like, in short."""
        return f"VALUES ({' '.join(sorted(self.variables))})"

    @property
    def is_single(self) -> bool:
        """Whether at most one row comes of it."""
        return self.rows <= 1


@dataclass(frozen=True, slots=True)
class Binding:
    """A variable whose value is made of those of others."""

    variables: Variables
    sources: Variables
    text = "BIND"
    is_single = True


@dataclass(frozen=True)
class Union:
    """Groups of which each gives rows of its own."""

    branches: "tuple[Group, ...]"
    text = "{ … } UNION { … }"
    is_single = False

    @cached_property
    def variables(self) -> Variables:
        """The variables of all branches."""
        return NONE.union(*(branch.variables for branch in self.branches))


@dataclass
class Group:
    """What stands between a pair of braces."""

    role: str = ""
    """The keyword before it: OPTIONAL, MINUS, GRAPH, SERVICE, EXISTS; SELECT for a query within; else empty."""
    parts: "list[Part]" = field(default_factory=list)
    equal: list[tuple[Variables, Variables]] = field(default_factory=list)
    """Variables on both sides of an equation that its filters demand."""
    conditions: "list[Group]" = field(default_factory=list)
    """The groups of EXISTS in its filters and expressions."""
    projected: Variables | None = None
    """The variables that a query within gives; None means all."""
    keys: Variables | None = None
    """The variables by whose values alone the rows of a query within differ: those of GROUP BY, else of DISTINCT."""
    most_rows: int | None = None
    """The most that come of a query within, if its text says so."""

    @cached_property
    def variables(self) -> Variables:
        """The variables that whatever stands around it sees (section 18.2.1)."""
        if self.projected is not None:
            return self.projected
        return NONE.union(*(part.variables for part in self.parts if not is_minus(part)))

    @property
    def text(self) -> str:
        """What it looks like, in short."""
        if self.role == "SELECT":
            return f"{{ SELECT {' '.join(sorted(self.variables)) or '*'} … }}"
        return f"{self.role} {{ … }}".strip()

    @property
    def is_single(self) -> bool:
        """Whether at most one row comes of it."""
        return self.most_rows in {0, 1} or all(part.is_single for part in self.parts if not is_minus(part))

    def walk(self) -> "Iterator[Group]":
        """Yield this group and all within; what stands within SERVICE is for another endpoint, and left out."""
        yield self
        for inner in (*self.parts, *self.conditions):
            for group in inner.branches if isinstance(inner, Union) else (inner,):
                if isinstance(group, Group) and group.role != "SERVICE":
                    yield from group.walk()


Part = Pattern | Values | Binding | Union | Group


@dataclass(frozen=True, slots=True)
class QueryParts:
    """A query that was read."""

    prologue: str
    """Its prefixes, without which its patterns cannot be read."""
    dataset: str
    """Its FROM clauses."""
    group: Group

    def patterns(self) -> list[Pattern]:
        """Return its triple patterns, each once."""
        found = (part for group in self.group.walk() for part in group.parts if isinstance(part, Pattern))
        return list(dict.fromkeys(found))


def is_minus(part: Part) -> bool:
    """Tell whether a part only takes rows away."""
    return isinstance(part, Group) and part.role == "MINUS"


def is_variable(text: str) -> bool:
    """Tell whether a term is a variable."""
    return text[:1] in {"?", "$"}


def name_variable(text: str) -> str:
    """Return a variable's name; `$x` is `?x`."""
    return f"?{text[1:]}"
