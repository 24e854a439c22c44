"""The graph for programs in Python: rows that `pandas.DataFrame` takes as they are.

graph      what may be asked
source     where the answers come from: a store on this machine, or one elsewhere
finding    which claims and events fit
entities   who or what a name means
values     terms of RDF as values of Python

How to use it: docs/python.md.
"""

from kg.client.entities import Entity
from kg.client.graph import Graph
from kg.client.values import Rows

__all__ = ["Entity", "Graph", "Rows"]
