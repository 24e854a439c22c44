"""A running server for the measurements: started, killed, started again, and asked over plain connections."""

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from urllib.parse import quote

from kg.web.tokens import SCOPES, make_token
from tests.processes import family_of, parent_of

ROOT = Path(__file__).parent.parent
START_SECONDS = 60.0
_WORKERS = b"kg.worker_process"
"""In the command line of the process that forks workers, and of these."""


def free_port(host: str = "127.0.0.1") -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind((host, 0))
        return int(probe.getsockname()[1])


def memory_of(pid: int) -> int:
    """Return the bytes that a process and its descendants have for themselves."""
    total = 0
    for each in family_of(pid):
        try:
            lines = Path(f"/proc/{each}/smaps_rollup").read_text("ascii").splitlines()
        except OSError:
            continue
        total += sum(1024 * int(line.split()[1]) for line in lines if line.startswith("Pss:"))
    return total


def cpu_of(pid: int, port: int) -> float:
    """Return the seconds that a server's processes have worked, those that have ended included (proc(5)).

    Of our workers for queries the server itself tells: the system does not count what those took that have ended, as
    the process that forks them does not wait for them.
    """
    family = [(each, _command_of(each)) for each in family_of(pid)]
    workers = {each for each, command in family if _WORKERS in command and _WORKERS in _command_of(parent_of(each))}
    ticks = 0
    for each in {each for each, _ in family} - workers:
        with suppress(OSError):
            fields = Path(f"/proc/{each}/stat").read_text("ascii").rpartition(")")[2].split()
            ticks += sum(int(field) for field in fields[11:15])  # utime, stime, cutime, cstime
    return ticks / os.sysconf("SC_CLK_TCK") + (_ask_workers(port) if workers else 0.0)


def _command_of(pid: int) -> bytes:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return b""


def _ask_workers(port: int) -> float:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=START_SECONDS)
    connection.request("GET", "/metrics")
    lines = connection.getresponse().read().decode().splitlines()
    connection.close()
    return sum(float(line.split()[-1]) for line in lines if line.startswith("lagebild_worker_cpu_seconds_total{"))


class Service:
    """The server as a process of its own."""

    def __init__(self, store: Path, settings: Mapping[str, str] | None = None, host: str = "127.0.0.1") -> None:
        self.host = host
        self.port = free_port(host)
        self.token, entry = make_token("benchmark", SCOPES)
        given = {f"LAGEBILD_{name}": value for name, value in (settings or {}).items()}
        self._environment = os.environ | {"LAGEBILD_TOKENS": entry} | given
        self._environment.pop("PYTHONDONTWRITEBYTECODE", None)  # an installation has its modules compiled
        self._command = [sys.executable, str(ROOT / "server.py"), "--store", str(store)]
        self._command += ["--host", host, "--port", str(self.port)]
        self.process = self.start()

    def start(self) -> subprocess.Popen[bytes]:
        """Start it, which also takes the place of one that was killed."""
        self.process = subprocess.Popen(
            [*self._command, "--host", self.host],
            env=self._environment,
            start_new_session=True,  # Linux shares the processors out by session: clients are elsewhere as a rule
            stdout=subprocess.DEVNULL,  # what goes wrong is said on the standard error, which is this program's own
        )
        return self.process

    def connect(self, source: str | None = None, timeout: float = 30.0) -> http.client.HTTPConnection:
        """Open a connection, from another address of this machine if `source` names one."""
        ends = (source, 0) if source else None
        return http.client.HTTPConnection(self.host, self.port, timeout=timeout, source_address=ends)

    def ask(self, query: str, timeout: float = 30.0) -> tuple[int, bytes]:
        """Ask a query over a connection of its own; return the status and the answer."""
        connection = self.connect(timeout=timeout)
        try:
            connection.request("GET", "/sparql?query=" + quote(query), headers={"Accept": "text/csv"})
            response = connection.getresponse()
            return response.status, response.read()
        finally:
            connection.close()

    def put(self, path: str, content: bytes, content_type: str) -> int:
        """Write; return the status."""
        connection = self.connect()
        try:
            headers = {"Content-Type": content_type, "Authorization": f"Bearer {self.token}"}
            connection.request("PUT", path, content, headers)
            response = connection.getresponse()
            response.read()
            return response.status
        finally:
            connection.close()

    @property
    def worked(self) -> float:
        """Seconds of a processor that its processes have used."""
        return cpu_of(self.process.pid, self.port)

    def wait_until_up(self, query: str = "ASK {}") -> float:
        """Wait until it answers; return how long that took."""
        begin = time.monotonic()
        while True:
            try:
                if self.ask(query, timeout=5)[0] == 200:
                    return time.monotonic() - begin
            except (OSError, http.client.HTTPException):
                if time.monotonic() - begin > START_SECONDS:
                    raise
            time.sleep(0.005)

    def stop(self) -> None:
        """End it, and wait for that."""
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(30)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
