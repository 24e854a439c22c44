"""Processes and those that they started, as Linux lists them."""

import time
from contextlib import suppress
from pathlib import Path


def family_of(pid: int) -> list[int]:
    """Return the process ids of a process and all that descend from it."""
    found = [pid]
    for each in found:
        for task in Path(f"/proc/{each}/task").glob("*/children"):
            # A thread may end between its listing and its reading.
            with suppress(FileNotFoundError, ProcessLookupError):
                found += [int(word) for word in task.read_text(encoding="ascii").split()]
    return found


def parent_of(pid: int) -> int:
    """Return the process id of a process's parent; 0 where it has ended."""
    try:
        return int(Path(f"/proc/{pid}/stat").read_text("utf-8").rsplit(")", 1)[1].split()[1])
    except OSError:
        return 0


def wait_until_gone(pids: list[int]) -> None:
    """Wait until all have ended, for ten seconds at most."""
    deadline = time.monotonic() + 10
    while alive := [pid for pid in pids if is_running(pid)]:
        assert time.monotonic() < deadline, f"{alive} live on"
        time.sleep(0.02)


def is_running(pid: int) -> bool:
    """Tell whether a process is there and no zombie."""
    try:
        return Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False
