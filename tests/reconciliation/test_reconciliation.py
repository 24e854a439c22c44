"""Entities linked to other databases: which questions are asked, how politely, and what is believed."""

import json
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import NamedNode

from kg.errors import ServiceError
from kg.reconciliation.client import Client
from kg.reconciliation.deciding import Evidence, decide, spellings
from kg.reconciliation.links import Link, link_quads, linked_by, rejection_quads
from kg.reconciliation.protocol import MalformedError, Query, read_manifest, read_queries, read_results, write_queries
from kg.reconciliation.run import reconcile
from kg.reconciliation.service import ReconciliationService
from kg.reconciliation.subjects import Subject, owners, unlinked
from kg.reconciliation.vocabulary import Vocabulary, vocabulary_of
from kg.reconciliation.wikidata import Wikidata
from kg.rollup import derive
from kg.vocab import OWL, WIKIDATA, Minter
from tests.gold import BASE, load_gold
from tests.gold_store import fill_store
from tests.services import Entry, Reply, as_json, in_turn, reconciliation, serve, wikibase

ADA = Subject(
    iri=BASE + "id/person/ada",
    kind="Person",
    label="Ada Beispiel",
    labels=("Ada Beispiel",),
    countries=("Q183",),
    country_labels=("Deutschland",),
    years=(2020, 2024),
)
THW = Subject(BASE + "id/organization/thw", "Organization", "Hilfswerk Süd", ("Hilfswerk Süd",))
ORT = Subject(BASE + "id/place/ort", "Place", "Musterort", ("Musterort",), geonames="123")


# --------------------------------------------------------------------------------------------------- protocol


def test_a_batch_reads_as_it_was_written() -> None:
    queries = [Query("Ada", ("Q5",), 5, (("P27", ("Q183",)),)), Query(properties=(("P1", ("a", "b")),)), Query("Ort")]
    assert list(read_queries(json.loads(write_queries(queries)), 10).values()) == queries


MEMBERS = ("q0", "query", "type", "limit", "properties", "pid", "v", "id", "name", "result", "score", "versions")
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["q0", "query", "type", "limit", "properties", "pid", "v", "id", "name", "result", "score", "versions"]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


@given(JSON)
def test_whatever_comes_is_read_or_refused(value: object) -> None:
    for read in (read_manifest, lambda raw: read_queries(raw, 10), lambda raw: read_results(raw, 1)):
        try:
            read(value)
        except MalformedError as error:
            assert str(error)


def test_a_batch_that_is_too_large() -> None:
    with pytest.raises(OverflowError):
        read_queries({str(number): {"query": "a"} for number in range(11)}, 10)


@pytest.mark.parametrize("space", ["javascript:alert(1)", "http://a b/", "", "urn:x"])
def test_an_identifier_space_that_makes_no_links(space: str) -> None:
    with pytest.raises(MalformedError, match="identifierSpace"):
        read_manifest({"versions": ["0.2"], "name": "x", "identifierSpace": space, "schemaSpace": "http://x/"})


# --------------------------------------------------------------------------------------------------- deciding


def evidence(iri: str = "http://www.wikidata.org/entity/Q1", name: str = "Ada Beispiel", **more: object) -> Evidence:
    values = {
        "names": spellings(name),
        "score": None,
        "sure": True,
        "of_type": True,
        "agrees": ("country",),
    }
    return Evidence(iri=iri, name=name, **{**values, **more})  # type: ignore[arg-type]  # a test's shorthand


@pytest.mark.parametrize(
    ("candidates", "why"),
    [
        ([], "nothing is called so"),
        ([evidence(name="Ada Beispielova")], "only similar names"),
        ([evidence(of_type=False)], "of another type"),
        ([evidence(disagrees=("another country",))], "another country"),
        ([evidence(sure=False)], "the service is not sure"),
        ([evidence(), evidence("http://www.wikidata.org/entity/Q2")], "2 are called so"),
        ([evidence(agrees=())], "only the name fits"),
    ],
)
def test_doubtful_candidates_are_not_chosen(candidates: list[Evidence], why: str) -> None:
    assert decide(ADA, candidates, {}).why == why


def test_the_certain_one_is_chosen() -> None:
    namesake = evidence("http://www.wikidata.org/entity/Q2", agrees=())
    assert decide(ADA, [namesake, evidence()], {}).chosen == evidence()
    assert decide(ADA, [evidence(name="ADA BEISPIEL")], {}).why == "name, type, country"


@pytest.mark.parametrize("name", ["Beispiel, Ada", "ada beispiel", "Ada-Beispiel"])
def test_a_name_may_be_written_otherwise(name: str) -> None:
    assert decide(ADA, [evidence(name=name)], {}).chosen


def test_a_person_needs_a_first_name() -> None:
    surname = Subject(ADA.iri, "Person", "Beispiel", ("Beispiel",), ("Q183",))
    assert decide(surname, [evidence(name="Beispiel")], {}).why == "only the name fits"


