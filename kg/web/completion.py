"""What the query editor completes: prefixes, classes, properties and fixed values by `/sparql/terms`, and things by
their names, `/sparql/entities?q=…`.

Both answer in the language of the page, from the current snapshot.
"""

import json
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from flask import Blueprint, Response, request

from kg.errors import QueryError
from kg.folding import LONGEST
from kg.fulltext.asking import Wanted
from kg.vocab import LB, prefix_map
from kg.web.choosing import current_snapshot, index
from kg.web.context import current_graph, language, last_part, of_snapshot
from kg.web.graph import Graph
from kg.web.terms import define_term, load_terms, name_term

MOST_THINGS = 20

blueprint = Blueprint("completion", __name__)


class Offer(NamedTuple):
    """Something that the editor may put into a query."""

    iri: str
    label: str
    kind: str
    """`class`, `property`, `concept`, or the name of a thing's type."""
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
    query = request.args.get("q", "")[:LONGEST]
    found = index().find("entity", Wanted(query), current_snapshot(), MOST_THINGS) if query.strip() else []
    offers = [Offer(hit.iri, hit.label(language()), hit.type, name_term(hit.type, language())) for hit in found]
    return _as_json({"entities": [offer._asdict() for offer in offers]})


def offer_terms() -> Iterator[Offer]:
    """Yield the terms of the ontology, and the foreign ones that the graph uses."""
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


def _count_uses(graph: Graph, query: str) -> dict[str, int]:
    """Return how often each term is used; nothing where the graph is too large to count that in time."""
    try:
        rows = graph.select(query)
    except QueryError:
        return {}
    return {row["term"].value: int(row["uses"].value) for row in rows if row["term"].kind == "uri"}


def _as_json(content: Mapping[str, object]) -> Response:
    return Response(json.dumps(content, ensure_ascii=False), content_type="application/json")
