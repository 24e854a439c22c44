"""Updates are read before they run: which graphs they write to, and the text that runs in their place."""

import pyoxigraph as ox
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from kg.errors import QueryError, QueryLimitError, WriteRefusedError
from kg.settings import Settings
from kg.sparql_tokens import tokenize
from kg.updates import read_update

BASE = "http://localhost:8000/"
LIMITS = Settings()
EX = "PREFIX ex: <http://ex.org/> "


def targets(text: str) -> set[str]:
    return set(read_update(text, BASE, LIMITS).targets())


def run(text: str, *, using: tuple[str, ...] = (), named: tuple[str, ...] = (), data: str = "") -> list[str]:
    """Run an update on the data as it is written anew; return the lines of the store."""
    store = ox.Store()
    store.load(data.encode(), ox.RdfFormat.TRIG, base_iri=BASE)
    update = read_update(text, BASE, LIMITS, using, named)
    store.update(update.text(str(graph.value) for graph in store.named_graphs()))
    return sorted(str(quad) for quad in store)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("INSERT DATA { GRAPH <http://g> { <s> <p> 1 } <s> <p> 2 }", {"http://g"}),
        ("DELETE DATA { GRAPH <g> { <s> <p> 1 } }", {f"{BASE}g"}),
        ("BASE <http://b/> DELETE WHERE { GRAPH <g> { ?s ?p ?o } }", {"http://b/g"}),
        (EX + "WITH ex:a DELETE { ?s ?p ?o } INSERT { GRAPH ex:b { ?s ?p ?o } } WHERE { GRAPH ?g { ?s ?p ?o } }", "ab"),
        (EX + "INSERT { GRAPH ex:b { ?s ?p ?o } } USING ex:c WHERE { ?s ?p ?o }", "b"),
        (EX + "CLEAR GRAPH ex:a ; DROP SILENT GRAPH ex:b ; CREATE GRAPH ex:c ;", "abc"),
        (EX + "COPY ex:a TO ex:b", "b"),
        (EX + "ADD GRAPH ex:a TO DEFAULT", ""),
        (EX + "MOVE SILENT ex:a TO ex:b", "ab"),
        ("CLEAR ALL ; DROP NAMED ; CLEAR DEFAULT", ""),
        ("# GRAPH <http://no>\nINSERT DATA { <s> <p> 'GRAPH <http://no> {' }", ""),
        ("PREFIX : <http://ex.org/> INSERT DATA { GRAPH :\\u0061 { :s :p 1 } }", None),
        ("INSERT DATA { GRAPH <http://ex.org/\\u0061> { <s> <p> 1 } }", "a"),
        ("", ""),
    ],
)
def test_targets(text: str, expected: set[str] | str | None) -> None:
    if expected is None:
        with pytest.raises(QueryError):
            targets(text)
    elif isinstance(expected, str):
        assert targets(text) == {f"http://ex.org/{letter}" for letter in expected}
    else:
        assert targets(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "LOAD <http://ex.org/> INTO GRAPH <g>",
        "INSERT { GRAPH ?g { ?s ?p 1 } } WHERE { GRAPH ?g { ?s ?p ?o } }",
        "DELETE WHERE { GRAPH ?g { ?s ?p ?o } }",
        "INSERT { <s> <p> ?o } WHERE { SERVICE <http://ex.org/> { ?s ?p ?o } }",
    ],
)
def test_refused(text: str) -> None:
    with pytest.raises(WriteRefusedError):
        read_update(text, BASE, LIMITS)


@pytest.mark.parametrize(
    "text",
    [
        "CLEAR XYZ",
        "INSERT DATA { <s> <p> 1",
        "INSERT DATA { ex:s <p> 1 }",
        "INSERT DATA { GRAPH _:g { <s> <p> 1 } }",
        'INSERT DATA { <s> <p> "\\q" }',
        "SELECT * { }",
        "CLEAR ALL DROP ALL",
        "PREFIX ex <http://ex.org/> CLEAR ALL",
        "INSERT DATA { <s> <p> <http://a b> }",
        "CLEAR GRAPH <http://ex.org/\\u003E>",
    ],
)
def test_unreadable(text: str) -> None:
    with pytest.raises((QueryError, SyntaxError)):
        run(text)


