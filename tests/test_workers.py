"""The query workers: limits, loss and replacement, snapshots, and that nothing outlives its owner."""

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest

from kg import worker_answers, workers
from kg.errors import (
    QueryBusyError,
    QueryCrashError,
    QueryError,
    QueryTimeoutError,
    StoreError,
)
from kg.settings import Settings
from kg.worker_handles import Worker
from kg.worker_jobs import Job
from kg.worker_reader import SnapshotReader
from kg.workers import Supervisor
from tests.processes import parent_of, wait_until_gone
from tests.worker_pools import COUNT, EVERYTHING, RUNAWAY, SETTINGS, count, publish

pytestmark = pytest.mark.alone  # what they wait for and measure is what others leave of the processors

BOMB = Job("SELECT * WHERE " + "{" * 20_000 + "}" * 20_000)
PATIENT = replace(SETTINGS, query_timeout=60.0, query_wait=60.0)
"""For what is to succeed, however busy the machine is."""


@pytest.fixture
def store(tmp_path: Path) -> Path:
    publish(tmp_path, 300)
    return tmp_path


@pytest.fixture
def supervisor(store: Path) -> Iterator[Supervisor]:
    with Supervisor(store, SETTINGS) as started:
        yield started


def worker_ids(supervisor: Supervisor) -> list[int]:
    return [worker.pid for worker in supervisor.queries.lanes.idle]


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
    with pytest.raises(QueryTimeoutError, match=r"stopped after 1 s\."):
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


def test_nesting_bomb_finds_a_stack_that_is_deep_enough(store: Path) -> None:
    with Supervisor(store, PATIENT) as supervisor:
        answer, _ = supervisor.queries.fetch(BOMB)
    assert answer.kind == "table"


def test_memory_limit_costs_one_worker(store: Path) -> None:
    with Supervisor(store, replace(SETTINGS, query_memory_mb=900, query_timeout=30)) as supervisor:
        job = Job("SELECT ?a WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i } ORDER BY ?c")
        with pytest.raises(QueryCrashError):
            supervisor.queries.fetch(job)
        assert count(supervisor) == 300


def test_killed_workers_are_replaced_before_the_next_answer(supervisor: Supervisor) -> None:
    pids = worker_ids(supervisor)
    assert len(pids) == SETTINGS.quick_workers + 1
    for pid in pids:
        os.kill(pid, signal.SIGKILL)
    wait_until_gone(pids)
    assert [count(supervisor) for _ in range(3)] == [300, 300, 300]


def test_dead_workers_are_buried_without_their_template(supervisor: Supervisor) -> None:
    """It would wait in the kernel for what is left of them, and start no others meanwhile."""
    count(supervisor)
    worker = supervisor.queries.lanes.idle[0].pid
    template = parent_of(worker)
    os.kill(template, signal.SIGSTOP)
    os.kill(worker, signal.SIGKILL)
    deadline = time.monotonic() + 10
    while Path(f"/proc/{worker}").exists():
        assert time.monotonic() < deadline, "it is a zombie"
        time.sleep(0.01)
    os.kill(template, signal.SIGCONT)


def test_killed_template_is_started_again(supervisor: Supervisor) -> None:
    pids = worker_ids(supervisor)
    process = supervisor._templates[0]._process
    assert process is not None
    process.kill()
    wait_until_gone([process.pid, *pids])
    assert count(supervisor) == 300


