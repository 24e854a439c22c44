"""Search over the names of things and the headlines of articles; the beginning of a word is enough."""

from flask import Blueprint, Response, current_app, request

from kg.folding import LONGEST
from kg.web.articles import read_listed
from kg.web.context import current_graph, names_for, of_snapshot, page, supervisor
from kg.web.nameindex import NameIndex

blueprint = Blueprint("search", __name__)


@blueprint.get("/search")
@of_snapshot
def search() -> Response:
    """Show what the query finds."""
    query = request.args.get("q", "").strip()[:LONGEST]
    index: NameIndex = current_app.extensions["names"]
    found = index.find(query, supervisor().snapshot(), current_graph())
    headlines = read_listed(iri for iri, kind in found if kind == "Article")
    things = [(iri, kind) for iri, kind in found if kind != "Article"]
    return page(
        "search.html", query=query, things=things, headlines=headlines, name=names_for(iri for iri, _ in things)
    )
