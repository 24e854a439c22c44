"""Which query runs when: a quick lane for every query's first moment, a slow one for those that take longer.

Nobody can tell from a query's text how long it will run. So each starts in the quick lane, which has a free worker
again as soon as the query is answered, or has had a processor for `quick_seconds`: then it moves over to the slow lane,
worker and all, and a fresh worker takes its place. Where others run or wait, it steps aside after a fifth of that: it
goes on with a low priority, and its place is free. The slow lane has few places and the lowest priority; who finds them
taken stands still until one is free, and is sent away when that takes too long. So a lookup never waits behind queries
that run for seconds, however many there are.
"""

import logging
import threading
import time
from collections import Counter, deque
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Final, Literal

from kg.errors import (
    QueryAbandonedError,
    QueryBusyError,
    QueryCrashError,
    QueryError,
    QueryTimeoutError,
    StoreError,
)
from kg.worker_handles import TemplateProcess, Worker
from kg.worker_leases import CALLER, Caller, LaneLimits, Lease, Verdict

_LATER = "Try again in a few seconds."
_TICK = 0.02
"""Seconds between two looks at what is running; only while something is."""
_LINGER = 1.0
"""Seconds that the watch goes on looking when nothing runs any more, so that it need not be woken for each query."""
_HASTE = 0.5
"""How much of its first moment a query has while others wait for a place in the quick lane."""
_SHORT = 0.2
"""How much of its first moment a query has for itself; then it steps aside, if others run as well."""
_GRACE = 1.0
"""Seconds after its time limit at which a worker is killed that the kernel did not stop."""

_LOST: Final = (QueryTimeoutError, QueryCrashError, QueryAbandonedError)
"""Errors after which a worker is gone."""


_log = logging.getLogger(__name__)


