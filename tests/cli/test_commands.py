"""The command line as a whole, and the commands beside `build` and `query`."""

import json
import re
import subprocess
import sys
import time
from pathlib import Path

import click
import pytest
from pyoxigraph import Quad

from kg.cli.main import COMMANDS, main
from kg.fulltext.database import FILE
from kg.store import Writer
from kg.vocab import LB, RDF_TYPE, Minter
from tests.cli.standin import TEXT, export, run
from tests.search_index import index_lines


@pytest.mark.alone
def test_help_is_fast_and_lists_every_command() -> None:
    started = time.monotonic()
    done = subprocess.run([sys.executable, "-m", "kg.cli", "--help"], capture_output=True, text=True, check=True)
    assert time.monotonic() - started < 1.0  # 0.1 s on an idle machine
    assert all(name in done.stdout for name in COMMANDS)


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help_with_an_example(name: str) -> None:
    with click.Context(main) as context:
        command = main.get_command(context, name)
    assert command is not None
    assert command.short_help == COMMANDS[name][1]
    result = run(name, "--help")
    assert result.exit_code == 0
    assert re.search(rf"Examples?:\n.*kg {name} ", result.output, re.DOTALL)


def test_remove(store: Path) -> None:
    result = run("remove", "haiti", "--store", store)
    assert (result.exit_code, result.stdout) == (0, "1 article removed, 1 left.\n")
    assert "article/haiti" not in export(store)


def test_removing_all_leaves_nothing(store: Path) -> None:
    run("remove", "haiti", "mehr", "--store", store)
    assert export(store) == ""


def test_removing_an_unknown_article_removes_nothing(store: Path) -> None:
    before = export(store)
    result = run("remove", "mehr", "haitii", "--store", store)
    assert result.exit_code == 1
    assert "Did you mean 'haiti'?" in result.stderr
    assert export(store) == before


def test_stats(store: Path) -> None:
    result = run("stats", "--store", store)
    assert result.stdout.startswith("2 articles, 2 claims, ")
    assert json.loads(run("stats", "--store", store, "--json").stdout)["claimsByType"] == {"Deployment/occurred": 2}


def test_explain(folder: Path) -> None:
    lines = run("explain", folder / "haiti.txt").stdout.splitlines()
    assert lines[0] == "Kenia schickt Polizisten (2024-06-25, stated)"
    assert lines[2] == "Die Regierung von Kenia hat am Dienstag 400 Polizisten nach Haiti geschickt."
    assert lines[3].split() == ["Deployment,", "occurred", "(confidence", "1.00)"]
    assert "    sender       Kenia   [„Kenia“: subject of the verb]" in lines
    assert "    personnel    400 Polizisten (exactly 400)" in lines
    assert lines[-1] == "1 claim, 2 entities"


def test_explain_writes_a_figure_as_the_graph_does(folder: Path) -> None:
    (folder / "haiti.txt").write_text(TEXT.replace("400 Polizisten", "weitere 400 Polizisten"), encoding="utf-8")
    assert "    personnel    weitere 400 Polizisten (exactly 400)" in run("explain", folder / "haiti.txt").stdout


def test_explain_all_shows_noise(folder: Path) -> None:
    (folder / "haiti.txt").write_text(TEXT + "\nSchreibe einen Kommentar\n", encoding="utf-8")
    assert "[noise] Schreibe einen Kommentar" in run("explain", "--all", folder / "haiti.txt").stdout
    assert "Kommentar" not in run("explain", folder / "haiti.txt").stdout


def test_explain_what_cannot_be_read(tmp_path: Path) -> None:
    result = run("explain", tmp_path / "missing.txt")
    assert result.exit_code == 1
    assert "does not exist" in result.stderr


def test_evaluate(store: Path, folder: Path, tmp_path: Path) -> None:
    export(store)
    entity = {"id": "ke", "type": "Country", "name": "Kenia", "mentions": ["Kenia"], "wikidata": "Q114"}
    gold = {"entities": [entity], "events": []}
    (folder / "haiti.gold.json").write_text(json.dumps(gold))
    arguments = ("evaluate", store.with_name("graph.nq"), folder, "--json", tmp_path / "out.json", "--misses")
    result = run(*arguments)
    assert result.exit_code == 0, result.output
    assert result.stdout.startswith("haiti: spurious Country ['haiti']\n")
    assert re.search(r"^Country +0\.500 +1\.000 +0\.667 +1 +1$", result.stdout, re.MULTILINE)
    assert json.loads((tmp_path / "out.json").read_text())["links"] == {"all": 1, "right": 1, "wrong": 0}
    assert run(*arguments, "--only", "other").exit_code == 1


