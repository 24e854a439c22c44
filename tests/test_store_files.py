"""Readers look things up in few files: those of a large build, or of a graph that was loaded, are merged before."""

from collections.abc import Iterator
from pathlib import Path
from unittest.mock import Mock, patch

import pytest

from kg.homes import folder
from kg.loading import load
from tests.small_store import build, exported, quads, writer


@pytest.fixture
def merging(monkeypatch: pytest.MonkeyPatch) -> Iterator[Mock]:
    """What merges files, watched; whatever is written goes to files of its own."""
    monkeypatch.setattr(folder, "_BULK", 0)
    with patch.object(folder, "merge_files", wraps=folder.merge_files) as watched:
        yield watched


def fill(path: Path) -> None:
    with writer(path) as store:
        for stem in "abc":
            store.replace_article(stem, quads(stem, "vier"))
            store.stems()  # which writes it
        store.publish()


def test_files_of_a_large_build_are_merged_once(tmp_path: Path, merging: Mock, monkeypatch: pytest.MonkeyPatch) -> None:
    fill(tmp_path / "small")
    merging.assert_not_called()
    monkeypatch.setattr(folder, "_LOOSE", 1)
    fill(tmp_path / "large")
    merging.assert_called_once()
    assert exported(tmp_path / "large") == exported(tmp_path / "small") != ""


def test_those_of_a_graph_that_was_loaded_are_merged(tmp_path: Path, merging: Mock) -> None:
    source = tmp_path / "graph.nq"
    source.write_text(exported(build(tmp_path / "old")), encoding="utf-8")
    merging.assert_not_called()
    load(tmp_path / "new", source, derived=True)
    merging.assert_called_once()
    assert exported(tmp_path / "new") == source.read_text(encoding="utf-8")