class Lanes:
    """The workers of one pool. Threads may share it."""

    def __init__(self, template: TemplateProcess, limits: LaneLimits) -> None:
        self._template = template
        self.limits = limits
        self._lock = threading.RLock()  # an answer that is dropped gives its worker back wherever that happens
        self._freed = threading.Condition(self._lock)
        self._started = threading.Condition(self._lock)
        self._free = limits.quick
        self._queued = 0
        self._slow_free = limits.slow
        self._waiting: deque[Lease] = deque()
        self._leases: set[Lease] = set()
        self._watched = False
        self._closed = False
        self.idle: list[Worker] = [self._fork() for _ in range(limits.quick + 1)]
        """Workers that wait for a query; one more than can be asked for, since a new one takes a moment."""
        self.counts: Counter[str] = Counter()
        """What happened: `moved` to the slow lane, `killed` workers."""
        self._worked_by_gone = 0.0
        self._worked = 0.0
        threading.Thread(target=self._watch, name="lanes", daemon=True).start()

    @property
    def usage(self) -> dict[str, int]:
        """How many run in each lane, stand still, and wait for a worker."""
        with self._lock:
            lanes = Counter(lease.lane for lease in self._leases)
            return {"quick": lanes["quick"], "slow": lanes["slow"], "paused": lanes["waiting"], "queued": self._queued}

    @property
    def worked(self) -> float:
        """Seconds of a processor that its workers have used, those that are gone included; a little less for those.

        It never falls, though a worker is passed over that is just being handed out.
        """
        with self._lock:
            alive = [*self.idle, *(lease.worker for lease in self._leases)]
            now = self._worked_by_gone + sum(worker.worked() or 0.0 for worker in alive)
            self._worked = max(self._worked, now)
            return self._worked

    def has_free(self) -> bool:
        """Tell whether a worker could be had at once."""
        return bool(self._free and self.idle)

    @contextmanager
    def lease(self, seconds: float, wait: float | None = None) -> Iterator[Lease]:
        """Lend a live worker; one that does not come back clean, or late, is replaced.

        Args:
            seconds: how long it may work.
            wait: seconds to wait until one is free; None means as long as the limits allow.

        Raises:
            QueryBusyError: none became free in time, or too many wait.
            QueryAbandonedError: the caller has left before one was free.
        """
        caller = CALLER.get()
        if caller:
            caller.enter(self)
        self._admit(caller, self.limits.wait if wait is None else wait)
        lease = self._begin(caller, seconds)
        clean = False
        try:
            yield lease
            clean = True
        except (QueryError, StoreError) as error:
            clean = not isinstance(error, _LOST)  # else the worker itself said so
            raise
        finally:
            self._end(lease, clean=clean)

    def dismiss(self, caller: Caller) -> None:
        """Kill the workers that work for a caller."""
        with self._lock:
            for lease in self._leases:
                if lease.caller is caller:
                    self._kill(lease, "gone")
            self._freed.notify_all()

    def close(self) -> None:
        """Let the idle workers go."""
        with self._lock:
            self._closed = True
            self._started.notify_all()
            idle, self.idle = self.idle, []
        for worker in idle:
            worker.close()

    def _admit(self, caller: Caller | None, wait: float) -> None:
        """Wait for a place in the quick lane and take it."""
        limits = self.limits
        with self._lock:
            if not self._free:
                if self._queued >= limits.queue:
                    raise QueryBusyError(
                        f"{limits.queue} queries wait for a worker already.", _LATER, "query_queue", limits.queue
                    )
                self._queued += 1
                in_time = self._freed.wait_for(lambda: self._free or (caller and caller.is_gone), timeout=wait)
                self._queued -= 1
                if not in_time:
                    raise QueryBusyError("All query workers are busy.", _LATER, "query_wait", limits.wait)
            if caller and caller.is_gone:
                raise QueryAbandonedError("The client has hung up.", "Stay on the line.")
            self._free -= 1

    def _begin(self, caller: Caller | None, seconds: float) -> Lease:
        try:
            worker = self._take()
            if self.limits.background:
                worker.stand_back()
            lease = Lease(worker, caller, seconds, worked_before=worker.worked())
        except BaseException:
            with self._lock:
                self._free += 1
                self._freed.notify()
            raise
        with self._lock:
            self._leases.add(lease)
            if caller and caller.is_gone:
                self._kill(lease, "gone")
            if not self._watched:
                self._watched = True
                self._started.notify()
        return lease

    def _take(self) -> Worker:
        while True:
            with self._lock:
                worker = self.idle.pop() if self.idle else None
            if worker is None:
                return self._fork()
            if worker.is_alive():
                return worker
            worker.close()

    def _end(self, lease: Lease, *, clean: bool) -> None:
        if lease.caller:
            lease.caller.enter(None)
        with self._lock:
            self._leases.discard(lease)
            as_new = clean and lease.has_place and not lease.verdict and not self._closed
            if as_new:
                self.idle.append(lease.worker)
            else:
                self._worked_by_gone += lease.worker.worked() or lease.worked
                lease.worker.kill()
                lease.worker.close()
            self._leave_lane(lease)
        if not as_new:
            self._refill()

    def _leave_lane(self, lease: Lease) -> None:
        if lease.lane == "quick":
            self._give_place_back(lease)
        elif lease.lane == "waiting":
            self._waiting.remove(lease)
        elif self._waiting:
            next_one = self._waiting.popleft()
            self._move(next_one, "slow")
            next_one.worker.resume()
        else:
            self._slow_free += 1

    def _refill(self) -> None:
        """Fork a worker where one is missing."""
        with self._lock:
            missing = self.limits.quick + 1 - len(self.idle) - sum(lease.has_place for lease in self._leases)
        if missing > 0 and not self._closed:
            with suppress(QueryBusyError):  # whoever needs the worker forks it
                worker = self._fork()
                with self._lock:
                    self.idle.insert(0, worker)

    def _fork(self) -> Worker:
        try:
            return self._template.fork()
        except (EOFError, OSError) as error:  # another template was started, and that one has ended too
            _log.error("no query worker can be started: %s", str(error) or "the process that forks them has ended")
            raise QueryBusyError(
                "No query worker can be started.", _LATER, "quick_workers", self.limits.quick
            ) from error

    def _watch(self) -> None:
        """Move leases on when their time in a lane is over."""
        busy_at = 0.0
        while not self._closed:
            with self._lock:
                now = time.monotonic()
                moved = [lease for lease in self._leases if self._look_at(lease, now)]
                busy_at = now if self._leases else busy_at
                if now - busy_at > _LINGER:
                    self._watched = False
                    self._started.wait_for(lambda: self._watched or self._closed)
            if moved:
                self._refill()
            time.sleep(_TICK)

    def _look_at(self, lease: Lease, now: float) -> bool:
        """Do what is due with a lease; tell whether it has left the quick lane, which is one worker short now."""
        if lease.verdict:
            return False
        lease.worked = lease.worker.worked() or lease.worked
        if now - lease.started >= lease.seconds + _GRACE:
            self._kill(lease, "time")
        elif lease.lane == "waiting" and now - lease.moved >= self.limits.wait:
            self._kill(lease, "busy")
        elif lease.lane == "quick" and self._is_slow(lease, now):
            self._leave_quick_lane(lease)
            return True
        elif lease.has_place and self._is_in_the_way(lease):
            lease.worker.step_aside()
            self._give_place_back(lease)
            return True
        return False

    def _is_slow(self, lease: Lease, now: float) -> bool:
        """Tell whether a query has had its first moment: of a processor, since it is not slow for having to wait.

        What waits for something else, such as a client that takes its answer slowly, has it by the clock.
        """
        moment = self.limits.quick_seconds * (_HASTE if self._queued else 1)
        if self.limits.background or now - lease.moved < moment:
            return False
        worked = lease.worker.worked()
        if worked is None or lease.worked_before is None or not lease.worker.wants_processor():
            return True
        return worked - lease.worked_before >= moment

    def _is_in_the_way(self, lease: Lease) -> bool:
        """Tell whether a query has had enough of its first moment to leave its place to others, of whom there are some.

        It costs a worker, which cannot have its priority back.
        """
        if not self.limits.stand_back or self.limits.background or lease.worked_before is None:
            return False
        aside = sum(each.lane == "quick" and not each.has_place for each in self._leases)
        is_short = lease.worked - lease.worked_before < self.limits.quick_seconds * _SHORT
        return not is_short and (len(self._leases) > 1 or self._queued > 0) and aside < self.limits.queue

    def _give_place_back(self, lease: Lease) -> None:
        """Let others have a query's place in the quick lane, if it still has one."""
        if lease.has_place:
            lease.has_place = False
            self._free += 1
            self._freed.notify()

    def _leave_quick_lane(self, lease: Lease) -> None:
        self.counts["moved"] += 1
        self._give_place_back(lease)
        if self.limits.stand_back:
            lease.worker.stand_back()
        if self._slow_free:
            self._slow_free -= 1
            self._move(lease, "slow")
            return
        lease.worker.pause()
        self._move(lease, "waiting")
        self._waiting.append(lease)
        if len(self._waiting) > self.limits.queue:
            self._kill(lease, "busy")

    def _move(self, lease: Lease, lane: Literal["waiting", "slow"]) -> None:
        lease.lane, lease.moved = lane, time.monotonic()

    def _kill(self, lease: Lease, verdict: Verdict) -> None:
        if not lease.verdict:
            lease.verdict = verdict
            self.counts["killed"] += 1
            lease.worker.kill()
