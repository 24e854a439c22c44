"""One run of a WSGI application, as the gateway needs it: in a thread, part by part.

Source: PEP 3333.
"""

import sys
from collections.abc import Callable, Iterable, Iterator
from io import BytesIO
from typing import Any
from urllib.parse import unquote_to_bytes

from kg.web.answers import BEGUN
from kg.web.cache import MARK, Headers
from kg.web.exchanges import Message
from kg.web.problems import REFUSED
from kg.web.visits import Visit

WsgiApp = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


class Work:
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
        self.status = int(status[:3])
        self.headers = [header for header in headers if header[0].lower() != "date"]  # the server has the one


def make_environ(scope: Message, visit: Visit) -> dict[str, Any]:
    """Return the environ of a request; what a worker has begun for it is handed over."""
    asked, record = visit.asked, visit.record
    begun, visit.begun = visit.begun, None
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
        # A name could pass for another, as `Content_Length` for `Content-Length`; several ranges are passed over, which
        # is allowed (RFC 9110, section 14.2).
        if "_" in name or (name == "range" and "," in value):
            continue
        key = name.upper().replace("-", "_")
        environ[key if key in {"CONTENT_TYPE", "CONTENT_LENGTH"} else f"HTTP_{key}"] = value
    environ["HTTP_X_REQUEST_ID"] = record.id
    environ[REFUSED] = visit.refusal
    environ[BEGUN] = begun
    return environ
