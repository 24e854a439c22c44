"""What benchmarks/scaling.py makes of its figures."""

from benchmarks.scaling import LARGE, Grown, Measured, make_report


def test_slow_answers_are_named_unless_they_are_large() -> None:
    small = {name: Measured(0.01, 0.004, 900) for name in ("quick", "slow", "large", "none")}
    slow, large = Measured(2.5, 2.4, 900), Measured(2.5, 2.4, LARGE)
    grown = [
        Grown(1_000, 150_000, 2.0, small),
        Grown(10_000, 1_500_000, None, {**small, "slow": slow, "large": large, "none": None}),
    ]
    report = make_report(grown)
    assert "| slow | 10 / 4 | 2500 / 2400 | 1 kB |" in report
    assert "| none | 10 / 4 | – | – |" in report
    assert report.endswith("Over 1 s at 10,000 articles though the answer is small: slow, none.")
