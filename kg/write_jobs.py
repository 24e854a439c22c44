"""The writes that may be asked for over HTTP, as records that travel to the process that does them."""

import base64
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any, Literal

from kg.settings import Settings


@dataclass(frozen=True, slots=True)
class RunUpdate:
    """A SPARQL update with the dataset that the protocol names for it."""

    update: str
    using: Sequence[str] = ()
    using_named: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class WriteGraph:
    """A request of the Graph Store HTTP Protocol that writes."""

    verb: Literal["PUT", "POST", "DELETE"]
    graph: str | None
    """IRI of the graph; None for the default graph."""
    documents: Sequence[tuple[str, str]] = ()
    """RDF documents to write: media type, and content as `encode` gives it."""
    snapshots: Sequence[str] | None = None
    """Names of snapshots (If-Match) of which the current one has to be one; None where it does not matter."""
    create_only: bool = False
    """Whether there must be no such graph yet (If-None-Match: *)."""
    exists_only: bool = False
    """Whether there must be one (If-Match: *)."""


@dataclass(frozen=True, slots=True)
class BuildArticle:
    """An article to read and to put into the store."""

    kind: Literal["text", "page", "url"]
    content: str
    """The text or page as `encode` gives it; the address of a URL."""
    stem: str = ""
    """The article's identifier; without one it is a digest of the content, or made of the address."""
    metadata: Mapping[str, str] = field(default_factory=dict)
    """As in `STEM.meta.json`."""


@dataclass(frozen=True, slots=True)
class RemoveArticle:
    """An article to remove, with all that only it says."""

    stem: str


Job = RunUpdate | WriteGraph | BuildArticle | RemoveArticle
KINDS: Mapping[str, Callable[..., Job]] = {
    kind.__name__: kind for kind in (RunUpdate, WriteGraph, BuildArticle, RemoveArticle)
}


def to_message(job: Job, base_iri: str, settings: Settings) -> dict[str, Any]:
    """Return what a process is sent: the job, and under which settings it runs."""
    known = asdict(replace(settings, tokens=""))
    return {"kind": type(job).__name__, "fields": asdict(job), "base_iri": base_iri, "settings": known}


def from_message(message: Mapping[str, Any]) -> tuple[Job, str, Settings]:
    """Return the job of a message, the base IRI and the settings."""
    return KINDS[message["kind"]](**message["fields"]), message["base_iri"], Settings(**message["settings"])


def encode(content: bytes) -> str:
    """Return bytes as a record holds them, since it travels as JSON."""
    return base64.b64encode(content).decode("ascii")


def decode(content: str) -> bytes:
    """Return the bytes again."""
    return base64.b64decode(content)
