"""HTTP/1.1 as the server speaks it, byte by byte, in the words of RFC 9112."""

import json
import socket
import time
import uuid
from collections.abc import Iterator

import pytest

from kg.web import http1
from kg.web.cache import encode_headers
from kg.web.request_parser import MOST_HEAD_BYTES, MOST_HEADER_BYTES, MOST_HEADERS
from tests.http_server import HOST, Running, read_all, running, split


@pytest.fixture(scope="module")
def server() -> Iterator[Running]:
    with running() as each:
        yield each


def test_whole_answer_has_a_length_and_a_date(server: Running) -> None:
    status, headers, body = split(server.call("/a?b=c"))
    assert (status, body) == (200, b"GET ")
    assert headers["content-length"] == "4"
    assert headers["x-target"] == "/a?b=c"
    assert headers["date"].endswith(" GMT")
    assert headers["connection"] == "close"


def test_streamed_answer_comes_in_chunks(server: Running) -> None:
    _, headers, body = split(server.call("/stream"))
    assert headers["transfer-encoding"] == "chunked"
    assert body == b"4\r\nGET \r\n3\r\nend\r\n0\r\n\r\n"


def test_old_client_gets_a_stream_without_chunks(server: Running) -> None:
    _, headers, body = split(server.call(raw=b"GET /stream HTTP/1.0\r\nConnection: keep-alive\r\n\r\n"))
    assert "transfer-encoding" not in headers
    assert (headers["connection"], body) == ("close", b"GET end")


def test_old_client_keeps_its_connection_if_it_asks(server: Running) -> None:
    twice = b"GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n" + b"GET / HTTP/1.0\r\n\r\n"
    assert server.call(raw=twice).count(b"200 OK") == 2


@pytest.mark.parametrize("path", ["/", "/quick?x", "/stream"])
def test_head_has_no_body(server: Running, path: str) -> None:
    answer = server.call(raw=f"HEAD {path} HTTP/1.1\r\n".encode() + HOST + b"Connection: close\r\n\r\n")
    assert split(answer)[0] == 200
    assert answer.endswith(b"\r\n\r\n")


def test_answer_without_a_body_has_none(server: Running) -> None:
    answer = server.call("/none")
    assert answer.startswith(b"HTTP/1.1 204 No Content\r\n")
    assert b"content-length" not in answer
    assert answer.endswith(b"\r\n\r\n")


def test_answer_that_breaks_off_has_no_last_chunk(server: Running) -> None:
    assert split(server.call("/broken"))[2] == b"4\r\nGET \r\n"


def test_answer_that_breaks_off_is_no_whole_one_to_an_old_client(server: Running) -> None:
    with socket.create_connection(server.address, 10) as client:
        client.sendall(b"GET /broken HTTP/1.0\r\n\r\n")
        with pytest.raises(ConnectionResetError):
            while client.recv(1000):
                pass


def test_answer_shorter_than_it_says_ends_its_connection(server: Running) -> None:
    with socket.create_connection(server.address, 10) as client:
        client.sendall(b"GET /short HTTP/1.1\r\n" + HOST + b"\r\n")
        assert read_all(client).endswith(b"GET ")


@pytest.mark.parametrize("path", ["/fail", "/quick-fail"])
def test_failure_of_the_application_is_a_500_that_shows_only_its_number_in_the_log(
    server: Running, caplog: pytest.LogCaptureFixture, path: str
) -> None:
    status, headers, body = split(server.call(path))
    assert (status, headers["content-type"]) == (500, "application/problem+json")
    assert b"secret" not in body
    assert [record.message.partition(":")[0] for record in caplog.records] == [headers["x-request-id"]]
    assert json.loads(body)["instance"] == uuid.UUID(headers["x-request-id"]).urn


def test_requests_sent_ahead_are_answered_in_turn(server: Running) -> None:
    paths = [f"/{kind}?{number}" for number in range(30) for kind in ("quick", "slow", "stream")]
    requests = [f"GET {path} HTTP/1.1\r\n".encode() + HOST for path in paths]
    with socket.create_connection(server.address, 10) as client:
        client.sendall(b"\r\n".join(requests) + b"Connection: close\r\n\r\n")
        answer = read_all(client)
    assert answer.count(b"HTTP/1.1 200 OK") == len(paths)
    targets = [line for line in answer.split(b"\r\n") if line.startswith(b"x-target: ")]
    assert targets == [f"x-target: {path}".encode() for path in paths if not path.startswith("/quick")]


