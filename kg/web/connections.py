"""The HTTP server: takes connections from a socket, keeps them within bounds, and lets them end when it leaves."""

import asyncio
import fcntl
import logging
import select
import socket
import struct
import termios
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

from kg.web.exchanges import App, Message, Reply
from kg.web.guardian import BACKLOG
from kg.web.http1 import DISCARD, Connection

SPARE = 64
"""Connections too many that are told so; what comes beyond them is closed, since each takes a file that others need."""
LOOK_SECONDS = 1.0
"""Time between two looks at who takes too long."""
READERS_EVERY = 5
"""Every so many looks it is also seen who takes the answers."""
LEAST_BYTES = 5_000
"""What a client takes at least from one such look to the next, if there is something for it."""
PATIENCE = 6
"""Looks in a row at which it took less before its connection is broken off."""
LEAVE_SECONDS = 1.0
"""Time that a connection has to bring its request when the server leaves."""
_LEAVING_LOOK = 0.02

_COUNT = struct.Struct("=i")
_ACKED = struct.Struct("=Q")
_ACKED_AT = 120
"""Where `tcpi_bytes_acked` is in `struct tcp_info` (linux/tcp.h, since Linux 4.1)."""

_log = logging.getLogger(__name__)


class HttpServer:
    """Serves an ASGI application from a socket that listens."""

    def __init__(
        self,
        app: App,
        listening: socket.socket,
        *,
        most: int,
        most_each: int = 0,
        name_peer: Callable[[str], str] = str,
        at_once: Callable[[Message], Reply | None] | None = None,
    ) -> None:
        """Make a server.

        Args:
            app: answers what `at_once` does not.
            listening: other processes may listen to it too.
            most: how many connections there may be; one more is told so.
            most_each: how many of them one client may have; 0 for as many as there are.
            name_peer: returns what an address counts as; empty for one that may have as many as there are.
            at_once: answers a request without a body where that needs hardly any waiting.
        """
        self.app, self.at_once = app, at_once
        self.connections: set[Connection] = set()
        self.tasks: set[asyncio.Task[None]] = set()
        self.is_leaving = False
        self._listening = listening
        self._most, self._most_each = most, most_each
        self._name_peer = name_peer
        self._names: dict[Connection, str] = {}
        self._counts: Counter[str] = Counter()
        self._taking: dict[Connection, Taking] = {}

    async def run(self, told: asyncio.Event) -> None:
        """Serve until told to stop; return when all that has come in until then is answered."""
        loop = asyncio.get_running_loop()
        server = await loop.create_server(lambda: Connection(self), sock=self._listening, backlog=BACKLOG)
        watch = loop.create_task(self._watch())
        await told.wait()
        self.is_leaving = True
        server.close()
        deadline = loop.time() + LEAVE_SECONDS
        await asyncio.sleep(_LEAVING_LOOK)
        while self.connections or self.tasks:
            if loop.time() > deadline:
                for connection in [each for each in self.connections if each.is_idle]:
                    connection.break_off()
            await asyncio.sleep(_LEAVING_LOOK)
        watch.cancel()

    def count_in(self, connection: Connection, peer: str) -> int | None:
        """Return the status by which a connection is refused; 0 where it is not, None where it gets no answer."""
        name = self._name_peer(peer)
        self.connections.add(connection)
        self._names[connection] = name
        self._counts[name] += 1
        over = len(self.connections) - self._most
        over_each = self._counts[name] - self._most_each if name and self._most_each else 0
        if max(over, over_each) > SPARE:
            return None
        return 503 if over > 0 else 429 if over_each > 0 else 0

    def count_out(self, connection: Connection) -> None:
        """Take note that a connection has ended."""
        self.connections.discard(connection)
        name = self._names.pop(connection, None)
        if name is not None:
            self._counts[name] -= 1
            if not self._counts[name]:
                del self._counts[name]

    def look_for_the_gone(self) -> None:
        """End connections that are not read from, and whose clients have hung up."""
        for connection in [each for each in self.connections if each.is_paused]:
            with suppress(OSError, ValueError):  # closed meanwhile
                if has_hung_up(connection.transport.get_extra_info("socket")):
                    connection.transport.abort()

    def look_at_readers(self) -> None:
        """Break off connections whose clients hardly take what is sent to them, since a part of it waits here."""
        before, self._taking = self._taking, {}
        for connection in list(self.connections):
            near = connection.transport.get_extra_info("socket")
            with suppress(OSError, ValueError):  # closed meanwhile
                taking = judge(before.get(connection), near)
                if taking is not None:
                    self._taking[connection] = taking
                if taking is not None and taking.slow >= PATIENCE:
                    near.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, DISCARD)
                    connection.transport.abort()

    async def _watch(self) -> None:
        loop, number = asyncio.get_running_loop(), 0
        while True:
            await asyncio.sleep(LOOK_SECONDS)
            number += 1
            try:
                self.look_for_the_gone()
                for connection in list(self.connections):
                    connection.look(loop.time())
                if number % READERS_EVERY == 0:
                    self.look_at_readers()
            except Exception:  # else no connection would be looked at ever again
                _log.exception("a look at the connections failed")


@dataclass(frozen=True, slots=True)
class Taking:
    """How a client takes its answers."""

    acked: int
    """Bytes that its system has acknowledged, so that no buffer on the way hides how slow it is."""
    slow: int = 0
    """Looks in a row at which it took too little."""


def has_hung_up(near: socket.socket) -> bool:
    """Tell whether the far end of a connection has closed it, though there may be something to read before that."""
    poll = select.poll()
    poll.register(near.fileno(), select.POLLRDHUP)
    return bool(poll.poll(0))


def judge(before: Taking | None, near: socket.socket) -> Taking | None:
    """Return how the far end of a connection takes what is sent to it; None where nothing waits for it.

    Args:
        before: what this returned at the last look.
        near: our end.

    Raises:
        OSError: the connection is closed.
    """
    if not _COUNT.unpack(fcntl.ioctl(near.fileno(), termios.TIOCOUTQ, bytes(_COUNT.size)))[0]:  # tcp(7), SIOCOUTQ
        return None
    found = near.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, _ACKED_AT + _ACKED.size)
    acked: int = _ACKED.unpack_from(found, _ACKED_AT)[0]
    if before is None or acked - before.acked >= LEAST_BYTES:
        return Taking(acked)
    return Taking(acked, before.slow + 1)
