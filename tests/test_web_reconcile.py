"""The Reconciliation Service API over our own entities."""

import json
from collections.abc import Iterator
from pathlib import Path
from threading import Thread
from typing import Any

import jsonschema
import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from werkzeug.serving import make_server

from kg.reconciliation.cache import AnswerCache
from kg.reconciliation.client import Client
from kg.reconciliation.run import reconcile
from kg.reconciliation.service import ReconciliationService
from kg.reconciliation.subjects import Subject
from kg.vocab import LB
from kg.web.reconcile import BATCH_SIZE, MOST_EXTENDED
from tests import reconciliation_schemas as schemas
from tests.gold import BASE
from tests.services import SETTINGS
from tests.web_site import BREAKOUT


def get(client: FlaskClient, path: str, schema: schemas.Schema, **parameters: str) -> Any:
    response = client.get(path, query_string=parameters)
    assert response.status_code == 200
    assert response.mimetype == "application/json"
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    value = response.get_json()
    jsonschema.validate(value, schema)
    return value


def candidates(client: FlaskClient, **query: object) -> list[dict[str, Any]]:
    response = client.post("/reconcile", data={"queries": json.dumps({"q": query})})
    assert response.status_code == 200, response.get_data(as_text=True)
    jsonschema.validate(response.get_json(), schemas.RESULTS)
    found: list[dict[str, Any]] = response.get_json()["q"]["result"]
    assert [each["score"] for each in found] == sorted((each["score"] for each in found), reverse=True)
    return found


def matches(client: FlaskClient, **query: object) -> list[str]:
    return [each["id"] for each in candidates(client, **query) if each["match"]]


# -------------------------------------------------------------------------------------------------- manifest


def test_get_without_parameters_gives_the_manifest(client: FlaskClient) -> None:
    manifest = get(client, "/reconcile", schemas.MANIFEST)
    assert manifest["identifierSpace"] == f"{BASE}id/"
    assert manifest["schemaSpace"] == LB.iri
    assert manifest["batchSize"] == BATCH_SIZE
    assert {each["id"] for each in manifest["defaultTypes"]} >= {"Person", "Country", "Organization"}


def test_what_the_manifest_names_is_there(client: FlaskClient) -> None:
    manifest = get(client, "/reconcile", schemas.MANIFEST)
    services = [*manifest["suggest"].values(), manifest["extend"]["propose_properties"]]
    for url in [each["service_url"] + each["service_path"] for each in services]:
        assert client.get(url).status_code == 200
    for template in (manifest["view"]["url"], manifest["preview"]["url"]):
        assert client.get(template.replace("{{id}}", "country%2FKP")).status_code == 200


def test_names_follow_the_language(client: FlaskClient) -> None:
    manifest = client.get("/reconcile", headers={"Accept-Language": "en"}).get_json()
    assert {"id": "Country", "name": "Country"} in manifest["defaultTypes"]


# --------------------------------------------------------------------------------------------------- queries


@pytest.mark.parametrize("text", ["Nordkorea", "NORDKOREA", "North Korea", "KP", "country/KP", f"{BASE}id/country/KP"])
def test_a_name_or_identifier_is_a_match(client: FlaskClient, text: str) -> None:
    assert matches(client, query=text) == ["country/KP"]


def test_word_order_does_not_matter(client: FlaskClient) -> None:
    assert matches(client, query="Putin, Wladimir") == ["person/wladimir-putin"]


@pytest.mark.parametrize("text", ["Wladimir Puten", "Nordkorrea", "Kim Jung Un"])
def test_a_misspelt_name_has_candidates_but_no_match(client: FlaskClient, text: str) -> None:
    found = candidates(client, query=text)
    assert found[0]["score"] > 50
    assert not any(each["match"] for each in found)


def test_a_surname_is_no_match(client: FlaskClient) -> None:
    assert matches(client, query="Putin") == []


def test_types_are_kept_to(client: FlaskClient) -> None:
    for wanted in ("Person", ["Person"], [{"id": "Person"}], LB.iri + "Person"):
        assert all(each["type"][0]["id"] == "Person" for each in candidates(client, query="Nordkorea", type=wanted))
    assert matches(client, query="Nordkorea", type=["Country", "Place"]) == ["country/KP"]
    assert candidates(client, query="Nordkorea", type="NoSuchType") == []


