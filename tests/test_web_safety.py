"""Scripting attempts in every literal, IRI and parameter are inert."""

import re
from urllib.parse import quote

import pytest
from flask.testing import FlaskClient

from tests.page_set import ERRORS, PAGES
from tests.pages import HTML, Page
from tests.web_site import BREAKOUT


def test_strict_content_security_policy(client: FlaskClient) -> None:
    for path in ("/", "/sparql", "/page/country/KP", "/nothing"):
        policy = client.get(path, headers=HTML).headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy


PARAMETERS = (
    *("q", "type", "status", "country", "from", "to", "order", "role", "page", "lang", "id", "query", "format", "x"),
    *("default-graph-uri", "named-graph-uri", "subject", "predicate", "object", "view", "kind"),
)
ADDRESSES = ("/", "/events", "/movements", "/browse/people", "/search", "/sparql", "/page/country/KP", "/feed.atom")
IRIS = ("/{}", "/page/{}", "/page/country/{}", "/id/{}", "/data/{}.ttl", "/browse/{}", "/export/{}", "/problems/{}")


def assert_inert(text: str) -> None:
    page = Page(text)
    assert BREAKOUT not in text
    scripts = [values for tag, values in page.tags if tag == "script" and "src" not in values]
    assert [values for values in scripts if values["type"] not in {"application/ld+json", "application/json"}] == []
    assert not [values for _, values in page.tags if any(name.startswith("on") for name in values)]
    assert not [link for link in page.links if link.strip().lower().startswith(("javascript:", "data:"))]


@pytest.mark.parametrize("name", [*PAGES, *ERRORS])
def test_literals_are_inert(client: FlaskClient, name: str) -> None:
    text = client.get({**PAGES, **ERRORS}[name], headers=HTML).text
    assert_inert(text)
    assert "hostile" not in name or not re.search(r"\b49\b", text)  # of {{ 7 * 7 }}


@pytest.mark.parametrize("parameter", PARAMETERS)
def test_parameters_are_inert(client: FlaskClient, parameter: str) -> None:
    for address in ADDRESSES:
        value = f"javascript:alert(1)//{BREAKOUT}"
        assert_inert(client.get(address, query_string={parameter: value}, headers=HTML).text)


@pytest.mark.parametrize("address", IRIS)
def test_iris_are_inert(client: FlaskClient, address: str) -> None:
    response = client.get(address.format(quote(BREAKOUT, safe="")), headers=HTML)
    assert response.status_code in {303, 400, 404, 406}
    assert_inert(response.text)
