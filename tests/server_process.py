"""The production server as a process of its own, for tests that start it."""

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.processes import family_of, is_running

ROOT = Path(__file__).parent.parent


@dataclass
class Server:
    """A running server."""

    process: subprocess.Popen[str]
    port: int
    started_in: float
    log: Path

    def connect(self) -> http.client.HTTPConnection:
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)

    def response(self, path: str, headers: Mapping[str, str] | None = None) -> http.client.HTTPResponse:
        connection = self.connect()
        connection.request("GET", path, headers=dict(headers or {}))
        response = connection.getresponse()
        response.read()
        return response

    def get(self, path: str) -> bytes:
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=30) as response:
            body: bytes = response.read()
        return body


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def start(store: Path, port: int, log: str = "") -> subprocess.Popen[str]:
    command = [sys.executable, str(ROOT / "server.py"), "--store", str(store), "--port", str(port)]
    environment = os.environ | {
        "LAGEBILD_QUERY_TIMEOUT": "2",
        "LAGEBILD_QUERY_WORKERS": "1",
        "LAGEBILD_ACCESS_LOG": log,
    }
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment)


@contextmanager
def serve(site_store: Path, log: Path) -> Iterator[Server]:
    port = free_port()
    begin = time.monotonic()
    process = start(site_store, port, str(log))
    while True:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=5) as response:
                assert response.status == 200
            break
        except OSError:
            assert process.poll() is None, process.communicate()
            assert time.monotonic() - begin < 30, "the server does not start"
            time.sleep(0.02)
    yield Server(process, port, time.monotonic() - begin, log)
    for pid in family_of(process.pid):
        if is_running(pid):
            os.kill(pid, signal.SIGKILL)
    process.communicate(timeout=10)
