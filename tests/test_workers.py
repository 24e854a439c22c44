"""The query workers: limits, loss and replacement, snapshots, and that nothing outlives its owner."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pyoxigraph as ox
import pytest

from kg.errors import QueryBusyError, QueryCrashError, QueryError, QueryTimeoutError, StoreError
from kg.settings import Settings
from kg.store import Writer
from kg.vocab import Minter
from kg.workers import Job, Supervisor

SETTINGS = Settings(query_timeout=1.0, query_wait=0.3, query_memory_mb=1024)
PREDICATE = ox.NamedNode("http://example.org/p")
COUNT = Job("SELECT (COUNT(*) AS ?n) WHERE { ?s ?p ?o }")
RUNAWAY = Job("SELECT (COUNT(*) AS ?n) WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }")
EVERYTHING = Job("SELECT * WHERE { ?s ?p ?o . ?a ?b ?c }")
BOMB = Job("SELECT * WHERE " + "{" * 20_000 + "}" * 20_000)


def publish(path: Path, size: int) -> None:
    """Make `size` triples in two graphs the store's current snapshot."""
    mint = Minter("http://example.org/")
    with Writer(path, mint.base, lambda *_: None) as writer:
        for number, stem in enumerate(("even", "odd")):
            graph = mint.article_graph(stem)
            triples = (
                (ox.NamedNode(f"http://example.org/s{i}"), PREDICATE, ox.Literal(i)) for i in range(number, size, 2)
            )
            writer.replace_article(stem, [ox.Quad(*triple, graph) for triple in triples])
        writer.publish()


@pytest.fixture
def store(tmp_path: Path) -> Path:
    publish(tmp_path, 300)
    return tmp_path


@pytest.fixture
def supervisor(store: Path) -> Iterator[Supervisor]:
    with Supervisor(store, SETTINGS) as started:
        yield started


def count(supervisor: Supervisor) -> int:
    _, body = supervisor.queries.fetch(COUNT)
    return int(json.loads(body)["results"]["bindings"][0]["n"]["value"])


def worker_ids(supervisor: Supervisor) -> list[int]:
    return [worker.pid for worker in supervisor.queries._idle]


