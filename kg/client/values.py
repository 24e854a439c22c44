"""Terms of RDF as values of Python, and rows of them."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from datetime import date, datetime
from typing import Final

import pyoxigraph as ox

from kg.vocab import XSD

Row = dict[str, object]

_INTEGERS: Final = (
    *("integer", "int", "long", "short", "byte", "nonNegativeInteger", "positiveInteger", "nonPositiveInteger"),
    *("negativeInteger", "unsignedInt", "unsignedLong", "unsignedShort", "unsignedByte"),
)
_READ: Final[Mapping[str, Callable[[str], object]]] = {
    **{XSD.iri + name: int for name in _INTEGERS},
    **{XSD.iri + name: float for name in ("decimal", "double", "float")},
    XSD.iri + "boolean": {"true": True, "1": True, "false": False, "0": False}.__getitem__,
    XSD.iri + "date": date.fromisoformat,
    XSD.iri + "dateTime": datetime.fromisoformat,
}


class Rows(list[Row]):
    """Rows with the names of their columns, which an empty list of rows has too."""

    def __init__(self, columns: Iterable[str], rows: Iterable[Row] = ()) -> None:
        super().__init__(rows)
        self.columns: Sequence[str] = tuple(columns)


def to_value(term: ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple | None) -> object:
    """Return a term as a value: numbers, days and truth as such, IRIs and all else as text; None for none.

    A literal whose text does not fit its type is text.
    """
    if term is None or isinstance(term, ox.Triple):
        return None if term is None else str(term)
    if isinstance(term, ox.Literal):
        with suppress(ValueError, KeyError):
            return _READ.get(term.datatype.value, str)(term.value)
    return str(term) if isinstance(term, ox.BlankNode) else term.value
