"""What benchmarks/scaling.py makes of its figures."""

import subprocess
from pathlib import Path

import pytest

from benchmarks.scaling import LARGE, Grown, Loading, Measured, load, make_report
from kg.store import open_snapshot


def test_slow_answers_are_named_unless_they_are_large() -> None:
    small = {name: Measured(0.01, 0.004, 900) for name in ("quick", "slow", "large", "none")}
    slow, large = Measured(2.5, 2.4, 900), Measured(2.5, 2.4, LARGE)
    grown = [
        Grown(1_000, 150_000, Loading(2.0, 3.0, 200_000_000), small),
        Grown(10_000, 1_500_000, None, {**small, "slow": slow, "large": large, "none": None}),
    ]
    report = make_report(grown)
    assert "| 1,000 | 150,000 | 2 s | 75,000 | 50,000 | 200 |" in report
    assert "| 10,000 | 1,500,000 | – | – | – | – |" in report
    assert "| slow | 10 / 4 | 2500 / 2400 | 1 kB |" in report
    assert "| none | 10 / 4 | – | – |" in report
    assert report.endswith("Over 1 s at 10,000 articles though the answer is small: slow, none.")


def test_what_loading_takes_is_measured_in_a_process_of_its_own(tmp_path: Path) -> None:
    graph, base = tmp_path / "news.nq", "http://localhost:8000/"
    graph.write_text(f"<{base}a> <{base}b> <{base}c> <{base}graph/article/meldung> .\n", encoding="ascii")
    took = load(graph, tmp_path / "store")
    assert took.seconds > 0
    assert took.processor > 0
    assert took.memory > 0
    with open_snapshot(tmp_path / "store") as store:
        assert len(store) == 1
    with pytest.raises(subprocess.CalledProcessError):  # it is not empty
        load(graph, tmp_path / "store")
