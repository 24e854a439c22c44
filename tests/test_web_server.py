"""The production server as a process: start, stop, streams that are cut off, clients that hang up."""

import http.client
import json
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from urllib.parse import quote

import pytest

from tests.processes import family_of, parent_of, wait_until_gone
from tests.server_process import ROOT, Server, free_port, serve, start

pytestmark = pytest.mark.alone  # what they wait for and measure is what others leave of the processors

RUNAWAY = "/sparql?query=" + quote("SELECT (COUNT(*) AS ?n) WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }")
ENDLESS = "/sparql?format=csv&query=" + quote("SELECT * WHERE { ?a ?b ?c . ?d ?e ?f }")
START_SECONDS = 3.0
SLACK = 5.0
"""The machine may be busy with other things."""


@pytest.fixture
def server(site_store: Path, tmp_path: Path) -> Iterator[Server]:
    """A server of the test's own, which it may kill."""
    with serve(site_store, tmp_path / "access.log") as started:
        yield started


def test_first_page_comes_soon(server: Server) -> None:
    assert server.started_in < START_SECONDS + SLACK


@pytest.mark.parametrize("end", [signal.SIGTERM, signal.SIGINT, signal.SIGKILL])
def test_nothing_outlives_the_server(server: Server, end: signal.Signals) -> None:
    connection = server.connect()
    if end == signal.SIGKILL:  # the others wait for what is in progress
        connection.request("GET", ENDLESS)
        connection.getresponse().read(1000)
    family = family_of(server.process.pid)
    assert len(family) >= 5  # the server, its process, the template, a query worker, a page worker
    server.process.send_signal(end)
    server.process.wait(20)
    wait_until_gone(family)
    connection.close()


def test_server_that_was_killed_is_started_again_at_once(server: Server, site_store: Path) -> None:
    server.process.kill()
    server.process.wait()
    again = start(site_store, server.port)  # while the processes of the first still let go of the address
    try:
        deadline, answer = time.monotonic() + START_SECONDS + SLACK, b""
        while not answer:
            assert again.poll() is None, again.communicate()
            assert time.monotonic() < deadline, "it does not come back"
            with suppress(OSError):  # refused, or reset where it was the first that took the connection
                answer = server.get("/sparql?query=" + quote("ASK {}"))
        assert b"true" in answer
    finally:
        again.terminate()
        again.communicate(timeout=20)


def read_all(response: http.client.HTTPResponse) -> tuple[bytes, bool]:
    """Read the end of a body; tell whether it ended as HTTP wants it."""
    last = b""
    try:
        while part := response.read1(1 << 16):
            last = (last + part)[-100:]
    except (http.client.IncompleteRead, ConnectionError) as error:
        return last + getattr(error, "partial", b""), False
    return last, True


def test_cut_off_stream_says_so_and_does_not_end_as_a_whole_one(server: Server) -> None:
    connection = server.connect()
    connection.request("GET", ENDLESS)
    response = connection.getresponse()
    assert response.status == 200
    last, ended = read_all(response)
    assert last.endswith(b"\n!!! CUT OFF: The query was stopped after 2 s. !!!\n")
    assert not ended
    assert b"localhost" in server.get("/sparql?format=csv&query=" + quote("SELECT ?s { ?s ?p ?o } LIMIT 1"))


@pytest.mark.parametrize("query", [ENDLESS, RUNAWAY], ids=["in the answer", "before it"])
def test_client_that_hangs_up_frees_its_worker(server: Server, query: str) -> None:
    connection = server.connect()
    connection.request("GET", query)
    if query == ENDLESS:
        connection.getresponse().read(1000)
    wait_for_workers(server, 1)
    connection.close()
    assert wait_for_workers(server, 0) < 0.1 + SLACK / 10


def wait_for_workers(server: Server, number: int) -> float:
    """Wait until so many of users' queries run; return how long it took."""
    begin = time.monotonic()
    while True:
        figures = server.get("/metrics").decode().splitlines()
        states = [
            line for line in figures if re.match(r'lagebild_workers\{pool="queries",state="(quick|slow)"\}', line)
        ]
        if sum(float(line.split()[-1]) for line in states) == number:
            return time.monotonic() - begin
        assert time.monotonic() - begin < 1.5, states


def test_lookups_are_answered_without_a_worker(server: Server, site_store: Path) -> None:
    """The process that answers opens the snapshot for them, which it does for nothing else."""
    query, number = "SELECT ?p ?o {{ <http://example.org/{}> ?p ?o }}", 0
    deadline = time.monotonic() + SLACK
    while not any(holds_snapshot(pid, site_store) for pid in children_of(server.process.pid)):
        assert time.monotonic() < deadline
        server.get("/sparql?query=" + quote(query.format(number)))
        number += 1


def children_of(pid: int) -> list[int]:
    return [int(each) for each in Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()]


def holds_snapshot(pid: int, store: Path) -> bool:
    """Tell whether a process has a snapshot of a store open."""
    return any(os.path.realpath(link).startswith(f"{store}/snapshots/") for link in Path(f"/proc/{pid}/fd").iterdir())


def test_second_answer_comes_from_the_cache_until_the_snapshot_changes(server: Server, site_store: Path) -> None:
    path = "/sparql?query=" + quote("ASK { ?s ?p ?o }")
    first, second = server.response(path), server.response(path)
    assert (first.headers["Cache-Status"], second.headers["Cache-Status"]) == (None, "lagebild; hit")
    assert second.headers["ETag"] == first.headers["ETag"]
    assert second.headers["X-Request-Id"] != first.headers["X-Request-Id"]
    assert server.response(path, {"If-None-Match": first.headers["ETag"]}).status == 304
    assert server.response(path, {"Accept": "text/csv"}).headers["Cache-Status"] is None
    link = site_store / "current"
    target = link.readlink()
    link.unlink()  # as a publication does it
    link.symlink_to(target)
    third = server.response(path)
    assert third.headers["Cache-Status"] is None
    assert third.headers["ETag"] != first.headers["ETag"]


