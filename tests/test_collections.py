"""Many articles in one file or stream."""

import gzip
import io
import json
import zipfile
from datetime import date
from pathlib import Path
from types import SimpleNamespace

import pytest

from kg.articles import Input, ReadOptions, collections, count_inputs, list_inputs, read_inputs
from kg.errors import ArticleError
from kg.model import Article
from tests.test_articles import ENGLISH, PAGE, TEXT

OPTIONS = ReadOptions(today=date(2025, 6, 1))
RECORDS = [
    {"id": "Erster Gipfel", "text": TEXT, "published": "2024-11-18", "publisher": "Blatt", "more": [1]},
    {"html": PAGE, "source": "https://example.org/politik/gipfel.html"},
    {"text": TEXT},
]
LINES = "".join(json.dumps(record) + "\n" for record in RECORDS).encode()


def read(*names: Path | str) -> list[Article | ArticleError]:
    return list(read_inputs(map(str, names), OPTIONS))


def check(found: list[Article | ArticleError]) -> None:
    first, second, third = found
    assert isinstance(first, Article) and isinstance(second, Article) and isinstance(third, Article)
    assert (first.stem, first.published, first.publisher) == ("Erster-Gipfel", date(2024, 11, 18), "Blatt")
    assert (second.stem, second.source) == ("example.org-politik-gipfel", "https://example.org/politik/gipfel.html")
    assert second.published == date(2024, 6, 25)
    assert third.stem.startswith("record-")
    assert third.text == first.text


@pytest.mark.parametrize("name", ["news.jsonl", "news.ndjson", "news.JSONL.gz"])
def test_json_lines(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(gzip.compress(LINES) if name.endswith("gz") else LINES)
    check(read(tmp_path / name))


def test_json_lines_on_the_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", SimpleNamespace(buffer=io.BytesIO(b"\n  \n" + LINES)))
    check(read("-"))


def test_a_stream_is_read_as_it_comes(monkeypatch: pytest.MonkeyPatch) -> None:
    stream = io.BytesIO(LINES)
    monkeypatch.setattr("sys.stdin", SimpleNamespace(buffer=stream))
    items = list_inputs(["-"])
    assert isinstance(next(items), Input)
    assert stream.tell() < len(LINES)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (b"{", "is no JSON"),
        (b"[" * 100_000, "is no JSON"),
        (b"\xff\xfe", "is no JSON"),
        (b"[]", "is no JSON object"),
        (b"{}", "has neither text nor html"),
        (b'{"text": 3}', "has neither text nor html"),
        (b'{"text": ""}', "holds no words"),
        (json.dumps({"text": TEXT, "published": "gestern"}).encode(), "published is 'gestern'"),
        (json.dumps({"text": TEXT, "source": "x"}).encode(), "source is 'x'"),
        (json.dumps({"text": ENGLISH}).encode(), "news.jsonl:2"),
        (json.dumps({"text": "\ud800" + TEXT}).encode(), ""),
    ],
)
def test_a_bad_line_is_named_and_the_others_are_read(tmp_path: Path, line: bytes, said: str) -> None:
    first, *_ = LINES.splitlines(keepends=True)
    (tmp_path / "news.jsonl").write_bytes(first + line + b"\n" + LINES)
    found = read(tmp_path / "news.jsonl")
    errors = [item for item in found if isinstance(item, ArticleError)]
    assert len([item for item in found if isinstance(item, Article)]) + len(errors) == 5
    assert any("news.jsonl:3 and" in str(error) and "'Erster-Gipfel'" in str(error) for error in errors)
    assert not said or any(said in str(error) for error in errors)


def test_lines_without_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(collections, "_MOST", 2_000)
    (tmp_path / "news.jsonl").write_bytes(b"x" * 9_000 + b"\n" + LINES)
    error, *others = read(tmp_path / "news.jsonl")
    assert isinstance(error, ArticleError)
    assert "news.jsonl:1 is longer than" in error.message
    check(others)


def archive(path: Path, files: dict[str, str]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in files.items():
            made.writestr(name, content)
    return path


def test_an_archive_is_read_as_a_folder_is(tmp_path: Path) -> None:
    files = {
        "politik/gipfel.txt": TEXT,
        "politik/gipfel.meta.json": '{"publisher": "Blatt"}',
        "seite.html": PAGE,
        "bild.jpg": "x",
        ".versteckt.txt": TEXT,
        "__MACOSX/gipfel.txt": TEXT,
    }
    first, second = read(archive(tmp_path / "news.zip", files))
    assert isinstance(first, Article) and isinstance(second, Article)
    assert (first.stem, first.publisher) == ("gipfel", "Blatt")
    assert second.stem == "seite"


def test_an_archive_that_unpacks_to_very_much(tmp_path: Path) -> None:
    error, other = read(archive(tmp_path / "news.zip", {"a.txt": "Soldaten " * 9_000_000, "b.txt": TEXT}))
    assert isinstance(error, ArticleError)
    assert "a.txt is longer than" in error.message
    assert isinstance(other, Article)


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.zip", b"", "cannot be read to its end"),
        ("a.zip", b"PK\x03\x04" + b"\0" * 100, "cannot be read to its end"),
        ("a.jsonl.gz", b"no gzip", "cannot be read to its end"),
        ("a.jsonl.gz", gzip.compress(LINES * 100)[:-20], "cannot be read to its end"),
        ("fehlt.zip", None, "does not exist"),
    ],
)
def test_broken_collections(tmp_path: Path, name: str, content: bytes | None, said: str) -> None:
    if content is not None:
        (tmp_path / name).write_bytes(content)
    assert any(said in str(item) for item in read(tmp_path / name) if isinstance(item, ArticleError))


def test_an_empty_archive(tmp_path: Path) -> None:
    (error,) = read(archive(tmp_path / "news.zip", {"bild.jpg": "x"}))
    assert "holds no .txt or .html file" in str(error)


def test_counting(tmp_path: Path) -> None:
    for name in ("a.txt", "b.html", "c.jpg", ".d.txt"):
        (tmp_path / name).touch()
    assert count_inputs([str(tmp_path), "https://example.org/"]) == 3
    assert count_inputs([str(tmp_path), "-"]) is None
    assert count_inputs(["news.jsonl"]) is None
