"""Permalinks keep the query, the snapshot and so the answer, as long as the setting says."""

import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from flask.testing import FlaskClient
from markupsafe import escape
from werkzeug.test import TestResponse

from kg import snapshots
from kg.errors import StoreFullError
from kg.permalinks import DAY, Permalink, find_permalink, keep_permalink, pinned_snapshots
from kg.settings import Settings
from kg.snapshots import name_snapshot, published_on
from kg.web.app import create_app
from kg.web.wording import word_day
from tests.protocol import BROWSER
from tests.small_store import BASE, quads, writer

COUNT = f"SELECT (COUNT(*) AS ?n) WHERE {{ ?s <{BASE}says> ?o }}"
LINK = Permalink("ASK {}", "1-0")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    publish(tmp_path / "store", "eins", "zwei")
    return tmp_path / "store"


def publish(path: Path, *texts: str) -> None:
    with writer(path) as built:
        built.replace_article("a", quads("a", *texts))
        built.publish()


def make(client: FlaskClient, query: str = COUNT) -> str:
    response = client.post("/permalinks", data={"query": query})
    assert response.status_code == 201, response.text
    assert json.loads(response.data)["permalink"] == response.headers["Location"]
    return urlsplit(response.headers["Location"]).path


def test_a_permalink_keeps_its_answer(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(snapshots, "_LINGER", 0.0)
    app = create_app(path, Settings())
    client = app.test_client()
    place, day = make(client), published_on(name_snapshot(path))
    assert make(client) == place
    for number in range(3):
        publish(path, *(f"{number} {k}" for k in range(5)))
    assert count(client, place) == 2
    assert count(client, "/sparql", query=COUNT) == 5
    tag = client.get(place, headers={"Accept": "text/csv"}).headers["ETag"]
    assert client.get(place, headers={"Accept": "text/csv", "If-None-Match": tag}).status_code == 304
    page = client.get(f"{place}?lang=en", headers={"Accept": "text/html"})
    assert "text/html" in page.content_type
    assert f"as it was published on {word_day(day.isoformat(), 'en')}" in page.text
    assert "as it was published" not in client.get("/sparql?query=ASK{}&lang=en", headers={"Accept": "text/html"}).text
    assert client.get(place, headers={"Accept": "text/turtle"}).status_code == 406
    app.extensions["supervisor"].close()  # whose workers hold what they read
    publish(path, "fünf")
    assert sorted(f.name for f in (path / "snapshots").iterdir() if f.is_dir()) == ["1", "5"]


def count(client: FlaskClient, place: str, **parameters: str) -> int:
    response = client.get(place, query_string=parameters, headers={"Accept": "application/json"})
    return int(json.loads(response.data)["results"]["bindings"][0]["n"]["value"])


def test_what_cannot_be_read_cannot_be_cited(path: Path) -> None:
    app = create_app(path, Settings())
    client = app.test_client()
    assert client.post("/permalinks", data={"query": "SELECT"}).status_code == 400
    assert client.post("/permalinks", data={"x": "y"}).status_code == 400
    assert client.get("/permalinks/../store.json").status_code == 404
    assert client.get("/permalinks/" + "0" * 24).status_code == 404
    app.extensions["supervisor"].close()


def test_a_browser_gets_the_form_with_the_permalink(path: Path) -> None:
    client = create_app(path, Settings()).test_client()
    for query, status, shown in ((COUNT, 201, f'<a href="{BASE}permalinks/'), ("SELECT", 400, 'role="alert"')):
        page = client.post("/permalinks", data={"query": query}, headers={"Accept": BROWSER})
        assert (page.status_code, page.content_type) == (status, "text/html; charset=utf-8")
        assert shown in page.text
        assert f">{escape(query)}</textarea>" in page.text


def test_a_service_may_keep_none(path: Path) -> None:
    client = create_app(path, Settings(permalink_days=0)).test_client()
    assert client.post("/permalinks", data={"query": COUNT}).status_code == 403


def test_a_permalink_holds_as_long_as_the_setting_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    now = [1_000_000.0]
    monkeypatch.setattr("kg.permalinks.time.time", lambda: now[0])
    assert keep_permalink(tmp_path, LINK, 2, 10) == now[0] + 2 * DAY
    now[0] += 2 * DAY - 1
    assert find_permalink(tmp_path, LINK.id) == LINK
    assert pinned_snapshots(tmp_path) == {1}
    now[0] += 2
    assert find_permalink(tmp_path, LINK.id) is None
    assert pinned_snapshots(tmp_path) == set()
    assert list((tmp_path / "permalinks").iterdir()) == []


def test_there_are_only_so_many(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    now = [1_000_000.0]
    monkeypatch.setattr("kg.permalinks.time.time", lambda: now[0])
    other = Permalink("ASK { ?s ?p ?o }", "1-0")
    keep_permalink(tmp_path, LINK, 1, 1)
    keep_permalink(tmp_path, LINK, 1, 1)
    with pytest.raises(StoreFullError, match="1 permalinks already"):
        keep_permalink(tmp_path, other, 1, 1)
    now[0] += DAY + 1  # the first has run out, and makes room
    keep_permalink(tmp_path, other, 1, 1)
    assert find_permalink(tmp_path, other.id) == other


def test_writers_do_not_get_in_each_others_way(tmp_path: Path) -> None:
    links = [Permalink(f"ASK {{ ?s ?p {number} }}", "1-0") for number in range(8)]
    with ThreadPoolExecutor(8) as threads:
        list(threads.map(lambda link: keep_permalink(tmp_path, link, 1, 5) and link, links[:5] * 4))
        refused = [threads.submit(keep_permalink, tmp_path, link, 1, 5) for link in links[5:]]
    assert all(isinstance(each.exception(), StoreFullError) for each in refused)
    assert sorted(file.suffix for file in (tmp_path / "permalinks").iterdir()) == [".json"] * 5


def test_one_client_may_make_so_many_a_day(path: Path) -> None:
    app = create_app(path, Settings(permalinks_per_day=1, permalinks=2))
    client = app.test_client()

    def post(query: str, address: str) -> TestResponse:
        return client.post("/permalinks", data={"query": query}, environ_base={"REMOTE_ADDR": address})

    assert post(COUNT, "192.0.2.7").status_code == 201
    assert post(COUNT, "192.0.2.7").status_code == 201  # it is there already
    refused = post("ASK {}", "192.0.2.7")
    assert (refused.status_code, refused.headers["Retry-After"]) == (429, "3600")
    assert json.loads(refused.data)["limit"] == "permalinks_per_day"
    assert post("ASK {}", "2001:db8::1").status_code == 201
    assert post("ASK { ?s ?p ?o }", "192.0.2.9").status_code == 507
    app.extensions["supervisor"].close()
