"""People's corrections as the pages show them: who corrected what, when and why."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode, Triple

from kg.curation.corrections import Correction, read_corrections
from kg.web.graph import Graph, Term


@dataclass(frozen=True, slots=True)
class Shown:
    """A correction with its own IRI."""

    iri: str
    says: Correction

    def iris(self) -> Iterator[str]:
        """Yield the IRIs that a page needs names for."""
        says = self.says
        yield from filter(None, (says.target, says.read_as, says.meant, *says.fillers, *says.others))


def read_shown(graph: Graph, iris: Iterable[str]) -> list[Shown]:
    """Read corrections, the newest first; what is none is left out."""
    triples = [
        Triple(NamedNode(row["this"].value), NamedNode(row["property"].value), _term(row["value"]))
        for row in graph.select_each("properties", "this", iris)
    ]
    return [Shown(one.iri(graph.base_iri), one) for one in reversed(read_corrections(triples))]


def iris_of(shown: Iterable[Shown]) -> list[str]:
    """Return the IRIs that a list of corrections needs names for."""
    return [iri for one in shown for iri in one.iris()]


def _term(term: Term) -> NamedNode | Literal:
    if term.kind == "uri":
        return NamedNode(term.value)
    return Literal(term.value, language=term.language) if term.language else Literal(term.value)
