"""What stands before the application: connections that are broken off, and names of requests."""

import gc
from pathlib import Path

import pytest

from kg.web.cache import Asked
from kg.web.gateway import _break_off

_OPEN_FILES = Path("/proc/self/fd")


@pytest.mark.skipif(not _OPEN_FILES.is_dir(), reason="the system does not list a process's open files")
def test_breaking_off_leaves_no_file_open() -> None:
    gc.collect()  # what earlier tests left is closed now and not while this one counts
    before = len(list(_OPEN_FILES.iterdir()))
    for _ in range(10):
        _break_off(("127.0.0.1", 1), ("127.0.0.1", 2))
    assert len(list(_OPEN_FILES.iterdir())) <= before


def test_a_long_request_has_a_name_as_short_as_any() -> None:
    short, long = Asked("POST", "/sparql", {}, b"ASK {}"), Asked("POST", "/sparql", {}, b"x" * 300_000)
    assert len(short.key) == len(long.key) == 16
    assert short.key != long.key
    assert Asked("HEAD", "/a", {}).key == Asked("GET", "/a", {}).key != Asked("GET", "/b", {}).key
    assert Asked("POST", "/a", {"content-type": "x"}, b"1").key != Asked("POST", "/a", {"content-type": "y"}, b"1").key