def test_template_that_cannot_fork_spoils_no_answer_and_is_one_line_in_the_log(
    supervisor: Supervisor, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail() -> None:
        raise EOFError

    pids = worker_ids(supervisor)
    with monkeypatch.context() as patched:
        patched.setattr(supervisor.queries.lanes._template, "fork", fail)
        answer = supervisor.queries.ask(EVERYTHING)
        next(answer.chunks)
        answer.close()  # whose worker is to be replaced, and is not
        assert count(supervisor) == 300
        for pid in pids:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        wait_until_gone(pids)
        with pytest.raises(QueryBusyError, match="No query worker can be started"):
            count(supervisor)
    messages = [record.getMessage() for record in caplog.records]
    assert "no query worker can be started: the process that forks them has ended" in messages
    assert not any(record.exc_info for record in caplog.records)
    assert count(supervisor) == 300


def test_abandoned_answer_frees_its_worker(supervisor: Supervisor) -> None:
    before = worker_ids(supervisor)
    answers = [supervisor.queries.ask(EVERYTHING) for _ in before]
    for answer in answers:
        next(answer.chunks)
        answer.close()
    wait_until_gone(before)
    assert count(supervisor) == 300


@pytest.mark.parametrize("query", ["ASK {}", "SELECT * WHERE {"])
def test_what_is_left_of_a_jobs_time_does_not_end_its_worker(store: Path, query: str) -> None:
    """Who has the last frame may send the next job, however long the worker then waits for a processor."""
    left = []

    class Line(socket.socket):
        def sendall(self, data: bytes, *_: int) -> None:  # type: ignore[override]  # other buffers are not sent here
            left.append(signal.getitimer(signal.ITIMER_REAL)[0])
            super().sendall(data)

    near, far = socket.socketpair()
    with near, far, Line(fileno=far.detach()) as line:
        worker_answers.answer({**Job(query).message(), "own": False, "seconds": 60.0}, SnapshotReader(store), line)
    assert left == [0.0]


def test_job_that_lost_workers_have_not_read_is_given_to_another(
    supervisor: Supervisor, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert count(supervisor) == 300
    monkeypatch.setattr(workers, "SUDDEN_SECONDS", 0.0)
    lost = list(supervisor.queries.lanes.idle)
    for worker in lost:  # the last thread of one that was killed may be long in leaving, and with it its socket
        monkeypatch.setattr(worker, "is_alive", lambda: True)
        worker.kill()
    wait_until_gone([worker.pid for worker in lost])
    assert count(supervisor) == 300


def test_job_that_ends_its_worker_at_once_is_given_to_one_other(
    supervisor: Supervisor, monkeypatch: pytest.MonkeyPatch
) -> None:
    lost = list[int]()

    def lose(worker: Worker, timeout: float | None = None) -> None:
        lost.append(worker.pid)
        raise EOFError

    monkeypatch.setattr(workers, "SUDDEN_SECONDS", 60.0)
    monkeypatch.setattr(Worker, "receive", lose)
    with pytest.raises(QueryCrashError):
        count(supervisor)
    assert len(set(lost)) == len(lost) == 2


def test_lost_worker_is_logged_with_its_query(supervisor: Supervisor, caplog: pytest.LogCaptureFixture) -> None:
    answer = supervisor.queries.ask(EVERYTHING)
    (lease,) = supervisor.queries.lanes._leases
    lease.worker.kill()
    with pytest.raises(QueryCrashError):
        list(answer.chunks)
    assert EVERYTHING.query in caplog.text


@pytest.mark.parametrize(
    "shape",
    [
        "FILTER(" + "!" * 99_000 + "1)",
        "FILTER(" + "||".join(["?x"] * 9_000) + ")",
        "UNION".join(["{}"] * 9_000),
        "OPTIONAL{}" * 9_900,
        "?a <http://e/> " + "(" * 16_000 + "1" + ")" * 16_000,
    ],
)
def test_longest_queries_of_any_shape_do_not_end_their_worker(store: Path, shape: str) -> None:
    with Supervisor(store, replace(SETTINGS, query_timeout=4.0)) as supervisor, suppress(QueryTimeoutError):
        supervisor.queries.fetch(Job(f"SELECT * WHERE {{ {shape} }} LIMIT 1"))


def test_older_snapshot_can_be_asked(supervisor: Supervisor, store: Path) -> None:
    first = supervisor.snapshot()
    publish(store, 7)
    answer, body = supervisor.queries.fetch(replace(COUNT, snapshot=first))
    assert (answer.snapshot, json.loads(body)["results"]["bindings"][0]["n"]["value"]) == (first, "300")
    assert count(supervisor) == 7
    with pytest.raises(StoreError, match="no snapshot 99"):
        supervisor.queries.fetch(replace(COUNT, snapshot="99-0"))


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


def test_threads_share_a_supervisor(store: Path) -> None:
    found: list[int] = []
    with Supervisor(store, PATIENT) as supervisor:
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
        "print(s._templates[0]._process.pid, *[w.pid for w in s.queries.lanes.idle + s.pages.lanes.idle], flush=True)\n"
        "time.sleep(60)"
    )
    owner = subprocess.Popen([sys.executable, "-c", program, str(store)], stdout=subprocess.PIPE, text=True)
    assert owner.stdout is not None
    pids = [int(word) for word in owner.stdout.readline().split()]
    children = Path(f"/proc/{pids[0]}/task/{pids[0]}/children").read_text(encoding="ascii").split()
    everyone = {*pids, *map(int, children)}
    assert len(everyone) == 1 + Settings().quick_workers + 1 + Settings().page_workers + 1
    owner.send_signal(end)
    owner.wait()
    owner.stdout.close()
    wait_until_gone(sorted(everyone))
