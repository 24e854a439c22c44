"""Other people's services are asked politely, and believed in nothing that they could do to us."""

import sqlite3
import time
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from itertools import pairwise
from pathlib import Path

import pytest

from kg.errors import FetchError, ServiceError, SettingError
from kg.reconciliation.cache import AnswerCache
from kg.reconciliation.client import TRIES, Client
from kg.settings import Settings
from tests.services import SETTINGS, Reply, as_json, in_turn, serve

GOOD = as_json({"good": True})
LATER = Reply(status=503)


def test_a_question_is_asked_once(client: Client) -> None:
    with serve(in_turn(GOOD)) as (url, log):
        answers = [client.ask(url, {"a": "1"}), client.ask(url, {"a": "1"})]
        client.ask(url, {"a": "2"})
        client.ask(url, {"a": "1"}, fresh=True)
    assert answers[0] == answers[1]
    assert [asked.parameters["a"] for asked in log] == ["1", "2", "1"]


def test_the_operators_learn_whom_to_write_to(client: Client) -> None:
    with serve(in_turn(GOOD)) as (url, log):
        client.ask(url, {})
    assert log[0].agent.startswith("lagebild/")
    assert log[0].agent.endswith("(test@example.org)")


@pytest.mark.parametrize("contact", ["", "  ", "a\nb"])
def test_without_a_contact_nobody_is_asked(cache: AnswerCache, contact: str) -> None:
    with pytest.raises(SettingError, match="LAGEBILD_LINK_CONTACT"):
        Client(Settings(link_contact=contact), cache)


def test_questions_keep_their_distance(cache: AnswerCache) -> None:
    with serve(in_turn(GOOD)) as (url, log):
        client = Client(Settings(link_contact="x", link_interval=0.1, fetch_private=True), cache)
        for number in range(3):
            client.ask(url, {"a": str(number)})
    assert all(later.at - earlier.at >= 0.09 for earlier, later in pairwise(log))


def test_waits_grow_from_try_to_try(client: Client, waits: list[float]) -> None:
    with serve(in_turn(LATER, LATER, Reply(status=500), GOOD)) as (url, log):
        assert client.ask(url, {}).value == {"good": True}
    assert len(log) == 4
    assert [seconds for seconds in waits if seconds >= 1] == [2, 4, 8]


def test_a_service_that_never_recovers_is_left_alone(client: Client) -> None:
    with serve(in_turn(LATER)) as (url, log), pytest.raises(ServiceError, match=r"answers 503.*again later"):
        client.ask(url, {})
    assert len(log) == TRIES


def test_retry_after_in_seconds(client: Client, waits: list[float]) -> None:
    with serve(in_turn(Reply(status=429, headers={"Retry-After": "17"}), GOOD)) as (url, _):
        client.ask(url, {})
    assert 17 in waits


def test_retry_after_as_a_date(client: Client, waits: list[float]) -> None:
    when = format_datetime(datetime.now(UTC) + timedelta(seconds=60), usegmt=True)
    with serve(in_turn(Reply(status=503, headers={"Retry-After": when}), GOOD)) as (url, _):
        client.ask(url, {})
    assert any(55 <= seconds <= 60 for seconds in waits)


@pytest.mark.parametrize("nonsense", ["soon", "-5", "9" * 400, "Thu, 99 Foo 2026"])
def test_retry_after_that_says_nothing(client: Client, nonsense: str) -> None:
    with serve(in_turn(Reply(status=429, headers={"Retry-After": nonsense}), GOOD)) as (url, log):
        try:
            client.ask(url, {})
        except ServiceError as error:
            assert "answers 429" in str(error)
    assert 1 <= len(log) <= 2


def test_an_hour_is_too_long_to_wait(client: Client, waits: list[float]) -> None:
    with serve(in_turn(Reply(status=429, headers={"Retry-After": "3600"}))) as (url, log), pytest.raises(ServiceError):
        client.ask(url, {})
    assert len(log) == 1
    assert 3600 not in waits


