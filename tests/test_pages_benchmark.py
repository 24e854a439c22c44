"""benchmarks/pages, in short: it serves a made-up graph and sets each type of page beside a hello."""

from pathlib import Path

import pytest

from benchmarks import pages
from benchmarks.generator.news import Plan
from benchmarks.search import fill_store


def test_a_row_for_each_page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pages, "MOST_ROUNDS", 1)
    monkeypatch.setattr(pages, "CHANGES", 1)
    fill_store(tmp_path / "store", Plan(12, 1, 30))
    rows = pages.measure(tmp_path / "store", 0.0)
    assert {len(row) for row in rows} == {len(pages.HEADER)}
    names = [row[0] for row in rows]
    assert names[:2] == ["front", "about"]
    assert names[-3:] == ["event", "claim", "article"]
    assert "entity, 30 claims" in names
