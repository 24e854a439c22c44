"""Questions to other people's services, asked as their operators wish them to be.

One at a time and not faster than the settings say; with a User-Agent that says whom to write to; after an answer that
says "later" not before then. Every connection is checked as `kg.articles.fetch` does it, so that a service cannot lead
into the private network.
"""

import json
import time
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import Any, NamedTuple

import requests

from kg import __version__
from kg.articles.fetch import check_url, open_session, read_body, reason_of, within
from kg.errors import ServiceError, SettingError
from kg.reconciliation.cache import AnswerCache, Kept, question_key
from kg.settings import Settings

TRIES = 5
"""How often a question is asked that gets no answer, or one that says "later"."""
FIRST_WAIT = 2.0
"""Seconds before the second try where the service names none; doubled before each further one."""
LONGEST_WAIT = 300.0
"""Seconds; a service that wants more is left in peace until the next run."""

_LATER = {429, 500, 502, 503, 504}
_RERUN = "Run the command again later; what was answered so far is kept."


class Answer(NamedTuple):
    """An answer, read as JSON."""

    value: Any
    day: date
    """When the service gave it."""


class _Later(Exception):  # noqa: N818 - no error, but the wish to be asked again
    """An answer that is none yet."""

    def __init__(self, why: str, seconds: float | None = None) -> None:
        super().__init__(why)
        self.seconds = seconds


def never(_: Any) -> bool:
    """Say of no answer that it means "later"."""
    return False


class Client:
    """Asks services for JSON."""

    def __init__(self, settings: Settings, cache: AnswerCache, sleep: Callable[[float], None] = time.sleep) -> None:
        """Make a client that keeps good answers in `cache`.

        Raises:
            SettingError: the settings name no contact.
        """
        if not settings.link_contact.strip().isprintable() or not settings.link_contact.strip():
            raise SettingError(
                "The operators of a service want to know whom to write to.",
                "Set LAGEBILD_LINK_CONTACT to a mail address or web page of yours.",
            )
        self._settings = settings
        self._cache = cache
        self._sleep = sleep
        self._free_at = 0.0
        agent = f"lagebild/{__version__} ({settings.link_contact.strip()})"
        self._session = open_session(settings, agent)

    def ask(
        self,
        url: str,
        parameters: Mapping[str, str],
        *,
        method: str = "GET",
        is_busy: Callable[[Any], bool] = never,
        fresh: bool = False,
    ) -> Answer:
        """Ask a question, or take its answer from the cache.

        Args:
            url: address of the service.
            parameters: of the query string, or of the form where `method` is POST.
            method: GET or POST.
            is_busy: tells whether an answer means "later", for services that do not say so by its status.
            fresh: whether an answer in the cache does not count.

        Raises:
            ServiceError: the service does not answer, or not with JSON.
            FetchError: its address is refused.
        """
        key = question_key(method, url, parameters)
        kept = None if fresh else self._cache.get(key)
        if kept is not None:
            return Answer(json.loads(kept.body), date.fromisoformat(kept.day))
        wait = FIRST_WAIT
        for remaining in range(TRIES - 1, -1, -1):
            try:
                body = self._try(method, url, parameters, is_busy)
            except _Later as later:
                seconds = wait if later.seconds is None else later.seconds
                if not remaining or seconds > LONGEST_WAIT:
                    raise ServiceError(f"{url} {later}.", _RERUN) from later
                self._sleep(seconds)
                wait *= 2
            else:
                kept = Kept(datetime.now(UTC).date().isoformat(), body)
                self._cache.put(key, kept)
                return Answer(json.loads(body), date.fromisoformat(kept.day))
        raise AssertionError("the last try returns or raises")

    def _try(self, method: str, url: str, parameters: Mapping[str, str], is_busy: Callable[[Any], bool]) -> bytes:
        early = self._free_at - time.monotonic()
        if early > 0:
            self._sleep(early)
        try:
            response, body = within(
                self._settings.fetch_total_timeout, lambda: self._send(method, check_url(url), parameters)
            )
        except (requests.ConnectionError, requests.Timeout, TimeoutError) as error:
            raise _Later(f"does not answer ({reason_of(error) or 'too slow'})") from error
        except (requests.RequestException, ValueError) as error:
            raise ServiceError(f"{url} cannot be asked: {reason_of(error)}.", "Check the address.") from error
        finally:
            self._free_at = time.monotonic() + self._settings.link_interval
        status = response.status_code
        if status in _LATER:
            raise _Later(f"answers {status}", _retry_after(response))
        if status != HTTPStatus.OK:
            raise ServiceError(f"{url} answers {status} {response.reason or ''}".rstrip() + ".", "Check the address.")
        if is_busy(_parse(url, body)):
            raise _Later("is busy", _retry_after(response))
        return body

    def _send(self, method: str, url: str, parameters: Mapping[str, str]) -> tuple[requests.Response, bytes]:
        place = "params" if method == "GET" else "data"
        options: dict[str, Any] = {place: parameters, "timeout": self._settings.fetch_timeout, "stream": True}
        with self._session.request(method, url, headers={"Accept": "application/json"}, **options) as response:
            limit = self._settings.fetch_max_bytes
            try:
                return response, read_body(response, limit, time.monotonic() + self._settings.fetch_total_timeout)
            except OverflowError:
                raise ServiceError(
                    f"{url} answers with more than {limit} bytes.", "Raise LAGEBILD_FETCH_MAX_BYTES if it may."
                ) from None


def _parse(url: str, body: bytes) -> Any:
    try:
        return json.loads(body, parse_constant=_refuse)
    except (ValueError, RecursionError) as error:
        raise ServiceError(f"{url} does not answer with JSON.", "Check the address.") from error


def _refuse(constant: str) -> float:
    raise ValueError(f"{constant} is no JSON")


def _retry_after(response: requests.Response) -> float | None:
    """Return the seconds that Retry-After names: a number, or a date (RFC 9110, section 10.2.3)."""
    raw = response.headers.get("Retry-After", "").strip()
    if raw.isascii() and raw.isdigit():
        return float(raw[:9])
    try:
        return max(0.0, (parsedate_to_datetime(raw) - datetime.now(UTC)).total_seconds())
    except (ValueError, TypeError):
        return None
