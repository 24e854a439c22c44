"""What the service is and what it holds, as RDF: a service description at /sparql, VoID and DCAT at /.well-known/void.

Counts are those of the snapshot that is served. Where the graph is too large to count in the time of a query, they are
left out.

Source: SPARQL 1.1 Service Description; Describing Linked Datasets with the VoID Vocabulary; DCAT 3.
"""

import threading
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, NamedTuple
from urllib.parse import quote

from flask import Blueprint, Response, current_app, request
from pyoxigraph import Literal, NamedNode, Triple, serialize

from kg.errors import QueryError
from kg.vocab import (
    DCAT,
    DCTERMS,
    DESCRIPTIVE,
    FOAF,
    FORMATS,
    MEDIA_TYPES,
    NAMESPACES,
    RDF_TYPE,
    SD,
    SPARQL_PROTOCOL,
    VOID,
    XSD,
    address,
    prefix_map,
)
from kg.web.context import base_iri, in_formats_of_snapshot, supervisor
from kg.web.graph import Graph, Row
from kg.web.i18n import LANGUAGES, translate
from kg.web.negotiation import GRAPHS, TABLES, Choice, negotiate
from kg.web.problems import not_acceptable
from kg.worker_answers import GRAPHS as RDF_FORMATS

MOST_GRAPHS: Final = 200
"""Named graphs that are listed; those of articles are not among them."""
DUMPS: Final = {"nq": "application/n-quads", "trig": "application/trig"}
"""Formats of the dumps to their media types."""
FORMAT_NAMES: Final = {
    "json": "SPARQL_Results_JSON",
    "xml": "SPARQL_Results_XML",
    "csv": "SPARQL_Results_CSV",
    "tsv": "SPARQL_Results_TSV",
    "ttl": "Turtle",
    "nt": "N-Triples",
    "jsonld": "JSON-LD",
    "rdf": "RDF_XML",
}
"""Our names of formats to those of the W3C's list of formats."""

blueprint = Blueprint("description", __name__)


Uses = tuple[Mapping[str, int], Mapping[str, int]]
"""Property to the number of its triples, class to the number of its members."""


