"""Who asks, and how much one client may ask for: so many requests at once, and so many a second."""

import ipaddress
import threading
import time
from dataclasses import dataclass
from functools import lru_cache

from cachetools import LRUCache

from kg.errors import TooManyRequestsError

MOST_CLIENTS = 10_000
"""Clients that are remembered; the one that has asked longest ago is forgotten first."""
BURST_SECONDS = 4.0
"""How many seconds' worth of requests a client that has been quiet may send at once."""
NETWORK_BITS = 64
"""A client has an IPv6 network of this size to itself (RFC 6177)."""


def find_client(peer: str, forwarded: str, proxies: frozenset[str]) -> str:
    """Return the address of the client behind a connection.

    Args:
        peer: the address at the other end of the connection.
        forwarded: the header `X-Forwarded-For`, to which each proxy adds the address that it saw.
        proxies: addresses of the proxies that are believed.

    Returns:
        The last address in the chain that is no proxy of ours.
    """
    if peer not in proxies:
        return peer
    for address in reversed([part.strip() for part in forwarded.split(",") if part.strip()]):
        if address not in proxies:
            return address
    return peer


@dataclass(slots=True)
class _Account:
    at_once: int = 0
    tokens: float = 0.0
    seen: float = 0.0


class ClientLimits:
    """Counts what each client does. Threads may share it."""

    def __init__(self, at_once: int, per_second: float, *, exempt_loopback: bool) -> None:
        self._at_once = at_once
        self._per_second = per_second
        self._burst = per_second * BURST_SECONDS
        self._exempt_loopback = exempt_loopback
        self._lock = threading.Lock()
        self._accounts: LRUCache[str, _Account] = LRUCache(MOST_CLIENTS)

    def enter(self, client: str) -> str:
        """Count a request in; return what `leave` is to be given, which is empty for one that is not counted.

        Raises:
            TooManyRequestsError: it is one too many.
        """
        name = self.name(client)
        if not name:
            return ""
        now = time.monotonic()
        with self._lock:
            account = self._accounts.get(name) or _Account(tokens=self._burst, seen=now)
            self._accounts[name] = account
            account.tokens = min(self._burst, account.tokens + (now - account.seen) * self._per_second)
            account.seen = now
            if self._at_once and account.at_once >= self._at_once:
                raise TooManyRequestsError(
                    f"{self._at_once} requests of yours are in progress.",
                    "Wait until one is answered.",
                    "client_at_once",
                    self._at_once,
                )
            if self._per_second and account.tokens < 1:
                raise TooManyRequestsError(
                    f"You ask more often than {self._per_second:g} times a second.",
                    "Ask more slowly, or for more at a time.",
                    "client_per_second",
                    self._per_second,
                )
            account.tokens -= 1
            account.at_once += 1
        return name

    def leave(self, name: str) -> None:
        """Count a request out."""
        with self._lock:
            account = self._accounts.get(name)
            if account is not None:
                account.at_once = max(account.at_once - 1, 0)

    def name(self, client: str) -> str:
        """Return what a client counts as; empty for one that is not counted."""
        return "" if self._exempt_loopback and _is_loopback(client) else name_client(client)


class DailyQuota:
    """What a client may have so and so often a day. Threads may share it."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._lock = threading.Lock()
        self._taken: LRUCache[tuple[str, int], int] = LRUCache(MOST_CLIENTS)

    def take(self, client: str) -> bool:
        """Count one in; tell whether the client may still have it."""
        key = name_client(client), int(time.time() // 86_400)
        with self._lock:
            taken = self._taken.get(key, 0)
            if self._most and taken >= self._most:
                return False
            self._taken[key] = taken + 1
        return True


@lru_cache(maxsize=MOST_CLIENTS)
def name_client(client: str) -> str:
    """Return what a client counts as: its address, or its network of IPv6."""
    try:
        address = ipaddress.ip_address(client)
    except ValueError:
        return client
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped is not None:
            return str(address.ipv4_mapped)
        return str(ipaddress.ip_network((address, NETWORK_BITS), strict=False))
    return str(address)


@lru_cache(maxsize=MOST_CLIENTS)
def _is_loopback(client: str) -> bool:
    try:
        return ipaddress.ip_address(client).is_loopback
    except ValueError:
        return False
