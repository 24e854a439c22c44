"""JSON-LD in its compacted form: short names for properties and classes, one context of prefixes at the top.

Written as the triples come, so that a large graph takes no memory: triples of one subject that follow on one another
make one node object. The engine's own JSON-LD is the expanded form.

Source: JSON-LD 1.1, sections 4.1.5 (compact IRIs), 4.2.4 (typed values) and 5.3 (compacted document form).
"""

import json
from collections.abc import Iterable, Mapping
from itertools import groupby
from typing import IO, Any, Final

import pyoxigraph as ox

from kg.vocab import RDF_TYPE, XSD

PROFILE: Final = "http://www.w3.org/ns/json-ld#compacted"
_SCHEMES: Final = frozenset({"geo", "http", "https", "urn", "mailto", "tel", "data", "file"})
"""No prefix may be called like these: `geo:48.2,16.3` is an IRI as it is (RFC 5870)."""
_STRING: Final = XSD.term("string")


class NoCompactFormError(Exception):
    """A term that the compacted form cannot hold."""


def write_compacted(triples: Iterable[ox.Triple], output: IO[bytes], prefixes: Mapping[str, str]) -> None:
    """Write triples.

    Args:
        triples: best sorted by subject.
        output: what is written to.
        prefixes: prefix to namespace.

    Raises:
        NoCompactFormError: an IRI looks like one with a prefix, or a term is a triple.
    """
    compactor = _Compactor({name: iri for name, iri in prefixes.items() if name not in _SCHEMES})
    output.write(f'{{"@context":{_dump(compactor.prefixes)},"@graph":['.encode())
    separator = ""
    for subject, group in groupby(triples, key=lambda triple: triple.subject):
        output.write(f"{separator}\n{_dump(compactor.make_node(subject, group))}".encode())
        separator = ","
    output.write(b"\n]}\n")


class _Compactor:
    """Knows the prefixes."""

    def __init__(self, prefixes: Mapping[str, str]) -> None:
        self.prefixes = prefixes

    def make_node(
        self, subject: ox.NamedNode | ox.BlankNode | ox.Triple, triples: Iterable[ox.Triple]
    ) -> dict[str, Any]:
        """Return the node object of some triples with one subject."""
        values: dict[str, list[Any]] = {}
        for triple in triples:
            if triple.predicate == RDF_TYPE and not isinstance(triple.object, ox.Literal):
                values.setdefault("@type", []).append(self._name(triple.object))
            else:
                values.setdefault(self._name(triple.predicate), []).append(self._value(triple.object))
        single = {name: found[0] if len(found) == 1 else found for name, found in values.items()}
        return {"@id": self._name(subject), **single}

    def _value(self, term: ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple) -> str | dict[str, str]:
        if not isinstance(term, ox.Literal):
            return {"@id": self._name(term)}
        if term.language is not None:
            return {"@language": term.language, "@value": term.value}
        if term.datatype == _STRING:
            return term.value
        return {"@type": self._name(term.datatype), "@value": term.value}

    def _name(self, term: ox.NamedNode | ox.BlankNode | ox.Triple) -> str:
        if isinstance(term, ox.Triple):
            raise NoCompactFormError("a triple term")
        if isinstance(term, ox.BlankNode):
            return f"_:{term.value}"
        for prefix, namespace in self.prefixes.items():
            local = term.value.removeprefix(namespace)
            if local != term.value and not local.startswith("//"):
                return f"{prefix}:{local}"
        scheme, _, rest = term.value.partition(":")
        if scheme in self.prefixes and not rest.startswith("//"):
            raise NoCompactFormError(f"the IRI {term.value}")
        return term.value


def _dump(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
