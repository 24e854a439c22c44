"""What every answer of the running server has, and what it has not: headers once, ranges, no strangers' hosts."""

import json
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.server_process import Server, serve


@pytest.fixture(scope="module")
def shared_server(site_store: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server that tests only ask."""
    with serve(site_store, tmp_path_factory.mktemp("log") / "access.log") as started:
        yield started


def test_no_header_comes_twice(shared_server: Server) -> None:
    """But for Link, which is a list, and Set-Cookie, which is let to (RFC 9110, section 5.3)."""
    described = json.loads(shared_server.get("/openapi.json"))["paths"]
    examples = {"kind": "people", "key": "country/KP", "ending": "ttl", "name": "x"}
    paths = [re.sub(r"\{(\w+)\}", lambda name: examples.get(name[1], "x"), path) for path in described]
    wanted = ["/static/site.css", "/nowhere", "/page/country/KP", "/sparql?query=ASK%7B%7D", "/sparql?query=ASK"]
    connection, twice = shared_server.connect(), {}
    for path in (*paths, *wanted):
        for method, tag in (("HEAD", ""), ("OPTIONS", ""), ("GET", ""), ("GET", "*")):
            connection.request(method, path, headers={"If-None-Match": tag} if tag else {})
            with connection.getresponse() as response:
                response.read()
                assert response.status < 500
            counts = Counter(name.lower() for name, _ in response.getheaders())
            if found := [name for name, count in counts.items() if count > 1 and name not in {"link", "set-cookie"}]:
                twice[method, path, tag] = found
    assert twice == {}


def test_options_of_the_whole_server(shared_server: Server) -> None:
    connection = shared_server.connect()
    connection.request("OPTIONS", "*")
    with connection.getresponse() as response:
        assert (response.status, response.read()) == (204, b"")
        assert "POST" in response.headers["Allow"]
    connection.request("GET", "*")
    assert connection.getresponse().status == 404


def test_ranges_of_files(shared_server: Server) -> None:
    whole = shared_server.get("/static/site.css")
    for asked, status, body in (
        ("bytes=0-3", 206, whole[:4]),
        ("bytes=-5", 206, whole[-5:]),
        ("bytes=0-1,5-6", 200, whole),
        ("bytes=99999999-", 416, None),
    ):
        connection = shared_server.connect()
        connection.request("GET", "/static/site.css", headers={"Range": asked})
        response = connection.getresponse()
        assert response.status == status
        assert body in {None, response.read()}
        if status != 200:
            assert (response.headers["Content-Range"] or "").endswith(f"/{len(whole)}")


def test_no_one_is_led_to_the_host_that_a_request_names(shared_server: Server) -> None:
    for path in ("/browse//people", "//example.org/", "/sparql/", "/page//x"):
        response = shared_server.response(path, {"Host": "example.org"})
        assert "example.org" not in response.headers.get("Location", "")