def test_an_entry_goes_to_one_entity_only() -> None:
    other = BASE + "id/person/other"
    assert decide(ADA, [evidence()], {evidence().iri: other}).why == f"is linked to {other}"


# --------------------------------------------------------------------------------------------------- services


def test_a_reconciliation_service(client: Client) -> None:
    entries = (
        Entry("Q10", "Ada Beispiel", "Q5"),
        Entry("Q20", "Hilfswerk Süd", "Q43229", score=97.5),
        Entry("Q30", "Hilfswerk Süd (Film)", "Q11424"),
    )
    with serve(reconciliation(*entries)) as (url, log):
        service = ReconciliationService(client, url)
        made = {each.decision.subject: each.link for each in reconcile([ADA, THW, ORT], service, {})}
    assert made[ORT] is None
    links = [link for link in made.values() if link]
    assert {(link.entity, link.target, link.score) for link in links} == {
        (ADA.iri, WIKIDATA.iri + "Q10", 100.0),
        (THW.iri, WIKIDATA.iri + "Q20", 97.5),
    }
    assert {link.service for link in links} == {url}
    batch = json.loads(log[1].parameters["queries"])
    assert batch["q0"]["type"] == "Q5"
    assert batch["q0"]["properties"] == [{"pid": "P27", "v": ["Q183"]}]
    assert "properties" not in batch["q1"]


def test_batches_are_as_large_as_the_service_likes(client: Client) -> None:
    with serve(reconciliation(batch_size=2)) as (url, log):
        list(reconcile([ADA, THW, ORT], ReconciliationService(client, url), {}))
    assert [len(json.loads(asked.parameters["queries"])) for asked in log[1:]] == [2, 1]


@pytest.mark.parametrize(
    "entry", [Entry("Q1", "Ada Beispiel", "Q11424"), Entry("Q1", "Ada Beispiel", "Q5", match=False)]
)
def test_a_service_is_not_believed_without_type_and_match(client: Client, entry: Entry) -> None:
    with serve(reconciliation(entry)) as (url, _):
        assert [each.link for each in reconcile([ADA], ReconciliationService(client, url), {})] == [None]


def test_a_service_with_types_of_its_own(client: Client) -> None:
    manifest = {
        "versions": ["0.2"],
        "name": "x",
        "identifierSpace": "https://example.org/id/",
        "schemaSpace": "http://x/",
    }
    result = {"id": "a b/ü", "name": "Hilfswerk Süd", "score": 1, "match": True, "type": ["Corp"]}
    with serve(in_turn(as_json(manifest), as_json(manifest), as_json({"q0": {"result": [result]}}))) as (url, _):
        with pytest.raises(ServiceError, match="--type"):
            ReconciliationService(client, url)
        service = ReconciliationService(client, url, Vocabulary({"Organization": ("Corp",)}))
        [made] = reconcile([THW], service, {})
    assert made.link
    assert made.link.target == "https://example.org/id/a%20b/%C3%BC"


@pytest.mark.parametrize("answer", [[], {}, {"q0": []}, {"q0": {"result": [{"id": "Q1"}]}}, {"q0": {"result": "Q1"}}])
def test_a_service_that_answers_nonsense(client: Client, answer: object) -> None:
    manifest = {"versions": ["0.2"], "name": "x", "identifierSpace": WIKIDATA.iri, "schemaSpace": "http://x/"}
    with serve(in_turn(as_json(manifest), as_json(answer))) as (url, _):
        service = ReconciliationService(client, url)
        with pytest.raises(ServiceError, match="does not answer as a reconciliation service"):
            list(reconcile([ADA], service, {}))


def test_wikidata(client: Client) -> None:
    entries = (
        Entry("Q11", "Ada Beispiel", "Q5", country="Q183", occupation="Q82955"),
        Entry("Q12", "Ada Beispiel", "Q5", country="Q30", occupation="Q82955"),
        Entry("Q13", "Ada Beispiel", "Q5", country="Q183", occupation="Q82955", died="+1950-01-01T00:00:00Z"),
        Entry("Q14", "Ada Beispiel", "Q5", country="Q183", occupation="Q33999"),
        Entry("Q21", "Hilfswerk", "Q99001", aliases=("Hilfswerk Süd",)),
        Entry("Q31", "Musterort", "Q515", geonames="999"),
        Entry("Q32", "Musterort", "Q515", geonames="123"),
        Entry("Q33", "Musterort", "Q11424"),
    )
    parents = {"Q99001": "Q99002", "Q99002": "Q43229", "Q515": "Q2221906", "Q11424": "Q99003", "Q99003": "Q11424"}
    with serve(wikibase(*entries, parents=parents)) as (url, log):
        made = list(reconcile([ADA, THW, ORT], Wikidata(client, url), {}))
        asked = len(log)
        again = list(reconcile([ADA, THW, ORT], Wikidata(client, url), {}))
    assert [each.link.target.removeprefix(WIKIDATA.iri) for each in made if each.link] == ["Q11", "Q21", "Q32"]
    assert [each.decision.why for each in made] == [
        "name, type, country, office",
        "name, type",
        "name, type, GeoNames number",
    ]
    assert again == made
    assert len(log) == asked
    assert all(each.method == "GET" and each.parameters["maxlag"] for each in log)


