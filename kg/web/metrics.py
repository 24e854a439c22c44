"""What a Prometheus server may ask: requests, query workers, cache and snapshot, at /metrics."""

import time
from collections.abc import Iterator
from pathlib import Path

from prometheus_client import CollectorRegistry, Histogram, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from kg.web.cache import ResponseCache
from kg.web.visits import Record
from kg.workers import OUTCOMES, Supervisor

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0)
"""Seconds; from a cached answer to the longest query."""
_KINDS = {
    "": "page",
    "sparql": "sparql",
    "graphs": "graphs",
    "articles": "page",
    "page": "page",
    "data": "data",
    "id": "data",
    "static": "static",
    "health": "probe",
    "ready": "probe",
    "metrics": "probe",
}
"""First part of a path to the kind of request; others are `page` too, so that strangers' paths make no new kinds."""


class Metrics:
    """The figures of one process."""

    def __init__(self, supervisor: Supervisor, cache: ResponseCache) -> None:
        self._registry = CollectorRegistry()
        self._requests = Histogram(
            "lagebild_request_seconds",
            "Time from a request to the end of its answer",
            ["kind", "status", "cached"],
            buckets=BUCKETS,
            registry=self._registry,
        )
        self._known: dict[tuple[str, str, str], Histogram] = {}
        self._registry.register(_State(supervisor, cache))

    def __call__(self, record: Record) -> None:
        """Count a request."""
        kind = _KINDS.get(record.target.partition("?")[0].partition("/")[2].partition("/")[0], "page")
        status = f"{record.status // 100}xx" if record.status else "none"
        key = kind, status, str(record.cached).lower()
        if key not in self._known:
            self._known[key] = self._requests.labels(*key)
        self._known[key].observe(record.seconds)

    def render(self) -> bytes:
        """Return all figures in Prometheus' text format."""
        return generate_latest(self._registry)


class _State(Collector):
    """Figures that are read when they are asked for."""

    def __init__(self, supervisor: Supervisor, cache: ResponseCache) -> None:
        self._supervisor = supervisor
        self._cache = cache

    def collect(self) -> Iterator[Metric]:
        jobs = CounterMetricFamily("lagebild_jobs", "Queries by how they ended", labels=["pool", "outcome"])
        workers = GaugeMetricFamily("lagebild_workers", "Workers by what they do", labels=["pool", "state"])
        events = CounterMetricFamily("lagebild_worker_events", "What happened to workers", labels=["pool", "event"])
        worked = CounterMetricFamily("lagebild_worker_cpu_seconds", "Processor time of all workers", labels=["pool"])
        for name, pool in self._supervisor.pools.items():
            for outcome in OUTCOMES:
                jobs.add_metric([name, outcome], pool.counts[outcome])
            for state, number in {**pool.lanes.usage, "idle": len(pool.lanes.idle)}.items():
                workers.add_metric([name, state], number)
            for event in ("moved", "killed"):
                events.add_metric([name, event], pool.lanes.counts[event])
            worked.add_metric([name], pool.lanes.worked)
        yield from (jobs, workers, events, worked)
        yield CounterMetricFamily("lagebild_cache_hits", "Requests answered from the cache", value=self._cache.hits)
        yield CounterMetricFamily("lagebild_cache_misses", "Requests that were not", value=self._cache.misses)
        yield GaugeMetricFamily("lagebild_cache_bytes", "Bytes in the cache", value=self._cache.size)
        if isinstance(self._supervisor.store_path, Path):
            yield from _snapshot_metrics(self._supervisor.store_path)


def _snapshot_metrics(store_path: Path) -> Iterator[Metric]:
    link = store_path / "current"
    try:
        number, made = int(link.readlink().name), link.lstat().st_mtime
    except (OSError, ValueError):
        return
    yield GaugeMetricFamily("lagebild_snapshot_number", "Number of the snapshot that is served", value=number)
    yield GaugeMetricFamily("lagebild_snapshot_age_seconds", "Time since it was published", value=time.time() - made)
    kept = sum(1 for entry in (store_path / "snapshots").iterdir() if entry.is_dir())
    yield GaugeMetricFamily("lagebild_snapshots_kept", "Snapshots on the disk", value=kept)
