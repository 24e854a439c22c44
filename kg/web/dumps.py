"""All graphs as one compressed file: /dump.nq.gz and /dump.trig.gz, streamed from a worker of their own."""

from flask import Blueprint, Response, current_app, request

from kg.web.answers import stream
from kg.web.context import is_known, supervisor
from kg.worker_jobs import Job

MEDIA_TYPE = "application/gzip"

blueprint = Blueprint("dumps", __name__)


@blueprint.get("/dump.nq.gz", defaults={"name": "nq"})
@blueprint.get("/dump.trig.gz", defaults={"name": "trig"})
def dump(name: str) -> Response:
    """Give the snapshot as a file; one snapshot gives the same bytes every time."""
    tag = f"{supervisor().snapshot()}.{name}.gz"
    if is_known(tag):
        response = Response(status=304, content_type=MEDIA_TYPE)
    elif request.method == "HEAD":
        response = Response(iter(()), content_type=MEDIA_TYPE)  # of no known length; an empty body would have one
    else:
        answer = supervisor().dumps.ask(Job("", dump=name, seconds=current_app.config["SETTINGS"].dump_timeout))
        tag = f"{answer.snapshot}.{name}.gz"
        response = Response(stream(b"", answer), content_type=MEDIA_TYPE)
    response.set_etag(tag)
    response.headers["Cache-Control"] = "no-cache"
    response.headers["Content-Disposition"] = f'attachment; filename="lagebild.{name}.gz"'
    return response
