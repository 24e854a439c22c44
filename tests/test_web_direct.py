"""Plain queries that are answered at the door: as the application answers them, or by it."""

import time
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import quote

import pytest
import uvloop
from flask import Flask

from kg.lookups import Lookups
from kg.settings import Settings
from kg.web.cache import Asked, ResponseCache
from kg.web.clients import ClientLimits
from kg.web.direct import MOST_CHARS, DirectQueries
from kg.web.gateway import Gateway
from kg.workers import Supervisor
from tests.gold import BASE
from tests.test_web_gateway import Exchange

LOOKUP = f"SELECT ?p ?o WHERE {{ <{BASE}id/country/RU> ?p ?o }} ORDER BY ?p ?o"
GRAPH = f"CONSTRUCT {{ <{BASE}id/country/RU> ?p ?o }} WHERE {{ <{BASE}id/country/RU> ?p ?o }}"
PLAIN = f"SELECT ?p ?o WHERE {{ <{BASE}id/country/RU> ?p ?o }} LIMIT 40"
LONG = "SELECT * WHERE { ?a ?b ?c }"
BROKEN = "SELECT ?p WHERE { ?s ?p }"
ACCEPT_HTML: Mapping[str, Any] = {"accept": "text/html"}
JSON = "application/sparql-results+json"


@pytest.fixture
def direct(site_app: Flask) -> DirectQueries:
    supervisor = site_app.extensions["supervisor"]
    return DirectQueries(supervisor, Lookups(supervisor.store_path), site_app.config["SETTINGS"], BASE)


@pytest.fixture
def supervisor(site_app: Flask) -> Iterator[Supervisor]:
    found: Supervisor = site_app.extensions["supervisor"]
    yield found
    assert found.queries.lanes.usage == {"quick": 0, "slow": 0, "paused": 0, "queued": 0}, "a worker was not given back"


def ask(app: Flask, direct: DirectQueries | None, target: str, **headers: Any) -> tuple[int, dict[str, str], bytes]:
    """Ask a gateway with a cache of its own; return status, headers and body."""
    exchange = Exchange(target, **headers)
    limits = ClientLimits(0, 0, exempt_loopback=True)
    cache = ResponseCache(1_000_000, lambda: "")
    gateway = Gateway(app, cache, limits, threads=2, most_bytes=1000, proxies=frozenset(), direct=direct)
    uvloop.run(gateway(exchange.scope, exchange.receive, exchange.send))  # as the server does
    start, *parts = exchange.sent
    named = {name.decode(): value.decode() for name, value in start["headers"]}
    assert len(named.pop("x-request-id")) == 32
    return start["status"], named, b"".join(part["body"] for part in parts)


@pytest.mark.parametrize(
    ("query", "more", "headers"),
    [
        (LOOKUP, "", {"accept": JSON}),
        (LOOKUP, "", {"accept": "text/csv", "accept_encoding": "gzip, deflate"}),
        (LOOKUP, "", {"accept": JSON, "accept_encoding": "zstd, gzip"}),
        (LOOKUP, "&max-rows=3", {"accept": JSON, "origin": "http://example.org"}),
        (LOOKUP, "&max-rows=3&timeout=1", {"accept": "text/csv"}),
        (LOOKUP, "&format=tsv", {"accept": JSON}),
        ("ASK {}", "", {}),
        (GRAPH, "", {"accept": "text/turtle"}),
        (GRAPH, "", {"accept": 'application/ld+json;profile="http://www.w3.org/ns/json-ld#compacted"'}),
        ("SELECT (NOW() AS ?now) WHERE {} LIMIT 0", "", {"accept": JSON}),
    ],
)
def test_the_answer_is_the_same_as_the_application_s(
    *,
    site_app: Flask,
    direct: DirectQueries,
    supervisor: Supervisor,
    query: str,
    more: str,
    headers: Mapping[str, str],
) -> None:
    assert supervisor.queries  # they are started
    target = f"/sparql?query={quote(query)}{more}"
    asked = Asked("GET", target, {name.replace("_", "-"): value for name, value in headers.items()})
    assert direct.read(asked) is not None
    found = ask(site_app, direct, target, **headers)
    assert found == ask(site_app, None, target, **headers)
    assert found[0] == 200


@pytest.mark.parametrize(
    ("more", "headers"),
    [
        ("", {"accept": JSON}),
        ("", {"accept": JSON, "accept_encoding": "zstd, gzip", "origin": "http://example.org"}),
        ("&max-rows=3&format=csv", {}),
        ("&max-bytes=300", {"accept": "application/sparql-results+xml"}),
    ],
)
def test_a_lookup_needs_no_worker(
    *,
    site_app: Flask,
    supervisor: Supervisor,
    monkeypatch: pytest.MonkeyPatch,
    more: str,
    headers: Mapping[str, str],
) -> None:
    monkeypatch.setattr("kg.lookups.MOST_SECONDS", 10.0)
    monkeypatch.setattr("kg.lookups.SLOW_SECONDS", 10.0)
    before, target = supervisor.queries.counts["answered"], f"/sparql?query={quote(PLAIN)}{more}"
    with Lookups(supervisor.store_path) as lookups:
        direct = DirectQueries(supervisor, lookups, site_app.config["SETTINGS"], BASE)
        asked = Asked("GET", target, {name.replace("_", "-"): value for name, value in headers.items()})
        question = direct.read(asked)
        assert question is not None
        while not direct.look_up(asked, question):
            time.sleep(0.005)
        assert supervisor.queries.counts["answered"] == before + 1
        worked = supervisor.queries.lanes.worked
        found = ask(site_app, direct, target, **headers)
        assert supervisor.queries.lanes.worked == worked
    assert found == ask(site_app, None, target, **headers)
    assert found[0] == 200
    assert supervisor.queries.counts["answered"] == before + 3


