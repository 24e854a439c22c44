"""Scripting attempts in every literal, IRI and parameter are inert."""

import re

import pytest
from flask.testing import FlaskClient

from tests.gold import BASE
from tests.pages import HTML, Page, path_of, select
from tests.web_site import BREAKOUT


def test_strict_content_security_policy(client: FlaskClient) -> None:
    for path in ("/", "/sparql", "/page/country/KP", "/nothing"):
        policy = client.get(path, headers=HTML).headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/?order=latest",
        "/articles",
        "/browse/people",
        "/events?type=Deployment",
        "/page/article/hostile",
        "/page/person/hostile",
        "/page/country/ML",
        "/search?q=script",
        "/search?q=%22%3E%3Cscript%3Ealert(1)%3C/script%3E",
        "/?lang=%22%3E%3Cscript%3E",
        "/%22%3E%3Cscript%3Ealert(1)%3C/script%3E",
        "/events?x=%22%3E%3Cscript%3Ealert(1)%3C/script%3E&type=Deployment",
        "/page/article/hostile?lang=en&x=%22%3E%3Cimg%20src=x%20onerror=alert(1)%3E",
    ],
)
def test_scripting_attempts_are_inert(client: FlaskClient, path: str) -> None:
    text = client.get(path, headers=HTML).text
    page = Page(text)
    assert BREAKOUT not in text
    scripts = [values for tag, values in page.tags if tag == "script" and "src" not in values]
    assert [values for values in scripts if values != {"type": "application/ld+json"}] == []
    assert not [values for _, values in page.tags if any(name.startswith("on") for name in values)]
    assert not [link for link in page.links if link.strip().lower().startswith(("javascript:", "data:"))]
    assert "49" not in re.findall(r"\b49\b", text)


def test_hostile_claim_and_event_pages_are_inert(client: FlaskClient) -> None:
    found = select(
        client,
        f"SELECT ?x {{ ?c lb:sender <{BASE}id/person/hostile> ; lb:about ?e . VALUES ?first {{ true false }}"
        " BIND(IF(?first, ?c, ?e) AS ?x) }",
    )
    assert len(found) >= 2
    for iri in found:
        test_scripting_attempts_are_inert(client, path_of(iri))