def test_many_quick_requests_sent_ahead_are_no_recursion(server: Running) -> None:
    request = b"GET /quick?x HTTP/1.1\r\n" + HOST
    answer = server.call(raw=(request + b"\r\n") * 3_000 + request + b"Connection: close\r\n\r\n")
    assert answer.count(b"HTTP/1.1 200 OK") == 3_001


@pytest.mark.parametrize("head", [b"Content-Length: 6\r\n\r\nabcdef", b"Transfer-Encoding: chunked\r\n\r\n"
                                  b"3\r\nabc\r\n3;x=y\r\ndef\r\n0\r\nHost: other\r\n\r\n"])  # fmt: skip
def test_body_is_read_to_its_end_and_no_further(server: Running, head: bytes) -> None:
    follower = b"GET /stream HTTP/1.1\r\n" + HOST + b"Connection: close\r\n\r\n"
    answer = server.call(raw=b"POST / HTTP/1.1\r\n" + HOST + head + follower)
    assert answer.count(b"HTTP/1.1 200 OK") == 2
    assert b"POST abcdefHTTP/1.1" in answer


def test_client_that_waits_to_be_told_is_told_to_go_on(server: Running) -> None:
    head = b"POST / HTTP/1.1\r\n" + HOST + b"Content-Length: 3\r\nExpect: 100-continue\r\nConnection: close\r\n\r\n"
    with socket.create_connection(server.address, 10) as client:
        client.sendall(head)
        assert client.recv(1000) == b"HTTP/1.1 100 Continue\r\n\r\n"
        client.sendall(b"abc")
        assert read_all(client).endswith(b"POST abc")


def test_answer_before_the_body_is_there_reaches_who_sends_on(server: Running) -> None:
    with socket.create_connection(server.address, 10) as client:
        client.sendall(b"POST /ignore HTTP/1.1\r\n" + HOST + b"Content-Length: 3000000\r\n\r\n")
        client.sendall(b"x" * 2_000_000)
        answer = b""
        while not answer.endswith(b"POST "):
            answer += client.recv(1000)
        client.sendall(b"x" * 1_000)
    assert split(answer)[1]["connection"] == "close"


def test_old_client_is_not_told_to_go_on(server: Running) -> None:
    head = b"POST / HTTP/1.0\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\n"
    with socket.create_connection(server.address, 10) as client:
        client.sendall(head)
        client.settimeout(0.1)
        with pytest.raises(TimeoutError):
            client.recv(1000)
        client.settimeout(10)
        client.sendall(b"abc")
        assert read_all(client).startswith(b"HTTP/1.1 200 OK")


def test_client_is_not_told_to_go_on_in_the_middle_of_its_answer(server: Running) -> None:
    head = b"POST /ignore-and-watch HTTP/1.1\r\n" + HOST + b"Content-Length: 3\r\nExpect: 100-continue\r\n\r\n"
    with socket.create_connection(server.address, 10) as client:
        client.sendall(head)
        answer = b""
        while not answer.endswith(b"\r\nPOST \r\n"):
            answer += client.recv(1000)
        client.sendall(b"abc")
        while not answer.endswith(b"\r\nend\r\n"):
            answer += client.recv(1000)
    assert b"100 Continue" not in answer


def test_body_that_waits_behind_another_request_is_read_on(server: Running) -> None:
    first = b"GET /slow HTTP/1.1\r\n" + HOST + b"\r\nPOST / HTTP/1.1\r\n" + HOST + b"Content-Length: 6\r\n\r\nab"
    with socket.create_connection(server.address, 10) as client:
        client.sendall(first)
        deadline = time.monotonic() + 10
        while not server.server.tasks:
            assert time.monotonic() < deadline
        client.sendall(b"cdefGET /quick?x HTTP/1.1\r\n" + HOST + b"Connection: close\r\n\r\n")
        answer = read_all(client)
    assert answer.count(b"200 OK") == 3
    assert b"POST abcdefHTTP/1.1" in answer


def test_few_of_the_requests_that_are_sent_ahead_are_taken_in(server: Running) -> None:
    request = b"GET /slow HTTP/1.1\r\n" + HOST + b"\r\n"
    with socket.create_connection(server.address, 10) as client:
        client.sendall(request * 3_000)
        assert client.recv(4) == b"HTTP"
        connection = next(each for each in server.server.connections if each._current or each._queue)
        assert len(connection._queue) <= http1.READ_BYTES // len(request)


