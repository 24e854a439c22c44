"""Pages that are made before anybody asks for them."""

import os
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Never

import pytest
from flask import Flask

from kg.errors import QueryTimeoutError
from kg.settings import Settings
from kg.web import ahead
from kg.web.ahead import ENCODINGS, PagesAhead
from kg.web.app import create_app
from kg.web.cache import Asked, ResponseCache
from kg.web.graph import Graph
from kg.web.i18n import LANGUAGES

BROWSER = {
    "accept": "text/html,application/xhtml+xml,*/*;q=0.8",
    "accept-language": "de-DE,de;q=0.9,en;q=0.5",
    "accept-encoding": "gzip, deflate, br, zstd",
    "cookie": "theme=dark",
}
FILTERED = "/page/country/KP?type=Deployment&role=sender"
HEADERS = [("Content-Type", "text/html; charset=utf-8"), ("Vary", "Accept-Language, Cookie, Accept-Encoding")]


@pytest.fixture
def app(site_store: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Flask]:
    monkeypatch.setattr(ahead, "MAIN", ("/",))
    monkeypatch.setattr(ahead, "HUBS", 1)
    found = create_app(site_store, Settings())
    yield found
    found.extensions["supervisor"].close()


def cache_of(app: Flask) -> ResponseCache:
    found: ResponseCache = app.extensions["cache"]
    return found


def make(app: Flask, most: int = 1_000) -> int:
    return PagesAhead(app, most).make(app.extensions["supervisor"].snapshot())


def test_the_main_pages_are_ready_for_any_browser(app: Flask) -> None:
    assert make(app) == (len(ahead.MAIN) + ahead.HUBS) * len(LANGUAGES) * len(ENCODINGS)
    for path in ahead.MAIN:
        found = cache_of(app).find(Asked("GET", path, BROWSER))
        assert found is not None
        asked = app.test_client().get(path, headers=BROWSER)
        assert found.body == asked.data
        assert dict(found.headers)[b"etag"].decode() == asked.headers["ETag"]


def test_workers_stand_back_for_those_of_readers(app: Flask) -> None:
    make(app, 1)
    pools = app.extensions["supervisor"].pools
    assert pools["background"].counts["answered"] > 0
    assert pools["pages"].counts["answered"] == 0
    with pools["background"].lanes.lease(1.0) as lease:
        assert os.sched_getscheduler(lease.worker.pid) == os.SCHED_IDLE


def test_what_was_asked_for_comes_first_and_fades_when_nobody_asks_again(app: Flask) -> None:
    cache = cache_of(app)
    asked = Asked("GET", FILTERED, BROWSER)
    cache.keep(asked, "earlier", HEADERS, b"stale")
    assert cache.find(asked) is None
    assert make(app, 1) == 1
    found = cache.find(asked)
    assert found is not None
    assert found.body == app.test_client().get(FILTERED, headers=BROWSER).data
    cache.keep(asked, "earlier", HEADERS, b"stale", found.views - 1)  # as it was made: nobody had asked for it
    make(app, 1)
    assert cache.find(asked) is None


def test_only_pages_are_made(app: Flask) -> None:
    cache = cache_of(app)
    feed = [("Content-Type", "application/atom+xml"), *HEADERS[1:]]
    cache.keep(Asked("GET", "/feed.atom", BROWSER), "earlier", feed, b"stale")
    cache.keep(Asked("POST", "/events", BROWSER, b"x"), "earlier", HEADERS, b"stale")
    cache.keep(Asked("GET", "/page/country/XX", BROWSER), "earlier", HEADERS, b"stale")  # is there no more
    assert [each.asked.target for each in cache.list_stale(ahead.HTML, 10)] == ["/page/country/XX"]
    assert make(app, 1) == 0


def test_pages_of_a_snapshot_that_is_over_are_not_made(app: Flask) -> None:
    assert PagesAhead(app, 10).make("0-over") == 0


def test_a_thread_follows_the_snapshots(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ahead, "LOOK_SECONDS", 0.01)
    monkeypatch.setattr(ahead, "SETTLE_SECONDS", 0.0)
    front, deadline = Asked("GET", "/", BROWSER), time.monotonic() + 20
    with PagesAhead(app, 1):
        while not cache_of(app).has(front):
            assert time.monotonic() < deadline
            time.sleep(0.01)


def too_late(*_: object) -> Never:
    raise QueryTimeoutError("The query was stopped after 60 s.", "Make it cheaper.", "query_timeout", 60.0)


def test_a_page_that_could_not_be_made_is_not_tried_again(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    tried: list[str] = []

    def front() -> Never:
        tried.append("/")
        too_late()

    monkeypatch.setitem(app.view_functions, "site.front", front)
    assert make(app) == ahead.HUBS * len(LANGUAGES) * len(ENCODINGS)
    assert tried == ["/"]


def test_work_ends_where_pages_take_too_long(
    app: Flask, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(Graph, "select_each", too_late)
    for number in range(10):
        stale = Asked("GET", f"/articles?page={number + 1}", BROWSER)
        cache_of(app).keep(stale, "earlier", HEADERS, b"stale", 10 - number)
    assert make(app) == 0
    assert caplog.messages[-1].endswith("ahead: /articles?page=1, /articles?page=2, /articles?page=3")


def test_a_store_without_an_index_is_told_of(
    app: Flask, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(ahead, "number_of", lambda _: -1)
    make(app)
    assert "There is no search index of this snapshot." in caplog.text
    assert "`kg index`" in caplog.text


def test_who_is_not_asked_for_anything_does_nothing(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """A snapshot's pages are made once; then the thread only looks whether there is another one."""
    monkeypatch.setattr(ahead, "LOOK_SECONDS", 0.001)
    monkeypatch.setattr(ahead, "SETTLE_SECONDS", 0.0)
    pages, looks, made = PagesAhead(app, 1), threading.Semaphore(0), list[str]()
    snapshot: str = app.extensions["supervisor"].snapshot()

    def look() -> str:
        looks.release()
        return snapshot

    monkeypatch.setattr(pages, "_snapshot", look)
    monkeypatch.setattr(pages, "make", made.append)
    with pages:
        for _ in range(20):
            assert looks.acquire(timeout=10)
    assert made == [snapshot]


def test_nothing_is_made_where_none_is_wanted(app: Flask) -> None:
    with PagesAhead(app, 0):
        pass
    assert make(app, 0) == 0
    assert "background" not in app.extensions["supervisor"].pools
