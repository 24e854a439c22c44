"""Settings from the environment: what each may be, and the error where it is not."""

import pytest

from kg.errors import SettingError
from kg.settings import Settings


def test_what_the_environment_says(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in (("QUERY_WORKERS", "3"), ("FETCH_PRIVATE", "on"), ("CACHE_MB", "0"), ("STORE", "graph")):
        monkeypatch.setenv(f"LAGEBILD_{name}", value)
    found = Settings.from_environment()
    assert (found.query_workers, found.fetch_private, found.cache_mb, found.store) == (3, True, 0, "graph")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("QUERY_TIMEOUT", "0"),
        ("QUERY_TIMEOUT", "nan"),
        ("QUERY_TIMEOUT", "1e12"),
        ("QUERY_WORKERS", "-1"),
        ("QUERY_WORKERS", "two"),
        ("QUERY_MEMORY_MB", "99999999999999"),
        ("CACHE_MB", "-1"),
        ("ARTICLE_MAX_CHARS", "1.5"),
        ("FETCH_PRIVATE", "maybe"),
    ],
)
def test_a_value_that_cannot_be(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv(f"LAGEBILD_{name}", value)
    with pytest.raises(SettingError, match=f"LAGEBILD_{name}"):
        Settings.from_environment()
