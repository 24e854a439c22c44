"""The HTTP server in a thread, with an application that answers as the path says."""

import asyncio
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import uvloop

from kg.web.connections import HttpServer
from kg.web.exchanges import Message, Receive, Reply, Send

HOST = b"Host: example.org\r\n"


async def app(scope: Message, receive: Receive, send: Send) -> None:
    """Answer as the path says."""
    path = scope["raw_path"]
    headers = [(b"x-target", scope["raw_path"] + b"?" + scope["query_string"])]
    if path == b"/fail":
        raise ValueError("a secret")
    body = scope["method"].encode() + b" "
    if path == b"/ignore-and-watch":
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": body, "more_body": True})
        await receive()
        await send({"type": "http.response.body", "body": b"end", "more_body": True})
        await receive()
        return
    if path != b"/ignore":
        more = True
        while more:
            message = await receive()
            if message["type"] == "http.disconnect":
                return
            body += message["body"]
            more = message["more_body"]
    if path == b"/slow":
        await asyncio.sleep(0.02)
    if path == b"/short":
        headers.append((b"content-length", b"1000"))
    await send({"type": "http.response.start", "status": 204 if path == b"/none" else 200, "headers": headers})
    if path in {b"/stream", b"/broken"}:
        await send({"type": "http.response.body", "body": body, "more_body": True})
    if path == b"/endless":
        while True:
            await send({"type": "http.response.body", "body": b"x" * 65_536, "more_body": True})
    if path != b"/broken":
        await send({"type": "http.response.body", "body": b"end" if path == b"/stream" else body})


def at_once(scope: Message) -> Reply | None:
    if scope["raw_path"] == b"/quick":
        return Reply(200, [(b"x-quick", b"1")], scope["query_string"])
    if scope["raw_path"] == b"/quick-fail":
        raise ValueError("a secret")
    return None


class Running:
    """A server in a thread."""

    def __init__(self, most: int, most_each: int = 0) -> None:
        self.listening = socket.create_server(("127.0.0.1", 0))
        self.listening.setblocking(False)
        self.address = self.listening.getsockname()
        self.server = HttpServer(app, self.listening, most=most, most_each=most_each, at_once=at_once)
        self._thread = threading.Thread(target=uvloop.run, args=(self._run(),))
        self._thread.start()

    async def _run(self) -> None:
        self._loop, self._told = asyncio.get_running_loop(), asyncio.Event()
        await self.server.run(self._told)

    def stop(self) -> None:
        """Tell it to leave, if it has not left yet."""
        with suppress(RuntimeError):
            self._loop.call_soon_threadsafe(self._told.set)

    def join(self) -> None:
        """Wait for its end."""
        self._thread.join(10)
        assert not self._thread.is_alive()

    def call(self, path: str = "", *, raw: bytes = b"", ends: bool = True) -> bytes:
        """Send bytes over a connection of its own, and return all that comes back until that is closed."""
        with socket.create_connection(self.address, 10) as client:
            client.sendall(raw or f"GET {path} HTTP/1.1\r\n".encode() + HOST + b"Connection: close\r\n\r\n")
            if not ends:
                client.shutdown(socket.SHUT_WR)
            return read_all(client)


def read_all(client: socket.socket) -> bytes:
    found = b""
    with suppress(ConnectionError):
        while part := client.recv(65_536):
            found += part
    return found


@contextmanager
def running(most: int = 100, most_each: int = 0) -> Iterator[Running]:
    each = Running(most, most_each)
    try:
        yield each
    finally:
        each.stop()
        each.join()


def split(answer: bytes) -> tuple[int, dict[str, str], bytes]:
    head, _, body = answer.partition(b"\r\n\r\n")
    first, *lines = head.decode().split("\r\n")
    return int(first.split()[1]), dict(line.split(": ", 1) for line in lines), body
