"""Writing over HTTP: SPARQL Update as the specification says it, tokens, and what writes leave alone."""

import time
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import quote

import pyoxigraph as ox
import pytest
from flask import Flask

from kg.errors import SettingError
from kg.settings import Settings
from kg.store import open_snapshot
from kg.web.tokens import make_token, read_tokens
from kg.worker_handles import TemplateProcess
from tests.gold import BASE
from tests.protocol import assert_problem
from tests.writing import ARTICLE, TEXT, TURTLE, Writing, program_graphs


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
    problem = assert_problem(writing.update(text), 400)
    assert (problem["type"], problem["limit"]) == (f"{BASE}problems/query-limit", "query_max_nesting")
    assert writing.update("INSERT DATA { <s> <p> 1 }").status_code == 204


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


def test_template_that_cannot_fork_is_one_line_in_the_log(
    writing: Writing, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(_: TemplateProcess) -> None:
        raise ConnectionResetError(104, "Connection reset by peer")

    with monkeypatch.context() as patched:
        patched.setattr(TemplateProcess, "fork", fail)
        answer = writing.put("http://g/never", "<a> <p> 1 .")
    assert_problem(answer, 503)
    assert answer.headers["Retry-After"]
    messages = [record.getMessage() for record in caplog.records]
    assert messages.count("no process for a write can be started: [Errno 104] Connection reset by peer") == 1
    assert not any(record.exc_info for record in caplog.records)
    assert writing.put("http://g/never", "<a> <p> 1 .").status_code == 201


def test_an_article_that_goes_again_leaves_the_graph_as_it_was(writing: Writing) -> None:
    """Another article of this version names the same countries, so that they are described as this version does."""

    def quads() -> set[str]:
        with open_snapshot(writing.store, own=True) as store:
            return {str(quad) for quad in store}

    assert writing.upload(TEXT, "text/plain", stem="bleibt", published="2025-07-03").status_code == 201
    before = quads()
    assert writing.upload(TEXT, "text/plain", stem="neu", published="2025-07-04").status_code == 201
    assert quads() > before - {quad for quad in before if "/graph/events>" in quad}
    assert writing.send("DELETE", "/articles/neu", "articles").status_code == 204
    assert quads() == before
    assert writing.send("DELETE", "/articles/bleibt", "articles").status_code == 204


def test_nothing_is_derived_from_guests(writing: Writing) -> None:
    """A guest that looks like an article with a claim, and says things of an event and a country."""
    assert writing.upload(TEXT, "text/plain", stem="neu", published="2025-07-03").status_code == 201
    assert writing.send("DELETE", "/articles/neu", "articles").status_code == 204
    before = program_graphs(writing)  # with what this version knows of the countries, which is more than the gold says
    lb = "https://w3id.org/lagebild/ontology#"
    with open_snapshot(writing.store) as store:
        claim = next(store.quads_for_pattern(None, ox.NamedNode(f"{lb}eventType"), None)).subject
        said = [str(quad.triple) for quad in store.quads_for_pattern(claim, None, None)]
    forged = " .\n".join(said).replace(str(claim), "<http://forged/claim>")
    country = f"<id/country/DE> <{lb}country> <id/country/FR> ; a <{lb}Person> ."
    assert writing.put("http://g/forged", f"@base <{BASE}> .\n{country}\n{forged} .").status_code == 201
    assert writing.update(f"INSERT DATA {{ {country} {forged} }}").status_code == 204
    assert writing.upload(TEXT, "text/plain", stem="neu", published="2025-07-03").status_code == 201
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


def test_a_byte_order_mark_is_no_part_of_what_is_sent(writing: Writing) -> None:
    mark = "\ufeff"
    assert writing.put("http://g/marked", f"{mark}<http://s> <http://p> 1 .").status_code == 201
    update = f"{mark}INSERT DATA {{ GRAPH <http://g/marked> {{ <http://s> <http://p> 2 }} }}"
    assert writing.update(update).status_code == 204
    query = f"{mark}SELECT ?o {{ GRAPH <http://g/marked> {{ ?s ?p ?o }} }} ORDER BY ?o"
    accept = {"Accept": "text/csv"}
    found = writing.send("POST", "/sparql", data=query, content_type="application/sparql-query", headers=accept)
    assert found.text.split() == ["o", "1", "2"]
