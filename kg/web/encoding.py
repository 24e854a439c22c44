"""Compressed answers, by zstd or gzip, as Accept-Encoding asks (RFC 9110, section 12.5.3; RFC 8878).

A stream is compressed as it goes: each part that comes in goes out at once.
"""

import re
import zlib
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import Final, Protocol

import zstandard
from cachetools import LRUCache
from flask import Response, current_app, request
from werkzeug.datastructures import Accept
from werkzeug.http import parse_accept_header

LEAST_BYTES: Final = 1_000
"""A shorter body fits into one packet as it is."""
CACHE_BYTES: Final = 16_000_000
"""Of static files, which are compressed once."""
_TEXTUAL: Final = re.compile(
    r"text/|application/(?:[\w.-]+\+)?(?:json|xml)\b|application/(?:n-triples|n-quads|trig|javascript)\b|image/svg"
)
_GZIP_LEVEL: Final = 5
_ZSTD_LEVEL: Final = 3
_GZIP_HEADER: Final = 31  # zlib's number for: window of 32 KiB, with the header and trailer of gzip


class Compressor(Protocol):
    """What zlib and zstandard have in common."""

    def compress(self, data: bytes, /) -> bytes:
        """Take data in."""
        ...

    def flush(self, mode: int, /) -> bytes:
        """Give out what was taken in, or end."""
        ...


_ENCODINGS: Final[dict[str, tuple[Callable[[], Compressor], int, int]]] = {
    "zstd": (
        lambda: zstandard.ZstdCompressor(_ZSTD_LEVEL).compressobj(),
        zstandard.COMPRESSOBJ_FLUSH_BLOCK,
        zstandard.COMPRESSOBJ_FLUSH_FINISH,
    ),
    "gzip": (
        lambda: zlib.compressobj(_GZIP_LEVEL, zlib.DEFLATED, _GZIP_HEADER),
        zlib.Z_SYNC_FLUSH,
        zlib.Z_FINISH,
    ),
}
"""Name to what compresses, and its modes to flush what it has and to end; the preferred one first."""


def compress(response: Response) -> Response:
    """Compress a response where the client takes it and it is worth it."""
    if not is_textual(response.content_type or "") or "Content-Encoding" in response.headers:
        return response
    response.vary.add("Accept-Encoding")
    name = choose(request.headers.get("Accept-Encoding", ""))
    if name is None or response.status_code in {204, 206, 304} or response.headers.get("Content-Range"):
        return response
    if response.is_streamed and not response.direct_passthrough:
        response.response = _compress_stream(response.response, name)  # type: ignore[arg-type]  # bytes, as we send them
    else:
        if (response.content_length or LEAST_BYTES) < LEAST_BYTES:
            return response
        response.set_data(_compress_whole(response, name))
    response.headers["Content-Encoding"] = name
    tag, is_weak = response.get_etag()
    if tag and not is_weak:  # a strong tag is of the bytes as they were
        response.set_etag(tag, weak=True)
    return response


def is_textual(content_type: str) -> bool:
    """Tell whether what is sent as this type gains by being compressed."""
    return _TEXTUAL.match(content_type) is not None


@lru_cache(maxsize=256)
def choose(accepted: str) -> str | None:
    """Return the encoding that the client likes best, zstd before gzip where it likes both the same.

    Args:
        accepted: the header Accept-Encoding; empty where there is none.
    """
    if not accepted:
        return None
    qualities = parse_accept_header(accepted, Accept)
    best = max(_ENCODINGS, key=lambda name: qualities[name])
    return best if qualities[best] > 0 and qualities[best] >= qualities["identity"] else None


def _compress_whole(response: Response, name: str) -> bytes:
    """Compress a body; that of a static file is kept under its tag."""
    if not response.direct_passthrough:
        return compress_bytes(response.get_data(), name)
    cache: LRUCache[tuple[str, str | None, str], bytes] = current_app.extensions["compressed"]
    response.direct_passthrough = False
    key = (request.path, response.get_etag()[0], name)
    compressed = cache.get(key)
    if compressed is None:
        compressed = compress_bytes(response.get_data(), name)
        if len(compressed) <= cache.maxsize:
            cache[key] = compressed
    return compressed


def compress_bytes(data: bytes, name: str) -> bytes:
    """Compress a whole body by an encoding that `choose` returned."""
    make, _, end = _ENCODINGS[name]
    compressor = make()
    return compressor.compress(data) + compressor.flush(end)


def _compress_stream(chunks: Iterator[bytes], name: str) -> Iterator[bytes]:
    make, give_out, end = _ENCODINGS[name]
    compressor = make()
    try:
        for chunk in chunks:
            yield compressor.compress(chunk) + compressor.flush(give_out)
        yield compressor.flush(end)
    finally:
        close = getattr(chunks, "close", None)
        if close is not None:
            close()
