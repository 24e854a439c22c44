"""What the query editor completes."""

from typing import Any

import pytest
from flask.testing import FlaskClient

from kg.errors import QueryError
from kg.vocab import prefix_map
from kg.web.graph import Graph
from tests.gold import BASE

LB = "https://w3id.org/lagebild/ontology#"


def get(client: FlaskClient, path: str) -> Any:
    response = client.get(path)
    assert response.status_code == 200
    assert response.content_type == "application/json"
    return response.json


def terms(client: FlaskClient, language: str = "de") -> dict[str, dict[str, Any]]:
    return {term["iri"]: term for term in get(client, f"/sparql/terms?lang={language}")["terms"]}


def test_terms_are_those_of_the_ontology_and_of_the_graph(client: FlaskClient) -> None:
    found = terms(client)
    assert found[LB + "Deployment"]["label"] == "Truppenentsendung"
    assert found[LB + "Deployment"]["kind"] == "class"
    assert found[LB + "Deployment"]["uses"] > 0
    assert found[LB + "sender"]["kind"] == "property"
    assert found[LB + "occurred"]["kind"] == "concept"
    assert found["https://schema.org/mentions"]["kind"] == "property"
    assert terms(client, "en")[LB + "occurred"]["label"] == "occurred"


def test_terms_come_in_the_order_of_their_use(client: FlaskClient) -> None:
    uses = [term["uses"] for term in terms(client).values()]
    assert uses == sorted(uses, reverse=True)


def test_prefixes_are_those_of_the_data(client: FlaskClient) -> None:
    assert get(client, "/sparql/terms")["prefixes"] == prefix_map()


def test_terms_of_a_graph_too_large_to_count_are_those_of_the_ontology(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def give_up(*_: object, **__: object) -> None:
        raise QueryError("too long", "wait")

    monkeypatch.setattr(Graph, "select", give_up)
    found = terms(client, "en&fresh")  # an address of its own: the page is not among those kept ready
    assert LB + "sender" in found
    assert "https://schema.org/mentions" not in found


@pytest.mark.parametrize("query", ["nordk", "NORDKOREA", "north kor"])
def test_things_are_found_by_the_beginning_of_a_name(client: FlaskClient, query: str) -> None:
    first = get(client, f"/sparql/entities?q={query}&lang=de")["entities"][0]
    assert first == {
        "iri": f"{BASE}id/country/KP",
        "label": "Nordkorea",
        "kind": "Country",
        "description": first["description"],
        "uses": 0,
    }


def test_named_graphs_are_offered_by_what_is_in_them(client: FlaskClient) -> None:
    found = {iri: term["label"] for iri, term in terms(client, "en").items() if term["kind"] == "graph"}
    assert found[f"{BASE}graph/events"] == "All events"
    assert not any("/article/" in iri for iri in found)


def test_graphs_of_articles_are_found_by_words_of_their_titles(client: FlaskClient) -> None:
    (graph,) = get(client, "/sparql/graphs?q=nordkoreanern+russlands+seite")["graphs"]
    assert graph["iri"] == f"{BASE}graph/article/13-nordkorea-kursk-2025"
    assert graph["label"].startswith("Kiew rechnet")
    assert get(client, "/sparql/graphs?q=")["graphs"] == []


@pytest.mark.parametrize("query", ["", "%22", "*", "x" * 5000, "%00", "nichtsdergleichen"])
def test_odd_names_find_nothing(client: FlaskClient, query: str) -> None:
    assert get(client, f"/sparql/entities?q={query}") == {"entities": []}


def test_an_unchanged_answer_is_not_sent_again(client: FlaskClient) -> None:
    tag = client.get("/sparql/terms").headers["ETag"]
    assert client.get("/sparql/terms", headers={"If-None-Match": tag}).status_code == 304
