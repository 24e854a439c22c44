"""The connections of this process, which the HTTP server holds and gives no way to reach.

They are among the process's open files, where Linux lists them (proc(5)); elsewhere the functions find none.
"""

import asyncio
import fcntl
import os
import socket
import stat
import struct
import termios
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass

Address = tuple[str, int]
"""Of a client: host and port."""

LOOK_SECONDS = 5.0
"""Time between two looks at who takes its answers."""
LEAST_BYTES = 5_000
"""What a client takes at least from one look to the next, if there is something for it."""
PATIENCE = 6
"""Looks in a row at which it took less before its connection is broken off."""

_FILES = "/proc/self/fd"
_DISCARD = struct.pack("ii", 1, 0)
"""Value of SO_LINGER (socket(7)): what is left when the connection is closed is dropped."""
_COUNT = struct.Struct("=i")
_ACKED = struct.Struct("=Q")
_ACKED_AT = 120
"""Where `tcpi_bytes_acked` is in `struct tcp_info` (linux/tcp.h, since Linux 4.1)."""


def break_off(client: Address, port: int) -> None:
    """Shut the connection with a client down, so that its answer does not end as if it were whole.

    Args:
        client: the connection's far end.
        port: of its near end, whose host depends on the way that the client came.
    """
    for far, connection in _connections(port):
        if far == client:
            connection.shutdown(socket.SHUT_RDWR)
            return


def count_connections(port: int) -> int:
    """Return how many connections to a port of ours are open."""
    return sum(1 for _ in _connections(port))


def stop_accepting(listening: socket.socket) -> None:
    """Let no more connections in by this descriptor, though other processes go on listening to its socket.

    A socket that nobody knows takes its place, so that whoever accepts finds nothing there. Connections that were
    accepted before are left as they are.
    """
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as unknown:
        unknown.setblocking(False)
        unknown.bind("")  # the kernel finds a name (unix(7), autobind)
        unknown.listen(1)
        os.dup2(unknown.fileno(), listening.fileno(), inheritable=False)


@dataclass(frozen=True, slots=True)
class _Taking:
    """How a client takes its answers."""

    acked: int
    """Bytes that its system has acknowledged, so that no buffer on the way hides how slow it is."""
    slow: int = 0
    """Looks in a row at which it took too little."""


class SlowReaders:
    """Breaks off connections whose clients hardly take what is sent to them, since a part of an answer waits here."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._taking: dict[Address, _Taking] = {}

    async def watch(self) -> None:
        """Look again and again."""
        while True:
            await asyncio.sleep(LOOK_SECONDS)
            self.look()

    def look(self) -> None:
        """Look once."""
        before, self._taking = self._taking, {}
        for client, connection in _connections(self._port):
            with suppress(OSError):  # closed meanwhile
                if _waiting(connection):
                    self._taking[client] = _judge(before.get(client), connection)


def _judge(before: _Taking | None, connection: socket.socket) -> _Taking:
    acked = _acked(connection)
    if before is None or acked - before.acked >= LEAST_BYTES:
        return _Taking(acked)
    if before.slow + 1 >= PATIENCE:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _DISCARD)  # what it has not taken
        connection.shutdown(socket.SHUT_RDWR)
    return _Taking(acked, before.slow + 1)


def _waiting(connection: socket.socket) -> int:
    """Return how many bytes wait for the far end (tcp(7), SIOCOUTQ)."""
    found: int = _COUNT.unpack(fcntl.ioctl(connection.fileno(), termios.TIOCOUTQ, bytes(_COUNT.size)))[0]
    return found


def _acked(connection: socket.socket) -> int:
    found = connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, _ACKED_AT + _ACKED.size)
    acked: int = _ACKED.unpack_from(found, _ACKED_AT)[0]
    return acked


def _connections(port: int) -> Iterator[tuple[Address, socket.socket]]:
    """Yield the far end of each TCP connection to a port of ours, and a descriptor that is open until the next."""
    for name in os.listdir(_FILES) if os.path.isdir(_FILES) else ():  # noqa: PTH112, PTH208 - hot
        with suppress(OSError, ValueError, IndexError):  # closed meanwhile; a socket of another family has no port
            if not stat.S_ISSOCK(os.fstat(int(name)).st_mode):
                continue
            with socket.socket(fileno=os.dup(int(name))) as connection:
                if int(connection.getsockname()[1]) == port:
                    host, far_port = connection.getpeername()[:2]
                    yield (str(host), int(far_port)), connection
