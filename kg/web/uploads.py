"""Articles over HTTP: a text, an HTML page or the address of one is read, and its graph is in the store when we answer.

    POST   /articles?stem=…&title=…&published=…&publisher=…&source=…     with a token for `articles`
    DELETE /articles/STEM

The body says what it is by its media type: `text/plain`, `text/html`, or `text/uri-list` (RFC 2483) with one address.
The parameters are those of `STEM.meta.json`; all may be left out, and with an address they have to be. An article that
is sent again under its stem replaces the old one as a whole.
"""

import codecs
import json
from collections.abc import Mapping
from typing import Literal

from flask import Blueprint, Response, request

from kg.web.context import writes
from kg.web.problems import ProblemError
from kg.web.protocol import NAMELESS, decode, parse_form, read_limited, values
from kg.web.tokens import require
from kg.write_jobs import BuildArticle, RemoveArticle, encode

KINDS: Mapping[str, Literal["text", "page", "url"]] = {
    "text/plain": "text",
    "text/html": "page",
    "application/xhtml+xml": "page",
    "text/uri-list": "url",
}
METADATA = ("title", "published", "publisher", "source", "language")

CHARSETS = frozenset(
    {"ascii", "utf-8", "utf-16", "utf-16-le", "utf-16-be", "iso8859-1", "iso8859-15", "cp1252", "cp850", "mac-roman"}
)
"""Encodings of texts in German, as Python names them; others may take it the square of a text's length."""

blueprint = Blueprint("uploads", __name__)


@blueprint.post("/articles")
def build() -> Response:
    """Read an article into the store; answer with the IRIs of the article and of its graph."""
    require("articles")
    parameters = parse_form(request.query_string)
    unknown = {name for name, _ in parameters} - {*METADATA, "stem"}
    if unknown or len(parameters) > len({name for name, _ in parameters}):
        raise ProblemError(400, "A parameter is unknown or there twice.", f"Use stem, {', '.join(METADATA)}.")
    metadata = {name: values(parameters, name)[0] for name in METADATA if values(parameters, name)}
    stem = "".join(values(parameters, "stem"))
    result = writes().run(_read_job(stem, metadata))
    response = Response(json.dumps(result) + "\n", 200 if result["replaced"] else 201, content_type="application/json")
    response.headers["Location"] = result["article"]
    response.autocorrect_location_header = False
    return response


@blueprint.delete("/articles/<stem>")
def remove(stem: str) -> Response:
    """Remove an article, with all that only it says."""
    require("articles")
    if not writes().run(RemoveArticle(stem))["known"]:
        raise ProblemError(404, f"There is no article {stem!r}.", "Look at its identifier on its page.")
    return Response(status=204)


def _read_job(stem: str, metadata: dict[str, str]) -> BuildArticle:
    kind = KINDS.get(request.mimetype)
    if kind is None:
        offered = ", ".join(KINDS)
        raise ProblemError(415, f"{request.mimetype or NAMELESS} is no article.", f"Send one of {offered}.")
    body = read_limited("write_max_bytes")
    if kind == "url":
        lines = [line.strip() for line in decode(body).splitlines() if line.strip() and not line.startswith("#")]
        if len(lines) != 1 or metadata or stem:
            raise ProblemError(400, "There is not one address, or a parameter with it.", "Send one address a request.")
        return BuildArticle("url", lines[0])
    return BuildArticle(kind, encode(_to_utf8(body)), stem, metadata)


def _to_utf8(body: bytes) -> bytes:
    """Return a body with a declared charset as UTF-8 with a mark; without one, the reader finds its encoding."""
    charset = request.mimetype_params.get("charset")
    if charset is None:
        return body
    try:
        text = body.decode(charset) if codecs.lookup(charset).name in CHARSETS else None
    except (LookupError, UnicodeError):
        text = None
    if text is None:
        raise ProblemError(415, f"The body is not {charset}.", "Encode it as UTF-8, or leave the charset out.")
    return codecs.BOM_UTF8 + text.removeprefix("\ufeff").encode()
