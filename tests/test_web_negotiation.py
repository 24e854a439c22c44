"""Content negotiation: what each Accept header gets."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.web.negotiation import GRAPHS, HTML, TABLES, by_name, negotiate

EXPANDED = "http://www.w3.org/ns/json-ld#expanded"
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8"


@pytest.mark.parametrize(
    ("accept", "name"),
    [
        (None, "json"),
        ("", "json"),
        ("*/*", "json"),
        ("application/sparql-results+json", "json"),
        ("application/json", "json"),
        ("application/sparql-results+xml", "xml"),
        ("text/csv", "csv"),
        ("text/tab-separated-values", "tsv"),
        ("text/*", "xml"),
        ("TEXT/CSV", "csv"),
        ("text/csv;q=0.3, application/sparql-results+xml;q=0.7", "xml"),
        ("text/csv; charset=utf-8", "csv"),
        ("text/csv;header=present;q=0.9, application/json;q=0.1", "csv"),
        ("application/sparql-results+json;q=0, */*;q=0.1", "json"),
        ("text/turtle, text/csv;q=0.1", "csv"),
        ("text/csv;q=nonsense, text/tab-separated-values;q=0.2", "tsv"),
        ("nonsense, text/csv", "csv"),
        (BROWSER, "html"),
        ("text/turtle", None),
        ("image/png", None),
        ("text/csv;q=0", None),
        ("nonsense", None),
    ],
)
def test_tables(accept: str | None, name: str | None) -> None:
    choice = negotiate(accept, (*TABLES, HTML))
    assert (choice.format.name if choice else None) == name


@pytest.mark.parametrize(
    ("accept", "content_type"),
    [
        ("*/*", "text/turtle; charset=utf-8"),
        ("application/n-triples", "application/n-triples; charset=utf-8"),
        ("application/ld+json;profile=http://www.w3.org/ns/json-ld#framed", "application/ld+json"),
        ("application/rdf+xml, text/turtle;q=0.9", "application/rdf+xml"),
        ("application/xml", "application/xml"),
        ("text/turtle;version=1.2", "text/turtle; version=1.2; charset=utf-8"),
        ("text/turtle;version=1.1;charset=UTF-8", "text/turtle; version=1.1; charset=utf-8"),
        ("text/turtle;version=3, application/rdf+xml;q=0.1", "application/rdf+xml"),
        ("text/turtle;charset=iso-8859-1, application/n-triples;q=0.1", "application/n-triples; charset=utf-8"),
        (f'application/ld+json;profile="{EXPANDED}"', f'application/ld+json; profile="{EXPANDED}"'),
        (
            "text/turtle;q=0.4, text/turtle;version=1.2;q=0.9, text/turtle;version=1.1;q=0.5",
            "text/turtle; version=1.2; charset=utf-8",
        ),
        ("application/n-triples, */*", "application/n-triples; charset=utf-8"),
        ('text/turtle;x="a, text/csv;q=1";q=0, application/rdf+xml;q=0.1', "application/rdf+xml"),
    ],
)
def test_graphs_are_sent_as_what_was_asked_for(accept: str, content_type: str) -> None:
    choice = negotiate(accept, GRAPHS)
    assert choice is not None
    assert choice.content_type == content_type


def test_a_range_that_is_refused_is_not_given_by_a_wildcard() -> None:
    choice = negotiate("text/turtle;q=0, application/x-turtle;q=0, */*;q=0.5", GRAPHS)
    assert choice is not None
    assert choice.format.name == "nt"


def test_the_narrowest_range_counts() -> None:
    choice = negotiate("text/*;q=0.9, text/turtle;q=0.1, application/rdf+xml;q=0.5", (GRAPHS[0], GRAPHS[3]))
    assert choice is not None
    assert choice.media_type == "text/xml"
    choice = negotiate("*/*;q=0.9, text/turtle;version=1.2;q=0, text/turtle;q=0.3", (GRAPHS[0],))
    assert choice is not None
    assert choice.content_type == "application/x-turtle; charset=utf-8"


@given(st.text(alphabet='aA*/;=q.,"\\ 019v', max_size=60))
def test_any_header_is_read(accept: str) -> None:
    negotiate(accept, (*TABLES, *GRAPHS, HTML))


def test_a_long_header_is_read_soon() -> None:
    begin = time.monotonic()
    for accept in (
        "a/b;q=0.5," * 100_000,
        '"' * 100_000,
        ";" * 100_000,
        "text/turtle" + ";a=b" * 50_000,
        '"\\' * 50_000,
    ):
        negotiate(accept, GRAPHS)
    assert time.monotonic() - begin < 5


def test_formats_by_name() -> None:
    choice = by_name("csv", TABLES)
    assert choice is not None
    assert choice.content_type == "text/csv; charset=utf-8"
    assert by_name("pdf", TABLES) is None
