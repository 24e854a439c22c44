"""Front page, lists and the page about the site."""

from collections.abc import Iterable, Sequence
from contextlib import suppress
from typing import Any, NamedTuple

from flask import Blueprint, Response, abort, current_app, request

from kg.errors import IndexNotReadyError, QueryTimeoutError
from kg.fulltext.asking import Wanted
from kg.fulltext.overview import Standing
from kg.model import STATUSES
from kg.web.articles import read_listed
from kg.web.choosing import current_snapshot, index
from kg.web.columns import draw_columns
from kg.web.context import base_iri, current_graph, is_ahead, names_for, of_snapshot, page, page_number, supervisor
from kg.web.graph import Graph, OncePerSnapshot, load
from kg.web.listqueries import link_to
from kg.web.modelcard import read_card
from kg.web.movements import MOST_LINES, Movement, busiest, draw_map, events_between
from kg.web.overview import ORDERS, read_overview
from kg.web.records import EVENT_TYPES, Claim, Event, first_claims, read_events
from kg.web.structured import describe_site

FRONT_EVENTS = 14
FRONT_ARTICLES = 8
FRONT_MOVEMENTS = 10
PAGE_SIZE = 50
MOST_CLAIMS = 4
"""Claims of an event that a list of events shows at most."""

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
    asked = request.args.get("order", ORDERS[0])
    order = next((each for each in ORDERS if each == asked), None)
    if order is None:
        abort(404)
    listed = list_events(read_overview(graph).deployments(order, FRONT_EVENTS))
    newest = list_articles(graph, FRONT_ARTICLES)
    moves: Sequence[Movement] = (read_once("movements") or ())[:MOST_LINES]
    name = names_for([*iris_of(listed), *(iri for each in moves for iri in (each.start, each.goal))])
    types = count_events(read_once("standings") or ())
    return page(
        "front.html",
        described=describe_site(),
        order=order,
        orders=ORDERS,
        listed=listed,
        name=name,
        articles=read_listed(newest),
        movements=moves[:FRONT_MOVEMENTS],
        columns=draw_columns(read_once("months") or ()),
        map=draw_map(graph, moves, name),
        counts=read_once("classes") or {},
        query_link=link_to(load(f"deployments-{order}")),
        table_link=link_to(load(f"deployments-{order}"), "csv"),
        types=types,
        most_of_type=max((sum(by_status.values()) for _, by_status in types), default=0),
    )


@blueprint.get("/movements")
@of_snapshot
def movements() -> Response:
    """Show who sends forces where as a map and as a matrix; with `?from=…&to=…` also the events of one cell."""
    graph = current_graph()
    moves: Sequence[Movement] = read_once("movements") or ()
    name = names_for(iri for each in moves for iri in (each.start, each.goal))
    cells = {(each.start, each.goal): each for each in moves}
    rows, columns = busiest(moves)
    chosen = [f"{base_iri()}id/{request.args.get(end, '')}" for end in ("from", "to")] if "from" in request.args else []
    listed = list_events(events_between(graph, *chosen)) if tuple(chosen) in cells else []
    return page(
        "movements.html",
        cells=cells,
        rows=rows,
        columns=columns,
        map=draw_map(graph, moves, name),
        name=name,
        chosen=chosen,
        listed=listed,
        event_name=names_for(iris_of(listed)),
        query=load("movements"),
    )


@blueprint.get("/articles")
@of_snapshot
def articles() -> Response:
    """List all articles, the newest first."""
    graph = current_graph()
    number = page_number()
    rows = list_articles(graph, PAGE_SIZE + 1, PAGE_SIZE * (number - 1))
    found = {article.iri: article for article in read_listed(rows[:PAGE_SIZE])}
    counts = {row["this"].value: int(row["claims"].value) for row in graph.select_each("article-counts", "this", found)}
    listed = [(article, counts.get(article.iri, 0)) for article in found.values()]
    query = load("article-list")
    return page(
        "articles.html",
        listed=listed,
        page_no=number,
        has_more=len(rows) > PAGE_SIZE,
        query_link=link_to(query),
        table_link=link_to(query, "csv"),
    )


@blueprint.get("/about")
@of_snapshot
def about() -> Response:
    """Say how the site is to be read."""
    license_iri = current_app.config["SETTINGS"].data_license
    snapshot = supervisor().snapshot()
    return page("about.html", card=read_card(), data_license=license_iri, base=base_iri(), snapshot=snapshot)


def list_articles(graph: Graph, limit: int, offset: int = 0) -> list[str]:
    """Return the IRIs of articles, the newest first."""
    with suppress(IndexNotReadyError, QueryTimeoutError):
        return [hit.iri for hit in index().find("article", Wanted(), current_snapshot(), limit, offset)]
    return [row["this"].value for row in graph.select("article-list", limit=limit, offset=offset)]


def list_events(iris: Sequence[str]) -> list[Listed]:
    """Read events in the order of `iris`, each with a few of its claims, those with a figure first."""
    graph = current_graph()
    claims = first_claims(graph, iris, MOST_CLAIMS)
    return [Listed(event, claims.get(event.iri, [])) for event in read_events(graph, iris)]


def read_once(name: str) -> Any:
    """Return what is read once a snapshot and kept under this name; None where that takes too long."""
    kept: OncePerSnapshot[Any] = current_app.extensions[name]
    get = kept.get_ahead if is_ahead() else kept.get
    return get(supervisor().snapshot(), current_graph())


def iris_of(listed: Sequence[Listed]) -> list[str]:
    """Return the IRIs that a list needs names for."""
    return [iri for event, claims in listed for happening in (event, *claims) for iri in happening.iris()]


def count_events(found: Iterable[Standing]) -> list[tuple[str, dict[str, int]]]:
    """Return the number of events by type and standing, types in the order of the site."""
    counts: dict[str, dict[str, int]] = {}
    for each in found:
        counts.setdefault(each.type, {})[each.status] = each.events
    return [
        (kind, {status: counts[kind][status] for status in STATUSES if status in counts[kind]})
        for kind in EVENT_TYPES
        if kind in counts
    ]
