"""Tables of claims as downloads: /export/plover.csv, /export/deployments.csv, /export/claims.csv."""

from collections.abc import Iterator

from flask import Blueprint, Response, current_app, request

from kg.exports import VIEWS, View, csv_lines
from kg.exports.tables import LANGUAGES
from kg.remote import Location
from kg.store import open_snapshot
from kg.web.context import base_iri, is_known, supervisor
from kg.web.problems import ProblemError

CHUNK = 65_536

blueprint = Blueprint("exports", __name__)


@blueprint.get("/export/<name>")
def export(name: str) -> Response:
    """Stream a table of the current snapshot; it stays that of one snapshot while it is read."""
    view, language = VIEWS.get(name), request.args.get("lang", "de")
    if view is None:
        raise ProblemError(404, f"There is no table {name!r}.", f"Take one of {', '.join(VIEWS)}.")
    if language not in LANGUAGES:
        raise ProblemError(400, f"There are no names in {language!r}.", f"Give lang as {' or '.join(LANGUAGES)}.")
    workers = supervisor()
    tag = f"{workers.snapshot()}.{name}.{language}.{current_app.config['BUILD']}"
    if is_known(tag):
        response = Response(status=304)
    else:
        body = _stream(view, workers.store_path, base_iri(), language)
        response = Response(body, content_type="text/csv; charset=utf-8; header=present")
        response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.set_etag(tag, weak=True)
    response.headers["Cache-Control"] = "no-cache"
    return response


def _stream(view: View, store_path: Location, base: str, language: str) -> Iterator[bytes]:
    """Yield a table in pieces. Of the database nothing but the snapshot itself is held between two of them."""
    with open_snapshot(store_path, own=True) as store:
        piece = bytearray()
        for line in csv_lines(view, store, base, language):
            piece += line.encode()
            if len(piece) >= CHUNK:
                yield bytes(piece)
                piece.clear()
        yield bytes(piece)
