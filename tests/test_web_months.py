"""The columns of deployments by month."""

import re
from itertools import pairwise

import pytest
from flask.testing import FlaskClient

from kg.errors import QueryTimeoutError
from kg.web.graph import Graph, OncePerSnapshot
from kg.web.months import HEIGHT, SHOWN, WIDTH, Month, choose_months, count_outside, draw_columns, gather
from kg.web.wording import word_month


def month(name: str, **counts: int) -> Month:
    return Month(name, counts)


def test_months_in_a_row_are_shown_with_those_that_have_no_event() -> None:
    chosen = choose_months([month("2023-11", occurred=1), month("2024-02", planned=2)])
    assert [each.month for each in chosen] == ["2023-11", "2023-12", "2024-01", "2024-02"]
    assert [each.total for each in chosen] == [1, 0, 0, 2]


def test_the_months_with_the_most_events_are_shown() -> None:
    far = month("1999-05", occurred=3)
    busy = [month("2022-01", occurred=2), month("2024-12", denied=2)]
    plan = month("2035-01", planned=1)
    chosen = choose_months([far, *busy, plan])
    assert len(chosen) == SHOWN
    assert (chosen[0], chosen[-1]) == tuple(busy)
    assert count_outside([far, *busy, plan], chosen) == 4


def test_no_month_is_no_column() -> None:
    assert choose_months([]) == []
    assert draw_columns([]) == []


def test_columns_stand_on_the_ground_and_the_tallest_reaches_the_top() -> None:
    columns = draw_columns([month("2024-01", occurred=3, denied=1), month("2024-02"), month("2024-03", planned=2)])
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


def test_front_page_has_the_columns_and_a_table_of_the_same(client: FlaskClient) -> None:
    text = client.get("/?lang=de", headers={"Accept": "text/html"}).text
    titles = re.findall(r"<g><title>(\w+ \d{4}): (\d+)</title>", text)
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


def test_what_is_no_month_is_left_out() -> None:
    counted = [("2024-11", "planned", 2), ("", "planned", 1), ("-0044-0", "occurred", 1), ("2024-11", "occurred", 1)]
    assert [(each.month, dict(each.counts)) for each in gather(counted)] == [("2024-11", {"occurred": 1, "planned": 2})]
