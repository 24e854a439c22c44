"""People's corrections: their form, when they apply, and what they change in the graph."""

import csv
import io
import random
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from unittest.mock import patch

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import NamedNode, Quad, Store, parse
from pyoxigraph import RdfFormat as Format

from kg import rollup
from kg.curation.checks import make_plan
from kg.curation.corrections import Correction, read_corrections, to_quads
from kg.curation.reading import Reading
from kg.errors import CorrectionError
from kg.evaluation.predicted import Predicted
from kg.exports import VIEWS, csv_lines
from kg.model import Article, Claim, Entity, EntityInArticle, Extraction, Mention, Position, Span
from kg.queries import Query, load_queries, load_rules
from kg.rdf import reference_quads
from kg.rdf import to_quads as article_quads
from kg.remote import QuadStore
from kg.rollup import derive
from kg.store import Writer, open_snapshot
from kg.validate import validate
from kg.vocab import LB, RDF_TYPE, Minter, sparql_prefixes
from kg.web.graph import FOLDER
from tests.gold import BASE, load_gold
from tests.gold_store import fill_store, select
from tests.search_index import index_lines

MINT = Minter(BASE)
TEXT = "Kim Min Ho\n\nKim trifft Choi in Seoul.\n\nChoi telefoniert mit Frau Kim."
KIM = Entity("person/kim-min-ho", "Person", "Kim Min Ho")
KIMM = Entity("person/kim-minho", "Person", "Kim Minho", aliases=("Minho",))
CHOI = Entity("person/choi", "Person", "Choi", "Choi (minister)", wikidata="Q1", country="country/KR")
KOREA = Entity("country/KR", "Country", "Südkorea", "South Korea", iso="KR")
SEOUL = Entity("place/seoul", "Place", "Seoul", country="country/KR", geonames=1835848)
MAYOR = Entity("person/ohne-amt", "Person", "Bürgermeisterin")
FIRST, SECOND = Span(12, 37), Span(39, 69)


def article(stem: str, person: Entity = KIM) -> Extraction:
    """An article with a meeting and a phone call of Choi and a person called Kim."""
    meeting = Claim("Meeting", "occurred", Span(16, 22), FIRST, roles={"participant": (person.key, CHOI.key)})
    call = Claim("PhoneCall", "planned", Span(44, 55), SECOND, roles={"participant": (person.key, CHOI.key)})
    return Extraction(
        Article(stem, TEXT, "Kim Min Ho", date(2024, 10, 20), "given", publisher="Blatt"),
        (
            EntityInArticle(
                person,
                tuple(Mention(span, "name", "Person") for span in (Span(0, 10), Span(12, 15), Span(65, 68))),
                (Position("Ministerin", KOREA.key),),
            ),
            EntityInArticle(CHOI, (Mention(Span(23, 27), "name", "Person"), Mention(Span(39, 43), "name", "Person"))),
            EntityInArticle(KOREA, ()),
            EntityInArticle(SEOUL, (Mention(Span(31, 36), "name", "Place"),)),
        ),
        (meeting, call),
    )


def iri(key: str) -> str:
    return f"{BASE}id/{key}"


def correction(kind: str, target: str, **says: Any) -> Correction:
    """A correction of what stands for `target` in an IRI."""
    for name in says.keys() & {"read_as", "meant"}:
        says[name] = iri(says[name])
    for name in says.keys() & {"fillers", "others"}:
        says[name] = tuple(map(iri, says[name]))
    fields = {"author": "Ada", "reason": "nachgelesen", "day": date(2026, 11, 26), **says}
    return Correction(kind=kind, target=iri(target), **fields)  # type: ignore[arg-type]  # one of the kinds


def curate(store: Store, *corrections: Correction) -> None:
    """Put corrections into a store and derive."""
    store.extend(quad for one in corrections for quad in to_quads(one, BASE))
    derive(store, BASE)


def undo(store: Store, *corrections: Correction) -> None:
    for one in corrections:
        for quad in to_quads(one, BASE):
            store.remove(quad)
    derive(store, BASE)


def lines(store: QuadStore) -> set[str]:
    return set(map(str, store))


def claim(store: Store, event_type: str, stem: str = "eins") -> str:
    """The key of the article's claim of a type, as read."""
    rows = select(
        store,
        sparql_prefixes()
        + f"SELECT ?c {{ ?c lb:eventType lb:{event_type} ; prov:wasDerivedFrom <{iri('article/')}{stem}> "
        "FILTER NOT EXISTS { ?c prov:wasRevisionOf ?o } }",
    )
    return str(next(row["c"].value for row in rows)).removeprefix(f"{BASE}id/")


