"""Answers and pages kept ready: a cache in front of the application, by the rules of HTTP.

An answer is kept under the snapshot that it is of, the request's method, target and body, and what those of its headers
mean that `Vary` names (RFC 9111, section 4.1), so that two queries, formats or languages never meet, and browsers that
say the same in other words do. A new snapshot makes all of them stale at once; `list_stale` tells which of them were
asked for. What may be kept is for the application to say, by `mark`.
"""

import hashlib
import re
import struct
import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache

from cachetools import LRUCache
from flask import request

from kg.errors import StoreError
from kg.web.encoding import choose
from kg.web.exchanges import RawHeaders
from kg.web.i18n import read_cookie, read_spoken

MARK = "lagebild.snapshot"
"""Where in the environ a view says which snapshot its answer is of."""
_OVERHEAD = 1_000
"""Bytes that an entry takes at least beside its body."""
_OF_THE_REQUEST = frozenset({"x-request-id", "date", "server", "set-cookie", "content-length"})
"""Headers that belong to one request or body and are not kept with the others, which many answers share."""
_ENDS_LINE = re.compile(r"[\r\n\0]")
_OF_THE_BODY = frozenset({b"content-type", b"content-length", b"content-encoding"})
_MEANINGS: Mapping[str, Callable[[str], str | None]] = {
    "accept-encoding": choose,
    "accept-language": read_spoken,
    "cookie": read_cookie,
}
"""Headers to what is made of them; of others all that they say counts."""

Headers = Sequence[tuple[str, str]]
Key = bytes | tuple[str, str]
FullKey = tuple[Key | str, ...]
"""With what those headers mean by which an answer varies."""
_SHORT = 500
"""Characters of an address that is its own key; a longer one has a digest for its key."""


def mark(snapshot: str) -> None:
    """Say that the answer to the current request is of this snapshot, and the same for all who ask the same."""
    request.environ[MARK] = snapshot


@dataclass(frozen=True)
class Asked:
    """What a request asks for. Names of headers are in lower case."""

    method: str
    target: str
    headers: Mapping[str, str]
    body: bytes = b""

    @property
    def key(self) -> Key:
        """What has to be the same for the same answer, as far as that is known before the answer."""
        method = "GET" if self.method == "HEAD" else self.method
        if not self.body and len(self.target) <= _SHORT:  # a digest takes four times as long
            return method, self.target
        return _digest(method, self.target, self.headers.get("content-type", "") if self.body else "", self.body)


@dataclass(slots=True)
class Stored:
    """An answer that is kept."""

    snapshot: str
    headers: RawHeaders
    body: bytes
    etag: str
    asked: Asked
    """A request that it answers, without its body and with those of its headers only that matter."""
    views: int
    """How often it was asked for."""

    def answer(self, asked: Asked) -> tuple[int, RawHeaders, bytes]:
        """Return status, headers and body for a request; 304 where the client has it already."""
        known = asked.headers.get("if-none-match", "") if asked.method in {"GET", "HEAD"} else ""
        if known and self.etag and any(tag.strip().removeprefix("W/") in {"*", self.etag} for tag in known.split(",")):
            return 304, [(name, value) for name, value in self.headers if name not in _OF_THE_BODY], b""
        return 200, self.headers, b"" if asked.method == "HEAD" else self.body


