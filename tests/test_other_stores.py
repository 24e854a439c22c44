"""Stores elsewhere: the same graph, the same pages and answers as from a folder, over the SPARQL protocols."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from pyoxigraph import Literal, NamedNode, Quad

from kg import Graph
from kg.errors import QueryError, SettingError, StoreError
from kg.queries import load_queries, load_rules
from kg.rdf import reference_quads, to_quads
from kg.remote import Endpoint, RemoteStore, locate, parse_location
from kg.remote.bindings import bind
from kg.remote.publication import find_publication
from kg.rollup import derive
from kg.rollup.rules import limit
from kg.settings import Settings
from kg.store import Writer, base_iri_of, list_articles, open_snapshot, sorted_graphs
from kg.vocab import LABEL
from kg.web.app import create_app
from tests.gold import BASE, load_gold
from tests.live import start_server
from tests.other_stores import serve_oxigraph, serve_script, serve_virtuoso
from tests.web_site import build_whole_site

PAGES = (
    "/",
    "/events?country=KP",
    "/search?q=Nordkorea",
    "/page/country/KP",
    "/data/country/KP.ttl",
    "/feed.atom",
    "/export/deployments.csv",
)
KEY = "not for the log"
ONE = "SELECT (1 AS ?one) WHERE { }"


@pytest.fixture(scope="module", autouse=True)
def index_folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LAGEBILD_STORE_INDEX", str(tmp_path_factory.mktemp("index")))
        yield


@pytest.fixture(scope="module")
def elsewhere(index_folder: None) -> Iterator[Endpoint]:
    """Oxigraph's own server with the same articles and correction as `site_store`."""
    with serve_oxigraph("--union-default-graph") as url:
        endpoint = locate(url)
        assert isinstance(endpoint, Endpoint)
        yield build_whole_site(endpoint)


def lines(location: Path | Endpoint) -> list[str]:
    with open_snapshot(location) as store:
        return [str(quad) for quad in sorted_graphs(store)]


def settings(**given: object) -> Settings:
    return Settings(**{"store_wait": 0.001, "store_tries": 3, **given})  # type: ignore[arg-type]  # fields by name


def store_at(url: str, **given: object) -> RemoteStore:
    endpoint = parse_location(url)
    assert isinstance(endpoint, Endpoint)
    return RemoteStore(endpoint, settings(**given))


