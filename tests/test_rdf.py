"""Extractions as quads."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

import pytest
from pyoxigraph import Literal, NamedNode, Quad

from kg.model import (
    Article,
    Claim,
    Entity,
    EntityInArticle,
    Extraction,
    Figure,
    Mention,
    Position,
    Reason,
    Span,
    TimeExpression,
)
from kg.rdf import DIGEST, reference_quads, to_quads
from kg.vocab import DCTERMS, GEO, LABEL, LB, OWL, PROV, SCHEMA, SKOS, Minter
from tests.gold import BASE

MINT = Minter(BASE)
TEXT = "Pjöngjang schickt bis zu 100.000 nordkoreanische Soldaten\n\nDas sagte Kim Beispiel am Freitag."
ARTICLE = Article("beispiel", TEXT, TEXT.partition("\n")[0], date(2024, 11, 18), "given", "Blatt", noise=(Span(0, 2),))
KOREA = Entity("country/KP", "Country", "Nordkorea", "North Korea", ("DVRK",), wikidata="Q423", iso="KP")
RUSSIA = Entity("country/RU", "Country", "Russland", "Russia", wikidata="Q159", iso="RU", lat=60.0, lon=100.5)
PERSON = Entity("person/kim-beispiel", "Person", "Kim Beispiel")
ARMY = Entity("organization/volksarmee", "Organization", "Volksarmee", country="country/KP")


def span(words: str) -> Span:
    begin = TEXT.index(words)
    return Span(begin, begin + len(words))


CLAIM = Claim(
    type="Deployment",
    status="possible",
    trigger=span("schickt"),
    evidence=span("Pjöngjang schickt bis zu 100.000 nordkoreanische Soldaten"),
    roles={"sender": ("country/KP",), "beneficiary": ("country/RU",)},
    personnel=Figure(span("bis zu 100.000 nordkoreanische Soldaten"), None, 100_000, "upTo", "Soldat"),
    time=TimeExpression(span("am Freitag"), date(2024, 11, 15), date(2024, 11, 15)),
    attributed_to=("person/kim-beispiel",),
    attribution_text="Kreise",
    confidence=0.75,
    reasons=(Reason("trigger", "schickt", "a verb of sending"),),
)
EXTRACTION = Extraction(
    ARTICLE,
    (
        EntityInArticle(
            KOREA,
            (
                Mention(span("Pjöngjang"), "metonym", "Country"),
                Mention(span("nordkoreanische"), "adjective", "Country"),
            ),
        ),
        EntityInArticle(RUSSIA, ()),
        EntityInArticle(ARMY, (Mention(span("nordkoreanische"), "adjective", "Organization"),)),
        EntityInArticle(
            PERSON, (Mention(span("Kim Beispiel"), "name", "Person"),), (Position("Sprecher", "country/KP"),)
        ),
    ),
    (CLAIM,),
)


def objects(quads: Iterable[Quad], subject: NamedNode, predicate: NamedNode) -> set[str]:
    return {str(quad.object) for quad in quads if quad.subject == subject and quad.predicate == predicate}


QUADS = to_quads(EXTRACTION, BASE, model="test-1")
CLAIM_IRI = next(quad.subject for quad in QUADS if quad.predicate == LB.term("eventType"))
assert isinstance(CLAIM_IRI, NamedNode)


def claim_has(predicate: str) -> set[str]:
    assert isinstance(CLAIM_IRI, NamedNode)
    return objects(QUADS, CLAIM_IRI, LB.term(predicate))


def test_all_quads_are_in_the_article_s_graph() -> None:
    assert {quad.graph_name for quad in QUADS} == {MINT.article_graph("beispiel")}


def test_claim_has_roles_and_figure() -> None:
    assert claim_has("sender") == {str(MINT.entity("country/KP"))}
    assert claim_has("personnelMax") == {'"100000"^^<http://www.w3.org/2001/XMLSchema#integer>'}
    assert claim_has("personnelMin") == set()
    assert claim_has("personnelQualifier") == {str(LB.term("upTo"))}
    assert claim_has("personnelText") == {'"bis zu 100.000 nordkoreanische Soldaten"@de'}


def test_claim_has_time_source_and_explanation() -> None:
    assert claim_has("begin") == claim_has("end") == {'"2024-11-15"^^<http://www.w3.org/2001/XMLSchema#date>'}
    assert claim_has("timeText") == {'"am Freitag"@de'}
    assert claim_has("attributedTo") == {str(MINT.entity("person/kim-beispiel"))}
    assert claim_has("attributionText") == {'"Kreise"@de'}
    assert claim_has("confidence") == {'"0.75"^^<http://www.w3.org/2001/XMLSchema#decimal>'}
    assert claim_has("explanation") == {'"trigger: „schickt“ – a verb of sending"@en'}


def test_article_mentions_names_but_not_adjectives() -> None:
    article = MINT.article("beispiel")
    mentioned = objects(QUADS, article, SCHEMA.term("mentions"))
    assert mentioned == {str(MINT.entity(key)) for key in ("country/KP", "person/kim-beispiel")}
    assert len(objects(QUADS, article, DCTERMS.term("references"))) == 4


def test_surface_forms_of_names_are_alternative_labels() -> None:
    assert objects(QUADS, MINT.entity("person/kim-beispiel"), SKOS.term("altLabel")) == {'"Kim Beispiel"@de'}
    assert objects(QUADS, MINT.entity("country/KP"), SKOS.term("altLabel")) == set()


def test_run_has_versions_and_no_time() -> None:
    run = MINT.run("beispiel")
    assert objects(QUADS, run, LB.term("modelVersion")) == {'"test-1"'}
    assert not any(quad.predicate == PROV.term("endedAtTime") for quad in QUADS)
    assert objects(to_quads(EXTRACTION, BASE, digest="abc"), run, DIGEST) == {'"abc"'}


def test_unknown_entity_is_described_in_the_article_s_graph() -> None:
    description = MINT.description("beispiel", "organization/volksarmee")
    assert objects(QUADS, description, LB.term("fullName")) == {'"Volksarmee"@de'}
    assert objects(QUADS, description, LB.term("country")) == {str(MINT.entity("country/KP"))}
    assert not any(quad.predicate == LABEL and quad.subject == MINT.entity("country/KP") for quad in QUADS)


def test_reference_quads_describe_known_entities_only() -> None:
    quads = reference_quads([KOREA, RUSSIA, PERSON, KOREA], BASE)
    korea, russia = MINT.entity("country/KP"), MINT.entity("country/RU")
    assert {quad.subject for quad in quads} == {korea, russia}
    assert {quad.graph_name for quad in quads} == {MINT.entities_graph}
    assert objects(quads, korea, LABEL) == {'"Nordkorea"@de', '"North Korea"@en'}
    assert objects(quads, korea, OWL.term("sameAs")) == {"<http://www.wikidata.org/entity/Q423>"}
    wkt = Literal("POINT(100.5 60)", datatype=GEO.term("wktLiteral"))
    assert objects(quads, russia, GEO.term("asWKT")) == {str(wkt)}


def test_same_input_gives_same_quads_in_the_same_order() -> None:
    assert to_quads(EXTRACTION, BASE, model="test-1") == QUADS
    assert len(set(QUADS)) == len(QUADS)


def claim_iri(claim: Claim) -> str:
    quads = to_quads(replace(EXTRACTION, claims=(claim,)), BASE)
    return next(str(quad.subject) for quad in quads if quad.predicate == LB.term("eventType"))


@pytest.mark.parametrize(
    ("changed", "same"),
    [
        (replace(CLAIM, confidence=0.1), True),
        (replace(CLAIM, reasons=()), True),
        (replace(CLAIM, status="planned"), False),
        (replace(CLAIM, roles={"sender": ("country/KP",)}), False),
        (replace(CLAIM, personnel=None), False),
        (replace(CLAIM, attributed_to=()), False),
    ],
)
def test_claim_iri_is_a_hash_of_what_is_said(changed: Claim, same: bool) -> None:
    assert (claim_iri(changed) == claim_iri(CLAIM)) is same