def answers(store: Store, query: str) -> set[tuple[str, ...]]:
    """The rows of a query as keys or values."""
    rows = select(store, sparql_prefixes() + query)
    return {tuple(term.value.removeprefix(f"{BASE}id/").removeprefix(LB.iri) for term in row) for row in rows}


STANDING = "FILTER NOT EXISTS { ?c prov:wasInvalidatedBy ?any }"
EVENT = "?c lb:about ?e . ?e lb:claimCount ?n"


@pytest.fixture
def store() -> Store:
    return fill_store([article("eins"), article("zwei", KIMM)], BASE)


EVERY_KIND = (
    correction("Merge", "person/kim-minho", meant="person/kim-min-ho"),
    correction("Split", "article/eins", read_as="person/kim-min-ho", meant="person/kim-2", label="Kim, die Ältere"),
    correction("Relabelling", "person/choi", label="Choi the “First”\nof two", language="en"),
    correction("Rejection", "claim/0a"),
    correction("RoleChange", "claim/0a", role="participant", fillers=("person/choi", "person/kim-min-ho")),
    correction("RoleChange", "claim/0a", role="place"),
    correction("StatusChange", "claim/0a", status="denied", reason='"weil" \\ so'),
    correction("SameEvent", "claim/0a", others=("claim/0c", "claim/0b")),
    correction("OtherEvent", "claim/0a", others=("claim/0b",)),
)


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


def test_rejected_claim_stays_and_counts_no_more(store: Store) -> None:
    one = correction("Rejection", claim(store, "Meeting"))
    before = lines(store)
    curate(store, one)
    assert answers(store, f"SELECT ?c {{ ?c prov:wasInvalidatedBy <{one.iri(BASE)}> }}") == {(claim(store, "Meeting"),)}
    assert answers(store, f"SELECT ?a {{ ?c lb:eventType lb:Meeting ; prov:wasDerivedFrom ?a {STANDING} }}") == {
        ("article/zwei",)
    }
    events = answers(store, "SELECT ?e { ?e a lb:Meeting }")
    assert len(events) == 1
    graph = f"{BASE}graph/article/eins"
    assert {line for line in before if graph in line} == {line for line in lines(store) if graph in line}


def test_changed_role_makes_a_corrected_copy_and_another_event(store: Store) -> None:
    meeting = claim(store, "Meeting")
    one = correction("RoleChange", meeting, role="participant", fillers=("person/choi", "country/KR"))
    curate(store, one)
    copy = f"{meeting}/corrected"
    assert answers(store, f"SELECT ?p {{ <{iri(copy)}> lb:participant ?p }}") == {("person/choi",), ("country/KR",)}
    assert answers(store, f"SELECT ?o ?x {{ <{iri(copy)}> prov:wasRevisionOf ?o ; lb:correctedBy ?x }}") == {
        (meeting, one.iri(BASE).removeprefix(f"{BASE}id/"))
    }
    was, now = (answers(store, f"SELECT ?e {{ <{iri(key)}> lb:about ?e }}") for key in (meeting, copy))
    assert was != now
    assert answers(store, f"SELECT ?p {{ <{iri(copy)}> lb:about/lb:participant ?p }}") == {
        ("person/choi",),
        ("country/KR",),
    }
    assert answers(store, f"SELECT ?p {{ <{iri(meeting)}> lb:about/lb:claimCount ?p }}") == set()
    assert answers(store, f"SELECT ?r {{ <{iri(copy)}> prov:wasGeneratedBy ?r }}") == set()


def test_role_can_be_emptied(store: Store) -> None:
    meeting = claim(store, "Meeting")
    curate(store, correction("RoleChange", meeting, role="participant"))
    assert answers(store, f"SELECT ?p {{ <{iri(meeting)}/corrected> lb:participant ?p }}") == set()
    assert answers(store, f"SELECT ?s {{ <{iri(meeting)}/corrected> lb:about/lb:status ?s }}") == {("occurred",)}


def test_corrected_claim_meets_the_event_that_its_roles_name() -> None:
    kim = replace(article("eins"), claims=article("eins").claims[:1])
    other = replace(kim.claims[0], roles={"participant": (CHOI.key, KOREA.key)})
    store = fill_store([kim, replace(article("drei"), claims=(other,))], BASE)
    meeting = claim(store, "Meeting")
    curate(store, correction("RoleChange", meeting, role="participant", fillers=("person/choi", "country/KR")))
    assert answers(store, "SELECT ?n { ?e a lb:Meeting ; lb:claimCount ?n }") == {("2",)}


