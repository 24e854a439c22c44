"""What has changed in a store since its derived graphs were last brought up to date."""

from dataclasses import dataclass, field

from pyoxigraph import NamedNode, Quad

from kg.vocab import DCTERMS

_REFERENCES = DCTERMS.term("references")

MOST = 500
"""Changed articles from which on everything is derived anew: what they held before would take too much memory."""


@dataclass(slots=True)
class Changes:
    """The graphs that have changed, as they were before, and the entities that are described anew."""

    before: dict[NamedNode, list[Quad]] = field(default_factory=dict)
    """Graph of an article to its quads; none for a new article."""
    described: set[NamedNode] = field(default_factory=set)

    def note(self, graph: NamedNode, quads: list[Quad]) -> None:
        """Keep what a graph held before it is changed for the first time, as long as somebody will ask for it."""
        self.before.setdefault(graph, [] if self.too_many else quads)

    @property
    def too_many(self) -> bool:
        """Whether it is better to derive everything."""
        return len(self.before) > MOST

    def referred(self) -> set[NamedNode]:
        """Return the entities that the changed articles referred to before."""
        quads = (quad for before in self.before.values() for quad in before if quad.predicate == _REFERENCES)
        return {quad.object for quad in quads if isinstance(quad.object, NamedNode)}
