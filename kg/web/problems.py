"""Errors over HTTP: one shape for every route.

A program gets a problem document (RFC 9457, `application/problem+json`) with `type`, `title`, `status`, `detail` and
the member `remedy`; a browser gets the same as a page. No answer carries a traceback.
"""

import json
from http import HTTPStatus

from flask import Flask, Response, current_app, render_template, request
from werkzeug.exceptions import HTTPException

from kg.errors import LagebildError, QueryBusyError, QueryCrashError, QueryError, QueryTimeoutError
from kg.web.negotiation import HTML, Format, negotiate

PROBLEM = Format("problem", "problem document", ("application/problem+json", "application/json"))

STATUS_OF: tuple[tuple[type[LagebildError], HTTPStatus], ...] = (
    (QueryBusyError, HTTPStatus.SERVICE_UNAVAILABLE),
    (QueryTimeoutError, HTTPStatus.SERVICE_UNAVAILABLE),
    (QueryCrashError, HTTPStatus.INTERNAL_SERVER_ERROR),
    (QueryError, HTTPStatus.BAD_REQUEST),
    (LagebildError, HTTPStatus.SERVICE_UNAVAILABLE),
)
"""The status of each family of errors; the first that fits counts."""

REMEDIES = {
    404: "Look for it with the search at /search.",
    405: "Use one of the methods that Allow names.",
    413: "Send less.",
}


class ProblemError(Exception):
    """An answer that is an error."""

    def __init__(self, status: int, detail: str, remedy: str, **headers: str) -> None:
        super().__init__(detail)
        self.status = HTTPStatus(status)
        self.detail = detail
        self.remedy = remedy
        self.headers = {name.replace("_", "-"): value for name, value in headers.items()}


def register(app: Flask) -> None:
    """Have the app answer all errors in this shape."""
    app.register_error_handler(ProblemError, respond)
    app.register_error_handler(LagebildError, _from_lagebild)
    app.register_error_handler(HTTPException, _from_http)
    app.register_error_handler(Exception, _from_bug)


def respond(problem: ProblemError) -> Response:
    """Turn a problem into a response: a page for a browser, else a problem document."""
    choice = negotiate(request.headers.get("Accept"), (PROBLEM, HTML))
    if choice and choice.format is HTML:
        body, content_type = render_template("error.html", problem=problem), choice.content_type
    else:
        members = {
            "type": "about:blank",
            "title": problem.status.phrase,
            "status": problem.status.value,
            "detail": problem.detail,
            "remedy": problem.remedy,
        }
        body, content_type = json.dumps(members, ensure_ascii=False), PROBLEM.media_types[0]
    response = Response(body, problem.status, content_type=content_type)
    response.headers.update(problem.headers)
    response.headers["Cache-Control"] = "no-store"
    response.vary.add("Accept")
    return response


def _from_lagebild(error: LagebildError) -> Response:
    status = next(status for family, status in STATUS_OF if isinstance(error, family))
    headers = {"Retry_After": "2"} if isinstance(error, QueryBusyError) else {}
    return respond(ProblemError(status, error.message, error.remedy, **headers))


def _from_http(error: HTTPException) -> Response:
    if error.response is not None or error.code is None or error.code < 400:
        response: Response = error.get_response()  # type: ignore[assignment]  # a redirect is its own response
        return response
    headers = {name.replace("-", "_"): value for name, value in error.get_headers() if name in {"Allow", "Retry-After"}}
    remedy = REMEDIES.get(error.code, "Check the request.")
    return respond(ProblemError(error.code, error.description or HTTPStatus(error.code).phrase, remedy, **headers))


def _from_bug(error: Exception) -> Response:
    current_app.logger.error("%s %s", request.method, request.path, exc_info=error)
    return respond(ProblemError(500, "The server made a mistake.", "Try again; the log says what it was."))
