"""What a query may be and take: refused before it runs where its text shows it, bounded where only its run does."""

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from kg import sparql_size
from kg.settings import Settings
from kg.web.problems import ProblemError
from kg.web.querytext import examine


@dataclass(frozen=True, slots=True)
class Limits:
    """What the answer to one request may take; a request may ask for less than it may have."""

    seconds: float | None = None
    max_rows: int = sys.maxsize
    max_bytes: int = sys.maxsize


UNLIMITED = Limits()
PARAMETERS = ("timeout", "max-rows", "max-bytes")


def read_limits(parameters: Sequence[tuple[str, str]], settings: Settings) -> Limits:
    """Read `timeout` (seconds), `max-rows` and `max-bytes`; more than may be had becomes that.

    Raises:
        ProblemError: 400, one of them is no positive number.
    """
    asked = {name: _read_number(name, value) for name, value in parameters if name in PARAMETERS}
    return Limits(
        min(asked.get("timeout", settings.query_timeout), settings.query_timeout_max),
        int(min(asked.get("max-rows", settings.result_max_rows), settings.result_max_rows)),
        int(min(asked.get("max-bytes", settings.result_max_mb * 1_000_000), settings.result_max_mb * 1_000_000)),
    )


def _read_number(name: str, value: str) -> float:
    try:
        number = float(value)
    except ValueError:
        number = 0.0
    if not number > 0 or (number < 1 and name != "timeout"):  # "nan" is not greater either
        raise ProblemError(400, f"{name}={value!r} is no positive number.", f"Give {name} as a number, such as 5.")
    return number


def check_query(text: str, settings: Settings) -> bool:
    """Refuse a query whose text shows that it must not run; return whether it calls other endpoints.

    Raises:
        ProblemError: 400 or 413, it is too long, or calls an endpoint that is not allowed.
        QueryLimitError: it is nested too deeply, or has too many parts.
    """
    check_size(text, settings)
    services = examine(text).services
    for endpoint in services:
        if not may_call(endpoint, settings):
            raise _refuse_call(endpoint, settings)
    return bool(services)


def check_length(text: str, settings: Settings) -> None:
    """Refuse a query that is too long.

    Raises:
        ProblemError: 413, it is.
    """
    most = settings.query_max_bytes
    if len(text.encode(errors="surrogatepass")) > most:
        members = {"limit": "query_max_bytes", "allowed": most}
        raise ProblemError(413, f"The query is longer than {most} bytes.", "Shorten it.", "query-limit", members)


def check_size(text: str, settings: Settings) -> None:
    """Refuse a query that is too large, whatever it calls; errors as `check_query`."""
    check_length(text, settings)
    seen = examine(text)
    sparql_size.check_nesting(seen.nesting, settings)
    sparql_size.check_size(seen.size, settings)


def may_call(endpoint: str | None, settings: Settings) -> bool:
    """Tell whether queries may call an endpoint; None stands for one that only the run would tell."""
    return endpoint is not None and _host_of(endpoint) in _list_hosts(settings)


def _refuse_call(endpoint: str | None, settings: Settings) -> ProblemError:
    members, allowed = {"limit": "service_hosts"}, _list_hosts(settings)
    if not allowed:
        remedy = "Ask the other endpoint yourself and join the answers."
        return ProblemError(400, "SERVICE is not allowed here.", remedy, "query-refused", members)
    remedy = f"Name an endpoint at {' or '.join(allowed)} by its IRI."
    return ProblemError(400, f"SERVICE may not call {endpoint or 'that'}.", remedy, "query-refused", members)


def _list_hosts(settings: Settings) -> list[str]:
    return sorted(host.strip().lower() for host in settings.service_hosts.split(",") if host.strip())


def _host_of(iri: str) -> str:
    try:
        return urlsplit(iri).netloc.lower()
    except ValueError:
        return ""
