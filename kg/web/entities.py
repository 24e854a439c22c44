"""Pages of single things: /page/…."""

from collections import Counter
from collections.abc import Iterable, Sequence
from contextlib import suppress

from flask import Blueprint, Response

from kg.errors import IndexNotReadyError
from kg.fulltext.asking import Wanted
from kg.model import ENTITY_TYPES
from kg.vocab import OWL, RDF, RDFS, SCHEMA, SKOS, WGS84
from kg.web import articles, curation
from kg.web.activity import read_activity
from kg.web.choosing import current_snapshot, index
from kg.web.columns import draw_columns
from kg.web.context import Names, current_graph, key_of, language, names_for, of_snapshot, page, page_number
from kg.web.corrections import iris_of
from kg.web.dereference import read_thing
from kg.web.differences import find_differences, gather_figures
from kg.web.graph import Row, Term, ask_about, local_name
from kg.web.groups import Group, read_groups
from kg.web.linkheaders import link_page
from kg.web.placemap import map_claims
from kg.web.records import as_event, claims_by_event, read_claims
from kg.web.scales import Scale, make_scale
from kg.web.sentences import mark_sentences
from kg.web.site import PAGE_SIZE
from kg.web.structured import describe_claim, describe_entity, describe_event
from kg.web.ties import MOST_TIES, draw_spokes

TYPE = RDF.iri + "type"
MOST_RELATED = 60
FIRST_RELATED = 15
"""Of these so many are seen at once: those that are mentioned most."""
MOST_ARTICLES = 25
_CASE_ENDINGS = frozenset({"", "s", "es", "n", "en", "'", "’"})
"""What a German name may have at its end in another case, or nothing."""

Values = dict[str, list[Term]]

blueprint = Blueprint("entities", __name__)


@blueprint.get("/page/<path:key>")
@of_snapshot
def show(key: str) -> Response:
    """Show the page of a thing."""
    iri, values = read_thing(key)
    classes = {local_name(term.value) for term in values.get(TYPE, ())}
    if "Article" in classes:
        response = articles.show(iri, key, values)
    elif "Claim" in classes:
        response = _show_claim(iri, key)
    elif "Correction" in classes:
        response = curation.show(iri, key)
    elif "mergedInto" in values:
        response = curation.show_merged(iri, key, values["mergedInto"][0].value)
    elif classes.isdisjoint(ENTITY_TYPES):
        response = _show_event(iri, key, values)
    else:
        response = _show_entity(iri, key, values, next(name for name in ENTITY_TYPES if name in classes))
    link_page(response, key, [term.value for term in values.get(TYPE, ())])
    return response


def _show_claim(iri: str, key: str) -> Response:
    graph = current_graph()
    claim, *copies = read_claims(graph, [iri, f"{iri}/corrected"])
    events = [claim.event] if claim.event else []  # a claim that no longer counts is about none
    others = [other for found in claims_by_event(graph, events).values() for other in found if other.iri != iri]
    names = names_for([*claim.iris(), *(i for other in others for i in other.iris())])
    return page(
        "claim.html",
        key=key,
        described=describe_claim(claim, names),
        claim=claim,
        sentences=mark_sentences(graph, [claim])[iri],
        revision=copies[0].iri if copies else "",
        others=others,
        name=names,
    )


def _show_event(iri: str, key: str, values: Values) -> Response:
    event = as_event(iri, values)
    if not event:
        return _show_plain(iri, key, values)
    graph, number = current_graph(), page_number()
    rows = graph.select("event-claims", event=iri, limit=PAGE_SIZE + 1, offset=PAGE_SIZE * (number - 1))
    claims = read_claims(graph, [row["claim"].value for row in rows[:PAGE_SIZE]])
    names = names_for([iri, *event.iris(), *(i for claim in claims for i in claim.iris())])
    return page(
        "event.html",
        key=key,
        described=describe_event(event, names, claims),
        event=event,
        claims=claims,
        sentences=mark_sentences(graph, claims),
        differences=find_differences(claims),
        standings=gather_figures(claims) if len(rows) <= PAGE_SIZE and number == 1 else {},
        scale=make_scale(claims) or make_scale(claims, "quantity"),
        query=ask_about("event-claims", "event", iri),
        name=names,
        page_no=number,
        has_more=len(rows) > PAGE_SIZE,
    )


def _show_plain(iri: str, key: str, values: Values) -> Response:
    """Show the bare statements about a thing that has no page of its own kind, such as an office."""
    iris = [term.value for terms in values.values() for term in terms if term.kind == "uri"]
    return page("plain.html", key=key, iri=iri, values=values, name=names_for([iri, *iris]))


