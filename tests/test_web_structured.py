"""The JSON-LD in every page."""

import json
import re
from typing import Any

import pytest
from flask.testing import FlaskClient
from rdflib import Graph, Namespace, URIRef
from rdflib.namespace import RDF

from kg.web.structured import describe_page
from tests.gold import BASE
from tests.web_site import BREAKOUT

SDO = Namespace("https://schema.org/")
SCRIPT = re.compile(r'<script type="application/ld\+json">(.*?)</script>', re.DOTALL)
PAGES = (
    *("/", "/events", "/movements", "/articles", "/about", "/search?q=kim", "/sparql", "/ontology", "/corrections"),
    *("/browse/people", "/page/country/KP", "/page/article/hostile", "/page/person/hostile"),
)


def read(client: FlaskClient, path: str) -> dict[str, Any]:
    response = client.get(path, headers={"Accept": "text/html"})
    (script,) = SCRIPT.findall(response.text)
    found: dict[str, Any] = json.loads(script)
    return found


def graph_of(found: dict[str, Any]) -> Graph:
    """Parse it with the vocabulary in place of schema.org's context, which lies on the network."""
    return Graph().parse(data=json.dumps({**found, "@context": {"@vocab": str(SDO)}}), format="json-ld")


def one_of(client: FlaskClient, kind: str) -> str:
    query = f"PREFIX lb: <https://w3id.org/lagebild/ontology#> SELECT ?x {{ {kind} }} ORDER BY ?x LIMIT 1"
    body = json.loads(client.get("/sparql", query_string={"query": query}).data)
    iri: str = body["results"]["bindings"][0]["x"]["value"]
    return iri


@pytest.mark.parametrize("path", PAGES)
def test_every_page_says_what_it_is(client: FlaskClient, path: str) -> None:
    found = read(client, path)
    assert (found["@context"], found["@type"]) == ("https://schema.org", "WebPage")
    assert found["url"] == BASE + path.partition("?")[0].removeprefix("/")
    assert found["name"]
    assert list(graph_of(found).subjects(RDF.type, SDO.WebPage))


def test_error_pages_say_nothing(client: FlaskClient) -> None:
    assert not SCRIPT.search(client.get("/page/country/ZZ", headers={"Accept": "text/html"}).text)


def test_entity(client: FlaskClient) -> None:
    graph = graph_of(read(client, "/page/country/KP?lang=en"))
    korea = URIRef(f"{BASE}id/country/KP")
    assert (korea, RDF.type, SDO.Country) in graph
    assert str(graph.value(korea, SDO.name)) == "North Korea"
    assert str(graph.value(korea, SDO.sameAs)) == "http://www.wikidata.org/entity/Q423"
    assert graph.value(predicate=SDO.mainEntity, object=korea)


def test_claim_leads_to_its_article_and_event(client: FlaskClient) -> None:
    iri = one_of(client, "?x lb:eventType lb:Deployment ; lb:attributedTo ?source")
    graph = graph_of(read(client, iri.replace(f"{BASE}id/", "/page/")))
    claim = URIRef(iri)
    assert (claim, RDF.type, SDO.Claim) in graph
    assert len(str(graph.value(claim, SDO.text))) > 20
    assert graph.value(claim, SDO.author)
    article = graph.value(claim, SDO.appearance)
    assert (article, RDF.type, SDO.NewsArticle) in graph
    assert re.fullmatch(r"\d{4}-\d\d-\d\d", str(graph.value(article, SDO.datePublished)))
    assert (graph.value(claim, SDO.about), RDF.type, SDO.Event) in graph


def test_event_and_article(client: FlaskClient) -> None:
    event = URIRef(one_of(client, "?x a lb:Deployment ; lb:destination ?where ; lb:sender ?who"))
    graph = graph_of(read(client, event.replace(f"{BASE}id/", "/page/")))
    assert (event, RDF.type, SDO.Event) in graph
    for property_ in (SDO.name, SDO.location, SDO.about, SDO.subjectOf):
        assert graph.value(event, property_), property_
    article = URIRef(one_of(client, "?x a lb:Article"))
    graph = graph_of(read(client, article.replace(f"{BASE}id/", "/page/")))
    assert graph.value(article, SDO.headline)
    assert list(graph.objects(article, SDO.mentions))


def test_front_page_describes_the_data_set(client: FlaskClient) -> None:
    graph = graph_of(read(client, "/"))
    (dataset,) = graph.subjects(RDF.type, SDO.Dataset)
    downloads = [str(graph.value(each, SDO.contentUrl)) for each in graph.objects(dataset, SDO.distribution)]
    assert f"{BASE}dump.nq.gz" in downloads
    for url in downloads:
        assert client.head("/" + url.removeprefix(BASE)).status_code == 200


def test_what_others_wrote_stays_a_string(client: FlaskClient) -> None:
    response = client.get("/page/article/hostile", headers={"Accept": "text/html"})
    (script,) = SCRIPT.findall(response.text)
    assert not set("<>&") & set(script)
    assert json.loads(script)["mainEntity"]["headline"] == BREAKOUT


def test_titles_are_text(client: FlaskClient) -> None:
    with client.application.test_request_context("/x"):
        found = json.loads(describe_page("A &amp; B\n  &lt;C&gt;", None))
    assert found["name"] == "A & B <C>"