def test_changed_status_shows_in_claim_and_event(store: Store) -> None:
    call = claim(store, "PhoneCall")
    curate(store, correction("StatusChange", call, status="denied"))
    assert answers(store, f"SELECT ?s {{ <{iri(call)}/corrected> lb:status ?s ; lb:about/lb:status ?s }}") == {
        ("denied",)
    }


def test_source_in_words_gives_way_to_the_source_that_is_meant() -> None:
    extraction = article("eins")
    words = replace(extraction.claims[0], attribution_text="Kreise")
    store = fill_store([replace(extraction, claims=(words,))], BASE)
    meeting = claim(store, "Meeting")
    curate(store, correction("RoleChange", meeting, role="attributedTo", fillers=("person/choi",)))
    found = answers(
        store, f"SELECT ?p ?v {{ <{iri(meeting)}/corrected> ?p ?v FILTER(STRSTARTS(STR(?p), STR(lb:attr))) }}"
    )
    assert found == {("attributedTo", "person/choi")}


def test_merged_entity_is_the_other_everywhere(store: Store) -> None:
    curate(store, correction("Merge", "person/kim-minho", meant="person/kim-min-ho"))
    assert answers(store, "SELECT ?p { ?p a lb:Person }") == {("person/kim-min-ho",), ("person/choi",)}
    assert answers(store, f"SELECT ?o {{ <{iri('person/kim-minho')}> lb:mergedInto ?o ; rdfs:label ?l }}") == {
        ("person/kim-min-ho",)
    }
    assert answers(store, "SELECT ?n { ?e a lb:Meeting ; lb:claimCount ?n }") == {("2",)}
    assert answers(store, f"SELECT DISTINCT ?p {{ ?c lb:participant ?p ; lb:eventType ?t {STANDING} }}") == {
        ("person/kim-min-ho",),
        ("person/choi",),
    }
    names = answers(store, f"SELECT ?n {{ <{iri('person/kim-min-ho')}> skos:altLabel ?n }}")
    assert {("Kim Minho",), ("Minho",)} <= names
    mentioned = "FILTER NOT EXISTS { ?a lb:readAs ?p } ?p a lb:Person"
    assert answers(store, f"SELECT ?a ?p {{ ?a schema:mentions ?p . {mentioned} }}") == {
        (f"article/{stem}", key) for stem in ("eins", "zwei") for key in ("person/kim-min-ho", "person/choi")
    }
    offices = "FILTER NOT EXISTS { ?o prov:wasInvalidatedBy ?x }"
    assert answers(store, f"SELECT ?p ?a {{ ?p lb:holdsPosition ?o . ?o prov:wasDerivedFrom ?a {offices} }}") == {
        ("person/kim-min-ho", "article/eins"),
        ("person/kim-min-ho", "article/zwei"),
    }


def test_merged_entity_hands_its_links_over(store: Store) -> None:
    item = NamedNode("http://www.wikidata.org/entity/Q7")
    link, linked, entity = (MINT.link("x"), LB.term("linkedEntity"), MINT.entity("person/kim-minho"))
    graph = NamedNode(f"{BASE}graph/links")
    store.extend([Quad(link, linked, entity, graph), Quad(link, LB.term("linkedTo"), item, graph)])
    merge = correction("Merge", "person/kim-minho", meant="person/kim-min-ho")
    curate(store, merge)
    assert answers(store, f"SELECT ?e {{ ?e owl:sameAs {item} }}") == {("person/kim-min-ho",)}
    undo(store, merge)
    assert answers(store, f"SELECT ?e {{ ?e owl:sameAs {item} }}") == {("person/kim-minho",)}


def test_what_stands_is_measured(store: Store) -> None:
    meeting, call = claim(store, "Meeting"), claim(store, "PhoneCall")
    curate(store, correction("StatusChange", meeting, status="denied"), correction("Rejection", call))
    found = Predicted(store).events("eins")
    assert {key.removeprefix(f"{BASE}id/"): event.roles["status"] for key, event in found.items()} == {
        f"{meeting}/corrected": {"denied"}
    }


