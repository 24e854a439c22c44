"""A small store, queries that take for ever, and what workers do with them."""

import json
import threading
import time
from contextlib import suppress
from pathlib import Path

import pyoxigraph as ox

from kg.errors import QueryError
from kg.settings import Settings
from kg.store import Writer
from kg.vocab import Minter
from kg.worker_jobs import Job
from kg.workers import Supervisor

SETTINGS = Settings(query_timeout=1.0, query_wait=0.3, query_memory_mb=1024, quick_workers=2, query_queue=8)
PREDICATE = ox.NamedNode("http://example.org/p")
COUNT = Job("SELECT (COUNT(*) AS ?n) WHERE { ?s ?p ?o }")
RUNAWAY = Job("SELECT (COUNT(*) AS ?n) WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }")
EVERYTHING = Job("SELECT * WHERE { ?s ?p ?o . ?a ?b ?c }")


def publish(path: Path, size: int) -> None:
    """Make `size` triples in two graphs the store's current snapshot."""
    mint = Minter("http://example.org/")
    with Writer(path, mint.base, lambda *_: None) as writer:
        for number, stem in enumerate(("even", "odd")):
            graph = mint.article_graph(stem)
            triples = (
                (ox.NamedNode(f"http://example.org/s{i}"), PREDICATE, ox.Literal(i)) for i in range(number, size, 2)
            )
            writer.replace_article(stem, [ox.Quad(*triple, graph) for triple in triples])
        writer.publish()


def start(supervisor: Supervisor, job: Job) -> threading.Thread:
    """Ask in another thread, and never mind the answer."""

    def ask() -> None:
        with suppress(QueryError):
            supervisor.queries.fetch(job)

    thread = threading.Thread(target=ask)
    thread.start()
    return thread


def wait_for_usage(supervisor: Supervisor, **expected: int) -> None:
    deadline = time.monotonic() + 20
    while not expected.items() <= supervisor.queries.lanes.usage.items():
        assert time.monotonic() < deadline, supervisor.queries.lanes.usage
        time.sleep(0.005)


def count(supervisor: Supervisor) -> int:
    _, body = supervisor.queries.fetch(COUNT)
    return int(json.loads(body)["results"]["bindings"][0]["n"]["value"])
