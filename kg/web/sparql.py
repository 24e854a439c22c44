"""The SPARQL 1.1 Protocol at /sparql: queries by GET, by form and by direct POST, updates by POST with a token.

The union of all graphs is queried unless the protocol or the query names a dataset. Answers stream from a query worker;
one that was cut off ends in a line that says so and fits no format, so that no client takes it for a whole one.
"""

from collections.abc import Iterator

from flask import Blueprint, Response, request

from kg.errors import QueryError
from kg.web import querypage
from kg.web.context import base_iri, supervisor, writes
from kg.web.description import describe_service
from kg.web.negotiation import GRAPHS, HTML, TABLES, Choice, Format, by_name, negotiate
from kg.web.problems import ProblemError, not_acceptable
from kg.web.protocol import Operation, read_operation
from kg.web.querytext import calls_service, names_graphs
from kg.web.tokens import require
from kg.workers import Answer, Job
from kg.write_jobs import RunUpdate

PEEK_BYTES = 65_536
"""A shorter answer is sent with its length; a longer one streams."""
CUT_OFF = "\n!!! CUT OFF: {} !!!\n"

blueprint = Blueprint("sparql", __name__)


@blueprint.route("/sparql", methods=["GET", "POST"], strict_slashes=False)
def sparql() -> Response:
    """Answer a query, run an update, or show the query page to a browser."""
    asked = read_operation()
    if asked.update is not None:
        return _update(asked)
    if asked.query and calls_service(asked.query):
        raise ProblemError(400, "SERVICE is not allowed here.", "Ask the other endpoint yourself and join the answers.")
    offers = (*GRAPHS, HTML) if asked.query is None else (*TABLES, *GRAPHS, HTML)
    choice = choose(asked.format, offers)
    if choice and choice.format is HTML:
        return querypage.show(make_job(asked, by_name("tsv", TABLES), by_name("nt", GRAPHS)))
    if asked.query is None:
        return _describe(choice)
    return answer(asked)


def _describe(choice: Choice | None) -> Response:
    """Describe the service to whoever comes without a query (Service Description, section 2)."""
    if request.method == "POST":
        raise ProblemError(400, "There is no query.", "Send one in the parameter `query`.")
    if choice is None:
        raise not_acceptable((*GRAPHS, HTML))
    return describe_service(choice)


def _update(asked: Operation) -> Response:
    require("update")
    writes().run(RunUpdate(asked.update or "", asked.default_graphs, asked.named_graphs))
    return Response(status=204)


def make_job(asked: Operation, table: Choice | None, graph: Choice | None) -> Job:
    """Make the worker's job of a query, to be answered in one of these formats."""
    query = asked.query or ""
    has_dataset = bool(asked.default_graphs or asked.named_graphs)
    return Job(
        query,
        table=table.format.name if table else None,
        graph=graph.format.name if graph else None,
        base_iri=base_iri(),
        union=not has_dataset and not names_graphs(query),
        default_graphs=asked.default_graphs if has_dataset else None,
        named_graphs=asked.named_graphs if has_dataset else None,
    )


def answer(asked: Operation) -> Response:
    """Run the query and stream its answer in the format that was negotiated."""
    table, graph = choose(asked.format, TABLES), choose(asked.format, GRAPHS)
    if table is None and graph is None:
        raise not_acceptable((*TABLES, *GRAPHS))
    return answer_job(make_job(asked, table, graph), table, graph)


def answer_job(job: Job, table: Choice | None, graph: Choice | None) -> Response:
    """Run a job whose answer, if it is one of rows or one of triples, is wanted in these formats.

    Raises:
        ProblemError: 406 where the answer is of the kind that is not wanted.
    """
    snapshot = supervisor().snapshot()
    tags = {choice.format.name: tag_of(snapshot, choice.format) for choice in (table, graph) if choice}
    if request.method != "POST" and any(request.if_none_match.contains_weak(tag) for tag in tags.values()):
        return _finish(Response(status=304), next(iter(tags.values())))
    result = supervisor().queries.ask(job)
    choice = table if result.kind == "table" else graph
    if choice is None:
        result.chunks.close()
        raise not_acceptable(TABLES if result.kind == "table" else GRAPHS)
    response = Response(_body(result), content_type=choice.content_type)
    return _finish(response, tag_of(result.snapshot, choice.format))


def choose(name: str | None, offers: tuple[Format, ...]) -> Choice | None:
    """Choose the format that the URL names, else the one that Accept asks for."""
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


def tag_of(snapshot: str, chosen: Format) -> str:
    """Return the tag of an answer: what was asked is in the URL."""
    return f"{snapshot}.{chosen.name}"


def _finish(response: Response, tag: str) -> Response:
    response.set_etag(tag, weak=True)
    response.headers["Cache-Control"] = "no-cache"
    response.vary.add("Accept")
    return response
