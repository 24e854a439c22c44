"""What is in deploy/ fits the program: what is copied is there, what is set exists, what is asked is answered."""

import re
import shlex
import shutil
import subprocess
from dataclasses import fields
from fnmatch import fnmatch
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from kg.settings import PREFIX, Settings

ROOT = Path(__file__).parent.parent
DEPLOY = ROOT / "deploy"
CONTAINERFILE = (DEPLOY / "Containerfile").read_text("utf-8")
IGNORED = [
    line for line in (ROOT / ".containerignore").read_text("utf-8").splitlines() if line and not line.startswith("#")
]


def is_ignored(path: str) -> bool:
    """Tell whether a path of the checkout is left out (containerignore(5), as much of it as is used)."""
    parts = path.split("/")
    heads = ["/".join(parts[:end]) for end in range(1, len(parts) + 1)]
    return any(
        fnmatch(head, rule) or (rule.startswith("**/") and fnmatch(head.rpartition("/")[2], rule[3:]))
        for head in heads
        for rule in IGNORED
    )


def copied() -> list[str]:
    """Return what the Containerfile copies from the checkout by name."""
    lines = [shlex.split(line) for line in CONTAINERFILE.splitlines() if line.startswith("COPY ")]
    return [source for words in lines if not words[1].startswith("--from") for source in words[1:-1] if source != "."]


@pytest.mark.parametrize(
    "path",
    [*copied(), "pyproject.toml", "README.md", "LICENSE", "kg/web/app.py", "kg/web/frontend/build.mjs", "queries"],
)
def test_what_the_image_is_built_of_is_there(path: str) -> None:
    assert (ROOT / path).exists()
    assert not is_ignored(path)


@pytest.mark.parametrize("path", [".git/config", ".venv/bin/python", "kg/web/frontend/node_modules/x", "store/current"])
def test_what_is_of_this_machine_stays_here(path: str) -> None:
    assert is_ignored(path)


def test_wheel_needs_nothing_that_is_left_out() -> None:
    build = (ROOT / "pyproject.toml").read_text("utf-8").partition("[tool.hatch")[2].partition("[tool.ruff")[0]
    sources = re.findall(r'^"([^"]+)" = ', build, re.MULTILINE)
    assert sources
    assert not [source for source in sources if is_ignored(source)]


@pytest.mark.parametrize("file", sorted(DEPLOY.iterdir()), ids=lambda file: file.name)
def test_settings_that_are_set_exist(file: Path) -> None:
    known = {PREFIX + item.name.upper() for item in fields(Settings)} | {f"{PREFIX}NAME"}
    assert set(re.findall(rf"{PREFIX}[A-Z_]+", file.read_text("utf-8"))) <= known


def test_image_runs_a_python_that_will_do() -> None:
    pythons = {"bookworm": 11, "trixie": 13}  # Debian's, which is python3 there
    least = re.search(r'requires-python = ">=3\.(\d+)"', (ROOT / "pyproject.toml").read_text("utf-8"))
    release = re.search(r"^FROM docker\.io/library/debian:(\w+)-slim AS base$", CONTAINERFILE, re.MULTILINE)
    assert least
    assert release
    assert pythons[release[1]] >= int(least[1])
    # All stages are of one base: else the environment that is copied has no interpreter.
    assert re.findall(r"^FROM (\S+)", CONTAINERFILE, re.MULTILINE)[1:] == ["base", "base"]


def test_health_check_asks_a_path_that_is_answered(client: FlaskClient) -> None:
    paths = re.findall(r"127\.0\.0\.1:8000(/\w+)", CONTAINERFILE)
    assert paths == ["/ready"]
    assert client.get(paths[0]).status_code == 200


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="needs systemd-analyze, as of Debian's systemd")
def test_units_are_understood_by_systemd(tmp_path: Path) -> None:
    for name in ("lagebild.service", "lagebild.socket"):
        text = (DEPLOY / name).read_text("utf-8")
        program = "/opt/lagebild/.venv/bin/python"  # verified to exist, as it does on the machine that runs it
        (tmp_path / name).write_text(text.replace(program, "/usr/bin/env"), "utf-8")
    checked = subprocess.run(
        ["systemd-analyze", "verify", tmp_path / "lagebild.service"], capture_output=True, text=True, check=False
    )
    assert (checked.returncode, checked.stderr) == (0, "")
