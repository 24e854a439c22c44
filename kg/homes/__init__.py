"""Where a store is, as its writer sees it.

interface   what the writer asks of it
folder      a folder of this machine
elsewhere   a store of another maker, over the SPARQL protocols
mirror      a store with a copy of it
indexing    the index of words beside either
readers     processes that read a large store for it
"""

from kg.homes.elsewhere import RemoteHome
from kg.homes.folder import FolderHome
from kg.homes.indexing import folder_of_index, index_published
from kg.homes.interface import Home
from kg.remote import Endpoint, Location

__all__ = ["FolderHome", "Home", "RemoteHome", "folder_of_index", "index_published", "open_home"]


def open_home(location: Location, base_iri: str, rules: str, *, create: bool) -> Home:
    """Open a store for writing; arguments and errors as those of `kg.store.Writer`, `rules` those that hold now."""
    if isinstance(location, Endpoint):
        return RemoteHome(location, base_iri, rules, create=create)
    return FolderHome(location, base_iri, rules, create=create)
