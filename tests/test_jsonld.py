"""JSON-LD in compacted form says the same as the triples that it was made of."""

import io
import json

import pyoxigraph as ox
import pytest

from kg.jsonld import NoCompactFormError, write_compacted
from kg.rdf import to_quads
from kg.vocab import prefix_map
from tests.gold import BASE, load_gold

EX = "http://ex.org/"


def compact(triples: list[ox.Triple]) -> bytes:
    output = io.BytesIO()
    write_compacted(triples, output, prefix_map())
    return output.getvalue()


def parse(document: bytes) -> set[ox.Triple]:
    return {quad.triple for quad in ox.parse(document, ox.RdfFormat.JSON_LD)}


def test_an_article_comes_back_the_same() -> None:
    triples = [quad.triple for extraction in load_gold()[:3] for quad in to_quads(extraction, BASE)]
    document = compact(triples)
    assert parse(document) == set(triples)
    assert b'"@type":["prov:Entity"' in document or b'"prov:Entity"' in document


@pytest.mark.parametrize(
    "line",
    [
        '<a> <p> "1"^^<http://www.w3.org/2001/XMLSchema#integer> , "x"@de , "y" , <b> , "é\\"\\n" .',
        "<a> a <b> , <http://www.w3.org/2004/02/skos/core#Concept> .",
        "_:b <p> <https://schema.org///x> .",
        "<geo:48.2,16.3> <p> <http://www.opengis.net/ont/geosparql#Feature> .",
        "<a> <p> <https://schema.org/> , <urn:isbn:1> .",
        "<a> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> 'literal' .",
        "",
    ],
)
def test_each_kind_of_term(line: str) -> None:
    triples = [quad.triple for quad in ox.parse(line.encode(), ox.RdfFormat.TURTLE, base_iri=EX)]
    found = parse(compact(triples))
    assert {str(t).replace("_:", "") for t in found if "_:" not in str(t)} == {
        str(t) for t in triples if "_:" not in str(t)
    }
    assert len(found) == len(triples)


def test_one_value_is_no_list() -> None:
    triples = [quad.triple for quad in ox.parse(b"<a> <p> 'x' . <a> <q> 1 , 2 .", ox.RdfFormat.TURTLE, base_iri=EX)]
    (node,) = json.loads(compact(triples))["@graph"]
    assert node["@id"] == f"{EX}a"
    assert node[f"{EX}p"] == "x"
    assert len(node[f"{EX}q"]) == 2


@pytest.mark.parametrize("line", ["<a> <p> <<( <a> <p> 1 )>> .", "<a> <p> <schema:thing> ."])
def test_what_has_no_compact_form(line: str) -> None:
    triples = [quad.triple for quad in ox.parse(line.encode(), ox.RdfFormat.TURTLE, base_iri=EX)]
    with pytest.raises(NoCompactFormError):
        compact(triples)
