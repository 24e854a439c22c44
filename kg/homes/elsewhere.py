"""A store elsewhere as the writer sees it: what stands in for a folder's lock, marks and snapshots."""

from collections.abc import Iterable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace

import pyoxigraph as ox

from kg.errors import StoreError
from kg.homes.indexing import folder_of_index, index
from kg.homes.interface import DeriveFrom
from kg.remote import Endpoint, QuadStore, RemoteStore
from kg.remote.publication import Publication, find_publication, write_publication
from kg.settings import Settings


class RemoteHome:
    """Where readers see an article as soon as it is written, and its events once they are published.

    That one process writes at a time is for those who run it to see to: SPARQL has no locks.
    """

    def __init__(self, endpoint: Endpoint, base_iri: str, rules: str, *, create: bool) -> None:
        """Connect to the store; `rules` are those by which graphs are derived now.

        Raises:
            StoreError: it does not answer or may not be written to, has no graph of ours and none is to be made, or its
                default graph is not the union of all.
        """
        self._remote = RemoteStore(endpoint, Settings.from_environment(), base_iri)
        self.store: QuadStore = self._remote
        self._rules = rules
        found = find_publication(self._remote, base_iri)
        if found is None:
            if not create:
                raise StoreError(f"There is no graph of ours in {endpoint}.", "Build one with `kg build`.")
            write_publication(self._remote, Publication(base_iri, 0, ""))
            found = find_publication(self._remote, base_iri)
        if found is None:
            raise StoreError(f"{endpoint} does not keep what is written to it.", "Look at its settings.")
        self._published = found
        self.is_derived = found.rules == rules

    def open_for_change(self) -> QuadStore:
        """Return the store."""
        return self.store

    def explained(self) -> AbstractContextManager[None]:
        """Errors of a store elsewhere explain themselves."""
        return nullcontext()

    def mark_changed(self) -> None:
        """See to it that the next writer derives everything, should this one not come to publish."""
        if self._published.rules:
            self._say(replace(self._published, rules=""))

    def write(self, quads: bytes) -> None:
        """Write the graphs of new articles, as N-Quads, each whole in one request."""
        self._remote.extend(ox.parse(quads, format=ox.RdfFormat.N_QUADS, lenient=True))

    def bring_up_to_date(self, derive: DeriveFrom, *, is_due: bool) -> set[str] | None:
        """Derive what is due; graphs of others in the same store are seen by the rules."""
        return derive(self._remote) if is_due else set()

    def publish(self, removed: Iterable[str], touched: set[str] | None) -> None:  # what is removed leaves no trace
        """Index what has changed on this machine, and tell readers that what they have read is out of date."""
        number, base = self._published.number + 1, self._published.base_iri
        index(folder_of_index(self._remote.endpoint, base), self._remote, base, number, touched)
        self._say(replace(self._published, number=number, rules=self._rules))

    def close(self) -> None:
        """Close the connections."""
        self._remote.close()

    def _say(self, publication: Publication) -> None:
        write_publication(self._remote, publication)
        self._published = publication
