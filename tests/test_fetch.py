"""Pages by URL, from a server of the test's own on the loopback interface."""

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from kg.articles import ReadOptions, read_inputs
from kg.articles.fetch import fetch, is_public, resolve_public
from kg.errors import ArticleError, FetchError
from kg.model import Article
from kg.settings import Settings

TRUSTING = Settings(fetch_private=True, fetch_timeout=1.0, fetch_max_bytes=20_000, fetch_max_redirects=3)
GUARDED = Settings(fetch_timeout=1.0, fetch_max_bytes=20_000)
PAGE = """<html><head><title>Kenia schickt Polizisten</title></head><body><article><h1>Kenia schickt Polizisten</h1>
<p>Die Regierung in Nairobi hat am Dienstag 400 Polizisten für die Mission in Haiti gestellt. Das teilte sie mit.</p>
<p>Weitere 600 Polizisten sollen im Herbst folgen, sagte Präsident William Ruto bei der Verabschiedung der Truppe.</p>
</article></body></html>"""
Answer = Callable[[BaseHTTPRequestHandler], None]


@contextmanager
def serve(answer: Answer) -> Iterator[tuple[str, list[str]]]:
    """Serve `answer` and give the server's address and the paths that were asked for."""
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            answer(self)

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", asked
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def send(body: bytes, media: str | None = "text/html; charset=utf-8", status: int = 200, **headers: str) -> Answer:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(status)
        for name, value in {**({"Content-Type": media} if media else {}), **headers}.items():
            handler.send_header(name, value)
        handler.end_headers()
        handler.wfile.write(body)

    return answer


def test_a_page_becomes_an_article() -> None:
    options = ReadOptions(today=date(2025, 6, 1), settings=TRUSTING)
    with serve(send(PAGE.encode())) as (address, _):
        (article,) = read_inputs([f"{address}/politik/haiti.html#oben"], options)
    assert isinstance(article, Article)
    assert article.source == f"{address}/politik/haiti.html"
    assert article.stem == f"127.0.0.1-{address.rpartition(':')[2]}-politik-haiti"
    assert "400 Polizisten für" in article.text


def test_the_servers_encoding_counts() -> None:
    with serve(send(PAGE.encode("cp1252"), "text/html; charset=ISO-8859-1")) as (address, _):
        assert fetch(address, TRUSTING).charset == "ISO-8859-1"


def test_plain_text() -> None:
    with serve(send("Kenia schickt 400 Polizisten für die Mission.".encode(), "text/plain")) as (address, _):
        assert not fetch(address, TRUSTING).is_page


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        (send(b"", status=404), "answered 404"),
        (send(b"%PDF", "application/pdf"), "application/pdf"),
        (send(b"x" * 20_001), "larger than 20000 bytes"),
        (send(b"", status=302, Location="/again"), "redirects more than 3 times"),
        (send(b"", status=302, Location="file:///etc/passwd"), "no http(s) address"),
        (send(b"", status=302, Location="http://[half"), "cannot be fetched"),
        (lambda handler: time.sleep(1.2), "in time"),
        (lambda handler: handler.wfile.write(b"nonsense\r\n\r\n") and None, "cannot be fetched"),
    ],
    ids=["404", "pdf", "large", "loop", "file-redirect", "bad-redirect", "slow", "no-http"],
)
def test_answers_that_are_no_article(answer: Answer, message: str) -> None:
    with serve(answer) as (address, _), pytest.raises(FetchError) as caught:
        fetch(address, TRUSTING)
    assert message in caught.value.message
    assert caught.value.remedy


@pytest.mark.parametrize(
    ("head", "piece"),
    [
        (b"HTTP/1.0 200 OK\r\n\r\n", b"<p>Text" * 2000),
        (b"HTTP/1.0 200 OK\r\n\r\n", b"x"),
        (b"HTTP/1.0 200 OK\r\nA: ", b"x"),
    ],
    ids=["page", "byte by byte", "header"],
)
def test_an_answer_that_trickles_in_is_given_up(head: bytes, piece: bytes) -> None:
    done = threading.Event()

    def trickle(handler: BaseHTTPRequestHandler) -> None:
        handler.wfile.write(head)
        while not done.wait(0.05):
            handler.wfile.write(piece)

    settings = Settings(fetch_private=True, fetch_timeout=5.0, fetch_total_timeout=0.8)
    with serve(trickle) as (address, _):
        begin = time.monotonic()
        with pytest.raises(FetchError, match=r"in time.*LAGEBILD_FETCH_TOTAL_TIMEOUT"):
            fetch(address, settings)
        assert time.monotonic() - begin < 3
        done.set()


@pytest.mark.parametrize(
    "url",
    ["http:///x", "ftp://example.org/", "http://user:word@example.org/", "http://example.org:99999/", "http://[::1"],
)
def test_addresses_that_are_refused_unseen(url: str) -> None:
    (result,) = read_inputs([url], ReadOptions(today=date(2025, 6, 1), settings=GUARDED))
    assert isinstance(result, ArticleError)


def test_a_private_address_is_not_asked() -> None:
    with serve(send(PAGE.encode())) as (address, asked):
        with pytest.raises(FetchError, match="not a public address"):
            fetch(address, GUARDED)
        assert asked == []


def test_a_name_that_turns_private_is_not_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    """DNS rebinding: the name is resolved once, for the connection itself, and that address is checked."""
    with serve(send(PAGE.encode())) as (address, asked):
        port = int(address.rpartition(":")[2])
        monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: [(socket.AF_INET, 1, 6, "", ("127.0.0.1", port))])
        with pytest.raises(FetchError, match=r"rebound\.example is at 127\.0\.0\.1"):
            fetch(f"http://rebound.example:{port}/", GUARDED)
        assert asked == []


def test_a_redirect_into_the_private_network_is_not_followed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kg.articles.fetch.is_public", lambda address: address == "127.0.0.1")
    with serve(send(b"", status=302, Location="http://127.0.0.2:1/admin")) as (address, asked):
        with pytest.raises(FetchError, match=r"127\.0\.0\.2, which is not a public address"):
            fetch(address, GUARDED)
        assert asked == ["/"]


def test_a_public_page_is_fetched_through_the_guard(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kg.articles.fetch.is_public", lambda _: True)
    with serve(send(PAGE.encode())) as (address, _):
        assert fetch(address, GUARDED).body == PAGE.encode()


def test_a_host_without_an_address(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise socket.gaierror(-2, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", fail)
    with pytest.raises(FetchError, match=r"nowhere\.example has no address"):
        resolve_public("nowhere.example", 80)


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "10.0.0.1",
        "172.16.3.4",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "0.0.0.0",  # noqa: S104 - refused, not bound
        "224.0.0.1",
        "255.255.255.255",
        "::1",
        "::",
        "fe80::1%eth0",
        "fd00::1",
        "ff02::1",
        "::ffff:127.0.0.1",
        "64:ff9b::7f00:1",
        "2002:7f00:1::",
        "2001:db8::1",
    ],
)
def test_addresses_inside(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", ["93.184.216.34", "2606:2800:220:1::1", "::ffff:93.184.216.34"])
def test_addresses_outside(address: str) -> None:
    assert is_public(address)
