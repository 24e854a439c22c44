"""Queries in processes that may die for them: the forking template, and the workers that it forks.

Run as `python -m kg.worker_process FD STORE LIMITS` by `kg.worker_handles`, which holds the other end of the socket FD.
The template has one thread and never opens the store, so forking it is safe and takes a millisecond. It ends, and takes
its workers with it, when that socket is closed: nothing outlives the process that asked the queries.

A worker answers one job at a time from its own socket. A job is a length and JSON; an answer is frames of a kind, a
length and a payload: `H` head, `D` data, then `E` end or `X` error; `E` says which limit the answer reached, if any. An
answer without `E` or `X` was cut off.
"""

import contextlib
import json
import os
import select
import signal
import socket
import struct
import sys
import threading
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, NoReturn, cast

import pyoxigraph as ox

from kg.dump import write_compressed
from kg.errors import QueryError, StoreError
from kg.jsonld import NoCompactFormError, write_compacted
from kg.remote import Location, QuadStore, locate
from kg.remote.interface import Results
from kg.sandbox import die_with_parent, forbid_sockets, limit_memory
from kg.snapshots import name_snapshot, number_of
from kg.sparql_columns import name_columns
from kg.store import open_snapshot
from kg.vocab import prefix_map
from kg.worker_output import (
    FrameWriter,
    FullError,
    NotRdf11Error,
    TableWriter,
    TripleLimit,
    check_rdf_11,
    describe_cut,
    send_frame,
)

LENGTH = struct.Struct("!I")
FORK = b"F"
"""What the template is told: to fork a worker for the socket that travels with it."""
FORKED = struct.Struct("!I")
"""What it answers: the worker's process id."""

IDLE_CHECK = 0.5
"""Seconds after which an idle worker looks for a new snapshot, and the template for dead workers."""


@dataclass(frozen=True, slots=True)
class WorkerLimits:
    """What every worker of a template may take."""

    memory_mb: int
    """Address space, beside the stack."""
    stack_mb: int
    network: bool = False
    """Whether it may open sockets."""


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

REMARKS = {
    ox.RdfFormat.TURTLE: b"# truncated: %b\n",
    ox.RdfFormat.N_TRIPLES: b"# truncated: %b\n",
    ox.RdfFormat.RDF_XML: b"<!-- truncated: %b -->\n",
}
"""How a graph that was cut says so; in JSON-LD there is no room for it."""


class SnapshotReader:
    """The store's current snapshot, opened read-only; follows the link `current` when that is swapped."""

    def __init__(self, store_path: Location) -> None:
        self._path = store_path
        self._open = contextlib.ExitStack()
        self._store: QuadStore | None = None
        self._own: QuadStore | None = None
        self.name = ""

    def open(self, *, own: bool = False) -> QuadStore:
        """Return the current snapshot; with `own`, without its guests.

        Raises:
            StoreError: there is none, or it cannot be read.
        """
        while self._store is None or self.name != name_snapshot(self._path):
            self._store = self._own = None
            self._open.close()
            self.name = name_snapshot(self._path)
            self._store = self._open.enter_context(open_snapshot(self._path))
        if own and self._own is None:
            self._own = self._open.enter_context(open_snapshot(self._path, number_of(self.name), own=True))
        return self._own if own and self._own is not None else self._store

    @contextlib.contextmanager
    def pinned(self, name: str | None, *, own: bool = False) -> Iterator[tuple[QuadStore, str]]:
        """Lend the snapshot of this name, and the name; None means the current one. `own` as in `open`.

        Raises:
            StoreError: there is no such snapshot, or it cannot be read.
        """
        current = self.open(own=own)
        if name in {None, self.name}:
            yield current, self.name
        else:
            with open_snapshot(self._path, number_of(str(name)), own=own) as older:
                yield older, str(name)

    def keep_fresh(self) -> None:
        """Move to a new snapshot while idle, so that the old one is free to be deleted."""
        if isinstance(self._path, Path):
            with contextlib.suppress(StoreError):  # whoever asks next is told
                self.open()


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
        with reader.pinned(job["snapshot"], own=job["own"]) as (store, name):
            (_dump if job["dump"] else _answer_query)(job, store, name, sock)
    except (NotRdf11Error, NoCompactFormError) as error:
        _send_error(sock, "version", str(error))
    except QueryError as error:  # a store elsewhere has refused it
        _send_error(sock, "refused", error.message.rstrip("."))
    except (SyntaxError, ValueError, RuntimeError) as error:
        _send_error(sock, "refused", str(error))
    except (StoreError, OSError) as error:
        _send_error(sock, "failed", str(error))
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)


def _answer_query(job: Mapping[str, Any], store: QuadStore, snapshot: str, sock: socket.socket) -> None:
    """Send the answer to a query; its end frame says which limit it reached."""
    results = _query(job, store)
    kind = "table" if isinstance(results, ox.QuerySolutions | ox.QueryBoolean) else "graph"
    output = _begin(sock, kind, job[kind], snapshot)
    end = {} if job[kind] is None else _serialize(job, results, output)
    output.end(json.dumps(end).encode())


def _dump(job: Mapping[str, Any], store: QuadStore, snapshot: str, sock: socket.socket) -> None:
    """Send a dump; its end frame says nothing."""
    output = _begin(sock, "dump", job["dump"], snapshot)
    write_compressed(store, job["dump"], cast("IO[bytes]", output))
    output.end(b"{}")


def _begin(sock: socket.socket, kind: str, format_name: str | None, snapshot: str) -> FrameWriter:
    return FrameWriter(sock, json.dumps({"kind": kind, "format": format_name, "snapshot": snapshot}).encode())


