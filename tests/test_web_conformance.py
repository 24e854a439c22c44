"""The W3C's tests of the SPARQL 1.1 Protocol and the Graph Store HTTP Protocol, against the production server."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.live import LiveServer, start_server
from tests.w3c import Case, ResultCase, Server, read_cases, read_result_cases, run_case, run_result_case

SHARED = os.environ.get("LAGEBILD_SHARED")
if not SHARED:
    pytest.skip("LAGEBILD_SHARED does not name the folder with the W3C's tests", allow_module_level=True)

SUITE = Path(SHARED) / "conformance" / "sparql11"
PROTOCOL = SUITE / "protocol" / "manifest.ttl"
GRAPH_STORE = [SUITE / "graph-store-protocol" / f"manifest-{kind}.ttl" for kind in ("direct", "indirect")]
NORMALISED = "the engine keeps numbers by their value: 1.0E6 comes back as 1000000"
KNOWN_FAILURES = {"csv03": NORMALISED, "tsv03": NORMALISED}
RESULTS = [SUITE / kind / "manifest.ttl" for kind in ("csv-tsv-res", "json-res")]


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveServer]:
    """A server over a store of its own, which these tests empty."""
    with start_server(tmp_path_factory.mktemp("conformance") / "store") as server:
        yield server


@pytest.fixture
def server(live: LiveServer) -> Server:
    return Server(live.url, live.token)


@pytest.mark.parametrize("case", read_cases(PROTOCOL), ids=lambda case: case.name)
def test_protocol(case: Case, server: Server) -> None:
    server.prepare(case)
    run_case(case, server, {"/sparql/": "/sparql/"})


@pytest.mark.parametrize(
    "case", [case for path in GRAPH_STORE for case in read_cases(path)], ids=lambda case: case.name
)
def test_graph_store(case: Case, server: Server) -> None:
    server.prepare(case)
    run_case(case, server, {"/gsp": "/graphs"})


@pytest.mark.parametrize(
    "case", [case for path in RESULTS for case in read_result_cases(path)], ids=lambda case: case.name
)
def test_results(case: ResultCase, server: Server, request: pytest.FixtureRequest) -> None:
    if case.name in KNOWN_FAILURES:
        request.applymarker(pytest.mark.xfail(reason=KNOWN_FAILURES[case.name], strict=True))
    run_result_case(case, server)


def test_these_are_all() -> None:
    assert len(read_cases(PROTOCOL)) == 34
    assert len([case for path in RESULTS for case in read_result_cases(path)]) == 10
    assert len([case for path in GRAPH_STORE for case in read_cases(path)]) == 14  # the lists name 13 of them
