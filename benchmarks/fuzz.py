"""Sends valid, nearly valid and broken requests, and looks for answers that no server should give.

    python -m benchmarks.fuzz [REQUESTS] [SEED]

Queries come from a grammar and are then broken at random; so are paths, parameters, headers, bodies and bytes on the
line. Wrong is: a 5xx that does not name the limit that was hit, a trace of the program's inside, and a server that does
not answer any more.
"""

import http.client
import json
import random
import socket
import sys
import tempfile
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote, urlencode

from benchmarks.service import Service
from tests.gold import load_gold
from tests.web_site import build_site, hostile_extraction

THREADS = 4
PATIENCE = 120.0
"""Seconds after which an answer is taken for missing."""
IDLE_SECONDS = 5.0
"""Seconds after which a connection is not used again: the server closes it some time, as any server does."""
LEAKS = (b"Traceback", b"site-packages", b'File "', b"/kg/web/", b"pyoxigraph.", b"werkzeug")
LIMITS = {"query_timeout", "query_wait", "query_queue", "query_workers", "write_wait", "write_timeout"}
"""Settings whose limit may be answered by 503."""
PATHS = (
    *("/", "/about", "/events", "/articles", "/search", "/ontology", "/browse/people", "/page/country/KP"),
    *("/data/country/KP.ttl", "/id/country/KP", "/graphs", "/graphs/x", "/permalinks", "/permalinks/0", "/health"),
    *("/ready", "/metrics", "/.well-known/void", "/problems/busy", "/sparql/terms", "/sparql/entities", "/export/x"),
)
METHODS = ("GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH", "BREW")
MEDIA_TYPES = (
    *("application/sparql-query", "application/x-www-form-urlencoded", "application/sparql-update", "text/turtle"),
    *("application/json", "multipart/form-data; boundary=x", "text/plain; charset=latin-1", "", ";;;", "a/b/c"),
)
ACCEPTS = (
    *("*/*", "text/html", "text/csv", "application/sparql-results+json", "text/turtle;q=0.5, */*;q=0.1"),
    *("application/ld+json", "image/png", "q=1", "text/html;q=nan", ",,,", "*/*;q=-1", "text/*;level=1;q=1e9"),
)
WORDS = (
    *("SELECT", "ASK", "WHERE", "FILTER", "OPTIONAL", "UNION", "{", "}", "(", ")", ".", ";", ",", "?x", "<x:y>", '"a"'),
    *("1", "a", "*", "GROUP BY", "SERVICE", "BIND", "AS", "\\u0000", "\0"),
)


class Grammar:
    """Makes queries."""

    def __init__(self, source: random.Random) -> None:
        self._random = source

    def query(self) -> str:
        """Return a query that is valid, mostly."""
        body = self._group(0)
        form = self._random.choice(
            [
                f"SELECT * {body}",
                f"SELECT DISTINCT ?a ?b {body}",
                f"SELECT ?a (COUNT(*) AS ?n) {body} GROUP BY ?a",
                f"ASK {body}",
                f"CONSTRUCT {{ ?a ?p ?b }} {body}",
                f"DESCRIBE ?a {body}",
            ]
        )
        tails = ["", " LIMIT 10", " ORDER BY ?a LIMIT 5", " OFFSET 3", " VALUES ?a { 1 }", " LIMIT 0"]
        tail = self._random.choice(tails)
        return f"PREFIX lb: <https://w3id.org/lagebild/ontology#> {form}{tail}"

    def _group(self, depth: int) -> str:
        parts = [self._part(depth) for _ in range(self._random.randint(0, 3))]
        return "{ " + " ".join(parts) + " }"

    def _part(self, depth: int) -> str:
        choose = self._random.choice
        path = choose(["a", "?p", "lb:sender", "lb:status/lb:x*", "^lb:about", "!a"])
        triple = f"{self._term()} {path} {self._term()} ."
        if depth > 3:
            return triple
        inner = self._group(depth + 1)
        return choose(
            [
                *[triple] * 4,
                f"OPTIONAL {inner}",
                f"{inner} UNION {inner}",
                f"MINUS {inner}",
                f"GRAPH ?g {inner}",
                f"FILTER({self._expression()})",
                f"BIND({self._expression()} AS ?v{self._random.randint(0, 99)})",
                f"FILTER NOT EXISTS {inner}",
                f"{{ SELECT ?a {inner} LIMIT 3 }}",
                f"SERVICE <http://127.0.0.1:9/> {inner}",
            ]
        )

    def _term(self) -> str:
        known = "<http://localhost:8000/id/country/KP>"
        return self._random.choice(["?a", "?b", "?c", "lb:Claim", known, '"x"@de', "1.5"])

    def _expression(self) -> str:
        left, right = self._term(), self._term()
        comparisons = [f"{left} = {right}", f"STRLEN(STR({left})) > 3", "REGEX(STR(?a), '(a+)+$')", f"{left} + {right}"]
        return self._random.choice([*comparisons, "RAND()", "1/0"])