def _query(job: Mapping[str, Any], store: QuadStore) -> Results:
    default, named, query = job["default_graphs"], job["named_graphs"], job["query"]
    if "*" in query and not job["network"]:
        query = name_columns(query, lambda: _list_variables(job))
    return store.query(
        query,
        base_iri=job["base_iri"],
        use_default_graph_as_union=job["union"],
        default_graph=None if default is None else [ox.NamedNode(iri) for iri in default],
        named_graphs=None if named is None else [ox.NamedNode(iri) for iri in named],
        substitutions={ox.Variable(name): _to_term(value) for name, value in job["bindings"].items()} or None,
    )


def _list_variables(job: Mapping[str, Any]) -> list[str]:
    """Return the variables of a query's answer, which are the same over any data."""
    found = ox.Store().query(job["query"], base_iri=job["base_iri"])
    return [variable.value for variable in found.variables] if isinstance(found, ox.QuerySolutions) else []


def _to_term(value: Any) -> ox.NamedNode | ox.Literal:
    return ox.NamedNode(value["iri"]) if isinstance(value, Mapping) else ox.Literal(value)


def _serialize(job: Mapping[str, Any], results: Results, output: FrameWriter) -> dict[str, Any]:
    """Send the answer; return what its end frame says of a limit that it reached."""
    if isinstance(results, ox.QueryBoolean):
        results.serialize(cast("IO[bytes]", output), TABLES[job["table"]])
        end = {}
    elif not isinstance(results, ox.QuerySolutions):
        end = _serialize_graph(job, results, output)
    else:
        table = TableWriter(output, job["table"], job["max_rows"], job["max_bytes"])
        try:
            results.serialize(cast("IO[bytes]", table), TABLES[job["table"]])
            table.finish()
            end = {}
        except FullError as full:
            end = {"limit": full.limit, "allowed": full.allowed, "closed": full.closed}
    return end


def _serialize_graph(job: Mapping[str, Any], results: Iterable[ox.Triple], output: FrameWriter) -> dict[str, Any]:
    rdf_format, prefixes = GRAPHS[job["graph"]], job["prefixes"]
    checks = job["only_rdf_11"] or rdf_format is ox.RdfFormat.JSON_LD  # which has no triple terms in any version
    found: Iterable[ox.Triple] = check_rdf_11(results) if checks else results
    if prefixes:
        triples = sorted(found, key=str)  # a document about one thing: small, and the same bytes every time
        ox.serialize(triples, cast("IO[bytes]", output), rdf_format, prefixes=prefixes)
        return {}
    limited = TripleLimit(found, output, job["max_rows"], job["max_bytes"])
    if job["is_compacted"]:
        write_compacted(limited, cast("IO[bytes]", output), prefix_map())
    else:
        ox.serialize(iter(limited), cast("IO[bytes]", output), rdf_format)
    if not limited.limit:
        return {}
    remark = REMARKS.get(rdf_format)
    if remark is not None:
        output.write(remark % describe_cut(limited.limit, limited.allowed).encode())
    return {"limit": limited.limit, "allowed": limited.allowed, "closed": remark is not None}


def _send_error(sock: socket.socket, reason: str, message: str) -> None:
    send_frame(sock, b"X", json.dumps({"reason": reason, "message": message}).encode())


def serve(sock: socket.socket, store_path: Location) -> None:
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

    def __init__(self, control: socket.socket, store_path: Location, limits: WorkerLimits) -> None:
        self._control = control
        self._store_path = store_path
        self._limits = limits
        self._workers: set[int] = set()

    def run(self) -> None:
        """Fork a worker for each socket that comes, until the other end is closed; then kill what is left."""
        poll = select.poll()
        poll.register(self._control, select.POLLIN)
        while True:
            ready = poll.poll(IDLE_CHECK * 1000)
            self._reap()
            if not ready:
                continue
            order, descriptors, _, _ = socket.recv_fds(self._control, len(FORK), 1)
            if not order:
                break
            try:
                self._fork(socket.socket(fileno=descriptors[0]))
            except ConnectionError:  # who asked for the worker has ended
                break
        for pid in self._workers:
            os.kill(pid, signal.SIGKILL)

    def _fork(self, sock: socket.socket) -> None:
        parent = os.getpid()
        pid = os.fork()
        if pid == 0:
            self._become_worker(sock, parent)
        self._workers.add(pid)
        sock.close()
        self._control.sendall(FORKED.pack(pid))

    def _become_worker(self, sock: socket.socket, parent: int) -> NoReturn:
        self._control.close()
        die_with_parent(parent)
        limit_memory(self._limits.memory_mb, self._limits.stack_mb)
        if not self._limits.network:
            forbid_sockets()
        # The engine recurses over a query's tree, so its stack has to be as deep as the longest query can be.
        threading.stack_size(self._limits.stack_mb * 1024 * 1024)
        thread = threading.Thread(target=self._work_and_exit, args=(sock,))
        thread.start()
        thread.join()
        os._exit(1)

    def _work_and_exit(self, sock: socket.socket) -> None:
        with contextlib.suppress(
            OSError
        ):  # the other end has closed in the middle of an answer: nobody is left to tell
            self._work(sock)
        os._exit(0)

    def _work(self, sock: socket.socket) -> None:
        serve(sock, self._store_path)

    def _reap(self) -> None:
        while self._workers:
            pid, _ = os.waitpid(-1, os.WNOHANG)
            if pid == 0:
                return
            self._workers.discard(pid)


def main(arguments: list[str]) -> None:
    """Run the template: the control socket's descriptor, the store's folder, the workers' limits as JSON."""
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the server, which closes the socket in its own time
    descriptor, store_path, limits = arguments
    Template(socket.socket(fileno=int(descriptor)), locate(store_path), WorkerLimits(**json.loads(limits))).run()


if __name__ == "__main__":
    main(sys.argv[1:])
