"""The form of people's corrections, and which of them are refused."""

from dataclasses import replace

import pytest
from pyoxigraph import NamedNode, Store, parse
from pyoxigraph import RdfFormat as Format

from kg.curation.checks import make_plan
from kg.curation.corrections import Correction, read_corrections, to_quads
from kg.curation.reading import Reading
from kg.errors import CorrectionError
from kg.validate import validate
from kg.vocab import LB, RDF_TYPE
from tests.curated import EVERY_KIND, KIMM, MINT, article, claim, correction, curate, iri, lines
from tests.gold import BASE
from tests.gold_store import fill_store


@pytest.fixture
def store() -> Store:
    return fill_store([article("eins"), article("zwei", KIMM)], BASE)


@pytest.mark.parametrize("one", EVERY_KIND, ids=lambda one: one.kind)
def test_correction_is_read_as_it_was_written(one: Correction) -> None:
    quads = to_quads(one, BASE)
    assert read_corrections(quads) == [one]
    assert {quad.graph_name for quad in quads} == {MINT.curation_graph}
    assert {quad.subject for quad in quads} == {NamedNode(one.iri(BASE))}
    assert validate(quads).conforms


@pytest.mark.parametrize("one", EVERY_KIND, ids=lambda one: one.kind)
def test_shapes_find_what_a_correction_lacks(one: Correction) -> None:
    for gone in to_quads(one, BASE):
        report = validate(quad for quad in to_quads(one, BASE) if quad != gone)
        is_needed = gone.predicate not in {LB.term("filler"), RDF_TYPE}
        is_needed &= (one.kind, gone.predicate) not in {
            ("Split", LB.term("newLabel")),
            ("SameEvent", LB.term("otherClaim")),
        }
        assert report.conforms is not is_needed, gone


def test_the_name_of_a_correction_never_changes() -> None:
    one = correction("RoleChange", "claim/0a", role="place", fillers=("place/seoul", "country/KR"))
    assert one.iri(BASE) == iri("correction/a0fb1ab664680eb6")
    assert correction("Rejection", "claim/0a").iri(BASE) == iri("correction/3588351c8f48f27b")


def test_what_a_correction_says_names_it() -> None:
    one = EVERY_KIND[0]
    assert len({other.iri(BASE) for other in EVERY_KIND}) == len(EVERY_KIND)
    assert replace(one, reason="sonst").iri(BASE) != one.iri(BASE) == replace(one).iri(BASE)


@pytest.mark.parametrize(
    ("turtle", "problem"),
    [
        ("a lb:Correction", "must be of one of the classes"),
        ("a lb:Correction, lb:Rejection, lb:Merge", "must be of one of the classes"),
        ("a lb:Correction, lb:Rejection ; lb:corrects <urn:c> ; dcterms:creator 'A'", "must have lb:reason"),
        ("{}, lb:Rejection ; lb:meant <urn:x>", "must not have lb:meant"),
        ("{}, lb:Merge", "must have lb:meant"),
        ("{}, lb:Merge ; lb:meant 'x'", "lb:meant must be an IRI"),
        ("{}, lb:Merge ; lb:meant <urn:x> , <urn:y>", "it has lb:meant 2 times"),
        ("{}, lb:Relabelling ; lb:newLabel 'x'@fr", "in one of the languages"),
        ("{}, lb:Relabelling ; lb:newLabel '  '@de", "must not be empty"),
        ("{}, lb:StatusChange ; lb:newStatus <urn:x>", "must be a term of the ontology"),
    ],
)
def test_malformed_correction_is_named(turtle: str, problem: str) -> None:
    always = (
        "a lb:Correction ; lb:corrects <urn:c> ; dcterms:creator 'A' ; lb:reason 'B' ; dcterms:created '2026-11-26'"
    )
    prefixes = "@prefix lb: <https://w3id.org/lagebild/ontology#> . @prefix dcterms: <http://purl.org/dc/terms/> ."
    if turtle.startswith("{}"):
        turtle = f"{always} ; a {turtle.removeprefix('{}, ')}"
    with pytest.raises(CorrectionError, match=problem):
        read_corrections(parse(f"{prefixes} <urn:correction> {turtle} .", format=Format.TURTLE))


def test_day_must_be_one() -> None:
    quads = [str(quad.triple).replace("2026-11-26", "gestern") + " .\n" for quad in to_quads(EVERY_KIND[0], BASE)]
    with pytest.raises(CorrectionError, match="dcterms:created"):
        read_corrections(parse("".join(quads), format=Format.N_TRIPLES))


MEETING, CALL, OTHER = "claim/MEETING", "claim/CALL", "claim/OTHER"


def named(one: Correction, store: Store) -> Correction:
    """The correction with the claims that these three stand for."""
    claims = {MEETING: claim(store, "Meeting"), CALL: claim(store, "PhoneCall"), OTHER: claim(store, "Meeting", "zwei")}
    iris = {iri(name): iri(key) for name, key in claims.items()}
    others = tuple(iris.get(other, other) for other in one.others)
    return replace(one, target=iris.get(one.target, one.target), others=others)