@pytest.mark.parametrize(
    ("entry", "why"),
    [
        (Entry("Q1", "Ada Beispiel", "Q5", country="Q183", occupation="Q33999"), "only the name fits"),
        (Entry("Q1", "Ada Beispiel", "Q5", occupation="Q82955"), "only the name fits"),
        (
            Entry("Q1", "Ada Beispiel", "Q5", "Q183", occupation="Q82955", died="+1893-00-00T00:00:00Z"),
            "lived at another time",
        ),
        (
            Entry("Q1", "Ada Beispiel", "Q5", "Q183", occupation="Q82955", died="nonsense"),
            "name, type, country, office",
        ),
    ],
)
def test_namesakes_in_wikidata(client: Client, entry: Entry, why: str) -> None:
    with serve(wikibase(entry)) as (url, _):
        [made] = reconcile([ADA], Wikidata(client, url), {})
    assert made.decision.why == why


def test_wikidata_whose_copies_are_behind(client: Client, waits: list[float]) -> None:
    lag = Reply(b'{"error": {"code": "maxlag"}}', headers={"Retry-After": "5"})
    with serve(in_turn(lag, as_json({"search": []}))) as (url, _):
        [made] = reconcile([ADA], Wikidata(client, url), {})
    assert made.decision.why == "nothing is called so"
    assert 5 in waits


@pytest.mark.parametrize("answer", [[], {"search": {}}, {"error": {"code": "internal"}}, {"search": [1, {"id": "P1"}]}])
def test_wikidata_that_answers_nonsense(client: Client, answer: object) -> None:
    with serve(in_turn(as_json(answer))) as (url, _):
        try:
            assert [each.link for each in reconcile([ADA], Wikidata(client, url), {})] == [None]
        except ServiceError as error:
            assert "does not answer as Wikidata does" in str(error)


def test_every_entity_type_has_types_in_wikidata() -> None:
    from kg.model import ENTITY_TYPES

    assert set(vocabulary_of(WIKIDATA.iri).types) == set(ENTITY_TYPES)


# ------------------------------------------------------------------------------------------------------ links


def test_links_become_identities_until_they_are_rejected() -> None:
    store = fill_store(load_gold(), BASE)
    mint = Minter(BASE)
    subject = unlinked(store, frozenset({"Organization"}))[0]
    assert subject.articles >= 1
    link = Link(subject.iri, WIKIDATA.iri + "Q1", "Eins", "https://example.org/a b", 97.5, date(2026, 1, 2))
    before = set(store)
    store.extend(link_quads(link, BASE))
    derive(store, BASE)
    [derived] = set(store) - before - set(link_quads(link, BASE))
    assert (derived.subject, derived.predicate, derived.graph_name) == (
        NamedNode(subject.iri),
        OWL.term("sameAs"),
        mint.linked_graph,
    )
    assert set(store) >= before  # its description is still that of the articles
    assert subject.iri not in {each.iri for each in unlinked(store, frozenset({"Organization"}))}
    assert owners(store)[link.target] == subject.iri
    assert linked_by(store, link.service) == {subject.iri}
    store.extend(rejection_quads(store, subject.iri, date(2026, 1, 3), BASE))
    derive(store, BASE)
    assert not list(store.quads_for_pattern(None, None, None, mint.linked_graph))
    assert linked_by(store, link.service) == {subject.iri}
    assert rejection_quads(store, subject.iri, date(2026, 1, 4), BASE) == []


def test_a_link_of_an_entity_that_is_gone_waits_for_it() -> None:
    link = Link(BASE + "id/person/nobody", WIKIDATA.iri + "Q1", "Eins", "https://example.org/", None, date(2026, 1, 2))
    store = fill_store(load_gold()[:1], BASE)
    store.extend(link_quads(link, BASE))
    derive(store, BASE)
    assert not list(store.quads_for_pattern(None, None, None, Minter(BASE).linked_graph))


def test_subjects_know_the_countries_of_their_offices() -> None:
    store = fill_store(load_gold(), BASE)
    people = unlinked(store, frozenset({"Person"}))
    assert any(each.countries for each in people)
    assert all(each.label in each.labels and each.articles for each in people)
    assert [each.articles for each in people] == sorted((each.articles for each in people), reverse=True)


def test_links_conform_to_their_shape() -> None:
    from kg.validate import validate

    link = Link(BASE + "id/person/a", WIKIDATA.iri + "Q1", "Eins", "https://example.org/", 1.5, date(2026, 1, 2))
    assert validate(link_quads(link, BASE)).conforms
    assert not validate(link_quads(link, BASE)[1:]).conforms
