"""What several tests share: whose turn it is, a store with the gold articles, and the application that serves it."""

from collections.abc import Generator, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from flask import Flask
from flask.testing import FlaskClient

from kg.settings import Settings
from tests.turns import ALONE, Turns

if TYPE_CHECKING:
    from tests.writing import Writing


_TURNS = Turns()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """Let each test wait for its turn, with all that is set up for it."""
    with _TURNS.take(alone=item.get_closest_marker(ALONE) is not None):
        return (yield)


@pytest.fixture(scope="session")
def site_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a store with the gold articles, a hostile one with a correction, and an awkward one."""
    from tests.web_site import build_whole_site

    return build_whole_site(tmp_path_factory.mktemp("site") / "store")


@pytest.fixture(scope="session")
def site_app(site_store: Path) -> Iterator[Flask]:
    """The application over that store, with a short limit for queries."""
    from kg.web.app import create_app

    app = create_app(site_store, Settings(query_timeout=2.0, query_wait=2.0))
    yield app
    app.extensions["supervisor"].close()


@pytest.fixture
def client(site_app: Flask) -> FlaskClient:
    """A client without a browser's habits: it accepts anything."""
    return site_app.test_client()


@pytest.fixture(scope="module")
def writing(tmp_path_factory: pytest.TempPathFactory) -> Iterator["Writing"]:
    """An application that may be written to, and its tokens."""
    from tests.writing import start_writing

    started = start_writing(tmp_path_factory.mktemp("writing") / "store")
    yield started
    started.close()
