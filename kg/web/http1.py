"""HTTP/1.1 over one connection: requests are read by llhttp, the parser of Node.js, within bounds of size and time.

What can be answered at once is answered where it is read, without a task and without another thread; the rest goes to
an ASGI application. Requests that are sent ahead wait until those before are answered, and the client has taken that.

Source: RFC 9112.
"""

import asyncio
import logging
import socket
import struct
from collections import deque
from collections.abc import Callable
from typing import Protocol, cast

import httptools

from kg.web.exchanges import MOST_AHEAD, App, Exchange, Message, Reply, make_problem
from kg.web.heads import Head, frame_again

MOST_HEAD_BYTES = 400_000
"""Of the head of a request, which may hold a query, or of what follows its body."""
MOST_HEADERS = 100
MOST_HEADER_BYTES = 32_768
"""Of all headers: caches remember some of them, and none needs to be long."""
READ_BYTES = 8_192
"""What is read at once, so that a client that sends thousands of requests ahead has few of them taken in."""
HEAD_SECONDS = 15.0
"""Time that a client has for the head of a request, and that a connection stays open for the next."""
LINGER_SECONDS = 2.0
"""Time that a client has to see an answer that came before it had sent all: closed at once, it could lose that."""
DISCARD = struct.pack("ii", 1, 0)
"""Value of SO_LINGER (socket(7)): what is left when the connection is closed is dropped, and it is reset."""
_NO_SCOPE: Message = {"method": "GET", "http_version": "1.1"}

_log = logging.getLogger(__name__)


class Host(Protocol):
    """The server that a connection belongs to."""

    app: App
    at_once: Callable[[Message], Reply | None] | None
    """Answers a request without a body, if that needs hardly any waiting."""
    tasks: set[asyncio.Task[None]]
    is_leaving: bool
    """Whether every connection ends with its next answer."""

    def count_in(self, connection: "Connection", peer: str) -> int | None:
        """Return the status by which a connection is refused; 0 where it is not, None where it gets no answer."""

    def count_out(self, connection: "Connection") -> None:
        """Take note that a connection has ended."""


