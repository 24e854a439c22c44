"""Writing over HTTP: SPARQL Update, the Graph Store HTTP Protocol and tokens, as the specifications say it."""

import json
import time
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

import pyoxigraph as ox
import pytest
from flask import Flask
from werkzeug.test import TestResponse

from kg.errors import SettingError
from kg.settings import Settings
from kg.store import open_snapshot
from kg.web.app import create_app
from kg.web.tokens import SCOPES, make_token, read_tokens
from tests.gold import BASE, load_gold
from tests.live import ROOT
from tests.test_web_sparql import assert_problem
from tests.web_site import build_site

TURTLE = "text/turtle"
MINE = f"{BASE}graphs/mine"
ARTICLE = f"{BASE}graph/article/04-aspides-hessen"


@dataclass
class Writing:
    """An application that may be written to, and its tokens by scope."""

    app: Flask
    store: Path
    tokens: Mapping[str, str]

    def send(self, method: str, path: str, scope: str | None = None, **arguments: Any) -> TestResponse:
        """Send a request, with the token for a scope."""
        headers = arguments.pop("headers", {})
        if scope:
            headers = {**headers, "Authorization": f"Bearer {self.tokens[scope]}"}
        return self.app.test_client().open(path, method=method, headers=headers, **arguments)

    def update(self, text: str, **parameters: str) -> TestResponse:
        path = "/sparql?" + urlencode({name.replace("_", "-"): value for name, value in parameters.items()})
        return self.send("POST", path, "update", data=text, content_type="application/sparql-update")

    def put(self, graph: str, body: str | bytes, media_type: str = TURTLE, **headers: str) -> TestResponse:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        path = f"/graphs?graph={quote(graph)}"
        return self.send("PUT", path, "graphs", data=body, content_type=media_type, headers=named)

    def ask(self, pattern: str) -> bool:
        answer = self.send("GET", f"/sparql?query={quote(f'ASK {{ {pattern} }}')}")
        found: bool = json.loads(answer.data)["boolean"]
        return found


@pytest.fixture(scope="module")
def writing(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Writing]:
    made = {scope: make_token(scope, [scope]) for scope in SCOPES}
    store = build_site(tmp_path_factory.mktemp("writing") / "store", load_gold()[:3])
    entries = " ".join(entry for _, entry in made.values())
    app = create_app(store, Settings(tokens=entries, write_timeout=20.0, write_max_bytes=200_000))
    yield Writing(app, store, {scope: secret for scope, (secret, _) in made.items()})
    app.extensions["supervisor"].close()
    app.extensions["writes"].close()


def program_graphs(writing: Writing) -> dict[str, int]:
    """Count what is in the graphs that follow from the articles."""
    with open_snapshot(writing.store) as store:
        return {
            str(graph): sum(1 for _ in store.quads_for_pattern(None, None, None, graph))
            for graph in store.named_graphs()
            if "/graph/" in str(graph)
        }


def test_update_post_direct(writing: Writing) -> None:
    response = writing.update("INSERT DATA { GRAPH <http://g/direct> { <s> <p> 1 } }")
    assert (response.status_code, response.data) == (204, b"")
    assert writing.ask("GRAPH <http://g/direct> { <http://localhost:8000/s> ?p 1 }")


def test_update_post_form(writing: Writing) -> None:
    form = {"update": "INSERT DATA { GRAPH <http://g/form> { <s> <p> 1 } }"}
    assert writing.send("POST", "/sparql", "update", data=form).status_code == 204
    assert writing.ask("GRAPH <http://g/form> { ?s ?p ?o }")


def test_update_using_graph_uri(writing: Writing) -> None:
    writing.update("INSERT DATA { GRAPH <http://g/a> { <a> <p> 1 } GRAPH <http://g/b> { <b> <p> 1 } }")
    insert = "INSERT { GRAPH <http://g/using> { ?s <seen> true } } WHERE { ?s <p> ?o }"
    assert writing.update(insert, using_graph_uri="http://g/a").status_code == 204
    assert writing.ask("GRAPH <http://g/using> { <a> <seen> true }")
    assert not writing.ask("GRAPH <http://g/using> { <b> <seen> true }")


