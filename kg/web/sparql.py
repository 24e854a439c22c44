"""The SPARQL 1.1 Protocol at /sparql: queries by GET, by form and by direct POST.

The union of all graphs is queried unless the protocol or the query names a dataset. Answers stream from a query worker;
one that was cut off ends in a line that says so and fits no format, so that no client takes it for a whole one.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import parse_qsl

from flask import Blueprint, Response, current_app, request

from kg.errors import QueryError
from kg.web import querypage
from kg.web.context import base_iri
from kg.web.negotiation import GRAPHS, HTML, TABLES, Choice, Format, by_name, negotiate
from kg.web.problems import ProblemError
from kg.web.querytext import calls_service, names_graphs
from kg.workers import Answer, Job, Supervisor

FORM = "application/x-www-form-urlencoded"
DIRECT = "application/sparql-query"
UPDATE = "application/sparql-update"
MAX_FIELDS = 1000
PEEK_BYTES = 65_536
"""A shorter answer is sent with its length; a longer one streams."""
CUT_OFF = "\n!!! CUT OFF: {} !!!\n"

blueprint = Blueprint("sparql", __name__)


@dataclass(frozen=True, slots=True)
class Request:
    """A query with the dataset that the protocol names for it."""

    query: str | None
    default_graphs: tuple[str, ...]
    named_graphs: tuple[str, ...]
    format: str | None
    """Name of a format that the URL asks for, whatever Accept says."""

    def job(self, table: Choice | None, graph: Choice | None) -> Job:
        """Make the worker's job of it."""
        query = self.query or ""
        has_dataset = bool(self.default_graphs or self.named_graphs)
        return Job(
            query,
            table=table.format.name if table else None,
            graph=graph.format.name if graph else None,
            base_iri=base_iri(),
            union=not has_dataset and not names_graphs(query),
            default_graphs=self.default_graphs if has_dataset else None,
            named_graphs=self.named_graphs if has_dataset else None,
        )


@blueprint.route("/sparql", methods=["GET", "POST"], strict_slashes=False)
def sparql() -> Response:
    """Answer a query, or show the query page to a browser."""
    asked = read_request()
    html = negotiate(request.headers.get("Accept"), (*TABLES, *GRAPHS, HTML))
    if html and html.format is HTML and not asked.format:
        return querypage.show(asked.job(by_name("tsv", TABLES), by_name("nt", GRAPHS)))
    if asked.query is None:
        raise ProblemError(400, "There is no query.", "Send one in the parameter `query`.")
    return answer(asked)


def read_request() -> Request:
    """Read a query by GET, form or direct POST.

    Raises:
        ProblemError: 400, 403, 413, 414 or 415, where it is not what the protocol allows.
    """
    limit = current_app.config["SETTINGS"].query_max_bytes
    if len(request.query_string) > 2 * limit:
        raise ProblemError(414, f"The URL is longer than {2 * limit} bytes.", "Send the query by POST.")
    parameters = _parse_form(request.query_string)
    if request.method == "POST":
        parameters = _read_body(parameters, limit)
    if _all(parameters, "update"):
        raise ProblemError(403, "This endpoint is read-only.", "Change the graph with the command line.")
    queries = _all(parameters, "query")
    if len(queries) > 1:
        raise ProblemError(400, f"There are {len(queries)} queries.", "Send one query a request.")
    if queries and len(queries[0].encode()) > limit:
        raise ProblemError(413, f"The query is longer than {limit} bytes.", "Shorten it.")
    if queries and calls_service(queries[0]):
        raise ProblemError(400, "SERVICE is not allowed here.", "Ask the other endpoint yourself and join the answers.")
    formats = _all(parameters, "format")
    return Request(
        queries[0] if queries else None,
        _all(parameters, "default-graph-uri"),
        _all(parameters, "named-graph-uri"),
        formats[0] if formats else None,
    )


