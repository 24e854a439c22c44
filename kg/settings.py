"""Every setting, its environment variable and its default, in one place."""

import os
from dataclasses import dataclass, field, fields
from typing import Any

from kg.errors import SettingError

PREFIX = "LAGEBILD_"

_MAY_BE_ZERO = frozenset(
    {
        "fetch_max_redirects",
        "cache_mb",
        "pages_ahead",
        "client_at_once",
        "permalink_days",
        "permalinks_per_day",
        "client_per_second",
        "query_wait",
    }
)
_LARGEST = 1_000_000_000
"""Of all numbers: seconds, bytes and megabytes beyond it are more than the system's calls take."""


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings of one process; `Settings.from_environment()` reads `LAGEBILD_<NAME>`."""

    base_iri: str = "http://localhost:8000/"
    """Base of all IRIs in the data; ends in a slash."""
    store: str = "store"
    """Folder or address of the store that is used where no other is named."""
    store_user: str = field(default="", repr=False)
    """Name at a store elsewhere, for basic or digest authentication."""
    store_password: str = field(default="", repr=False)
    store_token: str = field(default="", repr=False)
    """Token at a store elsewhere, sent as `Authorization: Bearer`."""
    store_update: str = ""
    """Where a store elsewhere takes updates, if not where it takes queries."""
    store_graphs: str = ""
    """Where it has its Graph Store HTTP Protocol, if that is to be used."""
    store_batch: int = 5_000
    """Statements in one update of a store elsewhere; an article's are always sent together."""
    store_tries: int = 6
    """How often it is asked that does not answer or says "later"."""
    store_wait: float = 0.5
    """Seconds before the third of these attempts, doubled before each further one; Retry-After counts for more."""
    store_timeout: float = 600.0
    """Seconds until an answer of a store elsewhere has to begin, and between two parts of it."""
    store_index: str = ""
    """Folder for the index of words of stores elsewhere; empty: in the user's folder for caches."""
    author: str = ""
    """Who makes corrections where `kg correct` is given no `--author`."""
    language_model: str = ""
    """Name or path of a spaCy German model to use in place of the bundled one, e.g. `de_core_news_lg`."""
    fetch_timeout: float = 10.0
    """Seconds until a URL has to answer, and between two reads."""
    fetch_total_timeout: float = 60.0
    """Seconds until the whole of a URL's answer has to be there, redirects included."""
    fetch_max_bytes: int = 10_000_000
    """Largest page that is fetched."""
    fetch_max_redirects: int = 5
    fetch_private: bool = False
    """Whether URLs at private, loopback and link-local addresses may be fetched."""
    article_max_chars: int = 200_000
    """Longest article that is read, in characters; the longest news features have under 100,000."""
    link_contact: str = ""
    """Mail address or web page of whoever runs `kg link`, for the operators of the service that it asks."""
    link_interval: float = 1.0
    """Seconds between two questions of `kg link`."""
    link_cache: str = ""
    """File in which `kg link` keeps answers; empty: in the user's folder for caches."""
    query_workers: int = 2
    """Queries of users that run at once beyond their first moment."""
    quick_workers: int = 4
    """Worker processes for the first moment of each of them."""
    quick_seconds: float = 0.1
    """How long that moment is."""
    page_workers: int = 1
    """Worker processes for the site's own pages."""
    query_timeout: float = 10.0
    """Seconds that a query may run which asks for no time of its own."""
    query_timeout_max: float = 60.0
    """The most that it may ask for."""
    query_wait: float = 5.0
    """Seconds that a query may wait for a free worker."""
    query_queue: int = 32
    """Queries that may wait at once."""
    cache_mb: int = 64
    """Megabytes of answers and pages that are kept ready."""
    pages_ahead: int = 200
    """Pages that are made anew after a change before anybody asks for them; 0 means none."""
    client_at_once: int = 16
    """Requests of one client that may be in progress at once; 0 means any number."""
    client_per_second: float = 50.0
    """Requests that one client may send a second, for longer than a moment; 0 means any number."""
    permalink_days: float = 365.0
    """How long a permalink holds, and with it the snapshot that it is about; 0 means that none are given."""
    permalinks: int = 10_000
    """How many permalinks there may be."""
    permalinks_per_day: int = 100
    """How many new ones one client may make a day; 0 means any number."""
    proxies: str = ""
    """Addresses of the proxies whose X-Forwarded-For is believed, with spaces between."""
    access_log: str = ""
    """File for a line of JSON about each request; `-` for the standard output."""
    query_max_bytes: int = 100_000
    """Longest query text that is accepted."""
    query_max_nesting: int = 500
    """Deepest nesting of brackets in a query."""
    query_max_joined: int = 100
    """Most triple patterns and steps of paths in one group of a query."""
    query_max_parts: int = 2_000
    """Most patterns, operators and clauses in a query."""
    result_max_rows: int = 1_000_000
    """Rows or triples after which an answer is cut."""
    result_max_mb: int = 1_000
    """Megabytes after which an answer is cut."""
    service_hosts: str = ""
    """Hosts that SERVICE may call, with their ports if those are not the usual ones, separated by commas."""
    dump_timeout: float = 600.0
    """Seconds that a dump may take."""
    query_memory_mb: int = 2_048
    """Address space of a query worker."""
    data_license: str = ""
    """IRI of the licence under which the data is served."""
    tokens: str = ""
    """Who may write, as `kg token` prints it: entries `NAME:SCOPE+SCOPE:HASH` with spaces between."""
    write_timeout: float = 60.0
    """Seconds that an update, a graph or an article may take."""
    write_wait: float = 10.0
    """Seconds that a write may wait for other writes and for another process that writes."""
    write_max_bytes: int = 10_000_000
    """Largest update, graph or article that is accepted."""
    write_memory_mb: int = 4_096
    """Address space of a process that writes."""
    cors_origins: str = "*"
    """Origins whose scripts may use the service: `*` for any, else a list with spaces between."""

    @classmethod
    def from_environment(cls) -> "Settings":
        """Read the settings from the environment.

        Raises:
            SettingError: a variable's value is not of its setting's type, or is a number out of range.
        """
        values: dict[str, Any] = {}
        for item in fields(cls):
            name = PREFIX + item.name.upper()
            raw = os.environ.get(name)
            if raw is not None:
                values[item.name] = _parse(name, raw, type(item.default))
                if type(item.default) in {int, float}:
                    _check_range(name, values[item.name], may_be_zero=item.name in _MAY_BE_ZERO)
        return cls(**values)


def _parse(name: str, raw: str, kind: type) -> object:
    if kind is bool:
        if raw.lower() in {"1", "true", "yes", "on"}:
            return True
        if raw.lower() in {"0", "false", "no", "off", ""}:
            return False
        raise SettingError(f"{name}={raw!r} is neither on nor off.", "Set it to 1 or 0.")
    try:
        return kind(raw)
    except ValueError:
        raise SettingError(f"{name}={raw!r} is no {kind.__name__}.", f"Set it to a valid {kind.__name__}.") from None


def _check_range(name: str, number: float, *, may_be_zero: bool) -> None:
    if not (0 < number <= _LARGEST or (may_be_zero and number == 0)):  # "nan" is in no range
        least = "from 0" if may_be_zero else "above 0"
        raise SettingError(f"{name}={number:g} is out of range.", f"Set it to a number {least}, up to {_LARGEST:,}.")
