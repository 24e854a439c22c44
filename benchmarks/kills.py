"""Kills processes at random under load, and looks what is lost: acknowledged writes, whole graphs, processes, disk.

    python -m benchmarks.kills [KILLS] [SEED]

Readers and writers use a server while, again and again, one of its processes (the guardian, the process that answers,
the one that stands by, the templates, the workers, a process that writes) or a build beside it gets SIGKILL. The
guardian is started again by this program, as a service manager does, but without a socket that stays open meanwhile
(`deploy/lagebild.socket`): until the new one listens, connections are refused, and reads fail.

Each graph that is written holds one number in many triples: a graph with two numbers is torn, one with a smaller number
than was acknowledged has lost a write.

Service is back when a query over a new connection is answered, counted from the kill. What the readers, the writers,
the build and this program take of the processors meanwhile is part of that time.
"""

import http.client
import os
import random
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from statistics import median
from unittest.mock import patch

from benchmarks.service import ROOT, Service
from kg import snapshots
from kg.rollup import derive
from kg.store import Writer
from tests.gold import BASE
from tests.processes import family_of, is_running, parent_of

GRAPHS = 3
"""Graphs that are written over and over, each by a thread of its own."""
TRIPLES = 200
STANDBY_FAMILY = 2
"""A process that stands by has a template and no workers yet."""
ARTICLES = 7
WHOLE = f"""
SELECT ?g (COUNT(*) AS ?n) (COUNT(DISTINCT ?v) AS ?values) (MAX(?v) AS ?value) {{
  GRAPH ?g {{ ?s <{BASE}number> ?v }}
}} GROUP BY ?g ORDER BY ?g
"""
BUILD = """
import sys
from itertools import count
from pathlib import Path
import pyoxigraph as ox
from kg.store import Writer
from kg.vocab import Minter
from kg.errors import StoreError
from kg.rollup import derive
path, base, articles, triples = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
mint = Minter(base)
for number in count(int(sys.argv[5])):
    try:
        with Writer(path, base, derive) as writer:
            for k in range(articles):
                graph = mint.article_graph(f"built-{k}")
                value = ox.Literal(number)
                writer.replace_article(f"built-{k}", [
                    ox.Quad(ox.NamedNode(f"{base}s{i}"), ox.NamedNode(f"{base}number"), value, graph)
                    for i in range(triples)
                ])
            writer.publish()
            print(number, flush=True)
    except StoreError:
        continue
"""


@dataclass
class Report:
    """What was seen."""

    kills: Counter[str] = field(default_factory=Counter)
    back: list[tuple[str, float]] = field(default_factory=list)
    """Who was killed, and seconds until a query was answered again."""
    reads: int = 0
    failed_reads: Counter[str] = field(default_factory=Counter)
    """Why reads failed: a status, or what became of the connection."""
    acknowledged: int = 0
    lost: list[str] = field(default_factory=list)
    torn: list[str] = field(default_factory=list)
    orphans: list[str] = field(default_factory=list)
    snapshots: list[str] = field(default_factory=list)
    """Snapshots that are on the disk when all is over and a last one was published."""

    @property
    def is_good(self) -> bool:
        """Whether nothing was lost, torn or left over."""
        return not (self.lost or self.torn or self.orphans) and len(self.snapshots) == 1


