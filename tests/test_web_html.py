"""The HTML of every type of page is valid."""

import shutil
import subprocess
from pathlib import Path

import pytest
from flask.testing import FlaskClient

import kg.web
from tests.page_set import ERRORS, PAGES
from tests.pages import HTML, get

NODE = shutil.which("node")
VALIDATOR = Path(kg.web.__file__).parent / "frontend" / "node_modules" / "html-validate" / "bin" / "html-validate.mjs"
RULES = Path(__file__).parent / "html-validate.json"


@pytest.mark.skipif(NODE is None, reason="there is no node on this machine")
@pytest.mark.skipif(not VALIDATOR.exists(), reason="html-validate is not installed: run make test")
def test_html_is_valid(client: FlaskClient, tmp_path: Path) -> None:
    for name, path in PAGES.items():
        (tmp_path / f"{name}.html").write_text(get(client, path), encoding="utf-8")
    for name, path in ERRORS.items():
        (tmp_path / f"{name}.html").write_text(client.get(path, headers=HTML).text, encoding="utf-8")
    (tmp_path / "control.html").write_text("<p><div></p>", encoding="utf-8")
    files = [path.name for path in sorted(tmp_path.iterdir())]
    command = [str(NODE), str(VALIDATOR), "--config", str(RULES), "--formatter", "text", *files]
    found = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False).stdout.splitlines()
    assert any("control.html" in line for line in found)
    assert [line for line in found if "control.html" not in line] == []
