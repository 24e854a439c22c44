"""Content negotiation: which of the offered formats an Accept header asks for (RFC 9110, section 12.5.1).

A range may have parameters. Three of them choose what is sent: `charset` (all text is UTF-8), `version` of RDF and
SPARQL formats (RDF 1.2 Concepts, section 2.1) and `profile` of JSON-LD (JSON-LD 1.1, section 6.1). Others are passed
over, and so is a profile that is not on offer, since a document without it says the same.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

from kg.jsonld import PROFILE as COMPACTED

_RANGE = re.compile(r'(?:[^,"]|"(?:[^"\\]|\\.)*"?)+')
_PARAMETER = re.compile(r';\s*([\w!#$&^.+-]+)\s*=\s*("(?:[^"\\]|\\.)*"|[^\s;,"]*)')
_UTF8 = frozenset({"utf-8", "utf8", "*"})
MOST_RANGES = 100
"""Ranges that are looked at; browsers send ten."""


@dataclass(frozen=True, slots=True, eq=False)
class Format:
    """A format on offer; each is only equal to itself."""

    name: str
    """Its short name, which is also the file ending: `json`, `ttl` …"""
    label: str
    """How a person calls it."""
    media_types: tuple[str, ...]
    """The registered type first, then those that clients ask for in its place."""
    is_text: bool = False
    """Whether the Content-Type has to say that it is UTF-8."""
    parameters: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """Values that may be asked for by `version` or `profile`."""


@dataclass(frozen=True, slots=True, eq=False)
class Choice:
    """A format, the media type that it is sent as, and the parameters that were asked for; only equal to itself."""

    format: Format
    media_type: str
    parameters: Mapping[str, str] = field(default_factory=dict)

    @property
    def variant(self) -> str:
        """A name for what is sent, which no other format or parameter gives."""
        return self.format.name + "".join(f"-{value.rpartition('#')[2]}" for value in self.parameters.values())

    @property
    def content_type(self) -> str:
        """The value of Content-Type."""
        given = "".join(f"; {name}={_quote(value)}" for name, value in sorted(self.parameters.items()))
        return f"{self.media_type}{given}; charset=utf-8" if self.format.is_text else f"{self.media_type}{given}"


VERSIONS = {"version": frozenset({"1.1", "1.2"})}
"""Of RDF graphs; in the older version, an answer with triple terms is an error."""
RESULTS_VERSIONS = {"version": frozenset({"1.2"})}
PROFILES = {"profile": frozenset({"http://www.w3.org/ns/json-ld#expanded", COMPACTED})}
HTML = Format("html", "HTML", ("text/html", "application/xhtml+xml"), is_text=True)
TABLES = (
    Format("json", "JSON", ("application/sparql-results+json", "application/json"), parameters=RESULTS_VERSIONS),
    Format(
        "xml", "XML", ("application/sparql-results+xml", "application/xml", "text/xml"), parameters=RESULTS_VERSIONS
    ),
    Format("csv", "CSV", ("text/csv",), is_text=True),
    Format("tsv", "TSV", ("text/tab-separated-values",), is_text=True, parameters=RESULTS_VERSIONS),
)
"""Formats of the answers to SELECT and ASK, the preferred one first."""
GRAPHS = (
    Format("ttl", "Turtle", ("text/turtle", "application/x-turtle"), is_text=True, parameters=VERSIONS),
    Format("nt", "N-Triples", ("application/n-triples", "text/plain"), is_text=True, parameters=VERSIONS),
    Format("jsonld", "JSON-LD", ("application/ld+json", "application/json"), parameters=PROFILES),
    Format("rdf", "RDF/XML", ("application/rdf+xml", "application/xml", "text/xml"), parameters=VERSIONS),
)
"""Formats of RDF graphs, the preferred one first."""


class _Range(NamedTuple):
    """A media range of an Accept header."""

    media_type: str
    parameters: Mapping[str, str]
    quality: float

    def match(self, offer: Format, media_type: str) -> tuple[int, Mapping[str, str]] | None:
        """Return how narrowly the range is about this offer, and the parameters that it asks for; None if it is not."""
        kind = media_type.partition("/")[0]
        level = {media_type: 2, f"{kind}/*": 1, "*/*": 0}.get(self.media_type)
        if level is None:
            return None
        wanted = {}
        for name, value in self.parameters.items():
            if name == "charset" and offer.is_text and value.lower() not in _UTF8:
                return None
            if value in offer.parameters.get(name, ()):
                wanted[name] = value
            elif name == "version" and name in offer.parameters:
                return None
        return level + len(wanted), wanted


@lru_cache(maxsize=256)
def negotiate(accept: str | None, offers: tuple[Format, ...]) -> Choice | None:
    """Choose the format that the client likes best; between equals the one that is named most narrowly, then the first.

    Args:
        accept: the Accept header; None or empty means anything.
        offers: what there is.

    Returns:
        The choice; None where nothing on offer is acceptable.
    """
    if not (accept and accept.strip()):
        return Choice(offers[0], offers[0].media_types[0])
    ranges = list(_read_ranges(accept))
    best, best_rank = None, (0.0, 0)
    for offer in offers:
        for media_type in offer.media_types:
            quality, narrowness, parameters = _judge(ranges, offer, media_type)
            if quality > 0 and (quality, narrowness) > best_rank:
                best, best_rank = Choice(offer, media_type, parameters), (quality, narrowness)
    return best


def _judge(ranges: Sequence[_Range], offer: Format, media_type: str) -> tuple[float, int, Mapping[str, str]]:
    """Return the quality of an offer, which the narrowest range about it gives; 0 where none is about it."""
    found: tuple[float, int, Mapping[str, str]] = (0.0, -1, {})
    for each in ranges:
        match = each.match(offer, media_type)
        if match is not None and (match[0], each.quality) > (found[1], found[0]):
            found = (each.quality, *match)
    return found


def by_name(name: str, offers: Sequence[Format]) -> Choice | None:
    """Return the offer with this short name, if there is one."""
    return next((Choice(offer, offer.media_types[0]) for offer in offers if offer.name == name), None)


def _read_ranges(accept: str) -> Iterator[_Range]:
    for part in _RANGE.findall(accept)[:MOST_RANGES]:
        media_type = part.partition(";")[0].strip().lower()
        parameters = {name.lower(): _unquote(value) for name, value in _PARAMETER.findall(part)}
        try:
            quality = min(max(float(parameters.pop("q", "1")), 0.0), 1.0)
        except ValueError:  # a weight that is no number: the range counts as not asked for
            continue
        if "/" in media_type:
            yield _Range(media_type, parameters, quality)


def _unquote(value: str) -> str:
    return re.sub(r"\\(.)", r"\1", value[1:-1]) if value.startswith('"') else value


def _quote(value: str) -> str:
    return value if re.fullmatch(r"[\w.+-]+", value) else f'"{value}"'
