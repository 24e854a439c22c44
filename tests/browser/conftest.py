"""A running server and a browser to visit it with."""

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

ROOT = Path(__file__).parent.parent.parent
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
FLAGS = [
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"),
    *("--disable-component-update", "--disable-sync"),
]
"""A container has no sandbox of its own, and a test has no business with the browser maker's servers."""


@pytest.fixture(scope="session")
def address(site_store: Path) -> Iterator[str]:
    """The address of a server with the gold articles."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, str(ROOT / "server.py"), "--store", str(site_store), "--port", str(port)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, env=os.environ | {"LAGEBILD_QUERY_TIMEOUT": "5"})
    url = f"http://127.0.0.1:{port}"
    deadline = time.monotonic() + 30
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), 5).close()
            break
        except OSError:
            assert process.poll() is None, "the server does not start"
            assert time.monotonic() < deadline, "the server does not answer"
            time.sleep(0.05)
    yield url
    process.terminate()
    process.wait(20)


@pytest.fixture(scope="package")
def browser() -> Iterator["Browser"]:
    """The system's chromium; the tests that need it are skipped where there is none.

    It goes with the last test of the package: as long as it is there, an event loop runs in this thread.
    """
    if CHROMIUM is None:
        pytest.skip("no chromium on this machine")
    sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    with sync_api.sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield started
        started.close()


@pytest.fixture
def visit(browser: "Browser", address: str) -> Iterator["Visit"]:
    """Open pages, and afterwards complain about what went wrong on them."""
    visitor = Visit(browser, address)
    yield visitor
    visitor.close()
    assert visitor.complaints == []


class Visit:
    """Opens pages and keeps their console errors, script errors, dialogs and requests to elsewhere."""

    def __init__(self, browser: "Browser", address: str) -> None:
        self._browser = browser
        self.address = address
        self.complaints: list[str] = []

    def open(
        self, path: str, *, width: int = 1280, dark: bool = False, script: bool = True, policy: bool = True
    ) -> "Page":
        """Open a page in a context of its own and wait until it is there; without `policy` tests may add scripts."""
        context = self._browser.new_context(
            viewport={"width": width, "height": 900},
            color_scheme="dark" if dark else "light",
            java_script_enabled=script,
            bypass_csp=not policy,
            reduced_motion="reduce",  # what is scrolled to is there at once
            locale="de-DE",
        )
        page = context.new_page()
        page.on("console", lambda message: self._note(message.type == "error", f"{page.url}: {message.text}"))
        page.on("pageerror", lambda error: self._note(True, f"{page.url}: {error}"))
        page.on("dialog", lambda dialog: self._note(True, f"{page.url}: a dialog says {dialog.message}"))
        page.on("request", lambda request: self._note(self._is_outside(request.url), f"{page.url} asks {request.url}"))
        page.goto(self.address + path, wait_until="networkidle" if path.startswith("/sparql") else "load")
        return page

    def close(self) -> None:
        """Close all pages."""
        for context in self._browser.contexts:
            context.close()

    def _is_outside(self, url: str) -> bool:
        return not url.startswith((self.address, "data:"))

    def _note(self, wrong: bool, what: str) -> None:
        if wrong:
            self.complaints.append(what)