def test_merges_follow_each_other(store: Store) -> None:
    curate(
        store,
        correction("Merge", "person/kim-minho", meant="person/kim-min-ho"),
        correction("Merge", "person/kim-min-ho", meant="person/choi"),
    )
    assert answers(store, "SELECT ?p { ?p a lb:Person }") == {("person/choi",)}
    assert answers(store, "SELECT ?o { ?p lb:mergedInto ?o }") == {("person/choi",)}


def test_merged_reference_entity_comes_back_as_it_was(store: Store) -> None:
    other = Entity("person/choi-zwei", "Person", "Choi II", wikidata="Q2", country="country/KR", lat=1.5, lon=2.5)
    store = fill_store([article("eins"), article("zwei", other)], BASE)
    before = lines(store)
    one = correction("Merge", "person/choi-zwei", meant="person/choi")
    curate(store, one)
    assert answers(store, f"SELECT ?w {{ <{iri('person/choi-zwei')}> owl:sameAs ?w }}") == set()
    derive(store, BASE)
    undo(store, one)
    assert lines(store) == before


def test_relabelled_entity_and_its_events_have_the_new_name(store: Store) -> None:
    before = lines(store)
    one = correction("Relabelling", "person/choi", label="Choi Soon")
    curate(store, one)
    assert answers(store, f"SELECT ?l {{ <{iri('person/choi')}> rdfs:label ?l }}") == {
        ("Choi Soon",),
        ("Choi (minister)",),
    }
    assert answers(store, f"SELECT ?l {{ <{iri('person/choi')}> skos:altLabel ?l }}") >= {("Choi",)}
    assert all(
        "Choi Soon" in label
        for (label,) in answers(store, "SELECT ?l { ?e a lb:Meeting ; rdfs:label ?l }")
        if "Treffen" in label
    )
    undo(store, one)
    assert lines(store) == before


def test_split_of_an_article_parts_namesakes(store: Store) -> None:
    one = correction("Split", "article/eins", read_as="person/kim-min-ho", meant="person/kim-2", label="Kim (Malerin)")
    curate(store, one)
    found = answers(
        store, f"SELECT DISTINCT ?p {{ ?c lb:participant ?p ; prov:wasDerivedFrom <{iri('article/eins')}> {STANDING} }}"
    )
    assert found == {("person/kim-2",), ("person/choi",)}
    assert answers(store, f"SELECT ?l {{ <{iri('person/kim-2')}> a lb:Person ; rdfs:label ?l }}") == {
        ("Kim (Malerin)",)
    }
    spans = "?s lb:readAs ?p ; nif:anchorOf ?w"
    assert answers(store, f"SELECT ?w {{ {spans} }}") == {("Kim Min Ho",), ("Kim",)}
    assert answers(store, "SELECT ?p { ?a lb:readAs ?p ; a lb:Article }") == {("person/kim-min-ho",)}


def test_entity_that_a_split_made_keeps_its_own_description(store: Store) -> None:
    one = correction("Split", "article/eins", read_as="person/kim-min-ho", meant="person/kim-minho", label="Kim Zwei")
    curate(store, one)
    assert answers(store, f"SELECT ?l {{ <{iri('person/kim-minho')}> rdfs:label ?l }}") == {("Kim Minho",)}
    store.remove_graph(MINT.article_graph("zwei"))
    derive(store, BASE)
    assert answers(store, f"SELECT ?l {{ <{iri('person/kim-minho')}> rdfs:label ?l }}") == {("Kim Zwei",)}


def test_split_of_a_claim_changes_this_claim_only(store: Store) -> None:
    meeting = claim(store, "Meeting")
    curate(store, correction("Split", meeting, read_as="person/kim-min-ho", meant="person/kim-minho"))
    assert answers(store, "SELECT ?o { ?c prov:wasRevisionOf ?o }") == {(meeting,)}
    assert answers(store, "SELECT ?s { ?s lb:readAs ?p ; a nif:RFC5147String }") == set()
    assert answers(store, "SELECT ?n { ?e a lb:Meeting ; lb:claimCount ?n }") == {("2",)}


def test_split_of_a_mention_changes_it_and_the_claims_of_its_sentence(store: Store) -> None:
    curate(
        store,
        correction("Split", "article/eins#char=65,68", read_as="person/kim-min-ho", meant="person/kim-minho"),
    )
    assert answers(store, "SELECT ?o { ?c prov:wasRevisionOf ?o }") == {(claim(store, "PhoneCall"),)}
    assert answers(store, "SELECT ?s { ?s lb:readAs ?p ; lb:mentionKind ?k }") == {("article/eins#char=65,68",)}
    added = f"GRAPH <{BASE}graph/corrected> {{ ?a schema:mentions ?p }}"
    assert answers(store, f"SELECT ?a ?p {{ {added} }}") == {("article/eins", "person/kim-minho")}