def test_update_dataset_conflict(writing: Writing) -> None:
    text = "WITH <http://g/a> DELETE { ?s ?p ?o } WHERE { ?s ?p ?o }"
    assert_problem(writing.update(text, using_named_graph_uri="http://g/b"), 400)


def test_update_get_is_bad(writing: Writing) -> None:
    assert_problem(writing.send("GET", f"/sparql?update={quote('CLEAR ALL')}", "update"), 400)


@pytest.mark.parametrize(
    ("body", "content_type", "status"),
    [
        ("update=CLEAR%20NAMED&update=CLEAR%20DEFAULT", "application/x-www-form-urlencoded", 400),
        ("update=CLEAR%20NAMED&query=ASK%20%7B%7D", "application/x-www-form-urlencoded", 400),
        ("CLEAR NAMED", "text/plain", 415),
        ("CLEAR NAMED".encode("utf-16"), "application/sparql-update; charset=UTF-16", 415),
        ("CLEAR NAMED #ü".encode("latin-1"), "application/sparql-update", 400),
        ("CLEAR XYZ", "application/sparql-update", 400),
    ],
)
def test_update_bad(writing: Writing, body: str | bytes, content_type: str, status: int) -> None:
    assert_problem(writing.send("POST", "/sparql", "update", data=body, content_type=content_type), status)


def test_update_too_long(writing: Writing) -> None:
    assert_problem(writing.update("CLEAR DEFAULT #" + "x" * 200_000), 413)


@pytest.mark.parametrize(
    "text",
    [
        f"INSERT DATA {{ GRAPH <{ARTICLE}> {{ <s> <p> 1 }} }}",
        f"DROP GRAPH <{BASE}graph/events>",
        "WITH <graph/entities> DELETE { ?s ?p ?o } WHERE { ?s ?p ?o }",
        f"PREFIX g: <{BASE}graph/> COPY DEFAULT TO g:curation",
        "INSERT { GRAPH ?g { ?s ?p 1 } } WHERE { GRAPH ?g { ?s ?p ?o } }",
        "LOAD <http://127.0.0.1/> INTO GRAPH <http://g/load>",
    ],
)
def test_update_of_the_programs_graphs_is_refused(writing: Writing, text: str) -> None:
    before = program_graphs(writing)
    assert_problem(writing.update(text), 403)
    assert program_graphs(writing) == before


def test_drop_all_is_about_guests(writing: Writing) -> None:
    before = program_graphs(writing)
    assert len(before) == 5
    assert writing.update("INSERT DATA { <s> <p> 1 GRAPH <http://g/x> { <s> <p> 1 } } ; DROP ALL").status_code == 204
    assert program_graphs(writing) == before
    with open_snapshot(writing.store) as store:
        assert len(list(store.named_graphs())) == len(before)
        assert not list(store.quads_for_pattern(None, None, None, ox.DefaultGraph()))


def test_update_that_runs_for_ever_is_stopped(writing: Writing) -> None:
    before = program_graphs(writing)
    cross = " . ".join(f"?a{n} ?b{n} ?c{n}" for n in range(5))
    using = "".join(f" USING <{graph.strip('<>')}>" for graph in before)
    settings = writing.app.extensions["writes"]
    settings._settings = Settings(write_timeout=1.0)
    try:
        problem = assert_problem(writing.update(f"INSERT {{ <s> <p> ?c1 }}{using} WHERE {{ {cross} }}"), 503)
    finally:
        settings._settings = Settings(write_timeout=20.0)
    assert problem["limit"] == "write_timeout"
    assert writing.update("INSERT DATA { <s> <p> 1 }").status_code == 204


def test_update_nesting_bomb(writing: Writing) -> None:
    text = "INSERT { <s> <p> 1 } WHERE " + "{" * 20_000 + "}" * 20_000
    assert_problem(writing.update(text), 400)
    assert writing.update("INSERT DATA { <s> <p> 1 }").status_code == 204


