"""The door: an ASGI application around the WSGI one, which can do what WSGI cannot.

It counts what each client asks before it reads on; it sees a client hang up and ends what is done for it; it leaves an
answer that stopped in the middle without an end, so that nobody takes it for a whole one; it answers from the cache
and lets plain queries be answered without a thread; and it gives each request a number and writes down what became of
it. The application itself runs in threads, since it waits for query workers; none waits for a client.

Source: ASGI 3.0, HTTP.
"""

import asyncio
import contextvars
import time
from collections.abc import Awaitable, Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import replace
from functools import partial
from typing import Any

from kg.errors import TooManyRequestsError
from kg.web.answers import BEGUN, PEEK_BYTES, BrokenAnswerError
from kg.web.bodies import Bodies
from kg.web.cache import ResponseCache, encode_headers, encode_shared
from kg.web.clients import ClientLimits
from kg.web.direct import DirectQueries, Whole
from kg.web.exchanges import Message, RawHeaders, Receive, Reply, Send
from kg.web.problems import ProblemError
from kg.web.visits import Observer, Record, Visit, receive_visit
from kg.web.wsgi import Work, WsgiApp, make_environ
from kg.worker_leases import CALLER, Caller

WATCH_AFTER = 0.02
"""Seconds after which a request that is not answered is watched for its client hanging up."""
BRIEF_SECONDS = 0.002
"""How long the only request waits for a worker's answer where it stands, which takes less than to be told of it."""
PIECE_BYTES = 262_144
"""A longer answer goes out in pieces, so that one that a client does not take is not held twice."""
NOT_COUNTED = ("/health", "/ready", "/metrics", "/static/")
"""Beginnings of the paths that cost next to nothing, and that have to be answered whoever asks."""

