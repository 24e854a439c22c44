"""Stores elsewhere: any store that speaks the SPARQL 1.1 protocols.

endpoint    where it is, and how a store is named on the command line
client      its protocols: Query, Update, Graph Store
body        an answer while it comes in
bindings    values in place of a query's variables
statements  statements on their way to it
interface   what a store has to be able to do, wherever it is
store       such a store, as the rest of the program uses it
publication what it says of itself

What differs from a store in a folder is in docs/other-stores.md.
"""

from kg.remote.endpoint import Endpoint, Location, locate, parse_location
from kg.remote.interface import QuadStore
from kg.remote.publication import choose_publication, name_publication
from kg.remote.statements import data
from kg.remote.store import RemoteStore, article_graphs, quads_about, replace_quads

__all__ = [
    "Endpoint",
    "Location",
    "QuadStore",
    "RemoteStore",
    "article_graphs",
    "choose_publication",
    "data",
    "locate",
    "name_publication",
    "parse_location",
    "quads_about",
    "replace_quads",
]
