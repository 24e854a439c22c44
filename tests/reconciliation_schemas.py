"""What version 0.2 of the Reconciliation Service API says of messages, as JSON schemas in our own words."""

from typing import Any

Schema = dict[str, Any]

TEXT: Schema = {"type": "string", "minLength": 1}
URL: Schema = {"type": "string", "pattern": "^https?://"}
WITH_ID: Schema = {"type": "string", "pattern": r"^https?://.*\{\{id\}\}"}


def an_object(required: dict[str, Schema], optional: dict[str, Schema] | None = None, **more: object) -> Schema:
    """Describe an object with these members and no others."""
    properties = {**required, **(optional or {})}
    return {"type": "object", "required": [*required], "properties": properties, "additionalProperties": False, **more}


def list_of(items: Schema) -> Schema:
    """Describe an array."""
    return {"type": "array", "items": items}


def map_of(values: Schema) -> Schema:
    """Describe an object with any members, all alike."""
    return {"type": "object", "additionalProperties": values}


TYPE = an_object({"id": TEXT, "name": TEXT}, {"description": TEXT})
SERVICE = an_object({"service_url": URL, "service_path": {"type": "string", "pattern": "^/"}})
FEATURE = an_object({"id": TEXT, "value": {"type": ["number", "boolean"]}})

MANIFEST = an_object(
    {
        "versions": {**list_of(TEXT), "contains": {"const": "0.2"}},
        "name": TEXT,
        "identifierSpace": URL,
        "schemaSpace": URL,
        "defaultTypes": list_of(TYPE),
    },
    {
        "documentation": URL,
        "serviceVersion": TEXT,
        "view": an_object({"url": WITH_ID}),
        "preview": an_object({"url": WITH_ID, "width": {"type": "integer"}, "height": {"type": "integer"}}),
        "suggest": an_object({}, {"entity": SERVICE, "property": SERVICE, "type": SERVICE}),
        "extend": an_object({}, {"propose_properties": SERVICE, "property_settings": list_of({"type": "object"})}),
        "batchSize": {"type": "integer", "minimum": 1},
    },
)
CANDIDATE = an_object(
    {"id": TEXT, "name": TEXT, "score": {"type": "number"}},
    {"description": TEXT, "match": {"type": "boolean"}, "type": list_of(TYPE), "features": list_of(FEATURE)},
)
RESULTS = map_of(an_object({"result": list_of(CANDIDATE)}))
SUGGESTIONS = an_object(
    {"result": list_of(an_object({"id": TEXT, "name": TEXT}, {"description": TEXT, "notable": list_of(TYPE)}))}
)
PROPOSALS = an_object(
    {"properties": list_of(an_object({"id": TEXT, "name": TEXT}))},
    {"type": {"type": "string"}, "limit": {"type": "integer"}},
)
VALUE: Schema = {
    "oneOf": [
        an_object({"id": TEXT, "name": TEXT}),
        an_object({"str": {"type": "string"}}),
        an_object({"float": {"type": "number"}}),
    ]
}
EXTENSION = an_object({"meta": list_of(an_object({"id": TEXT, "name": TEXT})), "rows": map_of(map_of(list_of(VALUE)))})
