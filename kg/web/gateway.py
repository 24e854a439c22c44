"""The door: an ASGI application around the WSGI one, which can do what WSGI cannot.

It counts what each client asks before it reads on; it sees a client hang up and ends what is done for it; it breaks a
connection off where an answer stopped in the middle, so that nobody takes it for a whole one; it answers from the cache
and lets plain queries be answered without a thread; and it gives each request a number and writes down what became of
it. The application itself runs in threads, since it waits for query workers; none waits for a client.

Source: ASGI 3.0, HTTP; PEP 3333.
"""

import asyncio
import contextvars
import sys
import time
import uuid
from collections.abc import Awaitable, Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from io import BytesIO
from typing import Any, Protocol
from urllib.parse import unquote_to_bytes

from kg.errors import TooManyRequestsError
from kg.web.answers import BEGUN, BrokenAnswerError
from kg.web.bodies import Bodies
from kg.web.cache import MARK, Asked, Headers, RawHeaders, ResponseCache, encode_headers
from kg.web.clients import ClientLimits, find_client
from kg.web.connections import break_off
from kg.web.direct import DirectQueries, Whole
from kg.web.problems import REFUSED, ProblemError
from kg.worker_lanes import CALLER, Caller

WATCH_AFTER = 0.02
"""Seconds after which a request that is not answered is watched for its client hanging up."""
LINGER_SECONDS = 0.1
"""Time that the last words of a broken answer have to reach the connection."""
PIECE_BYTES = 262_144
"""A longer answer goes out in pieces, so that one that a client does not take is not held twice."""
NOT_COUNTED = ("/health", "/ready", "/metrics", "/static/")
"""Beginnings of the paths that cost next to nothing, and that have to be answered whoever asks."""

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
        cache: ResponseCache,
        clients: ClientLimits,
        *,
        threads: int,
        most_bytes: int,
        proxies: frozenset[str],
        direct: DirectQueries | None = None,
        observers: Iterable[Observer] = (),
    ) -> None:
        self._app = app
        self._direct = direct
        self._cache = cache
        self._clients = clients
        self._bodies = Bodies(most_bytes)
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix="request")
        self._proxies = proxies
        self._observers = tuple(observers)
        self.is_leaving = False
        """Whether another process takes over, so that every connection ends with the answer that it waits for."""

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
        sender = _Sender(send, record, closes=self.is_leaving)
        try:
            asked = Asked(record.method, target, headers)
            if record.method not in {"GET", "HEAD"} or not await self._answer_from_cache(asked, sender, record):
                await self._answer(scope, receive, sender, asked, record)
        finally:
            record.seconds = time.perf_counter() - record.started
            for observe in self._observers:
                observe(record)

    async def _answer_from_cache(self, asked: Asked, sender: "_Sender", record: Record) -> bool:
        """Answer a request if its answer is kept; tell whether it was."""
        stored = self._cache.find(asked)
        if stored is None:
            return False
        record.cached = True
        status, raw, found = stored.answer(asked)
        raw = [*raw, (b"x-request-id", record.id.encode("ascii")), (b"cache-status", b"lagebild; hit")]
        await sender.send_whole(status, raw, found)
        return True

    async def _answer(
        self, scope: Message, receive: Callable[..., Any], sender: "_Sender", asked: Asked, record: Record
    ) -> None:
        """Answer a request that costs something: its client is counted in before anything more is done for it."""
        refusal: Exception | None = None
        with ExitStack() as afterwards:
            try:
                if not asked.target.startswith(NOT_COUNTED):
                    afterwards.callback(self._clients.leave, self._clients.enter(record.client))
                if asked.method not in {"GET", "HEAD"}:
                    body = await self._bodies.read(receive, asked.headers)
                    if body is None:
                        return
                    afterwards.callback(self._bodies.release, body)
                    asked = replace(asked, body=body)
                    if await self._answer_from_cache(asked, sender, record):
                        return
            except (TooManyRequestsError, ProblemError) as error:
                refusal = error
            caller = Caller(record.id)
            context = contextvars.copy_context()
            context.run(CALLER.set, caller)
            direct, begun = self._direct, None
            question = direct.read(asked) if direct and refusal is None else None
            if direct and question:
                begun = direct.begin(question, context)
                if begun and await self._send_directly(asked, await direct.finish(asked, question, begun), sender):
                    return
            environ = _make_environ(scope, asked, record, refusal)
            environ[BEGUN] = begun
            afterwards.callback(_drop_begun, environ)
            ends = scope["client"], scope["server"][1]
            await self._run(
                _Work(self._app, environ), receive, sender, asked, caller=caller, context=context, ends=ends
            )

    async def _send_directly(self, asked: Asked, whole: Whole | None, sender: "_Sender") -> bool:
        """Send the answer to a plain query if it is there already; tell whether it was."""
        if whole is None:
            return False
        raw = encode_headers(whole.headers)
        await sender.send_whole(200, [*raw, (b"x-request-id", sender.record.id.encode("ascii"))], whole.body)
        if whole.snapshot:
            self._cache.keep(asked, whole.snapshot, whole.headers, whole.body)
        return True

    async def _run(
        self,
        work: "_Work",
        receive: Callable[..., Any],
        sender: "_Sender",
        asked: Asked,
        *,
        caller: Caller,
        context: contextvars.Context,
        ends: tuple[Any, int],
    ) -> None:
        """Run the application for a request, and send what it answers."""
        loop = asyncio.get_running_loop()

        async def in_thread(action: Callable[..., Any], *arguments: object) -> Any:
            return await loop.run_in_executor(self._threads, context.run, action, *arguments)

        watch: list[asyncio.Task[None]] = []
        timer = loop.call_later(WATCH_AFTER, lambda: watch.append(loop.create_task(_watch(receive, caller))))
        try:
            await in_thread(work.run)
            if work.body is not None:
                await sender.send_whole(work.status, encode_headers(work.headers), work.body)
            else:
                work.body = await _stream(work, sender, caller, self._cache.largest, in_thread)
            if work.status == 200 and work.snapshot and work.body is not None:
                self._cache.keep(asked, work.snapshot, work.headers, work.body)
        except BrokenAnswerError:
            await asyncio.sleep(LINGER_SECONDS)
            client, port = ends
            break_off((str(client[0]), int(client[1])), port)
        finally:
            timer.cancel()
            for task in watch:
                task.cancel()


