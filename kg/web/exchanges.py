"""A request and its answer, as an ASGI application and as HTTP/1.1 see them.

Source: ASGI 3.0; RFC 9112, sections 6 and 7; RFC 9110, sections 6.4 and 10.1.1.
"""

import asyncio
import json
import logging
import time
import uuid
from collections.abc import Awaitable, Callable, Sequence
from email.utils import formatdate
from http import HTTPStatus
from typing import Any, NamedTuple, Protocol

MOST_AHEAD = 65_536
"""Bytes that are read before anybody wants them."""
_CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"
_LAST_CHUNK = b"0\r\n\r\n"
_CLOSE = (b"connection", b"close")
_STATUS_LINES = {each.value: f"HTTP/1.1 {each.value} {each.phrase}\r\n".encode() for each in HTTPStatus}
_BODILESS = frozenset({204, 304})
_REMEDIES = {
    400: "Send it as RFC 9112 has it.",
    408: "Send the head of a request in one go.",
    429: "Close some of your connections.",
    431: "Send fewer headers, or shorter ones.",
    501: "Send the body chunked, or with its length.",
    503: "Try again in a few seconds.",
}
"""What to do about a request that the application does not see."""
_TOO_MANY = frozenset({429, 503})
"""Where there are too many connections, or too many of one client."""

_log = logging.getLogger(__name__)

Message = dict[str, Any]
RawHeaders = Sequence[tuple[bytes, bytes]]
"""Headers as they go over the line, names in lower case."""
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Message, Receive, Send], Awaitable[None]]
"""An ASGI application."""


class Reply(NamedTuple):
    """A whole answer."""

    status: int
    headers: RawHeaders
    body: bytes
    afterwards: Callable[[], None] | None = None
    """What is left to be done once it has gone out: nobody waits for that."""


class ClientGoneError(OSError):
    """The client has hung up."""


class Line(Protocol):
    """The connection, as far as an exchange needs it."""

    @property
    def is_leaving(self) -> bool:
        """Whether it ends with the next answer."""

    def write(self, *parts: bytes) -> None:
        """Send."""

    async def drain(self) -> None:
        """Wait until the client has taken most of what was sent."""

    def pause_reading(self) -> None:
        """Read no more for the time being."""

    def resume_reading(self) -> None:
        """Read on."""

    def finish(self, exchange: "Exchange") -> None:
        """Go on after an answer."""

    def break_off(self, *, is_reset: bool = False) -> None:
        """End in the middle of an answer; by a reset where the end of the connection would be that of the answer."""


