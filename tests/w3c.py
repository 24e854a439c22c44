"""The W3C's tests of the SPARQL protocols: read from their manifests and sent to a live server, byte by byte.

Source: w3c/rdf-tests, folder sparql11. A test is a run of requests on one connection, each with what is expected of its
response, in the vocabularies HTTP-in-RDF (`ht:`) and Content-in-RDF (`cnt:`).
"""

import csv
import http.client
import io
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote, urlsplit

import pyoxigraph as ox
from rdflib import RDF, RDFS, Graph, Namespace, URIRef
from rdflib.collection import Collection
from rdflib.compare import isomorphic
from rdflib.term import Node

HT = Namespace("http://www.w3.org/2011/http#")
CNT = Namespace("http://www.w3.org/2011/content#")
HTS = Namespace("http://www.w3.org/2011/http-statusCodes#")
MF = Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#")
QT = Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-query#")
UT = Namespace("http://www.w3.org/2009/sparql/tests/test-update#")
STATUSES = {"OK": 200, "Created": 201, "NoContent": 204, "NotFound": 404}
FORMATS = {
    "boolean": {"application/sparql-results+json", "application/sparql-results+xml"},
    "tabular": {
        *("application/sparql-results+json", "application/sparql-results+xml"),
        *("text/csv", "text/tab-separated-values"),
    },
    "RDF": {"application/rdf+xml", "text/turtle", "application/n-triples"},
}


@dataclass(frozen=True)
class Response:
    """What a server answered."""

    status: int
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True)
class Request:
    """A request and what is expected of its response."""

    method: str
    path: str
    body: str | None
    encoding: str
    headers: Mapping[str, str]
    statuses: frozenset[str]
    boolean: bool | None = None
    format: str | None = None
    location: str | None = None
    content_type: str | None = None
    graph: str | None = None
    """Turtle that the response's graph is to be isomorphic to."""


@dataclass(frozen=True)
class Case:
    """One test."""

    name: str
    requests: tuple[Request, ...]
    data: Mapping[str, str] = field(default_factory=dict)
    """Named graphs that are to be there, as N-Triples."""


class Server:
    """A live server as the tests see it."""

    def __init__(self, url: str, token: str) -> None:
        parts = urlsplit(url)
        self._connection = http.client.HTTPConnection(str(parts.hostname), parts.port, timeout=60)
        self._authorization = {"Authorization": f"Bearer {token}"}

    def send(self, method: str, path: str, body: bytes | None, headers: Mapping[str, str]) -> Response:
        self._connection.request(method, path, body, {**headers, **self._authorization})
        answer = self._connection.getresponse()
        return Response(answer.status, {key.lower(): value for key, value in answer.getheaders()}, answer.read())

    def empty(self) -> None:
        """Remove all graphs that may be removed."""
        self.update("DROP ALL")

    def prepare(self, case: Case) -> None:
        """Empty the store, then write the graphs that the test starts from."""
        data = "".join(f"INSERT DATA {{ GRAPH <{name}> {{ {triples} }} }} ;" for name, triples in case.data.items())
        self.update(f"DROP ALL ; {data}")

    def update(self, text: str) -> None:
        response = self.send("POST", "/sparql", text.encode(), {"Content-Type": "application/sparql-update"})
        assert response.status == 204, response


def read_cases(manifest: Path) -> list[Case]:
    """Read all tests that a manifest describes, one that its list forgets included."""
    graph = Graph().parse(manifest, publicID=manifest.as_uri())
    kinds = (MF.ProtocolTest, MF.GraphStoreProtocolTest)
    return [_read_case(graph, test) for kind in kinds for test in sorted(graph.subjects(RDF.type, kind), key=str)]


def _read_case(graph: Graph, test: Node) -> Case:
    data = {
        str(graph.value(item, RDFS.label)): _read_file(graph.value(item, UT.graph))
        for item in graph.objects(test, UT.graphData)
    }
    action = graph.value(test, MF.action)
    requests = graph.value(action, HT.requests)
    assert requests is not None
    return Case(_local(test), tuple(_read_request(graph, item) for item in Collection(graph, requests)), data)


def _read_file(iri: Node | None) -> str:
    return Path(urlsplit(str(iri)).path).read_text(encoding="utf-8")


def _read_request(graph: Graph, node: Node) -> Request:
    response = graph.value(node, HT.resp)
    body, expected = graph.value(node, HT.body), graph.value(response, HT.body)
    boolean = graph.value(response, MF.expectedBoolean)
    return Request(
        method=str(graph.value(node, HT.methodName)),
        path=str(graph.value(node, HT.absolutePath)),
        body=None if body is None else str(graph.value(body, CNT.chars)),
        encoding="utf-8" if body is None else str(graph.value(body, CNT.characterEncoding)),
        headers=_read_headers(graph, node),
        statuses=frozenset(_local(status) for status in graph.objects(response, MF.expectedStatus)),
        boolean=None if boolean is None else bool(boolean.toPython()),  # type: ignore[attr-defined]  # a literal
        format=_text(graph.value(response, MF.expectedFormat)),
        location=_text(graph.value(response, MF.expectedLocation)),
        content_type=_read_headers(graph, response).get("content-type"),
        graph=None if expected is None else str(graph.value(expected, CNT.chars)),
    )


