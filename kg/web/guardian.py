"""The process that keeps the server alive: it holds the listening socket, and forks the process that answers.

Should that one end, another takes its place at once; who connects in between waits in the socket's queue and is not
refused. SIGTERM and Ctrl-C end both, once the requests in progress are answered; SIGHUP starts a fresh process and lets
the old one finish what it has begun. Everything is imported before the fork, so that a new process is soon there.
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
from kg.sandbox import die_with_parent

STOP_SECONDS = 10.0
"""Time that requests in progress have when the server stops."""
START_SECONDS = 5.0
"""A process that gives up by itself so soon would do so again."""
MOST_DEATHS = 20
DEATHS_SECONDS = 2.0
"""After so many ends in so little time a new process waits for as long: something is wrong that haste does not mend."""
_SIGNALS = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGCHLD)

_log = logging.getLogger(__name__)


class Guardian:
    """Runs `serve` in a child process, again whenever that ends."""

    def __init__(self, listening: socket.socket, serve: Callable[[socket.socket], None]) -> None:
        self._listening = listening
        self._serve = serve
        self._child = 0
        self._leaving: set[int] = set()
        self._began = time.monotonic()
        self._deaths: deque[float] = deque(maxlen=MOST_DEATHS)

    def run(self) -> bool:
        """Serve until told to stop; return False where the very first process has failed to start."""
        waker, wakes = socket.socketpair()
        wakes.setblocking(False)
        signal.set_wakeup_fd(wakes.fileno(), warn_on_full_buffer=False)
        for number in _SIGNALS:
            signal.signal(number, lambda *_: None)  # what arrives is read from the waker
        self._child = self._fork()
        with waker, wakes:
            while True:
                arrived = waker.recv(64)
                if signal.SIGTERM in arrived or signal.SIGINT in arrived:
                    break
                if signal.SIGHUP in arrived:
                    self._end(self._child)
                    self._leaving.add(self._child)
                    self._child = self._fork()
                if not self._reap():
                    return False
            self._stop(waker)
        signal.set_wakeup_fd(-1)
        return True

    def _reap(self) -> bool:
        """Take note of children that have ended, and fork another where that was not meant; False: there is no use."""
        while True:
            pid, status = os.waitpid(-1, os.WNOHANG)
            if pid == 0:
                return True
            self._leaving.discard(pid)
            if pid == self._child:
                if os.WIFEXITED(status) and time.monotonic() - self._began < START_SECONDS:
                    return False
                _log.error("the serving process ended (%s); another takes its place", describe_end(status))
                self._pause()
                self._child = self._fork()

    def _pause(self) -> None:
        self._deaths.append(time.monotonic())
        if len(self._deaths) == MOST_DEATHS and self._deaths[-1] - self._deaths[0] < DEATHS_SECONDS:
            time.sleep(DEATHS_SECONDS)

    def _stop(self, waker: socket.socket) -> None:
        """Let the children end, and kill those that take too long."""
        self._listening.close()
        children = {self._child, *self._leaving}
        for pid in children:
            self._end(pid)
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

    def _end(self, pid: int) -> None:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGTERM)

    def _fork(self) -> int:
        parent = os.getpid()
        pid = os.fork()
        if pid:
            return pid
        status = 1
        try:
            signal.set_wakeup_fd(-1)
            for number in _SIGNALS:
                signal.signal(number, signal.SIG_DFL)
            die_with_parent(parent)
            self._serve(self._listening)
            status = 0
        except LagebildError as error:
            _log.error("%s", error)
        except Exception:
            _log.exception("the serving process failed")
        finally:
            os._exit(status)


def describe_end(status: int) -> str:
    """Say how a process ended, from what `waitpid` says of it."""
    code = os.waitstatus_to_exitcode(status)
    return signal.Signals(-code).name if code < 0 else f"exit status {code}"
