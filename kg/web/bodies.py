"""Bodies of requests: read within bounds of size, of time, and of what all of them together take in memory."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from kg.web.problems import ProblemError

MOST_BYTES_OF_ANYONE = 2_000_000
"""Of a body without a token: who shows none writes nothing, and has no use for more than a query or a table takes."""
MOST_BYTES_AT_ONCE = 256_000_000
"""Of all bodies together that are being read or worked on."""
FIRST_SECONDS = 20.0
LEAST_BYTES_A_SECOND = 10_000
"""A body may take FIRST_SECONDS, and longer as long as it comes at this rate."""

Receive = Callable[[], Awaitable[dict[str, Any]]]


class Bodies:
    """Reads bodies; belongs to one event loop."""

    def __init__(self, most_bytes: int, most_at_once: int = MOST_BYTES_AT_ONCE) -> None:
        self._most_bytes = most_bytes
        self._most_at_once = most_at_once
        self._held = 0

    async def read(self, receive: Receive, headers: Mapping[str, str]) -> bytes | None:
        """Read a body, as much of it as is needed to see that it is too long; give it to `release` afterwards.

        Returns:
            The body; None if the client hung up.

        Raises:
            ProblemError: 408, it comes too slowly; 503, there are too many at once.
        """
        if headers.get("content-length", "") == "0":
            return b""
        body = bytearray()
        most_bytes = self._most_bytes if "authorization" in headers else min(self._most_bytes, MOST_BYTES_OF_ANYONE)
        began = time.monotonic()
        try:
            while len(body) <= most_bytes:
                message = await _receive_until(receive, began + FIRST_SECONDS + len(body) / LEAST_BYTES_A_SECOND)
                if message["type"] == "http.disconnect":
                    break
                self._take(body, message.get("body", b""))
                if not message.get("more_body", False):
                    return bytes(body)
            else:
                return bytes(body)
        except ProblemError:
            self.release(body)
            raise
        self.release(body)
        return None

    def release(self, body: bytes | bytearray) -> None:
        """Say that a body that was read is of no use any more."""
        self._held -= len(body)

    def _take(self, body: bytearray, part: bytes) -> None:
        if self._held + len(part) > self._most_at_once:
            raise ProblemError(
                503, "Too much is being uploaded at once.", "Try again in a few seconds.", "busy", Retry_After="2"
            )
        self._held += len(part)
        body += part


async def _receive_until(receive: Receive, deadline: float) -> dict[str, Any]:
    try:
        return await asyncio.wait_for(receive(), deadline - time.monotonic())
    except TimeoutError:
        raise ProblemError(408, "The body of the request comes too slowly.", "Send it faster, or less.") from None
