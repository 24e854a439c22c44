"""Quick answers to plain queries: at the door, without a thread and without the application.

A lookup takes the engine a fifth of a millisecond and the application three times that. So a GET of /sparql that is no
more than a query is handed to a worker by the gateway itself, and where the whole answer is there within a moment, it
goes out as the application would send it; a lookup of one pattern needs no worker either. What is out of the common
takes the long way, which knows all of HTTP: other methods and parameters, conditions, tokens, errors. An answer that is
long or takes long is begun here all the same, and the application goes on with it.
"""

import asyncio
import os
from functools import lru_cache
from typing import Final, NamedTuple

from kg.errors import LagebildError
from kg.lookups import Found, Lookups, is_lookup
from kg.settings import Settings
from kg.web import cors, encoding
from kg.web.answers import FRESHNESS, PEEK_BYTES, describe, tag_of
from kg.web.cache import Asked
from kg.web.context import PROTECTION
from kg.web.jobs import make_job
from kg.web.limits import check_length, check_query, read_limits
from kg.web.negotiation import GRAPHS, HTML, TABLES, Choice, by_name, negotiate
from kg.web.problems import ProblemError
from kg.web.protocol import Operation, parse_form
from kg.web.querytext import PLAIN
from kg.worker_jobs import Answer, Job
from kg.worker_leases import CALLER, Caller
from kg.workers import Supervisor

PATH: Final = "/sparql?"
MOST_CHARS: Final = 8_000
"""Of the request's target: to read a longer query would keep other requests waiting."""
PATIENCE: Final = 0.02
"""Seconds that the gateway waits for a whole answer."""
_PARAMETERS: Final = frozenset({"query", "format", "timeout", "max-rows", "max-bytes"})
_UNCOMMON: Final = frozenset({"authorization", "if-none-match", "if-match", "range"})
"""Headers that ask for more than an answer."""


class Question(NamedTuple):
    """A query with the formats in which its answer is wanted, if it is one of rows or one of triples."""

    job: Job
    table: Choice | None
    graph: Choice | None
    is_lookup: bool
    """Whether it needs no process of its own."""


class Whole(NamedTuple):
    """A whole answer with status 200."""

    headers: tuple[tuple[str, str], ...]
    """All but the length and the tag: many answers have these."""
    tag: str
    """The value of ETag, if it has one."""
    body: bytes
    snapshot: str
    """The snapshot that it is of; empty where it is not to be kept."""


