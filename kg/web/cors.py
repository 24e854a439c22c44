"""Scripts of other sites: which of them may use the service (the CORS protocol of the Fetch standard, section 3.2).

Reading needs no credentials and a token is sent by hand, so that to allow any origin gives away nothing.
"""

from typing import Final

from flask import Response, request

METHODS: Final = "GET, HEAD, POST, PUT, DELETE, OPTIONS"
REQUEST_HEADERS: Final = "Accept, Authorization, Content-Type, If-Match, If-None-Match"
RESPONSE_HEADERS: Final = "ETag, Lagebild-Limits, Lagebild-Truncated, Link, Location, Retry-After, X-Request-Id"
MAX_AGE: Final = "86400"


def allow(response: Response, setting: str) -> Response:
    """Say who may use the response.

    Args:
        response: what is sent.
        setting: `*`, or origins with spaces between; empty means none.
    """
    origins = setting.split()
    if not origins:
        return response
    if origins == ["*"]:
        response.headers["Access-Control-Allow-Origin"] = "*"
    else:
        response.vary.add("Origin")
        origin = request.headers.get("Origin")
        if origin not in origins:
            return response
        response.headers["Access-Control-Allow-Origin"] = origin
    response.headers["Access-Control-Expose-Headers"] = RESPONSE_HEADERS
    if request.method == "OPTIONS":
        response.headers["Access-Control-Allow-Methods"] = METHODS
        response.headers["Access-Control-Allow-Headers"] = REQUEST_HEADERS
        response.headers["Access-Control-Max-Age"] = MAX_AGE
    return response
