"""What an entity has a part in: the index and the graph tell the same."""

from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient

from kg.fulltext.activity import Activity
from kg.web.activity import GraphActivity, read_activity
from kg.web.context import current_graph
from tests.gold import BASE
from tests.pages import get, select

ENTITIES = (
    *("country/KP", "country/RU", "country/UA", "country/DE", "person/hostile", "organization/awkward"),
    *("summit/nato-gipfel-in-vilnius-2023", "person/nobody"),
)


@pytest.fixture
def in_request(site_app: Flask) -> Iterator[None]:
    with site_app.test_request_context("/"):
        yield


@pytest.mark.usefixtures("in_request")
@pytest.mark.parametrize("key", ENTITIES)
def test_index_and_graph_tell_the_same(key: str) -> None:
    indexed, asked = read_activity(f"{BASE}id/{key}"), GraphActivity(current_graph(), f"{BASE}id/{key}")
    assert isinstance(indexed, Activity)
    assert indexed.groups() == asked.groups()
    assert indexed.months() == asked.months()
    assert indexed.ties(10) == asked.ties(10)
    assert indexed.mentions(5) == asked.mentions(5)
    shares = {(each.type, each.role): 2 for each in indexed.groups()[::2]}
    assert indexed.latest(shares) == asked.latest(shares)
    assert indexed.claims("", "", 7, 2) == asked.claims("", "", 7, 2)
    for group in indexed.groups():
        assert indexed.claims(group.type, group.role, 3) == asked.claims(group.type, group.role, 3)


def test_all_claims_are_counted(client: FlaskClient, site_app: Flask) -> None:
    with site_app.test_request_context("/"):
        groups = read_activity(f"{BASE}id/country/RU").groups()
    senders = f"?c lb:eventType lb:Deployment ; lb:sender <{BASE}id/country/RU>"
    expected = select(client, f"SELECT (COUNT(?c) AS ?x) {{ {senders} }}")
    assert expected == [str(each.claims) for each in groups if (each.type, each.role) == ("Deployment", "sender")]


def test_page_is_the_same_without_an_index(site_app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    with_index = get(site_app.test_client(), "/page/country/KP")
    monkeypatch.setattr("kg.web.activity.current_snapshot", lambda: -1)
    assert get(site_app.test_client(), "/page/country/KP") == with_index
