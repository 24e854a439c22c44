"""Triple Pattern Fragments at /fragments: all triples that fit one pattern, page by page, with how many there are.

Little to ask of the server, all to a client: it joins the fragments itself. Each page has its data, the number of all
data, and Hydra controls that lead on. Where a format has room for it, the data is in the default graph and the rest in
a graph of its own; in the others both are in one.

Source: https://linkeddatafragments.org/specification/triple-pattern-fragments/; Hydra Core Vocabulary.
"""

import json
import re
from collections.abc import Iterator, Mapping
from typing import cast
from urllib.parse import urlencode

from flask import Blueprint, Response, abort, request
from pyoxigraph import (
    DefaultGraph,
    Literal,
    NamedNode,
    Quad,
    RdfFormat,
    Triple,
    parse,
    serialize,
)

from kg.vocab import DCTERMS, DESCRIPTIVE, FOAF, HYDRA, RDF, RDF_TYPE, VOID, XSD, prefix_map
from kg.web.context import base_iri, in_formats_of_snapshot, supervisor
from kg.web.linkheaders import link_pages
from kg.web.negotiation import GRAPHS, VERSIONS, Format, negotiate
from kg.web.problems import ProblemError, not_acceptable
from kg.worker_answers import GRAPHS as RDF_FORMATS
from kg.worker_jobs import Job

SIZE = 100
"""Triples on one page."""
MOST_COUNTED = 100_000
"""Triples after which counting ends: for a client that has to choose where to begin, more is the same."""
DATASETS = (
    Format("trig", "TriG", ("application/trig",), is_text=True, parameters=VERSIONS),
    Format("nq", "N-Quads", ("application/n-quads",), is_text=True, parameters=VERSIONS),
)
"""Formats that keep the data and what is said about it apart."""
FORMATS = {**RDF_FORMATS, "trig": RdfFormat.TRIG, "nq": RdfFormat.N_QUADS}
PARTS = ("subject", "predicate", "object")
_LITERAL = re.compile(r'"(.*)"(?:@([A-Za-z0-9-]+)|\^\^<?([^<>]+)>?)?', re.DOTALL)
_PAGE = re.compile(r"[1-9][0-9]{0,7}")

Term = NamedNode | Literal
Pattern = Mapping[str, Term | None]
"""Part to the term that is asked for; None: any."""

blueprint = Blueprint("fragments", __name__)


@blueprint.get("/fragments")
@in_formats_of_snapshot
def fragments() -> Response:
    """Give a page of the triples that fit a pattern."""
    choice = negotiate(request.headers.get("Accept"), (*GRAPHS, *DATASETS))
    if choice is None:
        raise not_acceptable((*GRAPHS, *DATASETS))
    pattern, number = read_pattern(), _read_page()
    found = _find(pattern, number)
    if number > 1 and not found:
        abort(404, f"The fragment has fewer than {number} pages.")
    has_more = len(found) > SIZE
    controls = _describe(pattern, number, count=_count(pattern), has_more=has_more)
    keeps_apart = choice.format in DATASETS
    graph = NamedNode(f"{_address(pattern, number)}#metadata") if keeps_apart else DefaultGraph()
    quads = [_place(triple, DefaultGraph()) for triple in found[:SIZE]] + [_place(triple, graph) for triple in controls]
    if isinstance(graph, NamedNode):
        quads.append(Quad(graph, FOAF.term("primaryTopic"), NamedNode(_address(pattern, number)), graph))
    response = Response(
        _write(quads, FORMATS[choice.format.name], keeps_apart=keeps_apart), content_type=choice.content_type
    )
    link_pages(response, number, has_more=has_more)
    return response


def read_pattern() -> Pattern:
    """Return the pattern that the request asks for.

    Raises:
        ProblemError: 400, a part of it is no term, or none that can stand there.
    """
    pattern = {part: _read_term(part, request.args.get(part, "")) for part in PARTS}
    for part in PARTS[:2]:
        if isinstance(pattern[part], Literal):
            raise ProblemError(400, f"The {part} is a literal.", "Give an IRI, or leave it out.")
    return pattern


def _read_term(part: str, raw: str) -> Term | None:
    if not raw or raw.startswith("?"):
        return None
    try:
        if match := _LITERAL.fullmatch(raw):
            value, tag, datatype = match.groups()
            return Literal(value, language=tag, datatype=NamedNode(datatype) if datatype else None)
        return NamedNode(raw[1:-1] if raw.startswith("<") and raw.endswith(">") else raw)
    except ValueError as error:
        remedy = 'Give an IRI, or a literal such as "Mali"@de or "5"^^http://www.w3.org/2001/XMLSchema#integer.'
        raise ProblemError(400, f"The {part} {raw!r} is no term.", remedy) from error


def _read_page() -> int:
    raw = request.args.get("page", "1")
    if not _PAGE.fullmatch(raw):
        raise ProblemError(400, f"{raw!r} is no page.", "Follow the links from the first page.")
    return int(raw)


