"""The OpenAPI description: valid, complete, and true."""

import json
import re
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from jsonschema import Draft202012Validator
from openapi_spec_validator import OpenAPIV31SpecValidator

from kg.web.openapi import SOURCE, describe_interface
from tests.gold import BASE

DESCRIPTION = describe_interface(BASE)
PARAMETERS = DESCRIPTION["components"]["parameters"]
OPERATIONS = [(path, method) for path, methods in DESCRIPTION["paths"].items() for method in methods]
READ = [path for path, method in OPERATIONS if method == "get" and path not in {"/permalinks/{link_id}"}]


def fill(path: str) -> str:
    """Return a path with the examples of its parameters in their places."""
    return re.sub(r"\{(\w+)\}", lambda match: str(PARAMETERS[match[1]]["example"]), path)


def operation(path: str, method: str) -> dict[str, Any]:
    found: dict[str, Any] = DESCRIPTION["paths"][path][method]
    return found


def example_query(path: str) -> dict[str, str]:
    """Return the examples of its parameters in the query."""
    named = (PARAMETERS[each["$ref"].rpartition("/")[2]] for each in operation(path, "get")["parameters"])
    return {each["name"]: each["example"] for each in named if each["in"] == "query" and "example" in each}


def test_description_is_valid(client: FlaskClient) -> None:
    response = client.get("/openapi.json")
    assert response.content_type == "application/json"
    assert response.json == DESCRIPTION
    assert [str(error) for error in OpenAPIV31SpecValidator(DESCRIPTION).iter_errors()] == []
    assert client.get("/openapi.json", headers={"If-None-Match": response.headers["ETag"]}).status_code == 304


def test_every_route_is_described_and_every_description_has_a_route(site_app: Flask) -> None:
    """A route that is missing here goes into kg/web/openapi.toml."""
    routes = {
        (rule.rule, method)
        for rule in site_app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
        if rule.endpoint != "static"
    }
    adapter = site_app.url_map.bind("localhost")
    described = set()
    for path, method in OPERATIONS:
        rule, _ = adapter.match(fill(path), method.upper(), return_rule=True)
        described.add((rule.rule, method.upper()))
    assert described == routes


def test_operations_have_names_of_their_own() -> None:
    names = [operation(*each)["operationId"] for each in OPERATIONS]
    assert len(names) == len(set(names))


def test_every_parameter_and_tag_is_used() -> None:
    text = json.dumps(DESCRIPTION["paths"])
    assert [name for name in PARAMETERS if f'#/components/parameters/{name}"' not in text] == []
    used = {tag for each in OPERATIONS for tag in operation(*each)["tags"]}
    assert used == {tag["name"] for tag in DESCRIPTION["tags"]}


def test_no_entry_has_a_key_that_nobody_reads() -> None:
    keys = set(re.findall(r"^(\w+) = ", SOURCE.read_text(encoding="utf-8").partition("[paths")[2], re.MULTILINE))
    assert keys == {"summary", "tag", "query", "gives", "takes", "status", "errors", "scope"}


@pytest.mark.parametrize("path", [path for path in READ if "{own_graph}" not in path])
def test_answers_are_as_described(client: FlaskClient, path: str) -> None:
    response = client.get(fill(path), query_string=example_query(path))
    described = operation(path, "get")["responses"][str(response.status_code)]
    assert response.status_code in {200, 303}
    assert "content" not in described or response.mimetype in described["content"]
    assert ("Location" in response.headers) == ("headers" in described)


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("get", "/data/{kind}/{key}.{rdf}", None),
        ("get", "/permalinks/{link_id}", None),
        ("get", "/graphs/{own_graph}", None),
        ("post", "/articles", "x"),
        ("delete", "/articles/{stem}", None),
        ("put", "/graphs/{own_graph}", "x"),
        ("post", "/sparql", "x"),
        ("get", "/feed.atom", None),
    ],
)
def test_problems_are_as_described(client: FlaskClient, method: str, path: str, body: str | None) -> None:
    query = {"type": "X"} if path == "/feed.atom" else {}
    response = client.open(fill(path).replace("KP", "ZZ"), method=method.upper(), data=body, query_string=query)
    assert str(response.status_code) in operation(path, method)["responses"]
    schema = DESCRIPTION["components"]["responses"]["Problem"]["content"][response.mimetype]["schema"]
    Draft202012Validator(schema).validate(response.json)