class ResponseCache:
    """Within a bound of bytes; the least recently used goes first. Threads may share it."""

    def __init__(self, most_bytes: int, snapshot: Callable[[], str]) -> None:
        self._lock = threading.Lock()
        self._varying: LRUCache[Key, tuple[str, ...]] = LRUCache(10_000)
        self._stored: LRUCache[FullKey, Stored] = LRUCache(most_bytes, getsizeof=_size_of)
        self._snapshot = snapshot
        self.largest = most_bytes // 16
        """Bytes of the largest body that is kept."""
        self.hits = self.misses = 0

    @property
    def size(self) -> int:
        """How many bytes are kept."""
        return int(self._stored.currsize)

    def find(self, asked: Asked) -> Stored | None:
        """Return what is kept for a request and still holds."""
        if asked.method not in {"GET", "HEAD", "POST"} or "authorization" in asked.headers:
            return None
        found = self._look_up(asked)
        if found is not None:
            found.views += 1
            self.hits += 1
            return found
        self.misses += 1
        return None

    def has(self, asked: Asked) -> bool:
        """Tell whether something is kept for a request that still holds, without counting it as asked for."""
        return self._look_up(asked) is not None

    def keep(
        self, asked: Asked, snapshot: str, headers: Headers, body: bytes, views: int = 1, *, tag: str = ""
    ) -> None:
        """Keep an answer with status 200 that was asked for so often; its tag may come apart from its other headers."""
        varying, kept, etag = _read_headers(tuple(headers))
        if asked.method == "HEAD" or "authorization" in asked.headers or varying is None:
            return
        matters = {name: asked.headers[name] for name in varying if name in asked.headers}
        kept = [*kept, (b"content-length", b"%d" % len(body))]
        if tag:
            kept.append((b"etag", tag.encode("ascii")))
            etag = tag.removeprefix("W/")
        stored = Stored(snapshot, kept, body, etag, Asked(asked.method, asked.target, matters), views)
        key = asked.key
        with self._lock, suppress(ValueError):  # larger than the cache
            self._varying[key] = varying
            self._stored[_full_key(key, asked, varying)] = stored

    def list_stale(self, content_type: str, most: int) -> list[Stored]:
        """Return answers to GET that a new snapshot has made stale, those first that were asked for most often.

        Args:
            content_type: what their content type begins with.
            most: how many there may be.
        """
        current, wanted = self._snapshot(), content_type.encode("ascii")
        with self._lock:
            kept = list(self._stored.values())
        stale = [
            each
            for each in kept
            if each.snapshot != current
            and each.views
            and each.asked.method == "GET"
            and dict(each.headers).get(b"content-type", b"").startswith(wanted)
        ]
        return sorted(stale, key=lambda each: -each.views)[:most]

    def _look_up(self, asked: Asked) -> Stored | None:
        """Return what is kept for a request and is of the current snapshot."""
        key = asked.key
        with self._lock:
            varying = self._varying.get(key)
            found = None if varying is None else self._stored.get(_full_key(key, asked, varying))
        with suppress(StoreError):
            return found if found is not None and found.snapshot == self._snapshot() else None
        return None


@lru_cache(maxsize=1_000)
def _read_headers(headers: tuple[tuple[str, str], ...]) -> tuple[tuple[str, ...] | None, RawHeaders, str]:
    """Return by what an answer varies (None: it is for one client only), its headers to be kept, and its tag."""
    named = {name.lower(): value for name, value in headers}
    varying = tuple(sorted({name.strip().lower() for name in named.get("vary", "").split(",")} - {""}))
    kept = encode_headers((name, value) for name, value in headers if name.lower() not in _OF_THE_REQUEST)
    is_shared = "set-cookie" not in named and "*" not in varying
    return varying if is_shared else None, kept, named.get("etag", "").removeprefix("W/")


def encode_headers(headers: Iterable[tuple[str, str]]) -> RawHeaders:
    """Return headers as they go over the line."""
    return list(map(_encode_header, headers))


@lru_cache(maxsize=1_000)
def encode_shared(headers: tuple[tuple[str, str], ...]) -> RawHeaders:
    """Return likewise headers that many answers have."""
    return encode_headers(headers)


@lru_cache(maxsize=1_000)
def _encode_header(header: tuple[str, str]) -> tuple[bytes, bytes]:
    """Encode one header; most are the same in all answers.

    Raises:
        ValueError: it would end the header's line, and with that begin something else.
    """
    name, value = header
    if _ENDS_LINE.search(name + value):
        raise ValueError(f"a header is no single line: {header}")
    return name.lower().encode("latin-1"), value.encode("latin-1")


def _full_key(key: Key, asked: Asked, varying: Sequence[str]) -> FullKey:
    return (key, *[_understand(name, asked.headers.get(name, "")) for name in varying])


def _understand(name: str, value: str) -> str:
    """Return what a header's value means, so that those who mean the same share an answer."""
    read = _MEANINGS.get(name)
    return value if read is None else read(value) or ""


def _digest(*parts: str | bytes) -> bytes:
    """Return a name of fixed length for some parts, so that long requests take little room."""
    raw = [part if isinstance(part, bytes) else part.encode("utf-8", "surrogatepass") for part in parts]
    lengths = struct.pack(f"!{len(raw)}Q", *map(len, raw))
    return hashlib.blake2b(b"".join((lengths, *raw)), digest_size=16).digest()


def _size_of(stored: Stored) -> int:
    """Return about how many bytes an entry takes, of which the client chooses all but the body."""
    asked = stored.asked
    return len(stored.body) + max(len(asked.target) + sum(map(len, asked.headers.values())), _OVERHEAD)
