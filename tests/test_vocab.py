"""Namespaces and IRIs."""

import re
from pathlib import Path

import pytest

from kg.model import Span
from kg.vocab import LB, NAMESPACES, Minter, address, content_hash, prefix_map, sparql_prefixes

KG = Path(__file__).parents[1] / "kg"
MINT = Minter("https://example.org/")


def test_iris_are_the_contract_s() -> None:
    assert MINT.entity("country/KP").value == "https://example.org/id/country/KP"
    assert MINT.article("a-1").value == "https://example.org/id/article/a-1"
    assert MINT.span("a-1", Span(90, 120)).value == "https://example.org/id/article/a-1#char=90,120"
    assert MINT.article_graph("a-1").value == "https://example.org/graph/article/a-1"
    assert MINT.entities_graph.value == "https://example.org/graph/entities"
    assert MINT.events_graph.value == "https://example.org/graph/events"
    assert MINT.curation_graph.value == "https://example.org/graph/curation"
    assert LB.term("Claim").value == "https://w3id.org/lagebild/ontology#Claim"


def test_hash_depends_on_content_only() -> None:
    assert content_hash({"b": 1, "a": [2]}) == content_hash({"a": [2], "b": 1})
    assert content_hash(["a", "b"]) != content_hash(["ab"])
    assert re.fullmatch(r"[0-9a-f]{16}", MINT.claim(["x"]).value.removeprefix("https://example.org/id/claim/"))


@pytest.mark.parametrize(
    ("url", "term"),
    [
        ("https://example.org/ä?q=1#f", "<https://example.org/ä?q=1#f>"),
        ("https://example.org/a b|{c}", "<https://example.org/a%20b%7C%7Bc%7D>"),
        ("https://example.org/100%", "<https://example.org/100%25>"),
        ("https://[example", '"https://[example"'),
    ],
)
def test_address_is_an_iri_if_it_can_be_one(url: str, term: str) -> None:
    assert str(address(url)) == term


def test_prefixes_are_unique() -> None:
    assert len(prefix_map()) == len(NAMESPACES)
    assert "PREFIX lb: <https://w3id.org/lagebild/ontology#>" in sparql_prefixes()


def test_namespaces_are_written_here_only() -> None:
    for module in sorted(KG.glob("*.py")):
        if module.name != "vocab.py":
            text = module.read_text(encoding="utf-8")
            assert not [namespace.iri for namespace in NAMESPACES if namespace.iri in text], module.name