def _show_entity(iri: str, key: str, values: Values, kind: str) -> Response:
    graph = current_graph()
    activity = read_activity(iri)
    groups, filtered, has_more = read_groups(activity)
    offices = graph.select("entity-positions", this=iri, limit=30) if kind == "Person" else []
    related = _related(iri, kind)
    found = articles.read_listed(activity.mentions(MOST_ARTICLES + 1))
    summit = as_event(iri, values) if kind == "Summit" else None
    corrections = curation.of_things([iri])
    ties = [] if filtered else activity.ties(MOST_TIES)
    iris = [
        *iris_of(corrections),
        *(tie.other for tie in ties),
        *(iri for group in groups for claim in group.claims for iri in claim.iris()),
        *(row["of"].value for row in offices if "of" in row),
        *related,
        *(term.value for name in ("country", "capital") for term in values.get(name, ())),
        *(summit.iris() if summit else ()),
    ]
    names = names_for([iri, *iris])
    apart = tell_apart(related, names)
    return page(
        "entity.html",
        key=key,
        described=describe_entity(iri, kind, values, names),
        iri=iri,
        kind=kind,
        name=names,
        aliases=other_names(values),
        facts=_facts(values),
        links=_links(iri) if OWL.iri + "sameAs" in values else {},
        offices=_offices(offices),
        related=[pair for pair in apart if pair[0] in related[:FIRST_RELATED]],
        less_related=[pair for pair in apart if pair[0] not in related[:FIRST_RELATED]],
        groups=groups,
        columns=[] if filtered else draw_columns(activity.months()),
        map=map_claims(graph, (claim for group in groups for claim in group.claims), iri, names),
        spokes=draw_spokes(ties, names),
        scales=_scales(groups),
        query=ask_about("entity-claims", "this", iri),
        kinds=_by_type(groups),
        filtered=filtered,
        page_no=page_number(),
        has_more=has_more,
        articles=found,
        summit=summit,
        corrections=corrections,
    )


def _related(iri: str, kind: str) -> list[str]:
    """Return what belongs to a country, those first that are mentioned most, or what an entity is the capital of."""
    if kind == "Country":
        with suppress(IndexNotReadyError):
            wanted = Wanted(country=key_of(iri).removeprefix("country/"))
            hits = index().find("entity", wanted, current_snapshot(), MOST_RELATED + 1)
            return [hit.iri for hit in hits if hit.iri != iri][:MOST_RELATED]
    rows = current_graph().select("entity-related", this=iri, limit=MOST_RELATED)
    return [row["other"].value for row in rows]


def tell_apart(iris: Sequence[str], name: Names) -> list[tuple[str, str]]:
    """Return things by name, each with its class where another has the same name: the Kremlin is a body and a place."""
    shared = {called for called, count in Counter(map(name, iris)).items() if count > 1}
    return [
        (iri, key_of(iri).partition("/")[0].capitalize() if name(iri) in shared else "")
        for iri in sorted(iris, key=lambda iri: (name(iri).casefold(), iri))
    ]


def _links(iri: str) -> dict[str, tuple[str, str]]:
    """Return what a service, and no reference data, says that an entity is, with the link and its day."""
    rows = current_graph().select("entity-links", this=iri)
    return {row["other"].value: (row["link"].value, row["day"].value) for row in rows}


def _scales(groups: Sequence[Group]) -> dict[str, Scale | None]:
    """Return an axis for the forces of each type of event."""
    return {
        kind: make_scale(claim for group in same for claim in group.claims) for kind, same in _by_type(groups).items()
    }


def _by_type(groups: Sequence[Group]) -> dict[str, list[Group]]:
    kinds: dict[str, list[Group]] = {}
    for group in groups:
        kinds.setdefault(group.type, []).append(group)
    return kinds


def _offices(rows: Sequence[Row]) -> list[tuple[Term, list[str]]]:
    """Return each office's title with the IRIs of what it belongs to, the most often stated first.

    The title is in the language of the page where it is known in it, else in German.
    """
    offices: dict[Term, list[str]] = {}
    for row in rows:
        title = row["english"] if language() == "en" and "english" in row else row["title"]
        bodies = offices.setdefault(title, [])
        if "of" in row and row["of"].value not in bodies:  # two titles may be one in English
            bodies.append(row["of"].value)
    return list(offices.items())


def other_names(values: Values) -> list[str]:
    """Return the other names of an entity, of those that differ in capitals only one, in the order of the alphabet.

    Those that are a name of it in another case ("Russlands") are left out.
    """
    labels = {term.value for term in values.get(RDFS.iri + "label", ())}
    names = labels | {term.value for term in values.get(SKOS.iri + "altLabel", ())}
    known = {name.lower() for name in labels}
    others = {name.lower(): name for name in sorted(names) if not _is_inflected(name, names)}
    return sorted((others[lower] for lower in others.keys() - known), key=lambda name: (name.casefold(), name))


def _is_inflected(name: str, names: Iterable[str]) -> bool:
    """Tell whether a name is another one with German case endings: "Nato-Gipfels in Vilnius"."""
    words = name.casefold().split()
    others = (other.casefold().split() for other in names if other != name)
    return any(
        words != other
        and len(words) == len(other)
        and all(
            word.startswith(bare) and word[len(bare) :] in _CASE_ENDINGS
            for word, bare in zip(words, other, strict=True)
        )
        for other in others
    )


def _in_language(terms: Sequence[Term]) -> Sequence[Term]:
    """Return the terms in the language of the page, or all where none is."""
    return [term for term in terms if term.language == language()] or terms


def _facts(values: Values) -> dict[str, list[str]]:
    """Return what the page shows in its box of facts: key of the message to values."""
    wanted = {
        "same_as": OWL.iri + "sameAs",
        "iso": "isoCode",
        "country": "country",
        "capital": "capital",
        "series": "series",
        "lat": WGS84.iri + "lat",
        "long": WGS84.iri + "long",
    }
    facts = {key: [term.value for term in _in_language(values.get(name, ()))] for key, name in wanted.items()}
    is_medium = any(term.value == SCHEMA.iri + "NewsMediaOrganization" for term in values.get(TYPE, ()))
    return {**facts, "medium": ["yes"] if is_medium else []}
