"""Which inputs there are, and what they are called: folders, files, the standard input."""

import io
import os
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.articles import list_inputs
from kg.articles.inputs import make_stem
from kg.errors import ArticleError
from tests.test_articles import PAGE, TEXT, read_error, read_one, write


def test_a_folder_with_subfolders_by_name(tmp_path: Path) -> None:
    (tmp_path / "b").mkdir()
    (tmp_path / ".git").mkdir()
    for name in ("z.txt", "b/a.html", "README.md", ".hidden.txt", ".git/x.txt", "a.gold.json"):
        write(tmp_path, TEXT, name)
    found = [item.stem for item in list_inputs([str(tmp_path)]) if not isinstance(item, ArticleError)]
    assert found == ["a", "z"]


def test_two_inputs_of_one_stem_are_an_error_for_the_second(tmp_path: Path) -> None:
    first, second = write(tmp_path, TEXT, "a.txt"), write(tmp_path, PAGE, "a.html")
    found = list(list_inputs([str(first), str(second)]))
    assert isinstance(found[1], ArticleError)
    assert "both be article 'a'" in found[1].message


def test_an_input_named_twice_comes_once(tmp_path: Path) -> None:
    path = write(tmp_path, TEXT)
    assert len(list(list_inputs([str(path), str(tmp_path), str(tmp_path / "." / "haiti.txt")]))) == 1


@pytest.mark.parametrize("name", ["missing.txt", "notes.docx", "empty"])
def test_inputs_that_cannot_be_read(tmp_path: Path, name: str) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "notes.docx").touch()
    read_error(tmp_path / name)


def test_a_fifo_or_device_is_not_opened(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "rohr.txt")
    (tmp_path / "null.txt").symlink_to("/dev/null")
    os.mkfifo(tmp_path / "haiti.meta.json")
    for path in (tmp_path / "rohr.txt", tmp_path / "null.txt", Path("/dev/zero"), write(tmp_path, TEXT)):
        assert "is no regular file" in read_error(path).message


@pytest.mark.parametrize(
    ("name", "stem"),
    [
        ("01-eutm-mali", "01-eutm-mali"),
        ("Größe & Übung", "Groesse-Uebung"),
        ("Élysée (Kopie)", "Elysee-Kopie"),
        ("../x y", "x-y"),
        ("a.b_c", "a.b_c"),
    ],
)
def test_stems(name: str, stem: str) -> None:
    assert make_stem(name) == stem


@given(name=st.text(min_size=1, max_size=300))
def test_a_stem_is_always_safe_in_an_iri_and_a_path(name: str) -> None:
    stem = make_stem(name)
    assert 0 < len(stem) <= 100
    assert stem == stem.strip("-.")
    assert set(stem) <= set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.")


@pytest.mark.parametrize("raw", [TEXT.encode(), PAGE.encode()])
def test_the_standard_input(monkeypatch: pytest.MonkeyPatch, raw: bytes) -> None:
    stems = set()
    for _ in range(2):
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(raw)))
        article = read_one("-")
        assert "400 Polizisten" in article.text
        stems.add(article.stem)
    assert len(stems) == 1
    assert stems.pop().startswith("stdin-")
