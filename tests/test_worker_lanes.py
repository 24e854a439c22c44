"""Which query runs when: lookups first, long queries where there is a place."""

import json
import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import cast

import pytest

from kg import worker_lanes
from kg.errors import QueryAbandonedError, QueryBusyError, QueryError, QueryTimeoutError
from kg.worker_handles import Worker
from kg.worker_jobs import Job
from kg.worker_leases import CALLER, Caller, Lease
from kg.workers import Supervisor
from tests.worker_pools import COUNT, EVERYTHING, RUNAWAY, SETTINGS, count, publish, start, wait_for_usage

pytestmark = pytest.mark.alone  # what they wait for and measure is what others leave of the processors

LONG = Job(f"SELECT (COUNT(*) AS ?n) WHERE {{ ?a ?b ?c . ?d ?e ?f . VALUES ?g {{ {' '.join(map(str, range(50)))} }} }}")
"""A query that runs for many looks of the watch at what is running, and ends within seconds."""


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("lanes")
    publish(path, 300)
    return path


@pytest.fixture
def supervisor(store: Path) -> Iterator[Supervisor]:
    with Supervisor(store, replace(SETTINGS, query_timeout=30)) as started:
        yield started


def test_lookups_do_not_wait_behind_long_queries(store: Path) -> None:
    with Supervisor(store, replace(SETTINGS, query_timeout=30, query_wait=30)) as supervisor:
        long = [start(supervisor, RUNAWAY) for _ in range(4)]
        wait_for_usage(supervisor, slow=2, paused=2)
        begin = time.monotonic()
        assert [count(supervisor) for _ in range(10)] == [300] * 10
        assert time.monotonic() - begin < 3.0
        for lease in list(supervisor.queries.lanes._leases):
            lease.worker.kill()
        for thread in long:
            thread.join()
        assert supervisor.queries.lanes.usage == {"quick": 0, "slow": 0, "paused": 0, "queued": 0}


def test_paused_query_goes_on_when_there_is_a_place(store: Path) -> None:
    with Supervisor(store, replace(SETTINGS, query_workers=1, query_timeout=30, query_wait=20)) as supervisor:
        held = supervisor.queries.ask(EVERYTHING)
        wait_for_usage(supervisor, slow=1)
        found: list[bytes] = []
        paused = threading.Thread(target=lambda: found.append(supervisor.queries.fetch(LONG)[1]))
        with patched_quick_seconds(supervisor, 0.0):
            paused.start()
            wait_for_usage(supervisor, paused=1)
        time.sleep(0.3)
        assert not found
        held.close()
        paused.join(20)
        assert json.loads(found[0])["results"]["bindings"][0]["n"]["value"] == str(300 * 300 * 50)


@contextmanager
def patched_quick_seconds(supervisor: Supervisor, seconds: float) -> Iterator[None]:
    lanes = supervisor.queries.lanes
    before, lanes.limits = lanes.limits, replace(lanes.limits, quick_seconds=seconds)
    yield
    lanes.limits = before


def test_long_query_without_a_place_is_sent_away(supervisor: Supervisor) -> None:
    held = [supervisor.queries.ask(EVERYTHING) for _ in range(SETTINGS.query_workers)]
    wait_for_usage(supervisor, slow=2)
    with pytest.raises(QueryBusyError, match="as many as may are running"):
        supervisor.queries.fetch(RUNAWAY)
    assert supervisor.pages.fetch(COUNT)[0].kind == "table"
    assert len(held) == SETTINGS.query_workers


def test_full_queue_is_told_at_once(store: Path) -> None:
    settings = replace(SETTINGS, quick_seconds=60.0, query_wait=30, query_queue=1, query_timeout=30)
    with Supervisor(store, settings) as supervisor:
        held = [supervisor.queries.ask(EVERYTHING) for _ in range(SETTINGS.quick_workers)]
        waiting = start(supervisor, COUNT)
        wait_for_usage(supervisor, queued=1)
        begin = time.monotonic()
        with pytest.raises(QueryBusyError, match="wait for a worker already"):
            supervisor.queries.fetch(COUNT)
        assert time.monotonic() - begin < 1.0
        held[0].close()
        waiting.join(10)
        assert not waiting.is_alive()


def test_caller_that_leaves_ends_its_query_at_once(store: Path) -> None:
    with Supervisor(store, replace(SETTINGS, query_timeout=30)) as supervisor:
        caller, errors = Caller("a test"), list[Exception]()

        def ask() -> None:
            CALLER.set(caller)
            try:
                supervisor.queries.fetch(RUNAWAY)
            except QueryError as error:
                errors.append(error)

        thread = threading.Thread(target=ask)
        thread.start()
        wait_for_usage(supervisor, slow=1)
        begin = time.monotonic()
        caller.leave()
        thread.join(5)
        assert time.monotonic() - begin < 0.5
        assert isinstance(errors[0], QueryAbandonedError)
        wait_for_usage(supervisor, slow=0, quick=0)


