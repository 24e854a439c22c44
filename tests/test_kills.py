"""The loop of benchmarks/kills.py, in short."""

from pathlib import Path

from benchmarks.kills import Trial


def test_kills_lose_nothing_tear_nothing_and_leave_nothing(tmp_path: Path) -> None:
    report = Trial(tmp_path / "store", seed=5).run(14)
    assert sum(report.kills.values()) >= 10
    assert report.acknowledged
    assert report.is_good, report
