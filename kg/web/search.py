"""Search over names, headlines and events; the beginning of a word is enough."""

from collections.abc import Sequence

from flask import Blueprint, Response, abort, current_app, request

from kg.errors import IndexNotReadyError, QueryTimeoutError
from kg.folding import LONGEST
from kg.model import ENTITY_TYPES
from kg.web.articles import read_listed
from kg.web.context import current_graph, names_for, of_snapshot, page, supervisor
from kg.web.eventindex import Wanted
from kg.web.eventlist import count_found, find_events
from kg.web.nameindex import NameIndex
from kg.web.site import iris_of, list_events

MOST_EVENTS = 5
KINDS = ("Event", *ENTITY_TYPES, "Article")

blueprint = Blueprint("search", __name__)


@blueprint.get("/search")
@of_snapshot
def search() -> Response:
    """Show what the query finds, with `?kind=…` only things of that kind."""
    query, kind = request.args.get("q", "").strip()[:LONGEST], request.args.get("kind", "")
    if kind not in ("", *KINDS):
        abort(404, "There is no such kind of thing.")
    index: NameIndex = current_app.extensions["names"]
    found = index.find(query, supervisor().snapshot(), current_graph())
    events, count = _find_events(query)
    kinds = {"Event": count or 0} | {each: sum(each == other for _, other in found) for each in KINDS[1:]}
    headlines = read_listed(iri for iri, each in found if each == "Article" and kind in ("", each))
    things = [(iri, each) for iri, each in found if each != "Article" and kind in ("", each)]
    listed = list_events(events if kind in ("", "Event") else [])
    response = page(
        "search.html",
        query=query,
        kind=kind,
        kinds={each: number for each, number in kinds.items() if number},
        things=things,
        headlines=headlines,
        listed=listed,
        is_all=count is not None,
        name=names_for([*(iri for iri, _ in things), *iris_of(listed)]),
    )
    if count is None:
        response.cache_control.no_store = True
    return response


def _find_events(query: str) -> tuple[Sequence[str], int | None]:
    """Return the latest events that the words fit, and how many there are; None where that is not known yet."""
    wanted = Wanted(words=query)
    if not wanted.needs_index:
        return (), 0
    try:
        counts = count_found(wanted)
        return find_events(wanted, MOST_EVENTS), sum(sum(by_status.values()) for by_status in counts.values())
    except (IndexNotReadyError, QueryTimeoutError):
        return (), None
