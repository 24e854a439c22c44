"""What a lookup costs beside a bare "hello" of the same server, what a cached one costs, and what a long answer takes.

    python -m benchmarks.latency [ROWS]

One client, one connection, the requests of all kinds in turn. There are two hellos under the same server: an ASGI
function of two lines, and a Flask view of one, which is what a lookup is compared with, since it is one. The long
answer has ROWS rows (1,000,000): the time to its first byte, and the memory of all processes while it is read.
"""

import os
import socket
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from statistics import median
from urllib.parse import quote

from benchmarks.line import Line
from benchmarks.load import lookup
from benchmarks.service import ROOT, Service, free_port, memory_of
from tests.gold import load_gold
from tests.web_site import build_site

ROUNDS = 1_500
REST_SECONDS = 0.001
HELLO = """
import sys
from flask import Flask
from kg.web import serve, web_process
from kg.web.cache import ResponseCache
from kg.web.clients import ClientLimits
from kg.web.gateway import Gateway
flask = Flask("hello")
flask.add_url_rule("/", view_func=lambda: "hello")
async def function(scope, receive, send):
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"5")]})
    await send({"type": "http.response.body", "body": b"hello"})
hellos = {
    "function": lambda: function,
    "Flask": lambda: Gateway(
        flask,
        ResponseCache(1, lambda: ""),
        ClientLimits(0, 0, exempt_loopback=True),
        threads=4,
        most_bytes=1000,
        proxies=frozenset(),
    ),
}
web_process.serve_socket(hellos[sys.argv[2]](), serve._listen("127.0.0.1", int(sys.argv[1])))
"""


def start_hello(kind: str) -> tuple[subprocess.Popen[bytes], int]:
    """Serve a hello of this kind; return its process and port."""
    port = free_port()
    command = [sys.executable, "-c", HELLO, str(port), kind]
    process = subprocess.Popen(command, cwd=ROOT, stderr=subprocess.DEVNULL, start_new_session=True)
    for _ in range(1000):
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            break
        except OSError:
            time.sleep(0.02)
    return process, port


def measure_lookups(service: Service) -> dict[str, float]:
    """Return the median milliseconds of each kind of request."""
    paths = {kind: start_hello(kind) for kind in ("function", "Flask")}
    lines = {kind: Line(port) for kind, (_, port) in paths.items()} | {"service": Line(service.port)}
    times: dict[str, list[float]] = {"function": [], "Flask": [], "lookup": [], "cached": []}
    try:
        lines["service"].take(lookup(0))
        for number in range(1, ROUNDS):
            times["function"].append(lines["function"].take("/").seconds)
            times["Flask"].append(lines["Flask"].take("/").seconds)
            times["lookup"].append(lines["service"].take(lookup(number)).seconds)
            times["cached"].append(lines["service"].take(lookup(0)).seconds)
    finally:
        for line in lines.values():
            line.close()
        for process, _ in paths.values():
            process.kill()
            process.wait()
    return {kind: 1000 * median(found[100:]) for kind, found in times.items()}


def measure_stream(service: Service, rows: int) -> tuple[float, float, int, int]:
    """Read a long answer; return seconds to the first byte and the last, its bytes, and the bytes of memory it took."""
    connection = service.connect(timeout=120)
    before, most, over = memory_of(service.process.pid), 0, threading.Event()

    def watch() -> None:
        nonlocal most
        while not over.wait(0.1):
            most = max(most, memory_of(service.process.pid))

    watcher = threading.Thread(target=watch)
    watcher.start()
    begin = time.perf_counter()
    query = f"SELECT * WHERE {{ ?a ?b ?c . ?d ?e ?f }} LIMIT {rows}"
    connection.request("GET", f"/sparql?format=json&timeout=60&query={quote(query)}")
    response = connection.getresponse()
    size = len(response.read(1))
    first = time.perf_counter() - begin
    while part := response.read(1 << 20):
        size += len(part)
    last = time.perf_counter() - begin
    over.set()
    watcher.join()
    return first, last, size, most - before


def main() -> None:
    """Run and print."""
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    with tempfile.TemporaryDirectory() as folder:
        service = Service(build_site(Path(folder, "store"), load_gold()), {"RESULT_MAX_MB": "2000"})
        try:
            service.wait_until_up()
            times = measure_lookups(service)
            first, last, size, memory = measure_stream(service, rows)
        finally:
            service.stop()
    hellos = {"a Flask view": times["Flask"], "an ASGI function": times["function"]}
    for kind, limit in (("lookup", 2.5), ("cached", 1.3)):
        ratios = (
            f"{times[kind] / hello:.2f} times the hello of {name} ({hello:.3f} ms)" for name, hello in hellos.items()
        )
        print(f"{kind:8} {times[kind]:6.3f} ms, {', '.join(ratios)}; at most {limit}")
    print(f"stream   {rows:,} rows, {size / 1e6:.0f} MB: first byte after {first:.3f} s, last after {last:.1f} s")
    print(f"memory   {memory / 1e6:.0f} MB more in all processes together (at most 150)")
    print(f"load average {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors")


if __name__ == "__main__":
    main()