class TestOxigraph:
    """Oxigraph's own server."""

    def test_the_graph_is_the_same(self, elsewhere: Endpoint, site_store: Path) -> None:
        assert lines(elsewhere) == lines(site_store)
        assert base_iri_of(elsewhere) == BASE

    def test_pages_and_answers_are_the_same(self, elsewhere: Endpoint, site_app: Flask) -> None:
        app = create_app(elsewhere, Settings(query_timeout=20.0))
        try:
            for page in PAGES:
                ours, theirs = site_app.test_client().get(page), app.test_client().get(page)
                assert (page, theirs.status_code) == (page, ours.status_code) == (page, 200)
                assert theirs.get_data() == ours.get_data(), page
            assert app.test_client().post("/permalinks", data={"query": ONE}).status_code == 403
            assert app.test_client().get("/page/article/none").status_code == 404
            assert app.test_client().get("/sparql?query=SELECT").status_code == 400
            assert (
                app.test_client().get("/metrics").status_code == app.test_client().get("/.well-known/void").status_code
            )
        finally:
            app.extensions["supervisor"].close()

    def test_example_queries_have_the_same_rows(self, elsewhere: Endpoint, site_store: Path) -> None:
        with Graph(str(elsewhere)) as there, Graph(site_store) as here:
            for query in load_queries():
                found, wanted = (graph.query(query.text) for graph in (there, here))
                if "SAMPLE(" not in query.text:  # any that will do
                    assert sorted(map(str, found)) == sorted(map(str, wanted)), query.name
                assert len(found) == len(wanted), query.name

    def test_an_article_comes_and_goes(self, elsewhere: Endpoint) -> None:
        before = lines(elsewhere)
        with open_snapshot(elsewhere) as store:
            [stem, *_] = list_articles(store, BASE)
            graph = NamedNode(f"{BASE}graph/article/{stem}")
            article = list(store.quads_for_pattern(None, None, None, graph))
            described = list(store.quads_for_pattern(None, None, None, NamedNode(f"{BASE}graph/entities")))
        with Writer(elsewhere, BASE, derive, create=False) as writer:
            assert writer.remove_article(stem)
            writer.publish()
        assert stem not in "".join(lines(elsewhere))
        with Writer(elsewhere, BASE, derive, create=False) as writer:
            writer.replace_article(stem, article, described)
            writer.publish()
        assert lines(elsewhere) == before

    def test_what_was_not_published_is_derived_by_the_next_writer(self, elsewhere: Endpoint) -> None:
        before = lines(elsewhere)
        label = Quad(
            NamedNode(f"{BASE}id/country/KP"), NamedNode("http://a/p"), Literal("x"), NamedNode(f"{BASE}graph/links")
        )
        with Writer(elsewhere, BASE, derive) as writer:
            writer.add_statements([label])
        remote = RemoteStore(elsewhere, settings())
        found = find_publication(remote, BASE)
        assert found is not None and found.rules == ""
        with Writer(elsewhere, BASE, derive) as writer:
            writer.remove_statements([label])
            writer.publish()
        again = find_publication(remote, BASE)
        assert again is not None and (again.number, bool(again.rules)) == (found.number + 1, True)
        assert lines(elsewhere) == before

    def test_a_default_graph_that_is_no_union_is_told(self) -> None:
        def answer(_: str, body: bytes, __: dict[str, str]) -> tuple[int, dict[str, str], bytes]:
            return 200, {}, rows(["graph"] * (b"GRAPH" in body))

        with serve_script(answer) as url, pytest.raises(StoreError, match="not the union"):
            base_iri_of(locate(url))

    def test_no_graph_is_told(self) -> None:
        with serve_oxigraph() as url:
            assert base_iri_of(locate(url)) is None
            with pytest.raises(StoreError, match="no graph of ours"):
                Writer(locate(url), BASE, derive, create=False)
            with pytest.raises(StoreError, match="no claims"):
                Graph(url)


def rows(graphs: list[str]) -> bytes:
    """Return the answer with one publication for each, in the JSON of results."""
    row = (
        '{"graph": {"type": "uri", "value": "http://a/graph/publication"}, "number": {"type": "literal", "value": "1"},'
        ' "space": {"type": "literal", "value": "http://a/id/"}}'
    )
    head = '{"head": {"vars": ["graph", "space", "number", "rules"]}, "results": {"bindings": ['
    return (head + ", ".join(row for _ in graphs) + "]}}").encode()


