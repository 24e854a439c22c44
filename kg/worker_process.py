"""Queries in processes that may die for them: the forking template, and the workers that it forks.

Run as `python -m kg.worker_process FD STORE LIMITS` by `kg.worker_handles`, which holds the other end of the socket FD.
The template has one thread and never opens the store, so forking it is safe and takes a millisecond. It ends, and takes
its workers with it, when that socket is closed: nothing outlives the process that asked the queries.

A worker answers one job at a time from its own socket. A job is a length and a dictionary as `marshal` writes it: it
comes from the same Python, and from a process that is to be believed. An answer comes from one that is not; it is
frames of a kind, a length and a payload: `H` head, `D` data, then `E` end or `X` error, with JSON in all but `D`. `E`
says which limit the answer reached, if any. An answer without `E` or `X` was cut off.
"""

import contextlib
import gc
import json
import marshal
import os
import select
import signal
import socket
import sys
import threading
from typing import Any, NoReturn

from kg.processes import die_with_parent
from kg.remote import Location, locate
from kg.sandbox import forbid_sockets, limit_memory
from kg.worker_answers import answer
from kg.worker_orders import FORK, FORKED, LENGTH, WorkerLimits
from kg.worker_reader import SnapshotReader

READ_BYTES = 16_384
"""Most jobs are shorter; for a much longer one the C library would have the kernel map memory, each time."""
IDLE_CHECK = 0.5
"""Seconds after which an idle worker looks for a new snapshot, and the template for dead workers."""


def receive_job(sock: socket.socket) -> dict[str, Any] | None:
    """Read one job; None where the other end has closed."""
    data = bytearray()
    while part := sock.recv(READ_BYTES):  # most come in one
        data += part
        if len(data) >= LENGTH.size and len(data) == LENGTH.size + LENGTH.unpack_from(data)[0]:
            job: dict[str, Any] = marshal.loads(memoryview(data)[LENGTH.size :])  # noqa: S302 - of who started this
            return job
    return None


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

    def run(self) -> None:
        """Fork a worker for each socket that comes, until the other end is closed; the workers end with this process.

        The kernel buries the dead here by itself. To reap one, a process waits in the kernel for the dead one's last
        thread to leave /proc, and does so by trying again and again. That thread has the lowest priority where its
        query took long, so it gets no processor from the one that tries, and no worker would be forked for seconds.
        """
        gc.freeze()  # what workers share stays, and need not be looked through by each of them
        signal.signal(signal.SIGCHLD, signal.SIG_IGN)
        with contextlib.suppress(ConnectionError):  # who asked for the worker has ended
            while True:
                order, descriptors, _, _ = socket.recv_fds(self._control, len(FORK), 1)
                if not order:
                    return
                self._fork(socket.socket(fileno=descriptors[0]))

    def _fork(self, sock: socket.socket) -> None:
        parent = os.getpid()
        pid = os.fork()
        if pid == 0:
            self._become_worker(sock, parent)
        sock.close()
        self._control.sendall(FORKED.pack(pid))

    def _become_worker(self, sock: socket.socket, parent: int) -> NoReturn:
        self._control.close()
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
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


def main(arguments: list[str]) -> None:
    """Run the template: the control socket's descriptor, the store's folder, the workers' limits as JSON."""
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the server, which closes the socket in its own time
    descriptor, store_path, limits = arguments
    Template(socket.socket(fileno=int(descriptor)), locate(store_path), WorkerLimits(**json.loads(limits))).run()


if __name__ == "__main__":
    main(sys.argv[1:])
