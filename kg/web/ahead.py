"""Pages ahead of their readers: what a new snapshot has made stale is made anew before anybody asks for it.

Pages that were asked for lately come first, then those that most readers begin with. One is made at a time, by a worker
that stands back for all others, and so slowly that a busy service hardly notices. No stale page is ever served: a page
that is not ready yet is made for whoever asks for it, as if there were none of this. A page that could not be made is
not tried again, and after a few of them nothing is: then the graph is too large for pages ahead.
"""

import logging
import threading
from collections.abc import Iterator
from contextlib import suppress
from http import HTTPStatus
from itertools import islice
from time import monotonic, thread_time
from types import TracebackType
from typing import Final, NamedTuple, Self

from flask import Flask
from werkzeug.test import create_environ

from kg.errors import LagebildError, StoreError
from kg.fulltext.asking import Index, Wanted
from kg.snapshots import number_of
from kg.web.cache import MARK, Asked, ResponseCache
from kg.web.context import AHEAD
from kg.web.i18n import LANGUAGES
from kg.worker_leases import CALLER, Caller

MAIN: Final = ("/", "/events", "/movements", "/articles")
"""Where most readers begin."""
HUBS: Final = 8
"""Pages of those entities that are mentioned most."""
ENCODINGS: Final = ("zstd", "gzip")
"""What browsers take."""
HTML: Final = "text/html"
LOOK_SECONDS: Final = 0.25
"""How often it looks for a new snapshot."""
SETTLE_SECONDS: Final = 1.0
"""How long a snapshot has to be the current one: while one write follows the other, pages would be stale at once."""
MOST_LATE: Final = 3
"""Pages that the service could not make, after which the rest of a snapshot is left to its readers."""
MOST_REST: Final = 1.0
"""Seconds after a page until the next, at most; otherwise as long as the thread had a processor for the page."""

_log = logging.getLogger(__name__)


class Wish(NamedTuple):
    """A page that is to be made."""

    asked: Asked
    views: int = 0
    """How often it was asked for; it counts half for the next time."""


class PagesAhead:
    """Makes pages of an application while the block runs, in a thread of its own."""

    def __init__(self, app: Flask, most: int) -> None:
        """Prepare.

        Args:
            app: the application.
            most: pages that are made for one snapshot; 0 means none.
        """
        self._app = app
        self._cache: ResponseCache = app.extensions["cache"]
        self._most = most
        self._ended = threading.Event()
        self._caller = Caller("pages ahead")
        self._thread = threading.Thread(target=self._run, name="pages ahead", daemon=True)

    def __enter__(self) -> Self:
        if self._most:
            self._thread.start()
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        self._ended.set()
        self._caller.leave()
        if self._thread.is_alive():
            self._thread.join(MOST_REST)

    def make(self, snapshot: str) -> int:
        """Make the pages of a snapshot for as long as it is the current one; return how many were made."""
        made, begun = 0, thread_time()
        failed: dict[str, int] = {}  # target to status: what fails once fails in all languages and encodings
        with suppress(StoreError):  # it is being built anew
            for wish in islice(self._wishes(snapshot), self._most):
                if self._ended.wait(min(thread_time() - begun, MOST_REST)) or snapshot != self._snapshot():
                    break
                if wish.asked.target in failed:
                    continue
                begun = thread_time()
                status = self._make_page(wish)
                if status == HTTPStatus.OK:
                    made += 1
                    continue
                failed[wish.asked.target] = status
                if sum(each >= HTTPStatus.INTERNAL_SERVER_ERROR for each in failed.values()) == MOST_LATE:
                    _log.warning("%s: pages take too long to be made ahead: %s", snapshot, ", ".join(failed))
                    break
        return made

    def _run(self) -> None:
        CALLER.set(self._caller)
        done, last, since = "", "", monotonic()
        while not self._ended.wait(LOOK_SECONDS):
            current = self._snapshot()
            if current != last:
                last, since = current, monotonic()
            if current not in {"", done} and monotonic() - since >= SETTLE_SECONDS:
                self.make(current)
                done = current

    def _snapshot(self) -> str:
        with suppress(StoreError):
            return str(self._app.extensions["supervisor"].snapshot())
        return ""

    def _wishes(self, snapshot: str) -> Iterator[Wish]:
        """Yield what is to be made, without what is there already."""
        for stored in self._cache.list_stale(HTML, self._most):
            yield Wish(stored.asked, stored.views // 2)
        for path in (*MAIN, *self._hubs(snapshot)):
            for language in LANGUAGES:
                for encoding in ENCODINGS:
                    asked = Asked("GET", path, {"accept-language": language, "accept-encoding": encoding})
                    if not self._cache.has(asked):
                        yield Wish(asked)

    def _hubs(self, snapshot: str) -> list[str]:
        index: Index = self._app.extensions["index"]
        base = f"{self._app.config['BASE_IRI']}id/"
        try:
            hits = index.find("entity", Wanted(), number_of(snapshot), HUBS)
        except LagebildError as error:
            _log.warning("%s: %s", snapshot, error)  # without an index pages are slow, and there is no search
            hits = []
        return [f"/page/{hit.iri.removeprefix(base)}" for hit in hits]

    def _make_page(self, wish: Wish) -> int:
        """Make a page and keep it; return its status, 204 for a page that must not be kept."""
        asked = wish.asked
        environ = create_environ(asked.target, headers=dict(asked.headers)) | {AHEAD: True}
        with self._app.request_context(environ):
            response = self._app.full_dispatch_request()
            if response.status_code != HTTPStatus.OK:
                return response.status_code
            if MARK not in environ:
                return HTTPStatus.NO_CONTENT
            self._cache.keep(asked, environ[MARK], list(response.headers), response.get_data(), wish.views)
            return HTTPStatus.OK
