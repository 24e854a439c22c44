"""The near ends of the worker processes: one for each worker, and one for the template that forks them."""

import json
import marshal
import os
import select
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path

from kg.remote import Location
from kg.worker_orders import FORK, FORKED, LENGTH, WorkerLimits
from kg.worker_output import FRAME

GRACE = 2.0
"""Seconds that the template has to end by itself."""
READ_BYTES = 131_072
_CPU_CLOCK = 2
"""What, beside the process id, makes the number of another process's clock on Linux (clock_getcpuclockid(3))."""
_STANDS_BACK = 15
"""Niceness of a worker whose query takes long."""


class Worker:
    """The near end of one worker process."""

    def __init__(self, sock: socket.socket, pid: int) -> None:
        self.pid = pid
        self._sock = sock
        self._ahead = b""
        """What has been read of its answers and is not used yet: all after `_place`."""
        self._place = 0
        self._poll = select.poll()
        self._poll.register(sock, select.POLLIN | select.POLLHUP)
        # A process id may come to stand for another process, this descriptor cannot. A worker that is gone has none.
        self._process: int | None = None
        with suppress(OSError):
            self._process = os.pidfd_open(pid)

    def fileno(self) -> int:
        """Return the descriptor at which its answers come in."""
        return self._sock.fileno()

    def is_alive(self) -> bool:
        """Tell whether the idle worker is still there: an idle one has nothing to say, so only its end is readable."""
        return not self._is_readable(0)

    def send(self, job: Mapping[str, object], seconds: float) -> None:
        """Hand a job over, with the seconds that it may take."""
        body = marshal.dumps({**job, "seconds": seconds})
        self._sock.sendall(LENGTH.pack(len(body)) + body)

    def receive(self, timeout: float | None = None) -> tuple[bytes, bytes] | None:
        """Read one frame.

        Args:
            timeout: seconds to wait for its beginning; None means as long as it takes.

        Returns:
            Its kind and payload; None where none has begun in time.

        Raises:
            EOFError: the worker is gone.
        """
        if timeout is not None and self._place == len(self._ahead) and not self._is_readable(timeout):
            return None
        self._fill(FRAME.size)
        kind, length = FRAME.unpack_from(self._ahead, self._place)
        self._place += FRAME.size
        self._fill(length)
        begin, self._place = self._place, self._place + length
        return kind, self._ahead[begin : self._place]

    def kill(self) -> None:
        """End the process, whatever it is doing; who reads from it sees its end."""
        self._signal(signal.SIGKILL)

    def pause(self) -> None:
        """Have the process stand still until `resume`."""
        self._signal(signal.SIGSTOP)

    def resume(self) -> None:
        """Have the process go on."""
        self._signal(signal.SIGCONT)

    def step_aside(self) -> None:
        """Have the process run mostly when others of the service need not; there is no way back.

        On Linux this and what `stand_back` does are about one thread (sched(7)), and the one that runs the query is
        not the first.
        """
        for thread in _threads_of(self.pid):
            with suppress(OSError):
                os.setpriority(os.PRIO_PROCESS, thread, _STANDS_BACK)

    def stand_back(self) -> None:
        """Have the process run only when others of the service need not; there is no way back."""
        self.step_aside()
        for thread in _threads_of(self.pid):
            with suppress(OSError, AttributeError):  # another system
                os.sched_setscheduler(thread, os.SCHED_IDLE, os.sched_param(0))

    def worked(self) -> float | None:
        """Return the seconds of a processor that the process has used so far; None where the system does not tell."""
        with suppress(OSError):
            return time.clock_gettime(~self.pid << 3 | _CPU_CLOCK)
        return None

    def wants_processor(self) -> bool:
        """Tell whether the process has or waits for a processor, and not for anything else."""
        for thread in _threads_of(self.pid):
            with suppress(OSError):
                stat = Path(f"/proc/{self.pid}/task/{thread}/stat").read_bytes()
                if stat.rpartition(b") ")[2].startswith(b"R"):  # proc(5)
                    return True
        return False

    def close(self) -> None:
        """Let the worker go; it ends when it next looks at its socket."""
        self._sock.close()
        if self._process is not None:
            os.close(self._process)
            self._process = None

    def _fill(self, size: int) -> None:
        """Have so many bytes there to be used."""
        missing = size - (len(self._ahead) - self._place)
        if missing <= 0:
            return
        parts = [self._ahead[self._place :]]
        while missing > 0:
            part = self._sock.recv(READ_BYTES)
            if not part:
                raise EOFError
            parts.append(part)
            missing -= len(part)
        self._ahead, self._place = b"".join(parts), 0

    def _signal(self, number: signal.Signals) -> None:
        with suppress(OSError):
            if self._process is not None:
                signal.pidfd_send_signal(self._process, number)

    def _is_readable(self, timeout: float) -> bool:
        return bool(self._poll.poll(timeout * 1000))


def _threads_of(pid: int) -> list[int]:
    """Return the ids of a process's threads; its own where the system does not list them."""
    try:
        return [int(name) for name in os.listdir(f"/proc/{pid}/task")]  # noqa: PTH208 - numbers and no paths
    except OSError:
        return [pid]


class TemplateProcess:
    """Starts, and starts again, the process that forks workers: `module` with the store, the limits and `more`."""

    def __init__(
        self, store_path: Location, limits: WorkerLimits, module: str = "kg.worker_process", *more: str
    ) -> None:
        self._module = module
        self._command = [str(store_path), json.dumps(asdict(limits)), *more]
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._control: socket.socket | None = None

    def start(self) -> None:
        """Start the process, as the first `fork` would: it takes some time until it can fork."""
        with self._lock:
            if self._control is None:
                self._start()

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

    def close(self) -> None:
        """End the template and with it all its workers."""
        with self._lock:
            self._stop()

    def _order_fork(self, far: socket.socket) -> int:
        control = self._control or self._start()
        socket.send_fds(control, [FORK], [far.fileno()])
        reply = control.recv(FORKED.size, socket.MSG_WAITALL)
        if len(reply) < FORKED.size:
            raise EOFError
        pid: int = FORKED.unpack(reply)[0]
        return pid

    def _start(self) -> socket.socket:
        near, far = socket.socketpair()
        with far:
            # -P: nothing is to be taken from the folder that this program happens to be started in.
            arguments = [sys.executable, "-P", "-m", self._module, str(far.fileno()), *self._command]
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
