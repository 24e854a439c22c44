"""Sixty-four clients at once: lookups, pages and runaway queries, and how long the lookups take.

    python -m benchmarks.load [SECONDS]

Forty clients look things up, twelve read pages, twelve send queries that never end; each comes from an address of its
own (127.0.0.0/8) and thinks between two requests. They come one after the other, within two seconds. The same lookups
are measured before, with nobody else there.
"""

import http.client
import os
import random
import sys
import tempfile
import threading
import time
from collections import Counter
from pathlib import Path
from urllib.parse import quote

from benchmarks.service import Service
from tests.gold import load_gold
from tests.web_site import build_site, hostile_extraction

LOOKUPS, PAGES, RUNAWAYS = 40, 12, 12
THINK_SECONDS = (0.2, 0.6)
ARRIVE_SECONDS = 2.0
ITEMS = ("country/KP", "country/RU", "country/UA", "country/DE", "country/US", "country/ML", "country/PL", "country/CN")
PATHS = ("/", "/events", "/browse/countries", "/page/country/RU", "/articles", "/about", "/page/country/UA")
RUNAWAY = "SELECT (COUNT(*) AS ?n) WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . FILTER(?c != ?f) }"


def lookup(number: int) -> str:
    """Return the path of a lookup; another one each time, so that none is answered from the cache."""
    item = ITEMS[number % len(ITEMS)]
    return "/sparql?format=json&query=" + quote(
        f"SELECT ?p ?o WHERE {{ <http://localhost:8000/id/{item}> ?p ?o }} LIMIT {10 + number}"
    )


class Client(threading.Thread):
    """One client, with a connection of its own."""

    def __init__(self, service: Service, number: int, kind: str, until: float) -> None:
        super().__init__()
        self._service, self._number, self._kind, self._until = service, number, kind, until
        self._random = random.Random(number)
        self.times: list[float] = []
        self.statuses: Counter[int] = Counter()

    def run(self) -> None:
        """Ask until the time is up."""
        time.sleep(self._random.uniform(0, ARRIVE_SECONDS))
        connection = self._service.connect(f"127.0.{1 + self._number // 250}.{1 + self._number % 250}")
        asked = 0
        while time.monotonic() < self._until:
            asked += 1
            begin = time.perf_counter()
            try:
                connection.request("GET", self._path(asked))
                response = connection.getresponse()
                response.read()
            except (OSError, http.client.HTTPException):
                connection.close()
                self.statuses[0] += 1
                continue
            self.times.append(time.perf_counter() - begin)
            self.statuses[response.status] += 1
            wait = float(response.headers.get("Retry-After", 0))
            time.sleep(wait or self._random.uniform(*THINK_SECONDS))
        connection.close()

    def _path(self, asked: int) -> str:
        if self._kind == "lookup":
            return lookup(self._number * 10_000 + asked)
        if self._kind == "page":
            return self._random.choice(PATHS)
        return f"/sparql?query={quote(RUNAWAY)}&timeout=5&max-rows={asked}"


def measure(service: Service, kinds: list[str], seconds: float) -> dict[str, list[Client]]:
    """Run clients of these kinds for so long."""
    until = time.monotonic() + seconds
    clients = [Client(service, number, kind, until) for number, kind in enumerate(kinds)]
    for client in clients:
        client.start()
    for client in clients:
        client.join()
    return {kind: [client for client in clients if client._kind == kind] for kind in dict.fromkeys(kinds)}


def percentile(clients: list[Client], part: float) -> float:
    """Return the time in milliseconds that so many of the requests took at most."""
    times = sorted(each for client in clients for each in client.times)
    return 1000 * times[min(int(len(times) * part), len(times) - 1)]


def main() -> None:
    """Run and print."""
    sys.setswitchinterval(0.0002)  # 64 threads of this program take turns, and are not to wait for one another
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 30.0
    with tempfile.TemporaryDirectory() as folder:
        store = build_site(Path(folder, "store"), [*load_gold(), hostile_extraction()])
        service = Service(store, {"PROXIES": "192.0.2.1"})  # so that addresses of this machine are counted too
        try:
            service.wait_until_up()
            measure(service, ["lookup"], 3)
            alone = measure(service, ["lookup"], min(seconds, 15))["lookup"]
            together = measure(service, ["lookup"] * LOOKUPS + ["page"] * PAGES + ["runaway"] * RUNAWAYS, seconds)
        finally:
            service.stop()
    p50, p99 = percentile(alone, 0.5), percentile(together["lookup"], 0.99)
    print(f"alone      p50 {p50:8.2f} ms  p99 {percentile(alone, 0.99):8.2f} ms")
    for kind, clients in together.items():
        statuses = sum((client.statuses for client in clients), Counter[int]())
        middle, high = percentile(clients, 0.5), percentile(clients, 0.99)
        print(f"{kind:10} p50 {middle:8.2f} ms  p99 {high:8.2f} ms  {len(clients)} clients, {dict(statuses)}")
    print(f"lookups' p99 under load is {p99 / p50:.1f} times their p50 alone (at most 20)")
    print(f"load average {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors")
    sys.exit(p99 > 20 * p50)


if __name__ == "__main__":
    main()
