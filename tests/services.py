"""Other people's services, played by a server of the test's own on 127.0.0.1."""

import json
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from kg.settings import Settings

SETTINGS = Settings(
    link_contact="test@example.org", link_interval=0.001, fetch_private=True, fetch_timeout=1.0, fetch_max_bytes=100_000
)
WIKIDATA_SPACE = "http://www.wikidata.org/entity/"


@dataclass(frozen=True, slots=True)
class Reply:
    """What the server sends."""

    body: bytes = b"{}"
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    wait: float = 0.0
    """Seconds before each byte of the body, of which there are few then."""


@dataclass(slots=True)
class Asked:
    """A request as it came."""

    method: str
    agent: str
    parameters: dict[str, str]
    at: float


Answer = Callable[[Asked], Reply]


@contextmanager
def serve(answer: Answer) -> Iterator[tuple[str, list[Asked]]]:
    """Serve until the block ends; gives the address and the requests so far."""
    log: list[Asked] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._answer(urlsplit(self.path).query)

        def do_POST(self) -> None:
            self._answer(self.rfile.read(int(self.headers["Content-Length"])).decode())

        def _answer(self, parameters: str) -> None:
            asked = Asked(self.command, self.headers["User-Agent"], dict(parse_qsl(parameters)), time.monotonic())
            log.append(asked)
            reply = answer(asked)
            self.send_response(reply.status)
            for name, value in reply.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(reply.body)))
            self.end_headers()
            try:
                self._send(reply)
            except OSError:  # the client has had enough
                self.close_connection = True

        def _send(self, reply: Reply) -> None:
            if not reply.wait:
                self.wfile.write(reply.body)
                return
            for byte in reply.body:
                time.sleep(reply.wait)
                self.wfile.write(bytes([byte]))

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/api", log
    finally:
        server.shutdown()
        server.server_close()


def as_json(value: object) -> Reply:
    """Reply with JSON."""
    return Reply(json.dumps(value).encode(), headers={"Content-Type": "application/json"})


def in_turn(*replies: Reply) -> Answer:
    """Give one reply after the other, the last one for good."""
    left = list(replies)
    return lambda _: left.pop(0) if len(left) > 1 else left[0]


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry of the other database."""

    id: str
    name: str
    type: str
    country: str = ""
    aliases: tuple[str, ...] = ()
    geonames: str = ""
    occupation: str = ""
    died: str = ""
    score: float = 100.0
    match: bool = True


def reconciliation(*entries: Entry, batch_size: int = 3) -> Answer:
    """Answer as a reconciliation service with these entries."""
    manifest = {
        "versions": ["0.2"],
        "name": "Test",
        "identifierSpace": WIKIDATA_SPACE,
        "schemaSpace": "http://www.wikidata.org/prop/direct/",
        "batchSize": batch_size,
    }

    def answer(asked: Asked) -> Reply:
        if "queries" not in asked.parameters:
            return as_json(manifest)
        queries: dict[str, Any] = json.loads(asked.parameters["queries"])
        return as_json(
            {
                key: {
                    "result": [
                        {
                            "id": entry.id,
                            "name": entry.name,
                            "score": entry.score,
                            "match": entry.match,
                            "type": [{"id": entry.type, "name": "a type"}],
                        }
                        for entry in entries
                        if query["query"].split()[0] in entry.name
                    ]
                }
                for key, query in queries.items()
            }
        )

    return answer


def wikibase(*entries: Entry, parents: Mapping[str, str] | None = None) -> Answer:
    """Answer as Wikidata's own interface does, with these entries and this tree of classes."""
    known = {entry.id: _item(entry) for entry in entries}
    known |= {each: _claims({"P279": [_number(above)]}) for each, above in (parents or {}).items()}

    def answer(asked: Asked) -> Reply:
        parameters = asked.parameters
        if parameters["action"] == "wbsearchentities":
            found = [entry for entry in entries if parameters["search"].split()[0] in (entry.name, *entry.name.split())]
            return as_json({"search": [{"id": entry.id, "label": entry.name} for entry in found], "success": 1})
        numbers = parameters["ids"].split("|")
        return as_json({"entities": {number: known.get(number, {"id": number, "missing": ""}) for number in numbers}})

    return answer


def _item(entry: Entry) -> dict[str, Any]:
    claims: dict[str, list[Any]] = {"P31": [_number(entry.type)]}
    if entry.country:
        claims["P27" if entry.type == "Q5" else "P17"] = [_number(entry.country)]
    if entry.geonames:
        claims["P1566"] = [entry.geonames]
    if entry.occupation:
        claims["P106"] = [_number(entry.occupation)]
    if entry.died:
        claims["P570"] = [{"time": entry.died, "precision": 11}]
    aliases = [{"language": "de", "value": alias} for alias in entry.aliases]
    names = {"labels": {"de": {"language": "de", "value": entry.name}}, "aliases": {"de": aliases}}
    return {"id": entry.id, **names, **_claims(claims)}


def _number(item: str) -> dict[str, str]:
    return {"entity-type": "item", "id": item}


def _claims(claims: Mapping[str, list[Any]]) -> dict[str, Any]:
    statements = {
        name: [{"mainsnak": {"snaktype": "value", "datavalue": {"value": value}}, "rank": "normal"} for value in values]
        for name, values in claims.items()
    }
    return {"claims": statements}
