"""What those who look after a server ask: is it alive, is it ready, what can it do, what are its figures."""

from flask import Blueprint, Response, current_app, request

from kg.errors import StoreError
from kg.web.context import current_graph, supervisor
from kg.web.cors import METHODS
from kg.web.metrics import CONTENT_TYPE, Metrics

blueprint = Blueprint("probes", __name__)


@blueprint.before_app_request
def answer_for_the_server() -> Response | None:
    """Answer `OPTIONS *`, which is about the server and none of its addresses (RFC 9110, section 9.3.7)."""
    if request.method == "OPTIONS" and request.environ["PATH_INFO"] == "*":
        return Response(status=204, headers={"Allow": METHODS})
    return None


@blueprint.get("/health")
def health() -> Response:
    """Tell that the process lives, and the name of the snapshot; one that does not answer is to be started again."""
    try:
        return _text(f"{supervisor().snapshot()}\n")
    except StoreError:
        return _text("no graph\n")


@blueprint.get("/ready")
def ready() -> Response:
    """Tell that questions are answered; else 503, and another server is to be asked."""
    snapshot = supervisor().snapshot()
    current_graph().select("properties", limit=1)
    return _text(f"{snapshot}\n")


@blueprint.get("/metrics")
def metrics() -> Response:
    """Return the figures for Prometheus."""
    found: Metrics = current_app.extensions["metrics"]
    return _text(found.render(), CONTENT_TYPE)


def _text(body: str | bytes, content_type: str = "text/plain; charset=utf-8") -> Response:
    return Response(body, content_type=content_type, headers={"Cache-Control": "no-store"})
