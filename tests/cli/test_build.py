"""`kg build`: what goes into the store, what is left out, and what is said about it."""

import io
import json
import re
import sys
from datetime import date
from pathlib import Path
from types import SimpleNamespace

import pytest

from kg import tasks
from kg.cli.progress import describe
from kg.processes import available_cores
from kg.store import Writer
from tests.cli.standin import TEXT, export, run


def test_build_says_what_came_out(folder: Path, tmp_path: Path) -> None:
    result = run("build", folder, "--store", tmp_path / "store", "--published", "2024-07-01")
    assert "2 articles built" in result.stdout
    assert re.search(r"Deployment +2 +2", result.stdout)
    assert "Country 4" in result.stdout


def test_dates_are_stated_and_given(store: Path) -> None:
    graph = export(store)
    assert re.search(r"article/haiti> <http://purl.org/dc/terms/issued> \"2024-06-25\"", graph)
    assert re.search(r"article/haiti> <https://w3id.org/lagebild/ontology#dateBasis> \S+#stated> ", graph)
    assert re.search(r"article/mehr> <http://purl.org/dc/terms/issued> \"2024-07-01\"", graph)
    assert re.search(r"article/mehr> <https://w3id.org/lagebild/ontology#dateBasis> \S+#given> ", graph)


def test_building_again_replaces_what_has_changed(store: Path, folder: Path) -> None:
    before = export(store)
    result = run("build", folder, "--store", store, "--published", "2024-07-01")
    assert "0 articles built, 2 unchanged" in result.stdout
    result = run("build", folder, "--store", store, "--published", "2024-07-01", "--again")
    assert "2 articles built, 2 of them replaced" in result.stdout
    assert export(store) == before
    (folder / "mehr.txt").write_text(TEXT.replace("400", "700"), encoding="utf-8")
    run("build", folder / "mehr.txt", "--store", store, "--published", "2024-07-01")
    after = export(store)
    assert '"700"' in after
    assert '"600"' not in after
    result = run("build", folder, "--store", store, "--published", "2024-07-02")
    assert "1 article built, 1 of them replaced, 1 unchanged" in result.stdout  # haiti states its date


