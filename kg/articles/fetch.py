"""Pages by URL, fetched so that a stranger's address can harm neither this machine nor its network.

Every address that a connection is opened to is checked at that moment, after its name has been resolved, so that a
name which answers differently the second time (DNS rebinding) or a redirect into the private network is refused too.
"""

import ipaddress
import socket
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Any, TypeVar
from urllib.parse import urldefrag, urljoin, urlsplit

import requests
from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection

from kg.errors import FetchError
from kg.settings import PREFIX, Settings

_AGENT = "lagebild (reads one article for its user)"
_PAGE_TYPES = frozenset({"text/html", "application/xhtml+xml"})
_TEXT_TYPES = frozenset({"text/plain"})
_NAT64 = ipaddress.ip_network("64:ff9b::/96")
_CHUNK = 65_536
Result = TypeVar("Result")
_SAVE_IT = "Open it in a browser, save the page and give the file."
_PRIVATE = "Set LAGEBILD_FETCH_PRIVATE=1 if you trust the address."


@dataclass(frozen=True, slots=True)
class Fetched:
    """What a URL answered."""

    url: str
    """The address after all redirects."""
    body: bytes
    is_page: bool
    """HTML; plain text otherwise."""
    charset: str | None
    """The encoding that the server named."""


def fetch(url: str, settings: Settings) -> Fetched:
    """Fetch a page or text over HTTP(S), within the limits that `settings` give.

    Raises:
        FetchError: the address is refused or does not answer, the answer is an error, too large, too slow, or no text.
    """
    try:
        return within(settings.fetch_total_timeout, lambda: _follow(url, settings))
    except TimeoutError:
        raise _too_slow(url, "fetch_total_timeout") from None


def within(seconds: float, task: Callable[[], Result]) -> Result:
    """Return what a task over the network returns, or raise what it raises, if it does so in time.

    Names, handshakes, headers and bodies can all trickle in, and a socket's time-out bounds the wait for one byte only.
    So it happens in a thread, which is left to itself when the time is up and ends with its connection.

    Raises:
        TimeoutError: the time is up.
    """
    answer: Future[Result] = Future()

    def settle() -> None:
        try:
            answer.set_result(task())
        except Exception as error:
            answer.set_exception(error)  # for the thread that waits

    threading.Thread(target=settle, daemon=True).start()
    return answer.result(seconds)


def open_session(settings: Settings, agent: str) -> requests.Session:
    """Return a session that connects to public addresses only, unless `settings` allow private ones.

    Args:
        settings: whether private addresses are allowed, and how many redirects are followed.
        agent: the User-Agent that it names.
    """
    session = requests.Session()
    session.headers["User-Agent"] = agent
    session.max_redirects = settings.fetch_max_redirects
    if not settings.fetch_private:
        session.trust_env = False  # a proxy would connect in our place, unchecked
        session.mount("http://", _GuardedAdapter())
        session.mount("https://", _GuardedAdapter())
    return session


def _follow(url: str, settings: Settings) -> Fetched:
    deadline = time.monotonic() + settings.fetch_total_timeout
    with open_session(settings, _AGENT) as session:
        for _ in range(settings.fetch_max_redirects + 1):
            url = check_url(url)
            try:
                with session.get(url, timeout=settings.fetch_timeout, stream=True, allow_redirects=False) as response:
                    if response.is_redirect:
                        url = urljoin(url, response.headers["location"])
                        continue
                    return _read(response, url, settings, deadline)
            except requests.Timeout:
                raise _too_slow(url, "fetch_timeout") from None
            except (requests.RequestException, ValueError) as error:
                raise FetchError(f"{url} cannot be fetched: {reason_of(error)}.", "Check the address.") from error
    raise FetchError(f"{url} redirects more than {settings.fetch_max_redirects} times.", _SAVE_IT)


def resolve_public(host: str, port: int) -> tuple[str, int]:
    """Resolve a host to the address to connect to.

    Raises:
        FetchError: the host has no address, or any address of it is private, loopback, link-local or reserved.
    """
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise FetchError(f"{host} has no address: {error}.", "Check the spelling and the connection.") from error
    addresses = [str(entry[4][0]) for entry in found]
    for address in addresses:
        if not is_public(address):
            raise FetchError(f"{host} is at {address}, which is not a public address.", _PRIVATE)
    return addresses[0], port