def test_put_makes_and_replaces(writing: Writing) -> None:
    response = writing.put(MINE, "<a> <p> 1 .")
    assert (response.status_code, response.headers["Location"]) == (201, MINE)
    assert writing.put(MINE, "<b> <p> 2 .").status_code == 204
    found = writing.send("GET", f"/graphs?graph={quote(MINE)}", headers={"Accept": "application/n-triples"})
    assert found.text == f'<{BASE}graphs/b> <{BASE}graphs/p> "2"^^<http://www.w3.org/2001/XMLSchema#integer> .\n'
    assert found.text == writing.send("GET", "/graphs/mine", headers={"Accept": "application/n-triples"}).text


def test_put_of_an_empty_graph(writing: Writing) -> None:
    assert writing.put("http://g/empty", "").status_code == 201
    assert writing.send("GET", "/graphs?graph=http://g/empty").status_code == 200


def test_post_adds(writing: Writing) -> None:
    writing.put("http://g/post", "<a> <p> 1 .")
    path = "/graphs?graph=http://g/post"
    assert writing.send("POST", path, "graphs", data="<b> <p> 2 .", content_type=TURTLE).status_code == 204
    assert writing.ask("GRAPH <http://g/post> { <http://g/a> ?p 1 . <http://g/b> ?p 2 }")


def test_post_of_a_form_with_files(writing: Writing) -> None:
    form = {
        "one": (b"<http://a> <http://p> 1 .", "one.ttl", TURTLE),
        "two": (b'{"@id": "http://b", "http://p": 2}', "two.jsonld", "application/ld+json"),
    }
    import io

    data = {name: (io.BytesIO(body), file, kind) for name, (body, file, kind) in form.items()}
    assert writing.send("POST", "/graphs?graph=http://g/form2", "graphs", data=data).status_code == 201
    assert writing.ask("GRAPH <http://g/form2> { <http://a> ?p 1 . <http://b> ?p 2 }")


def test_post_makes_a_name(writing: Writing) -> None:
    response = writing.send("POST", "/graphs", "graphs", data="<a> <p> 1 .", content_type=TURTLE)
    assert response.status_code == 201
    location = response.headers["Location"]
    assert location.startswith(f"{BASE}graphs/")
    assert writing.send("GET", location.removeprefix(BASE.rstrip("/"))).status_code == 200


def test_delete(writing: Writing) -> None:
    writing.put("http://g/gone", "<a> <p> 1 .")
    assert writing.send("DELETE", "/graphs?graph=http://g/gone", "graphs").status_code == 204
    assert_problem(writing.send("GET", "/graphs?graph=http://g/gone"), 404)
    assert_problem(writing.send("DELETE", "/graphs?graph=http://g/gone", "graphs"), 404)


def test_default_graph(writing: Writing) -> None:
    assert writing.send("PUT", "/graphs?default", "graphs", data="<a> <p> 7 .", content_type=TURTLE).status_code == 204
    found = writing.send("GET", "/graphs?default")
    assert len(list(ox.parse(found.data, ox.RdfFormat.TURTLE))) == 1
    assert writing.send("DELETE", "/graphs?default", "graphs").status_code == 204
    assert writing.send("GET", "/graphs?default").data.strip() == b""


def test_program_graphs_are_read_and_not_written(writing: Writing) -> None:
    before = program_graphs(writing)
    found = writing.send("GET", f"/graphs?graph={quote(ARTICLE)}")
    assert len(list(ox.parse(found.data, ox.RdfFormat.TURTLE))) == before[f"<{ARTICLE}>"]
    assert_problem(writing.put(ARTICLE, "<a> <p> 1 ."), 403)
    assert_problem(writing.send("DELETE", f"/graphs?graph={quote(ARTICLE)}", "graphs"), 403)
    assert program_graphs(writing) == before


def test_corrections_are_made_and_not_written(writing: Writing) -> None:
    problem = assert_problem(writing.put(f"{BASE}graph/curation", "<a> <b> <c> ."), 403)
    assert "holds the corrections" in str(problem["detail"])
    assert "kg correct" in str(problem["remedy"])


