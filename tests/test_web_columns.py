"""The columns of deployments and claims over time."""

import re
from itertools import pairwise

import pytest
from flask.testing import FlaskClient

from kg.errors import QueryTimeoutError
from kg.web.columns import HEIGHT, WIDTH, divide, draw_columns
from kg.web.graph import Graph, OncePerSnapshot
from kg.web.wording import word_month, word_stretch


def test_months_in_a_row_are_shown_with_those_that_have_nothing() -> None:
    found = divide([("2023-11", "occurred", 1), ("2024-02", "planned", 2)])
    assert [each.begin for each in found] == ["2023-11", "2023-12", "2024-01", "2024-02"]
    assert [each.total for each in found] == [1, 0, 0, 2]


@pytest.mark.parametrize(
    ("last", "unit", "begin", "end"),
    [
        ("2024-10", "month", "2019-11", "2024-10"),
        ("2024-11", "quarter", "2019-10", "2024-10"),
        ("2034-09", "quarter", "2019-10", "2034-07"),
        ("2034-10", "year", "2019-01", "2034-01"),
        ("2078-12", "year", "2019-01", "2078-01"),
        ("2079-01", "decade", "2010-01", "2070-01"),
        ("9999-12", "century", "2000-01", "9900-01"),
    ],
)
def test_the_whole_span_is_seen(last: str, unit: str, begin: str, end: str) -> None:
    found = divide([("2019-11", "occurred", 1), (last, "planned", 2)])
    assert {each.unit for each in found} == {unit}
    assert (found[0].begin, found[-1].begin) == (begin, end)
    assert (found[0].total, found[-1].total) == (1, 2)
    assert sum(each.total for each in found) == 3


def test_no_month_is_no_column() -> None:
    assert draw_columns([]) == []
    assert draw_columns([("", "planned", 1), ("2024-13", "planned", 1), ("-0044-0", "occurred", 1)]) == []


def test_standings_keep_their_order_and_add_up() -> None:
    (only,) = divide([("2024-11", "planned", 2), ("2024-11", "occurred", 1), ("2024-11", "planned", 3)])
    assert list(only.counts.items()) == [("occurred", 1), ("planned", 5)]


def test_columns_stand_on_the_ground_and_the_tallest_reaches_the_top() -> None:
    columns = draw_columns([("2024-01", "occurred", 3), ("2024-01", "denied", 1), ("2024-03", "planned", 2)])
    assert [column.x for column in columns] == [0, WIDTH, 2 * WIDTH]
    tall, none, half = (column.parts for column in columns)
    assert none == []
    assert tall[0].y + tall[0].height == pytest.approx(HEIGHT)
    assert tall[-1].y == pytest.approx(0)
    assert all(upper.y + upper.height == pytest.approx(lower.y) for lower, upper in pairwise(tall))
    assert half[0].height == pytest.approx(HEIGHT / 2)


def test_months_in_words() -> None:
    assert word_month("2024-03", "de") == "März 2024"
    assert word_month("2024-03", "en") == "March 2024"
    assert word_month("irgendwann", "de") == "irgendwann"


@pytest.mark.parametrize(
    ("begin", "unit", "german", "english"),
    [
        ("2024-03", "month", "März 2024", "March 2024"),
        ("2024-10", "quarter", "4. Quartal 2024", "Q4 2024"),
        ("2024-01", "year", "2024", "2024"),
        ("1990-01", "decade", "1990–1999", "1990–1999"),
        ("1900-01", "century", "1900–1999", "1900–1999"),
    ],
)
def test_stretches_in_words(begin: str, unit: str, german: str, english: str) -> None:
    assert word_stretch(begin, unit, "de") == german
    assert word_stretch(begin, unit, "en") == english


def test_front_page_has_the_columns_and_a_table_of_the_same(client: FlaskClient) -> None:
    text = client.get("/?lang=de", headers={"Accept": "text/html"}).text
    titles = re.findall(r"<g><title>([^<]+): (\d+)</title>", text)
    assert titles
    for name, count in titles:
        assert re.search(rf'<th scope="row">{name}</th><td>{count}</td>', text)


class Slow:
    """A reading that takes too long the first time."""

    calls = 0

    def __call__(self, graph: Graph) -> list[int]:
        self.calls += 1
        if self.calls == 1:
            raise QueryTimeoutError("too long", "wait", "query_timeout", 1)
        return [self.calls]


def test_the_graph_is_read_once_a_snapshot(client: FlaskClient) -> None:
    read = Slow()
    kept = OncePerSnapshot(read)
    graph = Graph.__new__(Graph)
    assert kept.get("1", graph) is None
    assert kept.get("1", graph) is None
    assert kept.get("2", graph) == [2]
    assert kept.get("2", graph) == [2]
    assert read.calls == 2