def test_what_runs_says_the_same() -> None:
    text = (
        EX
        + r"""INSERT DATA { GRAPH ex:g { ex:a.b ex:p "it's" . } } ; # a comment with } and "
        INSERT DATA { ex:s ex:p "a\"\\\n\u00e4"@de-AT , '''x"y''' , 1.5e3 , -2 , true ;
            a ex:\,c . _:b ex:q ( 1 [ ex:r 2 ] ) }"""
    )
    original = ox.Store()
    original.update(text)
    assert len(run(text)) == len(original)
    assert {line for line in run(text) if "_:" not in line} == {str(quad) for quad in original if "_:" not in str(quad)}


def test_comparison_without_spaces_is_no_iri() -> None:
    data = "<s> <p> 1 . <t> <p> 5 ."
    text = (
        "INSERT { ?s <small> true } WHERE { ?s <p> ?a . BIND(3 AS ?b) BIND(9 AS ?d) FILTER(?a<?b&&?b>?a&&?d>?b#>\n) }"
    )
    assert [line for line in run(text, data=data) if "small" in line] == [
        f'<{BASE}s> <{BASE}small> "true"^^<http://www.w3.org/2001/XMLSchema#boolean>'
    ]


def test_a_comment_that_looks_like_an_iri_hides_nothing() -> None:
    # A reader that takes <?b#> for an IRI finds a string from the quotation mark on, and the DROP in it.
    text = 'INSERT { <s> <p> 1 } WHERE { FILTER(?a<?b#> ) } ; INSERT DATA { <s> <p> "\n) } ; DROP GRAPH <http://g> #" }'
    assert "http://g" in targets(text)


PARTS = (
    *(
        "INSERT",
        "DELETE",
        "DATA",
        "WHERE",
        "GRAPH",
        "CLEAR",
        "DROP",
        "ALL",
        "NAMED",
        "WITH",
        "USING",
        "COPY",
        "MOVE",
        "TO",
    ),
    *(
        "<ours>",
        "<g>",
        "ours:",
        "ours:x",
        "?g",
        "?s",
        "?p",
        "?o",
        "<s>",
        "<p>",
        "{",
        "}",
        "{ ?s ?p ?o }",
        "{ <s> <p> 1 }",
    ),
    *(
        ";",
        ".",
        "(",
        ")",
        "FILTER(?a<?b#>",
        "\n",
        "# }",
        '"',
        "'",
        '"""',
        "\\u003e",
        "PREFIX ours: <ours>",
        "GRAPH <ours> {",
    ),
)


@given(st.lists(st.sampled_from(PARTS), max_size=25))
@settings(max_examples=500)
def test_only_targets_are_written(parts: list[str]) -> None:
    store = ox.Store()
    store.load(b"<s> <p> 0 . <ours> { <s> <p> 1 } <g> { <s> <p> 2 }", ox.RdfFormat.TRIG, base_iri=BASE)
    try:
        update = read_update(" ".join(parts), BASE, LIMITS)
        assume(f"{BASE}ours" not in update.targets())
        store.update(update.text([f"{BASE}g"]))
    except (QueryError, WriteRefusedError, SyntaxError, RuntimeError):
        return
    assert len(list(store.quads_for_pattern(None, None, None, ox.NamedNode(f"{BASE}ours")))) == 1


def test_everything_is_what_may_be_written() -> None:
    data = "<s> <p> 0 . <g1> { <s> <p> 1 } <ours> { <s> <p> 2 }"
    store = ox.Store()
    store.load(data.encode(), ox.RdfFormat.TRIG, base_iri=BASE)
    update = read_update("INSERT DATA { GRAPH <new> { <s> <p> 3 } } ; DROP ALL", BASE, LIMITS)
    store.update(update.text([f"{BASE}g1"]))
    assert [str(graph) for graph in store.named_graphs()] == [f"<{BASE}ours>"]
    assert len(store) == 1


