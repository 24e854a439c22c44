"""What the query editor completes.

`/sparql/terms` offers prefixes, classes, properties, fixed values and named graphs, `/sparql/entities?q=…` things by
their names, `/sparql/graphs?q=…` the graphs of articles by their titles. All answer in the language of the page, from
the current snapshot.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from flask import Blueprint, Response, request

from kg.errors import QueryError
from kg.folding import LONGEST
from kg.fulltext.asking import Hit, Wanted
from kg.fulltext.documents import Kind
from kg.vocab import LB, Minter, prefix_map
from kg.web.choosing import current_snapshot, index
from kg.web.context import base_iri, current_graph, language, last_part, of_snapshot
from kg.web.graph import Graph, Row
from kg.web.i18n import section, translate
from kg.web.terms import define_term, load_terms, name_term

MOST_THINGS = 20
MOST_GRAPHS = 100

blueprint = Blueprint("completion", __name__)


class Offer(NamedTuple):
    """Something that the editor may put into a query."""

    iri: str
    label: str
    kind: str
    """`class`, `property`, `concept`, `graph`, or the name of a thing's type."""
    description: str = ""
    uses: int = 0
    """How often the graph uses it."""


@blueprint.get("/sparql/terms")
@of_snapshot
def terms() -> Response:
    """Offer the prefixes, and the terms that the graph uses or the ontology defines, the most used first."""
    offers = sorted(offer_terms(), key=lambda offer: (-offer.uses, offer.iri))
    return _as_json({"prefixes": prefix_map(), "terms": [offer._asdict() for offer in offers]})


@blueprint.get("/sparql/entities")
@of_snapshot
def entities() -> Response:
    """Offer the things that fit `?q=`, the beginnings of words of their names."""
    spoken = language()
    offers = [Offer(hit.iri, hit.label(spoken), hit.type, name_term(hit.type, spoken)) for hit in _find("entity")]
    return _as_json({"entities": [offer._asdict() for offer in offers]})


@blueprint.get("/sparql/graphs")
@of_snapshot
def graphs() -> Response:
    """Offer the named graphs of the articles that fit `?q=`, words of their titles."""
    mint, spoken = Minter(base_iri()), language()
    stems = ((hit, hit.iri.removeprefix(mint.article("").value)) for hit in _find("article"))
    offers = [Offer(mint.article_graph(stem).value, hit.label(spoken) or stem, "graph", hit.day) for hit, stem in stems]
    return _as_json({"graphs": [offer._asdict() for offer in offers]})


def _find(kind: Kind) -> Sequence[Hit]:
    query = request.args.get("q", "")[:LONGEST]
    return index().find(kind, Wanted(query), current_snapshot(), MOST_THINGS) if query.strip() else ()


def offer_terms() -> Iterator[Offer]:
    """Yield the terms of the ontology, the foreign ones that the graph uses, and the graphs that are no article's."""
    graph = current_graph()
    kinds = {"class": _count_uses(graph, "used-classes"), "property": _count_uses(graph, "used-properties")}
    spoken = language()
    for term in load_terms().values():
        iri = LB.iri + term.name
        kind = {"classes": "class", "properties": "property"}.get(term.kind, "concept")
        uses = kinds[kind].pop(iri, 0) if kind in kinds else 0
        yield Offer(iri, name_term(term.name, spoken), kind, define_term(term.name, spoken), uses)
    for kind, counts in kinds.items():
        for iri, uses in counts.items():
            yield Offer(iri, last_part(iri), kind, "", uses)
    yield from _offer_graphs(graph)


def _offer_graphs(graph: Graph) -> Iterator[Offer]:
    own, named = f"{base_iri()}graph/", section("graphs")
    for row in _select(graph, "other-graphs", limit=MOST_GRAPHS, articles=f"{own}article/"):
        iri = row["graph"].value
        name = iri.removeprefix(own)
        yield Offer(iri, translate(language(), f"graphs.{name}") if name in named else last_part(iri), "graph")


def _count_uses(graph: Graph, query: str) -> dict[str, int]:
    """Return how often each term is used."""
    rows = _select(graph, query)
    return {row["term"].value: int(row["uses"].value) for row in rows if row["term"].kind == "uri"}


def _select(graph: Graph, query: str, limit: int | None = None, articles: str | None = None) -> list[Row]:
    """Return the rows of a query; nothing where the graph is too large to answer it in time."""
    try:
        return graph.select(query, limit=limit, articles=articles)
    except QueryError:
        return []


def _as_json(content: Mapping[str, object]) -> Response:
    return Response(json.dumps(content, ensure_ascii=False), content_type="application/json")
