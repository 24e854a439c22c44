"""Errors over HTTP: one shape for every route.

A program gets a problem document (RFC 9457, `application/problem+json`) with `type`, `title`, `status`, `detail` and
`instance`, and the members `remedy` and, where a limit was hit, `limit` (the setting that sets it) and `allowed` (its
value); a browser gets the same as a page. No answer carries a traceback: `instance` is the number under which the log
has the rest.
"""

import json
import os
import re
import uuid
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from pathlib import Path

from flask import Blueprint, Flask, Response, current_app, g, has_request_context, render_template, request
from werkzeug.exceptions import HTTPException

from kg.errors import (
    AnswerFormatError,
    ArticleError,
    IndexNotReadyError,
    InputError,
    LagebildError,
    QueryBusyError,
    QueryCrashError,
    QueryError,
    QueryLimitError,
    QueryTimeoutError,
    StoreBusyError,
    StoreError,
    StoreFullError,
    TooManyRequestsError,
    WriteConflictError,
    WriteRefusedError,
)
from kg.web.negotiation import HTML, Format, negotiate

PROBLEM = Format("problem", "problem document", ("application/problem+json", "application/json"))

PLAIN = "about:blank"
"""Type of a problem that its status says all about (RFC 9457, section 4.2.1)."""
KINDS: Mapping[str, str] = {
    "malformed-query": "The query is no SPARQL 1.1 that this service reads.",
    "query-refused": "The query asks for what this service does not do, such as calling another endpoint.",
    "query-timeout": "The query, or the write, ran longer than it may.",
    "query-crash": "The query, or the write, ended its process: nested too deeply, or too much memory.",
    "answer-format": "The answer has what the format that was asked for cannot hold.",
    "query-limit": "The query, its answer or the body is larger than a limit of this service.",
    "too-many-requests": "The client asked more often, or for more at once, than one client may.",
    "busy": "The service has more to do than it can do at once.",
    "write-refused": "The write is to what it may not write to.",
    "write-conflict": "The write is on a condition that does not hold.",
    "malformed-document": "The document is no RDF that this service reads.",
    "article-refused": "The text, page or address cannot become an article.",
    "removed": "What was here was removed with the article that said it.",
    "store-unavailable": "The store cannot be read or written at the moment.",
    "store-full": "The store holds as many things of this kind as it may.",
    "internal-error": "The service made a mistake; the log has it under the number in `instance`.",
}
"""Type of a problem to what it means; the type's IRI is that of this site's page about it."""

STATUS_OF: tuple[tuple[type[LagebildError], HTTPStatus, str], ...] = (
    (TooManyRequestsError, HTTPStatus.TOO_MANY_REQUESTS, "too-many-requests"),
    (QueryBusyError, HTTPStatus.SERVICE_UNAVAILABLE, "busy"),
    (QueryTimeoutError, HTTPStatus.SERVICE_UNAVAILABLE, "query-timeout"),
    (QueryCrashError, HTTPStatus.INTERNAL_SERVER_ERROR, "query-crash"),
    (QueryLimitError, HTTPStatus.BAD_REQUEST, "query-limit"),
    (AnswerFormatError, HTTPStatus.BAD_REQUEST, "answer-format"),
    (QueryError, HTTPStatus.BAD_REQUEST, "malformed-query"),
    (WriteRefusedError, HTTPStatus.FORBIDDEN, "write-refused"),
    (WriteConflictError, HTTPStatus.PRECONDITION_FAILED, "write-conflict"),
    (InputError, HTTPStatus.BAD_REQUEST, "malformed-document"),
    (ArticleError, HTTPStatus.UNPROCESSABLE_ENTITY, "article-refused"),
    (StoreBusyError, HTTPStatus.SERVICE_UNAVAILABLE, "busy"),
    (StoreFullError, HTTPStatus.INSUFFICIENT_STORAGE, "store-full"),
    (IndexNotReadyError, HTTPStatus.SERVICE_UNAVAILABLE, "busy"),
    (LagebildError, HTTPStatus.SERVICE_UNAVAILABLE, "store-unavailable"),
)
"""Status and type of each family of errors; the first that fits counts."""

