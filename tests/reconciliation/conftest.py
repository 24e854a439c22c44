"""A client of other people's services that does not wait."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from kg.reconciliation.cache import AnswerCache
from kg.reconciliation.client import Client
from tests.services import SETTINGS


@pytest.fixture
def cache(tmp_path: Path) -> Iterator[AnswerCache]:
    found = AnswerCache(tmp_path / "cache" / "link.sqlite")
    yield found
    found.close()


@pytest.fixture
def waits() -> list[float]:
    return []


@pytest.fixture
def client(cache: AnswerCache, waits: list[float]) -> Client:
    """A client that does not wait, but writes down how long it would have."""
    return Client(SETTINGS, cache, waits.append)