class TestProtocol:
    """What may go wrong on the way."""

    def test_later_is_asked_again_with_the_same_waits(self) -> None:
        asked: list[str] = []

        def answer(_: str, body: bytes, headers: dict[str, str]) -> tuple[int, dict[str, str], bytes]:
            asked.append(headers["Authorization"])
            return (503, {"Retry-After": "0"}, b"later") if len(asked) < 3 else (204, {}, b"")

        with serve_script(answer) as url:
            store_at(url, store_token=KEY).update("CLEAR ALL")
            assert asked == [f"Bearer {KEY}"] * 3
            asked.clear()
            with pytest.raises(StoreError, match=r"busy or down \(503\): later") as error:
                store_at(url, store_token=KEY, store_tries=2).update("CLEAR ALL")
            assert len(asked) == 2
            assert KEY not in f"{error.value} {settings(store_token=KEY)}"

    @pytest.mark.parametrize(
        ("status", "headers", "body", "says"),
        [
            (301, {"Location": "http://127.0.0.1/other"}, b"", "sends to 'http://127.0.0.1/other'"),
            (401, {"WWW-Authenticate": "Basic"}, b"", "LAGEBILD_STORE_TOKEN"),
            (403, {}, b"", "refuses"),
            (404, {}, b"", "no store at"),
            (500, {}, b"\x00\xffdisk\nfull" * 1000, "answers 500: .*disk full"),
            (200, {}, b"<html>", "does not answer as a SPARQL store"),
            (200, {}, b'{"head":{"vars":["one"]},"results":{"bindings":[{"one":', "does not answer as a SPARQL store"),
            (200, {}, b'{"head":{},"boolean":true}', "does not answer as a SPARQL store"),
            (200, {"X-SPARQL-MaxRows": "10000"}, b"{}", "a part of the answer"),
            (200, {"Content-Encoding": "gzip"}, b"no gzip", "broke off"),
            (200, {"Content-Length": "100"}, b'{"head":{"vars":["one"]},', "broke off|does not answer"),
        ],
    )
    def test_what_is_no_answer_is_told(self, status: int, headers: dict[str, str], body: bytes, says: str) -> None:
        headers = headers | ({"Connection": "close"} if status == 200 else {})
        with serve_script(lambda *_: (status, headers, body)) as url, pytest.raises(StoreError, match=says):
            list(store_at(url).select(ONE))

    def test_a_query_that_is_refused_is_the_askers(self) -> None:
        with serve_script(lambda *_: (400, {}, b"bad query")) as url, pytest.raises(QueryError, match="bad query"):
            list(store_at(url).select(ONE))

    def test_nobody_there_is_told(self) -> None:
        with serve_script(lambda *_: (200, {}, b"")) as url:
            pass
        with pytest.raises(StoreError, match="does not answer"):
            store_at(url, store_tries=2).update("CLEAR ALL")

    def test_one_who_has_a_token_and_a_name(self) -> None:
        with pytest.raises(SettingError, match="token as well as a name"):
            store_at("http://127.0.0.1/x", store_token=KEY, store_user="b")

    def test_graphs_are_not_divided_among_requests(self) -> None:
        sent: list[bytes] = []

        def answer(_: str, body: bytes, __: dict[str, str]) -> tuple[int, dict[str, str], bytes]:
            sent.append(body)
            return 204, {}, b""

        quads = [
            Quad(
                NamedNode("http://a/s"), NamedNode("http://a/p"), Literal(number), NamedNode(f"http://a/g{number % 3}")
            )
            for number in range(30)
        ]
        with serve_script(answer) as url:
            store_at(url, store_batch=12).extend(quads)
        assert len(sent) == 3
        assert all(len(set(re.findall(rb"a%2Fg\d", body))) == 1 for body in sent)


@pytest.mark.parametrize(
    ("text", "update"),
    [
        ("https://a.example", "https://a.example/sparql"),
        ("https://a.example/ds/sparql", "https://a.example/ds/sparql"),
        ("http://a.example:7878/query", "http://a.example:7878/update"),
    ],
)
def test_addresses(text: str, update: str) -> None:
    found = parse_location(text)
    assert isinstance(found, Endpoint)
    assert found.update == update
    assert parse_location(str(found)) == found
    assert parse_location(text, "https://b.example/u") == Endpoint(found.query, "https://b.example/u", found.graphs)


@pytest.mark.parametrize("text", ["http://", "https://a:b@c.example/", "http://a b/", "http://a:99999/", "http://a/#x"])
def test_what_is_no_address(text: str) -> None:
    with pytest.raises(SettingError):
        parse_location(text)


def test_folders_stay_folders() -> None:
    assert parse_location("graph") == Path("graph") == parse_location(Path("graph"))
    assert parse_location("httpd/store") == Path("httpd/store")