def is_public(address: str) -> bool:
    """Tell whether an IP address is one of the public internet, also where it is wrapped into an IPv6 address."""
    ip = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        inner = ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else None)
        if inner is None and ip in _NAT64:
            inner = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
        if inner is not None:
            return is_public(str(inner))
    return ip.is_global and not ip.is_multicast


class _GuardedHTTPConnection(HTTPConnection):
    def _new_conn(self) -> socket.socket:
        return _connect(self.host, self.port or 80, self.timeout)


class _GuardedHTTPSConnection(HTTPSConnection):
    def _new_conn(self) -> socket.socket:
        return _connect(self.host, self.port or 443, self.timeout)


class _GuardedHTTPPool(HTTPConnectionPool):
    ConnectionCls = _GuardedHTTPConnection


class _GuardedHTTPSPool(HTTPSConnectionPool):
    ConnectionCls = _GuardedHTTPSConnection


class _GuardedAdapter(HTTPAdapter):
    """Connects to addresses that `resolve_public` accepts, and to no others."""

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = {"http": _GuardedHTTPPool, "https": _GuardedHTTPSPool}


def _connect(host: str, port: int, timeout: Any) -> socket.socket:
    seconds = timeout if isinstance(timeout, (int, float)) else None  # urllib3 marks "the default" by an object
    return socket.create_connection(resolve_public(host, port), seconds)


def check_url(url: str) -> str:
    """Return an address without its fragment.

    Raises:
        FetchError: it is no http(s) address, or has a password in it.
    """
    url = urldefrag(url).url
    try:
        parts = urlsplit(url)
        has_host = bool(parts.hostname) and (parts.port is None or parts.port > 0)
    except ValueError:
        has_host = False
    if not has_host or parts.scheme not in {"http", "https"}:
        raise FetchError(f"{url} is no http(s) address.", "Give an address like https://example.org/article.")
    if parts.username or parts.password:
        raise FetchError(f"{parts.hostname}: an address with a password in it is not fetched.", _SAVE_IT)
    return url


def _read(response: requests.Response, url: str, settings: Settings, deadline: float) -> Fetched:
    if response.status_code != requests.codes.ok:
        raise FetchError(f"{url} answered {response.status_code} {response.reason or ''}".rstrip() + ".", _SAVE_IT)
    media, _, parameters = response.headers.get("content-type", "text/html").partition(";")
    media = media.strip().lower()
    if media not in _PAGE_TYPES | _TEXT_TYPES:
        raise FetchError(f"{url} is {media}, neither a page nor text.", "Give the address of an article.")
    try:
        body = read_body(response, settings.fetch_max_bytes, deadline)
    except OverflowError:
        raise FetchError(
            f"{url} is larger than {settings.fetch_max_bytes} bytes.", "Save the text as a file."
        ) from None
    except TimeoutError:
        raise _too_slow(url, "fetch_total_timeout") from None
    charset = next((p.split("=", 1)[1].strip(" \"'") for p in parameters.split(";") if "charset=" in p.lower()), None)
    return Fetched(url, body, media in _PAGE_TYPES, charset)


def read_body(response: requests.Response, most_bytes: int, deadline: float) -> bytes:
    """Read an answer's body, unpacked.

    Raises:
        OverflowError: it is larger than `most_bytes`.
        TimeoutError: it is not there by `deadline`, a time of `time.monotonic()`.
    """
    body = bytearray()
    for chunk in response.iter_content(_CHUNK):
        body += chunk
        if len(body) > most_bytes:
            raise OverflowError
        if time.monotonic() > deadline:
            raise TimeoutError
    return bytes(body)


def _too_slow(url: str, setting: str) -> FetchError:
    return FetchError(f"{url} did not answer in time.", f"Try again later or raise {PREFIX}{setting.upper()}.")


def reason_of(error: BaseException) -> str:
    """Return the innermost cause in one line: requests wraps it several times over."""
    while error.__context__ is not None:
        error = error.__context__
    return " ".join(str(error).split()).rstrip(".")[:200]