def test_figures_and_log_tell_what_happened(server: Server) -> None:
    server.get("/about")
    server.get("/sparql?query=" + quote("ASK {}"))
    figures = server.get("/metrics").decode()
    assert 'lagebild_request_seconds_count{cached="false",kind="sparql",status="2xx"} 1.0' in figures
    assert 'lagebild_jobs_total{outcome="answered",pool="queries"} 1.0' in figures
    assert "lagebild_snapshot_number 1.0" in figures
    lines = [json.loads(line) for line in server.log.read_text("utf-8").splitlines()]
    line = next(line for line in lines if line["target"].startswith("/sparql"))
    assert (line["method"], line["status"], line["client"], line["whole"]) == ("GET", 200, "127.0.0.1", True)
    assert line["bytes"] > 10


def test_killed_workers_are_replaced(server: Server) -> None:
    for pid in family_of(server.process.pid)[3:]:
        os.kill(pid, signal.SIGKILL)
    assert b"Lagebild" in server.get("/about")
    assert b"true" in server.get("/sparql?query=" + quote("ASK {}"))
    assert server.get("/health").strip()


def test_another_process_takes_the_place_of_one_that_was_killed(server: Server) -> None:
    for _ in range(3):
        before = family_of(family_of(server.process.pid)[1])
        os.kill(before[0], signal.SIGKILL)
        assert b"true" in server.get("/sparql?query=" + quote("ASK {}"))  # the connection waits, and is not refused
        wait_until_gone(before)
    assert server.process.poll() is None


def test_standby_takes_over_without_a_start(server: Server) -> None:
    def children() -> list[int]:
        return [pid for pid in family_of(server.process.pid)[1:] if parent_of(pid) == server.process.pid]

    wait_until(lambda: len(children()) == 2)
    serving, standby = children()
    os.kill(serving, signal.SIGKILL)
    assert b"true" in server.get("/sparql?query=" + quote("ASK {}"))
    assert children()[0] == standby
    wait_until(lambda: len(children()) == 2)
    os.kill(children()[1], signal.SIGKILL)  # one that dies waiting costs nothing
    assert server.get("/health")
    wait_until(lambda: len(children()) == 2)
    assert children()[0] == standby


def test_reload_lets_what_is_in_progress_finish(server: Server) -> None:
    before = family_of(server.process.pid)[1]
    connection = server.connect()
    connection.request("GET", ENDLESS)
    response = connection.getresponse()
    server.process.send_signal(signal.SIGHUP)
    wait_until(lambda: family_of(server.process.pid)[-1] != before and len(family_of(server.process.pid)) > 8)
    assert read_all(response)[0].endswith(b"after 2 s. !!!\n")
    wait_until_gone([before])
    assert server.get("/about")
    assert b"true" in server.get("/sparql?query=" + quote("ASK {}"))


def test_reload_answers_all_that_come_meanwhile(server: Server) -> None:
    answers, done = list[bytes](), threading.Event()

    def keep_asking() -> None:
        while not done.is_set():
            answers.append(server.get("/sparql?query=" + quote("ASK {}")))

    with ThreadPoolExecutor() as clients:
        asking = [clients.submit(keep_asking) for _ in range(4)]
        for _ in range(3):
            before = family_of(server.process.pid)[1]
            server.process.send_signal(signal.SIGHUP)
            wait_until_gone([before])
            enough = len(answers) + 4
            while len(answers) < enough:
                time.sleep(0.01)
        done.set()
        for each in asking:
            each.result()  # which raises what the client met
    assert all(b"true" in answer for answer in answers)


def wait_until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 10
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_socket_of_a_service_manager_is_used(site_store: Path) -> None:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        handover = (
            "import os, sys; os.dup2(int(sys.argv[1]), 3); "
            "os.environ.update(LISTEN_FDS='1', LISTEN_PID=str(os.getpid())); "
            "os.execv(sys.executable, [sys.executable, *sys.argv[2:]])"
        )
        process = subprocess.Popen(
            [sys.executable, "-c", handover, str(listening.fileno()), "server.py", "--store", str(site_store)],
            cwd=ROOT,
            pass_fds=[listening.fileno()],
            stdout=subprocess.DEVNULL,
        )
        try:
            connection = http.client.HTTPConnection("127.0.0.1", listening.getsockname()[1], timeout=30)
            connection.request("GET", "/health")  # waits in the socket's queue until the server has started
            assert connection.getresponse().status == 200
        finally:
            process.terminate()
            assert process.wait(20) == 0


def test_missing_store_is_one_line(tmp_path: Path) -> None:
    process = start(tmp_path / "nothing", free_port())
    out, err = process.communicate(timeout=30)
    assert process.returncode == 1
    assert out == ""
    assert len(err.splitlines()) == 1
    assert "kg build" in err


def test_impossible_port_is_one_sentence(site_store: Path) -> None:
    _, err = start(site_store, 99_999).communicate(timeout=30)
    assert err.startswith("Error: 127.0.0.1:99999 cannot be listened on: ")
    assert err.endswith("0-65535. Choose another with --port.\n")


def test_taken_port_is_one_line(site_store: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        process = start(site_store, taken.getsockname()[1])
        out, err = process.communicate(timeout=30)
    assert process.returncode == 1
    assert out == ""
    assert len(err.splitlines()) == 1
    assert "--port" in err