_VISIT = "lagebild.visit"
_HIT = (b"cache-status", b"lagebild; hit")


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
        self._in_progress = 0

    def name_peer(self, peer: str) -> str:
        """Return what the far end of a connection counts as; empty where it is not counted, as our proxies are not."""
        return "" if peer in self._proxies else self._clients.name(peer)

    def answer_at_once(self, scope: Message) -> Reply | None:
        """Answer a request without a body if that needs hardly any waiting; else `__call__` goes on with it."""
        visit = scope[_VISIT] = self._begin(scope)
        reply = visit.reply
        if reply is None or len(reply.body) > PIECE_BYTES:
            return None
        record = visit.record
        record.status, record.sent, record.whole = reply.status, len(reply.body), True
        self._count_out(visit)
        return reply._replace(afterwards=partial(self._end, visit))

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Answer a request."""
        if scope["type"] != "http":
            return
        visit = scope.pop(_VISIT, None) or self._begin(scope)
        sender = _Sender(send, visit.record)
        self._in_progress += 1
        try:
            if visit.reply is not None:
                await sender.send_whole(visit.reply)
            else:
                await self._answer(scope, receive, sender, visit)
        finally:
            self._in_progress -= 1
            self._count_out(visit)
            self._end(visit)

    def _begin(self, scope: Message) -> Visit:
        """Answer a request from the cache, else count its client in and hand a plain query to a worker."""
        visit = receive_visit(scope, self._proxies)
        if visit.asked.method in {"GET", "HEAD"}:
            visit.reply = self._find_kept(visit)
        if visit.reply is None:
            self._count_in(visit)
        if visit.reply is None and visit.refusal is None and self._direct is not None:
            self._look_up(visit, self._direct)
        return visit

    def _end(self, visit: Visit) -> None:
        """Keep an answer that is worth it and say what became of a request, when all is done for it."""
        if visit.begun is not None:
            visit.begun.close()
        if visit.whole is not None and visit.whole.snapshot:
            whole = visit.whole
            self._cache.keep(visit.asked, whole.snapshot, whole.headers, whole.body, tag=whole.tag)
        record = visit.record
        record.seconds = time.perf_counter() - record.started
        for observe in self._observers:
            observe(record)

    def _find_kept(self, visit: Visit) -> Reply | None:
        """Return the answer to a request if it is kept."""
        stored = self._cache.find(visit.asked)
        if stored is None:
            return None
        visit.record.cached = True
        status, headers, body = stored.answer(visit.asked)
        return Reply(status, [*headers, _name_request(visit.record), _HIT], body)

    def _count_in(self, visit: Visit) -> None:
        """Count a client in before anything that costs something is done for it."""
        if visit.asked.target.startswith(NOT_COUNTED):
            return
        try:
            visit.counted_as = self._clients.enter(visit.record.client)
        except TooManyRequestsError as error:
            visit.refusal = error

    def _count_out(self, visit: Visit) -> None:
        if visit.counted_as:
            self._clients.leave(visit.counted_as)

    def _look_up(self, visit: Visit, direct: DirectQueries) -> None:
        """Answer a lookup; hand another plain query to a worker, and wait if nobody else waits for anything."""
        visit.question = direct.read(visit.asked)
        if visit.question is None:
            return
        self._take_whole(visit, direct.look_up(visit.asked, visit.question))
        if visit.reply is not None:
            return
        visit.begun = direct.begin(visit.question, visit.caller)
        if visit.begun is not None and not self._in_progress and visit.begun.poll(PEEK_BYTES, BRIEF_SECONDS):
            self._take_whole(visit, direct.make_whole(visit.asked, visit.question, visit.begun))

    def _take_whole(self, visit: Visit, whole: Whole | None) -> None:
        """Answer by the answer to a plain query, if it is there."""
        if whole is None:
            return
        visit.begun, visit.whole = None, whole
        headers = [*encode_shared(whole.headers), (b"content-length", b"%d" % len(whole.body))]
        if whole.tag:
            headers.append((b"etag", whole.tag.encode("ascii")))
        visit.reply = Reply(200, [*headers, _name_request(visit.record)], whole.body)

    async def _answer(self, scope: Message, receive: Receive, sender: "_Sender", visit: Visit) -> None:
        """Answer a request that costs something."""
        with ExitStack() as afterwards:
            if visit.refusal is None and visit.asked.method not in {"GET", "HEAD"}:
                try:
                    body = await self._bodies.read(receive, visit.asked.headers)
                except ProblemError as error:
                    visit.refusal = error
                else:
                    if body is None:
                        return
                    afterwards.callback(self._bodies.release, body)
                    visit.asked = replace(visit.asked, body=body)
                    visit.reply = self._find_kept(visit)
            if visit.question is not None and visit.begun is not None and self._direct is not None:
                self._take_whole(visit, await self._direct.finish(visit.asked, visit.question, visit.begun))
            if visit.reply is not None:
                await sender.send_whole(visit.reply)
                return
            environ = make_environ(scope, visit)
            afterwards.callback(_drop_begun, environ)
            await self._run(Work(self._app, environ), receive, sender, visit)

    async def _run(self, work: Work, receive: Receive, sender: "_Sender", visit: Visit) -> None:
        """Run the application for a request, and send what it answers."""
        loop, caller = asyncio.get_running_loop(), visit.caller
        context = contextvars.copy_context()
        context.run(CALLER.set, caller)

        async def in_thread(action: Callable[..., Any], *arguments: object) -> Any:
            return await loop.run_in_executor(self._threads, context.run, action, *arguments)

        watch: list[asyncio.Task[None]] = []
        timer = loop.call_later(WATCH_AFTER, lambda: watch.append(loop.create_task(_watch(receive, caller))))
        try:
            await in_thread(work.run)
            if work.body is not None:
                await sender.send_whole(Reply(work.status, encode_headers(work.headers), work.body))
            else:
                work.body = await _stream(work, sender, caller, self._cache.largest, in_thread)
            if work.status == 200 and work.snapshot and work.body is not None:
                self._cache.keep(visit.asked, work.snapshot, work.headers, work.body)
        except BrokenAnswerError:  # whoever serves this breaks the connection off, since the answer has no end
            return
        finally:
            timer.cancel()
            for task in watch:
                task.cancel()


class _Sender:
    """Sends one response."""

    def __init__(self, send: Send, record: Record) -> None:
        self._send = send
        self._record = record

    async def send_whole(self, reply: Reply) -> None:
        """Send an answer that is all there."""
        await self.start(reply.status, reply.headers)
        for place in range(0, len(reply.body) or 1, PIECE_BYTES):
            end = place + PIECE_BYTES
            await self.go_on(reply.body[place:end], more=end < len(reply.body))

    async def start(self, status: int, headers: RawHeaders) -> None:
        """Send status and headers."""
        await self._send({"type": "http.response.start", "status": status, "headers": headers})
        self._record.status = status

    async def go_on(self, body: bytes, *, more: bool) -> None:
        """Send the next part of the body, once the client has taken most of those before it."""
        self._record.sent += len(body)
        self._record.whole = not more
        await self._send({"type": "http.response.body", "body": body, "more_body": more})


async def _stream(
    work: Work, sender: _Sender, caller: Caller, most_kept: int, in_thread: Callable[..., Awaitable[Any]]
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


def _name_request(record: Record) -> tuple[bytes, bytes]:
    return b"x-request-id", record.id.encode("ascii")
