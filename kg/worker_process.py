"""Queries in processes that may die for them: the forking template, and the workers that it forks.

Run as `python -m kg.worker_process FD STORE MEMORY_MB` by `kg.workers`, which holds the other end of the socket FD. The
template has one thread and never opens the store, so forking it is safe and takes a millisecond. It ends, and takes
its workers with it, when that socket is closed: nothing outlives the process that asked the queries.

A worker answers one job at a time from its own socket. A job is a length and JSON; an answer is frames of a kind, a
length and a payload: `H` head, `D` data, then `E` end or `X` error. An answer without `E` or `X` was cut off.
"""

import contextlib
import io
import json
import os
import select
import signal
import socket
import struct
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import IO, Any, NoReturn, cast

import pyoxigraph as ox

from kg.errors import StoreError
from kg.sandbox import die_with_parent, forbid_sockets, limit_memory
from kg.store import open_snapshot

LENGTH = struct.Struct("!I")
FRAME = struct.Struct("!cI")
ORDER = struct.Struct("!cI")
"""What the template is told: `F` fork (a socket travels with it), `K` kill the worker with this process id."""

IDLE_CHECK = 0.5
"""Seconds after which an idle worker looks for a new snapshot, and the template for dead workers."""

TABLES = {
    "json": ox.QueryResultsFormat.JSON,
    "xml": ox.QueryResultsFormat.XML,
    "csv": ox.QueryResultsFormat.CSV,
    "tsv": ox.QueryResultsFormat.TSV,
}
GRAPHS = {
    "ttl": ox.RdfFormat.TURTLE,
    "nt": ox.RdfFormat.N_TRIPLES,
    "rdf": ox.RdfFormat.RDF_XML,
    "jsonld": ox.RdfFormat.JSON_LD,
}

Results = ox.QuerySolutions | ox.QueryBoolean | ox.QueryTriples


class SnapshotReader:
    """The store's current snapshot, opened read-only; follows the link `current` when that is swapped."""

    def __init__(self, store_path: Path) -> None:
        self._path = store_path
        self._open = contextlib.ExitStack()
        self._store: ox.Store | None = None
        self.name = ""

    def open(self) -> ox.Store:
        """Return the current snapshot.

        Raises:
            StoreError: there is none, or it cannot be read.
        """
        while self._store is None or self.name != name_snapshot(self._path):
            self._store = None
            self._open.close()
            self.name = name_snapshot(self._path)
            self._store = self._open.enter_context(open_snapshot(self._path))
        return self._store

    def keep_fresh(self) -> None:
        """Move to a new snapshot while idle, so that the old one is free to be deleted."""
        with contextlib.suppress(StoreError):  # whoever asks next is told
            self.open()


def name_snapshot(store_path: Path) -> str:
    """Name the store's current snapshot; no two snapshots have the same name, not even if the store was built anew.

    Raises:
        StoreError: there is none.
    """
    link = store_path / "current"
    try:
        return f"{link.readlink().name}-{link.lstat().st_mtime_ns:x}"
    except OSError:
        raise StoreError(f"There is no graph in {store_path}.", "Build one with `kg build`.") from None


class FrameWriter(io.RawIOBase):
    """A binary file that pyoxigraph can serialise into; each write becomes one data frame."""

    def __init__(self, sock: socket.socket) -> None:
        self._sock = sock

    def write(self, data: Any) -> int:
        """Send `data` (bytes) as a frame."""
        send_frame(self._sock, b"D", data)
        return len(data)


def send_frame(sock: socket.socket, kind: bytes, payload: bytes = b"") -> None:
    """Send one frame."""
    sock.sendall(FRAME.pack(kind, len(payload)) + payload)


def receive_job(sock: socket.socket) -> dict[str, Any] | None:
    """Read one job; None where the other end has closed."""
    head = _receive_exactly(sock, LENGTH.size)
    if len(head) < LENGTH.size:
        return None
    body: dict[str, Any] = json.loads(_receive_exactly(sock, LENGTH.unpack(head)[0]))
    return body


def _receive_exactly(sock: socket.socket, size: int) -> bytes:
    data = bytearray()
    while len(data) < size:
        part = sock.recv(size - len(data))
        if not part:
            break
        data += part
    return bytes(data)


