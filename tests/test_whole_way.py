"""The whole way with the real language pipeline, each command in a process of its own: from articles to an answer."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from kg.frames import load_frames

EXAMPLES = Path(__file__).parent.parent / "examples"
FEW = ("nordkorea-kursk-2025", "patriot-polen", "koalition-paris-meldung", "koalition-paris-analyse")


def kg(*arguments: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "kg.cli", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def export(store: Path) -> bytes:
    target = store.with_suffix(".nq")
    done = kg("export", "--store", store, "-o", target)
    assert done.returncode == 0, done.stderr
    return target.read_bytes()


@pytest.fixture(scope="module")
def few(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("articles")
    for stem in FEW:
        for ending in (".txt", ".meta.json"):
            shutil.copy(EXAMPLES / f"{stem}{ending}", folder)
    return folder


@pytest.fixture(scope="module")
def store(few: Path) -> Path:
    store = few.with_name("store")
    done = kg("build", few, "--store", store)
    assert done.returncode == 0, done.stderr
    return store


def test_the_examples_have_what_the_set_up_promises() -> None:
    stems = {path.stem for path in EXAMPLES.glob("*.txt")}
    assert len(stems) >= 14
    for stem in stems:
        metadata = json.loads((EXAMPLES / f"{stem}.meta.json").read_text(encoding="utf-8"))
        first = (EXAMPLES / f"{stem}.txt").read_text(encoding="utf-8").split("\n", 1)[0]
        assert metadata["title"] == first.strip()
        assert metadata["published"]


def test_the_graph_conforms(store: Path) -> None:
    done = kg("validate", "--store", store)
    assert done.returncode == 0, done.stdout


def test_troops_with_figures_are_found(store: Path, tmp_path: Path) -> None:
    query = tmp_path / "troops.rq"
    query.write_text("""PREFIX lb: <https://w3id.org/lagebild/ontology#>
        SELECT ?text { ?claim lb:eventType lb:Deployment ; lb:personnelText ?text ; lb:evidence ?span }""")
    done = kg("query", "--store", store, query, "--format", "json")
    rows = json.loads(done.stdout)["results"]["bindings"]
    assert any("30.000" in row["text"]["value"] for row in rows)


def test_processes_and_order_do_not_change_a_byte(store: Path, few: Path, tmp_path: Path) -> None:
    backwards = sorted(few.glob("*.txt"), reverse=True)
    done = kg("build", *backwards, "--store", tmp_path / "two", "--jobs", "2")
    assert done.returncode == 0, done.stderr
    assert export(tmp_path / "two") == export(store)


def test_removing_gives_what_building_without_gives(store: Path, few: Path, tmp_path: Path) -> None:
    shutil.copytree(few, tmp_path / "less")
    (tmp_path / "less" / f"{FEW[0]}.txt").unlink()
    kg("build", tmp_path / "less", "--store", tmp_path / "without")
    shutil.copytree(store, tmp_path / "with", symlinks=True)
    done = kg("remove", FEW[0], "--store", tmp_path / "with")
    assert done.returncode == 0, done.stderr
    assert export(tmp_path / "with") == export(tmp_path / "without")


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGKILL])
def test_a_build_that_is_stopped_leaves_the_store_whole(store: Path, tmp_path: Path, how: signal.Signals) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(store, copy, symlinks=True)
    before = export(copy)
    # Where the tests run in the background, processes inherit that Ctrl-C is ignored.
    code = "import signal; signal.signal(signal.SIGINT, signal.default_int_handler); from kg.cli import main; main()"
    # The standard input stays open, so that the build cannot finish before it is stopped.
    command = [sys.executable, "-c", code, "build", str(EXAMPLES), "-", "--store", str(copy)]
    written = (copy / "data").stat().st_mtime_ns
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as process:
        deadline = time.monotonic() + 60
        while (copy / "data").stat().st_mtime_ns == written and time.monotonic() < deadline:
            time.sleep(0.05)
        time.sleep(2.5)
        os.kill(process.pid, how)
        status = process.wait()
    assert status == (130 if how == signal.SIGINT else -signal.SIGKILL)
    assert kg("validate", "--store", copy).returncode == 0
    if how == signal.SIGKILL:
        assert export(copy) == before


def test_the_examples_show_every_event_type(tmp_path: Path) -> None:
    done = kg("build", EXAMPLES, "--store", tmp_path / "all", "--jobs", "2")
    assert done.returncode == 0, done.stderr
    counts = json.loads(kg("stats", "--store", tmp_path / "all", "--json").stdout)["claimsByType"]
    assert {key.split("/")[0] for key in counts} == set(load_frames())


def test_explain_gives_reasons(few: Path) -> None:
    done = kg("explain", few / f"{FEW[0]}.txt")
    assert done.returncode == 0, done.stderr
    assert "Deployment" in done.stdout
    assert "   [„" in done.stdout
