"""The fuzz run of benchmarks/fuzz.py, in short."""

from pathlib import Path

from benchmarks.fuzz import fuzz


def test_no_request_shows_the_inside_or_ends_in_an_unexplained_error(site_store: Path) -> None:
    report = fuzz(site_store, 800, seed=11)
    assert report.wrong == []
    assert report.statuses[200] > 50
    assert sum(report.statuses.values()) > 600
