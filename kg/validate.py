"""The graph against the shapes of the ontology, and every span against the text that it is cut from."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache

import pyoxigraph as ox
import rdflib
from pyshacl import validate as shacl_validate
from rdflib.namespace import SH

from kg.errors import DataError
from kg.resources import resource
from kg.vocab import LB, NIF, PROV, RDF_TYPE, prefix_map

_BATCH = 20
"""Articles that are validated together: enough to spread the cost of a run, few enough to keep the graph small."""

_SPAN = tuple(NIF.term(name) for name in ("referenceContext", "beginIndex", "endIndex", "anchorOf"))

_FROM_OTHERS = frozenset({RDF_TYPE, LB.term("about"), PROV.term("wasInvalidatedBy")})
"""Properties of things in a graph that other graphs may hold."""


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """Something in the graph that should not be so."""

    focus: str
    """IRI of what is wrong."""
    path: str
    """The property at fault, as a prefixed name; empty where the thing as a whole is."""
    value: str
    message: str

    def __str__(self) -> str:
        place = f"{self.focus} {self.path}".rstrip()
        return f"{place}: {self.message}" + (f" (found: {self.value})" if self.value else "")


@dataclass(frozen=True, slots=True)
class Report:
    """What a validation found."""

    findings: tuple[Finding, ...]
    """Sorted by what is wrong."""
    graphs: int
    """Number of named graphs that were looked at."""

    @property
    def conforms(self) -> bool:
        """Whether nothing was found."""
        return not self.findings


def validate(quads: Iterable[ox.Quad]) -> Report:
    """Validate a whole dataset.

    Articles are validated a few at a time, each with what other graphs say of the things in it, so that time grows with
    the number of articles only.

    Args:
        quads: all named graphs: articles, entities, events.

    Returns:
        The findings of the SHACL shapes in `ontology/shapes.ttl`, and those spans whose `nif:anchorOf` is not the text
        at their offsets.

    Raises:
        DataError: the shapes cannot be applied.
    """
    graphs: dict[str, list[ox.Quad]] = {}
    for quad in quads:
        graphs.setdefault(quad.graph_name.value if isinstance(quad.graph_name, ox.NamedNode) else "", []).append(quad)
    context = _context(quad for graph in graphs.values() for quad in graph)
    findings: set[Finding] = set()
    names = sorted(graphs)
    for start in range(0, len(names), _BATCH):
        part = [quad for name in names[start : start + _BATCH] for quad in graphs[name]]
        findings.update(_check_spans(part), _check_shapes(part, context))
    return Report(tuple(sorted(findings)), len(graphs))


def _context(quads: Iterable[ox.Quad]) -> Mapping[str, list[ox.Quad]]:
    """Return what other graphs have to say of a thing: its classes, the event that a claim is about, its rejection.

    An entity that a correction has merged into another, which what was read still refers to, is of the other's classes.
    """
    found: dict[str, list[ox.Quad]] = {}
    merged: dict[str, str] = {}
    for quad in quads:
        if quad.predicate in _FROM_OTHERS and isinstance(quad.subject, ox.NamedNode):
            found.setdefault(quad.subject.value, []).append(quad)
        elif quad.predicate == LB.term("mergedInto"):
            merged[_value(quad.subject)] = _value(quad.object)
    for entity, other in merged.items():
        node = ox.NamedNode(entity)
        found[entity] = [ox.Quad(node, RDF_TYPE, quad.object, quad.graph_name) for quad in found.get(other, ())]
    return found


def _check_spans(quads: Iterable[ox.Quad]) -> Iterator[Finding]:
    texts: dict[str, str] = {}
    spans: dict[str, dict[ox.NamedNode, str]] = {}
    for quad in quads:
        if quad.predicate == NIF.term("isString"):
            texts[_value(quad.subject)] = _value(quad.object)
        elif quad.predicate in _SPAN:
            spans.setdefault(_value(quad.subject), {})[quad.predicate] = _value(quad.object)
    for iri, span in sorted(spans.items()):
        article, begin, end, anchor = (span.get(name, "") for name in _SPAN)
        if begin.isdigit() and end.isdigit():
            found = texts.get(article, "")[int(begin) : int(end)]
            if found != anchor:
                yield Finding(iri, "nif:anchorOf", anchor, f"the article's text there is {found!r}")


def _check_shapes(quads: list[ox.Quad], context: Mapping[str, list[ox.Quad]]) -> Iterator[Finding]:
    data = rdflib.Graph()
    named = {node.value for quad in quads for node in (quad.subject, quad.object) if isinstance(node, ox.NamedNode)}
    for quad in [*quads, *(known for iri in sorted(named & context.keys()) for known in context[iri])]:
        data.add((_term(quad.subject), _term(quad.predicate), _term(quad.object)))
    described = {_value(quad.subject) for quad in quads if quad.predicate == RDF_TYPE}
    _, report, _ = shacl_validate(data, shacl_graph=_shapes(), advanced=True, inference="none")
    if not isinstance(report, rdflib.Graph):
        raise DataError(f"The shapes cannot be applied: {report}.", "Mend ontology/shapes.ttl.")
    for result in report.objects(None, SH.result):
        focus = str(report.value(result, SH.focusNode))
        if focus in described:  # of the others only the context is here
            yield Finding(
                focus,
                path=_short(report.value(result, SH.resultPath)),
                value=_short(report.value(result, SH.value)),
                message=str(report.value(result, SH.resultMessage)),
            )


@cache
def _shapes() -> rdflib.Graph:
    return rdflib.Graph().parse(resource("ontology/shapes.ttl"))


def _value(term: object) -> str:
    return term.value if isinstance(term, ox.NamedNode | ox.BlankNode | ox.Literal) else str(term)


def _term(term: object) -> rdflib.term.Node:
    if isinstance(term, ox.Literal):
        if term.language:
            return rdflib.Literal(term.value, lang=term.language)
        return rdflib.Literal(term.value, datatype=rdflib.URIRef(term.datatype.value))
    return rdflib.URIRef(_value(term)) if isinstance(term, ox.NamedNode) else rdflib.BNode(_value(term))


def _short(term: object) -> str:
    """Return a prefixed name for a term of a known vocabulary, other terms as they are."""
    if term is None:
        return ""
    for prefix, namespace in prefix_map().items():
        if str(term).startswith(namespace):
            return f"{prefix}:{str(term).removeprefix(namespace)}"
    return str(term)
