"""Backup and restore while others read and write, damaged backups, and a disk that is full."""

import subprocess
import tarfile
from collections.abc import Iterator
from pathlib import Path

import pyoxigraph as ox
import pytest

from kg.backup import back_up, restore
from kg.errors import StoreBusyError, StoreError
from kg.layout import has_mark, set_mark
from kg.store import Writer, open_snapshot
from tests.small_store import BASE, exported, quads, writer


@pytest.fixture
def path(tmp_path: Path) -> Path:
    with writer(tmp_path / "store") as built:
        built.replace_article("a", quads("a", "eins", "zwei"))
        built.publish()
    return tmp_path / "store"


def test_what_was_backed_up_comes_back(path: Path, tmp_path: Path) -> None:
    before = exported(path)
    assert back_up(path, tmp_path / "b") == (tmp_path / "b").stat().st_size
    with writer(path) as later:
        later.replace_article("c", quads("c", "vier"))
        later.publish()
    with open_snapshot(path) as reading:
        restore(path, tmp_path / "b")
        assert len(list(reading.quads_for_pattern(None, None, ox.Literal("vier", language="de"), None))) == 1
    assert exported(path) == before
    with writer(path) as again:
        assert again.stems() == ["a"]
        again.publish()
    assert exported(path) == before


def test_restoring_makes_a_store_where_there_is_none(path: Path, tmp_path: Path) -> None:
    back_up(path, tmp_path / "b")
    assert restore(tmp_path / "new" / "store", tmp_path / "b") == BASE
    assert exported(tmp_path / "new" / "store") == exported(path)


def test_a_backup_is_taken_while_somebody_writes_and_not_put_back(path: Path, tmp_path: Path) -> None:
    with writer(path) as writing:
        writing.replace_article("c", quads("c", "vier"))
        back_up(path, tmp_path / "b")
        with pytest.raises(StoreBusyError):
            restore(path, tmp_path / "b")
        writing.publish()
    restore(tmp_path / "other", tmp_path / "b")
    assert "vier" not in exported(tmp_path / "other")


@pytest.mark.parametrize("harm", ["cut", "flipped", "text", "missing", "other tar", "escape"])
def test_a_damaged_backup_changes_nothing(path: Path, tmp_path: Path, harm: str) -> None:
    before, backup = exported(path), tmp_path / "b"
    back_up(path, backup)
    content = bytearray(backup.read_bytes())
    if harm == "cut":
        backup.write_bytes(content[: len(content) // 2])
    elif harm == "flipped":
        content[content.rindex(b"zwei") if b"zwei" in content else len(content) // 2] ^= 1
        backup.write_bytes(content)
    elif harm == "text":
        backup.write_text("no backup")
    elif harm == "missing":
        backup.unlink()
    else:
        inside = tmp_path / "x"
        inside.write_text('{"base_iri": "http://example.org/", "format": 2, "derived": "", "files": {"../../x": "0"}}')
        with tarfile.open(backup, "w") as tar:
            tar.add(inside, "manifest.json" if harm == "escape" else "x")
    with pytest.raises(StoreError) as refused:
        restore(path, backup)
    assert refused.value.remedy
    assert exported(path) == before
    with writer(path) as again:
        assert again.stems() == ["a"]
    assert not (path / "data.new").exists()


def test_what_cannot_be_read_or_written_is_named(path: Path, tmp_path: Path) -> None:
    with pytest.raises(StoreError, match=r"The backup .*/none/b cannot be written: No such file"):
        back_up(path, tmp_path / "none" / "b")
    with pytest.raises(StoreError, match=r"The backup .* cannot be written: Is a directory"):
        back_up(path, tmp_path)
    for source in (tmp_path / "none", tmp_path):
        with pytest.raises(StoreError, match=f"{source} cannot be read"):
            restore(tmp_path / "new", source)
    assert not (tmp_path / "new").exists()


def test_a_backup_of_other_iris_is_refused(path: Path, tmp_path: Path) -> None:
    back_up(path, tmp_path / "b")
    with writer(tmp_path / "other", "http://example.com/") as other:
        other.publish()
    with pytest.raises(StoreError, match="has the base IRI"):
        restore(tmp_path / "other", tmp_path / "b")


def test_a_restore_that_is_killed_has_changed_nothing(path: Path) -> None:
    before = exported(path)
    set_mark(path, "unsafe")
    (path / "data").rename(path / "data.new")
    assert exported(path) == before
    with writer(path) as again:
        assert again.stems() == ["a"]
        again.publish()
    assert exported(path) == before


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of a few megabytes."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=32m", "tmpfs", str(disk)]
    if subprocess.run(mount, check=False, capture_output=True).returncode:
        pytest.skip("only root may mount a small disk")
    yield disk
    subprocess.run(["umount", "-l", str(disk)], check=True)


def test_full_disk_is_told_reads_go_on_and_writes_resume(small_disk: Path) -> None:
    store, ballast = small_disk / "store", small_disk / "ballast"
    with writer(store) as built:
        built.replace_article("a", quads("a", "eins", "zwei"))
        built.publish()
    before = exported(store)
    ballast.write_bytes(b"x" * 22_000_000)
    with pytest.raises(StoreError, match="disk's space"):
        fill(store)
    with open_snapshot(store) as reading:
        assert len(list(reading)) == 3
    ballast.unlink()
    assert exported(store) == before
    with writer(store) as again:
        again.replace_article("b", quads("b", "drei"))
        again.publish()
    assert "drei" in exported(store)
    assert not has_mark(store, "unpublished")


def fill(store: Path) -> None:
    """Write until the disk is full."""
    with writer(store) as filling:
        for number in range(200):
            article = f"n{number}"
            filling.replace_article(article, quads(article, *(f"{number} {k} " + "ä" * 4000 for k in range(60))))
            filling.stems()
        filling.publish()


def test_writer_of_another_process_is_told(path: Path) -> None:
    with writer(path), pytest.raises(StoreBusyError, match="Another process is writing"):
        Writer(path, BASE, lambda *_: None)
