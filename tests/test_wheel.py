"""`pip install .` gives a program that works on its own: a wheel is built, unpacked, and run away from the checkout."""

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    pytest.importorskip("hatchling", reason="the wheel is built with hatchling, which the extra `dev` brings")
    folder = tmp_path_factory.mktemp("wheel")
    command = ["wheel", str(ROOT), "--no-deps", "--no-build-isolation", "--quiet", "--wheel-dir", str(folder)]
    subprocess.run([sys.executable, "-m", "pip", "--disable-pip-version-check", *command], check=True)
    (wheel,) = folder.glob("lagebild-*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder / "site")
    return folder / "site"


def run(site: Path, code: str, folder: Path) -> str:
    """Run code with the unpacked wheel in front of the checkout."""
    code = f"import sys; sys.path.insert(0, {str(site)!r}); {code}"
    return subprocess.run([sys.executable, "-c", code], cwd=folder, capture_output=True, text=True, check=True).stdout


def test_the_wheel_carries_its_data_and_nothing_else(site: Path) -> None:
    names = {path.relative_to(site).as_posix() for path in site.rglob("*") if path.is_file()}
    for folder in ("kg/data", "kg/web/templates", "kg/web/static"):
        expected = {path.relative_to(ROOT).as_posix() for path in (ROOT / folder).rglob("*") if path.is_file()}
        assert {n for n in expected if "__pycache__" not in n and "/." not in n} <= names
    for folder in ("queries", "ontology"):
        expected = {path.relative_to(ROOT).as_posix() for path in (ROOT / folder).rglob("*") if path.is_file()}
        assert {f"kg/resources/{name}" for name in expected} <= names
    assert {name.split("/")[0].split("-")[0] for name in names} == {"kg", "lagebild"}
    assert not [name for name in names if "frontend" in name or name.endswith(".pyc")]


def test_the_installed_program_finds_its_files(site: Path, tmp_path: Path) -> None:
    code = "import kg.resources as r; print(r.__file__); print(r.resource('queries/derive'))"
    module, found = run(site, code, tmp_path).split()
    assert module == str(site / "kg" / "resources.py")
    assert found == str(site / "kg" / "resources" / "queries" / "derive")


def test_the_installed_command_line_runs(site: Path, tmp_path: Path) -> None:
    assert "Usage: kg" in run(site, "from kg.cli import main; main(['--help'], prog_name='kg')", tmp_path)
