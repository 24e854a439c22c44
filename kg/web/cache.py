"""Answers and pages kept ready: a cache in front of the application, by the rules of HTTP.

An answer is kept under the snapshot that it is of, the request's method, target and body, and those of its headers that
`Vary` names (RFC 9111, section 4.1), so that two queries, formats or languages never meet. A new snapshot makes all of
them stale at once. What may be kept is for the application to say, by `mark`.
"""

import hashlib
import struct
import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property, lru_cache

from cachetools import LRUCache
from flask import request

from kg.errors import StoreError

MARK = "lagebild.snapshot"
"""Where in the environ a view says which snapshot its answer is of."""
_OVERHEAD = 1_000
"""Bytes that an entry takes beside its body."""
_OF_THE_REQUEST = frozenset({"x-request-id", "date", "server", "set-cookie"})
"""Headers that belong to one request and are not kept."""
_OF_THE_BODY = frozenset({b"content-type", b"content-length", b"content-encoding"})

Headers = Sequence[tuple[str, str]]
RawHeaders = Sequence[tuple[bytes, bytes]]
"""Headers as they go over the line, names in lower case."""


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

    @cached_property
    def key(self) -> bytes:
        """A digest of what has to be the same for the same answer, as far as that is known before the answer."""
        method = "GET" if self.method == "HEAD" else self.method
        return _digest(method, self.target, self.headers.get("content-type", "") if self.body else "", self.body)


@dataclass(frozen=True, slots=True)
class Stored:
    """An answer that is kept."""

    snapshot: str
    headers: RawHeaders
    body: bytes
    etag: str

    def answer(self, asked: Asked) -> tuple[int, RawHeaders, bytes]:
        """Return status, headers and body for a request; 304 where the client has it already."""
        known = asked.headers.get("if-none-match", "")
        if self.etag and any(tag.strip().removeprefix("W/") in {"*", self.etag} for tag in known.split(",")):
            return 304, [(name, value) for name, value in self.headers if name not in _OF_THE_BODY], b""
        return 200, self.headers, b"" if asked.method == "HEAD" else self.body


class ResponseCache:
    """Within a bound of bytes; the least recently used goes first. Threads may share it."""

    def __init__(self, most_bytes: int, snapshot: Callable[[], str]) -> None:
        self._lock = threading.Lock()
        self._varying: LRUCache[bytes, tuple[str, ...]] = LRUCache(10_000)
        self._stored: LRUCache[bytes, Stored] = LRUCache(most_bytes, getsizeof=_size_of)
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
        with self._lock:
            varying = self._varying.get(asked.key)
            found = None if varying is None else self._stored.get(_full_key(asked, varying))
        if found is not None:
            with suppress(StoreError):
                if found.snapshot == self._snapshot():
                    self.hits += 1
                    return found
        self.misses += 1
        return None

    def keep(self, asked: Asked, snapshot: str, headers: Headers, body: bytes) -> None:
        """Keep an answer with status 200."""
        named = {name.lower(): value for name, value in headers}
        varying = tuple(sorted({name.strip().lower() for name in named.get("vary", "").split(",")} - {""}))
        if asked.method == "HEAD" or "authorization" in asked.headers or "set-cookie" in named or "*" in varying:
            return
        kept = encode_headers((name, value) for name, value in headers if name.lower() not in _OF_THE_REQUEST)
        stored = Stored(snapshot, kept, body, named.get("etag", "").removeprefix("W/"))
        with self._lock, suppress(ValueError):  # larger than the cache
            self._varying[asked.key] = varying
            self._stored[_full_key(asked, varying)] = stored


def encode_headers(headers: Iterable[tuple[str, str]]) -> RawHeaders:
    """Return headers as they go over the line."""
    return list(map(_encode_header, headers))


@lru_cache(maxsize=1_000)
def _encode_header(header: tuple[str, str]) -> tuple[bytes, bytes]:
    """Encode one header; most are the same in all answers."""
    name, value = header
    return name.lower().encode("latin-1"), value.encode("latin-1")


def _full_key(asked: Asked, varying: Sequence[str]) -> bytes:
    return _digest(asked.key, *(asked.headers.get(name, "") for name in varying))


def _digest(*parts: str | bytes) -> bytes:
    """Return a name of fixed length for some parts, so that long requests take no more room than short ones."""
    raw = [part if isinstance(part, bytes) else part.encode("utf-8", "surrogatepass") for part in parts]
    lengths = struct.pack(f"!{len(raw)}Q", *map(len, raw))
    return hashlib.blake2b(b"".join((lengths, *raw)), digest_size=16).digest()


def _size_of(stored: Stored) -> int:
    return len(stored.body) + _OVERHEAD
