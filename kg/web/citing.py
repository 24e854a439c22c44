"""Permalinks: POST a query to /permalinks, and cite the address that comes back, which keeps its answer as it is."""

import json
from datetime import UTC, datetime
from pathlib import Path

from flask import Blueprint, Response, current_app, request

from kg.errors import LagebildError, QueryError
from kg.permalinks import Permalink, find_permalink, keep_permalink
from kg.settings import Settings
from kg.web import querypage
from kg.web.clients import DailyQuota
from kg.web.context import base_iri, supervisor
from kg.web.jobs import make_job
from kg.web.limits import check_query, read_limits
from kg.web.negotiation import GRAPHS, TABLES, by_name
from kg.web.problems import ProblemError
from kg.web.protocol import Operation, parse_form, read_operation, values
from kg.web.sparql import answer, wants_page

blueprint = Blueprint("citing", __name__)


@blueprint.post("/permalinks")
def make_permalink() -> Response:
    """Keep a query together with the snapshot that is served; a browser gets the form again, with what came of it."""
    asked = read_operation()
    if asked.query is None:
        raise ProblemError(400, "There is no query.", "Send one in the parameter `query`.")
    try:
        return _keep(asked, asked.query)
    except (ProblemError, LagebildError) as error:
        if not wants_page(asked.format):
            raise
        return querypage.refuse(asked.query, error)


def _keep(asked: Operation, query: str) -> Response:
    settings: Settings = current_app.config["SETTINGS"]
    folder = supervisor().store_path
    if not settings.permalink_days or not isinstance(folder, Path):  # only a folder has snapshots to keep
        raise ProblemError(403, "This service keeps no permalinks.", "Keep the query and the date in place of one.")
    check_query(query, settings)
    snapshot = supervisor().snapshot()
    link = Permalink(query, snapshot, asked.default_graphs, asked.named_graphs)
    job = make_job(asked, by_name("csv", TABLES), by_name("nt", GRAPHS))
    supervisor().queries_for(job).ask(job).close()  # what cannot be read cannot be cited
    until = keep_permalink(folder, link, settings.permalink_days, settings.permalinks, _take_from_quota)
    address = f"{base_iri()}permalinks/{link.id}"
    holds = datetime.fromtimestamp(until, UTC).date()
    if wants_page(asked.format):
        return querypage.show_cited(query, address, holds)
    body = json.dumps({"permalink": address, "snapshot": snapshot, "until": holds.isoformat()})
    return Response(body, 201, {"Location": address, "Cache-Control": "no-store"}, content_type="application/json")


def _take_from_quota() -> None:
    quota: DailyQuota = current_app.extensions["permalinks"]
    if not quota.take(request.remote_addr or ""):
        most = current_app.config["SETTINGS"].permalinks_per_day
        raise ProblemError(
            429,
            f"{most} permalinks of yours are new today.",
            "Make others tomorrow, or keep the query and the date in place of one.",
            "too-many-requests",
            {"limit": "permalinks_per_day", "allowed": most},
            Retry_After="3600",
        )


@blueprint.get("/permalinks/<link_id>")
def follow_permalink(link_id: str) -> Response:
    """Answer the query that was kept, of the snapshot that was kept with it."""
    folder = supervisor().store_path
    link = find_permalink(folder, link_id) if isinstance(folder, Path) else None
    if link is None:
        raise ProblemError(404, "There is no such permalink, or not any more.", "Ask the query of today's graph.")
    parameters = parse_form(request.query_string)
    formats = values(parameters, "format")
    asked = Operation(
        link.query,
        default_graphs=link.default_graphs,
        named_graphs=link.named_graphs,
        format=formats[0] if formats else None,
        limits=read_limits(parameters, current_app.config["SETTINGS"]),
        snapshot=link.snapshot,
    )
    if wants_page(asked.format):
        try:
            return querypage.show(make_job(asked, by_name("tsv", TABLES), by_name("nt", GRAPHS)))
        except QueryError as error:
            return querypage.refuse(link.query, error)
    return answer(asked)