def test_a_property_speaks_for_or_against(client: FlaskClient) -> None:
    [plain] = candidates(client, query="Nordkorea")
    [fitting] = candidates(client, query="Nordkorea", properties=[{"pid": "isoCode", "v": "KP"}])
    assert (plain["score"], fitting["score"], fitting["match"]) == (100, 100, True)
    against = candidates(client, query="Nordkorea", properties=[{"pid": "altLabel", "v": ["Atlantis", {"id": "x"}]}])
    assert against[0]["score"] < 100
    assert not against[0]["match"]


@pytest.mark.parametrize("properties", [[{"pid": "isoCode", "v": "KP"}], [{"pid": "sameAs", "v": "Q423"}]])
def test_identifying_properties_are_enough(client: FlaskClient, properties: list[object]) -> None:
    assert matches(client, properties=properties) == ["country/KP"]


def test_the_limit_is_kept_to(client: FlaskClient) -> None:
    assert len(candidates(client, query="Wladimir Puten", limit=1)) == 1


def test_get_and_post_give_the_same(client: FlaskClient) -> None:
    batch = {"queries": json.dumps({"a": {"query": "Nordkorea"}, "b": {"query": "Nato"}})}
    by_get = get(client, "/reconcile", schemas.RESULTS, **batch)
    assert list(by_get) == ["a", "b"]
    assert client.post("/reconcile", data=batch).get_json() == by_get


def test_queries_of_a_batch_do_not_touch_each_other(client: FlaskClient) -> None:
    alone = candidates(client, query="Wladimir Puten")
    batch = {f"q{number}": {"query": text} for number, text in enumerate(["Nato", "Wladimir Puten", "KP"])}
    together = client.post("/reconcile", data={"queries": json.dumps(batch)}).get_json()
    assert together["q1"]["result"] == alone


@pytest.mark.parametrize(
    "raw", ["", "{", "[]", "1", '{"q": {}}', '{"q": {"query": 1}}', '{"q": {"query": "a", "limit": -1}}', "[" * 50_000]
)
def test_what_is_no_batch_is_refused(client: FlaskClient, raw: str) -> None:
    response = client.post("/reconcile", data={"queries": raw})
    assert response.status_code == 400
    assert response.mimetype == "application/problem+json"


def test_a_batch_that_is_too_large_is_refused(client: FlaskClient) -> None:
    batch = {str(number): {"query": "a"} for number in range(BATCH_SIZE + 1)}
    assert client.post("/reconcile", data={"queries": json.dumps(batch)}).status_code == 413
    ids = json.dumps({"ids": ["a/b"] * (MOST_EXTENDED + 1), "properties": []})
    assert client.post("/reconcile", data={"extend": ids}).status_code == 413
    assert client.post("/reconcile", data={"queries": "x" * 1_100_000}).status_code == 413


TEXT = st.text(max_size=30) | st.sampled_from(
    ["Nordkorea", '"', "' OR 1", "a* NEAR b", "NOT", "\x00", BREAKOUT, "x" * 10_000]
)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(TEXT, TEXT, st.sampled_from(["country", "sameAs", "office", "lat", "none"]))
def test_any_text_is_a_query(client: FlaskClient, text: str, value: str, pid: str) -> None:
    query = {"query": text, "properties": [{"pid": pid, "v": value}]}
    assert client.post("/reconcile", data={"queries": json.dumps({"q": query})}).status_code == 200
    assert client.get("/reconcile/suggest/entity", query_string={"prefix": text}).status_code == 200


# ------------------------------------------------------------------------------ suggest, preview, extension


def test_entities_are_suggested_by_their_beginning(client: FlaskClient) -> None:
    found = get(client, "/reconcile/suggest/entity", schemas.SUGGESTIONS, prefix="Nordk")["result"]
    assert found[0] == {
        "id": "country/KP",
        "name": "Nordkorea",
        "description": "Staat",
        "notable": [{"id": "Country", "name": "Staat"}],
    }
    more = get(client, "/reconcile/suggest/entity", schemas.SUGGESTIONS, prefix="Nordk", cursor="1")["result"]
    assert more == found[1:]


@pytest.mark.parametrize("identifier", ["country/KP", "Q423"])
def test_entities_are_suggested_by_identifier(client: FlaskClient, identifier: str) -> None:
    found = get(client, "/reconcile/suggest/entity", schemas.SUGGESTIONS, prefix=identifier)["result"]
    assert found[0]["id"] == "country/KP"


