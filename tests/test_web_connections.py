"""How many connections there may be, how long they may wait, and how they end."""

import socket
import time
from contextlib import suppress

import pytest

from kg.web import connections, http1
from kg.web.connections import PATIENCE, Taking, judge
from kg.web.exchanges import MOST_AHEAD
from tests.http_server import HOST, read_all, running, split


def test_who_is_slow_to_ask_is_sent_away(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http1, "HEAD_SECONDS", 0.1)
    with running() as server:
        assert split(server.call(raw=b"GET / HTTP/1.1\r\nHos"))[0] == 408
        kept_open = b"GET /quick HTTP/1.1\r\n" + HOST + b"\r\n"
        assert server.call(raw=kept_open).count(b"HTTP/1.1") == 1


def test_one_connection_too_many_is_told_so() -> None:
    with running(most=1) as server, socket.create_connection(server.address, 10) as first:
        first.sendall(b"GET / HTTP/1.1\r\n" + HOST + b"\r\n")
        assert first.recv(1000).startswith(b"HTTP/1.1 200 OK")
        with socket.create_connection(server.address, 10) as second:
            assert read_all(second).startswith(b"HTTP/1.1 503 ")


def test_one_connection_too_many_of_a_client_is_told_so_until_one_ends() -> None:
    with running(most_each=1) as server:
        with socket.create_connection(server.address, 10) as first:
            first.sendall(b"GET / HTTP/1.1\r\n" + HOST + b"\r\n")
            assert first.recv(1000).startswith(b"HTTP/1.1 200 OK")
            with socket.create_connection(server.address, 10) as second:
                assert read_all(second).startswith(b"HTTP/1.1 429 ")
        deadline = time.monotonic() + 10
        while server.server.connections:
            assert time.monotonic() < deadline
        assert split(server.call("/"))[0] == 200


def test_far_too_many_connections_take_no_files(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "SPARE", 0)
    with running(most=1) as server, socket.create_connection(server.address, 10) as first:
        first.sendall(b"GET / HTTP/1.1\r\n" + HOST + b"\r\n")
        assert first.recv(1000).startswith(b"HTTP/1.1 200 OK")
        with socket.create_connection(server.address, 10) as second:
            assert read_all(second) == b""
        assert len(server.server.connections) == 1


def test_look_that_fails_is_not_the_last(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "LOOK_SECONDS", 0.02)
    monkeypatch.setattr(http1, "HEAD_SECONDS", 0.1)
    with running() as server:
        failing = iter([True])
        look = http1.Connection.look

        def fail_once(self: http1.Connection, now: float) -> None:
            if next(failing, False):
                raise ValueError
            look(self, now)

        monkeypatch.setattr(http1.Connection, "look", fail_once)
        assert split(server.call(raw=b"GET / HTTP/1.1\r\nHos"))[0] == 408


def test_server_that_leaves_answers_what_has_come_and_takes_nothing_more(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "LEAVE_SECONDS", 0.5)
    with running() as server:
        idle, asking, late = (socket.create_connection(server.address, 10) for _ in range(3))
        begin = time.monotonic()
        while len(server.server.connections) < 3:
            assert time.monotonic() < begin + 10
        successor = socket.socket(fileno=socket.dup(server.listening.fileno()))
        server.stop()
        while not server.server.is_leaving:
            assert time.monotonic() < begin + 10
        asking.sendall(b"GET /slow HTTP/1.1\r\n" + HOST + b"\r\n")
        late.sendall(b"GET /quick HTTP/1.1\r\n" + HOST + b"\r\n")
        assert split(read_all(asking))[1]["connection"] == "close"
        assert split(read_all(late))[1]["connection"] == "close"
        assert read_all(idle) == b""
        server.join()
        with successor, socket.create_connection(server.address, 10) as client:
            accepted, _ = successor.accept()
            with accepted:
                accepted.sendall(b"x")
                assert client.recv(1) == b"x"
        for each in (idle, asking, late):
            each.close()


def test_client_that_takes_nothing_is_broken_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "LOOK_SECONDS", 0.02)
    monkeypatch.setattr(connections, "READERS_EVERY", 1)
    with running() as server, socket.create_connection(server.address, 10) as client:
        client.sendall(b"GET /endless HTTP/1.1\r\n" + HOST + b"\r\n")
        deadline = time.monotonic() + 10
        while not server.server.connections or not server.server.tasks:
            assert time.monotonic() < deadline
            time.sleep(0.01)
        while server.server.connections:
            assert time.monotonic() < deadline
            time.sleep(0.01)
        time.sleep(0.05)
        assert not server.server.tasks


def test_client_that_hangs_up_behind_what_it_sent_ahead_is_gone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "LOOK_SECONDS", 0.02)
    with running() as server:
        with socket.create_connection(server.address, 10) as client:
            request = b"GET /ignore-and-watch HTTP/1.1\r\n" + HOST + b"\r\n"
            client.sendall(request * (2 * MOST_AHEAD // len(request)))
            deadline = time.monotonic() + 10
            while not any(each.is_paused for each in list(server.server.connections)):
                assert time.monotonic() < deadline
        while server.server.connections or server.server.tasks:
            assert time.monotonic() < deadline


def test_steady_reader_is_not_slow() -> None:
    with (
        socket.create_server(("127.0.0.1", 0)) as listening,
        socket.create_connection(listening.getsockname()) as client,
        listening.accept()[0] as near,
    ):
        near.setblocking(False)
        taking: Taking | None = None
        for _ in range(2 * PATIENCE):
            fill(near)
            taking = judge(taking, near)
            client.recv(8_000_000)
        assert taking is None or taking.slow < PATIENCE
        for _ in range(2 * PATIENCE):
            fill(near)
            taking = judge(taking, near)
        assert taking is not None
        assert taking.slow >= PATIENCE


def fill(near: socket.socket) -> None:
    with suppress(BlockingIOError):
        while near.send(b"x" * 65_536):
            pass