REMEDIES = {
    404: "Look for it with the search at /search.",
    405: "Use one of the methods that Allow names.",
    413: "Send less.",
    416: "Ask for a range within the length that Content-Range has.",
}
REFUSED = "lagebild.refused"
"""Where in the environ the gateway says why it refuses a request, which is then answered as any other error is."""
_RETRY_SECONDS = "2"
_KEPT = frozenset({"Allow", "Retry-After", "Content-Range"})
"""Headers of an error of the framework that say what can be done."""
_NUMBER = re.compile(r"[0-9a-f]{32}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE | re.ASCII)
_LEAST, _MOST = (uuid.UUID(int=number, version=4).int for number in (0, 2**128 - 1))
"""The bits that every UUID of the fourth version has (RFC 9562), and those that one may have."""
"""A UUID; without its hyphens it is what nginx's `$request_id` looks like."""

blueprint = Blueprint("problems", __name__)


class ProblemError(Exception):
    """An answer that is an error.

    `kind` is one of KINDS, or empty where the status says it all; `members` are further members of the document;
    `headers` are named with underscores: `ProblemError(429, "…", "…", "too-many-requests", Retry_After="1")`.
    """

    def __init__(
        self,
        status: int,
        detail: str,
        remedy: str,
        kind: str = "",
        members: Mapping[str, object] | None = None,
        **headers: str,
    ) -> None:
        super().__init__(detail)
        self.status = HTTPStatus(status)
        self.detail = detail
        self.remedy = remedy
        self.kind = kind
        self.members = dict(members or {})
        self.headers = {name.replace("_", "-"): value for name, value in headers.items()}


def not_acceptable(offers: Sequence[Format]) -> ProblemError:
    """Return the answer to an Accept header that nothing on offer fits; its member `offered` lists what there is."""
    offered = list(dict.fromkeys(media_type for offer in offers for media_type in offer.media_types))
    types = ", ".join(offer.media_types[0] for offer in offers)
    return ProblemError(
        406, "No format on offer is acceptable.", f"Accept one of {types}.", members={"offered": offered}
    )


def register(app: Flask) -> None:
    """Have the app answer all errors in this shape, and describe their types."""
    app.register_error_handler(ProblemError, respond)
    app.register_error_handler(LagebildError, from_lagebild)
    app.register_error_handler(HTTPException, _from_http)
    app.register_error_handler(Exception, _from_bug)
    app.register_blueprint(blueprint)
    app.before_request(_refuse)


def _refuse() -> None:
    refusal: Exception | None = request.environ.get(REFUSED)
    if refusal is not None:
        raise refusal


@blueprint.get("/problems/<kind>")
def show_kind(kind: str) -> Response:
    """Say what a type of problem means."""
    if kind not in KINDS:
        raise ProblemError(404, f"There is no type of problem {kind!r}.", f"The types are {', '.join(KINDS)}.")
    response = Response(f"{kind}\n\n{KINDS[kind]}\n", content_type="text/plain; charset=utf-8")
    response.headers["Cache-Control"] = "public, max-age=86400"
    return response


def read_number(given: str) -> str:
    """Return the number of a request: the one that came with it as `X-Request-Id`, if that is a UUID, else a new one.

    Anything else could pass for another line in the log, or for HTML.
    """
    return given if given and _NUMBER.fullmatch(given) else make_number()


def make_number() -> str:
    """Return a new number: a UUID of the fourth version, in a fifth of the time that the standard library takes."""
    return f"{int.from_bytes(os.urandom(16)) & _MOST | _LEAST:032x}"


def request_id() -> str:
    """Return the number of this request, which the log has too."""
    if not has_request_context():
        return make_number()
    if "request_id" not in g:
        g.request_id = read_number(request.headers.get("X-Request-Id", ""))
    found: str = g.request_id
    return found


def respond(problem: ProblemError) -> Response:
    """Turn a problem into a response: a page for a browser, else a problem document."""
    choice = negotiate(request.headers.get("Accept"), (PROBLEM, HTML))
    if choice and choice.format is HTML:
        body, content_type = render_template("error.html", problem=problem, id=request_id()), choice.content_type
    else:
        members = {
            "type": f"{current_app.config['BASE_IRI']}problems/{problem.kind}" if problem.kind else PLAIN,
            "title": KINDS[problem.kind] if problem.kind else problem.status.phrase,
            "status": problem.status.value,
            "detail": problem.detail,
            "instance": uuid.UUID(request_id()).urn,
            "remedy": problem.remedy,
            **problem.members,
        }
        body, content_type = json.dumps(members, ensure_ascii=False), PROBLEM.media_types[0]
    response = Response(body, problem.status, content_type=content_type)
    response.headers.update(problem.headers)
    response.headers["Cache-Control"] = "no-store"
    response.vary.add("Accept")
    return response


def _status_and_kind(error: LagebildError) -> tuple[HTTPStatus, str]:
    """Return the status and the type of one of the program's own errors."""
    return next((status, kind) for family, status, kind in STATUS_OF if isinstance(error, family))


def from_lagebild(error: LagebildError) -> Response:
    """Answer one of the program's own errors."""
    return respond(as_problem(error))


def as_problem(error: LagebildError) -> ProblemError:
    """Return one of the program's own errors as an answer, and write it down where the fault is the server's."""
    status, kind = _status_and_kind(error)
    members = {"limit": error.limit, "allowed": error.allowed} if isinstance(error, QueryLimitError) else {}
    message = _hide_location(error.message) if isinstance(error, StoreError) else error.message
    problem = ProblemError(status, message, error.remedy, kind, members)
    if isinstance(error, QueryBusyError | StoreBusyError | TooManyRequestsError):
        problem.headers["Retry-After"] = _RETRY_SECONDS
    if status == HTTPStatus.INTERNAL_SERVER_ERROR or kind == "store-unavailable":
        _log(error.message)
    return problem


def _hide_location(message: str) -> str:
    """Return a message without the place of the store, which is nobody's business; the log has it."""
    location = current_app.extensions["supervisor"].store_path
    is_relative = isinstance(location, Path) and not location.is_absolute()
    return message if is_relative else message.replace(str(location), "…")


def _from_http(error: HTTPException) -> Response:
    if error.response is not None or error.code is None or error.code < 400:
        response: Response = error.get_response()  # type: ignore[assignment]  # a redirect is its own response
        return response
    remedy = REMEDIES.get(error.code, "Check the request.")
    problem = ProblemError(error.code, error.description or HTTPStatus(error.code).phrase, remedy)
    problem.headers |= {name: value for name, value in error.get_headers() if name in _KEPT}
    return respond(problem)


def _from_bug(error: Exception) -> Response:
    _log("a bug", error)
    return respond(ProblemError(500, "The server made a mistake.", "Try again; the log says what.", "internal-error"))


def _log(what: str, error: Exception | None = None) -> None:
    """Write down what went wrong with this request, whose path is in quotes, since it could hold lines of its own."""
    target = json.dumps(request.full_path.removesuffix("?"))
    current_app.logger.error("%s %s %s: %s", request_id(), request.method, target, what, exc_info=error)
