"""Stores of other makers, each in a process of its own, and one that the test plays itself."""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

OXIGRAPH = Path(sys.executable).parent / "oxigraph"
VIRTUOSO_INI = """\
[Database]
DatabaseFile = {folder}/virtuoso.db
ErrorLogFile = {folder}/virtuoso.log
LockFile = {folder}/virtuoso.lck
TransactionFile = {folder}/virtuoso.trx
xa_persistent_file = {folder}/virtuoso.pxa
[TempDatabase]
DatabaseFile = {folder}/virtuoso-temp.db
TransactionFile = {folder}/virtuoso-temp.trx
[Parameters]
ServerPort = 127.0.0.1:{sql_port}
NumberOfBuffers = 20000
MaxDirtyBuffers = 15000
[HTTPServer]
ServerPort = 127.0.0.1:{port}
ServerThreads = 10
MaxKeepAlives = 10
KeepAliveTimeout = 60
[SPARQL]
ResultSetMaxRows = 2000000
MaxQueryExecutionTime = 60
"""


@contextmanager
def serve_oxigraph(*options: str) -> Iterator[str]:
    """Run Oxigraph's own server, with nothing in it; yield where it takes queries."""
    if not OXIGRAPH.exists():
        pytest.skip("the package `oxigraph` is not installed")
    port = free_port()
    url = f"http://127.0.0.1:{port}/query"
    with _running([str(OXIGRAPH), "serve", *options, "--bind", f"127.0.0.1:{port}"], url):
        yield url


@contextmanager
def serve_virtuoso(folder: Path) -> Iterator[str]:
    """Run Virtuoso 7 as Debian packages it, with nothing of ours in it; yield where it takes queries and updates."""
    if shutil.which("virtuoso-t") is None:
        pytest.skip("Virtuoso (Debian's virtuoso-opensource) is not installed")
    port = free_port()
    config = folder / "virtuoso.ini"
    config.write_text(VIRTUOSO_INI.format(folder=folder, port=port, sql_port=free_port()), encoding="utf-8")
    url = f"http://127.0.0.1:{port}/sparql"
    with _running(["virtuoso-t", "+foreground", "+configfile", str(config)], url):
        yield f"{url}-auth"


Script = Callable[[str, bytes, dict[str, str]], tuple[int, dict[str, str], bytes]]
"""Path, body and headers of a request to status, headers and body of the answer."""


@contextmanager
def serve_script(answer: Script) -> Iterator[str]:
    """Play a store on 127.0.0.1; yield where it takes queries and updates."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            status, headers, content = answer(self.path, body, dict(self.headers))
            self.send_response(status)
            for name, value in ({"Content-Length": str(len(content))} | headers).items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/sparql"
        finally:
            server.shutdown()
            thread.join()


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


@contextmanager
def _running(command: Sequence[str], url: str) -> Iterator[None]:
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=os.environ)
    try:
        deadline = time.monotonic() + 60
        while not _answers(url):
            assert process.poll() is None, "the store has ended"
            assert time.monotonic() < deadline, "the store does not start"
            time.sleep(0.05)
        yield
    finally:
        process.kill()
        process.wait(10)


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(f"{url}?query=ASK%20%7B%7D", timeout=10):  # noqa: S310 - http, as above
            return True
    except OSError:
        return False