class Trial:
    """One run."""

    def __init__(self, store: Path, seed: int) -> None:
        self.report = Report()
        self._store = store
        self._random = random.Random(seed)
        self._stopped = threading.Event()
        self._acknowledged: Counter[str] = Counter()
        self._seen: set[int] = set()
        with Writer(store, BASE, derive) as writer:
            writer.publish()
        self._service = Service(store, {"QUERY_TIMEOUT": "5", "WRITE_WAIT": "20"})
        self._build = self._start_build(1)

    def run(self, kills: int) -> Report:
        """Kill so often, then look what is left."""
        self._service.wait_until_up()
        threads = [threading.Thread(target=self._write, args=(number,)) for number in range(GRAPHS)]
        threads += [threading.Thread(target=self._read) for _ in range(3)]
        for thread in threads:
            thread.start()
        for number in range(kills):
            print(f"\r{number}", end="", file=sys.stderr, flush=True)
            time.sleep(self._random.uniform(0.02, 0.4))
            self._kill_one()
            self._check()
        self._stopped.set()
        for thread in threads:
            thread.join()
        self._finish()
        return self.report

    def _kill_one(self) -> None:
        family = family_of(self._service.process.pid)
        self._seen.update(family)
        victims = {pid: name_process(pid, family) for pid in family} | {self._build.pid: "build"}
        name = self._random.choice(sorted(set(victims.values()) - {""}))
        pid = self._random.choice([pid for pid, known in victims.items() if known == name])
        begin = time.monotonic()
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            return
        self.report.kills[name] += 1
        if name == "guardian":
            self._service.process.wait()
            self._service.start()
        if name == "build":
            self._build.wait()
            self._read_acknowledged()
            self._build = self._start_build(self._acknowledged["built"] + 2)
        self._service.wait_until_up()
        self.report.back.append((name, time.monotonic() - begin))

    def _start_build(self, first: int) -> subprocess.Popen[str]:
        arguments = [str(self._store), BASE, str(ARTICLES), str(TRIPLES), str(first)]
        command = [sys.executable, "-c", BUILD, *arguments]
        return subprocess.Popen(
            command,
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            start_new_session=True,
        )

    def _read_acknowledged(self) -> None:
        assert self._build.stdout is not None
        numbers = [int(line) for line in self._build.stdout.read().splitlines()]
        self._acknowledged["built"] = max([self._acknowledged["built"], *numbers])
        self.report.acknowledged += len(numbers)

    def _write(self, number: int) -> None:
        """Write a graph over and over, with the next number each time."""
        graph, value = f"{BASE}graphs/g{number}", 0
        while not self._stopped.is_set():
            value += 1
            content = "".join(f"<{BASE}s{i}> <{BASE}number> {value} .\n" for i in range(TRIPLES)).encode()
            if not why_failed(partial(self._service.put, f"/graphs?graph={graph}", content, "text/turtle")):
                self._acknowledged[graph] = value
                self.report.acknowledged += 1
            time.sleep(0.01)

    def _read(self) -> None:
        while not self._stopped.is_set():
            self.report.reads += 1
            if reason := why_failed(lambda: self._service.ask(WHOLE)[0]):
                self.report.failed_reads[reason] += 1
            time.sleep(0.02)

    def _check(self) -> None:
        """See that every graph is whole and no older than what was acknowledged before."""
        acknowledged = dict(self._acknowledged)
        try:
            status, body = self._service.ask(WHOLE)
        except (OSError, http.client.HTTPException):
            return
        if status == 200:
            self._compare(body.decode(), acknowledged)

    def _compare(self, rows: str, acknowledged: dict[str, int]) -> None:
        found: dict[str, int] = {}
        for row in rows.splitlines()[1:]:
            graph, number, values, value = row.split(",")
            found[graph] = int(value)
            if (int(number), int(values)) != (TRIPLES, 1):
                self.report.torn.append(row)
        for graph, least in acknowledged.items():
            names = [f"{BASE}graph/article/built-{k}" for k in range(ARTICLES)] if graph == "built" else [graph]
            older = [name for name in names if found.get(name, 0) < least]
            self.report.lost += [f"{name}: {least}, found {found.get(name)}" for name in older]

    def _finish(self) -> None:
        self._build.kill()
        self._build.wait()
        self._read_acknowledged()
        self._check()
        self._seen.update(family_of(self._service.process.pid))
        self._service.stop()
        time.sleep(0.5)
        store = str(self._store)  # by which our processes are told from others that have come to the same number
        left = {pid: command_of(pid) for pid in self._seen if is_running(pid)}
        self.report.orphans = [f"{pid}: {command}" for pid, command in left.items() if store in command]
        with patch.object(snapshots, "_LINGER", 0.0), Writer(self._store, BASE, derive) as writer:
            writer.publish()  # what no reader holds may go at once
        self.report.snapshots = sorted(e.name for e in (self._store / "snapshots").iterdir() if e.is_dir())


def why_failed(action: Callable[[], int]) -> str:
    """Do what returns a status; return why it failed, nothing where it did not."""
    try:
        status = action()
    except (OSError, http.client.HTTPException) as error:
        return type(error).__name__
    return "" if status in {200, 201, 204} else str(status)


def name_process(pid: int, family: list[int]) -> str:
    """Say what part a process of the server plays; empty where it has ended."""
    command, parent = command_of(pid), parent_of(pid)
    if pid == family[0] or not command:
        return "guardian" if command else ""
    for module, name in (("kg.worker_process", "worker"), ("kg.write_process", "write")):
        if module in command:
            return name if module in command_of(parent) else f"{name} template"
    if parent != family[0]:
        return ""
    return "web" if len(family_of(pid)) > STANDBY_FAMILY else "standby"


def command_of(pid: int) -> str:
    """Return a process's command line; empty where it has ended."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_text("utf-8").replace("\0", " ")
    except OSError:
        return ""


def main() -> None:
    """Run and print."""
    kills = int(sys.argv[1]) if len(sys.argv) > 1 else 200
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else 1
    with tempfile.TemporaryDirectory() as folder:
        report = Trial(Path(folder, "store"), seed).run(kills)
    times = sorted(seconds for _, seconds in report.back)
    print(f"kills           {sum(report.kills.values())}: {dict(sorted(report.kills.items()))}")
    slow = times[int(len(times) * 0.95)]
    print(f"back after      median {median(times):.3f} s, 95 % {slow:.3f} s, worst {times[-1]:.3f} s")
    for name in sorted(report.kills):
        own = sorted(seconds for known, seconds in report.back if known == name)
        print(f"  {name:16} median {median(own):.3f} s, worst {own[-1]:.3f} s")
    failed = report.failed_reads
    print(f"reads           {report.reads}, {failed.total()} failed {dict(sorted(failed.items())) or ''}".rstrip())
    print(f"acknowledged    {report.acknowledged} writes, lost {report.lost or 0}")
    print(f"torn graphs     {report.torn or 0}")
    print(f"orphans         {report.orphans or 0}")
    print(f"snapshots       {len(report.snapshots)} on the disk after a last publication")
    print(f"load average    {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors")
    sys.exit(not report.is_good)


if __name__ == "__main__":
    main()
