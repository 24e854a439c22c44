"""The index of words beside a store: in its folder, or for a store elsewhere in one of this machine."""

import os
from collections.abc import Iterable
from functools import partial
from pathlib import Path
from typing import cast

import pyoxigraph as ox

from kg.fulltext.documents import Documents
from kg.fulltext.updating import Publication, update_index
from kg.remote import Endpoint, Location, QuadStore, RemoteStore
from kg.remote.publication import require_publication
from kg.settings import Settings
from kg.vocab import content_hash


def folder_of_index(location: Location, base_iri: str) -> Path:
    """Return the folder in which the index of a store is.

    That of a store elsewhere is in the folder of the setting `store_index`, else in the user's for caches.
    """
    if isinstance(location, Path):
        return location
    caches = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "lagebild" / "stores"
    return Path(Settings.from_environment().store_index or caches) / content_hash([location.query, base_iri])


def documents_of(store: QuadStore, base_iri: str, *, sort: bool = False) -> Documents:
    """Return what is indexed of a store; with `sort`, in order: a database has one of its own, memory has none."""
    return Documents(partial(ask, store), base_iri, sort=sort)


def index_published(endpoint: Endpoint) -> Path:
    """Have the index on this machine know what was published last in a store elsewhere; return its folder.

    Raises:
        StoreError: nothing was published there, or it does not answer; the disk refuses.
    """
    settings = Settings.from_environment()
    remote = RemoteStore(endpoint, settings)
    try:
        published = require_publication(remote, settings)
        folder = folder_of_index(endpoint, published.base_iri)
        index(folder, remote, published.base_iri, published.number, None)
    finally:
        remote.close()
    return folder


def index(folder: Path, remote: RemoteStore, base_iri: str, number: int, touched: set[str] | None) -> None:
    """Have an index know a publication; the one before stays for those who still read it."""
    folder.mkdir(parents=True, exist_ok=True)
    update_index(folder, documents_of(remote, base_iri), Publication(number, number - 1, number - 1), touched)


def ask(store: QuadStore, query: str) -> Iterable[ox.QuerySolution]:
    """Run a SELECT query over the union of all graphs."""
    return cast("ox.QuerySolutions", store.query(query, use_default_graph_as_union=True))
