"""Every test of the command line runs with the stand-in for the language pipeline."""

from pathlib import Path

import pytest

from kg import tasks
from tests.cli.standin import TEXT, StandIn, run


@pytest.fixture(autouse=True)
def stand_in(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tasks, "open_extractor", lambda _: StandIn())
    monkeypatch.delenv("LAGEBILD_STORE", raising=False)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "articles"
    folder.mkdir()
    (folder / "haiti.txt").write_text(TEXT, encoding="utf-8")
    (folder / "haiti.meta.json").write_text('{"published": "2024-06-25"}')
    (folder / "mehr.txt").write_text(TEXT.replace("400", "600"), encoding="utf-8")
    return folder


@pytest.fixture
def store(folder: Path, tmp_path: Path) -> Path:
    store = tmp_path / "store"
    result = run("build", folder, "--store", store, "--published", "2024-07-01")
    assert result.exit_code == 0, result.output
    return store