class _Sender:
    """Sends one response."""

    def __init__(self, send: Callable[..., Any], record: Record, *, closes: bool) -> None:
        self._send = send
        self._closes = closes
        self.record = record

    async def send_whole(self, status: int, headers: RawHeaders, body: bytes) -> None:
        """Send an answer that is all there."""
        await self.start(status, headers)
        for place in range(0, len(body) or 1, PIECE_BYTES):
            end = place + PIECE_BYTES
            await self.go_on(body[place:end], more=end < len(body))

    async def start(self, status: int, headers: RawHeaders) -> None:
        """Send status and headers."""
        self.record.status = status
        closing = [(b"connection", b"close")] if self._closes else []
        await self._send({"type": "http.response.start", "status": status, "headers": [*headers, *closing]})

    async def go_on(self, body: bytes, *, more: bool) -> None:
        """Send the next part of the body, once the client has taken most of those before it."""
        self.record.sent += len(body)
        self.record.whole = not more
        await self._send({"type": "http.response.body", "body": body, "more_body": more})


class _Work:
    """One run of the WSGI application, in a thread."""

    def __init__(self, app: WsgiApp, environ: dict[str, Any]) -> None:
        self._app, self._environ = app, environ
        self.status = 0
        self.headers: Headers = ()
        self.body: bytes | None = None
        """The body; None where it comes in parts."""
        self.parts: Iterator[bytes] = iter(())
        self._close: Callable[[], object] = lambda: None

    @property
    def snapshot(self) -> str:
        """The snapshot that the answer is of; empty where it is not to be kept."""
        return str(self._environ.get(MARK, ""))

    def run(self) -> None:
        """Run the application, up to the end of an answer that has a length, else up to the beginning."""
        answer = self._app(self._environ, self._start)
        self._close = getattr(answer, "close", self._close)
        if any(name.lower() == "content-length" for name, _ in self.headers) or self.status in {204, 304}:
            try:
                self.body = b"".join(answer)
            finally:
                self.close()
        else:
            self.parts = iter(answer)

    def take(self) -> bytes | None:
        """Return the next part of the body; None after the last."""
        return next(self.parts, None)

    def close(self) -> None:
        """Say that no more of the answer is wanted."""
        self._close()

    def _start(self, status: str, headers: list[tuple[str, str]], _: object = None) -> None:
        self.status, self.headers = int(status[:3]), headers


async def _stream(
    work: _Work, sender: _Sender, caller: Caller, most_kept: int, in_thread: Callable[..., Awaitable[Any]]
) -> bytes | None:
    """Send an answer part by part; return it if it is whole and no longer than what is kept.

    No thread waits for the client: one is taken for each part, and given back while the part is sent.
    """
    kept: bytearray | None = bytearray()
    try:
        await sender.start(work.status, encode_headers(work.headers))
        while (part := await in_thread(work.take)) is not None:
            if caller.is_gone:
                return None
            await sender.go_on(part, more=True)
            if kept is not None:
                kept += part
                kept = kept if len(kept) <= most_kept else None
        await sender.go_on(b"", more=False)
    finally:
        await in_thread(work.close)
    return None if kept is None else bytes(kept)


def _drop_begun(environ: dict[str, Any]) -> None:
    """Stop what was begun for a request, if the application did not go on with it."""
    answer = environ.pop(BEGUN, None)
    if answer is not None:
        answer.close()


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


def _make_environ(scope: Message, asked: Asked, record: Record, refusal: Exception | None = None) -> dict[str, Any]:
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
    environ[REFUSED] = refusal
    return environ