def test_conditions(writing: Writing) -> None:
    graph = "http://g/conditional"
    assert_problem(writing.put(graph, "<a> <p> 1 .", If_Match="*"), 412)
    assert writing.put(graph, "<a> <p> 1 .", If_None_Match="*").status_code == 201
    assert_problem(writing.put(graph, "<a> <p> 2 .", If_None_Match="*"), 412)
    tag = writing.send("GET", f"/graphs?graph={graph}").headers["ETag"]
    assert not tag.startswith("W/")
    assert writing.put(graph, "<a> <p> 3 .", If_Match=tag).status_code == 204
    assert_problem(writing.put(graph, "<a> <p> 4 .", If_Match=tag), 412)


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/graphs", 400),
        ("/graphs?graph=relative", 400),
        ("/graphs?graph=http://a&graph=http://b", 400),
        ("/graphs?default&graph=http://a", 400),
        ("/graphs/mine?graph=http://a", 400),
        ("/graphs?graph=http://nothing", 404),
    ],
)
def test_bad_names(writing: Writing, path: str, status: int) -> None:
    assert_problem(writing.send("GET", path), status)


@pytest.mark.parametrize(
    ("body", "media_type", "status"),
    [
        ("<a> <p> ", TURTLE, 400),
        ("<a> <p> 1 .", "text/html", 415),
        ("<a> <p> 1 .", "", 415),
        ("<a> <p> 'ü' .".encode("latin-1"), TURTLE, 400),
        ("<a> <p> 1 .".encode("utf-16"), "text/turtle; charset=utf-16", 415),
        ("<a> <p> " + "[ <p> " * 5_000 + "]" * 5_000 + " .", TURTLE, 400),
        ('{"http://p": ' * 5_000 + "1" + "}" * 5_000, "application/ld+json", 400),
        ('{"@context": "http://127.0.0.1/context", "name": 1}', "application/ld+json", 400),
        ("<a> <p> " + "<<( <a> <p> " * 5_000 + "1" + ")>>" * 5_000 + " .", TURTLE, 400),
        ('<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', "application/rdf+xml", 400),
        ("<g> { <a> <p> 1 }", TURTLE, 400),
        ("x" * 200_001, TURTLE, 413),
    ],
)
def test_bad_documents(writing: Writing, body: str | bytes, media_type: str, status: int) -> None:
    assert_problem(writing.put("http://g/bad", body, media_type), status)
    assert_problem(writing.send("GET", "/graphs?graph=http://g/bad"), 404)


@pytest.mark.parametrize(
    ("method", "path", "scope", "kind"),
    [
        ("POST", "/sparql", "graphs", "application/sparql-update"),
        ("PUT", "/graphs?default", "update", TURTLE),
        ("DELETE", "/graphs?default", "articles", ""),
    ],
)
def test_scopes(writing: Writing, method: str, path: str, scope: str, kind: str) -> None:
    response = writing.send(method, path, scope, data="", content_type=kind)
    assert_problem(response, 403)
    assert 'error="insufficient_scope"' in response.headers["WWW-Authenticate"]


@pytest.mark.parametrize("header", [None, "Bearer", "Bearer wrong", "Basic YTpi", "Bearer ü"])
def test_without_a_token(writing: Writing, header: str | None) -> None:
    headers = {"Authorization": header.encode().decode("latin-1")} if header else {}
    response = writing.send("PUT", "/graphs?default", data="", content_type=TURTLE, headers=headers)
    assert_problem(response, 401)
    assert response.headers["WWW-Authenticate"].startswith("Bearer ")


def test_read_only_without_tokens(site_app: Flask) -> None:
    response = site_app.test_client().put("/graphs?default", data="", content_type=TURTLE)
    assert "read-only" in str(assert_problem(response, 403)["detail"])


def test_token_entries() -> None:
    secret, entry = make_token("news.room-1", ["articles", "graphs", "articles"])
    (token,) = read_tokens(f" {entry}\n")
    assert token.name == "news.room-1"
    assert token.scopes == {"articles", "graphs"}
    assert secret not in entry
    assert len(secret) >= 43


@pytest.mark.parametrize(
    "setting", ["x", "a:update:00", "a:paint:" + "0" * 64, "a:update:" + "0" * 64 + " a:graphs:" + "0" * 64]
)
def test_bad_token_settings(setting: str) -> None:
    with pytest.raises(SettingError):
        read_tokens(setting)


@pytest.mark.parametrize(("name", "scopes"), [("a b", ["update"]), ("", ["update"]), ("a", ["paint"])])
def test_bad_tokens(name: str, scopes: list[str]) -> None:
    with pytest.raises(SettingError):
        make_token(name, scopes)