@pytest.mark.parametrize(
    ("one", "problem"),
    [
        (correction("Rejection", "claim/none"), r"No article of the store makes the claim claim/none\. Copy its IRI"),
        (correction("Rejection", "person/choi"), "No article of the store makes the claim person/choi"),
        (correction("StatusChange", MEETING, status="maybe"), "no standing 'maybe'. Give one of occurred"),
        (correction("StatusChange", MEETING, status="occurred"), "'occurred' is the standing that was read"),
        (correction("RoleChange", MEETING, role="sender"), "A claim about a Meeting has no role 'sender'. It has part"),
        (
            correction("RoleChange", MEETING, role="place", fillers=("person/choi",)),
            "Choi is a Person and cannot be place",
        ),
        (correction("RoleChange", MEETING, role="place", fillers=("place/none",)), "has no entity place/none"),
        (correction("RoleChange", MEETING, role="place"), "The place is what was read"),
        (
            correction("SameEvent", MEETING, others=("claim/none",)),
            "No article of the store makes the claim claim/none",
        ),
        (correction("OtherEvent", MEETING, others=(MEETING,)), "about the same event as itself"),
        (correction("SameEvent", MEETING, others=(CALL,)), "are of the types Meeting, PhoneCall"),
        (correction("Merge", "person/choi", meant="person/choi"), "Choi is to be merged with itself"),
        (correction("Merge", "person/choi", meant="place/seoul"), "Choi is a Person, Seoul a Place"),
        (correction("Merge", "person/choi", meant="person/kim-min-ho"), "Merge them the other way round"),
        (correction("Merge", "person/none", meant="person/choi"), "has no entity person/none. An entity is one of"),
        (correction("Relabelling", "claim/none", label="x"), "has no entity claim/none"),
        (correction("Split", "article/drei", read_as="person/choi", meant="person/kim-minho"), "no article, claim or"),
        (
            correction("Split", "article/eins", read_as="person/kim-minho", meant="person/choi"),
            "is not named in article/e",
        ),
        (correction("Split", "article/eins", read_as="person/choi", meant="person/choi"), "Choi is what was read"),
        (correction("Split", "article/eins", read_as="person/choi", meant="person/x"), "has no entity person/x"),
        (
            correction("Split", "article/eins", read_as="person/choi", meant="place/seoul"),
            "Seoul is a Place and",
        ),
    ],
)
def test_what_cannot_be_corrected_is_said(store: Store, one: Correction, problem: str) -> None:
    one = named(one, store)
    before = lines(store)
    with pytest.raises(CorrectionError, match=problem):
        check_alone(store, one)
    curate(store, one)
    assert lines(store) - before == {str(quad) for quad in to_quads(one, BASE)}


def check_alone(store: Store, *corrections: Correction) -> None:
    """Check the last of some corrections beside the others."""
    from kg.curation.checks import check

    reading = Reading(store.quads_for_pattern, BASE)
    plan = make_plan(corrections[:-1], reading)
    assert plan.idle == []
    check(corrections[-1], plan, reading)


@pytest.mark.parametrize(
    ("first", "second", "problem"),
    [
        (
            correction("Merge", "person/kim-minho", meant="person/kim-min-ho"),
            correction("Merge", "person/kim-min-ho", meant="person/kim-minho"),
            "is what Kim Minho was merged into",
        ),
        (
            correction("Merge", "person/kim-minho", meant="person/kim-min-ho"),
            correction("Merge", "person/kim-minho", meant="person/choi"),
            r"person/kim-minho was merged by Ada on 2026-11-26\. First undo that: kg correct undo correction/",
        ),
        (
            correction("Merge", "person/kim-minho", meant="person/kim-min-ho"),
            correction("Relabelling", "person/kim-minho", label="x"),
            r"was merged into person/kim-min-ho\. Relabel that one",
        ),
        (
            correction("Relabelling", "person/choi", label="x"),
            correction("Relabelling", "person/choi", label="y", author="Bo"),
            "person/choi was relabelled by Ada",
        ),
        (correction("Rejection", MEETING), correction("Rejection", MEETING, author="Bo"), "was rejected by Ada"),
        (
            correction("SameEvent", MEETING, others=(OTHER,)),
            correction("OtherEvent", OTHER, others=(MEETING,)),
            "was said to be about the same event by Ada",
        ),
        (
            correction("OtherEvent", MEETING, others=(OTHER,)),
            correction("SameEvent", OTHER, others=(MEETING,)),
            "was said to be about another event by Ada",
        ),
        (correction("Rejection", MEETING), correction("StatusChange", MEETING, status="denied"), "was rejected by Ada"),
        (
            correction("RoleChange", MEETING, role="participant"),
            correction("RoleChange", MEETING, role="participant", fillers=("country/KR",)),
            "was given another participant by Ada",
        ),
        (
            correction("Split", "article/eins", read_as="person/kim-min-ho", meant="person/kim-minho"),
            correction("Split", "article/eins", read_as="person/kim-min-ho", meant="person/choi"),
            "article/eins was split by Ada",
        ),
    ],
)
def test_second_correction_of_the_same_is_refused(
    store: Store, first: Correction, second: Correction, problem: str
) -> None:
    first, second = named(first, store), named(second, store)
    with pytest.raises(CorrectionError, match=problem):
        check_alone(store, first, second)
