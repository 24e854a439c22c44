"""What a store elsewhere says of itself: the base IRI of its data, how often it was published, and by which rules.

It stands in a graph of its own, `BASE graph/publication`, in place of the files beside a database in a folder.
"""

import threading
import time
from dataclasses import dataclass

import pyoxigraph as ox

from kg.errors import StoreError
from kg.remote.endpoint import Endpoint
from kg.remote.store import RemoteStore
from kg.settings import Settings
from kg.vocab import DCTERMS, SCHEMA, VOID, Minter, content_hash, is_publication

FRESH_SECONDS = 1.0
"""How long the name of a publication is taken to be the current one."""

_SPACE, _NUMBER, _RULES = VOID.term("uriSpace"), SCHEMA.term("version"), DCTERMS.term("conformsTo")
_PATTERN = f"?graph {_SPACE} ?space ; {_NUMBER} ?number . OPTIONAL {{ ?graph {_RULES} ?rules }}"


@dataclass(frozen=True, slots=True)
class Publication:
    """What was published last."""

    base_iri: str
    number: int
    """0 where nothing was published yet."""
    rules: str
    """Which rules the derived graphs follow from; empty while they are out of date."""


def read_publications(store: RemoteStore) -> list[Publication]:
    """Return what was published in a store, by base IRI; none where it has no graph of ours.

    Raises:
        StoreError: it does not answer, or its default graph is not the union of all graphs.
    """
    found = _read(store, _PATTERN)
    if not found and _read(store, f"GRAPH ?graph {{ {_PATTERN} }}"):
        raise StoreError(
            f"The default graph of {store.endpoint} is not the union of its graphs.",
            "Set the store up so that it is (docs/other-stores.md).",
        )
    return found


def find_publication(store: RemoteStore, base_iri: str) -> Publication | None:
    """Return what was published of the data with a base IRI; errors as `read_publications`."""
    return next((each for each in read_publications(store) if each.base_iri == base_iri), None)


def choose_publication(store: RemoteStore, settings: Settings) -> Publication | None:
    """Return what was published in a store: the only one, or that whose base IRI the settings have; None if none was.

    Raises:
        StoreError: there are several others, or as `read_publications`.
    """
    found = read_publications(store)
    mine = [each for each in found if each.base_iri == settings.base_iri]
    if len(found) > 1 and not mine:
        bases = ", ".join(each.base_iri for each in found)
        raise StoreError(f"{store.endpoint} has several graphs: {bases}.", "Set LAGEBILD_BASE_IRI to one of them.")
    return next(iter(mine or found), None)


def require_publication(store: RemoteStore, settings: Settings) -> Publication:
    """Do as `choose_publication`; that nothing was published is an error too."""
    found = choose_publication(store, settings)
    if found is None or not found.number:
        raise StoreError(f"There is no graph in {store.endpoint}.", "Build one with `kg build`.")
    return found


def write_publication(store: RemoteStore, publication: Publication) -> None:
    """Say what is published, in one update."""
    mint = Minter(publication.base_iri)
    graph = mint.publication_graph
    said = [f'{_SPACE} "{publication.base_iri}id/"', f"{_NUMBER} {publication.number}"]
    if publication.rules:
        said.append(f"{_RULES} {ox.Literal(publication.rules)}")
    store.update(f"DROP SILENT GRAPH {graph} ; INSERT DATA {{ GRAPH {graph} {{ {graph} {' ; '.join(said)} }} }}")


class _Names:
    """The names of the current publications, asked for at most once in a while. Threads may share it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._known: dict[Endpoint, tuple[float, str]] = {}

    def get(self, endpoint: Endpoint) -> str:
        with self._lock:
            asked, name = self._known.get(endpoint, (-FRESH_SECONDS, ""))
            if time.monotonic() - asked >= FRESH_SECONDS:
                name = _name(endpoint)
                self._known[endpoint] = time.monotonic(), name
            return name


_names = _Names()


def name_publication(endpoint: Endpoint) -> str:
    """Name what is published in a store, as `kg.snapshots.name_snapshot` names a snapshot.

    Raises:
        StoreError: nothing is, or the store does not answer.
    """
    return _names.get(endpoint)


def _name(endpoint: Endpoint) -> str:
    settings = Settings.from_environment()
    store = RemoteStore(endpoint, settings)
    try:
        current = require_publication(store, settings)
    finally:
        store.close()
    return f"{current.number}-{content_hash([endpoint.query, current.base_iri])}"


def _read(store: RemoteStore, pattern: str) -> list[Publication]:
    rows = store.select(f"SELECT DISTINCT ?graph ?space ?number ?rules WHERE {{ {pattern} }} ORDER BY ?graph")
    return [
        Publication(
            row["space"].value.removesuffix("id/"), int(row["number"].value), row["rules"].value if row["rules"] else ""
        )
        for row in rows
        if is_publication(str(row["graph"].value))
    ]