TEXT = "Dänemark schickt Soldaten nach Litauen\n\nDänemark hat im Mai 200 Soldaten nach Litauen entsandt."


def upload(writing: Writing, body: str | bytes, kind: str, **parameters: str) -> TestResponse:
    return writing.send("POST", f"/articles?{urlencode(parameters)}", "articles", data=body, content_type=kind)


def test_article_as_text(writing: Writing) -> None:
    response = upload(writing, TEXT, "text/plain", stem="Litauen-1", published="2025-07-03", publisher="Blatt")
    assert response.status_code == 201
    result = json.loads(response.data)
    assert (result["graph"], result["replaced"]) == (f"{BASE}graph/article/Litauen-1", False)
    assert response.headers["Location"] == result["article"] == f"{BASE}id/article/Litauen-1"
    assert result["claims"] >= 1
    assert writing.ask(f'GRAPH <{result["graph"]}> {{ ?a <http://purl.org/dc/terms/publisher> "Blatt" }}')
    assert writing.ask(f"GRAPH <{BASE}graph/events> {{ ?e a <https://w3id.org/lagebild/ontology#Deployment> }}")
    again = upload(writing, TEXT, "text/plain; charset=utf-8", stem="Litauen-1", published="2025-07-03")
    assert (again.status_code, json.loads(again.data)["replaced"]) == (200, True)
    assert writing.send("DELETE", "/articles/Litauen-1", "articles").status_code == 204
    assert_problem(writing.send("DELETE", "/articles/Litauen-1", "articles"), 404)
    assert not writing.ask(f"GRAPH <{result['graph']}> {{ ?s ?p ?o }}")


def test_article_as_page(writing: Writing) -> None:
    paragraphs = "".join(f"<p>{sentence}</p>" for sentence in TEXT.split("\n\n"))
    page = f"<html><head><title>Dänemark</title></head><body><article>{paragraphs}</article></body></html>"
    response = upload(writing, page.encode("iso-8859-1"), "text/html; charset=iso-8859-1")
    result = json.loads(response.data)
    assert response.status_code == 201
    assert result["article"].startswith(f"{BASE}id/article/upload-")
    assert writing.ask(f'<{result["article"]}> <{NIF}isString> ?text FILTER(CONTAINS(?text, "Dänemark"))')


NIF = "http://persistence.uni-leipzig.org/nlp2rdf/ontologies/nif-core#"


@pytest.mark.parametrize(
    ("body", "kind", "parameters", "status"),
    [
        ("", "text/plain", {}, 422),
        ("This is an English text about nothing in particular, and it is not read.", "text/plain", {}, 422),
        ("\x00\x01\x02", "text/plain", {}, 422),
        (TEXT, "text/plain", {"published": "yesterday"}, 422),
        (TEXT, "text/plain", {"autor": "x"}, 400),
        (TEXT, "application/pdf", {}, 415),
        (TEXT, "text/plain; charset=utf-99", {}, 415),
        ("http://127.0.0.1:1/x", "text/uri-list", {}, 422),
        ("file:///etc/passwd", "text/uri-list", {}, 422),
        (str(ROOT / "examples" / "patriot-polen.txt"), "text/uri-list", {}, 422),
        (str(ROOT / "examples"), "text/uri-list", {}, 422),
        ("-", "text/uri-list", {}, 422),
        ("http://a.example/\nhttp://b.example/", "text/uri-list", {}, 400),
        ("x" * 200_001, "text/plain", {}, 413),
    ],
)
def test_bad_articles(writing: Writing, body: str, kind: str, parameters: dict[str, str], status: int) -> None:
    before = program_graphs(writing)
    assert_problem(upload(writing, body, kind, **parameters), status)
    assert program_graphs(writing) == before


