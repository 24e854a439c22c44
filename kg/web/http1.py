"""HTTP/1.1 over one connection: requests are answered in their turn, within bounds of time and of what is held.

What can be answered at once is answered where it is read, without a task and without another thread; the rest goes to
an ASGI application. Requests that are sent ahead wait until those before are answered, and the client has taken that.

Source: RFC 9112.
"""

import asyncio
import socket
import struct
from collections import deque
from collections.abc import Callable
from typing import Protocol, cast

from kg.web.exchanges import MOST_AHEAD, App, Exchange, Message, Reply, make_problem, report_failure
from kg.web.heads import Head
from kg.web.request_parser import RequestParser

READ_BYTES = 8_192
"""What is read at once, so that a client that sends thousands of requests ahead has few of them taken in."""
HEAD_SECONDS = 15.0
"""Time that a client has for the head of a request, and that a connection stays open for the next."""
LINGER_SECONDS = 2.0
"""Time that a client has to see an answer that came before it had sent all: closed at once, it could lose that."""
DISCARD = struct.pack("ii", 1, 0)
"""Value of SO_LINGER (socket(7)): what is left when the connection is closed is dropped, and it is reset."""
_NO_SCOPE: Message = {"method": "GET", "http_version": "1.1"}


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
        self._requests = RequestParser(self)
        self._current: Exchange | None = None
        """The one that is being answered."""
        self._queue: deque[Exchange] = deque()
        self._held = bytearray()
        """What came in and is to be read after what is in progress."""
        self._waits_since = self._loop.time()
        self.is_paused = False
        """Whether nothing is read for the time being, not even that the client has hung up."""
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
            self.refuse(refusal)

    def connection_lost(self, _: Exception | None) -> None:
        """End."""
        self._host.count_out(self)
        self._requests.stop()
        for exchange in (self._current, *self._queue):
            if exchange is not None:
                exchange.lose()
        self._queue.clear()
        self._held.clear()
        self._can_write.set()

    def data_received(self, data: bytes) -> None:
        """Read on, or keep for later what is sent ahead."""
        if self._requests.is_stopped:
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

    def make_exchange(self, head: Head, *, keeps: bool) -> Exchange:
        """Return a request that has begun to come in; `keeps` if the connection may stay open after it."""
        scope = head.make_scope(self._client, self._server)
        return Exchange(self, scope, keeps=keeps, has_body=head.has_body, expects=head.expects_continue)

    def admit(self, exchange: Exchange) -> None:
        """Answer a request in its turn; one with a body before that is there."""
        if self.is_idle and self._can_write.is_set():
            self._begin(exchange)
        else:
            self._queue.append(exchange)

    def refuse(self, status: int) -> None:
        """Read no more, and say why, once what came before is answered; a request that breaks off is not answered."""
        arriving = self._requests.stop()
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
        self._requests.stop()
        self._queue.clear()
        self.transport.close()

    # What the server says.

    def look(self, now: float) -> None:
        """End if the client has taken too long to send the head of a request."""
        waited = now - self._waits_since
        if not self.is_idle or waited <= (LINGER_SECONDS if self._requests.is_stopped else HEAD_SECONDS):
            return
        if self._requests.is_amid and not self._requests.is_stopped:
            self.refuse(408)
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
        return not (self._requests.is_stopped or self._queue or (self._current is not None and self._current.is_read))

    def _parse(self, data: bytes) -> None:
        self._held[:0] = self._requests.feed(data)

    def _begin(self, exchange: Exchange) -> None:
        self._current = exchange
        if exchange.is_read and (reply := self._answer_at_once(exchange.scope)) is not None:
            exchange.reply(reply)
            if reply.afterwards is not None:
                self._loop.call_soon(reply.afterwards)  # uvloop writes before
            return
        task = self._loop.create_task(exchange.run(self._host.app))
        self._host.tasks.add(task)
        task.add_done_callback(self._host.tasks.discard)

    def _answer_at_once(self, scope: Message) -> Reply | None:
        try:
            return self._host.at_once(scope) if self._host.at_once else None
        except Exception:  # likewise: the client gets a number that the log has
            return report_failure()

    def _linger(self) -> None:
        """Say that nothing more comes, and let the client say so too."""
        self._requests.stop()
        self._held.clear()
        self.resume_reading()
        if not self.transport.is_closing():
            self.transport.write_eof()


def _name_end(end: tuple[str, int]) -> tuple[str, int]:
    """Return address and port of an end of a connection; one of IPv4 that came over IPv6 (RFC 4291) as that of IPv4."""
    address, port = end[:2]
    return address.removeprefix("::ffff:") if "." in address else address, port