@pytest.mark.parametrize("status", [400, 403, 404, 418])
def test_a_refusal_is_not_repeated(client: Client, status: int) -> None:
    with serve(in_turn(Reply(status=status))) as (url, log), pytest.raises(ServiceError, match=str(status)):
        client.ask(url, {})
    assert len(log) == 1


@pytest.mark.parametrize(
    "body", [b"", b"<html>", b"\xff\xfe", b"[NaN]", b"[" * 50_000, b'{"a": ', b"\x1f\x8b\x00", b"1" * 5_000]
)
def test_garbage_is_refused_and_not_kept(client: Client, body: bytes) -> None:
    with serve(in_turn(Reply(body), GOOD)) as (url, _):
        with pytest.raises(ServiceError, match="JSON"):
            client.ask(url, {})
        assert client.ask(url, {}).value == {"good": True}


def test_garbage_that_claims_to_be_packed(client: Client) -> None:
    with (
        serve(in_turn(Reply(b"no gzip", headers={"Content-Encoding": "gzip"}))) as (url, _),
        pytest.raises(ServiceError),
    ):
        client.ask(url, {})


def test_a_huge_answer_is_cut_short(client: Client) -> None:
    with (
        serve(in_turn(Reply(b'"' + b"x" * 5_000_000 + b'"'))) as (url, _),
        pytest.raises(ServiceError, match="more than"),
    ):
        client.ask(url, {})


def test_an_answer_that_trickles_in_is_given_up(cache: AnswerCache, waits: list[float]) -> None:
    settings = Settings(link_contact="x", link_interval=0.001, fetch_private=True, fetch_total_timeout=0.2)
    started = time.monotonic()
    with (
        serve(in_turn(Reply(b"[1, 2, 3, 4, 5, 6, 7]", wait=0.1))) as (url, _),
        pytest.raises(ServiceError, match="not answer"),
    ):
        Client(settings, cache, waits.append).ask(url, {})
    assert time.monotonic() - started < TRIES * 0.2 + 2


def test_nobody_listens(client: Client) -> None:
    with serve(in_turn(GOOD)) as (url, _):
        pass
    with pytest.raises(ServiceError, match="does not answer"):
        client.ask(url, {})


def test_a_private_address_is_refused(cache: AnswerCache) -> None:
    with serve(in_turn(GOOD)) as (url, log), pytest.raises(FetchError, match="not a public address"):
        Client(Settings(link_contact="x"), cache).ask(url, {})
    assert not log


def test_a_redirect_into_the_private_network_is_not_followed(
    cache: AnswerCache, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kg.articles.fetch.is_public", lambda address: address == "127.0.0.1")
    away = Reply(status=302, headers={"Location": "http://10.0.0.1/"})
    with serve(in_turn(away)) as (url, _), pytest.raises(FetchError, match=r"10\.0\.0\.1, which is not a public"):
        Client(Settings(link_contact="x"), cache).ask(url, {})


@pytest.mark.parametrize("target", ["file:///etc/passwd", "/api"])
def test_redirects_that_lead_nowhere(client: Client, target: str) -> None:
    with serve(in_turn(Reply(status=302, headers={"Location": target}))) as (url, _), pytest.raises(ServiceError):
        client.ask(url, {})


def test_a_cache_that_is_none(tmp_path: Path) -> None:
    file = tmp_path / "cache"
    file.write_bytes(b"no database" * 1000)
    with pytest.raises(SettingError, match="Delete it, or set LAGEBILD_LINK_CACHE"):
        AnswerCache(file)


def test_answers_outlive_the_run(tmp_path: Path) -> None:
    file = tmp_path / "link.sqlite"
    with serve(in_turn(GOOD)) as (url, log):
        for _ in range(2):
            cache = AnswerCache(file)
            Client(SETTINGS, cache).ask(url, {})
            cache.close()
    assert len(log) == 1
    assert sqlite3.connect(file).execute("SELECT COUNT(*) FROM answers").fetchone() == (1,)
