"""Content negotiation: which of the offered formats an Accept header asks for (RFC 9110, section 12.5.1)."""

from collections.abc import Sequence
from dataclasses import dataclass

from werkzeug.datastructures import MIMEAccept


@dataclass(frozen=True, slots=True)
class Format:
    """A format on offer."""

    name: str
    """Its short name, which is also the file ending: `json`, `ttl` …"""
    label: str
    """How a person calls it."""
    media_types: tuple[str, ...]
    """The registered type first, then those that clients ask for in its place."""
    is_text: bool = False
    """Whether the Content-Type has to say that it is UTF-8."""


@dataclass(frozen=True, slots=True)
class Choice:
    """A format and the media type that it is sent as."""

    format: Format
    media_type: str

    @property
    def content_type(self) -> str:
        """The value of Content-Type."""
        return f"{self.media_type}; charset=utf-8" if self.format.is_text else self.media_type


HTML = Format("html", "HTML", ("text/html", "application/xhtml+xml"), is_text=True)
TABLES = (
    Format("json", "JSON", ("application/sparql-results+json", "application/json")),
    Format("xml", "XML", ("application/sparql-results+xml", "application/xml", "text/xml")),
    Format("csv", "CSV", ("text/csv",), is_text=True),
    Format("tsv", "TSV", ("text/tab-separated-values",), is_text=True),
)
"""Formats of the answers to SELECT and ASK, the preferred one first."""
GRAPHS = (
    Format("ttl", "Turtle", ("text/turtle", "application/x-turtle"), is_text=True),
    Format("nt", "N-Triples", ("application/n-triples", "text/plain"), is_text=True),
    Format("jsonld", "JSON-LD", ("application/ld+json", "application/json")),
    Format("rdf", "RDF/XML", ("application/rdf+xml", "application/xml", "text/xml")),
)
"""Formats of RDF graphs, the preferred one first."""


def negotiate(accept: str | None, offers: Sequence[Format]) -> Choice | None:
    """Choose the format that the client likes best; between equals the first offer wins.

    Args:
        accept: the Accept header; None or empty means anything.
        offers: what there is. Parameters of the media types (`charset`, `profile`, `version`) are not looked at.

    Returns:
        The choice; None where nothing on offer is acceptable.
    """
    if not (accept and accept.strip()):
        return Choice(offers[0], offers[0].media_types[0])
    wanted = MIMEAccept([(value.partition(";")[0].strip(), quality) for value, quality in _parse(accept)])
    choices = [Choice(offer, media_type) for offer in offers for media_type in offer.media_types]
    best = max(choices, key=lambda choice: wanted.quality(choice.media_type))
    return best if wanted.quality(best.media_type) > 0 else None


def by_name(name: str, offers: Sequence[Format]) -> Choice | None:
    """Return the offer with this short name, if there is one."""
    return next((Choice(offer, offer.media_types[0]) for offer in offers if offer.name == name), None)


def _parse(accept: str) -> list[tuple[str, float]]:
    ranges = []
    for part in accept.split(","):
        media_range, *parameters = (piece.strip() for piece in part.split(";"))
        quality = next((p[2:] for p in parameters if p[:2].lower() == "q="), "1")
        try:
            ranges.append((media_range.lower(), min(max(float(quality), 0.0), 1.0)))
        except ValueError:  # a weight that is no number: the range counts as not asked for
            continue
    return [(media_range, quality) for media_range, quality in ranges if "/" in media_range]
