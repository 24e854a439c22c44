"""What the Reconciliation Service API says of manifests, queries and candidates, in its version 0.2.

The specification is the W3C community report at https://www.w3.org/community/reports/reconciliation/CG-FINAL-specs-0.2-20230410/.
Both sides use these records: `kg link` as a client, and the site's `/reconcile` as a service. Whatever comes from the
other side may be anything, and becomes a record or a MalformedError.
"""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

VERSION = "0.2"
DEFAULT_BATCH = 10
"""Queries in a batch to a service that does not say how many it takes."""


class MalformedError(ValueError):
    """Something that is not what the specification says it is; the message names member and fault."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a client needs to know of a service."""

    name: str
    identifier_space: str
    """What stands before an identifier to make an IRI of it."""
    schema_space: str
    batch_size: int


@dataclass(frozen=True, slots=True)
class Query:
    """What is looked for; a name, or properties, or both."""

    text: str = ""
    types: tuple[str, ...] = ()
    """Identifiers of types."""
    limit: int | None = None
    properties: tuple[tuple[str, tuple[str, ...]], ...] = ()
    """Identifier of a property, and its values: strings, or identifiers of entities."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """An entity that may be what is looked for."""

    id: str
    name: str
    score: float
    match: bool
    """Whether the service is sure."""
    types: tuple[str, ...]
    """Identifiers of its types."""


def read_manifest(raw: object) -> Manifest:
    """Read a service's manifest; MalformedError where it is none."""
    manifest = _object(raw)
    versions = manifest.get("versions", ["0.1"])  # the field is newer than version 0.1
    if not isinstance(versions, list) or not {"0.1", VERSION} & {str(version) for version in versions}:
        raise MalformedError("versions: neither 0.1 nor 0.2 among them")
    size = manifest.get("batchSize", DEFAULT_BATCH)
    space = _text(manifest, "identifierSpace")
    if not re.fullmatch(r"https?://[^\s<>\"{}|\\^`]+", space):
        raise MalformedError("identifierSpace: must be an http(s) IRI")
    return Manifest(
        _text(manifest, "name"),
        space,
        _text(manifest, "schemaSpace"),
        max(1, min(size, 50)) if isinstance(size, int) else DEFAULT_BATCH,
    )


def write_queries(queries: Sequence[Query]) -> str:
    """Return a batch of queries as JSON; their names are q0, q1 …"""
    return json.dumps({f"q{number}": _query(query) for number, query in enumerate(queries)}, ensure_ascii=False)


def _query(query: Query) -> dict[str, Any]:
    written: dict[str, Any] = {}
    if query.text:
        written["query"] = query.text
    if query.types:
        written["type"] = list(query.types) if len(query.types) > 1 else query.types[0]
    if query.limit is not None:
        written["limit"] = query.limit
    if query.properties:
        written["properties"] = [{"pid": pid, "v": [*values]} for pid, values in query.properties]
    return written


def read_queries(raw: object, most: int) -> dict[str, Query]:
    """Read a batch of queries; MalformedError where it is none, OverflowError where there are more than `most`."""
    batch = _object(raw)
    if len(batch) > most:
        raise OverflowError
    return {key: read_query(query) for key, query in batch.items()}


def read_query(raw: object) -> Query:
    """Read one query; MalformedError where it is none."""
    query = _object(raw)
    text = query.get("query", "")
    limit = query.get("limit")
    if not isinstance(text, str):
        raise MalformedError("query: must be a string")
    if limit is not None and (not isinstance(limit, int | float) or isinstance(limit, bool) or not 1 <= limit < 1e9):
        raise MalformedError("limit: must be a positive number")
    properties = tuple(_read_property(item) for item in _list(query.get("properties", [])))
    if not text.strip() and not properties:
        raise MalformedError("query: there is neither a name nor a property")
    return Query(text.strip(), _read_types(query.get("type", [])), int(limit) if limit else None, properties)


def read_extension(raw: object, most: int) -> tuple[list[str], list[str]]:
    """Read a data extension query: identifiers of entities and of properties, in their order.

    Raises:
        MalformedError: it is none.
        OverflowError: it is about more than `most` entities.
    """
    query = _object(raw)
    ids, properties = _list(query.get("ids")), _list(query.get("properties"))
    if len(ids) > most:
        raise OverflowError
    return [_identifier(each, "ids") for each in ids], [_identifier(each, "properties") for each in properties]


def _read_types(raw: object) -> tuple[str, ...]:
    types = raw if isinstance(raw, list) else [raw]
    return tuple(_identifier(item, "type") for item in types)


def _read_property(raw: object) -> tuple[str, tuple[str, ...]]:
    item = _object(raw)
    if "v" not in item:
        raise MalformedError("v: is missing")
    values = item["v"] if isinstance(item["v"], list) else [item["v"]]
    return _text(item, "pid"), tuple(_read_value(value) for value in values)


def _read_value(raw: object) -> str:
    match raw:
        case bool():
            return str(raw).lower()
        case str() | int() | float():
            return str(raw)
        case _:
            return _text(_object(raw), "id")


def read_results(raw: object, number: int) -> list[list[Candidate]]:
    """Read the answer to a batch of `number` queries, in their order; MalformedError where it is none."""
    batch = _object(raw)
    return [
        [_candidate(item) for item in _list(_object(batch.get(f"q{index}")).get("result"))] for index in range(number)
    ]


def _candidate(raw: object) -> Candidate:
    item = _object(raw)
    score = item.get("score")
    if not isinstance(score, int | float) or isinstance(score, bool) or not abs(score) < 1e9:
        raise MalformedError("score: must be a number")
    return Candidate(
        _text(item, "id"),
        _text(item, "name"),
        float(score),
        item.get("match") is True,
        tuple(_identifier(each, "type") for each in _list(item.get("type", []))),
    )


def _identifier(raw: object, name: str) -> str:
    """Read something that is given by its identifier, or by an object that has one."""
    if isinstance(raw, str) and raw:
        return raw
    return _text(_object(raw, name), "id")


def _object(raw: object, name: str = "") -> Mapping[str, Any]:
    if not isinstance(raw, dict):
        raise MalformedError(f"{name + ': ' if name else ''}must be an object")
    return raw


def _list(raw: object) -> list[Any]:
    if not isinstance(raw, list):
        raise MalformedError("must be an array")
    return raw


def _text(item: Mapping[str, Any], name: str) -> str:
    found = item.get(name)
    if not isinstance(found, str) or not found:
        raise MalformedError(f"{name}: must be a string that is not empty")
    return found