def test_long_query_runs_when_others_need_not(store: Path) -> None:
    with Supervisor(store, replace(SETTINGS, query_timeout=20)) as supervisor:
        start(supervisor, RUNAWAY)
        wait_for_usage(supervisor, slow=1)
        (lease,) = supervisor.queries.lanes._leases
        threads = [int(entry.name) for entry in Path(f"/proc/{lease.worker.pid}/task").iterdir()]
        assert len(threads) > 1
        assert {os.sched_getscheduler(thread) for thread in threads} == {os.SCHED_IDLE}
        assert all(os.getpriority(os.PRIO_PROCESS, thread) > 10 for thread in threads)
        lease.worker.kill()


@dataclass
class Busy:
    """A worker that has used a processor for so long, and wants it or not."""

    seconds: float | None
    wants: bool = True

    def worked(self) -> float | None:
        return self.seconds

    def wants_processor(self) -> bool:
        return self.wants


@pytest.mark.parametrize(
    ("worker", "elapsed", "queued", "is_slow"),
    [
        (Busy(1.01), 0.5, 0, False),  # it waits for a processor
        (Busy(1.11), 0.5, 0, True),
        (Busy(1.01, wants=False), 0.5, 0, True),  # it waits for its client
        (Busy(None), 0.5, 0, True),  # a system that does not tell
        (Busy(1.06), 0.09, 0, False),
        (Busy(1.06), 0.09, 1, True),  # others wait for its place
    ],
)
def test_a_query_is_slow_by_what_it_had_of_a_processor(
    supervisor: Supervisor, worker: Busy, elapsed: float, queued: int, is_slow: bool
) -> None:
    lanes = supervisor.queries.lanes
    lease = Lease(cast("Worker", worker), None, 10.0, moved=0.0, worked_before=1.0)
    lanes._queued = queued
    assert lanes._is_slow(lease, elapsed) is is_slow


def test_query_in_the_way_of_others_steps_aside(store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker_lanes, "_SHORT", 0.0005)
    settings = replace(SETTINGS, quick_workers=1, quick_seconds=100.0, query_timeout=100.0, query_wait=60.0)
    with Supervisor(store, settings) as supervisor:
        long = start(supervisor, RUNAWAY)
        wait_for_usage(supervisor, quick=1)
        (lease,) = supervisor.queries.lanes._leases
        assert [count(supervisor) for _ in range(3)] == [300] * 3  # the only place is free again
        assert (lease.lane, lease.has_place) == ("quick", False)
        assert os.getpriority(os.PRIO_PROCESS, lease.worker.pid) > 10
        lease.worker.kill()
        long.join()
        assert lease.worker not in supervisor.queries.lanes.idle  # it cannot have its priority back
        assert supervisor.queries.lanes._free == 1


@pytest.mark.parametrize(("worked", "queued", "is_in_the_way"), [(1.03, 1, True), (1.03, 0, False), (1.01, 1, False)])
def test_query_is_in_the_way_only_of_others(
    supervisor: Supervisor, worked: float, queued: int, *, is_in_the_way: bool
) -> None:
    lanes = supervisor.queries.lanes
    lanes._queued = queued
    lease = Lease(cast("Worker", Busy(worked)), None, 10.0, worked_before=1.0, worked=worked)
    lanes._leases.add(lease)
    assert lanes._is_in_the_way(lease) is is_in_the_way
    lanes._leases.clear()


def test_queries_of_pages_never_stand_back(store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stood_back: list[int] = []
    monkeypatch.setattr(Worker, "stand_back", lambda worker: stood_back.append(worker.pid))
    with Supervisor(store, replace(SETTINGS, quick_seconds=0.05)) as supervisor:
        for pool, number in ((supervisor.pages, 0), (supervisor.queries, 1)):
            with pytest.raises(QueryTimeoutError):
                pool.fetch(replace(RUNAWAY, seconds=0.5))
            assert len(stood_back) == number


def test_processor_time_of_workers_that_have_ended_is_counted(supervisor: Supervisor) -> None:
    before = supervisor.queries.lanes.worked
    supervisor.queries.fetch(LONG)
    assert supervisor.queries.lanes.counts["moved"] == 1  # so that its worker is gone
    assert supervisor.queries.lanes.worked - before >= SETTINGS.quick_seconds


def test_processor_time_never_falls_while_a_worker_is_handed_out(supervisor: Supervisor) -> None:
    lanes = supervisor.queries.lanes
    before = lanes.worked
    assert before > 0
    worker = lanes.idle.pop()
    try:
        assert lanes.worked >= before
    finally:
        lanes.idle.append(worker)