@dataclass
class Report:
    """What was seen."""

    statuses: Counter[int] = field(default_factory=Counter)
    limits: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)


class Fuzzer:
    """Sends requests from one thread."""

    def __init__(self, service: Service, seed: int, report: Report, lock: threading.Lock) -> None:
        self._service = service
        self._random = random.Random(seed)
        self._grammar = Grammar(self._random)
        self._report = report
        self._lock = lock
        self._connection = service.connect(timeout=PATIENCE)
        self._asked_at = time.monotonic()

    def run(self, requests: int) -> None:
        """Send so many."""
        for number in range(requests):
            if self._random.random() < 0.02:
                self._send_bytes()
            else:
                self._send(*self._make())
            if number % 200 == 0:  # however busy it is, it answers, if only by naming a limit
                self._send("GET", "/sparql?query=ASK%7B%7D", None, {})

    def _make(self) -> tuple[str, str, bytes | None, dict[str, str]]:
        choose, headers = self._random.choice, {"Accept": self._random.choice([*ACCEPTS, *["*/*"] * 12])}
        if self._random.random() < 0.3:
            name = choose(["Accept-Encoding", "If-None-Match", "Accept-Language", "Cookie", "Range", "Authorization"])
            headers[name] = choose(["gzip", "*", 'W/"x"', "de", "lang=en", "bytes=0-1", "Bearer x", "\xc3\xa9", ";;=,"])
        if self._random.random() < 0.75:
            return self._make_query(headers)
        path = choose(PATHS) if self._random.random() < 0.5 else self._break(choose(PATHS))
        path += choose(["", "", "?q=x", "?page=9999999", "?type=%FF", "?order=x&lang=xx", "?%00"])
        method = choose(METHODS)
        body = None
        if method in {"POST", "PUT", "PATCH"}:
            headers["Content-Type"] = choose(MEDIA_TYPES)
            body = self._random.randbytes(self._random.randint(0, 500))
        return method, quote(path, safe="/?=&%"), body, headers

    def _make_query(self, headers: dict[str, str]) -> tuple[str, str, bytes | None, dict[str, str]]:
        query = self._grammar.query()
        if self._random.random() < 0.5:
            query = self._break(query)
        fields = {"query": query, "timeout": self._random.choice([*["0.2"] * 30, "0.05", "x", "-1", "nan"])}
        if self._random.random() < 0.2:
            extra = ["format", "explain", "max-rows", "default-graph-uri", "named-graph-uri", "update", "max-bytes"]
            fields[self._random.choice(extra)] = self._random.choice(["1", "csv", "x", "", "http://x/", "ttl", "\0"])
        form = urlencode(fields, errors="surrogatepass")
        if self._random.random() < 0.6:
            return "GET", f"/sparql?{form}", None, headers
        headers["Content-Type"] = self._random.choice([*MEDIA_TYPES, *MEDIA_TYPES[:2] * 10])
        is_direct = headers["Content-Type"].startswith("application/sparql")
        return "POST", "/sparql", query.encode(errors="replace") if is_direct else form.encode(), headers

    def _break(self, text: str) -> str:
        """Change a text in a few places."""
        for _ in range(self._random.randint(1, 3)):
            place = self._random.randint(0, len(text))
            match self._random.randint(0, 4):
                case 0:
                    text = text[:place]
                case 1:
                    text = text[:place] + self._random.choice(WORDS) + text[place:]
                case 2:
                    text = text[:place] + text[place + self._random.randint(1, 5) :]
                case 3:
                    text = text[:place] + text[place : place + 20] * self._random.randint(2, 60) + text[place:]
                case _:
                    text = text[:place] + chr(self._random.randint(0, 0x2FFF)) + text[place:]
        return text[:60_000]

    def _send(self, method: str, path: str, body: bytes | None, headers: dict[str, str]) -> None:
        if time.monotonic() - self._asked_at > IDLE_SECONDS:
            self._connection.close()  # and it opens another
        self._asked_at = time.monotonic()
        try:
            self._connection.request(method, path, body, headers)
            response = self._connection.getresponse()
            content = response.read()
        except http.client.IncompleteRead as error:  # a cut-off answer
            self._connection = self._service.connect(timeout=PATIENCE)
            if b"CUT OFF" not in error.partial[-300:]:
                self._note(f"{method} {path[:200]}: broken off without a word")
            return
        except (OSError, http.client.HTTPException, ValueError, UnicodeError) as error:
            self._connection.close()
            self._connection = self._service.connect(timeout=PATIENCE)
            is_lost = isinstance(error, http.client.RemoteDisconnected | ConnectionError | TimeoutError)
            if is_lost and len(path) < 60_000:
                self._note(f"{method} {path[:200]}: {error!r}")
            return
        self._judge(f"{method} {path[:300]} {body[:200] if body else ''!r}", response.status, content)

    def _judge(self, what: str, status: int, content: bytes) -> None:
        with self._lock:
            self._report.statuses[status] += 1
        if any(leak in content for leak in LEAKS) and not what.startswith("GET /metrics"):
            self._note(f"{what}: shows the inside: {content[:300]!r}")
        if status < 500:
            return
        try:
            limit = str(json.loads(content)["limit"])
        except (ValueError, KeyError, TypeError):
            limit = "(a page)" if status == 503 and b"<html" in content else ""
        with self._lock:
            self._report.limits[limit] += 1
        if status != 503 or limit not in {*LIMITS, "(a page)"}:
            self._note(f"{what}: {status} {content[:300]!r}")

    def _send_bytes(self) -> None:
        """Send what is no HTTP."""
        starts = [b"GET / HTTP/1.1\r\n", b"POST /sparql HTTP/1.1\r\nContent-Length: 9\r\n", b"", b"\0\1\2"]
        start = self._random.choice(starts)
        with socket.create_connection((self._service.host, self._service.port), 5) as line:
            try:
                line.sendall(start + self._random.randbytes(self._random.randint(0, 300)) + b"\r\n\r\n")
                line.settimeout(0.05)
                line.recv(1000)
            except OSError:
                return

    def _note(self, what: str) -> None:
        with self._lock:
            self._report.wrong.append(what)


def fuzz(store: Path, requests: int, seed: int) -> Report:
    """Serve a store and send it so many requests."""
    service, report, lock = Service(store, {"QUERY_TIMEOUT": "0.3"}), Report(), threading.Lock()
    try:
        service.wait_until_up()
        fuzzers = [Fuzzer(service, seed * 1000 + number, report, lock) for number in range(THREADS)]
        threads = [threading.Thread(target=fuzzer.run, args=(requests // THREADS,)) for fuzzer in fuzzers]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        service.wait_until_up()
    finally:
        service.stop()
    return report


def main() -> None:
    """Run and print."""
    requests = int(sys.argv[1]) if len(sys.argv) > 1 else 20_000
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else 1
    with tempfile.TemporaryDirectory() as folder:
        report = fuzz(build_site(Path(folder, "store"), [*load_gold(), hostile_extraction()]), requests, seed)
    print(f"answers   {sum(report.statuses.values())}: {dict(sorted(report.statuses.items()))}")
    print(f"limits    {dict(report.limits)}")
    print(f"wrong     {len(report.wrong)}")
    for line in report.wrong[:20]:
        print(f"  {line}")
    sys.exit(bool(report.wrong))


if __name__ == "__main__":
    main()