def test_values_take_the_place_of_variables() -> None:
    values = {"this": "<http://a/x>"}
    assert bind("SELECT ?a WHERE { ?a ?b ?this }", values) == (
        "SELECT ?a WHERE { VALUES (?this) { (<http://a/x>) } ?a ?b <http://a/x> }"
    )
    assert bind("SELECT * { VALUES ?this { 1 } BIND(2 AS ?c) FILTER(?this = ?c) }", values) == (
        "SELECT * { VALUES (?this) { (<http://a/x>) } VALUES ?this { 1 } BIND(2 AS ?c) FILTER(<http://a/x> = ?c) }"
    )
    assert bind("CONSTRUCT { ?this ?b ?c } WHERE { ?this ?b ?c }", values) == (
        "CONSTRUCT { <http://a/x> ?b ?c } WHERE { VALUES (?this) { (<http://a/x>) } <http://a/x> ?b ?c }"
    )
    assert bind("SELECT ?this { ?this ?b '?this' } GROUP BY ?this # ?this", values).count("<http://a/x>") == 2
    assert bind("SELECT ?a { ?a ?b ?c }", {}) == "SELECT ?a { ?a ?b ?c }"


def disputed(graph: Graph) -> set[str]:
    """Return the events that the rule calls disputed when it is asked about each event by name, as after a change."""
    events = graph.query("SELECT DISTINCT ?event { ?claim <https://w3id.org/lagebild/ontology#about> ?event }")
    [rule] = [rule for rule in load_rules() if rule.name == "event-disputed"]
    return {str(row["subject"]) for row in graph.query(limit(rule, sorted(str(row["event"]) for row in events)))}


class TestVirtuoso:
    """Virtuoso 7.2.5, which keeps some literals otherwise and spoils some letters: docs/other-stores.md says which."""

    def test_the_graph_is_the_same_but_for_what_is_known(
        self, site_store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("LAGEBILD_STORE_USER", "dba")
        monkeypatch.setenv("LAGEBILD_STORE_PASSWORD", "dba")
        with serve_virtuoso(tmp_path) as url:
            endpoint = locate(url)
            assert isinstance(endpoint, Endpoint)
            build_whole_site(endpoint)
            ours, theirs = set(lines(site_store)), set(lines(endpoint))
            differing = {line.split(" ")[1] for line in ours ^ theirs}
            assert differing <= {str(LABEL), "<http://www.opengis.net/ont/geosparql#asWKT>"}
            assert all("/id/event/" in line for line in ours ^ theirs if str(LABEL) in line)
            with Graph(url) as there, Graph(site_store) as here:
                assert there.deployments(country="KP") == here.deployments(country="KP") != []
                assert there.query("ASK { ?s ?p ?o }") == [{"answer": True}]
                assert disputed(there) == disputed(here) != set()
            with Writer(endpoint, BASE, derive, create=False) as writer:
                assert writer.remove_article(writer.stems()[0])
                writer.publish()
            assert len(lines(endpoint)) < len(theirs)
            monkeypatch.setenv("LAGEBILD_STORE_PASSWORD", "wrong")
            with pytest.raises(StoreError, match="refuses"):
                base_iri_of(endpoint)


def test_a_server_of_ours_with_a_token(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    other = "https://news.example/graph/"  # what lies under its own base it writes itself
    [extraction, *_] = load_gold()
    reference = reference_quads((item.entity for item in extraction.entities), other)
    article = extraction.article.stem, list(to_quads(extraction, other)), list(reference)
    with Writer(tmp_path / "here", other, derive) as writer:
        writer.replace_article(*article)
        writer.publish()
    with start_server(tmp_path / "there") as server:
        endpoint = locate(server.url)
        with pytest.raises(StoreError, match="refuses"):
            Writer(endpoint, other, derive)
        monkeypatch.setenv("LAGEBILD_STORE_TOKEN", server.token)
        with Writer(endpoint, other, derive) as writer:
            writer.replace_article(*article)
            writer.publish()
        assert base_iri_of(endpoint) == other
        assert lines(endpoint) == lines(tmp_path / "here")
