"""Answers of query workers as responses: streamed, tagged for as long as the snapshot holds, and honest at the end.

A short answer is sent with its length, and an error in it is still an error response. A longer one streams. Where one
was cut because of a limit, a header says so if that was known when the answer began; else the answer itself does, in
its format if that has room for it (a comment in XML and Turtle, a member in JSON), else by a line that fits no format,
after which the connection is broken off: so ends every answer that stopped in the middle.
"""

from collections.abc import Iterator

from flask import Response, request

from kg.errors import QueryError
from kg.web.cache import mark
from kg.web.context import is_known, supervisor
from kg.web.negotiation import GRAPHS, TABLES, Choice
from kg.web.problems import not_acceptable
from kg.worker_jobs import Answer, Job

PEEK_BYTES = 65_536
PEEK_SECONDS = 0.04
"""An answer is short if it has fewer bytes and is there so soon after its first ones."""
CUT_OFF = "\n!!! CUT OFF: {} !!!\n"
TRUNCATED = "Lagebild-Truncated"
LIMITS = "Lagebild-Limits"
FRESHNESS = "no-cache"
"""`Cache-Control` of every answer: it may be kept, and is to be asked for again by its tag."""
BEGUN = "lagebild.begun"
"""Where in the environ the gateway hands over the answer to a query that it has begun; see `kg.web.direct`."""


class BrokenAnswerError(Exception):
    """An answer that has begun and cannot be ended: the connection is to be broken off."""


def answer_job(job: Job, table: Choice | None, graph: Choice | None) -> Response:
    """Run a job whose answer, if it is one of rows or one of triples, is wanted in these formats.

    Raises:
        ProblemError: 406 where the answer is of the kind that is not wanted.
    """
    if (tag := _find_known(job, table, graph)) is not None:
        return finish(Response(status=304), tag)
    result = supervisor().queries_for(job).ask(job, request.environ.pop(BEGUN, None))
    choice = table if result.kind == "table" else graph
    if choice is None:
        result.close()
        raise not_acceptable(TABLES if result.kind == "table" else GRAPHS)
    body, is_all = result.begin(PEEK_BYTES, PEEK_SECONDS)
    tag = tag_of(result.snapshot, job, choice) if job.is_repeatable else ""
    if tag and is_known(tag):  # by `*`, which proves nothing: not before it is seen that the answer is no error
        result.close()
        return finish(Response(status=304), tag)
    response = Response(body if is_all else stream(body, result), content_type=choice.content_type)
    response.headers.update(describe(job.describe_limits(), result.truncated if is_all else ""))
    if job.is_repeatable and job.snapshot is None:
        mark(result.snapshot)
    return finish(response, tag)


def describe(limits: str, truncated: str) -> dict[str, str]:
    """Return the headers that say which limits an answer had, and whether one of them cut it."""
    return ({TRUNCATED: truncated} if truncated else {}) | {LIMITS: limits}


def tag_of(snapshot: str, job: Job, chosen: Choice) -> str:
    """Return the tag of an answer, which no other has: who names it has had this one, and it was no error."""
    return f"{snapshot}.{chosen.variant}.{job.digest}"


def _find_known(job: Job, *choices: Choice | None) -> str | None:
    """Return the tag of an answer that the client has already, so that the query need not be run again for it."""
    if not (job.is_repeatable and request.if_none_match) or request.if_none_match.star_tag:
        return None
    snapshot = job.snapshot or supervisor().snapshot()
    tags = [tag_of(snapshot, job, choice) for choice in choices if choice is not None]
    return next((tag for tag in tags if is_known(tag)), None)


def finish(response: Response, tag: str) -> Response:
    """Add what every answer carries; one that would be another the next time has no tag."""
    if tag:
        response.set_etag(tag, weak=True)
    response.headers["Cache-Control"] = FRESHNESS
    response.vary.add("Accept")
    return response


def stream(beginning: bytes, result: Answer) -> Iterator[bytes]:
    """Yield an answer; where it is cut off, end it with a line that says so, then break off the transfer."""
    try:
        yield beginning
        yield from result.chunks
        if result.truncated and not result.is_closed:
            yield CUT_OFF.format(f"this is {result.truncated}").encode()
            raise BrokenAnswerError(result.truncated)
    except QueryError as error:  # what lies between may hide that the connection breaks off, so the answer says it too
        yield CUT_OFF.format(error.message).encode()
        raise BrokenAnswerError(error.message) from error
    finally:
        result.close()
