"""The ontology at /ontology: a page for people, RDF for programs."""

from collections import defaultdict

from flask import Blueprint, Response, request

from kg.web.context import in_formats_of_snapshot, page
from kg.web.negotiation import GRAPHS, HTML, by_name, negotiate
from kg.web.problems import ProblemError, not_acceptable
from kg.web.terms import KINDS, load_terms, serialize_ontology
from kg.worker_answers import GRAPHS as RDF_FORMATS

blueprint = Blueprint("ontology", __name__)


@blueprint.get("/ontology")
@in_formats_of_snapshot
def ontology() -> Response:
    """Show or give the terms of the ontology, by Accept."""
    choice = negotiate(request.headers.get("Accept"), (HTML, *GRAPHS))
    if choice is None:
        raise not_acceptable((HTML, *GRAPHS))
    if choice.format is not HTML:
        return Response(serialize_ontology(RDF_FORMATS[choice.format.name]), content_type=choice.content_type)
    by_kind = defaultdict(list)
    for term in load_terms().values():
        by_kind[term.kind].append(term)
    return page("ontology.html", kinds=[(kind, by_kind[kind]) for kind in KINDS if by_kind[kind]])


@blueprint.get("/ontology.<ending>")
def download(ending: str) -> Response:
    """Give the ontology as a file."""
    choice = by_name(ending, GRAPHS)
    if choice is None:
        raise ProblemError(404, f"There is no format {ending!r}.", "Use .ttl, .nt, .jsonld or .rdf.")
    return Response(serialize_ontology(RDF_FORMATS[ending]), content_type=choice.media_type)
