"""Requests at random, with a token that may do everything: none meets a bug, and the program's graphs stay."""

import random
from pathlib import Path
from typing import Final

import pytest

from kg.settings import Settings
from kg.web.app import create_app
from kg.web.tokens import SCOPES, make_token
from tests.gold import load_gold
from tests.web_site import build_site
from tests.writing import Writing, program_graphs

REQUESTS: Final = 250
WORDS: Final = (
    *(
        "<a>",
        "<http://b>",
        "?x",
        "{",
        "}",
        "GRAPH",
        "INSERT",
        "DELETE",
        "DATA",
        "WHERE",
        "CLEAR",
        "ALL",
        "DROP",
        "COPY",
        "TO",
    ),
    *(
        ";",
        ".",
        '"x"',
        "'",
        "\\",
        "#",
        "\n",
        "PREFIX e: <http://e/>",
        "e:x",
        "_:b",
        "[",
        "]",
        "(",
        ")",
        "<<(",
        ")>>",
        "@de",
    ),
    *(
        "^^",
        "1",
        "-2.5e3",
        "SELECT",
        "*",
        "ASK",
        "\x00",
        "é",
        "%",
        "USING",
        "NAMED",
        "WITH",
        "a",
        "SERVICE",
        "LOAD",
        "DEFAULT",
    ),
    *("{ ?s ?p ?o }", "GRAPH <http://g> { <s> <p> 1 }", "FILTER(?a<?b#>", "<graph/events>", "CLEAR ALL ;"),
)
MEDIA_TYPES: Final = (
    *("text/turtle", "application/n-triples", "application/ld+json", "application/rdf+xml", "text/plain", "text/html"),
    *("text/uri-list", "application/sparql-update", "application/sparql-query", "application/x-www-form-urlencoded"),
    *(
        "multipart/form-data",
        "multipart/form-data; boundary=x",
        "text/turtle; charset=latin-1",
        "text/html; charset=base64",
    ),
    *("", "x/y/z", ";;;"),
)
PATHS: Final = (
    *(
        "/sparql",
        "/sparql?query=ASK{}",
        "/sparql?query=%FF",
        "/sparql?default-graph-uri=x",
        "/sparql?using-graph-uri=http://g",
    ),
    *(
        "/graphs",
        "/graphs?default",
        "/graphs?graph=http://g",
        "/graphs?graph=%00",
        "/graphs?graph=http://%5B",
        "/graphs/a/../b",
    ),
    *(
        "/graphs?graph=http://localhost:8000/graph/events",
        "/graphs/%00",
        "/graphs/ü",
        "/articles",
        "/articles?stem=../x",
    ),
    *("/articles?published=x", "/articles/x", "/.well-known/void", "/dump.nq.gz"),
)
ACCEPTED: Final = (
    "*/*",
    "text/turtle;version=1.1",
    "text/html",
    ",,;q=;",
    'a/b;q=2;c="',
    'application/ld+json;profile="x y"',
)


def random_body(chance: random.Random) -> bytes:
    words = " ".join(chance.choices(WORDS, k=chance.randint(0, 20)))
    frame = chance.choice(
        (
            "{}",
            "<a> <p> {} .",
            '{{"@id": "a", "http://p": {}}}',
            '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">{}</rdf:RDF>',
            "--x\r\nContent-Disposition: form-data; name=a; filename=b\r\nContent-Type: text/turtle\r\n\r\n{}\r\n--x--",
            "update={}",
            "INSERT DATA {{ GRAPH <http://g> {{ {} }} }}",
        )
    )
    return frame.format(words).encode()


@pytest.mark.parametrize("seed", [1, 2])
def test_no_request_breaks_anything(tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311 - no secret
    secret, entry = make_token("random", SCOPES)
    store = build_site(tmp_path / "store", load_gold()[:1])
    app = create_app(store, Settings(tokens=entry, write_timeout=20.0, query_timeout=2.0))
    writing = Writing(app, store, dict.fromkeys(SCOPES, secret))
    before = program_graphs(writing)
    try:
        for _ in range(REQUESTS):
            method = chance.choice(("GET", "HEAD", "POST", "PUT", "DELETE", "POST", "PUT"))
            body = None if method in {"GET", "HEAD"} else random_body(chance)
            path, media_type = chance.choice(PATHS), chance.choice(MEDIA_TYPES)
            headers = {"Accept": chance.choice(ACCEPTED), "Accept-Encoding": chance.choice(("gzip", "zstd", "*;q=x"))}
            response = writing.send(method, path, "update", data=body, content_type=media_type, headers=headers)
            assert response.status_code < 500, (method, path, media_type, body, response.text)
    finally:
        app.extensions["supervisor"].close()
        app.extensions["writes"].close()
    assert program_graphs(writing) == before
