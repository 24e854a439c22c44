"""The head of a request: whether it can be told without doubt what it says, and what that is.

Source: RFC 9112, sections 3 and 6; RFC 9110, section 10.1.1.
"""

import re
from urllib.parse import unquote, urlsplit

from kg.web.exchanges import Message, RawHeaders

_VERSIONS = frozenset({"1.0", "1.1"})
_FRAMING = frozenset({b"content-length", b"transfer-encoding"})
_HOST = re.compile(rb"[\w.~!$&'()*+,;=%:\[\]-]*", re.ASCII)
"""A host with a port, by its letters (RFC 3986, section 3.2)."""


class Head:
    """The head of a request; names of headers are in lower case."""

    def __init__(self, method: str, target: bytes, version: str, headers: RawHeaders) -> None:
        self.method = method
        self._target = target
        self._version = version
        self._headers = headers
        self._named = dict(headers)

    def find_fault(self) -> int:
        """Return the status by which it is to be refused; 0 for none."""
        hosts = sum(name == b"host" for name, _ in self._headers)
        if self._version not in _VERSIONS or hosts > 1 or (self._version == "1.1" and not hosts):
            return 400
        if not _HOST.fullmatch(self._named.get(b"host", b"")):
            return 400
        coding = self._named.get(b"transfer-encoding")
        if coding is None or (coding.lower() == b"chunked" and self._version == "1.1"):
            return 0
        # Whoever passed on a request of HTTP/1.0 may not have known chunks (section 6.1).
        return 501 if self._version == "1.1" and coding.lower().endswith(b"chunked") else 400

    @property
    def has_body(self) -> bool:
        """Whether a body follows, which may be empty."""
        return b"transfer-encoding" in self._named or self._named.get(b"content-length", b"0") != b"0"

    @property
    def expects_continue(self) -> bool:
        """Whether the client waits to be told to send the body."""
        return self._version == "1.1" and self._named.get(b"expect", b"").lower() == b"100-continue"

    def make_scope(self, client: tuple[str, int], server: tuple[str, int]) -> Message:
        """Return the request as an ASGI application is told of it.

        Raises:
            ValueError: the target is no address.
        """
        target = self._target
        path, _, query = (target if target.startswith(b"/") else _strip_origin(target)).partition(b"?")
        text = path.decode("latin-1")
        return {
            "type": "http",
            "asgi": {"version": "3.0"},
            "http_version": self._version,
            "method": self.method,
            "scheme": "http",
            "path": unquote(text) if b"%" in path else text,
            "raw_path": path,
            "query_string": query,
            "root_path": "",
            "headers": self._headers,
            "client": client,
            "server": server,
        }


def frame_again(headers: RawHeaders) -> bytes:
    """Return a head that says of the body that follows what these headers say, and no more."""
    framing = b"".join(b"%b: %b\r\n" % header for header in headers if header[0] in _FRAMING)
    return b"POST / HTTP/1.1\r\n%b\r\n" % framing


def _strip_origin(target: bytes) -> bytes:
    """Return a target without scheme and host (section 3.2.2)."""
    if b"://" not in target:  # `*`, or what CONNECT names
        return target
    parts = urlsplit(target)
    return (parts.path or b"/") + (b"?" + parts.query if parts.query else b"")