def test_what_has_not_changed_is_passed_over_without_a_model(
    store: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def load(_: str) -> None:
        raise AssertionError("a model was loaded")

    monkeypatch.setattr(tasks, "open_extractor", load)
    result = run("build", folder, "--store", store, "--published", "2024-07-01")
    assert "0 articles built, 2 unchanged" in result.stdout


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere processes that are forked are not safe")
def test_several_processes_have_what_one_has_loaded(
    store: Path, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    loaded = list[str]()
    monkeypatch.setattr("kg.building.load_reader", loaded.append)
    arguments = ("build", folder, "--jobs", "2", "--published", "2024-07-01", "--store")
    assert "2 articles built" in run(*arguments, tmp_path / "new" / "store").stdout
    assert loaded == [""]
    assert export(tmp_path / "new" / "store") == export(store)  # the others read with the stand-in too
    assert "2 unchanged" in run(*arguments, store).stdout
    assert loaded == [""]  # a store may have all that there is
    assert "2 of them replaced" in run(*arguments, store, "--again").stdout
    assert loaded == ["", ""]


def test_another_version_of_the_data_reads_again(store: Path, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tasks, "_reader_version", lambda _: "another")
    result = run("build", folder, "--store", store, "--published", "2024-07-01")
    assert "2 articles built, 2 of them replaced" in result.stdout


def test_an_assumed_date_stays_the_day_of_the_first_build(folder: Path, tmp_path: Path) -> None:
    run("build", folder, "--store", tmp_path / "store")
    before = export(tmp_path / "store")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("kg.cli.build.date", SimpleNamespace(today=lambda: date(2199, 1, 1)))
        assert "2 unchanged" in run("build", folder, "--store", tmp_path / "store").stdout
    assert export(tmp_path / "store") == before


def test_json_lines_become_articles(tmp_path: Path) -> None:
    lines = "".join(f'{{"id": "n{k}", "text": {json.dumps(TEXT)}, "published": "2024-07-0{k}"}}\n' for k in (1, 2, 3))
    result = run("build", "-", "--store", tmp_path / "store", stdin=lines)
    assert "3 articles built" in result.stdout
    assert run("stats", "--store", tmp_path / "store", "--articles").stdout.split() == ["n1", "n2", "n3"]


@pytest.mark.parametrize(
    ("quota", "most"), [("max 100000", 256), ("100000 100000", 1), ("150000 100000", 2), ("", 256)]
)
def test_processors_within_the_quota(tmp_path: Path, quota: str, most: int) -> None:
    (tmp_path / "cpu.max").write_text(quota)
    assert available_cores(tmp_path / "cpu.max") == min(most, available_cores(tmp_path / "missing"))


def test_progress_in_words() -> None:
    assert describe(120, 10_000, 30) == "120 of 10,000 articles, 240 a minute, 41 min left"
    assert describe(1, None, 60) == "1 articles, 1 a minute"


def test_the_order_of_inputs_does_not_matter(store: Path, folder: Path, tmp_path: Path) -> None:
    (tmp_path / "x").mkdir()
    other = tmp_path / "x" / "store"
    run("build", folder / "mehr.txt", folder / "haiti.txt", "--store", other, "--published", "2024-07-01")
    assert export(other) == export(store)


def test_a_bad_article_is_left_out_and_said(folder: Path, tmp_path: Path) -> None:
    (folder / "leer.txt").touch()
    (folder / "absturz.txt").write_text(TEXT + "Absturz.", encoding="utf-8")
    result = run("build", folder, tmp_path / "fehlt.txt", "--store", tmp_path / "store", "--published", "2024-07-01")
    assert result.exit_code == 1
    assert "2 articles built" in result.stdout
    left_out = [line for line in result.stderr.splitlines() if line.startswith("Left out: ")]
    assert len(left_out) == 3
    assert any("leer.txt holds no words." in line for line in left_out)
    assert any("absturz.txt made the program fail (KeyError" in line for line in left_out)
    assert any("fehlt.txt does not exist." in line for line in left_out)
    assert run("stats", "--store", tmp_path / "store", "--articles").stdout.split() == ["haiti", "mehr"]


def test_the_standard_input(tmp_path: Path) -> None:
    result = run("build", "-", "--store", tmp_path / "store", "--published", "2024-07-01", stdin=TEXT)
    assert result.exit_code == 0
    assert run("stats", "--store", tmp_path / "store", "--articles").stdout.startswith("stdin-")


def test_two_inputs_of_one_stem(folder: Path, tmp_path: Path) -> None:
    (folder / "b").mkdir()
    (folder / "b" / "haiti.txt").write_text(TEXT, encoding="utf-8")
    result = run("build", folder, "--store", tmp_path / "store")
    assert result.exit_code == 1
    assert "both be article 'haiti'" in result.stderr


@pytest.mark.parametrize(
    "iri", ["x", "http://", "http://example.org", "ftp://example.org/", "http://exa mple.org/", "http://a/#"]
)
def test_base_iris_that_are_none(folder: Path, tmp_path: Path, iri: str) -> None:
    result = run("build", folder, "--store", tmp_path / "store", "--base-iri", iri)
    assert result.exit_code == 1
    assert result.stderr.startswith("Error: ")
    assert not (tmp_path / "store").exists()


def test_a_store_keeps_its_base_iri(folder: Path, tmp_path: Path) -> None:
    store = tmp_path / "store"
    run("build", folder, "--store", store, "--base-iri", "https://example.org/g/")
    assert run("build", folder, "--store", store).exit_code == 0
    assert "<https://example.org/g/graph/article/haiti>" in export(store)
    assert run("build", folder, "--store", store, "--base-iri", "https://other.org/").exit_code == 1


@pytest.mark.parametrize(
    ("last", "message", "kept"),
    [("mehr", "1 article finished and in the store.", ["haiti"]), ("haiti", "No article was finished.", [])],
)
def test_an_interrupted_build_keeps_what_was_finished(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, last: str, message: str, kept: list[str]
) -> None:
    original = Writer.replace_article

    def interrupted(self: Writer, stem: str, *arguments: object) -> bool:
        if stem == last:
            raise KeyboardInterrupt
        return original(self, stem, *arguments)  # type: ignore[arg-type]  # passed on as they came

    monkeypatch.setattr(Writer, "replace_article", interrupted)
    result = run("build", folder, "--store", tmp_path / "store")
    assert result.exit_code == 130
    assert message in result.stderr.splitlines()
    assert run("stats", "--store", tmp_path / "store", "--articles").stdout.split() == kept


def test_binary_on_the_standard_input(tmp_path: Path) -> None:
    result = run("build", "-", "--store", tmp_path / "store", stdin=io.BytesIO(b"\x00\x01\x02").getvalue())
    assert result.exit_code == 1
    assert "binary" in result.stderr


NASTY = {
    "leer.txt": b"",
    "bild.txt": b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR",
    "zeile.txt": b"Soldaten " * 1_200_000,
    "suppe.html": b"<p><b><table><div>" * 3000 + b"</i></p>&amp;&#0;<script>",
    "english.txt": b"The government of Kenya said on Tuesday that it has sent 400 officers to the island.",
    "dos.txt": TEXT.replace("hat", "hat für").encode("cp850"),
    "kaputt.html": b"\xef\xbb\xbf\xff\xfe<html>",
    "meta.txt": TEXT.encode(),
    "meta.meta.json": b'{"published": "gestern"}',
}


def test_nasty_inputs_are_left_out_and_the_store_stays_whole(store: Path, folder: Path) -> None:
    before = export(store)
    for name, content in NASTY.items():
        (folder / name).write_bytes(content)
    result = run("build", folder, "--store", store, "--published", "2024-07-01")
    assert result.exit_code == 1
    assert "0 articles built, 2 unchanged" in result.stdout
    left_out = re.findall(r"^Left out: .*?([\w.]+\.(?:txt|html|meta\.json))", result.stderr, re.MULTILINE)
    assert sorted(left_out) == sorted(NASTY.keys() - {"meta.txt"})
    assert export(store) == before


def test_an_article_without_a_date_is_marked_as_assumed(folder: Path, tmp_path: Path) -> None:
    run("build", folder, "--store", tmp_path / "store")
    assert re.search(
        r"article/mehr> <https://w3id.org/lagebild/ontology#dateBasis> \S+#assumed> ", export(tmp_path / "store")
    )
