"""Triple pattern fragments, walked by a client that knows nothing but the specification."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import pyoxigraph as ox
import pytest
from flask.testing import FlaskClient
from rdflib import Dataset, Graph, Literal, Namespace, URIRef
from rdflib.namespace import FOAF, RDF, VOID, XSD
from rdflib.term import Node
from werkzeug.test import TestResponse

from kg.store import open_snapshot
from kg.web.fragments import SIZE
from tests.gold import BASE
from tests.protocol import assert_problem

HYDRA = Namespace("http://www.w3.org/ns/hydra/core#")
LB = Namespace("https://w3id.org/lagebild/ontology#")
KP = URIRef(f"{BASE}id/country/KP")
Triple = tuple[Node, Node, Node]


@dataclass
class Page:
    """A page of a fragment: its data, and what it says of itself."""

    data: set[Triple]
    controls: Graph
    iri: URIRef

    def value(self, name: str) -> Node | None:
        return self.controls.value(self.iri, HYDRA[name])


class FragmentsClient:
    """Finds triples as any client of the specification does: by the form, page by page."""

    def __init__(self, http: FlaskClient) -> None:
        self._http = http
        self.requests = 0

    def read(self, url: str) -> Page:
        self.requests += 1
        response = self._http.get("/" + url.removeprefix(BASE), headers={"Accept": "application/trig"})
        assert (response.status_code, response.mimetype) == (200, "application/trig"), url
        dataset = Dataset()
        dataset.parse(data=response.data, format="trig")
        ((graph, page),) = [(s, o) for s, _, o, _ in dataset.quads((None, FOAF.primaryTopic, None, None))]
        return Page(set(dataset.default_graph), dataset.graph(URIRef(str(graph))), URIRef(str(page)))

    def ask(self, **pattern: str) -> str:
        """Return the address of a fragment, by the form of the first page."""
        controls = self.read(f"{BASE}fragments").controls
        (form,) = controls.objects(None, HYDRA.search)
        template = str(controls.value(form, HYDRA.template))
        names = {
            str(controls.value(mapping, HYDRA.property)).rpartition("#")[2]: str(
                controls.value(mapping, HYDRA.variable)
            )
            for mapping in controls.objects(form, HYDRA.mapping)
        }
        assert set(names) == {"subject", "predicate", "object"}
        match = re.fullmatch(r"(.*)\{\?(.*)\}", template)
        assert match
        assert set(match[2].split(",")) == set(names.values())
        given = "&".join(f"{names[part]}={quote(value, safe='')}" for part, value in pattern.items())
        return f"{match[1]}?{given}" if given else match[1]

    def pages(self, **pattern: str) -> Iterator[Page]:
        url: str | None = self.ask(**pattern)
        while url:
            page = self.read(url)
            yield page
            following = page.value("next")
            url = None if following is None else str(following)


@pytest.fixture
def fragments(client: FlaskClient) -> FragmentsClient:
    return FragmentsClient(client)


def stored(path: Path, predicate: URIRef | None = None, value: ox.Literal | None = None) -> int:
    """Return how many triples with this predicate and object are in a store."""
    with open_snapshot(path) as store:
        quads = store.quads_for_pattern(None, ox.NamedNode(predicate) if predicate else None, value)
        return len({quad.triple for quad in quads})


def test_walk_over_everything_sees_every_triple_once(fragments: FragmentsClient, site_store: Path) -> None:
    found, expected = set[Triple](), stored(site_store)
    for page in fragments.pages():
        assert page.data.isdisjoint(found)
        assert len(page.data) <= SIZE
        assert page.value("totalItems") == Literal(expected)
        found |= page.data
    assert len(found) == expected


def test_fragment_has_all_that_fits(fragments: FragmentsClient, site_store: Path) -> None:
    pages = list(fragments.pages(predicate=str(LB.status)))
    found = {triple for page in pages for triple in page.data}
    assert all(triple[1] == LB.status for triple in found)
    assert len(found) == stored(site_store, LB.status) > 2 * SIZE
    assert len(pages) == -(-len(found) // SIZE)
    first, last = pages[0], pages[-1]
    assert (first.value("previous"), last.value("next")) == (None, None)
    assert {page.value("first") for page in pages} == {first.iri}
    assert pages[1].value("previous") == first.iri
    for page in pages:
        assert page.value("itemsPerPage") == Literal(SIZE)
        assert page.controls.value(page.iri, VOID.triples) == Literal(len(found))
        assert (page.iri, RDF.type, HYDRA.PartialCollectionView) in page.controls


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ({"object": '"Nordkorea"@de'}, {KP}),
        ({"object": '"KP"'}, {KP}),
        ({"subject": f"<{KP}>", "predicate": str(LB.isoCode)}, {KP}),
        ({"subject": str(KP), "predicate": str(RDF.type), "object": str(LB.Country)}, {KP}),
        ({"subject": str(KP), "predicate": "?p", "object": '"nothing"'}, set()),
        ({"object": '"1"^^http://www.w3.org/2001/XMLSchema#integer', "subject": str(KP)}, set()),
    ],
)
def test_patterns(fragments: FragmentsClient, pattern: dict[str, str], expected: set[URIRef]) -> None:
    (page,) = fragments.pages(**pattern)
    entities = {subject for subject, _, _ in page.data if "/id/country/" in str(subject)}
    assert entities == expected
    assert page.value("totalItems") == Literal(len(page.data))


def test_typed_literals_are_found(fragments: FragmentsClient, site_store: Path) -> None:
    number = ox.Literal("500", datatype=ox.NamedNode(str(XSD.integer)))
    pages = list(fragments.pages(object=f'"500"^^{XSD.integer}'))
    assert sum(len(page.data) for page in pages) == stored(site_store, value=number) > 0


def test_join_of_two_fragments_answers_a_query(fragments: FragmentsClient, client: FlaskClient) -> None:
    """Whom does North Korea send forces to? A client joins what the server only looks up."""
    sent = [s for page in fragments.pages(predicate=str(LB.sender), object=str(KP)) for s, _, _ in page.data]
    goals = {
        goal
        for claim in sent
        for page in fragments.pages(subject=str(claim), predicate=str(LB.destination))
        for _, _, goal in page.data
    }
    query = f"PREFIX lb: <{LB}> SELECT DISTINCT ?goal {{ ?c lb:sender <{KP}> ; lb:destination ?goal }}"
    rows = client.get("/sparql", query_string={"query": query}, headers={"Accept": "text/csv"}).text.split()[1:]
    assert {str(goal) for goal in goals} == set(rows) != set()


@pytest.mark.parametrize(
    "media_type",
    ["text/turtle", "application/n-triples", "application/rdf+xml", "application/ld+json", "application/n-quads"],
)
def test_formats(client: FlaskClient, media_type: str) -> None:
    path = "/fragments?subject=" + quote(str(KP))
    response = client.get(path, headers={"Accept": media_type})
    assert response.mimetype == media_type
    graph = Dataset(default_union=True)
    graph.parse(data=response.data, format=media_type.replace("application/ld+json", "json-ld"))
    assert (KP, RDF.type, LB.Country) in graph
    assert list(graph.objects(None, HYDRA.search))
    assert response.data == client.get(path, headers={"Accept": media_type}).data


def test_next_page_is_in_the_headers_too(client: FlaskClient) -> None:
    response: TestResponse = client.get("/fragments")
    assert response.headers["Link"] == '</fragments?page=2>; rel="next"'
    again = client.get("/fragments", headers={"If-None-Match": response.headers["ETag"]})
    assert again.status_code == 304


@pytest.mark.parametrize(
    "query",
    ["subject=x y", 'subject="x"', 'predicate="x"@de', "object=<>", 'object="x"@', "page=0", "page=x", "page=1e9"],
)
def test_what_is_no_pattern(client: FlaskClient, query: str) -> None:
    name, _, value = query.partition("=")
    assert_problem(client.get("/fragments", query_string={name: value}), 400)


@pytest.mark.parametrize("value", ['"a" } DROP ALL { "', '"\\" ; ?x ?y"', '"\n}"', '"a"^^x:y> } #', "http://x/> } #"])
def test_no_value_gets_out_of_its_place(client: FlaskClient, value: str) -> None:
    response = client.get("/fragments", query_string={"object": value}, headers={"Accept": "application/n-quads"})
    assert response.status_code in {200, 400}
    if response.status_code == 200:
        quads = ox.parse(response.data, format=ox.RdfFormat.N_QUADS)
        assert [quad for quad in quads if isinstance(quad.graph_name, ox.DefaultGraph)] == []


def test_what_is_not_there(client: FlaskClient) -> None:
    assert_problem(client.get("/fragments?page=99999"), 404)
    assert_problem(client.get("/fragments", headers={"Accept": "image/png"}), 406)
