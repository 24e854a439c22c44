"""What a request of the SPARQL 1.1 Protocol asks for: a query or an update, with its dataset.

Source: SPARQL 1.1 Protocol, sections 2.1 and 2.2. Parameters come in the URL, in a form, or beside a direct POST.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import unquote_to_bytes

from flask import current_app, request
from pyoxigraph import NamedNode

from kg.settings import Settings
from kg.web.limits import UNLIMITED, Limits, read_limits
from kg.web.problems import ProblemError
from kg.web.tokens import require

FORM = "application/x-www-form-urlencoded"
QUERY = "application/sparql-query"
UPDATE = "application/sparql-update"
MAX_FIELDS = 1000
NAMELESS = "A body without a media type"
_UTF8 = {"utf-8", "utf8", "us-ascii", "ascii"}
_ONLY_FOR = {
    "query": ("using-graph-uri", "using-named-graph-uri"),
    "update": ("default-graph-uri", "named-graph-uri"),
}
"""Parameters that do not belong to an operation; passing over them would change what it is about."""


@dataclass(frozen=True, slots=True)
class Operation:
    """What is asked for; neither query nor update where a request names none."""

    query: str | None = None
    update: str | None = None
    default_graphs: tuple[str, ...] = ()
    """`default-graph-uri` of a query, `using-graph-uri` of an update."""
    named_graphs: tuple[str, ...] = ()
    format: str | None = None
    """Name of a format that the URL asks for, whatever Accept says."""
    limits: Limits = UNLIMITED
    """What the answer may take."""
    explains: bool = False
    """Whether the query is only to be described."""
    snapshot: str | None = None
    """Name of the snapshot that is asked; None means the current one."""


def read_operation() -> Operation:
    """Read the request.

    Raises:
        ProblemError: 400, 413, 414 or 415, where it is not what the protocol allows.
    """
    return make_operation(read_parameters(), current_app.config["SETTINGS"])


def read_parameters() -> list[tuple[str, str]]:
    """Return names and values of the request, wherever in it they come; errors as `read_operation`."""
    settings = current_app.config["SETTINGS"]
    limit = 2 * settings.query_max_bytes
    if len(request.query_string) > limit:
        members = {"limit": "query_max_bytes", "allowed": settings.query_max_bytes}
        detail = f"The URL is longer than {limit} bytes."
        raise ProblemError(414, detail, "Send the query by POST.", "query-limit", members)
    parameters = parse_form(request.query_string)
    if request.method == "POST":
        if values(parameters, "update"):
            raise ProblemError(400, "There is an update in the URL.", "Send it in the body.")
        parameters += _read_body()
    elif values(parameters, "update"):
        raise ProblemError(400, "An update comes by POST.", f"Send it as {FORM} or {UPDATE}.")
    return parameters


def make_operation(parameters: Sequence[tuple[str, str]], settings: Settings) -> Operation:
    """Return what names and values ask for, wherever in the request they come.

    Raises:
        ProblemError: 400, where they do not go together.
    """
    queries, updates = values(parameters, "query"), values(parameters, "update")
    if len(queries) + len(updates) > 1:
        raise ProblemError(400, "There are several queries or updates.", "Send one a request.")
    explains = values(parameters, "explain") == ("1",)
    if explains and updates:
        raise ProblemError(400, "An update is not explained.", "Explain its WHERE clause as a query.")
    kind, dataset = ("update", "using-") if updates else ("query", "default-")
    for name in _ONLY_FOR[kind]:
        if (queries or updates) and values(parameters, name):
            raise ProblemError(
                400, f"{name} does not go with {'an update' if updates else 'a query'}.", "Leave it out."
            )
    formats = values(parameters, "format")
    return Operation(
        queries[0] if queries else None,
        updates[0] if updates else None,
        _read_iris(parameters, f"{dataset}graph-uri"),
        _read_iris(parameters, "using-named-graph-uri" if updates else "named-graph-uri"),
        formats[0] if formats else None,
        read_limits(parameters, settings),
        explains,
    )


def _read_iris(parameters: Sequence[tuple[str, str]], name: str) -> tuple[str, ...]:
    found = values(parameters, name)
    for iri in found:
        try:
            NamedNode(iri)
        except ValueError as error:
            raise ProblemError(400, f"{name}={iri!r} is no absolute IRI.", "Give the graph's whole IRI.") from error
    return found


def _read_body() -> list[tuple[str, str]]:
    kind = request.mimetype
    if kind == UPDATE:
        require("update")  # before what may be long is read
        return [("update", decode(read_limited("write_max_bytes")))]
    if kind == QUERY:
        return [("query", decode(read_limited("query_max_bytes")))]
    if kind == FORM:
        setting = "write_max_bytes" if "Authorization" in request.headers else "query_max_bytes"
        return parse_form(read_limited(setting, 3))  # an octet takes up to three characters in a form
    raise ProblemError(415, f"{kind or NAMELESS} is no query and no update.", f"Send {FORM}, {QUERY} or {UPDATE}.")


def read_limited(setting: str, times: int = 1) -> bytes:
    """Return the request's body.

    Args:
        setting: the one that says how many bytes it may have.
        times: how many bytes of the body may stand for one of them.

    Raises:
        ProblemError: 413 where it is longer, 415 where it is compressed.
    """
    check_coding()
    limit = times * getattr(current_app.config["SETTINGS"], setting)
    announced = request.content_length or 0
    body = b"" if announced > limit else request.stream.read(limit + 1)
    if max(announced, len(body)) > limit:
        raise make_too_long(setting, limit)
    return body


def check_coding() -> None:
    """Refuse a body that is compressed, which would be taken for something else (RFC 9110, section 8.4).

    Raises:
        ProblemError: 415, it is.
    """
    coding = request.headers.get("Content-Encoding", "identity")
    if coding.lower() not in {"", "identity"}:
        raise ProblemError(415, f"The body is in the coding {coding}.", "Send it as it is.", Accept_Encoding="identity")


def make_too_long(setting: str, limit: int) -> ProblemError:
    """Return the answer to a body that is longer than `limit` bytes, which a setting stands behind."""
    members = {"limit": setting, "allowed": getattr(current_app.config["SETTINGS"], setting)}
    return ProblemError(413, f"The body is longer than {limit} bytes.", "Send less at a time.", "query-limit", members)


def parse_form(raw: bytes) -> list[tuple[str, str]]:
    """Return names and values of a form, or of the query part of a URL.

    Raises:
        ProblemError: 400 where it is not UTF-8, or there are too many.
    """
    fields = [field.partition(b"=") for field in raw.split(b"&", MAX_FIELDS) if field]
    if len(fields) > MAX_FIELDS:
        raise ProblemError(400, f"There are more than {MAX_FIELDS} parameters.", "Send fewer of them.")
    try:
        return [(_unquote(name), _unquote(value)) for name, _, value in fields]
    except UnicodeDecodeError as error:
        raise ProblemError(400, "The parameters are not UTF-8.", "Encode them as UTF-8, then as a URL.") from error


def _unquote(text: bytes) -> str:
    """Return a name or value as it was before it became part of a form (URL Standard, section 5.1)."""
    plain = text.decode("ascii")  # nothing else comes unquoted
    if b"%" not in text and b"+" not in text:
        return plain
    return unquote_to_bytes(text.replace(b"+", b" ")).decode("utf-8")


def decode(body: bytes) -> str:
    """Return a body as text, without a byte order mark.

    Raises:
        ProblemError: 400 where it is not UTF-8, 415 where it says that it is something else.
    """
    charset = request.mimetype_params.get("charset", "utf-8")
    if charset.lower() not in _UTF8:
        raise ProblemError(415, f"The charset is {charset}.", "Encode it as UTF-8.")
    try:
        return body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ProblemError(400, "The body is not UTF-8.", "Encode it as UTF-8.") from error


def values(parameters: Sequence[tuple[str, str]], name: str) -> tuple[str, ...]:
    """Return all values of a parameter."""
    return tuple(value for key, value in parameters if key == name)
