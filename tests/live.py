"""The production server as a process, with a token that may do everything."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from kg.rollup import derive
from kg.store import Writer
from kg.web.tokens import SCOPES, make_token
from tests.gold import BASE
from tests.processes import family_of, is_running

ROOT = Path(__file__).parent.parent


@dataclass(frozen=True)
class LiveServer:
    """A running server."""

    url: str
    token: str
    pid: int


def make_empty_store(path: Path) -> Path:
    """Make a store without articles."""
    with Writer(path, BASE, derive) as writer:
        writer.publish()
    return path


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def start_server(store: Path, port: int = 0, **settings: str) -> Iterator[LiveServer]:
    """Serve a store, made empty if there is none, until the block ends; `settings` go into the environment."""
    if not store.exists():
        make_empty_store(store)
    port = port or free_port()
    token, entry = make_token("tests", SCOPES)
    environment = os.environ | {"LAGEBILD_TOKENS": entry} | {f"LAGEBILD_{key}": text for key, text in settings.items()}
    process = subprocess.Popen(
        [sys.executable, str(ROOT / "server.py"), "--store", str(store), "--port", str(port)],
        env=environment,
        stdout=subprocess.DEVNULL,
    )
    url = f"http://127.0.0.1:{port}"
    try:
        _wait_until_ready(url, process)
        yield LiveServer(url, token, process.pid)
    finally:
        for pid in family_of(process.pid):
            if is_running(pid):
                os.kill(pid, signal.SIGKILL)
        process.wait(10)


def _wait_until_ready(url: str, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 60
    while True:
        try:
            with urllib.request.urlopen(f"{url}/sparql?query=ASK%20%7B%7D", timeout=10):  # noqa: S310 - http, as above
                return
        except OSError:
            assert process.poll() is None, "the server has ended"
            assert time.monotonic() < deadline, "the server does not start"
            time.sleep(0.05)
