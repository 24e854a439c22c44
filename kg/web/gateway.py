"""The door: an ASGI application around the WSGI one, which can do what WSGI cannot.

It sees a client hang up and ends what is done for it; it breaks a connection off where an answer stopped in the middle,
so that nobody takes it for a whole one; it answers from the cache without a thread; and it gives each request a number
and writes down what became of it. The application itself runs in threads, since it waits for query workers.

Source: ASGI 3.0, HTTP; PEP 3333.
"""

import asyncio
import contextvars
import os
import socket
import stat
import sys
import time
import uuid
from collections.abc import Callable, Coroutine, Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any, Protocol
from urllib.parse import unquote_to_bytes

from kg.web.answers import BrokenAnswerError
from kg.web.cache import MARK, AnswerCache, Asked, Headers, RawHeaders, encode_headers
from kg.web.clients import find_client
from kg.worker_lanes import CALLER, Caller

WATCH_AFTER = 0.02
"""Seconds after which a request that is not answered is watched for its client hanging up."""
LINGER_SECONDS = 0.1
"""Time that the last words of a broken answer have to reach the connection."""
MOST_BYTES_OF_ANYONE = 2_000_000
"""Of a body without a token."""
BODY_SECONDS = 60.0
"""Time between two parts of a request's body."""

WsgiApp = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]
Message = dict[str, Any]


@dataclass(slots=True)
class Record:
    """What became of a request."""

    id: str
    client: str
    method: str
    target: str
    started: float = field(default_factory=time.perf_counter)
    status: int = 0
    """0 where there was no answer, since the client had hung up."""
    sent: int = 0
    """Bytes of the body."""
    cached: bool = False
    whole: bool = False
    """Whether the answer came to its end."""
    seconds: float = 0.0


class Observer(Protocol):
    """Is told what became of each request."""

    def __call__(self, record: Record) -> None:
        """Take note."""


class Gateway:
    """An ASGI application that serves a WSGI one."""

    def __init__(
        self,
        app: WsgiApp,
        cache: AnswerCache,
        *,
        threads: int,
        most_bytes: int,
        proxies: frozenset[str],
        observers: Iterable[Observer] = (),
    ) -> None:
        self._app = app
        self._cache = cache
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix="request")
        self._most_bytes = most_bytes
        self._proxies = proxies
        self._observers = tuple(observers)

    async def __call__(self, scope: Message, receive: Callable[..., Any], send: Callable[..., Any]) -> None:
        """Answer a request."""
        if scope["type"] != "http":
            return
        headers = _read_headers(scope["headers"])
        query = scope["query_string"].decode("latin-1")
        target = scope["raw_path"].decode("latin-1") if scope.get("raw_path") else scope["path"]
        target = f"{target}?{query}" if query else target
        client = find_client(scope["client"][0], headers.get("x-forwarded-for", ""), self._proxies)
        record = Record(_read_id(headers.get("x-request-id", "")), client, scope["method"], target)
        try:
            body = b"" if record.method in {"GET", "HEAD"} else await self._receive_body(receive, headers)
            if body is None:
                return
            asked = Asked(record.method, target, headers, body)
            stored = self._cache.find(asked)
            if stored is not None:
                record.cached = True
                status, raw, found = stored.answer(asked)
                raw = [*raw, (b"x-request-id", record.id.encode("ascii")), (b"cache-status", b"lagebild; hit")]
                await _Sender(send, record).send_whole(status, raw, found)
            else:
                await self._run(scope, receive, send, asked, record)
        finally:
            record.seconds = time.perf_counter() - record.started
            for observe in self._observers:
                observe(record)

    async def _receive_body(self, receive: Callable[..., Any], headers: dict[str, str]) -> bytes | None:
        """Read the request's body, as much of it as is needed to see that it is too long; None if the client left.

        Who shows no token writes nothing, and has no use for more than a query or a table takes.
        """
        body = bytearray()
        most_bytes = self._most_bytes if "authorization" in headers else min(self._most_bytes, MOST_BYTES_OF_ANYONE)
        if headers.get("content-length", "") == "0":
            return b""
        while len(body) <= most_bytes:
            try:
                message = await asyncio.wait_for(receive(), BODY_SECONDS)
            except TimeoutError:
                return None
            if message["type"] == "http.disconnect":
                return None
            body += message.get("body", b"")
            if not message.get("more_body", False):
                break
        return bytes(body)

    async def _run(
        self, scope: Message, receive: Callable[..., Any], send: Callable[..., Any], asked: Asked, record: Record
    ) -> None:
        loop = asyncio.get_running_loop()
        caller = Caller(record.id)
        sender = _Sender(send, record)
        work = _Work(self._app, _make_environ(scope, asked, record), _Line(loop, sender, caller))
        context = contextvars.copy_context()
        context.run(CALLER.set, caller)
        future = loop.run_in_executor(self._threads, context.run, work.run, self._cache.largest)
        watch: list[asyncio.Task[None]] = []
        timer = loop.call_later(WATCH_AFTER, lambda: watch.append(loop.create_task(_watch(receive, caller))))
        try:
            answer = await future
            if answer is not None:
                status, headers, body = answer
                await sender.send_whole(status, encode_headers(headers), body)
            self._keep(asked, work)
        except BrokenAnswerError:
            await asyncio.sleep(LINGER_SECONDS)
            _break_off(scope["client"], scope["server"])
        finally:
            timer.cancel()
            for task in watch:
                task.cancel()

    def _keep(self, asked: Asked, work: "_Work") -> None:
        if work.status == 200 and work.snapshot and work.kept is not None:
            self._cache.keep(asked, work.snapshot, work.headers, bytes(work.kept))