@dataclass(slots=True)
class UseCounts:
    """What was counted last."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    snapshot: str = ""
    uses: Uses | None = None


class Iris(NamedTuple):
    """The IRIs of what is described."""

    base: str

    def part(self, name: str) -> NamedNode:
        """Return the IRI of a part of the description."""
        return NamedNode(f"{self.base}.well-known/void#{name}")

    def place(self, path: str) -> NamedNode:
        """Return an address on this server."""
        return NamedNode(self.base + path)


@blueprint.get("/.well-known/void")
@in_formats_of_snapshot
def void() -> Response:
    """Describe the data set: VoID for those who query it, DCAT for those who list it."""
    choice = negotiate(request.headers.get("Accept"), GRAPHS)
    if choice is None:
        raise not_acceptable(GRAPHS)
    return _send([*_describe_dataset(Iris(base_iri())), *_describe_catalog(Iris(base_iri()))], choice)


def describe_service(choice: Choice) -> Response:
    """Describe the endpoint as what was asked for at its own address."""
    return _send(list(_describe_service(NamedNode(request.base_url.rstrip("/")))), choice)


def _send(triples: list[Triple], choice: Choice) -> Response:
    prefixes = prefix_map() | {namespace.prefix: namespace.iri for namespace in DESCRIPTIVE}
    body = serialize(sorted(triples, key=str), format=RDF_FORMATS[choice.format.name], prefixes=prefixes)
    response = Response(body, content_type=choice.content_type)
    response.vary.add("Accept")
    response.headers["Cache-Control"] = "no-cache"
    return response


def _describe_service(endpoint: NamedNode) -> Iterator[Triple]:
    iris = Iris(base_iri())
    service, dataset = NamedNode(f"{endpoint.value}#service"), iris.part("dataset")
    may_write = bool(current_app.extensions["tokens"])
    yield Triple(service, RDF_TYPE, SD.term("Service"))
    yield Triple(service, SD.term("endpoint"), endpoint)
    for language in ["SPARQL11Query"] + ["SPARQL11Update"] * may_write:
        yield Triple(service, SD.term("supportedLanguage"), SD.term(language))
    for feature in ("UnionDefaultGraph", "EmptyGraphs"):
        yield Triple(service, SD.term("feature"), SD.term(feature))
    for offer in (*TABLES, *GRAPHS):
        yield Triple(service, SD.term("resultFormat"), FORMATS.term(FORMAT_NAMES[offer.name]))
    for offer in GRAPHS * may_write:
        yield Triple(service, SD.term("inputFormat"), FORMATS.term(FORMAT_NAMES[offer.name]))
    yield Triple(service, SD.term("defaultDataset"), dataset)
    yield from _describe_graphs(dataset, iris)


def _describe_graphs(dataset: NamedNode, iris: Iris) -> Iterator[Triple]:
    """Name the default graph and the named graphs, except those of articles, which are many and alike."""
    default = iris.part("default-graph")
    yield Triple(dataset, RDF_TYPE, SD.term("Dataset"))
    yield Triple(dataset, SD.term("defaultGraph"), default)
    yield Triple(default, RDF_TYPE, SD.term("Graph"))
    for row in _whole_graph().select("other-graphs", limit=MOST_GRAPHS, articles=f"{iris.base}graph/article/"):
        name = NamedNode(row["graph"].value)
        entry = NamedNode(f"{iris.base}graphs?graph={quote(name.value, safe='')}")
        yield Triple(dataset, SD.term("namedGraph"), entry)
        yield Triple(entry, RDF_TYPE, SD.term("NamedGraph"))
        yield Triple(entry, SD.term("name"), name)


def _describe_dataset(iris: Iris) -> Iterator[Triple]:
    dataset = iris.part("dataset")
    yield Triple(dataset, RDF_TYPE, VOID.term("Dataset"))
    yield Triple(dataset, RDF_TYPE, DCAT.term("Dataset"))
    for language in LANGUAGES:
        yield Triple(dataset, DCTERMS.term("title"), Literal(translate(language, "site.name"), language=language))
        text = Literal(translate(language, "site.tagline"), language=language)
        yield Triple(dataset, DCTERMS.term("description"), text)
    yield Triple(dataset, DCTERMS.term("modified"), Literal(_modified(), datatype=XSD.term("dateTime")))
    if license_iri := current_app.config["SETTINGS"].data_license:
        yield Triple(dataset, DCTERMS.term("license"), address(license_iri))
    yield Triple(dataset, FOAF.term("homepage"), iris.place(""))
    yield Triple(dataset, VOID.term("sparqlEndpoint"), iris.place("sparql"))
    yield Triple(dataset, VOID.term("uriSpace"), Literal(f"{iris.base}id/"))
    for offer in GRAPHS:
        yield Triple(dataset, VOID.term("feature"), FORMATS.term(FORMAT_NAMES[offer.name]))
    for name in DUMPS:
        yield Triple(dataset, VOID.term("dataDump"), iris.place(f"dump.{name}.gz"))
    yield from _count(dataset, iris)


def _count(dataset: NamedNode, iris: Iris) -> Iterator[Triple]:
    """Yield the counts: of triples by property, of things by class."""
    uses = _find_uses()
    if uses is None:
        return
    properties, classes = uses
    yield Triple(dataset, VOID.term("triples"), _integer(sum(properties.values())))
    yield Triple(dataset, VOID.term("properties"), _integer(len(properties)))
    yield Triple(dataset, VOID.term("classes"), _integer(len(classes)))
    for namespace in NAMESPACES:
        if any(iri.startswith(namespace.iri) for iri in (*properties, *classes)):
            yield Triple(dataset, VOID.term("vocabulary"), NamedNode(namespace.iri))
    kinds = (("property", "triples", properties), ("class", "entities", classes))
    for kind, counted, counts in kinds:
        for number, (iri, count) in enumerate(sorted(counts.items())):
            part = iris.part(f"{kind}-{number}")
            yield Triple(dataset, VOID.term(f"{kind}Partition"), part)
            yield Triple(part, VOID.term(kind), NamedNode(iri))
            yield Triple(part, VOID.term(counted), _integer(count))


def _find_uses() -> Uses | None:
    """Return the uses of each property and class, counted once for each snapshot; None where that takes too long."""
    snapshot = supervisor().snapshot()
    known: UseCounts = current_app.extensions["uses"]
    with known.lock:
        if known.snapshot != snapshot:
            graph, names = _whole_graph(), ("used-properties", "used-classes")
            try:
                rows = [graph.select(name) for name in names]
                known.uses = (_as_counts(rows[0]), _as_counts(rows[1]))
            except QueryError:
                known.uses = None
            known.snapshot = snapshot
        return known.uses


def _whole_graph() -> Graph:
    """Return the graph with its guests, which pages do not show."""
    return Graph(supervisor().queries, base_iri())


def _as_counts(rows: Sequence[Row]) -> dict[str, int]:
    return {row["term"].value: int(row["uses"].value) for row in rows if row["term"].kind == "uri"}


def _describe_catalog(iris: Iris) -> Iterator[Triple]:
    catalog, dataset, service = iris.part("catalog"), iris.part("dataset"), iris.part("sparql")
    yield Triple(catalog, RDF_TYPE, DCAT.term("Catalog"))
    yield Triple(catalog, FOAF.term("homepage"), iris.place(""))
    yield Triple(catalog, DCAT.term("dataset"), dataset)
    yield Triple(catalog, DCAT.term("service"), service)
    for language in LANGUAGES:
        yield Triple(catalog, DCTERMS.term("title"), Literal(translate(language, "site.name"), language=language))
    yield Triple(service, RDF_TYPE, DCAT.term("DataService"))
    yield Triple(service, DCTERMS.term("title"), Literal("SPARQL"))
    yield Triple(service, DCAT.term("endpointURL"), iris.place("sparql"))
    yield Triple(service, DCAT.term("endpointDescription"), iris.place("sparql"))
    yield Triple(service, DCTERMS.term("conformsTo"), SPARQL_PROTOCOL)
    yield Triple(service, DCAT.term("servesDataset"), dataset)
    for name, media_type in DUMPS.items():
        dump = iris.part(f"dump-{name}")
        yield Triple(dataset, DCAT.term("distribution"), dump)
        yield Triple(dump, RDF_TYPE, DCAT.term("Distribution"))
        yield Triple(dump, DCAT.term("accessURL"), iris.place(f"dump.{name}.gz"))
        yield Triple(dump, DCAT.term("downloadURL"), iris.place(f"dump.{name}.gz"))
        yield Triple(dump, DCAT.term("mediaType"), MEDIA_TYPES.term(media_type))
        yield Triple(dump, DCAT.term("compressFormat"), MEDIA_TYPES.term("application/gzip"))


def _integer(number: int) -> Literal:
    return Literal(str(number), datatype=XSD.term("integer"))


def _modified() -> str:
    """Return when the snapshot was published, to the second."""
    location = supervisor().store_path
    published = (location / "current").lstat().st_mtime if isinstance(location, Path) else current_app.config["STARTED"]
    return datetime.fromtimestamp(int(published), UTC).isoformat().replace("+00:00", "Z")
