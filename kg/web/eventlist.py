"""The list of events, chosen by words, type, standing, country and time."""

import re
from collections.abc import Mapping
from datetime import date

from flask import Blueprint, Response, abort, current_app, request

from kg.folding import LONGEST
from kg.model import STATUSES
from kg.web.context import base_iri, current_graph, language, names_for, of_snapshot, page, page_number, supervisor
from kg.web.eventindex import EventIndex, Wanted
from kg.web.graph import Graph
from kg.web.listqueries import ask_for_events, link_to
from kg.web.records import EVENT_TYPES
from kg.web.site import PAGE_SIZE, count_events, iris_of, latest_events, list_events, read_once

blueprint = Blueprint("eventlist", __name__)


@blueprint.get("/events")
@of_snapshot
def events() -> Response:
    """List the events that are chosen, the latest reported first."""
    graph = current_graph()
    wanted = read_wanted()
    number = page_number()
    found = find_events(wanted, PAGE_SIZE + 1, PAGE_SIZE * (number - 1))
    listed = list_events(found[:PAGE_SIZE])
    countries = [term.value for term in read_once("countries")]
    name = names_for([*iris_of(listed), *countries])
    query = "" if wanted.words else ask_for_events(wanted, language())
    return page(
        "events.html",
        wanted=wanted,
        counts=_count(graph, wanted),
        named_countries=sorted((name(iri), iri) for iri in countries),
        listed=listed,
        name=name,
        page_no=number,
        has_more=len(found) > PAGE_SIZE,
        query_link=link_to(query) if query else "",
        table_link=link_to(query, "csv") if query else "",
    )


def read_wanted() -> Wanted:
    """Return what the request chooses.

    Raises:
        NotFound: it names a type, standing, country or day that there cannot be.
    """
    given = {name: request.args.get(name, "").strip() for name in ("q", "type", "status", "country", "from", "to")}
    possible = (
        given["type"] in ("", *EVENT_TYPES)
        and given["status"] in ("", *STATUSES)
        and re.fullmatch(r"(?:[A-Z]{2})?", given["country"])
        and all(map(_is_day_or_empty, (given["from"], given["to"])))
    )
    if not possible:
        abort(404, "There is no such list of events.")
    country = f"{base_iri()}id/country/{given['country']}" if given["country"] else ""
    return Wanted(given["q"][:LONGEST], given["type"], given["status"], country, given["from"], given["to"])


def find_events(wanted: Wanted, limit: int, offset: int = 0) -> list[str]:
    """Return the IRIs of the events that are wanted, the latest reported first.

    Raises:
        IndexNotReadyError, QueryTimeoutError: as the index of events does.
    """
    if not wanted.needs_index:  # the newest articles have them, however many there are
        return latest_events(current_graph(), wanted.kind or None, wanted.status or None, offset + limit)[offset:]
    index: EventIndex = current_app.extensions["events"]
    return index.find(wanted, limit, offset, supervisor().snapshot(), current_graph())


def count_found(wanted: Wanted) -> Mapping[str, Mapping[str, int]]:
    """Return how many events fit by type and standing, whatever type and standing are wanted; raises as above."""
    index: EventIndex = current_app.extensions["events"]
    return index.count(wanted._replace(kind="", status=""), supervisor().snapshot(), current_graph())


def _count(graph: Graph, wanted: Wanted) -> Mapping[str, Mapping[str, int]]:
    return count_found(wanted) if wanted.needs_index else dict(count_events(graph.select("event-types")))


def _is_day_or_empty(text: str) -> bool:
    try:
        return not text or date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False