def test_claims_of_one_event_meet_and_those_of_two_part(store: Store) -> None:
    first, second = claim(store, "Meeting"), claim(store, "Meeting", "zwei")
    assert answers(store, "SELECT ?n { ?e a lb:Meeting ; lb:claimCount ?n }") == {("1",)}
    before = lines(store)
    same = correction("SameEvent", first, others=(second,))
    curate(store, same)
    assert answers(store, "SELECT ?n { ?e a lb:Meeting ; lb:claimCount ?n }") == {("2",)}
    curate(store, correction("StatusChange", second, status="denied"))
    assert answers(store, "SELECT ?d { ?e a lb:Meeting ; lb:disputed ?d }") == {("true",)}
    undo(store, correction("StatusChange", second, status="denied"), same)
    assert lines(store) == before
    merge = correction("Merge", "person/kim-minho", meant="person/kim-min-ho")
    curate(store, merge)
    assert answers(store, "SELECT ?n { ?e a lb:Meeting ; lb:claimCount ?n }") == {("2",)}
    curate(store, correction("OtherEvent", second, others=(first,)))
    assert answers(store, "SELECT ?n { ?e a lb:Meeting ; lb:claimCount ?n }") == {("1",)}
    assert len(answers(store, "SELECT ?e { ?e a lb:Meeting }")) == 2


def test_exported_tables_hold_what_stands(store: Store) -> None:
    meeting, call = claim(store, "Meeting"), claim(store, "PhoneCall")
    curate(store, correction("StatusChange", meeting, status="denied"), correction("Rejection", call))
    rows = csv.DictReader(io.StringIO("".join(csv_lines(VIEWS["plover.csv"], store, BASE, "de")), newline=""))
    claims = {row["claim_iri"].removeprefix(f"{BASE}id/") for row in rows}
    assert claims == {f"{meeting}/corrected", claim(store, "Meeting", "zwei"), claim(store, "PhoneCall", "zwei")}


ALL = (
    correction("Merge", "person/kim-minho", meant="person/kim-min-ho"),
    correction("Relabelling", "person/choi", label="Choi Soon"),
    correction("Split", "article/eins#char=65,68", read_as="person/kim-min-ho", meant="person/kim-2", label="Kim Zwei"),
)


def some_corrections(store: Store) -> Sequence[Correction]:
    return (
        *ALL,
        correction("StatusChange", claim(store, "Meeting"), status="denied"),
        correction("Rejection", claim(store, "PhoneCall", "zwei")),
        correction("RoleChange", claim(store, "Meeting", "zwei"), role="place", fillers=("place/seoul",)),
        correction("OtherEvent", claim(store, "Meeting"), others=(claim(store, "Meeting", "zwei"),)),
    )


def test_corrected_graph_conforms_and_has_each_triple_once(store: Store) -> None:
    curate(store, *some_corrections(store))
    assert [str(finding) for finding in validate(sorted(store, key=str)).findings] == []
    triples = [str(quad.triple) for quad in store if "altLabel" not in quad.predicate.value]
    assert len(triples) == len(set(triples))


def test_undoing_everything_gives_the_graph_as_it_was_read(store: Store) -> None:
    before, corrections = lines(store), some_corrections(store)
    curate(store, *corrections)
    derive(store, BASE)
    undo(store, *corrections)
    assert lines(store) == before


@pytest.mark.parametrize("seed", range(4))
def test_order_and_rebuilding_do_not_matter(store: Store, seed: int) -> None:
    corrections = some_corrections(store)
    curate(store, *corrections)
    shuffled = random.Random(seed).sample(corrections, len(corrections))  # noqa: S311  no secret
    other = fill_store([article("zwei", KIMM), article("eins")], BASE)
    for one in shuffled:
        curate(other, one)
    assert lines(other) == lines(store)