def answer(job: Mapping[str, Any], reader: SnapshotReader, sock: socket.socket) -> None:
    """Run one job and send its frames; the kernel ends the process when the job's time is up."""
    signal.setitimer(signal.ITIMER_REAL, job["seconds"])
    try:
        results = _query(job, reader.open())
        kind = "graph" if isinstance(results, ox.QueryTriples) else "table"
        head = {"kind": kind, "format": job[kind], "snapshot": reader.name}
        send_frame(sock, b"H", json.dumps(head).encode())
        if job[kind] is not None:
            _serialize(job, results, cast("IO[bytes]", FrameWriter(sock)))
    except (SyntaxError, ValueError, RuntimeError) as error:
        _send_error(sock, "refused", str(error))
    except (StoreError, OSError) as error:
        _send_error(sock, "failed", str(error))
    else:
        send_frame(sock, b"E")
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)


def _query(job: Mapping[str, Any], store: ox.Store) -> Results:
    default, named = job["default_graphs"], job["named_graphs"]
    return store.query(
        job["query"],
        base_iri=job["base_iri"],
        use_default_graph_as_union=job["union"],
        default_graph=None if default is None else [ox.NamedNode(iri) for iri in default],
        named_graphs=None if named is None else [ox.NamedNode(iri) for iri in named],
        substitutions={ox.Variable(name): _to_term(value) for name, value in job["bindings"].items()} or None,
    )


def _to_term(value: Any) -> ox.NamedNode | ox.Literal:
    return ox.NamedNode(value["iri"]) if isinstance(value, Mapping) else ox.Literal(value)


def _serialize(job: Mapping[str, Any], results: Results, output: IO[bytes]) -> None:
    if not isinstance(results, ox.QueryTriples):
        results.serialize(output, TABLES[job["table"]])
    elif job["prefixes"]:
        triples = sorted(results, key=str)  # a document about one thing: small, and the same bytes every time
        ox.serialize(triples, output, GRAPHS[job["graph"]], prefixes=job["prefixes"])
    else:
        results.serialize(output, GRAPHS[job["graph"]])


def _send_error(sock: socket.socket, reason: str, message: str) -> None:
    send_frame(sock, b"X", json.dumps({"reason": reason, "message": message}).encode())


def serve(sock: socket.socket, store_path: Path) -> None:
    """Answer jobs until the other end closes the socket."""
    reader = SnapshotReader(store_path)
    reader.keep_fresh()
    poll = select.poll()
    poll.register(sock, select.POLLIN)
    while True:
        if not poll.poll(IDLE_CHECK * 1000):
            reader.keep_fresh()
            continue
        job = receive_job(sock)
        if job is None:
            return
        answer(job, reader, sock)


class Template:
    """The process that forks workers on demand and ends them."""

    def __init__(self, control: socket.socket, store_path: Path, memory_mb: int) -> None:
        self._control = control
        self._store_path = store_path
        self._memory_mb = memory_mb
        self._workers: set[int] = set()

    def run(self) -> None:
        """Follow orders until the other end closes the control socket; then kill what is left."""
        poll = select.poll()
        poll.register(self._control, select.POLLIN)
        while True:
            ready = poll.poll(IDLE_CHECK * 1000)
            self._reap()
            if not ready:
                continue
            order, descriptors, _, _ = socket.recv_fds(self._control, ORDER.size, 1)
            if len(order) < ORDER.size:
                break
            kind, pid = ORDER.unpack(order)
            if kind == b"F":
                self._fork(socket.socket(fileno=descriptors[0]))
            elif pid in self._workers:  # not reaped yet, so the number is still this worker's
                os.kill(pid, signal.SIGKILL)
        for pid in self._workers:
            os.kill(pid, signal.SIGKILL)

    def _fork(self, sock: socket.socket) -> None:
        parent = os.getpid()
        pid = os.fork()
        if pid == 0:
            self._become_worker(sock, parent)
        self._workers.add(pid)
        sock.close()
        self._control.sendall(ORDER.pack(b"F", pid))

    def _become_worker(self, sock: socket.socket, parent: int) -> NoReturn:
        self._control.close()
        die_with_parent(parent)
        limit_memory(self._memory_mb)
        forbid_sockets()
        try:
            serve(sock, self._store_path)
        except OSError:  # the other end has closed in the middle of an answer: nobody is left to tell
            os._exit(1)
        os._exit(0)

    def _reap(self) -> None:
        while self._workers:
            pid, _ = os.waitpid(-1, os.WNOHANG)
            if pid == 0:
                return
            self._workers.discard(pid)


def main(arguments: list[str]) -> None:
    """Run the template: the control socket's descriptor, the store's folder, the workers' memory in megabytes."""
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the server, which closes the socket in its own time
    descriptor, store_path, memory_mb = arguments
    Template(socket.socket(fileno=int(descriptor)), Path(store_path), int(memory_mb)).run()


if __name__ == "__main__":
    main(sys.argv[1:])
