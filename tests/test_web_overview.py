"""What the graph holds as a whole: the index and the graph tell the same."""

from collections.abc import Iterator

import pytest
from flask import Flask

from kg.fulltext.overview import Overview
from kg.web.context import current_graph
from kg.web.overview import ORDERS, GraphOverview, OverviewLike, read_overview
from tests.pages import get


@pytest.fixture
def both(site_app: Flask) -> Iterator[tuple[OverviewLike, OverviewLike]]:
    with site_app.test_request_context("/"):
        yield read_overview(current_graph()), GraphOverview(current_graph())


def test_index_and_graph_tell_the_same(both: tuple[OverviewLike, OverviewLike]) -> None:
    indexed, asked = both
    assert isinstance(indexed, Overview)
    assert indexed.classes() == asked.classes()
    assert sorted(indexed.standings()) == sorted(asked.standings())
    assert indexed.months() == asked.months()
    for order in ORDERS:
        assert indexed.deployments(order, 1000) == asked.deployments(order, 1000)
    assert len(indexed.deployments("largest", 2)) == 2


def test_pages_are_the_same_without_an_index(site_app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    paths = ("/?order=disputed", "/sitemap.xml")
    with_index = [get(site_app.test_client(), path) for path in paths]
    monkeypatch.setattr("kg.web.overview.current_snapshot", lambda: -1)
    assert [get(site_app.test_client(), path) for path in paths] == with_index
