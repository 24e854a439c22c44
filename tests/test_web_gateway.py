"""What stands before the application: who is let in, who waits for whom, and what is answered at once."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from flask import Flask, Response, request

from kg.settings import Settings
from kg.web import bodies
from kg.web.answers import BrokenAnswerError
from kg.web.app import create_app
from kg.web.cache import Asked, ResponseCache, mark
from kg.web.clients import ClientLimits
from kg.web.gateway import PIECE_BYTES, Gateway
from kg.web.problems import ProblemError

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


def test_answer_that_stops_in_the_middle_has_no_end(small: Flask) -> None:
    @small.get("/broken")
    def broken() -> Response:
        def parts() -> Iterator[bytes]:
            yield b"a"
            raise BrokenAnswerError

        return Response(parts())

    exchange = Exchange("/broken")
    ask(make_gateway(small), exchange)
    assert exchange.body == b"a"
    assert exchange.sent[-1]["more_body"]


def test_short_answer_that_is_kept_is_given_at_once(small: Flask) -> None:
    @small.get("/kept")
    def kept() -> Response:
        mark("s1")
        return Response("x")

    @small.get("/long and kept")
    def long_and_kept() -> Response:
        mark("s1")
        return Response(b"x" * (PIECE_BYTES + 1))

    gateway = make_gateway(small)
    ask(gateway, Exchange("/kept"), Exchange("/long%20and%20kept"))
    reply = gateway.answer_at_once(Exchange("/kept").scope)
    assert reply is not None
    assert (reply.status, reply.body) == (200, b"x")
    long = Exchange("/long%20and%20kept")
    assert gateway.answer_at_once(long.scope) is None
    ask(gateway, long)
    assert long.headers["cache-status"] == "lagebild; hit"
    assert len(long.sent) == 3


def test_a_long_request_has_a_name_as_short_as_any() -> None:
    short, long = Asked("POST", "/sparql", {}, b"ASK {}"), Asked("POST", "/sparql", {}, b"x" * 300_000)
    far = Asked("GET", "/sparql?query=" + "x" * 100_000, {})
    assert len(short.key) == len(long.key) == len(far.key) == 16
    assert len({short.key, long.key, far.key}) == 3
    assert Asked("HEAD", "/a", {}).key == Asked("GET", "/a", {}).key != Asked("GET", "/b", {}).key
    assert Asked("POST", "/a", {"content-type": "x"}, b"1").key != Asked("POST", "/a", {"content-type": "y"}, b"1").key


def test_header_does_not_pass_for_another(small: Flask) -> None:
    @small.get("/told")
    def told() -> Response:
        return Response(repr((request.content_length, request.headers.get("X-A"))))

    exchange = Exchange("/told")
    exchange.scope["headers"] = [(b"content_length", b"7"), (b"x_a", b"b"), (b"content-length", b"0")]
    ask(make_gateway(small), exchange)
    assert exchange.body == b"(0, None)"
