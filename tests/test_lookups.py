"""Lookups without a worker: which queries are some, and what is left to workers all the same."""

import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest

from kg import lookups
from kg.lookups import Found, Lookups, is_lookup
from kg.remote import Endpoint
from kg.snapshots import name_snapshot
from kg.store import Writer
from kg.worker_jobs import Job
from kg.workers import Supervisor
from tests.small_store import BASE, MINT, SAYS, build, derive, quads, writer
from tests.worker_pools import SETTINGS

ARTICLE = MINT.article("a").value
LOOKUP = Job(f"SELECT ?p ?o WHERE {{ <{ARTICLE}> ?p ?o }}", seconds=1.0)
HUB = f"{BASE}hub"


@pytest.fixture(autouse=True)
def patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine that has much to do is not to change what is seen here."""
    monkeypatch.setattr(lookups, "MOST_SECONDS", 10.0)
    monkeypatch.setattr(lookups, "SLOW_SECONDS", 10.0)


@pytest.fixture
def store(tmp_path: Path) -> Path:
    return build(tmp_path / "store")


@pytest.fixture
def door(store: Path) -> Iterator[Lookups]:
    with Lookups(store) as opened:
        yield opened


def find(door: Lookups, job: Job) -> Found:
    """Wait until the snapshot is open; return the answer."""
    deadline = time.monotonic() + 20
    while (found := door.find(job)) is None:
        assert time.monotonic() < deadline
        time.sleep(0.005)
    return found


def fetch(supervisor: Supervisor, job: Job) -> Found:
    """Return what a worker answers."""
    answer, body = supervisor.queries.fetch(job)
    return Found(body, answer.truncated, answer.snapshot)


def add(path: Path, stem: str, *texts: str) -> None:
    with writer(path) as opened:
        opened.replace_article(stem, quads(stem, *texts))
        opened.publish()


def add_hub(path: Path, statements: int) -> None:
    graph = MINT.article_graph("hub")
    with Writer(path, BASE, derive) as opened:
        objects = [ox.NamedNode(f"{BASE}{number}") for number in range(statements)]
        opened.replace_article("hub", [ox.Quad(ox.NamedNode(HUB), SAYS, each, graph) for each in objects])
        opened.publish()


@pytest.mark.parametrize(
    "query",
    [
        "SELECT ?p ?o WHERE { <http://example.org/a> ?p ?o } LIMIT 10",
        "select*{?s ?p <x>}",
        "SELECT ?o { <x> a ?o . }",
        "PREFIX ex: <http://example.org/>\nPREFIX : <y>\nSELECT ?s\nWHERE { ?s :p ex:a-b }",
        "SELECT ?p $o { <a> $p ?o }",
    ],
)
def test_one_pattern_about_a_thing_is_a_lookup(query: str) -> None:
    assert is_lookup(query)


@pytest.mark.parametrize(
    "query",
    [
        "SELECT ?s { ?s ?p ?o }",
        "SELECT ?s { ?s <p> ?o }",
        "SELECT ?s { _:b ?s <o> }",
        "SELECT ?s { ?s <p> 'text' }",
        "SELECT ?p { <a> ?p $p }",
        "SELECT ?x { <a> ?p ?o }",
        "SELECT ?p { <a> ?p ?o } OFFSET 9",
        "SELECT DISTINCT ?p { <a> ?p ?o }",
        "SELECT ?p { <a> ?p ?o } ORDER BY ?p",
        "SELECT ?o { <a> <p>/<q> ?o }",
        "SELECT ?o { <a> <p>+ ?o }",
        "SELECT ?o { <a> ^<p> ?o }",
        "SELECT ?o { <a> <p> ?o . ?o <q> ?x }",
        "SELECT ?o { <a> <p> ?o ; <q> ?x }",
        "SELECT ?o { <a> <p> ?o FILTER(?o = 1) }",
        "SELECT ?o { { <a> <p> ?o } }",
        "SELECT ?o FROM <g> { <a> <p> ?o }",
        "SELECT ?o { GRAPH ?g { <a> <p> ?o } }",
        "SELECT ?o { SERVICE <e> { <a> <p> ?o } }",
        "SELECT (COUNT(?o) AS ?n) { <a> <p> ?o }",
        "SELECT ?o { <a> <p> ?o # }\n }",
        "CONSTRUCT { <a> <p> ?o } WHERE { <a> <p> ?o }",
        "ASK { <a> <p> ?o }",
        "SELECT * { <a> <p> <o> }",
    ],
)
def test_anything_else_is_none(query: str) -> None:
    assert not is_lookup(query)


@pytest.mark.parametrize(
    "query",
    [
        "SELECT ?p" + " " * 200_000,
        "SELECT ?p { <a> ?p ?o" + " " * 200_000,
        "SELECT " + "?p " * 60_000 + "x",
        "SELECT ?p { p:" + "a" * 200_000,
        "SELECT ?p { p:" + ":a" * 100_000,
        "PREFIX a: <b> " * 15_000 + "x",
    ],
    ids=range(6),
)
def test_no_text_is_looked_at_twice(query: str) -> None:
    begun = time.process_time()
    assert not is_lookup(query)
    assert time.process_time() - begun < 1.0


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"table": "xml"},
        {"table": "csv"},
        {"table": "tsv"},
        {"max_rows": 1},
        {"max_rows": 1, "table": "csv"},
        {"max_bytes": 100},
        {"query": f"SELECT * {{ <{ARTICLE}> ?says ?it }}"},
        {"query": f"PREFIX e: <{BASE}> SELECT ?o {{ <{ARTICLE}> e:says ?o }} LIMIT 1"},
        {"query": "SELECT ?o { <article/a> ?p ?o }", "base_iri": BASE},
        {"query": "SELECT ?o { <nobody> ?p ?o }", "base_iri": BASE},
    ],
)
def test_the_answer_is_that_of_a_worker(store: Path, door: Lookups, changes: Mapping[str, Any]) -> None:
    job = Job(**{"query": LOOKUP.query, "seconds": 1.0, **changes})
    with Supervisor(store, SETTINGS) as supervisor:
        assert find(door, job) == fetch(supervisor, job)


def test_a_new_snapshot_is_answered_from_and_the_old_one_let_go_of(store: Path, door: Lookups) -> None:
    job = Job(f"SELECT ?o {{ <{MINT.article('c').value}> ?p ?o }}", table="csv", seconds=1.0)
    assert b"vier" not in find(door, job).body
    for text in ("vier", "fünf"):
        add(store, "c", text)
        first = door.find(job)
        assert first is None, "the snapshot is not the current one any more"
        assert text in find(door, job).body.decode()
        assert find(door, job).snapshot == name_snapshot(store)


def test_a_snapshot_that_nobody_asks_is_let_go_of(store: Path, door: Lookups) -> None:
    find(door, LOOKUP)
    assert is_open(store, 1)
    add(store, "c", "vier")
    deadline = time.monotonic() + 20
    while is_open(store, 1):
        assert time.monotonic() < deadline, "the old snapshot could not be deleted"
        time.sleep(0.02)


def test_nothing_is_open_before_and_after(store: Path) -> None:
    with Lookups(store) as door:
        assert not is_open(store, 1)
        find(door, LOOKUP)
    assert not is_open(store, 1)
    assert door.find(LOOKUP) is None
    assert Lookups(store).find(LOOKUP) is None


def is_open(store: Path, snapshot: int) -> bool:
    """Tell whether this process has files of a snapshot open, or its lock."""
    place = str(store / "snapshots" / str(snapshot))
    return any(str(link.readlink()).startswith(place) for link in Path("/proc/self/fd").iterdir() if link.is_symlink())


def test_long_answers_are_for_workers(store: Path, door: Lookups) -> None:
    add_hub(store, 20_000)
    find(door, LOOKUP)
    for query in (f"SELECT ?p ?o {{ <{HUB}> ?p ?o }}", f"SELECT ?o {{ <{HUB}> <{SAYS.value}> ?o }} LIMIT 1000"):
        begun = time.thread_time()
        assert door.find(Job(query, seconds=1.0)) is None
        assert time.thread_time() - begun < 0.03
    assert door.find(Job(f"SELECT ?o {{ <{HUB}> ?p ?o }} LIMIT 50", seconds=1.0)) is not None


def test_rows_that_take_long_are_for_workers(door: Lookups, monkeypatch: pytest.MonkeyPatch) -> None:
    find(door, LOOKUP)
    monkeypatch.setattr(lookups, "MOST_SECONDS", -1.0)
    assert door.find(LOOKUP) is None
    monkeypatch.setattr(lookups, "MOST_SECONDS", 10.0)
    assert door.find(LOOKUP) is not None


def test_where_lookups_wait_for_the_disk_workers_answer(door: Lookups, monkeypatch: pytest.MonkeyPatch) -> None:
    find(door, LOOKUP)
    monkeypatch.setattr(lookups, "SLOW_SECONDS", -1.0)
    monkeypatch.setattr(lookups, "REST_SECONDS", 0.1)
    found = [door.find(LOOKUP) is not None for _ in range(4)]
    assert found == [True, True, True, False]
    monkeypatch.setattr(lookups, "SLOW_SECONDS", 10.0)
    time.sleep(0.11)
    assert door.find(LOOKUP) is not None


@pytest.mark.parametrize(
    "job",
    [
        Job(LOOKUP.query, seconds=0.05),
        Job(LOOKUP.query),
        Job(LOOKUP.query, table=None, seconds=1.0),
        Job(LOOKUP.query, union=False, seconds=1.0),
        Job("SELECT ?o { x:y ?p ?o }", seconds=1.0),
        Job("SELECT ?o { <relative> ?p ?o }", seconds=1.0),
    ],
    ids=["short of time", "no time", "no table", "no union", "undeclared", "relative"],
)
def test_what_is_out_of_the_common_is_for_workers(door: Lookups, job: Job) -> None:
    find(door, LOOKUP)
    assert door.find(job) is None


def test_a_database_of_many_files_is_for_workers(store: Path, door: Lookups, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lookups, "MOST_FILES", 0)
    for _ in range(20):
        assert door.find(LOOKUP) is None
        time.sleep(0.01)
    monkeypatch.setattr(lookups, "MOST_FILES", 100)
    assert door.find(LOOKUP) is None, "it is looked at again with the next snapshot"
    add(store, "c", "vier")
    find(door, LOOKUP)


def test_a_store_elsewhere_is_for_workers() -> None:
    with Lookups(Endpoint("http://localhost:1/query", "http://localhost:1/update")) as door:
        assert door.find(LOOKUP) is None


class PanicException(BaseException):
    """What the engine raises when it has found itself at fault."""


def test_an_engine_at_fault_is_not_asked_again(door: Lookups, monkeypatch: pytest.MonkeyPatch) -> None:
    find(door, LOOKUP)
    errors: list[BaseException] = []

    def run(*given: Any) -> Any:
        if errors:
            raise errors.pop()
        return ask(*given)

    ask = lookups._ask
    monkeypatch.setattr(lookups, "_ask", run)
    errors.append(KeyboardInterrupt())
    with pytest.raises(KeyboardInterrupt):
        door.find(LOOKUP)
    errors.append(OSError("the disk"))
    assert door.find(LOOKUP) is None
    assert door.find(LOOKUP) is not None
    errors.append(PanicException("at fault"))
    assert door.find(LOOKUP) is None
    assert door.find(LOOKUP) is None
    assert not errors