def _read_headers(graph: Graph, node: Node | None) -> dict[str, str]:
    headers = graph.value(node, HT.headers)
    items = Collection(graph, headers) if headers is not None else ()
    return {str(graph.value(item, HT.fieldName)): str(graph.value(item, HT.fieldValue)) for item in items}


def _local(iri: Node) -> str:
    return str(iri).rpartition("#")[2]


def _text(node: Node | None) -> str | None:
    return None if node is None else str(node)


def run_case(case: Case, server: Server, prefixes: Mapping[str, str]) -> None:
    """Run a test; `prefixes` are the paths that stand for those of the manifest."""
    known: dict[str, str] = {}
    for request in case.requests:
        path, body = request.path, request.body
        for template, value in known.items():
            path = path.replace(template, quote(value, safe=":/"))
            body = body and body.replace(template, value)
        for old, new in prefixes.items():
            path = new + path.removeprefix(old) if path.startswith(old) else path
        raw = None if body is None else body.encode(request.encoding)
        response = server.send(request.method, path, raw, request.headers)
        _check(request, response)
        if request.location is not None:
            known[request.location] = response.headers["location"]


def _check(request: Request, response: Response) -> None:
    about = f"{request.method} {request.path}: {response.status} {response.body[:500]!r}"
    assert any(_fits(response.status, status) for status in request.statuses), about
    media_type = response.headers.get("content-type", "").partition(";")[0]
    if request.boolean is not None:
        assert json.loads(response.body)["boolean"] is request.boolean, about
    if request.format is not None:
        assert media_type in FORMATS[request.format], about
    if request.content_type is not None:
        assert response.headers["content-type"] == request.content_type, about
    if request.graph is not None:
        base = URIRef("http://www.example/")
        found = Graph().parse(data=response.body, format=media_type, publicID=base)
        assert isomorphic(found, Graph().parse(data=request.graph, format="turtle", publicID=base)), about


def _fits(status: int, expected: str) -> bool:
    if expected.startswith("StatusCode"):
        return status // 100 == int(expected.removeprefix("StatusCode")[0])
    return status == STATUSES[expected]


@dataclass(frozen=True)
class ResultCase:
    """A test of a format of results: a query over some data, and the document that its answer is to equal."""

    name: str
    query: str
    data: str
    media_type: str
    expected: bytes


RESULT_TYPES = {
    ".csv": "text/csv",
    ".tsv": "text/tab-separated-values",
    ".srj": "application/sparql-results+json",
}
RESULT_FORMATS = {
    "text/tab-separated-values": ox.QueryResultsFormat.TSV,
    "application/sparql-results+json": ox.QueryResultsFormat.JSON,
}


def read_result_cases(manifest: Path) -> list[ResultCase]:
    """Read the tests of formats that a manifest lists."""
    graph = Graph().parse(manifest, publicID=manifest.as_uri())
    return [_read_result_case(graph, test) for test in sorted(graph.subjects(MF.result), key=str)]


def _read_result_case(graph: Graph, test: Node) -> ResultCase:
    action, result = graph.value(test, MF.action), Path(urlsplit(str(graph.value(test, MF.result))).path)
    query, data = (_read_file(graph.value(action, name)) for name in (QT.query, QT.data))
    return ResultCase(_local(test), query, data, RESULT_TYPES[result.suffix], result.read_bytes())


def run_result_case(case: ResultCase, server: Server) -> None:
    """Run a test of a format; blank nodes are equal if they come in the same order."""
    server.empty()
    put = server.send("PUT", "/graphs?default", case.data.encode(), {"Content-Type": "text/turtle"})
    assert put.status == 204, put
    headers = {"Content-Type": "application/sparql-query", "Accept": case.media_type}
    response = server.send("POST", "/sparql", case.query.encode(), headers)
    assert response.status == 200
    assert _rows(response.body, case.media_type) == _rows(case.expected, case.media_type)


def _rows(document: bytes, media_type: str) -> object:
    """Return what a document says, with numbers in place of the names of blank nodes."""
    names: dict[str, str] = {}

    def rename(name: str) -> str:
        return names.setdefault(name, f"_:{len(names)}")

    if media_type == "text/csv":
        rows = list(csv.reader(io.StringIO(document.decode(), newline="")))
        return [[rename(cell) if cell.startswith("_:") else cell for cell in row] for row in rows]
    results = ox.parse_query_results(document, RESULT_FORMATS[media_type])
    if isinstance(results, ox.QueryBoolean):
        return bool(results)
    assert isinstance(results, ox.QuerySolutions)
    cells = [[solution[variable] for variable in results.variables] for solution in results]
    columns = [variable.value for variable in results.variables]
    return columns, [[rename(str(c)) if isinstance(c, ox.BlankNode) else str(c) for c in row] for row in cells]
