"""What stands before the application: who is let in, who waits for whom, and what connections end with."""

import asyncio
import gc
import json
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from flask import Flask, Response, request

from kg.settings import Settings
from kg.web import bodies
from kg.web.app import create_app
from kg.web.cache import Asked, ResponseCache
from kg.web.clients import ClientLimits
from kg.web.connections import PATIENCE, SlowReaders, break_off, count_connections, stop_accepting
from kg.web.gateway import PIECE_BYTES, Gateway
from kg.web.problems import ProblemError

_OPEN_FILES = Path("/proc/self/fd")
needs_proc = pytest.mark.skipif(not _OPEN_FILES.is_dir(), reason="the system does not list a process's open files")
Message = dict[str, Any]


class Exchange:
    """A request to a gateway, and what comes back."""

    def __init__(self, path: str, method: str = "GET", parts: tuple[bytes, ...] = (), **headers: str) -> None:
        query = path.partition("?")[2]
        self.scope: Message = {
            "type": "http",
            "method": method,
            "path": path.partition("?")[0],
            "raw_path": path.partition("?")[0].encode(),
            "query_string": query.encode(),
            "headers": [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()],
            "client": ("192.0.2.7", 50_000),
            "server": ("127.0.0.1", 8000),
            "scheme": "http",
            "http_version": "1.1",
        }
        self._parts = list(parts)
        self.asked_for = 0
        """How often more of the body was asked for."""
        self.sent: list[Message] = []
        self.takes = asyncio.Event()
        """Whether the client takes what is sent to it."""
        self.takes.set()

    async def receive(self) -> Message:
        self.asked_for += 1
        if self._parts:
            return {"type": "http.request", "body": self._parts.pop(0), "more_body": bool(self._parts)}
        await asyncio.Event().wait()  # the client stays on the line
        raise AssertionError

    async def send(self, message: Message) -> None:
        await self.takes.wait()
        self.sent.append(message)

    @property
    def status(self) -> int:
        found: int = self.sent[0]["status"]
        return found

    @property
    def headers(self) -> Mapping[str, str]:
        return {name.decode(): value.decode() for name, value in self.sent[0]["headers"]}

    @property
    def body(self) -> bytes:
        return b"".join(message["body"] for message in self.sent[1:])


def make_gateway(app: Flask, *, threads: int = 4, at_once: int = 0, per_second: float = 0) -> Gateway:
    clients = ClientLimits(at_once, per_second, exempt_loopback=True)
    cache = ResponseCache(1_000_000, lambda: "s1")
    return Gateway(app, cache, clients, threads=threads, most_bytes=10_000_000, proxies=frozenset())


def ask(gateway: Gateway, *exchanges: Exchange) -> None:
    async def run() -> None:
        for exchange in exchanges:
            await asyncio.wait_for(gateway(exchange.scope, exchange.receive, exchange.send), 20)

    asyncio.run(run())


@pytest.fixture
def small() -> Flask:
    app = Flask("small")

    @app.get("/stream")
    def stream() -> Response:
        return Response(iter([b"a" * 10] * 3))

    @app.get("/long")
    def long() -> Response:
        return Response(b"x" * (2 * PIECE_BYTES + 1))

    @app.route("/hello", methods=["GET", "POST"])
    def hello() -> Response:
        return Response(f"hello {len(request.get_data())}")

    return app


def test_clients_that_take_nothing_hold_no_thread(small: Flask) -> None:
    async def run() -> None:
        gateway = make_gateway(small, threads=2)
        slow = [Exchange("/stream") for _ in range(5)] + [Exchange("/long") for _ in range(5)]
        for exchange in slow:
            exchange.takes.clear()
        waiting = [asyncio.create_task(gateway(each.scope, each.receive, each.send)) for each in slow]
        await asyncio.sleep(0.05)
        lookup = Exchange("/hello")
        await asyncio.wait_for(gateway(lookup.scope, lookup.receive, lookup.send), 10)
        assert (lookup.status, lookup.body) == (200, b"hello 0")
        for exchange in slow:
            exchange.takes.set()
        await asyncio.wait_for(asyncio.gather(*waiting), 10)
        assert [len(exchange.body) for exchange in slow] == [30] * 5 + [2 * PIECE_BYTES + 1] * 5

    asyncio.run(run())


def test_long_answer_goes_out_in_pieces(small: Flask) -> None:
    exchange = Exchange("/long")
    ask(make_gateway(small), exchange)
    assert [(len(part["body"]), part["more_body"]) for part in exchange.sent[1:]] == [
        (PIECE_BYTES, True),
        (PIECE_BYTES, True),
        (1, False),
    ]


def test_client_is_counted_before_its_body_is_read(tmp_path: Path) -> None:
    app = create_app(tmp_path, Settings())
    gateway = make_gateway(app, per_second=0.25)
    first, second = (Exchange("/nowhere", "POST", (b"x" * 1000,)) for _ in range(2))
    probe = Exchange("/health")
    ask(gateway, first, second, probe)
    assert (first.status, first.asked_for) == (404, 1)
    assert (second.status, second.asked_for) == (429, 0)
    assert second.headers["retry-after"] == "2"
    assert json.loads(second.body)["limit"] == "client_per_second"
    assert probe.status == 200


