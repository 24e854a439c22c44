"""The protocols of SPARQL 1.1 from the side of who asks: Query, Update and Graph Store, over HTTP.

What is asked is asked again where the store does not answer or says "later", with growing waits that are the same in
every run, or after as long as its Retry-After wants. That is safe for updates too: all of ours have the same effect
twice as once.
"""

from collections.abc import Iterable, Mapping, Sequence
from http import HTTPStatus
from typing import Final

import requests
from requests.adapters import HTTPAdapter
from requests.auth import AuthBase, HTTPBasicAuth, HTTPDigestAuth
from urllib3.response import BaseHTTPResponse
from urllib3.util import Retry

from kg import __version__
from kg.errors import QueryError, SettingError, StoreError
from kg.remote.body import Body
from kg.remote.endpoint import GRAPH, Endpoint
from kg.settings import Settings

LONGEST_WAIT: Final = 60
"""Seconds that are waited between two attempts at most, whatever Retry-After says."""
_LATER: Final = frozenset({429, 502, 503, 504})
_CONNECT: Final = 10.0
"""Seconds until a connection has to be there."""
_REASON_CHARS: Final = 300
_CUT: Final = ("Lagebild-Truncated", "X-SPARQL-MaxRows")
"""Headers by which our server and Virtuoso say that an answer is not whole."""


class _Patience(Retry):
    """Retries with a bound for what Retry-After may ask for."""

    def get_retry_after(self, response: BaseHTTPResponse) -> float | None:
        """Return the seconds that the store wants, or as many as it gets."""
        wanted = super().get_retry_after(response)
        return None if wanted is None else min(wanted, LONGEST_WAIT)


class _Bearer(AuthBase):
    """A token in the header Authorization (RFC 6750)."""

    def __init__(self, token: str) -> None:
        self._token = token

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        """Put it into a request."""
        request.headers["Authorization"] = f"Bearer {self._token}"
        return request


class _Nobody(AuthBase):
    """No authentication, not even what a .netrc file of the user has."""

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        """Leave a request as it is."""
        return request


