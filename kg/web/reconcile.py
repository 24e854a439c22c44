"""The Reconciliation Service API at /reconcile: OpenRefine and others match their tables with our entities.

Version 0.2 of the W3C community report (https://www.w3.org/community/reports/reconciliation/CG-FINAL-specs-0.2-20230410/):
manifest, queries, suggest services, preview and data extension, by GET and by form. An entity's identifier is its IRI
without `BASE id/`; types and properties are those of the ontology, by their names there.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from flask import Blueprint, Response, render_template, request

from kg import __version__
from kg.folding import fold
from kg.fulltext.asking import Wanted
from kg.model import ENTITY_TYPES
from kg.reconciliation.protocol import VERSION, MalformedError, read_extension, read_queries
from kg.vocab import LB
from kg.web.candidates import Scored, find_candidates, kinds_of
from kg.web.choosing import current_snapshot, index
from kg.web.context import CSP, base_iri, language, names_for, of_snapshot
from kg.web.dereference import KEY, check_exists
from kg.web.graph import Term
from kg.web.i18n import translate
from kg.web.problems import ProblemError
from kg.web.properties import PROPERTIES, Facts, Property, key_of
from kg.web.terms import define_term, name_term

BATCH_SIZE = 25
MOST_EXTENDED = 500
"""Entities that one request may ask the properties of."""
MOST_BYTES = 1_000_000
MOST_SUGGESTED = 50
PREVIEW_WIDTH, PREVIEW_HEIGHT = 400, 180

blueprint = Blueprint("reconcile", __name__, url_prefix="/reconcile")


@blueprint.route("", methods=["GET", "POST"], strict_slashes=False)
def endpoint() -> Response:
    """Answer with the manifest, with candidates (`queries`), or with properties (`extend`)."""
    if (request.content_length or 0) > MOST_BYTES:
        raise ProblemError(413, f"The body is longer than {MOST_BYTES:,} bytes.", "Send fewer queries at once.")
    queries, extend = request.values.get("queries"), request.values.get("extend")
    if queries is not None:
        return _json(_answer(queries, _reconcile))
    if extend is not None:
        return _json(_answer(extend, _extend))
    return _json(_manifest())


@blueprint.get("/suggest/entity")
@of_snapshot
def suggest_entity() -> Response:
    """Suggest entities whose name begins so, or that have this identifier."""
    prefix, cursor = request.args.get("prefix", ""), _cursor()
    snapshot = current_snapshot()
    found = dict.fromkeys((named.iri, named.kind) for named in index().identified(prefix, snapshot))
    hits = index().find("entity", Wanted(prefix), snapshot, MOST_SUGGESTED) if prefix.strip() else []
    found |= dict.fromkeys((hit.iri, hit.type) for hit in hits)
    shown = list(found)[cursor:]
    names = names_for(iri for iri, _ in shown)
    return _json(
        {
            "result": [
                {
                    "id": key_of(iri),
                    "name": names(iri),
                    "description": name_term(kind, language()),
                    "notable": [_type(kind)],
                }
                for iri, kind in shown
            ]
        }
    )


@blueprint.get("/suggest/type")
@of_snapshot
def suggest_type() -> Response:
    """Suggest entity types."""
    return _suggest([_type(kind) | {"description": define_term(kind, language())} for kind in ENTITY_TYPES])


@blueprint.get("/suggest/property")
@of_snapshot
def suggest_property() -> Response:
    """Suggest properties."""
    return _suggest([_property(each) for each in PROPERTIES.values()])


@blueprint.get("/properties")
@of_snapshot
def propose_properties() -> Response:
    """Propose the properties that entities of a type have."""
    kind = request.args.get("type", "")
    kinds = kinds_of([kind] if kind else [])
    found = [_property(each) for each in PROPERTIES.values() if each.types & kinds]
    raw = request.args.get("limit", "")
    limit = int(raw) if raw.isascii() and raw.isdigit() and len(raw) < 6 else len(found)
    return _json({"properties": found[:limit], "type": kind, "limit": limit})


@blueprint.get("/preview")
@of_snapshot
def preview() -> Response:
    """Show an entity in a few lines, for a frame in another site."""
    iri = check_exists(request.args.get("id", ""))
    facts = Facts([iri])
    kind = next((kind for kind in ENTITY_TYPES if kind in facts.classes(iri)), "")
    if not kind:
        raise ProblemError(404, f"{iri} is no entity.", "Give the identifier of a candidate.")
    rows = [
        (
            each.name[language()],
            [facts.label(each, term, language()) for term in facts.shown(iri, each)[:3]],
        )
        for each in PROPERTIES.values()
        if each.id != "altLabel" and facts.values(iri, each)
    ]
    body = render_template("preview.html", key=key_of(iri), title=names_for([iri])(iri), kind=kind, rows=rows[:4])
    response = Response(body, content_type="text/html; charset=utf-8")
    response.headers["Content-Security-Policy"] = CSP.replace("frame-ancestors 'none'", "frame-ancestors *")
    return response


def _manifest() -> dict[str, Any]:
    root = request.url_root
    here = {"service_url": f"{root}reconcile"}
    return {
        "versions": ["0.1", VERSION],
        "name": translate(language(), "site.name"),
        "identifierSpace": f"{base_iri()}id/",
        "schemaSpace": LB.iri,
        "serviceVersion": __version__,
        "documentation": f"{root}about",
        "defaultTypes": [_type(kind) for kind in ENTITY_TYPES],
        "view": {"url": f"{root}page/{{{{id}}}}"},
        "preview": {"url": f"{root}reconcile/preview?id={{{{id}}}}", "width": PREVIEW_WIDTH, "height": PREVIEW_HEIGHT},
        "suggest": {name: {**here, "service_path": f"/suggest/{name}"} for name in ("entity", "type", "property")},
        "extend": {"propose_properties": {**here, "service_path": "/properties"}, "property_settings": []},
        "batchSize": BATCH_SIZE,
    }


def _answer(raw: str, answer: Callable[[object], dict[str, Any]]) -> dict[str, Any]:
    """Read JSON and answer it.

    Raises:
        ProblemError: 400 where it is not what the specification says, 413 where it asks for too much at once.
    """
    try:
        return answer(json.loads(raw))
    except MalformedError as error:
        raise ProblemError(400, f"The request cannot be read: {error}.", "See version 0.2 of the API.") from error
    except (ValueError, RecursionError) as error:
        raise ProblemError(400, "The request is no JSON.", "Send JSON as the API has it.") from error
    except OverflowError as error:
        raise ProblemError(
            413, f"More than {BATCH_SIZE} queries, or {MOST_EXTENDED} entities.", "Send less."
        ) from error


def _reconcile(raw: object) -> dict[str, Any]:
    queries = read_queries(raw, BATCH_SIZE)
    results = dict(zip(queries, find_candidates(list(queries.values())), strict=True))
    names = names_for(each.iri for candidates in results.values() for each in candidates)
    return {
        key: {"result": [_candidate(each, names(each.iri)) for each in candidates]}
        for key, candidates in results.items()
    }


def _candidate(scored: Scored, name: str) -> dict[str, Any]:
    features: dict[str, float | None] = {
        "name": round(scored.name, 3),
        "properties": None if scored.properties is None else round(scored.properties, 3),
        "articles": scored.articles,
    }
    return {
        "id": key_of(scored.iri),
        "name": name,
        "description": name_term(scored.kind, language()),
        "score": scored.score,
        "match": scored.match,
        "type": [_type(scored.kind)],
        "features": [{"id": name, "value": value} for name, value in features.items() if value is not None],
    }


def _extend(raw: object) -> dict[str, Any]:
    keys, wanted = read_extension(raw, MOST_EXTENDED)
    unknown = [name for name in wanted if name not in PROPERTIES]
    if unknown:
        raise MalformedError(f"there is no property {unknown[0]}")
    iris = {key: f"{base_iri()}id/{key}" for key in keys}
    facts = Facts(iri for key, iri in iris.items() if KEY.fullmatch(key))
    properties = [PROPERTIES[name] for name in wanted]
    return {
        "meta": [{"id": each.id, "name": each.name[language()]} for each in properties],
        "rows": {
            key: {each.id: [_value(each, term, facts) for term in facts.shown(iri, each)] for each in properties}
            for key, iri in iris.items()
        },
    }


def _value(prop: Property, term: Term, facts: Facts) -> dict[str, Any]:
    match prop.kind:
        case "entity":
            return {"id": key_of(term.value), "name": facts.label(prop, term, language())}
        case "number":
            return {"float": float(term.value)}
        case _:
            return {"str": facts.label(prop, term, language())}


def _suggest(offers: Sequence[Mapping[str, Any]]) -> Response:
    prefix = fold(request.args.get("prefix", ""))
    fitting = [
        offer for offer in offers if fold(offer["name"]).startswith(prefix) or fold(offer["id"]).startswith(prefix)
    ]
    return _json({"result": fitting[_cursor() :]})


def _type(kind: str) -> dict[str, str]:
    return {"id": kind, "name": name_term(kind, language())}


def _property(prop: Property) -> dict[str, str]:
    return {"id": prop.id, "name": prop.name[language()]}


def _cursor() -> int:
    raw = request.args.get("cursor", "0")
    return int(raw) if raw.isascii() and raw.isdigit() and len(raw) < 6 else 0


def _json(value: Mapping[str, Any]) -> Response:
    body = json.dumps(value, ensure_ascii=False)
    response = Response(body, content_type="application/json; charset=utf-8")
    response.vary.add("Accept-Language")
    return response