class Exchange:
    """A request and its answer."""

    def __init__(self, line: Line, scope: Message, *, keeps: bool, has_body: bool, expects: bool) -> None:
        self.scope = scope
        self.has_body = has_body
        self.is_read = not has_body
        """Whether the body has come in."""
        self.is_gone = False
        """Whether nobody is there any more for the answer."""
        self.is_done = False
        self.keeps = keeps
        """Whether the connection may stay open."""
        self._line = line
        self._expects = expects and has_body
        self._body = bytearray()
        self._is_given = False
        self._news: asyncio.Future[None] | None = None
        self._start: Message | None = None
        self._has_begun = self._is_chunked = False
        self._left: int | None = None
        """Bytes of the answer that were announced and not sent; None where none were."""

    async def run(self, app: App) -> None:
        """Have an application answer; one that returns before the end has the connection broken off."""
        failure: Reply | None = None
        try:
            await app(self.scope, self.receive, self.send)
        except ClientGoneError:
            return
        except Exception:  # whatever fails, the client gets a number that the log has
            failure = report_failure()
        if self._has_begun and not self.is_done:
            self._cut_off()
        elif not (self.is_done or self.is_gone):
            self.reply(failure or make_problem(500))

    def reply(self, reply: Reply) -> None:
        """Send a whole answer at once."""
        self._start = {"status": reply.status, "headers": reply.headers}
        self._send_body(reply.body, more=False)

    def refuse(self, reply: Reply) -> None:
        """Give up a request whose body cannot be read; say so if no answer has begun."""
        self.lose()
        if self._has_begun:
            self._cut_off()
        else:
            self.reply(reply)

    def take_in(self, part: bytes) -> None:
        """Add a part of the body."""
        self._body += part
        if len(self._body) > MOST_AHEAD:
            self._line.pause_reading()
        self._tell()

    def complete(self) -> None:
        """Say that the body has come in."""
        self.is_read = True
        self._tell()

    def lose(self) -> None:
        """Say that the client is gone."""
        self.is_gone = True
        self._tell()

    async def receive(self) -> Message:
        """Return the next part of the body, or that the client is gone."""
        if self._expects and not (self._body or self._has_begun):
            self._line.write(_CONTINUE)
        self._expects = False
        while not (self.is_gone or self._body or (self.is_read and not self._is_given)):
            self._news = asyncio.get_running_loop().create_future()
            await self._news
        if self.is_gone:
            return {"type": "http.disconnect"}
        body, self._body = bytes(self._body), bytearray()
        self._is_given = self.is_read
        self._line.resume_reading()
        return {"type": "http.request", "body": body, "more_body": not self.is_read}

    async def send(self, message: Message) -> None:
        """Send a part of the answer; return once the client has taken most of what was sent.

        Raises:
            ClientGoneError: there is nobody to send it to.
        """
        if self.is_gone:
            raise ClientGoneError
        if message["type"] == "http.response.start":
            self._start = message
        elif not self.is_done:
            self._send_body(message.get("body", b""), more=message.get("more_body", False))
            await self._line.drain()

    def _cut_off(self) -> None:
        self._line.break_off(is_reset=self._left is None and not self._is_chunked)

    def _tell(self) -> None:
        if self._news is not None and not self._news.done():
            self._news.set_result(None)

    def _send_body(self, body: bytes, *, more: bool) -> None:
        parts = []
        if self._start is not None:
            parts.append(self._make_head(self._start, None if more else len(body)))
            self._start, self._has_begun = None, True
        if self._is_chunked:
            parts += (b"%x\r\n" % len(body), body, b"\r\n") if body else ()
            parts += () if more else (_LAST_CHUNK,)
        elif self._left != 0:
            parts.append(body)
            self._left = None if self._left is None else self._left - len(body)
        self._line.write(*parts)
        if not more:
            self.is_done = True
            self.keeps = self.keeps and not self._left
            self._line.finish(self)

    def _make_head(self, start: Message, length: int | None) -> bytes:
        """Return the head of the answer, which settles how its end is told; `length` if all of it is there."""
        status, headers = start["status"], list(start["headers"])
        announced = next((int(value) for name, value in headers if name == b"content-length"), None)
        if self.scope["method"] == "HEAD" or status in _BODILESS:
            announced = 0
        elif announced is None and length is not None:
            announced = length
            headers.append((b"content-length", b"%d" % length))
        elif announced is None and self.scope["http_version"] == "1.1":
            self._is_chunked = True
            headers.append((b"transfer-encoding", b"chunked"))
        elif announced is None:
            self.keeps = False
        self._left = announced
        self.keeps = self.keeps and self.is_read and not self._line.is_leaving
        if not self.keeps:
            headers.append(_CLOSE)
        elif self.scope["http_version"] == "1.0":
            headers.append((b"connection", b"keep-alive"))
        return make_head(status, headers)


def make_head(status: int, headers: RawHeaders) -> bytes:
    """Return the head of an answer, with its date."""
    first = _STATUS_LINES.get(status) or b"HTTP/1.1 %d \r\n" % status
    return b"%bdate: %b\r\n%b\r\n\r\n" % (first, _date(), b"\r\n".join([b"%b: %b" % header for header in headers]))


def make_problem(status: int, number: uuid.UUID | None = None) -> Reply:
    """Return a problem document (RFC 9457) for a request that the application does not see, or has not answered.

    Args:
        status: the status of the answer.
        number: what the log has the reason under.
    """
    title = HTTPStatus(status).phrase
    problem: dict[str, object] = {"type": "about:blank", "title": title, "status": status}
    headers = [(b"content-type", b"application/problem+json")]
    if remedy := _REMEDIES.get(status):
        problem["remedy"] = remedy
    if status in _TOO_MANY:
        problem["limit"] = "connections"
        headers.append((b"retry-after", b"2"))
    if number is not None:
        problem["instance"] = number.urn
        headers.append((b"x-request-id", number.hex.encode()))
    return Reply(status, headers, json.dumps(problem).encode())


def report_failure() -> Reply:
    """Write down the exception that is being handled; return an answer with the number that the log has it under."""
    number = uuid.uuid4()
    _log.exception("%s: an answer failed", number.hex)
    return make_problem(500, number)


_dated = 0, b""


def _date() -> bytes:
    """Return the date for the header, which is the same for a second."""
    global _dated  # noqa: PLW0603 - each second once instead of with every answer
    now = int(time.time())
    if _dated[0] != now:
        _dated = now, formatdate(now, usegmt=True).encode()
    return _dated[1]
