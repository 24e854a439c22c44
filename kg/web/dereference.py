"""Linked data: every IRI under the base IRI answers.

/id/… leads to the page or the data of a thing, /data/….{ttl,nt,jsonld,rdf} describes it, /graph/… leads to a named
graph. What leads to a thing may be much: of a hub each page of the data has PAGE_TRIPLES of it, and `Link` leads on.

Source: Cool URIs for the Semantic Web, section 4.2; CBD - Concise Bounded Description, W3C Member Submission.
"""

import re
from pathlib import Path
from urllib.parse import quote

from flask import Blueprint, Response, abort, current_app, redirect, request
from pyoxigraph import NamedNode

from kg.tombstones import is_buried
from kg.vocab import Minter
from kg.web.cache import mark
from kg.web.context import base_iri, current_graph, is_known, page_number, supervisor
from kg.web.graph import Term
from kg.web.linkheaders import link_description, link_pages
from kg.web.negotiation import GRAPHS, HTML, by_name, negotiate
from kg.web.problems import ProblemError, not_acceptable
from kg.web.records import read_properties

KEY = re.compile(r"[A-Za-z0-9._~-]+/[A-Za-z0-9._~/-]+")
"""What a minted IRI looks like after `BASE id/`."""
PAGE_TRIPLES = 1_000
"""Statements that lead to a thing, on one page of its data; as many as description.rq takes."""

blueprint = Blueprint("dereference", __name__)


@blueprint.get("/id/<path:key>")
def identify(key: str) -> Response:
    """Lead from a thing to what tells of it: 303 to its page or its data, by Accept."""
    choice = negotiate(request.headers.get("Accept"), (HTML, *GRAPHS))
    if choice is None:
        raise not_acceptable((HTML, *GRAPHS))
    check_exists(key)
    return _see_other(f"/page/{key}" if choice.format is HTML else f"/data/{key}.{choice.format.name}")


@blueprint.get("/graph/<path:name>")
def identify_graph(name: str) -> Response:
    """Lead from a named graph to its statements; a browser is led from that of an article to the article's page."""
    iri = f"{base_iri()}graph/{name}"
    choice = negotiate(request.headers.get("Accept"), (HTML, *GRAPHS))
    if choice is None:
        raise not_acceptable((HTML, *GRAPHS))
    if name.startswith("article/"):
        check_exists(name)
        if choice.format is HTML:
            return _see_other(f"/page/{name}")
    elif not KEY.fullmatch(f"graph/{name}") or not current_graph().select("graph-statements", limit=1, graph=iri):
        abort(404, f"There is no graph {iri}.")
    return _see_other(f"/graphs?graph={quote(iri, safe='')}")


@blueprint.get("/data/<path:key>.<ending>")
def data(key: str, ending: str) -> Response:
    """Give the description of a thing as RDF."""
    choice = by_name(ending, GRAPHS)
    if choice is None:
        raise ProblemError(404, f"There is no format {ending!r}.", "Use .ttl, .nt, .jsonld or .rdf.")
    iri, snapshot, number = check_exists(key), supervisor().snapshot(), page_number()
    is_article = key.startswith("article/")
    has_more = not is_article and _has_inverse(iri, number * PAGE_TRIPLES)
    if number > 1 and (is_article or not _has_inverse(iri, (number - 1) * PAGE_TRIPLES)):
        abort(404, f"The description of {iri} has fewer than {number} pages.")
    tag = f"{snapshot}.{ending}.{current_app.config['BUILD']}"
    if is_known(tag):
        response = Response(status=304)
    else:
        response = Response(_describe(key, ending, number), content_type=choice.content_type)
        mark(snapshot)
    link_description(response, key, choice)
    link_pages(response, number, has_more=has_more)
    response.set_etag(tag, weak=True)
    response.headers["Cache-Control"] = "no-cache"
    return response


def check_exists(key: str) -> str:
    """Return the IRI of the thing with this key.

    Raises:
        NotFound: the graph says nothing about it.
        HTTPException: it is an event that is part of another one by now, to which the answer leads.
        ProblemError: 410, it was an article that was removed, or what only such an article said.
    """
    iri = f"{base_iri()}id/{key}"
    if not KEY.fullmatch(key):
        abort(404, f"The graph says nothing about {iri}.")
    if not current_graph().select("properties", limit=1, this=iri):
        if key.startswith("event/") and (other := _event_of_claim(key)):
            abort(redirect(request.path.replace(key, other), 307))
        location = supervisor().store_path
        if isinstance(location, Path) and is_buried(location, key):
            raise ProblemError(410, f"{iri} was removed with its article.", "Drop it from your data.", "removed")
        abort(404, f"The graph says nothing about {iri}.")
    return iri


def read_thing(key: str) -> tuple[str, dict[str, list[Term]]]:
    """Return the IRI of the thing with this key and the statements about it, as `read_properties` gives them.

    Raises:
        NotFound, HTTPException, ProblemError: as `check_exists`.
    """
    iri = f"{base_iri()}id/{key}"
    if KEY.fullmatch(key) and (values := read_properties(current_graph(), [iri])):
        return iri, values[iri]
    return check_exists(key), {}


def _event_of_claim(key: str) -> str:
    """Return the key of the event that the claim is about which an event was named after; empty if there is none."""
    base = f"{base_iri()}id/"
    claim = Minter(base_iri()).claim_of_event(NamedNode(base + key)).value
    about = read_properties(current_graph(), [claim]).get(claim, {}).get("about", [])
    return next((event.value.removeprefix(base) for event in about), "")


def _see_other(target: str) -> Response:
    response = redirect(target, 303)
    response.vary.add("Accept")
    return response  # type: ignore[return-value]  # Flask's redirect gives a Flask response


def _has_inverse(iri: str, offset: int) -> bool:
    """Tell whether more than `offset` statements lead to a thing."""
    return bool(current_graph().select("inverse", limit=1, offset=offset, this=iri))


def _describe(key: str, format_name: str, number: int) -> bytes:
    """Return the graph of an article, or a page of the description of anything else."""
    graph = current_graph()
    if key.startswith("article/"):
        return graph.construct("article-graph", format_name, graph=f"{base_iri()}graph/{key}")
    offset = (number - 1) * PAGE_TRIPLES
    return graph.construct("description", format_name, offset=offset, this=f"{base_iri()}id/{key}")
