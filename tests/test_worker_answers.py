"""The answers of query workers: cut where a limit is reached, whole where none is, and read as they come in."""

import json
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pyoxigraph as ox
import pytest

from kg.worker_answers import GRAPHS
from kg.worker_jobs import Job
from kg.workers import Supervisor
from tests.worker_pools import COUNT, SETTINGS, publish

ROWS = Job("SELECT ?s ?o WHERE { ?s ?p ?o }")


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("answers")
    publish(path, 300)
    return path


@pytest.fixture
def supervisor(store: Path) -> Iterator[Supervisor]:
    with Supervisor(store, SETTINGS) as started:
        yield started


@pytest.mark.parametrize("table", ["json", "xml", "csv", "tsv"])
@pytest.mark.parametrize(("limit", "words"), [({"max_rows": 7}, "7 rows"), ({"max_bytes": 2_000}, "2,000 bytes")])
def test_large_table_is_cut_between_rows(supervisor: Supervisor, table: str, limit: dict[str, int], words: str) -> None:
    answer, body = supervisor.queries.fetch(replace(ROWS, table=table, **limit))  # type: ignore[arg-type]  # ints
    assert words in answer.truncated
    assert answer.is_closed == (table in {"json", "xml"})
    assert answer.is_closed == (words in body.decode())
    rows = count_rows(body, table)
    assert rows == 7 if "max_rows" in limit else 0 < rows < 300


def count_rows(body: bytes, table: str) -> int:
    if table == "json":
        return len(json.loads(body)["results"]["bindings"])
    if table == "xml":
        return len(list(ox.parse_query_results(body, format=ox.QueryResultsFormat.XML)))  # type: ignore[arg-type]  # rows
    return len(body.decode().splitlines()) - 1


@pytest.mark.parametrize("graph", ["ttl", "nt", "rdf", "jsonld"])
def test_large_graph_is_cut_between_triples(supervisor: Supervisor, graph: str) -> None:
    job = Job("CONSTRUCT WHERE { ?s ?p ?o }", graph=graph, max_rows=7)
    answer, body = supervisor.queries.fetch(job)
    assert len(list(ox.parse(body, format=GRAPHS[graph]))) == 7
    assert "7 rows" in answer.truncated
    assert answer.is_closed == (graph != "jsonld")


@pytest.mark.parametrize("query", [ROWS, Job("CONSTRUCT WHERE { ?s ?p ?o }")])
def test_answer_of_just_the_allowed_size_is_whole(supervisor: Supervisor, query: Job) -> None:
    whole = supervisor.queries.fetch(query)[1]
    answer, body = supervisor.queries.fetch(replace(query, max_rows=300, max_bytes=len(whole) + 1))
    assert (body, answer.truncated) == (whole, "")


def test_beginning_is_read_without_waiting_for_the_rest(store: Path) -> None:
    job = Job("SELECT * WHERE { ?s ?p ?o . ?a ?b ?c . ?d ?e ?f }")
    with Supervisor(store, replace(SETTINGS, query_timeout=20.0)) as supervisor:
        begin = time.monotonic()
        beginning, is_all = supervisor.queries.ask(job).begin(10**9, 0.04)
        assert (beginning.startswith(b"{"), is_all) == (True, False)
        assert time.monotonic() - begin < 5
        beginning, is_all = supervisor.queries.ask(job).begin(65_536, 10)
        assert 65_536 <= len(beginning) < 200_000
        assert supervisor.queries.ask(COUNT).begin(10**9, 10)[1]