def test_types_and_properties_are_suggested(client: FlaskClient) -> None:
    types = get(client, "/reconcile/suggest/type", schemas.SUGGESTIONS, prefix="pers")["result"]
    assert [each["id"] for each in types] == ["Person"]
    properties = get(client, "/reconcile/suggest/property", schemas.SUGGESTIONS, prefix="iso")["result"]
    assert [each["id"] for each in properties] == ["isoCode"]


def test_properties_are_proposed_for_a_type(client: FlaskClient) -> None:
    found = get(client, "/reconcile/properties", schemas.PROPOSALS, type="Country")
    assert "capital" in {each["id"] for each in found["properties"]}
    assert "office" not in {each["id"] for each in found["properties"]}
    assert len(get(client, "/reconcile/properties", schemas.PROPOSALS, type="Country", limit="2")["properties"]) == 2
    assert get(client, "/reconcile/properties", schemas.PROPOSALS, type="Nothing")["properties"] == []


def test_extension_gives_a_value_for_each_entity_and_property(client: FlaskClient) -> None:
    ids = ["country/KP", "person/wladimir-putin", "person/nobody", "no key"]
    query = {"ids": ids, "properties": [{"id": "isoCode"}, {"id": "office"}, {"id": "sameAs"}]}
    found = get(client, "/reconcile", schemas.EXTENSION, extend=json.dumps(query))
    assert [each["id"] for each in found["meta"]] == ["isoCode", "office", "sameAs"]
    assert list(found["rows"]) == ids
    assert found["rows"]["country/KP"]["isoCode"] == [{"str": "KP"}]
    assert {"str": "http://www.wikidata.org/entity/Q423"} in found["rows"]["country/KP"]["sameAs"]
    assert found["rows"]["person/wladimir-putin"]["office"]
    assert found["rows"]["person/nobody"] == {"isoCode": [], "office": [], "sameAs": []}
    assert client.post("/reconcile", data={"extend": json.dumps(query)}).get_json() == found


@pytest.mark.parametrize("raw", ["{}", '{"ids": [1], "properties": []}', '{"ids": [], "properties": [{"id": "none"}]}'])
def test_what_is_no_extension_is_refused(client: FlaskClient, raw: str) -> None:
    assert client.post("/reconcile", data={"extend": raw}).status_code == 400


def test_preview_may_stand_in_a_frame_and_runs_nothing(client: FlaskClient) -> None:
    response = client.get("/reconcile/preview?id=country%2FKP")
    policy = response.headers["Content-Security-Policy"]
    assert "frame-ancestors *" in policy
    assert "script-src 'self'" in policy
    assert "Nordkorea" in response.get_data(as_text=True)
    assert client.get("/reconcile/preview?id=person%2Fnobody").status_code == 404
    assert client.get("/reconcile/preview").status_code == 404
    article = client.get("/page/country/KP").get_data(as_text=True).partition("/page/article/")[2].partition('"')[0]
    assert client.get(f"/reconcile/preview?id=article/{article.partition('#')[0]}").status_code == 404


def test_preview_of_a_hostile_name_is_inert(client: FlaskClient) -> None:
    assert BREAKOUT not in client.get("/reconcile/preview?id=person%2Fhostile").get_data(as_text=True)


# --------------------------------------------------------------------------------------------- a real client


@pytest.fixture
def address(site_app: Flask) -> Iterator[str]:
    server = make_server("127.0.0.1", 0, site_app, threaded=True)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/reconcile"
    server.shutdown()


def test_kg_link_s_own_client_finds_our_entities(address: str, tmp_path: Path) -> None:
    elsewhere = "https://example.org/id/"
    subjects = [
        Subject(elsewhere + "1", "Country", "Nordkorea", ("Nordkorea",)),
        Subject(elsewhere + "2", "Organization", "Nordkorea", ("Nordkorea",)),
        Subject(elsewhere + "3", "Person", "Wladimir Putin", ("Wladimir Putin",), country_labels=("Russland",)),
        Subject(elsewhere + "4", "Person", "Ada Beispiel", ("Ada Beispiel",)),
    ]
    cache = AnswerCache(tmp_path / "cache")
    service = ReconciliationService(Client(SETTINGS, cache), address)
    made = [each.link.target if each.link else "" for each in reconcile(subjects, service, {})]
    cache.close()
    assert made == [f"{BASE}id/country/KP", "", f"{BASE}id/person/wladimir-putin", ""]
