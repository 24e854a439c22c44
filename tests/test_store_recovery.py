"""Writers that stopped or were killed: the store stays whole, and the next writer is told."""

import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from kg.layout import set_mark
from kg.remote import QuadStore
from kg.store import open_snapshot
from tests.search_index import check_whole as check_index
from tests.search_index import index_lines
from tests.small_store import build, exported, quads, writer


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return build(tmp_path / "store")


def test_what_was_not_published_is_told_to_the_next_writer(path: Path, caplog: pytest.LogCaptureFixture) -> None:
    with writer(path) as stopped:
        stopped.replace_article("c", quads("c", "vier"))
        stopped.stems()  # which writes it
    assert not caplog.text
    with writer(path) as again:
        assert "stopped before it published" in caplog.text
        assert again.stems() == ["a", "b", "c"]
        again.publish()
    caplog.clear()
    with writer(path):
        assert not caplog.text


def test_a_database_left_unsafe_goes_back_to_the_last_publication(path: Path, caplog: pytest.LogCaptureFixture) -> None:
    before = exported(path)
    with writer(path) as stopped:
        stopped.replace_article("c", quads("c", "vier"))
        stopped.stems()
    set_mark(path, "unsafe")
    with writer(path) as again:
        assert "back to the last publication" in caplog.text
        assert again.stems() == ["a", "b"]
        again.publish()
    assert exported(path) == before
    assert not (path / "unsafe").exists()


def test_a_database_left_unsafe_goes_back_to_the_last_checkpoint(
    path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("kg.homes.folder._BULK", 0)
    monkeypatch.setattr("kg.homes.folder._CHECKPOINT", 100)
    with writer(path) as stopped:
        stopped.replace_article("c", quads("c", "vier"))
        stopped.stems()
        monkeypatch.setattr("kg.homes.folder._CHECKPOINT", 10_000)
        stopped.replace_article("d", quads("d", "fünf"))
        stopped.stems()
    set_mark(path, "unsafe")
    with writer(path) as again:
        assert "back to the last checkpoint" in caplog.text
        assert again.stems() == ["a", "b", "c"]
        again.publish()
    assert "vier" in exported(path)
    assert not list(path.glob("checkpoint*"))


def test_a_new_store_left_unsafe_begins_anew(tmp_path: Path) -> None:
    with writer(tmp_path / "new") as stopped:
        stopped.replace_article("c", quads("c", "vier"))
        stopped.stems()
    set_mark(tmp_path / "new", "unsafe")
    with writer(tmp_path / "new") as again:
        assert again.stems() == []


KILLED = """
import sys
from pathlib import Path
sys.path.insert(0, sys.argv[2])
from small_store import quads, writer
with writer(Path(sys.argv[1])) as built:
    for number in range(100_000):
        built.replace_article(f"n{number % 7}", quads(f"n{number % 7}", *(f"{number} {k}" for k in range(50))))
        if number % 20 == 0:
            built.publish()
        print(number, flush=True)
"""


@pytest.mark.parametrize("after", [3, 47])
def test_a_killed_writer_leaves_whole_articles(path: Path, after: int) -> None:
    process = subprocess.Popen(
        [sys.executable, "-c", KILLED, str(path), str(Path(__file__).parent)], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    for line in process.stdout:
        if int(line) == after:
            time.sleep(0.002 * after)
            process.send_signal(signal.SIGKILL)
            break
    process.wait()
    process.stdout.close()
    (path / "snapshots" / "999").mkdir()  # as if it had died while it copied
    with open_snapshot(path) as store:
        check_whole(store)
    with writer(path) as again:
        again.publish()
    with open_snapshot(path) as store:
        check_whole(store)
    assert not (path / "snapshots" / "999").exists()
    index_lines(path)  # it knows the snapshot
    check_index(path)


def check_whole(store: QuadStore) -> None:
    for graph in store.named_graphs():
        if "/article/n" in str(graph):
            numbers = {str(q.object).split()[0] for q in store.quads_for_pattern(None, None, None, graph)}
            assert len(numbers) == 1
            assert sum(1 for _ in store.quads_for_pattern(None, None, None, graph)) == 50