class Connection(asyncio.Protocol):
    """A client's connection."""

    def __init__(self, host: Host) -> None:
        self._host = host
        self._loop = asyncio.get_running_loop()
        self._parser = httptools.HttpRequestParser(self)
        self._url = b""
        self._headers: list[tuple[bytes, bytes]] = []
        self._header_bytes = 0
        self._offering: Exchange | None = None
        """A request with a body that offers another protocol, while the parser is led past that."""
        self._arriving: Exchange | None = None
        """The request that is coming in, once its head is there."""
        self._current: Exchange | None = None
        """The one that is being answered."""
        self._queue: deque[Exchange] = deque()
        self._held = bytearray()
        """What came in and is to be read after what is in progress."""
        self._unused = 0
        """Bytes that came in since the last that were of use."""
        self._waits_since = self._loop.time()
        self.is_paused = False
        """Whether nothing is read for the time being, not even that the client has hung up."""
        self._is_deaf = False
        """Whether it reads no more."""
        self._is_going_on = False
        self._can_write = asyncio.Event()
        self._can_write.set()

    @property
    def is_leaving(self) -> bool:
        """Whether it ends with its next answer."""
        return self._host.is_leaving

    @property
    def is_idle(self) -> bool:
        """Whether it has no request to answer."""
        return self._current is None and not self._queue

    # What the event loop says.

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin."""
        self.transport = cast("asyncio.Transport", transport)
        ends = transport.get_extra_info("peername"), transport.get_extra_info("sockname")
        if not all(ends):  # it has gone again
            self.transport.abort()
            return
        self._client, self._server = map(_name_end, ends)
        refusal = self._host.count_in(self, self._client[0])
        if refusal is None:
            self.transport.abort()
        elif refusal:
            self._refuse(refusal)

    def connection_lost(self, _: Exception | None) -> None:
        """End."""
        self._host.count_out(self)
        self._is_deaf = True
        for exchange in (self._current, *self._queue):
            if exchange is not None:
                exchange.lose()
        self._queue.clear()
        self._held.clear()
        self._url, self._headers = b"", []  # the parser and this name each other, and are not collected at once
        self._can_write.set()

    def data_received(self, data: bytes) -> None:
        """Read on, or keep for later what is sent ahead."""
        if self._is_deaf:
            return
        if self._held or not self._reads_on:
            self._held += data
            if len(self._held) > MOST_AHEAD:
                self.pause_reading()
        else:
            self._go_on(data)

    def eof_received(self) -> None:
        """Stop what is done for the client; what was sent to it still goes out."""
        if self._current is not None:
            self._current.lose()

    def pause_writing(self) -> None:
        """Wait for the client."""
        self._can_write.clear()

    def resume_writing(self) -> None:
        """Go on."""
        self._can_write.set()
        self._go_on()

    # What the parser says.

    def on_url(self, url: bytes) -> None:
        """Note a part of the target."""
        self._url += url

    def on_header(self, name: bytes, value: bytes) -> None:
        """Note a header; what follows a body is none."""
        if self._arriving is not None or self._is_deaf:
            return
        self._headers.append((name.lower(), value))
        self._header_bytes += len(name) + len(value)
        if len(self._headers) > MOST_HEADERS or self._header_bytes > MOST_HEADER_BYTES:
            self._refuse(431)

    def on_headers_complete(self) -> None:
        """Take a request in; one with a body is begun before that is there."""
        target, headers, self._url, self._headers, self._header_bytes = self._url, self._headers, b"", [], 0
        offering, self._offering = self._offering, None
        if self._is_deaf:
            return
        if offering is not None:
            self._arriving = offering
            self._admit(offering)
            return
        head = Head(self._parser.get_method().decode("ascii"), target, self._parser.get_http_version(), headers)
        if fault := head.find_fault():
            self._refuse(fault)
            return
        exchange = Exchange(
            self,
            head.make_scope(self._client, self._server),
            keeps=self._parser.should_keep_alive() and head.method != "CONNECT",
            has_body=head.has_body,
            expects=head.expects_continue,
        )
        if exchange.has_body and self._parser.should_upgrade():
            self._offering = exchange
            return
        self._arriving = exchange
        if exchange.has_body:
            self._admit(exchange)

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
            self._admit(exchange)

    # What an exchange says.

    def write(self, *parts: bytes) -> None:
        """Send."""
        if not self.transport.is_closing():
            self.transport.write(parts[0] if len(parts) == 1 else b"".join(parts))

    async def drain(self) -> None:
        """Wait until the client has taken most of what was sent."""
        if not self._can_write.is_set():
            await self._can_write.wait()

    def pause_reading(self) -> None:
        """Read no more for the time being."""
        if not self.transport.is_closing():
            self.is_paused = True
            self.transport.pause_reading()

    def resume_reading(self) -> None:
        """Read on."""
        if not self.transport.is_closing():
            self.is_paused = False
            self.transport.resume_reading()

    def finish(self, exchange: Exchange) -> None:
        """Go on with the next request, or end."""
        self._current, self._waits_since = None, self._loop.time()
        if exchange.keeps:
            self._go_on()
        elif exchange.is_read:
            self.break_off()
        else:
            self._linger()

    def break_off(self, *, is_reset: bool = False) -> None:
        """End, once what was sent has gone out; by a reset if the client is not to take that for a whole answer."""
        if is_reset and not self.transport.is_closing():
            self.transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, DISCARD)
        self._is_deaf = True
        self._queue.clear()
        self.transport.close()

    # What the server says.

    def look(self, now: float) -> None:
        """End if the client has taken too long to send the head of a request."""
        waited = now - self._waits_since
        if not self.is_idle or waited <= (LINGER_SECONDS if self._is_deaf else HEAD_SECONDS):
            return
        if self._unused and not self._is_deaf:
            self._refuse(408)
        else:
            self.break_off()

    # Its own steps.

    def _go_on(self, data: bytes = b"") -> None:
        """Read what has come in, and turn to what is next, as far as nothing has to be waited for."""
        if self._is_going_on:  # by what it has begun itself
            return
        self._is_going_on = True
        if len(data) > READ_BYTES:
            self._held += data[READ_BYTES:]
        if data:
            self._parse(data[:READ_BYTES])
        while True:
            if self._queue and self._current is None and self._can_write.is_set():
                self._begin(self._queue.popleft())
            elif self._held and self._reads_on:
                part = bytes(self._held[:READ_BYTES])
                del self._held[:READ_BYTES]
                if not self._held:
                    self.resume_reading()
                self._parse(part)
            else:
                break
        self._is_going_on = False

    @property
    def _reads_on(self) -> bool:
        """Whether what comes in belongs to the request that is being answered, or there is none to be answered."""
        return not (self._is_deaf or self._queue or (self._current is not None and self._current.is_read))

    def _parse(self, data: bytes) -> None:
        self._unused += len(data)
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserUpgrade as stop:  # which is passed over (RFC 9110, section 7.8)
            self._held[:0] = data[stop.args[0] :]
            self._pass_over()
        except httptools.HttpParserError:
            if not self._is_deaf:
                self._refuse(400)
        if self._unused > MOST_HEAD_BYTES and not self._is_deaf:
            self._refuse(431)

    def _pass_over(self) -> None:
        """Have the parser read on as if no other protocol had been offered; it would take a body for that protocol."""
        self._parser = httptools.HttpRequestParser(self)
        if self._offering is not None:
            self._parser.feed_data(frame_again(self._offering.scope["headers"]))

    def _admit(self, exchange: Exchange) -> None:
        if self.is_idle and self._can_write.is_set():
            self._begin(exchange)
        else:
            self._queue.append(exchange)

    def _begin(self, exchange: Exchange) -> None:
        self._current = exchange
        if exchange.is_read and (reply := self._answer_at_once(exchange.scope)) is not None:
            exchange.reply(reply)
            return
        task = self._loop.create_task(exchange.run(self._host.app))
        self._host.tasks.add(task)
        task.add_done_callback(self._host.tasks.discard)

    def _answer_at_once(self, scope: Message) -> Reply | None:
        try:
            return self._host.at_once(scope) if self._host.at_once else None
        except Exception:
            _log.exception("an answer failed")
            return make_problem(500)

    def _refuse(self, status: int) -> None:
        """Read no more, and say why, once what came before is answered; a request that breaks off is not answered."""
        self._is_deaf = True
        arriving, self._arriving = self._arriving, None
        if arriving is not None and arriving in self._queue:
            self._queue.remove(arriving)
        last = self._queue[-1] if self._queue else self._current
        if last is not None and last is arriving:
            last.refuse(make_problem(status))
        elif last is not None:
            last.keeps = False
        else:
            refused = Exchange(self, _NO_SCOPE, keeps=False, has_body=True, expects=False)
            refused.reply(make_problem(status))

    def _linger(self) -> None:
        """Say that nothing more comes, and let the client say so too."""
        self._is_deaf = True
        self._held.clear()
        self.resume_reading()
        if not self.transport.is_closing():
            self.transport.write_eof()


def _name_end(end: tuple[str, int]) -> tuple[str, int]:
    """Return address and port of an end of a connection; one of IPv4 that came over IPv6 (RFC 4291) as that of IPv4."""
    address, port = end[:2]
    return address.removeprefix("::ffff:") if "." in address else address, port
