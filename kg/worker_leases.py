"""Who asks, which worker works for whom, and how many may: what the lanes of a pool keep account of."""

import threading
import time
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Literal, Protocol, TypeAlias

from kg.worker_handles import Worker

Verdict: TypeAlias = Literal["", "busy", "time", "gone"]
"""Why a worker was killed from here: no place in the slow lane, out of time, nobody waits for the answer any more."""


@dataclass(frozen=True, slots=True)
class LaneLimits:
    """How many may run, and how many may wait for how long."""

    quick: int
    slow: int
    queue: int
    wait: float
    quick_seconds: float
    stand_back: bool = True
    """Whether what leaves the quick lane runs only when nobody else wants a processor."""
    background: bool = False
    """Whether all of it does; then nothing leaves the quick lane."""


class _Lanes(Protocol):
    """What works for callers."""

    def dismiss(self, caller: "Caller") -> None: ...


class Caller:
    """Who asks, from another thread's view: `leave` ends whatever is being done for it."""

    def __init__(self, name: str = "") -> None:
        self.name = name
        """What the log calls the request."""
        self._lock = threading.Lock()
        self._lanes: _Lanes | None = None
        self.is_gone = False

    def leave(self) -> None:
        """Say that nobody waits any more."""
        with self._lock:
            self.is_gone = True
            lanes = self._lanes
        if lanes is not None:
            lanes.dismiss(self)

    def enter(self, lanes: _Lanes | None) -> None:
        """Say which lanes work for it; None when they have finished."""
        with self._lock:
            self._lanes = lanes


CALLER: ContextVar[Caller | None] = ContextVar("caller", default=None)
"""The caller that the current thread works for, if that is known."""


@dataclass(eq=False, slots=True)
class Lease:
    """A worker at work for somebody."""

    worker: Worker
    caller: Caller | None
    seconds: float
    started: float = field(default_factory=time.monotonic)
    lane: Literal["quick", "waiting", "slow"] = "quick"
    moved: float = field(default_factory=time.monotonic)
    """When it came to the lane that it is in."""
    worked_before: float | None = None
    """Seconds of a processor that its worker had used by then; None where the system does not tell."""
    worked: float = 0.0
    """Seconds of a processor that its worker had used when that was last looked at."""
    has_place: bool = True
    """Whether it holds a place of the quick lane."""
    verdict: Verdict = ""
