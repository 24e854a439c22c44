"""Where the answers come from: a snapshot of a store on this machine, or a store or server elsewhere."""

from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import Protocol

import pyoxigraph as ox

from kg.errors import StoreError
from kg.remote import Endpoint, QuadStore, RemoteStore
from kg.remote.interface import Results
from kg.settings import Settings
from kg.snapshots import number_of
from kg.store import base_iri_of, open_snapshot
from kg.vocab import LB
from kg.worker_jobs import Job
from kg.workers import Supervisor

_ANY_CLAIM = f"SELECT ?claim WHERE {{ ?claim <{LB.iri}eventType> ?type }} LIMIT 1"


class Source(Protocol):
    """What answers."""

    base_iri: str
    """Base of the IRIs of the data."""
    store: QuadStore
    """For questions of our own."""

    def ask(self, query: str) -> Results:
        """Ask a query of the user's, which may be anything."""

    def close(self) -> None:
        """Let it go."""


class LocalSource:
    """The newest snapshot that a store had when it was opened; it stays as it is while it is open."""

    def __init__(self, path: Path, settings: Settings) -> None:
        """Open it.

        Raises:
            StoreError: there is none.
        """
        with ExitStack() as stack:
            limits = replace(settings, query_workers=1, page_workers=0)
            self._workers = stack.enter_context(Supervisor(path, limits))
            self.base_iri = base_iri_of(path) or ""
            self._snapshot = self._workers.snapshot()
            self.store: QuadStore = stack.enter_context(open_snapshot(path, number_of(self._snapshot)))
            self._open = stack.pop_all()

    def ask(self, query: str) -> Results:
        """Ask in a worker process: a query that takes too long or too deep a turn ends that and not this one.

        Raises:
            QueryError: it cannot be read, or was stopped.
        """
        answer, body = self._workers.queries.fetch(Job(query, snapshot=self._snapshot))
        if answer.kind == "graph":
            return (quad.triple for quad in ox.parse(body, ox.RdfFormat.N_TRIPLES))
        return ox.parse_query_results(body, ox.QueryResultsFormat.JSON)

    def close(self) -> None:
        """Close the snapshot and end the workers."""
        self._open.close()


class RemoteSource:
    """A store or a server of ours elsewhere. What it holds may change from one question to the next."""

    def __init__(self, endpoint: Endpoint, settings: Settings) -> None:
        """Connect to it, and see which base its IRIs have.

        Raises:
            StoreError: it does not answer, or has no claims.
        """
        self._remote = RemoteStore(endpoint, settings)
        self.store: QuadStore = self._remote
        claim = next((str(row["claim"].value) for row in self._remote.select(_ANY_CLAIM)), "")
        self.base_iri, found, _ = claim.partition("id/claim/")
        if not found:
            raise StoreError(f"There are no claims at {endpoint}.", "Give the address of a graph of ours.")

    def ask(self, query: str) -> Results:
        """Ask a query; errors as `RemoteStore.query`."""
        return self._remote.query(query)

    def close(self) -> None:
        """Close the connections."""
        self._remote.close()
