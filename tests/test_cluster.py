"""Articles read on a Dask cluster: the same graph as from this machine, also when a worker is lost on the way."""

import os
import pickle
import shutil
import signal
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from kg.articles import ReadOptions, list_inputs
from kg.building import LocalEngine, Summary, build
from kg.errors import ArticleError, LagebildError, QueryLimitError, SettingError
from kg.rollup import derive
from kg.settings import Settings
from kg.store import Writer, open_snapshot, sorted_graphs
from kg.tasks import Built
from tests.gold import BASE
from tests.other_stores import free_port

distributed = pytest.importorskip("distributed", reason="Dask (the extra `dask`) is not installed")

EXAMPLES = Path(__file__).parent.parent / "examples"
OPTIONS = ReadOptions(today=date(2025, 1, 1), settings=Settings(tokens="not for the workers"))


@pytest.fixture(scope="module")
def cluster() -> Iterator[Any]:
    """A scheduler and two workers, each a process that is started again when it ends."""
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, dashboard_address=None, host="127.0.0.1", silence_logs=50
    ) as cluster:
        yield cluster


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Short articles, with what is known about them, and one that is none."""
    folder = tmp_path_factory.mktemp("articles")
    for path in sorted(EXAMPLES.glob("*.txt"), key=lambda path: (path.stat().st_size, path.name))[:6]:
        shutil.copy(path, folder)
        beside = path.with_suffix(".meta.json")
        if beside.exists():
            shutil.copy(beside, folder)
    (folder / "empty.txt").write_text("")
    return folder


def address_of(cluster: Any) -> str:
    return str(cluster.scheduler_address).replace("tcp://", "dask://")


def test_a_lost_worker_costs_nothing(cluster: Any, folder: Path, tmp_path: Path) -> None:
    from kg.cluster import DaskEngine

    order: list[str] = []

    def lose_one(built: Built) -> None:
        if not order:
            os.kill(next(iter(cluster.workers.values())).pid, signal.SIGKILL)
        order.append(built.name)

    with DaskEngine(address_of(cluster)) as engine, Writer(tmp_path / "cluster", BASE, derive) as writer:
        there = build(list_inputs([str(folder)]), writer, OPTIONS, engine, lose_one)
        writer.publish()
    with Writer(tmp_path / "here", BASE, derive) as writer:
        here = build(list_inputs([str(folder)]), writer, OPTIONS, LocalEngine(1))
        writer.publish()
    assert describe(there) == describe(here)
    assert there.built == 6
    assert order == [str(path) for path in sorted(folder.glob("*.txt"))]
    assert lines(tmp_path / "cluster") == lines(tmp_path / "here")


def describe(summary: Summary) -> object:
    return summary.built, summary.words, summary.claims, summary.entities, [str(error) for error in summary.errors]


def lines(path: Path) -> list[str]:
    with open_snapshot(path) as store:
        return [str(quad) for quad in sorted_graphs(store)]


def test_errors_among_the_inputs_are_passed_on(cluster: Any, tmp_path: Path) -> None:
    from kg.cluster import DaskEngine

    with DaskEngine(address_of(cluster)) as engine, Writer(tmp_path, BASE, derive) as writer:
        missing = build(list_inputs([str(tmp_path / "none.txt")]), writer, OPTIONS, engine)
    assert [type(error) for error in missing.errors] == [ArticleError]


def test_errors_travel_between_processes() -> None:
    for error in (ArticleError("What.", "How."), QueryLimitError("What.", "How.", "rows", 5)):
        again = pickle.loads(pickle.dumps(error))  # noqa: S301 - our own
        assert (type(again), str(again), vars(again)) == (type(error), "What. How.", vars(error))


@pytest.mark.parametrize("address", ["dask://", "dask://host", "http://host:1", "host:8786", "dask://host:x"])
def test_what_is_no_address(address: str) -> None:
    from kg.cluster import DaskEngine

    with pytest.raises(SettingError, match="no engine"):
        DaskEngine(address)


def test_no_scheduler_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    from kg.cluster import DaskEngine

    monkeypatch.setattr("kg.cluster._SECONDS", 1)
    with pytest.raises(LagebildError, match="no Dask scheduler"):
        DaskEngine(f"dask://127.0.0.1:{free_port()}")