def test_using_graph_uri() -> None:
    data = "<s> <p> 0 . <g1> { <a> <p> 1 } <g2> { <b> <p> 2 }"
    insert = "INSERT { ?s <found> true } WHERE { ?s <p> ?o }"
    assert [f"{BASE}a>" in line for line in run(insert, using=(f"{BASE}g1",), data=data) if "found" in line] == [True]
    inside = "INSERT { ?s <found> true } WHERE { GRAPH ?g { ?s <p> ?o } }"
    assert [f"{BASE}b>" in line for line in run(inside, named=(f"{BASE}g2",), data=data) if "found" in line] == [True]


def test_using_graph_uri_goes_for_delete_where() -> None:
    data = "<a> <p> 1 . <g1> { <a> <p> 1 }"
    assert len(run("DELETE WHERE { <a> <p> ?o }", using=(f"{BASE}none",), data=data)) == 2
    assert len(run("DELETE WHERE { <a> <p> ?o }", using=(f"{BASE}g1",), data=data)) == 1


@pytest.mark.parametrize("clause", ["USING <g>", "USING NAMED <g>"])
def test_two_datasets_conflict(clause: str) -> None:
    with pytest.raises(QueryError, match="Both"):
        read_update(f"INSERT {{ <s> <p> 1 }} {clause} WHERE {{ }}", BASE, LIMITS, using=("http://g",))
    with pytest.raises(QueryError, match="Both"):
        read_update("WITH <g> INSERT { <s> <p> 1 } WHERE { }", BASE, LIMITS, using_named=("http://g",))


@given(st.text(alphabet="<>{}()\"'\\#?$:@.,;_- \nabGRAPHu0041é", max_size=60))
def test_tokens_cover_the_text(text: str) -> None:
    try:
        tokens = list(tokenize(text))
    except QueryError:
        return
    position = 0
    for token in tokens:
        between = text[position : token.begin]
        assert not between.strip() or between.lstrip().startswith("#")
        assert text[token.begin : token.end] == token.text
        position = token.end


JOINED = "?s ?p ?o . " * 101
"""More than one group may join."""


@pytest.mark.parametrize(
    ("text", "limit"),
    [
        (f"INSERT {{ <s> <p> 1 }} WHERE {{ {JOINED} }}", "query_max_joined"),
        (f"DELETE WHERE {{ {JOINED} }}", "query_max_joined"),
        (f"WITH <g> DELETE {{ ?s ?p ?o }} WHERE {{ GRAPH ?g {{ {JOINED} }} }}", "query_max_joined"),
        ("INSERT { <s> <p> 1 } WHERE { FILTER(" + "1+" * 2_001 + "1) }", "query_max_parts"),
        ("CLEAR DEFAULT ; INSERT { <s> <p> 1 } WHERE { FILTER(" + "!" * 501 + "1) }", "query_max_nesting"),
        ("INSERT DATA { <s> <p> " + "(" * 501 + ")" * 501 + " }", "query_max_nesting"),
    ],
)
def test_what_an_update_matches_is_bounded_as_a_query_is(text: str, limit: str) -> None:
    with pytest.raises(QueryLimitError) as refused:
        read_update(text, BASE, LIMITS)
    assert (refused.value.limit, refused.value.allowed) == (limit, getattr(LIMITS, limit))


@pytest.mark.parametrize(
    "text",
    [
        f"INSERT DATA {{ {JOINED.replace('?', 'x:')} }}",
        f"INSERT {{ {JOINED} }} WHERE {{ ?s ?p ?o }}",
        "INSERT { ?s ?p 1 } WHERE { ?s ?p ?o } ; " * 300,
        "INSERT { ?s ?p 1 } WHERE { ?s ?p ?o VALUES ?o {" + " 1" * 5_000 + " } }",
    ],
    ids=["data", "template", "many operations", "values"],
)
def test_an_update_may_write_as_much_as_it_likes(text: str) -> None:
    assert read_update(f"PREFIX x: <x:> {text}", BASE, LIMITS).operations
