"""The client of all measurements: one connection, kept open, and no more work than it must do."""

import socket
import time
from dataclasses import dataclass
from typing import Final

RECEIVE_BYTES: Final = 1 << 18


class RefusedError(Exception):
    """A server did not answer with 200."""


@dataclass(frozen=True, slots=True)
class Taken:
    """What came back for a request."""

    seconds: float
    """From the request's first byte to the answer's last."""
    body: bytes


class Line:
    """A connection that does no more than it must, so that what is measured is the server.

    A server may close a connection that was idle; the request is then sent again over a new one, and `opened` tells how
    often that was so.
    """

    def __init__(self, port: int, accept: str = "*/*", timeout: float = 120.0) -> None:
        self._port, self._accept, self._timeout = port, accept, timeout
        self._socket: socket.socket | None = None
        self._read_ahead = bytearray()
        self.opened = 0

    def take(self, path: str, accept: str = "") -> Taken:
        """Ask for `path`.

        Raises:
            OSError: the server cannot be reached, or closes the connection in the middle of an answer.
            RefusedError: the answer's status is not 200.
        """
        request = f"GET {path} HTTP/1.1\r\nHost: localhost:{self._port}\r\nAccept: {accept or self._accept}\r\n\r\n"
        was_open = self._socket is not None
        begin = time.perf_counter()
        try:
            status, body, stays = self._exchange(request.encode())
        except ConnectionError:
            self.close()
            if not was_open:
                raise
            status, body, stays = self._exchange(request.encode())
        seconds = time.perf_counter() - begin
        if not stays:
            self.close()
        if status != 200:
            raise RefusedError(f"{status} for {path[:100]}: {body[:200].decode(errors='replace')}")
        return Taken(seconds, body)

    def close(self) -> None:
        """Hang up."""
        if self._socket is not None:
            self._socket.close()
        self._socket = None
        self._read_ahead.clear()

    def _exchange(self, request: bytes) -> tuple[int, bytes, bool]:
        """Return status and body, and whether the connection stays open."""
        if self._socket is None:
            self._socket = socket.create_connection(("127.0.0.1", self._port), self._timeout)
            self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self.opened += 1
        self._socket.sendall(request)
        first, *lines = self._read_until(b"\r\n\r\n").decode("latin-1").split("\r\n")
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
        stays = headers.get("connection", "").lower() != "close"
        if headers.get("transfer-encoding", "").lower() == "chunked":
            body = self._read_chunks()
        elif "content-length" in headers:
            body = self._read(int(headers["content-length"]))
        else:
            body, stays = self._read_all(), False
        return int(first.split(" ")[1]), body, stays

    def _read_chunks(self) -> bytes:
        body = bytearray()
        while size := int(self._read_until(b"\r\n").partition(b";")[0], 16):
            body += self._read(size)
            self._read(2)
        while self._read_until(b"\r\n"):
            pass
        return bytes(body)

    def _read_until(self, mark: bytes) -> bytes:
        while (end := self._read_ahead.find(mark)) < 0:
            self._receive()
        data = bytes(self._read_ahead[:end])
        del self._read_ahead[: end + len(mark)]
        return data

    def _read(self, size: int) -> bytes:
        while len(self._read_ahead) < size:
            self._receive()
        data = bytes(self._read_ahead[:size])
        del self._read_ahead[:size]
        return data

    def _read_all(self) -> bytes:
        try:
            while True:
                self._receive()
        except ConnectionError:
            return bytes(self._read_ahead)

    def _receive(self) -> None:
        assert self._socket is not None
        part = self._socket.recv(RECEIVE_BYTES)
        if not part:
            raise ConnectionError("the server has closed the connection")
        self._read_ahead += part
