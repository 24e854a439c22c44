"""The requests of a connection, read by llhttp, the parser of Node.js, within bounds of size.

Source: RFC 9112.
"""

from typing import Protocol

import httptools

from kg.web.exchanges import Exchange
from kg.web.heads import Head, frame_again

MOST_HEAD_BYTES = 400_000
"""Of the head of a request, which may hold a query, or of what follows its body."""
MOST_HEADERS = 100
MOST_HEADER_BYTES = 32_768
"""Of all headers: caches remember some of them, and none needs to be long."""


class Taker(Protocol):
    """The connection, as far as the reading of its requests needs it."""

    def make_exchange(self, head: Head, *, keeps: bool) -> Exchange:
        """Return a request that has begun to come in; `keeps` if the connection may stay open after it."""

    def admit(self, exchange: Exchange) -> None:
        """Answer a request in its turn; one with a body before that is there."""

    def refuse(self, status: int) -> None:
        """Read no more, and say why."""


class RequestParser:
    """Reads requests, and hands them on."""

    def __init__(self, taker: Taker) -> None:
        self._taker = taker
        self._parser = httptools.HttpRequestParser(self)
        self._url = b""
        self._headers: list[tuple[bytes, bytes]] = []
        self._header_bytes = 0
        self._offering: Exchange | None = None
        """A request with a body that offers another protocol, while the parser is led past that."""
        self._arriving: Exchange | None = None
        """The request that is coming in, once its head is there."""
        self._unused = 0
        """Bytes that came in since the last that were of use."""
        self.is_stopped = False
        """Whether nothing is read any more."""

    @property
    def is_amid(self) -> bool:
        """Whether a request has begun to come in and not ended."""
        return self._unused > 0

    def feed(self, data: bytes) -> bytes:
        """Read on; return what is to be read again, as it comes after the offer of another protocol."""
        self._unused += len(data)
        left = b""
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserUpgrade as stop:  # which is passed over (RFC 9110, section 7.8)
            left = data[stop.args[0] :]
            self._pass_over()
        except httptools.HttpParserError:
            self._refuse(400)
        if self._unused > MOST_HEAD_BYTES:
            self._refuse(431)
        return left

    def stop(self) -> Exchange | None:
        """Read no more; return the request that was coming in."""
        self.is_stopped = True
        arriving, self._arriving = self._arriving, None
        self._url, self._headers = b"", []  # the parser and this name each other, and are not collected at once
        return arriving

    # What llhttp says.

    def on_url(self, url: bytes) -> None:
        """Note a part of the target."""
        self._url += url

    def on_header(self, name: bytes, value: bytes) -> None:
        """Note a header; what follows a body is none."""
        if self._arriving is not None or self.is_stopped:
            return
        self._headers.append((name.lower(), value))
        self._header_bytes += len(name) + len(value)
        if len(self._headers) > MOST_HEADERS or self._header_bytes > MOST_HEADER_BYTES:
            self._refuse(431)

    def on_headers_complete(self) -> None:
        """Take a request in; one with a body is begun before that is there."""
        target, headers, self._url, self._headers, self._header_bytes = self._url, self._headers, b"", [], 0
        exchange, self._offering = self._offering, None
        if self.is_stopped:
            return
        if exchange is None:
            head = Head(self._parser.get_method().decode("ascii"), target, self._parser.get_http_version(), headers)
            if fault := head.find_fault():
                self._refuse(fault)
                return
            keeps = self._parser.should_keep_alive() and head.method != "CONNECT"
            exchange = self._taker.make_exchange(head, keeps=keeps)
            if exchange.has_body and self._parser.should_upgrade():
                self._offering = exchange
                return
        self._arriving = exchange
        if exchange.has_body:
            self._taker.admit(exchange)

    def on_body(self, body: bytes) -> None:
        """Take in a part of a body."""
        self._unused = 0
        if self._arriving is not None:
            self._arriving.take_in(body)

    def on_message_complete(self) -> None:
        """Note the end of a request."""
        self._unused = 0
        exchange, self._arriving = self._arriving, None
        if exchange is None:
            return
        if exchange.has_body:
            exchange.complete()
        else:
            self._taker.admit(exchange)

    # Its own steps.

    def _pass_over(self) -> None:
        """Have the parser read on as if no other protocol had been offered; it would take a body for that protocol."""
        self._parser = httptools.HttpRequestParser(self)
        if self._offering is not None:
            self._parser.feed_data(frame_again(self._offering.scope["headers"]))

    def _refuse(self, status: int) -> None:
        if not self.is_stopped:
            self._taker.refuse(status)
