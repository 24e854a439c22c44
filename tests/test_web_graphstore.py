"""The SPARQL 1.1 Graph Store HTTP Protocol, as the specification says it."""

from urllib.parse import quote

import pyoxigraph as ox
import pytest

from tests.gold import BASE
from tests.protocol import assert_problem
from tests.writing import ARTICLE, MINE, TURTLE, Writing, program_graphs


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
