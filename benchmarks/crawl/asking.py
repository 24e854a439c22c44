"""Asking a server, and reading what it says in its headers and in RDF."""

import http.client
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Final, NamedTuple
from urllib.parse import urlsplit

import pyoxigraph as ox

FORMATS: Final[Mapping[str, tuple[str, ox.RdfFormat]]] = {
    "ttl": ("text/turtle", ox.RdfFormat.TURTLE),
    "nt": ("application/n-triples", ox.RdfFormat.N_TRIPLES),
    "jsonld": ("application/ld+json", ox.RdfFormat.JSON_LD),
    "rdf": ("application/rdf+xml", ox.RdfFormat.RDF_XML),
}
"""Ending of an address to media type and format."""
HTML: Final = "text/html"
_LINK: Final = re.compile(r'<([^>]*)>; rel="([^"]+)"')


class Reply(NamedTuple):
    """An answer."""

    status: int
    headers: Mapping[str, Sequence[str]]
    """By names in small letters."""
    body: bytes

    def header(self, name: str) -> str:
        """Return a header; empty where there is none."""
        return ", ".join(self.headers.get(name, ()))

    def media_type(self) -> str:
        """Return the type of the content without its parameters."""
        return self.header("content-type").partition(";")[0]

    def links(self) -> set[tuple[str, str]]:
        """Return the relations and targets of the header Link."""
        return {(relation, target) for target, relation in _LINK.findall(self.header("link"))}

    def triples(self) -> frozenset[ox.Triple]:
        """Return the triples of an RDF document.

        Raises:
            SyntaxError: it is none.
        """
        rdf_format = next(each for media_type, each in FORMATS.values() if media_type == self.media_type())
        return frozenset(quad.triple for quad in ox.parse(self.body, format=rdf_format))


Ask = Callable[[str, str, Mapping[str, str]], Reply]
"""Asks with a method for a path, with headers."""


def connect(host: str, port: int) -> Ask:
    """Return what asks a server over one connection."""
    connection = http.client.HTTPConnection(host, port, timeout=60)

    def ask(method: str, path: str, headers: Mapping[str, str]) -> Reply:
        connection.request(method, path, headers=dict(headers))
        response = connection.getresponse()
        found: dict[str, list[str]] = {}
        for name, value in response.getheaders():
            found.setdefault(name.lower(), []).append(value)
        return Reply(response.status, found, response.read())

    return ask


def path_of(address: str, base: str) -> str:
    """Return the path to ask for, of an address on the server or of an IRI under `base`, as if that led to it."""
    target = urlsplit(address.removeprefix(base.rstrip("/")) if address.startswith(base) else address)
    return target.path + (f"?{target.query}" if target.query else "")


def follow(ask: Ask, path: str, accept: str, base: str) -> Iterator[Reply]:
    """Yield an answer and those that its header Link calls next, 1,000 at most."""
    for _ in range(1_000):
        reply = ask("GET", path, {"Accept": accept})
        yield reply
        path = next((path_of(target, base) for relation, target in reply.links() if relation == "next"), "")
        if not path:
            return
