"""Front page, lists and the page about the site."""

from collections.abc import Sequence
from typing import NamedTuple

from flask import Blueprint, Response, abort, request

from kg.model import STATUSES
from kg.vocab import LB
from kg.web.context import current_graph, names_for, of_snapshot, page, page_number
from kg.web.graph import Row, local_name
from kg.web.records import EVENT_TYPES, Claim, Event, claims_by_event, read_articles, read_events

FRONT_EVENTS = 14
FRONT_ARTICLES = 8
PAGE_SIZE = 50
MOST_CLAIMS = 4
"""Claims of one event that a list shows; the event's page has them all."""
ORDERS = ("latest", "largest", "disputed")
KINDS = {
    "people": "Person",
    "countries": "Country",
    "places": "Place",
    "organizations": "Organization",
    "summits": "Summit",
    "missions": "Mission",
}
"""Address of a list to the class of its entities."""

blueprint = Blueprint("site", __name__)


class Listed(NamedTuple):
    """An event with the claims that a list shows of it."""

    event: Event
    claims: Sequence[Claim]


@blueprint.get("/")
@of_snapshot
def front() -> Response:
    """Answer the ten-second question."""
    graph = current_graph()
    order = request.args.get("order", ORDERS[0])
    if order not in ORDERS:
        abort(404)
    found = graph.select(f"deployments-{order}", limit=FRONT_EVENTS)
    listed = list_events([row["event"].value for row in found])
    newest = [row["this"].value for row in graph.select("article-list", limit=FRONT_ARTICLES)]
    articles = read_articles(graph, newest)
    counts = {local_name(row["class"].value): int(row["count"].value) for row in graph.select("counts")}
    return page(
        "front.html",
        order=order,
        orders=ORDERS,
        listed=listed,
        name=names_for(iris_of(listed)),
        articles=[articles[iri] for iri in newest if iri in articles],
        counts=counts,
        types=count_events(graph.select("event-types")),
    )


@blueprint.get("/events")
@of_snapshot
def events() -> Response:
    """List events by type and standing."""
    graph = current_graph()
    kind, status = request.args.get("type") or None, request.args.get("status") or None
    if kind not in (None, *EVENT_TYPES) or status not in (None, *STATUSES):
        abort(404)
    number = page_number()
    rows = graph.select(
        "event-list",
        limit=PAGE_SIZE + 1,
        offset=PAGE_SIZE * (number - 1),
        type=LB.iri + kind if kind else None,
        status=LB.iri + status if status else None,
    )
    listed = list_events([row["event"].value for row in rows[:PAGE_SIZE]])
    return page(
        "events.html",
        kind=kind,
        status=status,
        listed=listed,
        name=names_for(iris_of(listed)),
        types=count_events(graph.select("event-types")),
        page_no=number,
        has_more=len(rows) > PAGE_SIZE,
    )


@blueprint.get("/browse/<kind>")
@of_snapshot
def browse(kind: str) -> Response:
    """List the entities of one kind, those in the most articles first."""
    if kind not in KINDS:
        abort(404)
    number = page_number()
    size = 4 * PAGE_SIZE
    wanted = {"class": LB.iri + KINDS[kind]}
    rows = current_graph().select("entity-list", limit=size + 1, offset=size * (number - 1), **wanted)
    return page(
        "browse.html",
        kind=kind,
        rows=[(row["this"].value, int(row["articles"].value)) for row in rows[:size]],
        name=names_for(row["this"].value for row in rows),
        page_no=number,
        has_more=len(rows) > size,
    )


@blueprint.get("/articles")
@of_snapshot
def articles() -> Response:
    """List all articles, the newest first."""
    graph = current_graph()
    number = page_number()
    rows = graph.select("article-list", limit=PAGE_SIZE + 1, offset=PAGE_SIZE * (number - 1))
    found = read_articles(graph, [row["this"].value for row in rows[:PAGE_SIZE]])
    listed = [(found[row["this"].value], int(row["claims"].value)) for row in rows if row["this"].value in found]
    return page("articles.html", listed=listed, page_no=number, has_more=len(rows) > PAGE_SIZE)


@blueprint.get("/about")
@of_snapshot
def about() -> Response:
    """Say how the site is to be read."""
    return page("about.html")


def list_events(iris: Sequence[str]) -> list[Listed]:
    """Read events in the order of `iris`, each with its claims, those with a figure first."""
    graph = current_graph()
    claims = claims_by_event(graph, iris)
    return [
        Listed(event, sorted(claims.get(event.iri, ()), key=lambda claim: not claim.figures))
        for event in read_events(graph, iris)
    ]


def iris_of(listed: Sequence[Listed]) -> list[str]:
    """Return the IRIs that a list needs names for."""
    return [iri for event, claims in listed for happening in (event, *claims) for iri in happening.iris()]


def count_events(rows: Sequence[Row]) -> list[tuple[str, dict[str, int]]]:
    """Return the number of events by type and standing, types in the order of the site."""
    counts: dict[str, dict[str, int]] = {}
    for row in rows:
        by_status = counts.setdefault(local_name(row["type"].value), {})
        by_status[local_name(row["status"].value)] = int(row["count"].value)
    return [
        (kind, {status: counts[kind][status] for status in STATUSES if status in counts[kind]})
        for kind in EVENT_TYPES
        if kind in counts
    ]