@pytest.mark.parametrize(
    ("parameters", "detail", "remedy"),
    [
        ({"published": "gestern"}, "published is 'gestern', which is no date.", "Write it as 2024-11-18."),
        ({"source": "Zeitung"}, "source is 'Zeitung', which is no address.", "Give the article's http(s) URL."),
        ({"stem": "Über uns"}, "stem is 'Über uns', which cannot name an article.", "such as 'Ueber-uns'."),
        ({"stem": "../../x"}, "stem is '../../x', which cannot name an article.", "such as 'x'."),
    ],
)
def test_what_is_wrong_with_a_parameter_is_said(
    writing: Writing, parameters: dict[str, str], detail: str, remedy: str
) -> None:
    problem = assert_problem(upload(writing, TEXT, "text/plain", **parameters), 422)
    assert problem["detail"] == detail
    assert str(problem["remedy"]).endswith(remedy)


def test_articles_take_a_token_for_them(writing: Writing) -> None:
    assert_problem(writing.send("POST", "/articles", "graphs", data=TEXT, content_type="text/plain"), 403)
    assert_problem(writing.send("DELETE", "/articles/x", "update"), 403)


def test_writes_at_once_are_all_there(writing: Writing) -> None:
    def write(number: int) -> int:
        return writing.put(f"http://g/many/{number}", f"<a> <p> {number} .").status_code

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(write, range(16))) == [201] * 16
    assert all(writing.ask(f"GRAPH <http://g/many/{number}> {{ ?s ?p {number} }}") for number in range(16))


def test_another_writer_is_waited_for(writing: Writing) -> None:
    from kg.rollup import derive
    from kg.store import Writer

    with ThreadPoolExecutor(1) as pool:
        with Writer(writing.store, BASE, derive):
            answer = pool.submit(writing.put, "http://g/waiting", "<a> <p> 1 .")
            time.sleep(0.5)
            assert not answer.done()
        assert answer.result(20).status_code == 201


def test_nothing_is_derived_from_guests(writing: Writing) -> None:
    """A guest that looks like an article with a claim, and says things of an event and a country."""
    before = program_graphs(writing)
    lb = "https://w3id.org/lagebild/ontology#"
    with open_snapshot(writing.store) as store:
        claim = next(store.quads_for_pattern(None, ox.NamedNode(f"{lb}eventType"), None)).subject
        said = [str(quad.triple) for quad in store.quads_for_pattern(claim, None, None)]
    forged = " .\n".join(said).replace(str(claim), "<http://forged/claim>")
    country = f"<id/country/DE> <{lb}country> <id/country/FR> ; a <{lb}Person> ."
    assert writing.put("http://g/forged", f"@base <{BASE}> .\n{country}\n{forged} .").status_code == 201
    assert writing.update(f"INSERT DATA {{ {country} {forged} }}").status_code == 204
    assert upload(writing, TEXT, "text/plain", stem="neu", published="2025-07-03").status_code == 201
    assert not writing.ask(f"GRAPH <{BASE}graph/events> {{ ?s ?p <http://forged/claim> }}")
    assert not writing.ask(f"GRAPH <{BASE}graph/events> {{ <http://forged/claim> ?p ?o }}")
    assert writing.send("DELETE", "/articles/neu", "articles").status_code == 204
    assert program_graphs(writing) == before
    assert writing.ask("GRAPH <http://g/forged> { <http://forged/claim> ?p ?o }")
    assert not (writing.store / "own.new").exists()


def test_pages_do_not_show_guests(writing: Writing) -> None:
    """What guests say may be of any kind, and no page breaks on it."""
    pages = ["/", "/articles", "/events", "/page/country/DE", "/data/country/DE.ttl", "/export/deployments.csv"]
    answers = [writing.send("GET", path) for path in pages]
    assert {answer.status_code for answer in answers} == {200}
    before = [answer.data for answer in answers]
    lb = "https://w3id.org/lagebild/ontology#"
    event = f"<id/event/q> a <{lb}Event> , <{lb}Deployment> ; <{lb}status> 7 ; <{lb}personnelMax> 'zz'"
    label = "<id/country/DE> <http://www.w3.org/2000/01/rdf-schema#label> 5"
    assert writing.update(f"INSERT DATA {{ GRAPH <http://g/wild> {{ {event} . {label} }} }}").status_code == 204
    assert writing.ask(f"<{BASE}id/event/q> ?p ?o")
    assert [writing.send("GET", path).data for path in pages] == before
    assert writing.send("GET", "/page/event/q").status_code == 404
