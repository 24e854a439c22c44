"""The map for crawlers: all things once, in parts that are small enough, and nothing that is not there."""

import gzip
import json
from urllib.robotparser import RobotFileParser
from xml.etree import ElementTree

import pytest
from flask.testing import FlaskClient

from kg.web import sitemap
from tests.gold import BASE
from tests.protocol import assert_problem

LOC = f"{{{sitemap.NAMESPACE}}}loc"


def locations(document: bytes, root: str) -> list[str]:
    tree = ElementTree.fromstring(document)  # noqa: S314 - our own answer
    assert tree.tag == f"{{{sitemap.NAMESPACE}}}{root}"
    found = [str(element.text) for element in tree.iter(LOC)]
    assert all(url.startswith(BASE) for url in found)
    return ["/" + url.removeprefix(BASE) for url in found]


def pages(client: FlaskClient) -> list[str]:
    found = []
    for part in locations(client.get("/sitemap.xml").data, "sitemapindex"):
        response = client.get(part)
        assert (response.status_code, response.content_type) == (200, "application/gzip")
        assert response.data == client.get(part).data
        found += locations(gzip.decompress(response.data), "urlset")
    return found


def count(client: FlaskClient, pattern: str) -> int:
    query = (
        "PREFIX lb: <https://w3id.org/lagebild/ontology#> PREFIX prov: <http://www.w3.org/ns/prov#>"
        f"SELECT (COUNT(DISTINCT ?x) AS ?n) {{ {pattern} }}"
    )
    body = json.loads(client.get("/sparql", query_string={"query": query}).data)
    return int(body["results"]["bindings"][0]["n"]["value"])


@pytest.mark.parametrize("size", [25_000, 100])
def test_everything_is_on_the_map(client: FlaskClient, monkeypatch: pytest.MonkeyPatch, size: int) -> None:
    monkeypatch.setattr(sitemap, "PART", size)
    found = pages(client)
    claims = "?x a lb:Claim . FILTER NOT EXISTS { ?x prov:wasInvalidatedBy ?c }"
    assert sum("/page/claim/" in path for path in found) == count(client, claims)
    assert sum("/page/article/" in path for path in found) == count(client, "?x a lb:Article")
    assert sum("/page/event/" in path for path in set(found)) == count(
        client, f"?x a lb:Event FILTER(STRSTARTS(STR(?x), '{BASE}id/event/'))"
    )
    for path in ["/", "/about", "/page/country/KP", "/page/person/kim-jong-un"]:
        assert path in found
    for path in set(found[:20]) | set(found[:: len(found) // 40]):
        assert client.head(path).status_code == 200, path


@pytest.mark.parametrize("path", ["/sitemap/article-99.xml.gz", "/sitemap/x-1.xml.gz", "/sitemap/article-0.xml.gz"])
def test_no_such_part(client: FlaskClient, path: str) -> None:
    assert_problem(client.get(path), 404)


def test_map_is_known_by_the_snapshot(client: FlaskClient) -> None:
    tag = client.get("/sitemap.xml").headers["ETag"]
    assert client.get("/sitemap.xml", headers={"If-None-Match": tag}).status_code == 304


def test_robots_read_pages_and_spare_the_services(client: FlaskClient) -> None:
    response = client.get("/robots.txt")
    assert response.mimetype == "text/plain"
    rules = RobotFileParser()
    rules.parse(response.text.splitlines())
    assert rules.site_maps() == [f"{BASE}sitemap.xml"]
    for path in ("/", "/page/country/KP", "/data/country/KP.ttl", "/feed.atom"):
        assert rules.can_fetch("anybody", BASE + path.removeprefix("/")), path
    for path in ("sparql?query=x", "search?q=x", "fragments?subject=x"):
        assert not rules.can_fetch("anybody", BASE + path), path
