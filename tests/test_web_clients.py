"""Who a client is, and how much one may ask for."""

import pytest

from kg.errors import TooManyRequestsError
from kg.web.cache import Asked, ResponseCache
from kg.web.clients import ClientLimits, find_client

PROXIES = frozenset({"10.0.0.1", "10.0.0.2"})


@pytest.mark.parametrize(
    ("peer", "forwarded", "expected"),
    [
        ("192.0.2.7", "", "192.0.2.7"),
        ("192.0.2.7", "198.51.100.1", "192.0.2.7"),
        ("10.0.0.1", "198.51.100.1", "198.51.100.1"),
        ("10.0.0.1", "203.0.113.9, 198.51.100.1, 10.0.0.2", "198.51.100.1"),
        ("10.0.0.1", "", "10.0.0.1"),
        ("10.0.0.1", "10.0.0.2, ,", "10.0.0.1"),
    ],
)
def test_only_our_proxies_are_believed(peer: str, forwarded: str, expected: str) -> None:
    assert find_client(peer, forwarded, PROXIES) == expected


def test_so_many_at_once() -> None:
    limits = ClientLimits(2, 0, exempt_loopback=True)
    first = limits.enter("192.0.2.7")
    limits.enter("192.0.2.7")
    with pytest.raises(TooManyRequestsError, match="2 requests of yours"):
        limits.enter("192.0.2.7")
    limits.enter("192.0.2.8")
    limits.leave(first)
    limits.enter("192.0.2.7")


def test_so_many_a_second(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [100.0]
    monkeypatch.setattr("kg.web.clients.time.monotonic", lambda: now[0])
    limits = ClientLimits(0, 5, exempt_loopback=True)
    for _ in range(20):
        limits.leave(limits.enter("192.0.2.7"))
    with pytest.raises(TooManyRequestsError, match="more often than 5 times a second"):
        limits.enter("192.0.2.7")
    now[0] += 0.2
    limits.enter("192.0.2.7")
    with pytest.raises(TooManyRequestsError):
        limits.enter("192.0.2.7")


def test_a_network_is_one_client_and_the_machine_itself_none() -> None:
    limits = ClientLimits(1, 0, exempt_loopback=True)
    limits.enter("2001:db8::1")
    with pytest.raises(TooManyRequestsError):
        limits.enter("2001:db8::2")
    limits.enter("2001:db8:0:1::1")
    assert [limits.enter("127.0.0.1"), limits.enter("::1")] == ["", ""]
    behind_a_proxy = ClientLimits(1, 0, exempt_loopback=False)
    behind_a_proxy.enter("127.0.0.1")
    with pytest.raises(TooManyRequestsError):
        behind_a_proxy.enter("127.0.0.1")


def asked(target: str = "/sparql?query=x", method: str = "GET", body: bytes = b"", **headers: str) -> Asked:
    return Asked(method, target, {name.replace("_", "-"): value for name, value in headers.items()}, body)


HEADERS = [("ETag", 'W/"1"'), ("Vary", "Accept"), ("Content-Type", "text/csv"), ("X-Request-Id", "7")]


def test_an_answer_is_kept_for_those_who_ask_the_same() -> None:
    cache = ResponseCache(100_000, lambda: "s1")
    cache.keep(asked(accept="text/csv"), "s1", HEADERS, b"rows")
    found = cache.find(asked(accept="text/csv"))
    assert found is not None
    status, headers, body = found.answer(asked())
    assert (status, body) == (200, b"rows")
    assert b"x-request-id" not in dict(headers)
    assert found.answer(asked(method="HEAD"))[2] == b""
    for other in (
        asked(accept="text/html"),
        asked("/sparql?query=y", accept="text/csv"),
        asked(accept="text/csv", method="POST", body=b"x"),
        asked(accept="text/csv", authorization="Bearer x"),
    ):
        assert cache.find(other) is None


@pytest.mark.parametrize("tags", ['W/"1"', '"0", "1"', "*"])
def test_who_has_it_is_told_so(tags: str) -> None:
    cache = ResponseCache(100_000, lambda: "s1")
    cache.keep(asked(), "s1", HEADERS, b"rows")
    found = cache.find(asked())
    assert found is not None
    status, headers, body = found.answer(asked(if_none_match=tags))
    assert (status, dict(headers), body) == (304, {b"etag": b'W/"1"', b"vary": b"Accept"}, b"")


def test_a_new_snapshot_makes_answers_stale() -> None:
    current = ["s1"]
    cache = ResponseCache(100_000, lambda: current[0])
    cache.keep(asked(), "s1", HEADERS, b"rows")
    current[0] = "s2"
    assert cache.find(asked()) is None


def test_the_cache_stays_within_its_bound() -> None:
    cache = ResponseCache(10_000, lambda: "s1")
    for number in range(20):
        cache.keep(asked(f"/{number}"), "s1", HEADERS, b"x" * 1_000)
    assert cache.size <= 10_000
    kept = [number for number in range(20) if cache.find(asked(f"/{number}"))]
    assert kept == [15, 16, 17, 18, 19]
    cache.keep(asked("/large"), "s1", HEADERS, b"x" * 20_000)
    assert cache.find(asked("/large")) is None


@pytest.mark.parametrize("header", [("Set-Cookie", "lang=de"), ("Vary", "*")])
def test_what_is_for_one_alone_is_not_kept(header: tuple[str, str]) -> None:
    cache = ResponseCache(100_000, lambda: "s1")
    cache.keep(asked(), "s1", [header], b"rows")
    assert cache.find(asked()) is None


def test_those_who_say_the_same_in_other_words_share_an_answer() -> None:
    cache = ResponseCache(100_000, lambda: "s1")
    varied = [("Vary", "Accept-Encoding, Accept-Language, Cookie")]
    german, english = "de-AT,de;q=0.9", "en"
    cache.keep(asked("/", accept_language=german, accept_encoding="gzip, br", cookie="a=1"), "s1", varied, b"de")
    cache.keep(asked("/", accept_language=english, accept_encoding="gzip"), "s1", varied, b"en")

    def body(**headers: str) -> bytes | None:
        found = cache.find(Asked("GET", "/", {name.replace("_", "-"): value for name, value in headers.items()}))
        return found.body if found else None

    assert body(accept_language="de", accept_encoding="deflate, gzip") == b"de"
    assert body(accept_language="fr", accept_encoding="gzip", cookie="b=2") == b"de"
    assert body(accept_language="en-GB,de;q=0.5", accept_encoding="gzip") == b"en"
    assert body(accept_language="en", accept_encoding="zstd") is None
    assert body(accept_language="en", accept_encoding="gzip", cookie="lang=de") is None


def test_what_a_client_sends_counts_as_kept() -> None:
    cache = ResponseCache(1_000_000, lambda: "s1")
    for number in range(100):
        asked = Asked("GET", f"/{number}?{'x' * 50_000}", {"accept": "y" * 50_000})
        cache.keep(asked, "s1", [("Vary", "Accept")], b"z")
        assert cache.find(asked)
        assert cache.size >= min(number + 1, 9) * 100_000
    assert not cache.find(Asked("GET", f"/0?{'x' * 50_000}", {"accept": "y" * 50_000}))
