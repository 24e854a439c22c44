"""What stands before the application: connections that are broken off, and names of requests."""

import os

import pytest

from kg.web.cache import Asked
from kg.web.gateway import _break_off


@pytest.mark.skipif(not os.path.isdir("/proc/self/fd"), reason="the system does not list a process's open files")  # noqa: PTH112
def test_breaking_off_leaves_no_file_open() -> None:
    before = len(os.listdir("/proc/self/fd"))  # noqa: PTH208
    for _ in range(10):
        _break_off(("127.0.0.1", 1), ("127.0.0.1", 2))
    assert len(os.listdir("/proc/self/fd")) == before  # noqa: PTH208


def test_a_long_request_has_a_name_as_short_as_any() -> None:
    short, long = Asked("POST", "/sparql", {}, b"ASK {}"), Asked("POST", "/sparql", {}, b"x" * 300_000)
    assert len(short.key) == len(long.key) == 16
    assert short.key != long.key
    assert Asked("HEAD", "/a", {}).key == Asked("GET", "/a", {}).key != Asked("GET", "/b", {}).key
    assert Asked("POST", "/a", {"content-type": "x"}, b"1").key != Asked("POST", "/a", {"content-type": "y"}, b"1").key
