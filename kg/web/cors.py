"""Scripts of other sites: which of them may use the service (the CORS protocol of the Fetch standard, section 3.2).

Reading needs no credentials and a token is sent by hand, so that to allow any origin gives away nothing.
"""

from typing import Final

from flask import Response, request

METHODS: Final = "GET, HEAD, POST, PUT, DELETE, OPTIONS"
REQUEST_HEADERS: Final = "Accept, Authorization, Content-Type, If-Match, If-None-Match"
RESPONSE_HEADERS: Final = "ETag, Lagebild-Limits, Lagebild-Truncated, Link, Location, Retry-After, X-Request-Id"
MAX_AGE: Final = "86400"


def headers_for(origin: str | None, setting: str) -> dict[str, str]:
    """Return the headers that say who may use a response.

    Args:
        origin: the origin of the script that asks, as the header `Origin` names it.
        setting: `*`, or origins with spaces between; empty means none.
    """
    origins = setting.split()
    allowed = "*" if origins == ["*"] else origin if origin in origins else None
    if allowed is None:
        return {}
    return {"Access-Control-Allow-Origin": allowed, "Access-Control-Expose-Headers": RESPONSE_HEADERS}


def is_selective(setting: str) -> bool:
    """Tell whether an answer depends on the origin that asks."""
    return setting.split() not in ([], ["*"])


def allow(response: Response, setting: str) -> Response:
    """Say who may use the response; `setting` as for `headers_for`."""
    if is_selective(setting):
        response.vary.add("Origin")
    found = headers_for(request.headers.get("Origin"), setting)
    response.headers.update(found)
    if found and request.method == "OPTIONS":
        response.headers["Access-Control-Allow-Methods"] = METHODS
        response.headers["Access-Control-Allow-Headers"] = REQUEST_HEADERS
        response.headers["Access-Control-Max-Age"] = MAX_AGE
    return response
