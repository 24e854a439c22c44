"""The whole HTTP interface in OpenAPI 3.1 at /openapi.json, made of openapi.toml.

Source: https://spec.openapis.org/oas/v3.1.0.
"""

import json
import re
import tomllib
from collections.abc import Mapping
from http import HTTPStatus
from pathlib import Path
from typing import Any

from flask import Blueprint, Response, current_app

from kg import __version__
from kg.web.context import base_iri, is_known
from kg.web.negotiation import GRAPHS, TABLES
from kg.web.problems import PROBLEM

SOURCE = Path(__file__).parent / "openapi.toml"
GROUPS = {name: [offer.media_types[0] for offer in offers] for name, offers in (("graphs", GRAPHS), ("tables", TABLES))}
"""Names of several media types."""
_PLACEHOLDER = re.compile(r"\{(\w+)\}")
_JSON = "application/json"

Entry = Mapping[str, Any]

blueprint = Blueprint("openapi", __name__)


@blueprint.get("/openapi.json")
def openapi() -> Response:
    """Give the description."""
    tag: str = current_app.config["BUILD"]
    if is_known(tag):
        response = Response(status=304)
    else:
        described = json.dumps(describe_interface(base_iri()), ensure_ascii=False, indent=1)
        response = Response(described, content_type=_JSON)
    response.set_etag(tag, weak=True)
    response.headers["Cache-Control"] = "no-cache"
    return response


def describe_interface(base: str) -> dict[str, Any]:
    """Return the OpenAPI document of a service whose data has this base IRI."""
    source = tomllib.loads(SOURCE.read_text(encoding="utf-8"))
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Lagebild",
            "version": __version__,
            "summary": "A knowledge graph of who does what to whom in German news",
            "description": "Any answer may be compressed by zstd or gzip. GET is also answered to HEAD.",
        },
        "servers": [{"url": base.rstrip("/")}],
        "tags": [{"name": name, "description": text} for name, text in source["tags"].items()],
        "paths": {
            path: {method: _operation(path, method, entry) for method, entry in methods.items()}
            for path, methods in source["paths"].items()
        },
        "components": {
            "parameters": {key: _parameter(key, entry) for key, entry in source["parameters"].items()},
            "responses": {"Problem": _problem()},
            "securitySchemes": {
                "token": {"type": "http", "scheme": "bearer", "description": "A token of `kg token`."},
            },
        },
    }


def _operation(path: str, method: str, entry: Entry) -> dict[str, Any]:
    words = re.findall(r"\w+", path) or ["front"]
    status, reads = entry.get("status", HTTPStatus.OK), method == "get"
    names = [*_PLACEHOLDER.findall(path), *entry.get("query", ())]
    found: dict[str, Any] = {
        "operationId": "_".join([method, *words]),
        "summary": entry["summary"],
        "tags": [entry["tag"]],
        "parameters": [{"$ref": f"#/components/parameters/{name}"} for name in names],
        "responses": {str(int(status)): _answer(status, entry)},
    }
    if "takes" in entry:
        found["requestBody"] = {"required": True, "content": _content(entry["takes"])}
    if reads and status == HTTPStatus.OK:
        found["responses"]["304"] = {"description": "The client has it already (If-None-Match)"}
    for code in (*entry.get("errors", ()), "default"):
        found["responses"][str(code)] = {"$ref": "#/components/responses/Problem"}
    if "scope" in entry:
        found["security"] = [{"token": [entry["scope"]]}]
    return found


def _answer(status: int, entry: Entry) -> dict[str, Any]:
    answer: dict[str, Any] = {"description": HTTPStatus(status).phrase}
    if "gives" in entry:
        answer["content"] = _content(entry["gives"])
    if status in {HTTPStatus.SEE_OTHER, HTTPStatus.CREATED}:
        answer["headers"] = {"Location": {"schema": {"type": "string", "format": "uri-reference"}}}
    return answer


def _content(names: list[str]) -> dict[str, Any]:
    return {media_type: {} for name in names for media_type in GROUPS.get(name, [name])}


def _parameter(key: str, entry: Entry) -> dict[str, Any]:
    value = {name: entry[name] for name in ("type", "enum") if name in entry}
    value.setdefault("type", "string")
    is_path = entry["in"] == "path"
    found = {
        "name": entry.get("as", key),
        "in": entry["in"],
        "required": is_path or entry.get("required", False),
        "description": entry["about"],
        "schema": {"type": "array", "items": value} if entry.get("many") else value,
    }
    return found | ({"example": entry["example"]} if "example" in entry else {})


def _problem() -> dict[str, Any]:
    text = {"type": "string"}
    members = {
        "type": {"type": "string", "format": "uri-reference"},
        "title": text,
        "status": {"type": "integer"},
        "detail": text,
        "instance": {"type": "string", "format": "uri"},
        "remedy": {**text, "description": "What to do"},
        "limit": {**text, "description": "The setting that was in the way"},
        "allowed": {"description": "Its value"},
        "offered": {"type": "array", "items": text, "description": "Media types on offer"},
    }
    required = ["type", "title", "status", "detail", "instance", "remedy"]
    schema = {"type": "object", "required": required, "properties": members}
    return {
        "description": "What is wrong and what to do about it (RFC 9457)",
        "content": {PROBLEM.media_types[0]: {"schema": schema}},
    }
