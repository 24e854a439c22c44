"""The list of events, chosen by words, type, standing, country and time."""

from flask import Blueprint, Response

from kg.vocab import Minter
from kg.web.choosing import country_iri, current_snapshot, index, name_countries, read_wanted
from kg.web.context import base_iri, language, names_for, of_snapshot, page, page_number
from kg.web.listqueries import ask_for_events, link_to
from kg.web.records import EVENT_TYPES
from kg.web.site import PAGE_SIZE, iris_of, list_events

blueprint = Blueprint("eventlist", __name__)


@blueprint.get("/events")
@of_snapshot
def events() -> Response:
    """List the events that are chosen, the latest reported first."""
    wanted, number, snapshot = read_wanted(EVENT_TYPES), page_number(), current_snapshot()
    found = index().find("event", wanted, snapshot, PAGE_SIZE + 1, PAGE_SIZE * (number - 1))
    facets = index().facets("event", wanted, snapshot)
    listed = list_events([hit.iri for hit in found[:PAGE_SIZE]])
    graph = Minter(base_iri()).events_graph
    query = "" if wanted.words else ask_for_events(wanted, country_iri(wanted.country), graph, language())
    return page(
        "events.html",
        wanted=wanted,
        types=EVENT_TYPES,
        counts=facets.types,
        countries=name_countries(facets, wanted),
        listed=listed,
        name=names_for(iris_of(listed)),
        page_no=number,
        has_more=len(found) > PAGE_SIZE,
        query_link=link_to(query) if query else "",
        table_link=link_to(query, "csv") if query else "",
    )
