"""The process that keeps the server alive: it holds the listening socket, and forks the process that answers.

Beside that one a standby waits, which has prepared all that can be prepared before the first request. Should the one
that answers end, the standby takes its place at once; who connects in between waits in the socket's queue and is not
refused. SIGTERM and Ctrl-C end all, once the requests in progress are answered; SIGHUP has the standby take over, and
lets the old process finish what it has begun.

The first process loads the program by itself, so that it begins as soon as can be; before the first standby the
guardian loads it too, and those that are forked from then on share it.
"""

import logging
import os
import select
import signal
import socket
import time
from collections import deque
from collections.abc import Callable
from contextlib import suppress

from kg.errors import LagebildError
from kg.processes import die_with_parent

BACKLOG = 1_024
"""Connections that wait to be accepted, as they do while another process takes the place of one that ended."""
STOP_SECONDS = 10.0
"""Time that requests in progress have when the server stops."""
START_SECONDS = 5.0
"""A process that gives up by itself so soon would do so again."""
STANDBY_SECONDS = 1.0
"""Time that a process has the processor for itself when it begins to serve, before a standby is made."""
MOST_DEATHS = 20
DEATHS_SECONDS = 2.0
"""After so many ends in so little time a new process waits for as long: something is wrong that haste does not mend."""
_SIGNALS = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGCHLD)

_log = logging.getLogger(__name__)


Serve = Callable[[socket.socket], None]


class _Child:
    """A process that has been forked, and begins to serve when it is told to."""

    def __init__(self, pid: int, told_by: int) -> None:
        self.pid = pid
        self._told_by = told_by
        self.began = 0.0

    def begin(self) -> None:
        """Tell it."""
        self.began = time.monotonic()
        with suppress(BrokenPipeError):  # it has ended, which is seen to in its turn
            os.write(self._told_by, b"\n")
        os.close(self._told_by)

    def end(self) -> None:
        """Have it end once it has answered what it is asked."""
        with suppress(ProcessLookupError):
            os.kill(self.pid, signal.SIGTERM)


class Guardian:
    """Runs a server in a child process, again whenever that ends."""

    def __init__(self, listening: socket.socket, prepare: Callable[[], Serve], load: Callable[[], None]) -> None:
        """Make one.

        Args:
            listening: what is served from.
            prepare: does what takes time, in the child, and returns what serves there.
            load: does here, before the first standby is made, what those that follow are to have in common.
        """
        self._listening = listening
        self._prepare = prepare
        self._load = load
        self._serving = _Child(0, 0)
        self._standby: _Child | None = None
        self._leaving: set[int] = set()
        self._deaths: deque[float] = deque(maxlen=MOST_DEATHS)

    def run(self) -> bool:
        """Serve until told to stop; return False where the very first process has failed to start."""
        waker, wakes = socket.socketpair()
        wakes.setblocking(False)
        signal.set_wakeup_fd(wakes.fileno(), warn_on_full_buffer=False)
        for number in _SIGNALS:
            signal.signal(number, lambda *_: None)  # what arrives is read from the waker
        self._replace()
        with waker, wakes:
            while True:
                arrived = self._wait(waker)
                if signal.SIGTERM in arrived or signal.SIGINT in arrived:
                    break
                if signal.SIGHUP in arrived:
                    self._serving.end()
                    self._leaving.add(self._serving.pid)
                    self._replace()
                if not self._reap():
                    return False
            self._stop(waker)
        signal.set_wakeup_fd(-1)
        return True

    def _wait(self, waker: socket.socket) -> bytes:
        """Return the signals that arrive next; have a standby meanwhile, once the server has had time to start."""
        if self._standby is None:
            due = max(self._serving.began, *self._deaths, 0.0) + STANDBY_SECONDS
            if not select.select([waker], [], [], max(due - time.monotonic(), 0))[0]:
                self._load()
                self._standby = self._fork()
        return waker.recv(64)

    def _replace(self) -> None:
        """Have the standby serve; a new process where there is none."""
        self._serving, self._standby = self._standby or self._fork(), None
        self._serving.begin()

    def _reap(self) -> bool:
        """Take note of children that have ended, and replace the one that was to serve; False: there is no use."""
        while True:
            pid, status = os.waitpid(-1, os.WNOHANG)
            if pid == 0:
                return True
            self._leaving.discard(pid)
            if self._standby and pid == self._standby.pid:
                self._deaths.append(time.monotonic())
                self._standby = None
            elif pid == self._serving.pid:
                if os.WIFEXITED(status) and time.monotonic() - self._serving.began < START_SECONDS:
                    return False
                _log.error("the serving process ended (%s); another takes its place", describe_end(status))
                self._pause()
                self._replace()

    def _pause(self) -> None:
        self._deaths.append(time.monotonic())
        if len(self._deaths) == MOST_DEATHS and self._deaths[-1] - self._deaths[0] < DEATHS_SECONDS:
            time.sleep(DEATHS_SECONDS)

    def _stop(self, waker: socket.socket) -> None:
        """Let the children end, and kill those that take too long."""
        self._listening.close()
        own = [self._serving, *([self._standby] if self._standby else [])]
        children = {*(child.pid for child in own), *self._leaving}
        for child in own:
            child.end()
        deadline = time.monotonic() + STOP_SECONDS
        while children:
            with suppress(ChildProcessError):
                pid, _ = os.waitpid(-1, os.WNOHANG)
                children.discard(pid)
                left = deadline - time.monotonic()
                if pid == 0 and not select.select([waker], [], [], max(left, 0))[0]:
                    for late in children:
                        os.kill(late, signal.SIGKILL)
                elif pid == 0:
                    waker.recv(64)

    def _fork(self) -> _Child:
        parent = os.getpid()
        told, told_by = os.pipe()
        pid = os.fork()
        if pid:
            os.close(told)
            return _Child(pid, told_by)
        status = 1
        try:
            os.close(told_by)
            signal.set_wakeup_fd(-1)
            for number in _SIGNALS:
                signal.signal(number, signal.SIG_DFL)
            die_with_parent(parent)
            serve = self._prepare()
            if os.read(told, 1):  # else the guardian has ended
                serve(self._listening)
            status = 0
        except LagebildError as error:
            _log.error("%s", error)
        except Exception:  # the process ends here, and would do so without a word
            _log.exception("the serving process failed")
        finally:
            os._exit(status)


def describe_end(status: int) -> str:
    """Say how a process ended, from what `waitpid` says of it."""
    code = os.waitstatus_to_exitcode(status)
    return signal.Signals(-code).name if code < 0 else f"exit status {code}"