class SparqlClient:
    """Asks one store. Threads may share it."""

    def __init__(self, endpoint: Endpoint, settings: Settings) -> None:
        """Make a client; `settings` has the store's name and password, or its token, and how patient to be.

        Raises:
            SettingError: there is a token as well as a name.
        """
        self.endpoint = endpoint
        self._settings = settings
        self._session = requests.Session()
        self._session.headers["User-Agent"] = f"lagebild/{__version__}"
        self._session.auth = _authentication(settings)
        tries = int(settings.store_tries)
        patience = _Patience(
            total=tries - 1,
            redirect=0,
            status_forcelist=_LATER,
            allowed_methods=None,  # all of them
            backoff_factor=settings.store_wait / 2,  # the first retry is at once, the next after twice the factor
            backoff_max=LONGEST_WAIT,
            raise_on_status=False,
            raise_on_redirect=False,
        )
        for scheme in ("http://", "https://"):
            self._session.mount(scheme, HTTPAdapter(max_retries=patience))

    def query(
        self, text: str, accept: str, default_graphs: Sequence[str] = (), named_graphs: Sequence[str] = ()
    ) -> Body:
        """Ask a query, and return the answer while it comes in.

        Args:
            text: the query.
            accept: media type of the answer.
            default_graphs: IRIs of the graphs of the dataset, as the protocol has it; without any, the store's own.
            named_graphs: likewise.

        Raises:
            QueryError: the store cannot read the query.
            StoreError: it does not answer, not as it should, or not with the whole answer.
        """
        form: dict[str, str | Sequence[str]] = {"query": text}
        if default_graphs or named_graphs:
            form |= {"default-graph-uri": default_graphs, "named-graph-uri": named_graphs}
        else:
            form["union-default-graph"] = "true"  # which Oxigraph wants to be told, and others pass over
        response = self._send(self.endpoint.query, form, {"Accept": accept})
        cut = next((response.headers[name] for name in _CUT if name in response.headers), None)
        if cut is not None:
            response.close()
            raise StoreError(f"{self.endpoint} gave a part of the answer only ({cut}).", "Raise its limit for rows.")
        return Body(response)

    def update(self, text: str) -> None:
        """Run an update, all of it or nothing, if the store does as the standard wants.

        Raises:
            StoreError: it does not answer, or refuses.
        """
        self._send(self.endpoint.update, {"update": text}, {}).close()

    def add(self, graph: str, triples: Iterable[str]) -> None:
        """Add triples to a graph, over the Graph Store HTTP Protocol; errors as `update`.

        Args:
            graph: its IRI.
            triples: lines of N-Triples.
        """
        body = "".join(triples).encode()
        self._send(self.endpoint.graphs, body, {"Content-Type": GRAPH}, {"graph": graph}).close()

    def close(self) -> None:
        """Close the connections."""
        self._session.close()

    def _send(
        self,
        url: str,
        body: bytes | Mapping[str, str | Sequence[str]],
        headers: Mapping[str, str],
        parameters: Mapping[str, str] | None = None,
    ) -> requests.Response:
        """Send a POST request; the body of the answer is still to be read.

        Raises:
            QueryError, StoreError: there is no answer, or it is an error.
        """
        try:
            response = self._post(url, body, headers, parameters)
            if response.status_code == HTTPStatus.UNAUTHORIZED and self._change_to_digest():
                response.close()
                response = self._post(url, body, headers, parameters)
        except requests.RequestException as error:
            reason = type(error).__name__
            raise StoreError(
                f"The store {url} does not answer ({reason}).", "Check its address and that it runs."
            ) from error
        if not response.ok or response.is_redirect:
            with response:
                raise _to_error(url, response)
        return response

    def _post(
        self,
        url: str,
        body: bytes | Mapping[str, str | Sequence[str]],
        headers: Mapping[str, str],
        parameters: Mapping[str, str] | None,
    ) -> requests.Response:
        return self._session.post(
            url,
            data=body,
            headers=headers,
            params=parameters,
            timeout=(_CONNECT, self._settings.store_timeout),
            stream=True,
            allow_redirects=False,
        )

    def _change_to_digest(self) -> bool:
        """Change to digest authentication (RFC 7616); tell whether that may help.

        Virtuoso wants it, and does not say so to who has come with basic authentication.
        """
        given = self._settings
        if not given.store_user or isinstance(self._session.auth, HTTPDigestAuth):
            return False
        self._session.auth = HTTPDigestAuth(given.store_user, given.store_password)
        return True


def _authentication(settings: Settings) -> AuthBase:
    if settings.store_token and settings.store_user:
        raise SettingError("The store has a token as well as a name.", "Unset LAGEBILD_STORE_TOKEN or _USER.")
    if settings.store_token:
        return _Bearer(settings.store_token)
    return HTTPBasicAuth(settings.store_user, settings.store_password) if settings.store_user else _Nobody()


def _to_error(url: str, response: requests.Response) -> StoreError | QueryError:
    """Return the error that an answer means, with the beginning of what the store says itself."""
    status = response.status_code
    said = Body(response).read(_REASON_CHARS).decode("utf-8", "replace")
    reason = " ".join("".join(c if c.isprintable() else " " for c in said).split())
    if response.is_redirect:
        to = response.headers.get("Location", "elsewhere")
        return StoreError(f"The store {url} sends to {to[:_REASON_CHARS]!r}.", "Give the address that it sends to.")
    if status in {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN}:
        return StoreError(
            f"The store {url} refuses ({status}).",
            "Set LAGEBILD_STORE_TOKEN, or LAGEBILD_STORE_USER and LAGEBILD_STORE_PASSWORD, to what may do this.",
        )
    if status == HTTPStatus.NOT_FOUND:
        return StoreError(f"There is no store at {url} (404).", "Check its address.")
    if status == HTTPStatus.BAD_REQUEST:
        return QueryError(f"The store {url} cannot read what it was asked: {reason}.", "Correct it and send it again.")
    if status in _LATER:
        return StoreError(f"The store {url} is busy or down ({status}): {reason}.", "Try again later.")
    return StoreError(f"The store {url} answers {status}: {reason}.", "See its log.")