class DirectQueries:
    """Answers plain queries in the event loop's thread."""

    def __init__(self, supervisor: Supervisor, lookups: Lookups, settings: Settings, base_iri: str) -> None:
        self._supervisor = supervisor
        self._lookups = lookups
        self._settings = settings
        self._base_iri = base_iri
        self._usual_limits = read_limits((), settings)

    def read(self, asked: Asked) -> Question | None:
        """Return the query of a request; None where it is out of the common."""
        target, headers = asked.target, asked.headers
        is_common = asked.method == "GET" and target.startswith(PATH) and _UNCOMMON.isdisjoint(headers)
        if not is_common or len(target) > MOST_CHARS:
            return None
        try:
            parameters = parse_form(target.removeprefix(PATH).encode("latin-1"))
            named = dict(parameters)
            query, name = named.get("query"), named.get("format")
            if not query or len(named) < len(parameters) or not named.keys() <= _PARAMETERS:
                return None
            lookup = is_lookup(query)
            if lookup:
                check_length(query, self._settings)
            elif check_query(query, self._settings):
                return None  # it calls other endpoints
            limits = self._usual_limits if len(named) == 1 else read_limits(parameters, self._settings)
        except (ProblemError, LagebildError):
            return None
        table, graph, is_page = _choose(name, headers.get("accept"))
        if is_page:
            return None
        operation = Operation(query, format=name, limits=limits)
        job = make_job(operation, table, graph, self._base_iri, PLAIN if lookup else None)
        return Question(job, table, graph, lookup)

    def look_up(self, asked: Asked, question: Question) -> Whole | None:
        """Return the answer to a lookup, without a worker; None where that is for a worker."""
        found = self._lookups.find(question.job) if question.is_lookup else None
        if found is None or question.table is None:
            return None
        self._supervisor.queries.counts["answered"] += 1
        return self._wrap(asked, question, question.table, found)

    def begin(self, question: Question, caller: Caller) -> Answer | None:
        """Hand a query to a worker that is free; None where none is, or it cannot be had."""
        token = CALLER.set(caller)
        try:
            return self._supervisor.begin(question.job)
        except LagebildError:  # the application meets the same, and says it
            return None
        finally:
            CALLER.reset(token)

    async def finish(self, asked: Asked, question: Question, answer: Answer) -> Whole | None:
        """Return an answer that is whole within a moment; None where it is not, and the application is to go on."""
        loop = asyncio.get_running_loop()
        deadline = loop.time() + PATIENCE
        while not answer.poll(PEEK_BYTES) and await _is_readable(loop, answer.descriptor, deadline - loop.time()):
            pass
        return self.make_whole(asked, question, answer)

    def make_whole(self, asked: Asked, question: Question, answer: Answer) -> Whole | None:
        """Return an answer that is all there; None where it is not."""
        choice = question.table if answer.kind == "table" else question.graph
        if not answer.is_whole or choice is None:
            return None
        body = answer.begin(PEEK_BYTES, 0.0)[0]
        return self._wrap(asked, question, choice, Found(body, answer.truncated, answer.snapshot))

    def _wrap(self, asked: Asked, question: Question, choice: Choice, found: Found) -> Whole:
        """Return an answer as it is sent."""
        body = found.body
        name = encoding.choose(asked.headers.get("accept-encoding", "")) if len(body) >= encoding.LEAST_BYTES else None
        if name is not None and not encoding.is_textual(choice.content_type):
            name = None
        if name is not None:
            body = encoding.compress_bytes(body, name)
        headers = _describe(
            choice,
            question.job.describe_limits(),
            found.truncated,
            name,
            origin=asked.headers.get("origin"),
            origins=self._settings.cors_origins,
        )
        if not question.job.is_repeatable:
            return Whole(headers, "", body, "")
        tag = f'W/"{tag_of(found.snapshot, question.job, choice)}"'
        return Whole(headers, tag, body, found.snapshot)


@lru_cache(maxsize=256)
def _choose(name: str | None, accept: str | None) -> tuple[Choice | None, Choice | None, bool]:
    """Return the formats of an answer of rows and of one of triples, and whether neither but a page is wanted."""
    choice, table, graph = (
        by_name(name, each) if name else negotiate(accept, each) for each in ((*TABLES, *GRAPHS, HTML), TABLES, GRAPHS)
    )
    return table, graph, choice is None or choice.format is HTML


@lru_cache(maxsize=256)
def _describe(
    choice: Choice,
    limits: str,
    truncated: str,
    encoded: str | None,
    *,
    origin: str | None,
    origins: str,
) -> tuple[tuple[str, str], ...]:
    """Return the headers of an answer, all but its length and its tag: most answers have those of another."""
    varies = {
        "Accept": True,
        "Accept-Encoding": encoding.is_textual(choice.content_type),
        "Origin": cors.is_selective(origins),
    }
    headers = {
        "Content-Type": choice.content_type,
        "Cache-Control": FRESHNESS,
        "Vary": ", ".join(name for name, does in varies.items() if does),
        **PROTECTION,
        **describe(limits, truncated),
        **cors.headers_for(origin, origins),
        **({"Content-Encoding": encoded} if encoded else {}),
    }
    return tuple(headers.items())


async def _is_readable(loop: asyncio.AbstractEventLoop, descriptor: int, seconds: float) -> bool:
    """Wait until there is something to read."""
    ready: asyncio.Future[bool] = loop.create_future()

    def settle(found: bool) -> None:
        if not ready.done():
            ready.set_result(found)

    loop.add_reader(descriptor, settle, True)
    timer = loop.call_later(seconds, settle, False)
    try:
        return await ready
    finally:
        timer.cancel()
        loop.remove_reader(descriptor)
        os.set_blocking(descriptor, True)  # uvloop has changed that, and threads wait for what comes next
