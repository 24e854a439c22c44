"""What corrections change in the graph, and that whatever asks the graph heeds them."""

import csv
import io
from dataclasses import replace
from pathlib import Path

import pytest
from pyoxigraph import NamedNode, Quad, Store

from kg.evaluation.predicted import Predicted
from kg.exports import VIEWS, csv_lines
from kg.model import Entity
from kg.queries import Query, load_queries, load_rules
from kg.rollup import derive
from kg.vocab import LB
from kg.web.graph import FOLDER
from tests.curated import (
    CHOI,
    KIMM,
    KOREA,
    MINT,
    STANDING,
    answers,
    article,
    claim,
    correction,
    curate,
    iri,
    lines,
    undo,
)
from tests.gold import BASE, load_gold
from tests.gold_store import fill_store


@pytest.fixture
def store() -> Store:
    return fill_store([article("eins"), article("zwei", KIMM)], BASE)


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