def test_client_is_counted_out_whatever_happens(small: Flask) -> None:
    gateway = make_gateway(small, at_once=1)
    exchanges = [Exchange("/hello"), Exchange("/stream"), Exchange("/hello", "POST", (b"abc",)), Exchange("/none")]
    ask(gateway, *exchanges)
    assert [exchange.status for exchange in exchanges] == [200, 200, 200, 404]
    assert exchanges[2].body == b"hello 3"


def test_process_that_leaves_ends_its_connections(small: Flask) -> None:
    gateway = make_gateway(small)
    staying, leaving = Exchange("/hello"), Exchange("/hello")
    ask(gateway, staying)
    gateway.is_leaving = True
    ask(gateway, leaving)
    assert "connection" not in staying.headers
    assert leaving.headers["connection"] == "close"


def read(reader: bodies.Bodies, messages: AsyncIterator[Message], **headers: str) -> bytes | None:
    receive: Callable[[], Awaitable[Message]] = messages.__anext__
    return asyncio.run(reader.read(receive, headers))


async def trickle(part: bytes, seconds: float = 0.0) -> AsyncIterator[Message]:
    while True:
        await asyncio.sleep(seconds)
        yield {"type": "http.request", "body": part, "more_body": True}


def test_body_that_trickles_in_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bodies, "FIRST_SECONDS", 0.05)
    with pytest.raises(ProblemError, match="comes too slowly") as caught:
        read(bodies.Bodies(1_000_000), trickle(b"x", 0.01))
    assert caught.value.status == 408


def test_bodies_of_all_together_have_a_bound() -> None:
    reader = bodies.Bodies(1_000, most_at_once=1_500)
    held = read(reader, trickle(b"x" * 100))
    assert held is not None
    assert len(held) == 1_100  # enough to see that it is too long
    with pytest.raises(ProblemError, match="at once") as caught:
        read(reader, trickle(b"x" * 100))
    assert (caught.value.status, caught.value.headers) == (503, {"Retry-After": "2"})
    reader.release(held)
    assert read(reader, trickle(b"x" * 100)) is not None


def test_only_who_shows_a_token_may_send_much(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bodies, "MOST_BYTES_OF_ANYONE", 300)
    reader = bodies.Bodies(1_000)
    stranger, known = read(reader, trickle(b"x" * 100)), read(reader, trickle(b"x" * 100), authorization="Bearer x")
    assert (len(stranger or b""), len(known or b"")) == (400, 1_100)


@contextmanager
def connected() -> Iterator[tuple[socket.socket, socket.socket, int]]:
    """A client, the server's end of its connection, and the server's port."""
    with socket.create_server(("0.0.0.0", 0)) as listening:  # noqa: S104 - as in a container; its ends have other names
        port = listening.getsockname()[1]
        with socket.create_connection(("127.0.0.1", port)) as client, listening.accept()[0] as near:
            yield client, near, port


@needs_proc
def test_connection_is_broken_off_and_no_other() -> None:
    with connected() as (client, near, port), connected() as (other, other_near, _):
        break_off(client.getsockname(), port)
        assert client.recv(1) == b""
        other_near.sendall(b"x")
        assert other.recv(1) == b"x"
        assert near.fileno() > 0


@needs_proc
def test_breaking_off_leaves_no_file_open() -> None:
    gc.collect()  # what earlier tests left is closed now and not while this one counts
    before = len(list(_OPEN_FILES.iterdir()))
    for _ in range(10):
        break_off(("127.0.0.1", 1), 2)
    assert len(list(_OPEN_FILES.iterdir())) <= before


@needs_proc
def test_slow_reader_is_broken_off_and_a_steady_one_not() -> None:
    with connected() as (lazy, near, port):
        near.setblocking(False)
        fill(near)
        readers = SlowReaders(port)
        for _ in range(PATIENCE + 1):
            readers.look()
        with pytest.raises(BrokenPipeError):
            near.send(b"x")
        assert lazy.fileno() > 0
    with connected() as (steady, near, port):
        near.setblocking(False)
        readers = SlowReaders(port)
        for _ in range(2 * PATIENCE):
            fill(near)
            readers.look()
            steady.recv(8_000_000)
        assert count_connections(port) == 1


def fill(connection: socket.socket) -> None:
    try:
        while connection.send(b"x" * 65_536):
            pass
    except BlockingIOError:
        return


@needs_proc
def test_nothing_is_accepted_any_more_while_another_listens() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        leaving = listening.dup()
        leaving.setblocking(False)
        stop_accepting(leaving)
        with leaving, socket.create_connection(listening.getsockname()) as client:
            with pytest.raises(BlockingIOError):
                leaving.accept()
            near, _ = listening.accept()
            near.sendall(b"x")
            assert client.recv(1) == b"x"
            near.close()


def test_a_long_request_has_a_name_as_short_as_any() -> None:
    short, long = Asked("POST", "/sparql", {}, b"ASK {}"), Asked("POST", "/sparql", {}, b"x" * 300_000)
    assert len(short.key) == len(long.key) == 16
    assert short.key != long.key
    assert Asked("HEAD", "/a", {}).key == Asked("GET", "/a", {}).key != Asked("GET", "/b", {}).key
    assert Asked("POST", "/a", {"content-type": "x"}, b"1").key != Asked("POST", "/a", {"content-type": "y"}, b"1").key
