"""Pages of the corrections: all of them, one, and an entity that is another one."""

from collections.abc import Iterable

from flask import Blueprint, Response

from kg.model import ENTITY_TYPES
from kg.web.context import Names, base_iri, current_graph, names_for, of_snapshot, page, page_number
from kg.web.corrections import Shown, iris_of, read_shown
from kg.web.graph import load
from kg.web.listqueries import link_to
from kg.web.records import read_claims

PAGE_SIZE = 50
MOST_CLAIMS = 60

blueprint = Blueprint("curation", __name__)


@blueprint.get("/corrections")
@of_snapshot
def index() -> Response:
    """List all corrections, the newest first."""
    number = page_number()
    rows = current_graph().select("corrections", limit=PAGE_SIZE + 1, offset=PAGE_SIZE * (number - 1))
    shown = read_shown(current_graph(), [row["this"].value for row in rows[:PAGE_SIZE]])
    return page(
        "corrections.html",
        shown=shown,
        name=_names(iris_of(shown)),
        page_no=number,
        has_more=len(rows) > PAGE_SIZE,
        query_link=link_to(load("corrections")),
        table_link=link_to(load("corrections"), "csv"),
    )


def show(iri: str, key: str) -> Response:
    """Show one correction and what it has changed."""
    graph = current_graph()
    shown = read_shown(graph, [iri])[0]
    changed = [row["changed"].value for row in graph.select("correction-effects", this=iri)]
    kinds = tuple(f"{base_iri()}id/{name.lower()}/" for name in ENTITY_TYPES)
    claims = read_claims(graph, changed[:MOST_CLAIMS])
    entities = [thing for thing in changed if thing.startswith(kinds)]
    return page(
        "correction.html",
        key=key,
        shown=shown,
        changed=changed,
        claims=claims,
        entities=entities,
        mentions=sum("#char=" in thing for thing in changed),
        name=_names([*shown.iris(), *entities, *(i for claim in claims for i in claim.iris())]),
    )


def show_merged(iri: str, key: str, into: str) -> Response:
    """Show that an entity is another one."""
    shown = of_things([iri])
    return page("merged.html", key=key, iri=iri, into=into, shown=shown, name=names_for([iri, into, *iris_of(shown)]))


def of_things(iris: Iterable[str]) -> list[Shown]:
    """Return the corrections that have made some things what they are, or that reject them, the newest first."""
    graph = current_graph()
    return read_shown(graph, {row["correction"].value for row in graph.select_each("corrections-of", "this", iris)})


def of_article(iri: str) -> list[Shown]:
    """Return the corrections of what was read from an article, the newest first."""
    graph = current_graph()
    return read_shown(graph, [row["correction"].value for row in graph.select("corrections-of-article", this=iri)])


def _names(iris: Iterable[str]) -> Names:
    """Look up names; what has none, such as a claim, is called by what follows `BASE id/`."""
    wanted = set(iris)
    found = names_for(wanted)
    keys = {iri: {found.language: iri.removeprefix(f"{base_iri()}id/")} for iri in wanted - found.labels.keys()}
    return Names({**found.labels, **keys}, found.language)
