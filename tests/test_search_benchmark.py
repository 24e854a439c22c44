"""benchmarks/search, in short: it makes a graph, its index, and a row about both."""

from pathlib import Path

import pytest

from benchmarks import search


def test_a_row_of_the_table(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(search, "SECONDS", 0.0)
    monkeypatch.setattr(search, "MOST_TURNS", 1)
    monkeypatch.setattr(search, "time_question", lambda ask: [float(ask() is not None)])
    row = search.measure(12, tmp_path)
    assert len(row) == len(search.HEADER)
    assert (row[0], row[-1]) == ("12", "1.0 ms")
    assert int(row[1]) > 12
    assert "facets Deployment" in capsys.readouterr().err
