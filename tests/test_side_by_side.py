"""benchmarks/side_by_side, in short: it measures what it says, and says what it could not measure."""

from pathlib import Path

import pytest

from benchmarks.line import Line, RefusedError
from benchmarks.report import make_table, replace_section
from benchmarks.side_by_side.engines import OURS, Engine, list_engines
from benchmarks.side_by_side.extraction import measure_readers, tell_readers, tell_stages
from benchmarks.side_by_side.graphs import dump_graph
from benchmarks.side_by_side.questions import choose_entities, make_questions
from benchmarks.side_by_side.readers import BLANK, OFFICIAL, list_readers, read_articles
from benchmarks.side_by_side.serving import Served, Timed, measure_serving
from benchmarks.side_by_side.stages import Clock, measure_stages
from benchmarks.side_by_side.telling import tell_serving
from kg.store import open_snapshot
from tests.services import Reply, as_json, serve

EXAMPLES = Path(__file__).parent.parent / "examples"
QUICK = ("oxigraph serve", "hello, ASGI")


def test_servers_of_one_graph_are_asked_in_turn_and_give_the_same_rows(site_store: Path, tmp_path: Path) -> None:
    engines = [each for each in list_engines(site_store) if each.name in {OURS, *QUICK}]
    missing = Engine("no such server", engines[0].serve, why_not="it does not exist")
    with open_snapshot(site_store) as snapshot:
        questions = make_questions(choose_entities(snapshot, 5), rounds=3)
    served = measure_serving([*engines, missing], questions, dump_graph(site_store, tmp_path).quads, tmp_path)
    assert served.missing["no such server"] == "it does not exist"
    present = [each for each in engines if not each.why_not]
    for question in questions:
        times = served.times[question.name]
        assert set(times) == {each.name for each in present if question.path(each, 0) is not None}
        assert all(not each.error and len(each.seconds) == 3 and each.middle > 0 for each in times.values()), times
        assert len({each.rows for each in times.values()}) == 1
    assert served.times["lookup"][OURS].rows
    assert served.memory[OURS] > 1_000_000


def test_what_went_wrong_is_told() -> None:
    times = {
        "lookup": {OURS: Timed([0.001, 0.003, 0.002], rows=4), "a": Timed([0.1], rows=5), "b": Timed(error="no")},
        "page": {"a": Timed([0.01] * 20, cpu=0.21)},
    }
    told = tell_serving("A graph", Served(times, {OURS: 2_000_000}, {"c": "it is not installed"}))
    assert "| lookup | 2 / 2.9 | 100 / 100 | — |" in told
    assert "| page |  | 10 |  |" in told
    assert "Not measured: c, since it is not installed." in told
    assert "lookup: b failed (no)." in told
    assert f"lookup: 4 rows by {OURS}, 5 by a." in told


def test_results_take_the_place_of_older_ones(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("Before.\n\n<!-- begin x -->\nold\n<!-- end x -->\n\nAfter.\n", encoding="utf-8")
    for _ in range(2):
        replace_section("x", make_table(["", "a"], [["b", r"\1"]]), page)
    assert page.read_text(encoding="utf-8") == (
        "Before.\n\n<!-- begin x -->\n\n|  | a |\n| --- | ---: |\n| b | \\1 |\n\n<!-- end x -->\n\nAfter.\n"
    )
    with pytest.raises(ValueError, match="0 times"):
        replace_section("y", "", page)


def test_the_client_refuses_what_is_no_answer() -> None:
    with serve(lambda _: as_json({"ok": True})) as (address, _):
        port = int(address.split(":")[2].split("/")[0])
        line = Line(port)
        assert line.take("/").body == b'{"ok": true}'
    line.close()
    with pytest.raises(OSError, match="refused"):
        line.take("/")
    with serve(lambda _: Reply(b"", status=500)) as (address, _), pytest.raises(RefusedError, match="500"):
        Line(int(address.split(":")[2].split("/")[0])).take("/")


def test_parts_of_reading_are_told_apart(tmp_path: Path) -> None:
    from kg.pipeline import load

    articles = read_articles(EXAMPLES)[:1]
    seconds = measure_stages(load(), articles, tmp_path)
    assert {"tokenizer", "parser", "names", "roles", "writing", "roll-up and publishing"} <= set(seconds)
    assert all(seconds[part] > 0 for part in ("tokenizer", "names", "triggers", "roles", "writing"))
    told = tell_stages(seconds, words=100)
    assert told.count("\n") == len(seconds) + 2
    assert "| together |" in told


def test_readers_are_measured_in_processes_of_their_own(tmp_path: Path) -> None:
    (tmp_path / "one.txt").write_text("Ein Satz mit sechs Wörtern hier.\n", encoding="utf-8")
    figures = measure_readers([BLANK], tmp_path, rounds=1)
    assert figures[BLANK][0]["words"] == 6
    assert f"| {BLANK} |" in tell_readers(figures)
    assert {BLANK, *OFFICIAL} <= {name for names in list_readers() for name in names}


def test_a_clock_counts_what_lies_in_each_other_once(monkeypatch: pytest.MonkeyPatch) -> None:
    times = iter([1.0, 3.0, 7.0, 8.0])
    monkeypatch.setattr("benchmarks.side_by_side.stages.time.process_time", lambda: next(times))
    clock = Clock()
    with clock.part("outer"):
        clock.around("inner", lambda: None)()
    assert clock.seconds == {"outer": 3.0, "inner": 4.0}
