"""Conditional requests: who has an answer is told so by 304, an error is always an error (RFC 9110, section 13)."""

from urllib.parse import quote

import pytest
from flask.testing import FlaskClient

from kg.web.cache import Asked, ResponseCache
from kg.workers import WorkerPool
from tests.protocol import BROWSER, CONSTRUCT, SELECT

READ = (
    *("/", "/page/country/KP", "/events", "/search?q=Mali", "/ontology", "/about", "/feed.atom", "/sitemap.xml"),
    *("/.well-known/void", "/fragments", "/openapi.json", "/data/country/KP.ttl", "/export/plover.csv"),
    *("/sparql/terms", "/reconcile/suggest/type", "/dump.nq.gz", f"/sparql?query={quote(SELECT)}"),
)
ERRORS = (
    *("/page/country/XX", "/data/country/XX.ttl", "/?order=none", "/export/none.csv", "/graph/article/none"),
    *("/permalinks/none", "/reconcile/preview?id=none", "/graphs?graph=http://example.org/none", "/graphs"),
    *("/sparql?query=SELECT", f"/sparql?query={quote(SELECT)}&timeout=never", "/sparql?query=ASK%7B%7D&format=ttl"),
    *(f"/sparql?query={quote('SELECT * { SERVICE <http://example.org/> { ?s ?p ?o } }')}", "/sparql?update=x"),
)


@pytest.mark.parametrize("path", READ)
def test_who_has_an_answer_is_told_so(client: FlaskClient, path: str) -> None:
    first = client.get(path)
    assert first.status_code == 200
    for known in (first.headers["ETag"], f'"other", {first.headers["ETag"]}', "*"):
        for method in ("GET", "HEAD"):
            again = client.open(path, method=method, headers={"If-None-Match": known})
            assert (again.status_code, again.data) == (304, b"")
            assert again.headers["ETag"] == first.headers["ETag"]
            assert again.headers.get("Vary") == first.headers.get("Vary")
    assert client.get(path, headers={"If-None-Match": '"other"'}).status_code == 200


@pytest.mark.parametrize("path", ERRORS)
def test_an_error_is_one_whatever_the_client_has(client: FlaskClient, path: str) -> None:
    plain = client.get(path)
    assert plain.status_code >= 400
    tags = [
        client.get(each).headers["ETag"] for each in ("/about", "/page/country/KP", f"/sparql?query={quote(SELECT)}")
    ]
    for known in (*tags, "*"):
        assert client.get(path, headers={"If-None-Match": known}).status_code == plain.status_code


def test_format_that_is_not_on_offer_is_told_whatever_the_client_has(client: FlaskClient) -> None:
    for query in (SELECT, CONSTRUCT):
        refused = client.get(f"/sparql?query={quote(query)}", headers={"Accept": "image/png", "If-None-Match": "*"})
        assert refused.status_code == 406


@pytest.mark.parametrize("path", ["/.well-known/void", "/fragments", "/ontology", "/search?q=Mali"])
def test_a_tag_is_of_one_format(client: FlaskClient, path: str) -> None:
    tag = client.get(path).headers["ETag"]
    other = "application/rdf+xml" if path != "/search?q=Mali" else "application/json"
    assert client.get(path, headers={"Accept": other, "If-None-Match": tag}).status_code == 200


def test_a_tag_is_of_one_page(client: FlaskClient) -> None:
    tag = client.get("/page/country/KP", headers={"Accept": BROWSER}).headers["ETag"]
    assert client.get("/page/country/ML", headers={"Accept": BROWSER, "If-None-Match": tag}).status_code == 200


def test_who_has_an_answer_is_told_so_without_asking_again(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    select, construct = (f"/sparql?query={quote(query)}" for query in (SELECT, CONSTRUCT))
    tags = [client.get(path).headers["ETag"] for path in (select, construct)]
    assert len(set(tags)) == len(tags)
    monkeypatch.setattr(WorkerPool, "ask", lambda *_: pytest.fail("a worker is asked"))
    for path, tag in zip((select, construct), tags, strict=True):
        assert client.get(path, headers={"If-None-Match": f'"x", {tag}'}).status_code == 304


def test_answer_that_would_be_another_the_next_time_has_no_tag(client: FlaskClient) -> None:
    path = f"/sparql?query={quote('SELECT (RAND() AS ?x) {}')}"
    assert "ETag" not in client.get(path).headers
    assert client.get(path, headers={"If-None-Match": "*"}).status_code == 200


def test_what_is_posted_is_answered(client: FlaskClient) -> None:
    tag = client.get(f"/sparql?query={quote(SELECT)}").headers["ETag"]
    for known in (tag, "*"):
        assert client.post("/sparql", data={"query": SELECT}, headers={"If-None-Match": known}).status_code == 200
    cache, asked = ResponseCache(100_000, lambda: "s1"), Asked("POST", "/sparql", {"if-none-match": "*"}, b"query=x")
    cache.keep(asked, "s1", [("ETag", 'W/"1"')], b"rows")
    found = cache.find(asked)
    assert found is not None
    assert found.answer(asked)[::2] == (200, b"rows")
