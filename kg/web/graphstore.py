"""The SPARQL 1.1 Graph Store HTTP Protocol at /graphs.

A graph is named by `?graph=IRI`, by `?default`, or by the address itself: `/graphs/mine` is `BASE graphs/mine`. The
default graph is here the one without a name, not the union that queries see. Reading is open to all; writing takes a
token for `graphs`, and the program's own graphs can only be read.

Source: SPARQL 1.1 Graph Store HTTP Protocol, sections 4 and 5.
"""

import secrets
from typing import Literal, NamedTuple, cast
from urllib.parse import quote

from flask import Blueprint, Response, current_app, request
from pyoxigraph import NamedNode
from werkzeug.datastructures import FileStorage
from werkzeug.http import parse_options_header

from kg.jsonld import PROFILE as COMPACTED
from kg.rdf_input import FORMATS
from kg.web.answers import answer_job
from kg.web.context import base_iri, supervisor, writes
from kg.web.negotiation import GRAPHS
from kg.web.problems import ProblemError, not_acceptable
from kg.web.protocol import NAMELESS, check_coding, decode, make_too_long, parse_form, read_limited, values
from kg.web.sparql import choose
from kg.web.tokens import require
from kg.worker_jobs import Job
from kg.write_jobs import WriteGraph, encode

MULTIPART = "multipart/form-data"
READ = "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }"
_PATH = "/-._~:@!$&'()*+,;="
"""What a path may hold as it is (RFC 3986, section 3.3)."""
EXISTS = "ASK { GRAPH ?graph { } }"

blueprint = Blueprint("graphstore", __name__)


class Named(NamedTuple):
    """The graph that a request names."""

    iri: str | None
    """None for the default graph."""
    is_new: bool = False
    """Whether the request named none, so that a new one is meant."""


@blueprint.route("/graphs", methods=["GET", "PUT", "POST", "DELETE"], strict_slashes=False)
@blueprint.route("/graphs/<path:name>", methods=["GET", "PUT", "POST", "DELETE"])
def graphs(name: str = "") -> Response:
    """Read, replace, extend or remove a graph."""
    graph = _read_name(name)
    if request.method in {"GET", "HEAD"}:
        return _get(graph)
    require("graphs")
    return _write(graph)


def _read_name(name: str) -> Named:
    parameters = parse_form(request.query_string)
    named, default = values(parameters, "graph"), values(parameters, "default")
    if len(named) + len(default) + bool(name) > 1:
        raise ProblemError(
            400, "The request names several graphs.", "Name one, by ?graph=IRI, ?default or the address."
        )
    if default:
        return Named(None)
    if named or name:
        iri = named[0] if named else f"{base_iri()}graphs/{quote(name, safe=_PATH)}"
        return Named(_check_iri(iri))
    if request.method == "POST":
        return Named(f"{base_iri()}graphs/{secrets.token_hex(8)}", is_new=True)
    raise ProblemError(400, "The request names no graph.", "Name one, by ?graph=IRI, ?default or the address.")


def _check_iri(iri: str) -> str:
    try:
        return NamedNode(iri).value
    except ValueError as error:
        raise ProblemError(400, f"{iri!r} is no absolute IRI.", "Encode it once, as a part of the URL.") from error


def _get(graph: Named) -> Response:
    choice = choose(None, GRAPHS)
    if choice is None:
        raise not_acceptable(GRAPHS)
    if graph.iri is not None:
        bound = Job(EXISTS, table="csv", bindings={"graph": {"iri": graph.iri}})
        if supervisor().queries.fetch(bound)[1].strip() != b"true":
            raise ProblemError(404, f"There is no graph {graph.iri}.", "PUT it, or look at its name.")
    scope = None if graph.iri is None else (graph.iri,)
    job = Job(
        READ,
        graph=choice.format.name,
        union=False,
        default_graphs=scope,
        only_rdf_11=choice.parameters.get("version") == "1.1",
        is_compacted=choice.parameters.get("profile") == COMPACTED,
    )
    response = answer_job(job, None, choice)
    tag, _ = response.get_etag()
    response.set_etag(str(tag), weak=False)  # one that If-Match can be about: the same bytes as long as it holds
    return response


def _write(graph: Named) -> Response:
    if "Content-Range" in request.headers:  # RFC 9110, section 14.5: a part must not be taken for the whole
        raise ProblemError(400, "The request has a Content-Range.", "Send the whole graph.")
    verb = cast("Literal['PUT', 'POST', 'DELETE']", request.method)
    documents = [] if verb == "DELETE" else _read_documents()
    match = request.if_match
    job = WriteGraph(
        verb,
        graph.iri,
        documents,
        snapshots=[tag.partition(".")[0] for tag in match.as_set()] if match and not match.star_tag else None,
        create_only=graph.is_new or request.if_none_match.star_tag,
        exists_only=match.star_tag,
    )
    known = writes().run(job)["known"]
    if verb == "DELETE" and not known:
        raise ProblemError(404, f"There is no graph {graph.iri}.", "Look at its name.")
    response = Response(status=204 if known else 201)
    if graph.iri is not None and not known:
        response.headers["Location"] = graph.iri
        response.autocorrect_location_header = False
    return response


def _read_documents() -> list[tuple[str, str]]:
    """Return media type and content of the body, or of each file of a form."""
    limit = current_app.config["SETTINGS"].write_max_bytes
    if request.mimetype != MULTIPART:
        body = decode(read_limited("write_max_bytes"))
        return [(_check_type(request.mimetype), encode(body.encode()))]
    check_coding()
    if (request.content_length or 0) > limit:
        raise make_too_long("write_max_bytes", limit)
    files = [file for name in request.files for file in request.files.getlist(name)]
    if not files or request.form:
        raise ProblemError(400, "The form has to consist of files.", "Give each part a filename and a Content-Type.")
    return [(_type_of(file), encode(file.read())) for file in files]


def _type_of(file: FileStorage) -> str:
    kind, _ = parse_options_header(file.content_type)
    return _check_type(kind)


def _check_type(media_type: str) -> str:
    if media_type not in FORMATS:
        offered = ", ".join(offer.media_types[0] for offer in GRAPHS)
        raise ProblemError(415, f"{media_type or NAMELESS} is no RDF graph.", f"Send one of {offered}.")
    return media_type