@pytest.mark.parametrize(
    "arguments",
    [
        ("stats",),
        ("export", "-o", "out.nq"),
        ("query", "-"),
        ("remove", "haiti"),
        ("validate",),
    ],
)
def test_without_a_store_there_is_one_clean_line(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    result = run(*arguments, "--store", tmp_path / "none", stdin="ASK { ?s ?p ?o }")
    assert result.exit_code == 1
    assert re.fullmatch(r"Error: .+\n", result.stderr)
    assert not (tmp_path / "none").exists()


def test_a_wrong_command_line_is_status_2() -> None:
    assert run("build").exit_code == 2
    assert run("nonsense").exit_code == 2


def test_a_wrong_setting_is_one_clean_line(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LAGEBILD_FETCH_TIMEOUT", "soon")
    result = run("build", folder, "--store", tmp_path / "store")
    assert result.exit_code == 1
    assert "LAGEBILD_FETCH_TIMEOUT='soon'" in result.stderr


def test_output_into_a_closed_pipe_is_no_traceback(store: Path) -> None:
    command = f"{sys.executable} -m kg.cli stats --store {store} --articles | true"
    done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, check=False)
    assert "Traceback" not in done.stderr


def test_the_store_may_be_a_setting(store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LAGEBILD_STORE", str(store))
    assert run("stats", "--articles").stdout.split() == ["haiti", "mehr"]


def test_validate(store: Path) -> None:
    result = run("validate", "--store", store)
    assert (result.exit_code, result.stdout) == (0, "4 graphs: conforms to the shapes.\n")


def test_validate_names_what_is_wrong(store: Path) -> None:
    with Writer(store, "http://localhost:8000/", lambda *_: None) as writer:
        graph = Minter("http://localhost:8000/").article_graph("kaputt")
        claim = Minter("http://localhost:8000/").claim("x")
        writer.replace_article("kaputt", [Quad(claim, RDF_TYPE, LB.term("Claim"), graph)])
        writer.publish()
    result = run("validate", "--store", store, "--limit", "1")
    assert result.exit_code == 1
    assert result.stdout.startswith(claim.value)
    assert re.search(r"and \d+ more", result.stdout)
    assert re.search(r"5 graphs: \d+ findings", result.stderr)


def test_export_of_a_table(store: Path, tmp_path: Path) -> None:
    target = tmp_path / "out.csv"
    result = run("export", "--store", store, "--as", "deployments.csv", "-o", target)
    assert result.stderr == f"2 rows written to {target}.\n"
    written = target.read_bytes()
    assert run("export", "--store", store, "--as", "deployments.csv", "-o", "-").stdout_bytes == written
    assert written.count(b"\r\n") == 3


def test_export_wants_a_target(store: Path) -> None:
    assert run("export", "--store", store).exit_code == 2


def test_export_that_cannot_be_written_leaves_nothing(store: Path, tmp_path: Path) -> None:
    result = run("export", "--store", store, "--as", "plover.csv", "-o", tmp_path / "none" / "out.csv")
    assert result.exit_code == 1
    assert "cannot be written" in result.stderr


def test_a_lost_index_is_made_anew(store: Path) -> None:
    before = index_lines(store)
    (store / FILE).unlink()
    result = run("index", "--store", store)
    assert result.exit_code == 0, result.output
    assert "search.db: " in result.stdout
    assert index_lines(store) == before
    assert run("index", "--store", store / "none").exit_code == 1


def test_what_is_printed_stands_as_it_is(folder: Path, tmp_path: Path) -> None:
    base = "http://example.org/:de:/"
    run("build", folder, "--store", tmp_path / "store", "--base-iri", base, "--published", "2024-07-01")
    assert f"Base IRI {base}\n" in run("stats", "--store", tmp_path / "store").stdout