@pytest.mark.parametrize(
    ("target", "status"),
    [
        (f"/sparql?query={quote(LONG)}&max-rows=3000&format=csv", 200),
        (f"/sparql?query={quote(BROKEN)}", 400),
        (f"/sparql?query={quote(LOOKUP)}&format=ttl", 406),
        (f"/sparql?query={quote('SELECT (COUNT(*) AS ?n) WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }')}&timeout=0.2", 503),
    ],
    ids=["long", "broken", "not acceptable", "slow"],
)
def test_what_is_not_whole_at_once_is_gone_on_with(
    site_app: Flask, direct: DirectQueries, supervisor: Supervisor, target: str, status: int
) -> None:
    before = sum(supervisor.queries.counts.values())
    found = ask(site_app, direct, target)
    assert sum(supervisor.queries.counts.values()) == before + 1, "it was asked twice"
    assert found[0] == status
    if status == 200:
        assert found == ask(site_app, None, target)
    else:
        assert found[1]["content-type"] == "application/problem+json"


@pytest.mark.parametrize(
    ("method", "target", "headers"),
    [
        ("POST", f"/sparql?query={quote(LOOKUP)}", {}),
        ("HEAD", f"/sparql?query={quote(LOOKUP)}", {}),
        ("GET", "/sparql?", {}),
        ("GET", "/sparql?query=", {}),
        ("GET", f"/sparql?query={quote(LOOKUP)}", {"accept": "text/html"}),
        ("GET", f"/sparql?query={quote(LOOKUP)}", {"if-none-match": "*"}),
        ("GET", f"/sparql?query={quote(LOOKUP)}", {"authorization": "Bearer x"}),
        ("GET", f"/sparql?query={quote(LOOKUP)}&query=ASK%7B%7D", {}),
        ("GET", f"/sparql?query={quote(LOOKUP)}&lang=en", {}),
        ("GET", f"/sparql?query={quote(LOOKUP)}&explain=1", {}),
        ("GET", f"/sparql?query={quote(LOOKUP)}&default-graph-uri=x", {}),
        ("GET", f"/sparql?query={quote(LOOKUP)}&timeout=never", {}),
        ("GET", "/sparql?query=%FF", {}),
        ("GET", "/sparql?query=\xff", {}),
        ("GET", f"/sparql?query={quote('SELECT * { SERVICE <http://example.org/> { ?s ?p ?o } }')}", {}),
        ("GET", f"/sparql?query={'%20' * MOST_CHARS}", {}),
        ("GET", f"/sparql?query={'(' * 1000}", {}),
        ("GET", "/search?query=x", {}),
    ],
)
def test_what_is_out_of_the_common_is_left_to_the_application(
    direct: DirectQueries, method: str, target: str, headers: Mapping[str, Any]
) -> None:
    assert direct.read(Asked(method, target, headers)) is None


def test_it_never_waits_for_a_worker(site_app: Flask, direct: DirectQueries, supervisor: Supervisor) -> None:
    given: Settings = site_app.config["SETTINGS"]
    target = f"/sparql?query={quote(LOOKUP)}"
    with supervisor.queries.lanes.lease(1.0), supervisor.queries.lanes.lease(1.0):
        leases = [supervisor.queries.lanes.lease(1.0) for _ in range(given.quick_workers - 2)]
        for lease in leases:
            lease.__enter__()
        question = direct.read(Asked("GET", target, {}))
        assert question is not None
        assert supervisor.begin(question.job) is None
        for lease in leases:
            lease.__exit__(None, None, None)
    assert ask(site_app, direct, target)[0] == 200


def test_the_form_for_queries_is_kept_but_no_answer_in_it(site_app: Flask, direct: DirectQueries) -> None:
    current = site_app.extensions["supervisor"].snapshot()
    limits, cache = ClientLimits(0, 0, exempt_loopback=True), ResponseCache(1_000_000, lambda: current)
    gateway = Gateway(site_app, cache, limits, threads=2, most_bytes=1000, proxies=frozenset(), direct=direct)

    async def show(target: str) -> bool:
        exchange = Exchange(target, **ACCEPT_HTML)
        await gateway(exchange.scope, exchange.receive, exchange.send)
        assert exchange.status == 200
        return "cache-status" in exchange.headers

    async def show_all() -> list[bool]:
        return [await show(target) for target in ("/sparql", "/sparql", *(f"/sparql?query={quote('ASK {}')}",) * 2)]

    assert uvloop.run(show_all()) == [False, True, False, False]
