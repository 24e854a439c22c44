"""Processes beside this one: how many are worth it, and what they owe to the one that started them."""

import atexit
import ctypes
import math
import os
import signal
import sys
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from multiprocessing.context import SpawnContext, SpawnProcess
from pathlib import Path
from types import ModuleType

_PR_SET_PDEATHSIG = 1


def available_cores(quota_file: Path = Path("/sys/fs/cgroup/cpu.max")) -> int:
    """Return how many processors this process may use: those that it is bound to, within its control group's quota."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    try:
        quota, period = quota_file.read_text(encoding="ascii").split()
    except (OSError, ValueError):  # no control groups, or of the first version
        return cores
    return cores if quota == "max" else max(1, min(cores, math.ceil(int(quota) / int(period))))


class _Process(SpawnProcess):
    """A process that does not run the script which this one runs: it would fill its store once more."""

    def start(self) -> None:
        script = sys.modules["__main__"]
        sys.modules["__main__"] = ModuleType("__main__")  # of which there is nothing to run
        try:
            super().start()
        finally:
            sys.modules["__main__"] = script


class _Context(SpawnContext):
    Process = _Process


def start_pool(jobs: int) -> ProcessPoolExecutor:
    """Return so many processes that end with this one, and only with it; they start with the first tasks.

    Tasks are functions of modules, not of the script that is run.
    """
    # Spawned and not forked: this process has the threads of an open database.
    return ProcessPoolExecutor(jobs, _Context(), initializer=_start, initargs=(os.getpid(),))


def can_fork() -> bool:
    """Tell whether `fork_pool` works here: elsewhere the system's libraries do not outlive a fork."""
    return sys.platform == "linux"


def fork_pool(jobs: int) -> ProcessPoolExecutor:
    """Start so many processes that have what this one has loaded, and end with it.

    It is for a process that has opened no database yet, whose threads would be missing in its copies.
    """
    pool = ProcessPoolExecutor(jobs, get_context("fork"), initializer=_start, initargs=(os.getpid(),))
    pool.submit(os.getpid)  # with the first task all of them start
    return pool


def die_with_parent(parent: int) -> None:
    """Have the kernel kill this process when the thread that started it ends (Linux; elsewhere nothing).

    Args:
        parent: process id of the parent, which may have ended before the kernel could be told.
    """
    prctl = getattr(ctypes.CDLL(None), "prctl", None)
    if prctl is not None:
        prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != parent:
        os.kill(os.getpid(), signal.SIGKILL)


def _start(parent: int) -> None:
    die_with_parent(parent)
    # Ctrl-C reaches every process of the terminal; it is the parent that stops the work.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # Whoever waits for the end of the pool does not wait for models that are taken apart, object by object.
    atexit.register(os._exit, 0)
