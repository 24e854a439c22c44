"""The production server as a process: start, stop, streams that are cut off, clients that hang up."""

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import pytest

from tests.processes import family_of, is_running, wait_until_gone

ROOT = Path(__file__).parent.parent
ENDLESS = "/sparql?format=csv&query=" + quote("SELECT * WHERE { ?a ?b ?c . ?d ?e ?f }")
START_SECONDS = 3.0
SLACK = 5.0
"""The machine may be busy with other things."""


@dataclass
class Server:
    """A running server."""

    process: subprocess.Popen[str]
    port: int
    started_in: float

    def connect(self) -> http.client.HTTPConnection:
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)

    def get(self, path: str) -> bytes:
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=30) as response:
            body: bytes = response.read()
        return body


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def start(store: Path, port: int) -> subprocess.Popen[str]:
    command = [sys.executable, str(ROOT / "server.py"), "--store", str(store), "--port", str(port)]
    environment = os.environ | {"LAGEBILD_QUERY_TIMEOUT": "2", "LAGEBILD_QUERY_WORKERS": "1"}
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment)


@pytest.fixture
def server(site_store: Path) -> Iterator[Server]:
    port = free_port()
    begin = time.monotonic()
    process = start(site_store, port)
    while True:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=5) as response:
                assert response.status == 200
            break
        except OSError:
            assert process.poll() is None, process.communicate()
            assert time.monotonic() - begin < 30, "the server does not start"
            time.sleep(0.02)
    yield Server(process, port, time.monotonic() - begin)
    for pid in family_of(process.pid):
        if is_running(pid):
            os.kill(pid, signal.SIGKILL)
    process.communicate(timeout=10)


def test_first_page_comes_soon(server: Server) -> None:
    assert server.started_in < START_SECONDS + SLACK


@pytest.mark.parametrize("end", [signal.SIGTERM, signal.SIGINT, signal.SIGKILL])
def test_nothing_outlives_the_server(server: Server, end: signal.Signals) -> None:
    connection = server.connect()
    if end == signal.SIGKILL:  # the others wait for what is in progress
        connection.request("GET", ENDLESS)
        connection.getresponse().read(1000)
    family = family_of(server.process.pid)
    assert len(family) >= 5  # the server, its process, the template, a query worker, a page worker
    server.process.send_signal(end)
    server.process.wait(20)
    wait_until_gone(family)
    connection.close()


def test_cut_off_stream_says_so(server: Server) -> None:
    connection = server.connect()
    connection.request("GET", ENDLESS)
    response = connection.getresponse()
    assert response.status == 200
    last = b""
    while part := response.read(1 << 20):
        last = (last + part)[-100:]
    assert last.endswith(b"\n!!! CUT OFF: The query was stopped after 2 seconds. !!!\n")
    assert b"localhost" in server.get("/sparql?format=csv&query=" + quote("SELECT ?s { ?s ?p ?o } LIMIT 1"))


def test_client_that_hangs_up_frees_its_worker(server: Server) -> None:
    connection = server.connect()
    connection.request("GET", ENDLESS)
    connection.getresponse().read(1000)
    connection.close()
    begin = time.monotonic()
    server.get("/sparql?query=" + quote("ASK {}"))
    assert time.monotonic() - begin < 1.9, "the one worker went on until its limit"


def test_killed_workers_are_replaced(server: Server) -> None:
    for pid in family_of(server.process.pid)[3:]:
        os.kill(pid, signal.SIGKILL)
    assert b"Lagebild" in server.get("/about")
    assert b"true" in server.get("/sparql?query=" + quote("ASK {}"))
    assert server.get("/health").strip()


def test_missing_store_is_one_line(tmp_path: Path) -> None:
    process = start(tmp_path / "nothing", free_port())
    out, err = process.communicate(timeout=30)
    assert process.returncode == 1
    assert out == ""
    assert len(err.splitlines()) == 1
    assert "kg build" in err


def test_impossible_port_is_one_sentence(site_store: Path) -> None:
    _, err = start(site_store, 99_999).communicate(timeout=30)
    assert err.startswith("Error: 127.0.0.1:99999 cannot be listened on: ")
    assert err.endswith("0-65535. Choose another with --port.\n")


def test_taken_port_is_one_line(site_store: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        process = start(site_store, taken.getsockname()[1])
        out, err = process.communicate(timeout=30)
    assert process.returncode == 1
    assert out == ""
    assert len(err.splitlines()) == 1
    assert "--port" in err
