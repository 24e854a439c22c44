"""Lists of the entities of a kind that articles mention, those in the most first; with `?country=…` of one country."""

from collections.abc import Mapping, Sequence
from contextlib import suppress

from flask import Blueprint, Response, abort
from pyoxigraph import NamedNode

from kg.errors import IndexNotReadyError, QueryTimeoutError
from kg.fulltext.asking import Wanted
from kg.vocab import LB
from kg.web.choosing import country_iri, current_snapshot, index, name_countries, read_wanted
from kg.web.context import current_graph, names_for, of_snapshot, page, page_number
from kg.web.graph import ask_about
from kg.web.listqueries import link_to
from kg.web.site import PAGE_SIZE

KINDS: Mapping[str, str] = {
    "people": "Person",
    "countries": "Country",
    "places": "Place",
    "organizations": "Organization",
    "summits": "Summit",
    "missions": "Mission",
}
"""Address of a list to the class of its entities."""
SIZE = 4 * PAGE_SIZE

blueprint = Blueprint("browse", __name__)


@blueprint.get("/browse/<kind>")
@of_snapshot
def browse(kind: str) -> Response:
    """List the entities of one kind."""
    if kind not in KINDS:
        abort(404)
    country = "" if kind == "countries" else read_wanted(()).country
    wanted, number = Wanted(type=KINDS[kind], country=country), page_number()
    rows, countries = _list(wanted, SIZE * (number - 1))
    query = ask_about("entity-list", "class", LB.iri + wanted.type)
    if country:
        query = query.replace("?this a ?class .", f"?this a ?class ; lb:country {NamedNode(country_iri(country))} .")
    return page(
        "browse.html",
        kind=kind,
        rows=rows[:SIZE],
        country=country,
        countries=[] if kind == "countries" else countries,
        name=names_for(iri for iri, _ in rows),
        page_no=number,
        has_more=len(rows) > SIZE,
        query_link=link_to(query),
        table_link=link_to(query, "csv"),
    )


def _list(wanted: Wanted, offset: int) -> tuple[Sequence[tuple[str, int]], Sequence[tuple[str, str, int]]]:
    """Return entities with how many articles mention them, one more than fits a page, and the countries to choose from.

    Of a store without an index the graph is asked, for all countries together.
    """
    with suppress(IndexNotReadyError, QueryTimeoutError):
        snapshot = current_snapshot()
        hits = index().find("entity", wanted, snapshot, SIZE + 1, offset, least=1)
        countries = name_countries(index().facets("entity", wanted, snapshot, least=1), wanted)
        return [(hit.iri, hit.weight) for hit in hits], countries
    found = {"class": LB.iri + wanted.type}
    rows = current_graph().select("entity-list", limit=SIZE + 1, offset=offset, **found)
    return [(row["this"].value, int(row["articles"].value)) for row in rows], []
