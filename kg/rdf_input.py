"""RDF documents of strangers: read within limits, without looking anything up.

The parsers are Oxigraph's, which fetch nothing (a JSON-LD context elsewhere is an error) and recurse on what nests, so
that what nests too deeply is refused before they see it. Entities of XML are refused with the DOCTYPE that declares
them: nine lines of them grow to gigabytes.
"""

import re
from collections.abc import Mapping
from typing import Final

import pyoxigraph as ox

from kg.errors import InputError

FORMATS: Final[Mapping[str, ox.RdfFormat]] = {
    "text/turtle": ox.RdfFormat.TURTLE,
    "application/x-turtle": ox.RdfFormat.TURTLE,
    "application/n-triples": ox.RdfFormat.N_TRIPLES,
    "text/plain": ox.RdfFormat.N_TRIPLES,
    "application/ld+json": ox.RdfFormat.JSON_LD,
    "application/json": ox.RdfFormat.JSON_LD,
    "application/rdf+xml": ox.RdfFormat.RDF_XML,
    "application/xml": ox.RdfFormat.RDF_XML,
    "text/xml": ox.RdfFormat.RDF_XML,
}
"""Media types of RDF graphs, the registered one of each format first."""
MAX_DEPTH: Final = 100
"""Brackets or elements within each other; data that people or programs write stays below ten."""
MAX_ATTRIBUTES: Final = 3_000
"""Of one element of RDF/XML: the parser compares each with all others, 200,000 took it 24 seconds."""

# A token that is not ended goes on to the end of its line or of the document, where the parser gives up in its turn.
# Were it no token, the search for its end would begin again at each sign within it.
_LONG = r'"""(?:[^"\\]|\\.|"(?!""))*(?:"""|\Z)' + r"|'''(?:[^'\\]|\\.|'(?!''))*(?:'''|\Z)"
_SHORT = r'"(?:[^"\\\n]|\\.)*(?:"|$)' + r"|'(?:[^'\\\n]|\\.)*(?:'|$)"
_TURTLE = re.compile(rf"(?sm:{_LONG}|{_SHORT}|\\.|<[^<>\s]*>|#[^\n]*)|(<<|>>|[\[({{\])}}])".encode())
_JSON = re.compile(rb'(?s:"(?:[^"\\]|\\.)*(?:"|\Z))|([\[{\]}])')
_ATTRIBUTES = r"""(?:[^<>"'/]|"[^"]*"|'[^']*'|/(?!>))*"""
_UNREAD = r"<!--.*?(?:-->|\Z)|<!\[CDATA\[.*?(?:\]\]>|\Z)|<\?.*?(?:\?>|\Z)"
_XML = re.compile(rf"(?s:{_UNREAD}|<{_ATTRIBUTES}/>)|(</?){_ATTRIBUTES}>".encode())
_OPENING = frozenset({b"<<", b"[", b"(", b"{", b"<"})


def read_graph(body: bytes, media_type: str, base_iri: str) -> list[ox.Triple]:
    """Read a document as triples.

    Args:
        body: the document, in UTF-8.
        media_type: one of FORMATS.
        base_iri: what relative IRIs are resolved against.

    Raises:
        InputError: it cannot be read, nests too deeply, has too many attributes in an element, declares entities, or
            holds named graphs.
    """
    rdf_format = FORMATS[media_type]
    try:
        body.decode("utf-8")
    except UnicodeDecodeError as error:
        raise InputError("The document is not UTF-8.", "Encode it as UTF-8.") from error
    if rdf_format is ox.RdfFormat.RDF_XML and re.search(rb"<!\s*(?:DOCTYPE|ENTITY)", body, re.IGNORECASE):
        raise InputError("The document has a DOCTYPE.", "Leave it out and write entities as what they stand for.")
    _check_shape(body, rdf_format)
    try:
        quads = ox.parse(body, rdf_format, base_iri=base_iri, without_named_graphs=True, rename_blank_nodes=True)
        return [quad.triple for quad in quads]
    except (SyntaxError, ValueError, OSError) as error:
        message = str(error).rstrip(".")
        raise InputError(f"The document cannot be read as {rdf_format.name}: {message}.", "Correct it.") from error


def _check_shape(body: bytes, rdf_format: ox.RdfFormat) -> None:
    pattern = {ox.RdfFormat.JSON_LD: _JSON, ox.RdfFormat.RDF_XML: _XML}.get(rdf_format, _TURTLE)
    depth = 0
    for match in pattern.finditer(body):
        if rdf_format is ox.RdfFormat.RDF_XML and _count_quotes(match[0]) > 2 * MAX_ATTRIBUTES:
            raise InputError(
                f"The document has an element with more than {MAX_ATTRIBUTES:,} attributes.", "Write them as elements."
            )
        if match[1] is not None:
            depth = depth + 1 if match[1] in _OPENING else max(depth - 1, 0)
            if depth > MAX_DEPTH:
                raise InputError(f"The document nests deeper than {MAX_DEPTH} levels.", "Give what it nests names.")


def _count_quotes(tag: bytes) -> int:
    return 0 if tag.startswith((b"<!", b"<?")) else tag.count(b'"') + tag.count(b"'")
