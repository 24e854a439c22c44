"""The near ends of the worker processes: one for each worker, and one for the template that forks them."""

import json
import os
import select
import socket
import subprocess
import sys
import threading
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from kg.worker_process import FRAME, LENGTH, ORDER

GRACE = 2.0
"""Seconds beyond a job's limit after which a worker that the kernel did not stop is killed from here."""


class Worker:
    """The near end of one worker process."""

    def __init__(self, sock: socket.socket, pid: int) -> None:
        self.pid = pid
        self._sock = sock
        self._file = sock.makefile("rb", buffering=65536)

    def is_alive(self) -> bool:
        """Tell whether the idle worker is still there: an idle one has nothing to say, so only its end is readable."""
        poll = select.poll()
        poll.register(self._sock, select.POLLIN | select.POLLHUP)
        return not poll.poll(0)

    def send(self, job: Mapping[str, object], seconds: float) -> None:
        """Hand a job over, with the seconds that it may take."""
        body = json.dumps({**job, "seconds": seconds}).encode()
        self._sock.settimeout(seconds + GRACE)
        self._sock.sendall(LENGTH.pack(len(body)) + body)

    def receive(self) -> tuple[bytes, bytes]:
        """Read one frame.

        Raises:
            EOFError: the worker is gone.
            OSError: it did not answer in time.
        """
        head = self._file.read(FRAME.size)
        if len(head) < FRAME.size:
            raise EOFError
        kind, length = FRAME.unpack(head)
        payload = self._file.read(length)
        if len(payload) < length:
            raise EOFError
        return kind, payload

    def close(self) -> None:
        """Let the worker go; it ends when it next looks at its socket."""
        self._file.close()
        self._sock.close()


class TemplateProcess:
    """Starts, and starts again, the process that forks workers: `module` with the store, the megabytes and `more`."""

    def __init__(self, store_path: Path, memory_mb: int, module: str = "kg.worker_process", *more: str) -> None:
        self._module = module
        self._command = [str(store_path), str(memory_mb), *more]
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._control: socket.socket | None = None

    def fork(self) -> Worker:
        """Have a new worker forked."""
        near, far = socket.socketpair()
        with self._lock, far:
            try:
                pid = self._order_fork(far)
            except (EOFError, OSError):  # the template was killed: start another
                self._stop()
                pid = self._order_fork(far)
        return Worker(near, pid)

    def kill(self, pid: int) -> None:
        """Have a worker killed, whatever it is doing."""
        with self._lock, suppress(OSError):  # without the template its workers are dead already
            if self._control is not None:
                self._control.sendall(ORDER.pack(b"K", pid))

    def close(self) -> None:
        """End the template and with it all its workers."""
        with self._lock:
            self._stop()

    def _order_fork(self, far: socket.socket) -> int:
        control = self._control or self._start()
        socket.send_fds(control, [ORDER.pack(b"F", 0)], [far.fileno()])
        reply = control.recv(ORDER.size, socket.MSG_WAITALL)
        if len(reply) < ORDER.size:
            raise EOFError
        pid: int = ORDER.unpack(reply)[1]
        return pid

    def _start(self) -> socket.socket:
        near, far = socket.socketpair()
        with far:
            arguments = [sys.executable, "-m", self._module, str(far.fileno()), *self._command]
            root = str(Path(__file__).parent.parent)
            path = os.pathsep.join(filter(None, [root, os.environ.get("PYTHONPATH", "")]))
            # Each of glibc's arenas takes 64 MB of address space, which is what a worker's memory is measured by.
            environment = os.environ | {"PYTHONPATH": path, "MALLOC_ARENA_MAX": "2"}
            self._process = subprocess.Popen(  # noqa: S603 - our own module
                arguments, stdin=subprocess.DEVNULL, pass_fds=[far.fileno()], env=environment
            )
        self._control = near
        return near

    def _stop(self) -> None:
        if self._control is not None:
            self._control.close()
            self._control = None
        if self._process is not None:
            try:
                self._process.wait(GRACE)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
            self._process = None