class _Sender:
    """Sends one response."""

    def __init__(self, send: Callable[..., Any], record: Record) -> None:
        self._send = send
        self._record = record

    async def send_whole(self, status: int, headers: RawHeaders, body: bytes) -> None:
        await self.start(status, headers)
        await self.go_on(body, more=False)

    async def start(self, status: int, headers: RawHeaders) -> None:
        self._record.status = status
        await self._send({"type": "http.response.start", "status": status, "headers": headers})

    async def go_on(self, body: bytes, *, more: bool) -> None:
        self._record.sent += len(body)
        self._record.whole = not more
        await self._send({"type": "http.response.body", "body": body, "more_body": more})


@dataclass(frozen=True, slots=True)
class _Line:
    """The line to the client, from another thread's view."""

    loop: asyncio.AbstractEventLoop
    sender: _Sender
    caller: Caller

    def start(self, status: int, headers: Headers) -> None:
        self._wait_for(self.sender.start(status, encode_headers(headers)))

    def send(self, body: bytes, *, more: bool) -> None:
        self._wait_for(self.sender.go_on(body, more=more))

    def _wait_for(self, sending: Coroutine[Any, Any, None]) -> None:
        asyncio.run_coroutine_threadsafe(sending, self.loop).result()


class _Work:
    """One run of the WSGI application, in a thread."""

    def __init__(self, app: WsgiApp, environ: dict[str, Any], line: _Line) -> None:
        self._app, self._environ, self._line = app, environ, line
        self.status = 0
        self.headers: Headers = ()
        self.kept: bytearray | None = bytearray()
        """The body; None where it is too large to be kept."""

    @property
    def snapshot(self) -> str:
        """The snapshot that the answer is of; empty where it is not to be kept."""
        return str(self._environ.get(MARK, ""))

    def run(self, most_kept: int) -> tuple[int, Headers, bytes] | None:
        """Run the application; return its answer if it has a length, else send it as it comes."""
        chunks = self._app(self._environ, self._start)
        try:
            if any(name.lower() == "content-length" for name, _ in self.headers) or self.status in {204, 304}:
                body = b"".join(chunks)
                self.kept = bytearray(body) if len(body) <= most_kept else None
                return self.status, self.headers, body
            self._stream(chunks, most_kept)
        finally:
            close = getattr(chunks, "close", None)
            if close is not None:
                close()
        return None

    def _start(self, status: str, headers: list[tuple[str, str]], _: object = None) -> None:
        self.status, self.headers = int(status[:3]), headers

    def _stream(self, chunks: Iterable[bytes], most_kept: int) -> None:
        self._line.start(self.status, self.headers)
        for chunk in chunks:
            if self._line.caller.is_gone:
                self.kept = None
                return
            self._line.send(chunk, more=True)
            if self.kept is not None:
                self.kept += chunk
                self.kept = self.kept if len(self.kept) <= most_kept else None
        self._line.send(b"", more=False)


async def _watch(receive: Callable[..., Any], caller: Caller) -> None:
    """Wait until the client hangs up."""
    while (await receive())["type"] != "http.disconnect":
        pass
    caller.leave()


def _read_headers(raw: Iterable[tuple[bytes, bytes]]) -> dict[str, str]:
    headers: dict[str, str] = {}
    for name, value in raw:
        key, text = name.decode("latin-1"), value.decode("latin-1")
        if key in headers:
            text = headers[key] + ("; " if key == "cookie" else ", ") + text
        headers[key] = text
    return headers


def _read_id(given: str) -> str:
    return given if len(given) == 32 and given.isalnum() and given.isascii() else uuid.uuid4().hex


def _make_environ(scope: Message, asked: Asked, record: Record) -> dict[str, Any]:
    environ: dict[str, Any] = {
        "REQUEST_METHOD": asked.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": unquote_to_bytes(asked.target.partition("?")[0]).decode("latin-1"),
        "QUERY_STRING": scope["query_string"].decode("latin-1"),
        "SERVER_NAME": str(scope["server"][0]),
        "SERVER_PORT": str(scope["server"][1]),
        "SERVER_PROTOCOL": f"HTTP/{scope['http_version']}",
        "REMOTE_ADDR": record.client,
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope["scheme"],
        "wsgi.input": BytesIO(asked.body),
        "wsgi.input_terminated": True,
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
    }
    for name, value in asked.headers.items():
        key = name.upper().replace("-", "_")
        environ[key if key in {"CONTENT_TYPE", "CONTENT_LENGTH"} else f"HTTP_{key}"] = value
    environ["HTTP_X_REQUEST_ID"] = record.id
    return environ


def _break_off(client: tuple[str, str | int], server: tuple[str, str | int]) -> None:
    """Shut the connection with a client down, so that its answer does not end as if it were whole.

    The server gives no way to do so, but the connection is among this process's open files.
    """
    ends = [(host, int(port)) for host, port in (client, server)]
    for name in os.listdir("/proc/self/fd") if os.path.isdir("/proc/self/fd") else ():  # noqa: PTH112, PTH208 - hot
        with suppress(OSError, ValueError, IndexError):  # a socket of another family has no port
            if not stat.S_ISSOCK(os.fstat(int(name)).st_mode):
                continue
            with socket.socket(fileno=os.dup(int(name))) as connection:
                if [_end(connection.getpeername()), _end(connection.getsockname())] == ends:
                    connection.shutdown(socket.SHUT_RDWR)
                    return


def _end(address: Any) -> tuple[str, int]:
    return str(address[0]), int(address[1])