def test_corrections_outlive_the_article(store: Store) -> None:
    corrections = some_corrections(store)
    curate(store, *corrections)
    whole = lines(store)
    store.remove_graph(MINT.article_graph("eins"))
    derive(store, BASE)
    plan = make_plan(read_corrections(store), Reading(store.quads_for_pattern, BASE))
    assert {one.kind for one, _ in plan.idle} == {"Merge", "Split", "StatusChange", "OtherEvent"}
    assert "The store has no entity person/kim-min-ho." in {why for _, why in plan.idle}
    again = fill_store([article("eins")], BASE)
    store.extend(again.quads_for_pattern(None, None, None, MINT.article_graph("eins")))
    derive(store, BASE)
    assert lines(store) == whole


ARTICLES = {"eins": article("eins"), "zwei": article("zwei", KIMM), "drei": article("drei", MAYOR)}
READ = fill_store(list(ARTICLES.values()), BASE)
POOL = (
    *some_corrections(READ),
    correction("SameEvent", claim(READ, "PhoneCall"), others=(claim(READ, "PhoneCall", "drei"),)),
    correction("Merge", "person/ohne-amt", meant="person/choi"),
    correction("Split", "article/drei", read_as="person/ohne-amt", meant="person/kim-minho"),
    correction("Relabelling", "country/KR", label="Republik Korea"),
)
STEPS = st.lists(st.sampled_from([*ARTICLES, *range(len(POOL))]), max_size=8)


def state(path: Path, articles: Iterable[str], corrections: Iterable[Correction]) -> set[str]:
    """All quads of a store that is built at once."""
    with Writer(path, BASE, derive) as writer:
        for stem in articles:
            put(writer, stem)
        writer.add_statements(quad for one in corrections for quad in to_quads(one, BASE))
        writer.publish()
    return found_in(path)


def found_in(path: Path) -> set[str]:
    """All quads of a store, and what its search index finds."""
    with open_snapshot(path) as snapshot:
        return lines(snapshot) | index_lines(path)


def put(writer: Writer, stem: str) -> None:
    extraction = ARTICLES[stem]
    reference = reference_quads((item.entity for item in extraction.entities), BASE)
    writer.replace_article(stem, article_quads(extraction, BASE), reference)


@settings(max_examples=10, deadline=None)
@given(steps=STEPS, few=st.sampled_from([rollup.FEW, 0.001]))
def test_step_by_step_gives_what_is_built_at_once(steps: list[str | int], few: float) -> None:
    there, made = set[str](), set[int]()
    with TemporaryDirectory() as folder, patch("kg.rollup.FEW", few):
        with Writer(Path(folder) / "steps", BASE, derive) as writer:
            for step in steps:
                if isinstance(step, str):
                    writer.remove_article(step) if step in there else put(writer, step)
                    there ^= {step}
                else:
                    change = writer.remove_statements if step in made else writer.add_statements
                    change(to_quads(POOL[step], BASE))
                    made ^= {step}
                writer.publish()
            writer.publish()
        found = found_in(Path(folder) / "steps")
        assert found == state(Path(folder) / "once", there, [POOL[number] for number in made])


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


def test_derivation_reads_the_clock_nowhere(store: Store) -> None:
    curate(store, *some_corrections(store))
    graphs = {MINT.corrected_graph, MINT.entities_graph, MINT.events_graph}
    assert not [quad for quad in store if quad.graph_name in graphs and "2026" in str(quad)]


def reads_claims(text: str) -> bool:
    return "?claim " in text and ("lb:about" in text or "lb:eventType" in text)


@pytest.mark.parametrize("query", [*load_queries(), *load_rules()], ids=lambda query: query.name)
def test_queries_pass_over_what_no_longer_counts(query: Query) -> None:
    text = query.text
    if reads_claims(text) and query not in load_rules():  # a rule takes claims by `lb:about`, which such a claim lacks
        assert "prov:wasInvalidatedBy" in text
    if "lb:holdsPosition" in text:
        assert "?position prov:wasInvalidatedBy" in text
    if "taIdentRef" in text or "schema:mentions" in text:
        assert "lb:readAs" in text


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.rq")), ids=lambda path: path.stem)
def test_pages_pass_over_what_no_longer_counts(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    if reads_claims(text):
        assert "prov:wasInvalidatedBy" in text or "prov:wasRevisionOf" in text


def test_gold_graph_can_be_corrected() -> None:
    store = fill_store(load_gold(), BASE)
    found = answers(store, "SELECT ?c { ?c lb:eventType lb:Deployment }")
    before = lines(store)
    rejections = [correction("Rejection", key) for (key,) in found]
    curate(store, *rejections)
    assert answers(store, "SELECT ?e { ?e a lb:Deployment }") == set()
    undo(store, *rejections)
    assert lines(store) == before
