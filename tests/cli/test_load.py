"""`kg load`: a graph in a file fills a new store."""

import gzip
from pathlib import Path

import pytest

from kg.layout import has_mark
from tests.cli.standin import export, run


@pytest.mark.parametrize("name", ["graph.nq", "graph.trig", "graph.nq.gz"])
@pytest.mark.parametrize("options", [[], ["--derived"]])
def test_a_loaded_graph_is_the_exported_one(store: Path, tmp_path: Path, name: str, options: list[str]) -> None:
    plain = tmp_path / name.removesuffix(".gz")
    run("export", "--store", store, "-o", plain)
    if name.endswith(".gz"):
        (tmp_path / name).write_bytes(gzip.compress(plain.read_bytes()))
    result = run("load", tmp_path / name, "--store", tmp_path / "new", *options)
    assert result.exit_code == 0, result.output
    assert "holds 2 articles" in result.stdout
    assert export(tmp_path / "new") == export(store)


def test_what_is_derived_is_derived_anew_unless_it_is_trusted(store: Path, tmp_path: Path) -> None:
    (tmp_path / "graph.nq").write_text(
        "".join(line for line in export(store).splitlines(True) if "/event/" not in line)
    )
    run("load", tmp_path / "graph.nq", "--store", tmp_path / "anew")
    run("load", tmp_path / "graph.nq", "--store", tmp_path / "trusted", "--derived")
    assert export(tmp_path / "anew") == export(store)
    assert "/event/" not in export(tmp_path / "trusted")


def test_a_store_that_is_not_empty_stays_as_it_is(store: Path, tmp_path: Path) -> None:
    before = export(store)
    (tmp_path / "graph.nq").write_text(before)
    result = run("load", tmp_path / "graph.nq", "--store", store)
    assert result.exit_code == 1
    assert "is not empty" in result.stderr
    assert export(store) == before


def test_after_a_broken_file_a_whole_one_can_be_loaded(store: Path, tmp_path: Path) -> None:
    whole, broken = tmp_path / "whole.nq", tmp_path / "broken.nq"
    whole.write_text(export(store))
    broken.write_text(export(store) + "<http://example.org/a> <b \n")
    result = run("load", broken, "--store", tmp_path / "new")
    assert result.exit_code == 1
    assert "cannot be read" in result.stderr
    assert run("load", whole, "--store", tmp_path / "new").exit_code == 0
    assert export(tmp_path / "new") == export(store)
    assert not has_mark(tmp_path / "new", "unsafe")


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("graph.nq", b"", "holds no graph of an article"),
        ("graph.nq", b"\x00\xff" * 1000, "holds no graph of an article"),
        ("graph.nq.gz", b"no gzip", "is no gzip file"),
        ("graph.nq.gz", gzip.compress(b"x" * 100_000, mtime=0)[:50], "is no gzip file, or is cut off"),
        ("graph.ttl", b"", "is no file that ends in .nq or .trig"),
        ("fehlt.nq", None, "is no file"),
    ],
    ids=["empty", "binary", "not compressed", "cut off", "another format", "missing"],
)
def test_files_that_are_no_export(tmp_path: Path, name: str, content: bytes | None, said: str) -> None:
    if content is not None:
        (tmp_path / name).write_bytes(content)
    result = run("load", tmp_path / name, "--store", tmp_path / "new")
    assert result.exit_code == 1
    assert said in result.stderr
    assert not (tmp_path / "new").exists()