def _read_body(parameters: list[tuple[str, str]], limit: int) -> list[tuple[str, str]]:
    if request.content_length is not None and request.content_length > 3 * limit:
        raise ProblemError(413, f"The body is longer than {3 * limit} bytes.", "Shorten the query.")
    body = request.stream.read(3 * limit + 1)
    if request.mimetype == UPDATE:
        raise ProblemError(403, "This endpoint is read-only.", "Change the graph with the command line.")
    if request.mimetype == FORM:
        return _parse_form(body)
    if request.mimetype != DIRECT:
        raise ProblemError(415, f"{request.mimetype or 'No media type'} is no query.", f"Send {FORM} or {DIRECT}.")
    return [(name, value) for name, value in parameters if name != "query"] + [("query", _decode(body))]


def _parse_form(raw: bytes) -> list[tuple[str, str]]:
    try:
        text = raw.decode("ascii")
        return parse_qsl(text, keep_blank_values=True, errors="strict", max_num_fields=MAX_FIELDS)
    except UnicodeDecodeError as error:
        raise ProblemError(400, "The parameters are not UTF-8.", "Encode them as UTF-8, then as a URL.") from error
    except ValueError as error:
        raise ProblemError(400, f"The parameters cannot be read: {error}.", "Send fewer of them.") from error


def _decode(body: bytes) -> str:
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError as error:
        raise ProblemError(400, "The query is not UTF-8.", "Encode it as UTF-8.") from error


def _all(parameters: Sequence[tuple[str, str]], name: str) -> tuple[str, ...]:
    return tuple(value for key, value in parameters if key == name)


def answer(asked: Request) -> Response:
    """Run the query and stream its answer in the format that was negotiated."""
    table, graph = _choose(asked.format, TABLES), _choose(asked.format, GRAPHS)
    if table is None and graph is None:
        raise _not_acceptable((*TABLES, *GRAPHS))
    supervisor: Supervisor = current_app.extensions["supervisor"]
    tags = {choice.format.name: _tag(supervisor.snapshot(), choice.format) for choice in (table, graph) if choice}
    if request.method != "POST" and any(request.if_none_match.contains_weak(tag) for tag in tags.values()):
        return _finish(Response(status=304), next(iter(tags.values())))
    result = supervisor.queries.ask(asked.job(table, graph))
    choice = table if result.kind == "table" else graph
    if choice is None:
        result.chunks.close()
        raise _not_acceptable(TABLES if result.kind == "table" else GRAPHS)
    response = Response(_body(result), content_type=choice.content_type)
    return _finish(response, _tag(result.snapshot, choice.format))


def _choose(name: str | None, offers: Sequence[Format]) -> Choice | None:
    return by_name(name, offers) if name else negotiate(request.headers.get("Accept"), offers)


def _body(result: Answer) -> bytes | Iterator[bytes]:
    """Return a short answer whole, so that an error in it is still an error response; a longer one streams."""
    head = bytearray()
    for chunk in result.chunks:
        head += chunk
        if len(head) >= PEEK_BYTES:
            return _stream(bytes(head), result)
    return bytes(head)


def _stream(head: bytes, result: Answer) -> Iterator[bytes]:
    """Yield the answer; where it is cut off, end it with a line that fits no format, then break off the transfer."""
    try:
        yield head
        yield from result.chunks
    except QueryError as error:  # not every server tells the client when an answer breaks off, so the answer does
        yield CUT_OFF.format(error.message).encode()
        raise
    finally:
        result.chunks.close()


def _tag(snapshot: str, chosen: Format) -> str:
    return f"{snapshot}.{chosen.name}"


def _finish(response: Response, tag: str) -> Response:
    response.set_etag(tag, weak=True)
    response.headers["Cache-Control"] = "no-cache"
    response.vary.add("Accept")
    return response


def _not_acceptable(offers: Sequence[Format]) -> ProblemError:
    types = ", ".join(offer.media_types[0] for offer in offers)
    return ProblemError(406, "No format on offer is acceptable.", f"Accept one of {types}.")
