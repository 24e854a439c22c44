"""How the tests of /sparql ask, and how they read answers."""

import json
import uuid
from urllib.parse import urlencode

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.gold import BASE

ASK = "ASK {}"
SELECT = "SELECT ?s WHERE { ?s a <https://w3id.org/lagebild/ontology#Article> } ORDER BY ?s LIMIT 2"
CONSTRUCT = "CONSTRUCT WHERE { <http://localhost:8000/id/country/ML> ?p ?o }"
ARTICLES = "SELECT (COUNT(*) AS ?n) WHERE { ?s a <https://w3id.org/lagebild/ontology#Article> }"
RUNAWAY = "SELECT (COUNT(*) AS ?n) WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
GRAPH_04 = f"{BASE}graph/article/04-aspides-hessen"
GRAPH_09 = f"{BASE}graph/article/09-nato-gipfel-vilnius"


def get(client: FlaskClient, query: str, accept: str | None = None, **parameters: str | list[str]) -> TestResponse:
    """Send a query by GET; `default_graph_uri` stands for the parameter `default-graph-uri`."""
    fields = {name.replace("_", "-"): value for name, value in parameters.items()}
    headers = {"Accept": accept} if accept else {}
    return client.get("/sparql?" + urlencode({"query": query, **fields}, doseq=True), headers=headers)


def count(response: TestResponse) -> int:
    return int(json.loads(response.data)["results"]["bindings"][0]["n"]["value"])


def assert_problem(response: TestResponse, status: int) -> dict[str, object]:
    assert response.status_code == status
    assert response.content_type == "application/problem+json"
    problem: dict[str, object] = json.loads(response.data)
    assert problem["status"] == status
    assert problem["detail"]
    assert problem["remedy"]
    assert str(problem["instance"]) == uuid.UUID(response.headers["X-Request-Id"]).urn
    assert "Traceback" not in response.text
    return problem
