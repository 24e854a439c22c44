"""Articles that are sent in over HTTP."""

import gzip
import json

import pytest

from tests.gold import BASE
from tests.live import ROOT
from tests.protocol import assert_problem
from tests.writing import TEXT, Writing, program_graphs


def test_article_as_text(writing: Writing) -> None:
    response = writing.upload(TEXT, "text/plain", stem="Litauen-1", published="2025-07-03", publisher="Blatt")
    assert response.status_code == 201
    result = json.loads(response.data)
    assert (result["graph"], result["replaced"]) == (f"{BASE}graph/article/Litauen-1", False)
    assert response.headers["Location"] == result["article"] == f"{BASE}id/article/Litauen-1"
    assert result["claims"] >= 1
    assert writing.ask(f'GRAPH <{result["graph"]}> {{ ?a <http://purl.org/dc/terms/publisher> "Blatt" }}')
    assert writing.ask(f"GRAPH <{BASE}graph/events> {{ ?e a <https://w3id.org/lagebild/ontology#Deployment> }}")
    again = writing.upload(TEXT, "text/plain; charset=utf-8", stem="Litauen-1", published="2025-07-03")
    assert (again.status_code, json.loads(again.data)["replaced"]) == (200, True)
    assert writing.send("DELETE", "/articles/Litauen-1", "articles").status_code == 204
    assert_problem(writing.send("DELETE", "/articles/Litauen-1", "articles"), 404)
    assert not writing.ask(f"GRAPH <{result['graph']}> {{ ?s ?p ?o }}")


def test_article_as_page(writing: Writing) -> None:
    paragraphs = "".join(f"<p>{sentence}</p>" for sentence in TEXT.split("\n\n"))
    page = f"<html><head><title>Dänemark</title></head><body><article>{paragraphs}</article></body></html>"
    response = writing.upload(page.encode("iso-8859-1"), "text/html; charset=iso-8859-1")
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
    assert_problem(writing.upload(body, kind, **parameters), status)
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
    problem = assert_problem(writing.upload(TEXT, "text/plain", **parameters), 422)
    assert problem["detail"] == detail
    assert str(problem["remedy"]).endswith(remedy)


def test_articles_take_a_token_for_them(writing: Writing) -> None:
    assert_problem(writing.send("POST", "/articles", "graphs", data=TEXT, content_type="text/plain"), 403)
    assert_problem(writing.send("DELETE", "/articles/x", "update"), 403)


@pytest.mark.parametrize("charset", ["punycode", "idna", "utf-7", "unicode_escape", "zip", "klingon"])
def test_encodings_that_no_article_has_are_refused(writing: Writing, charset: str) -> None:
    problem = assert_problem(writing.upload("a-ba" * 10_000, f"text/plain; charset={charset}"), 415)
    assert charset in str(problem["detail"])


@pytest.mark.parametrize("place", [__file__, "/", "/nowhere", "-", "file:///etc/passwd", "."])
def test_what_is_on_this_machine_is_not_told(writing: Writing, place: str) -> None:
    problem = assert_problem(writing.upload(place, "text/uri-list"), 422)
    assert problem["detail"] == f"{place} is no address."


def test_a_body_is_neither_compressed_nor_without_a_type(writing: Writing) -> None:
    body = gzip.compress(TEXT.encode())
    for path, kind in (
        ("/articles", "text/plain"),
        ("/graphs?default", "text/turtle"),
        ("/graphs?default", "multipart/form-data; boundary=x"),
        ("/sparql", "application/sparql-update"),
        ("/sparql", "application/x-www-form-urlencoded"),
    ):
        scope = {"/articles": "articles", "/sparql": "update"}.get(path, "graphs")
        sent = writing.send("POST", path, scope, data=body, content_type=kind, headers={"Content-Encoding": "gzip"})
        assert "gzip" in str(assert_problem(sent, 415)["detail"])
        assert sent.headers["Accept-Encoding"] == "identity"
        nameless = writing.send("POST", path, scope, data="x", content_type="")
        assert str(assert_problem(nameless, 415)["detail"]).startswith("A body without a media type")