@pytest.mark.parametrize(
    ("raw", "status"),
    [
        (b"GET / HTTP/1.1\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nHost : a\r\n\r\n", 400),
        (b"GET / HTTP/1.1\nHost: a\n\n", 400),
        (b"GET / HTTP/1.1\r\nHost: a\r\n folded\r\n\r\n", 400),
        (b"GET /a b HTTP/1.1\r\nHost: a\r\n\r\n", 400),
        (b"GET http://[ HTTP/1.1\r\nHost: a\r\n\r\n", 400),
        (b"GET /\xff HTTP/1.1\r\nHost: a\r\n\r\n", 400),
        (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", 400),
        (b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabc", 400),
        (b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: -3\r\n\r\nabc", 400),
        (b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\nabc", 400),
        (b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip\r\n\r\nabc", 400),
        (b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nx\r\n", 400),
        (b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n", 501),
        (b"POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400),
        (b'GET / HTTP/1.1\r\nHost: a"><b>\r\n\r\n', 400),
        (b"GET / HTTP/1.1\r\n\r\n\x00\r\n\r\n", 400),
        (b"GET / HTTP/2.0\r\nHost: a\r\n\r\n", 400),
        (b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 400),
        (b"BREW / HTTP/1.1\r\nHost: a\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nHost: a\r\n" + b"a: b\r\n" * MOST_HEADERS + b"\r\n", 431),
        (b"GET / HTTP/1.1\r\nHost: a\r\n" + b"a: b\r\n" * (MOST_HEADERS + 1), 431),
        (b"GET / HTTP/1.1\r\nHost: a\r\na: " + b"b" * MOST_HEADER_BYTES + b"\r\nc: d\r\n", 431),
        (b"GET / HTTP/1.1\r\nHost: a\r\na: " + 2 * b"b" * MOST_HEAD_BYTES + b"\r\n\r\n", 431),
        (b"GET /" + b"b" * MOST_HEAD_BYTES, 431),
    ],
)
def test_request_that_cannot_be_read_is_refused(server: Running, raw: bytes, status: int) -> None:
    found, headers, body = split(server.call(raw=raw))
    assert found == status
    assert (headers["connection"], headers["content-type"]) == ("close", "application/problem+json")
    assert json.loads(body)["remedy"]


def test_what_cannot_be_read_leaves_the_answers_before_it_whole(server: Running) -> None:
    good = b"GET /slow HTTP/1.1\r\n" + HOST + b"\r\n"
    answer = server.call(raw=good + good + b"\x00\r\n\r\n" + good)
    assert answer.count(b"HTTP/1.1") == answer.count(b"200 OK") == answer.count(b"GET ") == 2


def test_another_protocol_that_is_offered_is_passed_over(server: Running) -> None:
    offer = b"GET / HTTP/1.1\r\n" + HOST + b"Connection: Upgrade\r\nUpgrade: h2c\r\n\r\n"
    answer = server.call(raw=offer + b"GET /quick?x HTTP/1.1\r\n" + HOST + b"Connection: close\r\n\r\n")
    assert answer.count(b"200 OK") == 2


@pytest.mark.parametrize(
    "framed", [b"Content-Length: 31\r\n\r\n%b", b"Transfer-Encoding: chunked\r\n\r\n1f\r\n%b\r\n0\r\n\r\n"]
)
def test_body_of_a_request_that_offers_another_protocol_is_no_request(server: Running, framed: bytes) -> None:
    body = b"GET /inner HTTP/1.1\r\nHost: a\r\n\r\n"[:31]
    offer = b"POST / HTTP/1.1\r\n" + HOST + b"Connection: Upgrade\r\nUpgrade: h2c\r\n"
    follower = b"GET /quick?x HTTP/1.1\r\n" + HOST + b"Connection: close\r\n\r\n"
    answer = server.call(raw=offer + framed % body + follower)
    assert answer.count(b"200 OK") == 2
    assert b"POST " + body + b"HTTP/1.1 200 OK" in answer
    assert b"/inner?" not in answer


def test_target_may_name_the_host(server: Running) -> None:
    raw = b"GET http://example.org/a?b HTTP/1.1\r\n" + HOST + b"Connection: close\r\n\r\n"
    assert split(server.call(raw=raw))[1]["x-target"] == "/a?b"


def test_client_of_ipv4_is_the_same_over_ipv6() -> None:
    assert http1._name_end(("::ffff:192.0.2.7", 80)) == ("192.0.2.7", 80)
    assert http1._name_end(("2001:db8::7", 80)) == ("2001:db8::7", 80)


def test_header_of_an_answer_is_one_line() -> None:
    for value in ("a\r\nSet-Cookie: b", "a\nb", "a\0b"):
        with pytest.raises(ValueError, match="no single line"):
            encode_headers([("X-Title", value)])
