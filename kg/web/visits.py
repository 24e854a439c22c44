"""A request on its way through the gateway: what was asked by whom, what was found out so far, what became of it.

Source: ASGI 3.0, HTTP.
"""

import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Protocol

from kg.web.cache import Asked
from kg.web.clients import find_client
from kg.web.direct import Question, Whole
from kg.web.exchanges import Message, Reply
from kg.web.problems import read_number
from kg.worker_jobs import Answer
from kg.worker_leases import Caller


@dataclass(slots=True)
class Record:
    """What became of a request."""

    id: str
    client: str
    method: str
    target: str
    started: float = field(default_factory=time.perf_counter)
    status: int = 0
    """0 where there was no answer, since the client had hung up."""
    sent: int = 0
    """Bytes of the body."""
    cached: bool = False
    whole: bool = False
    """Whether the answer came to its end."""
    seconds: float = 0.0


class Observer(Protocol):
    """Is told what became of each request."""

    def __call__(self, record: Record) -> None:
        """Take note."""


@dataclass(slots=True)
class Visit:
    """A request on its way through the gateway."""

    asked: Asked
    record: Record
    caller: Caller
    counted_as: str = ""
    """What its client is to be counted out as."""
    refusal: Exception | None = None
    """Why nothing is to be done for it."""
    reply: Reply | None = None
    """Its answer, if that was there at once."""
    question: Question | None = None
    begun: Answer | None = None
    """What a worker has begun to answer to the question."""
    whole: Whole | None = None
    """Its answer, if a worker gave that: it is to be kept."""


def receive_visit(scope: Message, proxies: frozenset[str]) -> Visit:
    """Return a request that has come in.

    Args:
        scope: the request as an ASGI application is told of it.
        proxies: addresses whose word is taken for who their client is.
    """
    headers = _read_headers(scope["headers"])
    query = scope["query_string"].decode("latin-1")
    target = scope["raw_path"].decode("latin-1")
    target = f"{target}?{query}" if query else target
    client = find_client(scope["client"][0], headers.get("x-forwarded-for", ""), proxies)
    record = Record(read_number(headers.get("x-request-id", "")), client, scope["method"], target)
    return Visit(Asked(record.method, target, headers), record, Caller(record.id))


def _read_headers(raw: Iterable[tuple[bytes, bytes]]) -> dict[str, str]:
    headers: dict[str, str] = {}
    for name, value in raw:
        key, text = name.decode("latin-1"), value.decode("latin-1")
        if key in headers:
            text = headers[key] + ("; " if key == "cookie" else ", ") + text
        headers[key] = text
    return headers