def _as_sparql(pattern: Pattern) -> str:
    """Return the pattern in SPARQL; a term's own text is escaped as N-Triples are, which SPARQL reads."""
    return " ".join(f"?{part}" if term is None else str(term) for part, term in pattern.items())


def _find(pattern: Pattern, number: int) -> list[Triple]:
    """Return the triples of a page, in the order of the database, and one more if there is one.

    Distinct, since what several articles state stands in several graphs.
    """
    text = _as_sparql(pattern)
    inner = f"SELECT DISTINCT * WHERE {{ {text} }} LIMIT {SIZE + 1} OFFSET {SIZE * (number - 1)}"
    query = f"CONSTRUCT {{ {text} }} WHERE {{ {{ {inner} }} }}"
    _, body = supervisor().queries.fetch(Job(query, table=None, graph="nt"))
    return [quad.triple for quad in parse(body, format=RdfFormat.N_TRIPLES)]


def _count(pattern: Pattern) -> int:
    """Return how many triples fit, up to MOST_COUNTED."""
    inner = f"SELECT DISTINCT * WHERE {{ {_as_sparql(pattern)} }} LIMIT {MOST_COUNTED}"
    _, body = supervisor().queries.fetch(Job(f"SELECT (COUNT(*) AS ?count) WHERE {{ {{ {inner} }} }}"))
    return int(json.loads(body)["results"]["bindings"][0]["count"]["value"])


def _address(pattern: Pattern, number: int = 0) -> str:
    """Return the address of a fragment, or of a page of it."""
    values = {part: _write_term(term) for part, term in pattern.items() if term is not None}
    query = urlencode(values | ({"page": str(number)} if number > 1 else {}))
    return f"{base_iri()}fragments" + (f"?{query}" if query else "")


def _write_term(term: Term) -> str:
    if isinstance(term, NamedNode):
        return term.value
    if term.language:
        return f'"{term.value}"@{term.language}'
    return f'"{term.value}"' if term.datatype == XSD.term("string") else f'"{term.value}"^^{term.datatype.value}'


def _describe(pattern: Pattern, number: int, *, count: int, has_more: bool) -> Iterator[Triple]:
    """Yield what a page says of itself: how much there is, where it goes on, and how to ask for another fragment."""
    dataset, fragment = NamedNode(f"{base_iri()}.well-known/void#dataset"), NamedNode(_address(pattern))
    here = NamedNode(_address(pattern, number))
    yield from _describe_search(dataset)
    yield Triple(dataset, VOID.term("subset"), fragment)
    yield Triple(fragment, RDF_TYPE, HYDRA.term("Collection"))
    yield Triple(fragment, HYDRA.term("view"), here)
    yield Triple(here, RDF_TYPE, HYDRA.term("PartialCollectionView"))
    yield Triple(here, DCTERMS.term("source"), dataset)
    yield Triple(here, HYDRA.term("itemsPerPage"), _integer(SIZE))
    for subject in dict.fromkeys((fragment, here)):
        yield Triple(subject, HYDRA.term("totalItems"), _integer(count))
        yield Triple(subject, VOID.term("triples"), _integer(count))
    pages = {"first": 1} | ({"previous": number - 1} if number > 1 else {}) | ({"next": number + 1} if has_more else {})
    for relation, page in pages.items():
        yield Triple(here, HYDRA.term(relation), NamedNode(_address(pattern, page)))


def _describe_search(dataset: NamedNode) -> Iterator[Triple]:
    """Yield the form by which any fragment is asked for."""
    form = NamedNode(f"{base_iri()}fragments#form")
    yield Triple(dataset, RDF_TYPE, HYDRA.term("Collection"))
    yield Triple(dataset, RDF_TYPE, VOID.term("Dataset"))
    yield Triple(dataset, HYDRA.term("search"), form)
    yield Triple(form, HYDRA.term("template"), Literal(f"{base_iri()}fragments{{?{','.join(PARTS)}}}"))
    yield Triple(form, HYDRA.term("variableRepresentation"), HYDRA.term("ExplicitRepresentation"))
    for part in PARTS:
        mapping = NamedNode(f"{form.value}-{part}")
        yield Triple(form, HYDRA.term("mapping"), mapping)
        yield Triple(mapping, HYDRA.term("variable"), Literal(part))
        yield Triple(mapping, HYDRA.term("property"), RDF.term(part))


def _place(triple: Triple, graph: NamedNode | DefaultGraph) -> Quad:
    return Quad(triple.subject, triple.predicate, triple.object, graph)


def _write(quads: list[Quad], rdf_format: RdfFormat, *, keeps_apart: bool) -> bytes:
    """Serialise a page, the same bytes every time."""
    prefixes = prefix_map() | {namespace.prefix: namespace.iri for namespace in DESCRIPTIVE}
    if keeps_apart:
        written = serialize(sorted(quads, key=str), format=rdf_format, prefixes=prefixes)
    else:
        written = serialize(sorted({quad.triple for quad in quads}, key=str), format=rdf_format, prefixes=prefixes)
    return cast("bytes", written)  # as it is where no file is given


def _integer(number: int) -> Literal:
    return Literal(str(number), datatype=XSD.term("integer"))
