"""RDF documents of strangers: what is read, and what is refused before a parser sees it."""

import time

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.errors import InputError
from kg.rdf_input import FORMATS, MAX_ATTRIBUTES, MAX_DEPTH, read_graph

BASE = "http://ex.org/"
RDF_XML = '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:e="http://ex.org/">{}</rdf:RDF>'
TRIPLE = ox.Triple(ox.NamedNode("http://ex.org/a"), ox.NamedNode("http://ex.org/p"), ox.Literal("<[({ # ä"))


@pytest.mark.parametrize(
    ("media_type", "document"),
    [
        ("text/turtle", "PREFIX e: <> e:a e:p '<[({ # ä' . # ((((\n"),
        ("application/n-triples", '<http://ex.org/a> <http://ex.org/p> "<[({ # \\u00e4" .'),
        ("application/ld+json", '{"@id": "a", "http://ex.org/p": "<[({ # ä"}'),
        ("application/rdf+xml", RDF_XML.format('<rdf:Description rdf:about="a" e:p="&lt;[({ # ä"/>')),
    ],
)
def test_each_format(media_type: str, document: str) -> None:
    assert read_graph(document.encode(), media_type, BASE) == [TRIPLE]


def nest(depth: int, begin: str, middle: str, end: str) -> str:
    return begin * depth + middle + end * depth


@pytest.mark.parametrize(
    ("media_type", "template", "begin", "middle", "end"),
    [
        ("text/turtle", "<a> <p> {} .", "[ <p> ", "1", " ]"),
        ("text/turtle", "<a> <p> {} .", "( ", "1", " )"),
        ("text/turtle", "<a> <p> {} .", "<<( <a> <p> ", "1", " )>>"),
        ("application/ld+json", "{}", '{"http://p": ', "1", "}"),
        ("application/ld+json", '{{"http://p": {}}}', '{"@list": [', "1", "]}"),
        ("application/rdf+xml", RDF_XML, '<e:A e:q="&gt;>"><e:p>', "<e:B e:q='>'/>", "</e:p></e:A>"),
    ],
)
def test_depth(media_type: str, template: str, begin: str, middle: str, end: str) -> None:
    shallow, deep = (template.format(nest(depth, begin, middle, end)) for depth in (MAX_DEPTH // 4, MAX_DEPTH + 1))
    assert read_graph(shallow.encode(), media_type, BASE)
    with pytest.raises(InputError, match="nests deeper"):
        read_graph(deep.encode(), media_type, BASE)


@pytest.mark.parametrize(
    ("media_type", "sign"),
    [
        ("text/turtle", '"""'),
        ("text/turtle", "'''"),
        ("text/turtle", '\\"'),
        ("text/turtle", "<a "),
        ("application/ld+json", '\\"'),
        ("application/rdf+xml", "<!--"),
        ("application/rdf+xml", "<![CDATA["),
        ("application/rdf+xml", "<?"),
        ("application/rdf+xml", "<a \"'"),
    ],
)
def test_tokens_without_an_end_are_soon_read(media_type: str, sign: str) -> None:
    begin = time.process_time()
    for before in ("", '"', "<"):
        with pytest.raises(InputError):
            read_graph((before + sign * 60_000).encode(), media_type, BASE)
    assert time.process_time() - begin < 3  # which was minutes


@pytest.mark.parametrize("hidden", ["e:a\\' {} e:b\\' .", "e:a\\# {} .", "<a'> {} <b'> ."])
def test_depth_is_not_hidden_by_what_looks_like_a_string(hidden: str) -> None:
    document = "PREFIX e: <http://ex.org/> <a> <p> " + hidden.format(nest(MAX_DEPTH + 1, "( ", "1", " )"))
    with pytest.raises(InputError, match="nests deeper"):
        read_graph(document.encode(), "text/turtle", BASE)


@pytest.mark.parametrize("template", ["e:a{}='b'", 'xmlns:a{}="b"'])
def test_element_with_many_attributes_is_refused(template: str) -> None:
    attributes = " ".join(template.format(number) for number in range(MAX_ATTRIBUTES + 1))
    with pytest.raises(InputError, match="more than 3,000 attributes"):
        read_graph(RDF_XML.format(f"<rdf:Description {attributes}/>").encode(), "application/rdf+xml", BASE)


@pytest.mark.parametrize("kind", ["!DOCTYPE", "!doctype", "!ENTITY"])
def test_declarations_are_refused(kind: str) -> None:
    document = f'<{kind} a [<!ENTITY b "bbbbbbbb">]>' + RDF_XML.format("")
    with pytest.raises(InputError, match="DOCTYPE"):
        read_graph(document.encode(), "application/rdf+xml", BASE)


@pytest.mark.parametrize(
    "context", ['"http://127.0.0.1:1/c"', '{"@import": "http://127.0.0.1:1/c"}', '["http://127.0.0.1:1/c"]']
)
def test_contexts_elsewhere_are_not_fetched(context: str) -> None:
    with pytest.raises(InputError):
        read_graph(f'{{"@context": {context}, "name": 1}}'.encode(), "application/ld+json", BASE)


@pytest.mark.parametrize(
    ("document", "media_type"),
    [
        (b"<a> <p> \xff .", "text/turtle"),
        ("<a> <p> 1 .".encode("utf-16"), "text/turtle"),
        (b"<a> <p>", "text/turtle"),
        (b"[", "application/ld+json"),
        (b'{"@id": "g", "@graph": [{"@id": "a", "http://p": 1}]}', "application/ld+json"),
        (b"<a>", "application/rdf+xml"),
    ],
)
def test_what_cannot_be_read(document: bytes, media_type: str) -> None:
    with pytest.raises(InputError):
        read_graph(document, media_type, BASE)


def test_blank_nodes_are_this_documents() -> None:
    first, second = (read_graph(b"_:a <p> 1 .", "text/turtle", BASE)[0].subject for _ in range(2))
    assert first != second


@given(st.text(alphabet="<>[](){}|\"'\\#_:.,;@ \nap1&!/-?=", max_size=80), st.sampled_from(sorted(FORMATS)))
def test_any_text_is_read_or_refused(document: str, media_type: str) -> None:
    try:
        read_graph(document.encode(), media_type, BASE)
    except InputError as error:
        assert error.remedy