def is_running(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rsplit(")", 1)[1].split()[0]
    except OSError:
        return False
    return state != "Z"


def wait_until_gone(pids: list[int]) -> None:
    deadline = time.monotonic() + 5
    while any(is_running(pid) for pid in pids):
        assert time.monotonic() < deadline, "processes outlive their owner"
        time.sleep(0.02)


def test_answers_over_the_union_of_all_graphs(supervisor: Supervisor) -> None:
    assert count(supervisor) == 300


def test_dataset_of_the_job_limits_the_graphs(supervisor: Supervisor) -> None:
    job = replace(COUNT, union=False, default_graphs=("http://example.org/graph/article/odd",), named_graphs=())
    _, body = supervisor.queries.fetch(job)
    assert json.loads(body)["results"]["bindings"][0]["n"]["value"] == "150"


def test_bindings_are_terms_not_text(supervisor: Supervisor) -> None:
    job = Job("SELECT ?this ?o WHERE { ?this ?p ?o }", bindings={"this": {"iri": "http://example.org/s7"}})
    _, body = supervisor.queries.fetch(job)
    assert [row["o"]["value"] for row in json.loads(body)["results"]["bindings"]] == ["7"]
    with pytest.raises(QueryError, match="cannot be read"):
        supervisor.queries.fetch(replace(job, bindings={"this": {"iri": "x> ?p ?o } #"}}))


def test_unwanted_kind_of_answer_has_no_bytes(supervisor: Supervisor) -> None:
    answer, body = supervisor.queries.fetch(replace(COUNT, table=None))
    assert (answer.kind, answer.format, body) == ("table", None, b"")


def test_syntax_error_keeps_the_worker(supervisor: Supervisor) -> None:
    before = sorted(worker_ids(supervisor))
    with pytest.raises(QueryError, match="cannot be read"):
        supervisor.queries.fetch(Job("SELECT * WHERE {"))
    assert sorted(worker_ids(supervisor)) == before


def test_runaway_query_is_stopped_in_time_and_its_worker_replaced(supervisor: Supervisor) -> None:
    before = worker_ids(supervisor)
    started = time.monotonic()
    with pytest.raises(QueryTimeoutError, match="stopped after 1 second"):
        supervisor.queries.fetch(RUNAWAY)
    assert time.monotonic() - started < 1.8
    assert len(set(worker_ids(supervisor)) - set(before)) == 1
    assert count(supervisor) == 300


def test_cut_off_stream_is_told(supervisor: Supervisor) -> None:
    answer = supervisor.queries.ask(EVERYTHING)
    next(answer.chunks)
    time.sleep(1.2)
    with pytest.raises(QueryTimeoutError):
        list(answer.chunks)


def test_nesting_bomb_costs_one_worker(supervisor: Supervisor) -> None:
    with pytest.raises(QueryCrashError, match="ended its worker"):
        supervisor.queries.fetch(BOMB)
    assert count(supervisor) == 300


def test_memory_limit_costs_one_worker(store: Path) -> None:
    with Supervisor(store, replace(SETTINGS, query_memory_mb=900, query_timeout=30)) as supervisor:
        job = Job("SELECT ?a WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i } ORDER BY ?c")
        with pytest.raises(QueryCrashError):
            supervisor.queries.fetch(job)
        assert count(supervisor) == 300


def test_killed_workers_are_replaced_before_the_next_answer(supervisor: Supervisor) -> None:
    pids = worker_ids(supervisor)
    assert len(pids) == SETTINGS.query_workers
    for pid in pids:
        os.kill(pid, signal.SIGKILL)
    wait_until_gone(pids)
    assert [count(supervisor) for _ in range(3)] == [300, 300, 300]


def test_killed_template_is_started_again(supervisor: Supervisor) -> None:
    pids = worker_ids(supervisor)
    process = supervisor._template._process
    assert process is not None
    process.kill()
    wait_until_gone([process.pid, *pids])
    assert count(supervisor) == 300


def test_abandoned_answer_frees_its_worker(supervisor: Supervisor) -> None:
    before = worker_ids(supervisor)
    answers = [supervisor.queries.ask(EVERYTHING) for _ in before]
    for answer in answers:
        next(answer.chunks)
        answer.chunks.close()
    wait_until_gone(before)
    assert count(supervisor) == 300


def test_busy_pool_says_so_and_pages_go_on(supervisor: Supervisor) -> None:
    held = [supervisor.queries.ask(EVERYTHING) for _ in range(SETTINGS.query_workers)]
    with pytest.raises(QueryBusyError, match="busy"):
        supervisor.queries.fetch(COUNT)
    assert supervisor.pages.fetch(COUNT)[0].kind == "table"
    assert len(held) == SETTINGS.query_workers


def test_new_snapshot_is_noticed(supervisor: Supervisor, store: Path) -> None:
    first = supervisor.snapshot()
    assert count(supervisor) == 300
    publish(store, 7)
    answer, _ = supervisor.queries.fetch(COUNT)
    assert count(supervisor) == 7
    assert first != supervisor.snapshot() == answer.snapshot


def test_idle_worker_leaves_an_old_snapshot(supervisor: Supervisor, store: Path) -> None:
    assert count(supervisor) == 300
    publish(store, 7)
    deadline = time.monotonic() + 5
    while any(holds_open(pid, store / "snapshots" / "1") for pid in worker_ids(supervisor)):
        assert time.monotonic() < deadline, "an idle worker keeps the old snapshot"
        time.sleep(0.05)


def holds_open(pid: int, folder: Path) -> bool:
    return any(os.path.realpath(link).startswith(f"{folder}/") for link in Path(f"/proc/{pid}/fd").iterdir())


def test_missing_store_names_the_remedy(tmp_path: Path) -> None:
    with Supervisor(tmp_path, SETTINGS) as supervisor:
        with pytest.raises(StoreError, match="kg build"):
            supervisor.queries.fetch(COUNT)
        with pytest.raises(StoreError, match="kg build"):
            supervisor.snapshot()


def test_no_query_reaches_the_network(supervisor: Supervisor) -> None:
    job = Job("SELECT * WHERE { SERVICE <http://127.0.0.1:65000/sparql> { ?s ?p ?o } }")
    with pytest.raises(StoreError, match="ermission denied"):
        supervisor.queries.fetch(job)


def test_threads_share_a_supervisor(supervisor: Supervisor) -> None:
    found: list[int] = []
    threads = [threading.Thread(target=lambda: found.append(count(supervisor))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [300] * 8


@pytest.mark.parametrize("end", [signal.SIGKILL, signal.SIGTERM])
def test_nothing_outlives_its_owner(store: Path, end: signal.Signals) -> None:
    program = (
        "import sys, time; from pathlib import Path; from kg.settings import Settings; from kg.workers import *\n"
        "s = Supervisor(Path(sys.argv[1]), Settings(query_timeout=60))\n"
        "answer = s.queries.ask(Job('SELECT * WHERE { ?s ?p ?o . ?a ?b ?c . ?d ?e ?f }'))\n"
        "print(s._template._process.pid, *[w.pid for w in s.queries._idle + s.pages._idle], flush=True)\n"
        "time.sleep(60)"
    )
    owner = subprocess.Popen([sys.executable, "-c", program, str(store)], stdout=subprocess.PIPE, text=True)
    assert owner.stdout is not None
    pids = [int(word) for word in owner.stdout.readline().split()]
    children = Path(f"/proc/{pids[0]}/task/{pids[0]}/children").read_text(encoding="ascii").split()
    everyone = {*pids, *map(int, children)}
    assert len(everyone) == 1 + Settings().query_workers + Settings().page_workers
    owner.send_signal(end)
    owner.wait()
    owner.stdout.close()
    wait_until_gone(sorted(everyone))
