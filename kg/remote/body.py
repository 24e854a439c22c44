"""An answer while it comes in, as the parsers of the engine read it."""

from typing import cast

import requests
from urllib3.exceptions import HTTPError
from urllib3.response import BaseHTTPResponse

from kg.errors import StoreError

_TAIL = 200
_CUT = b'"truncated":"'
"""By which a server of ours ends JSON that is not whole."""


class Body:
    """The body of a response, decompressed, as a file to read from; what breaks off is an error and no end."""

    def __init__(self, response: requests.Response) -> None:
        self._url = response.url
        self._raw = cast("BaseHTTPResponse", response.raw)
        self._tail = b""

    def read(self, size: int = -1) -> bytes:
        """Return the next bytes, `size` at most; none at the end.

        Raises:
            StoreError: the connection broke off, or nothing came for too long.
        """
        try:
            data = self._raw.read(None if size < 0 else size, decode_content=True)
        except (HTTPError, OSError) as error:
            reason = type(error).__name__
            raise StoreError(f"The answer of the store {self._url} broke off ({reason}).", "Try again.") from error
        self._tail = (self._tail + data)[-_TAIL - len(data) :]
        if _CUT in self._tail:
            raise StoreError(f"The store {self._url} gave a part of the answer only.", "Ask for less at a time.")
        return data
