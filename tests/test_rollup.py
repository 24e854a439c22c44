"""The derived graphs: events and the entities that only articles know."""

import random
from dataclasses import replace
from datetime import date

import pytest
from pyoxigraph import Literal, NamedNode, Store

from kg.frames import load_frames
from kg.model import Article, Claim, Entity, EntityInArticle, Extraction, Figure, Mention, Span, TimeExpression
from kg.queries import load_rules
from kg.rdf import reference_quads, to_quads
from kg.rollup import derive
from kg.rollup.rules import derive_events
from kg.vocab import LB, Minter
from tests.gold import BASE, load_gold
from tests.gold_store import construct, fill_store, select

MINT = Minter(BASE)
KOREA = Entity("country/KP", "Country", "Nordkorea", "North Korea", iso="KP")
RUSSIA = Entity("country/RU", "Country", "Russland", "Russia", iso="RU")
WORDS = Span(0, 9)
PREFIX = "PREFIX lb: <https://w3id.org/lagebild/ontology#> PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#> "


def says(stem: str, status: str, low: int | None = None, high: int | None = None, **more: object) -> Extraction:
    """An article that says that North Korea sends soldiers to Russia."""
    article = Article(stem, "Pjöngjang schickt Soldaten.", "Pjöngjang schickt", date(2024, 10, 20), "given")
    figure = Figure(WORDS, low, high, "range") if (low, high) != (None, None) else None
    claim = Claim(
        type="Deployment",
        status=status,  # type: ignore[arg-type]  # one of the statuses
        trigger=Span(10, 17),
        evidence=Span(0, 27),
        roles={"sender": ("country/KP",), "destination": ("country/RU",)},
        personnel=figure,
    )
    items = tuple(EntityInArticle(entity, ()) for entity in (KOREA, RUSSIA))
    return Extraction(article, items, (replace(claim, **more),))  # type: ignore[arg-type]  # fields of a claim


def the_event(*extractions: Extraction) -> dict[str, list[str]]:
    """Property to values of the one event that the articles speak of."""
    store = fill_store(extractions, BASE)
    rows = select(store, f"SELECT ?e ?p ?v {{ GRAPH <{MINT.events_graph.value}> {{ ?e ?p ?v }} }}")
    found: dict[str, list[str]] = {}
    events = set()
    for event, predicate, value in rows:
        if not event.value.startswith(f"{BASE}id/event/"):
            continue  # which event a claim is about
        events.add(event)
        name = predicate.value.removeprefix(LB.iri).rpartition("#")[2]
        found.setdefault(name, []).append(value.value.removeprefix(LB.iri))
    assert len(events) == 1
    return {name: sorted(values) for name, values in found.items()}


@pytest.mark.parametrize(
    ("statuses", "strongest"),
    [
        (["possible", "occurred"], "occurred"),
        (["denied", "planned", "possible"], "planned"),
        (["requested", "denied"], "denied"),
        (["requested"], "requested"),
    ],
)
def test_event_has_the_strongest_standing(statuses: list[str], strongest: str) -> None:
    event = the_event(*(says(f"a{number}", status) for number, status in enumerate(statuses)))
    assert event["status"] == [strongest]
    assert event["claimCount"] == [str(len(statuses))]


def test_event_spans_figures_of_claims_that_do_not_deny() -> None:
    event = the_event(
        says("a", "occurred", 10_000), says("b", "occurred", 11_000, 12_000), says("c", "denied", 5, 99_999)
    )
    assert event["personnelMin"] == ["10000"]
    assert event["personnelMax"] == ["12000"]


def test_event_has_the_figures_of_its_standing() -> None:
    come, possible = says("a", "occurred", 15_000, 15_000), says("b", "possible", 25_000, 30_000)
    event = the_event(come, possible)
    assert (event["personnelMin"], event["personnelMax"]) == (["15000"], ["15000"])
    assert "personnelMin" not in the_event(says("a", "occurred"), possible)
    assert the_event(says("a", "denied"), possible)["personnelMax"] == ["30000"]


def test_event_keeps_the_qualifier_that_its_claims_agree_on() -> None:
    about, exact = (says(q, "occurred", personnel=Figure(WORDS, 400, 400, q)) for q in ("about_", "exactly"))
    denied = says("c", "denied", 400, 400)
    assert the_event(about, denied)["personnelQualifier"] == ["about_"]
    assert "personnelQualifier" not in the_event(about, exact)


@pytest.mark.parametrize(
    ("claims", "disputed"),
    [
        ([("occurred", None, None), ("denied", None, None)], True),
        ([("requested", None, None), ("denied", None, None)], False),
        ([("planned", None, None), ("occurred", None, None)], False),
        ([("occurred", 3000, 3000), ("occurred", 10_000, None)], True),
        ([("occurred", 11_000, 11_000), ("occurred", 10_000, None)], False),
        ([("occurred", None, 5000), ("occurred", 10_000, 10_000)], True),
        ([("planned", 1050, 1050), ("occurred", 1000, 1000)], False),
    ],
)
def test_event_is_disputed_where_claims_contradict(
    claims: list[tuple[str, int | None, int | None]], disputed: bool
) -> None:
    event = the_event(*(says(f"a{number}", *claim) for number, claim in enumerate(claims)))
    assert event.get("disputed", []) == (["true"] if disputed else [])


@pytest.mark.parametrize(("about", "exactly", "disputed"), [(400, 390, False), (400, 350, True), (350, 400, True)])
def test_about_leaves_a_tenth(about: int, exactly: int, disputed: bool) -> None:
    round_figure = Figure(WORDS, about, about, "about_")
    event = the_event(says("a", "occurred", personnel=round_figure), says("b", "occurred", exactly, exactly))
    assert ("disputed" in event) is disputed


def test_who_says_it_does_not_matter_for_a_denial() -> None:
    said = [says(stem, status, attributed_to=("country/KP",)) for stem, status in (("a", "planned"), ("b", "denied"))]
    assert the_event(*said)["disputed"] == ["true"]


@pytest.mark.parametrize(
    ("one", "other", "disputed"),
    [
        (("planned", "country/KP"), ("denied", "country/KP"), False),  # "… doch an die Front gehe niemand"
        (("planned", "country/KP"), ("denied", "country/RU"), True),
        (("planned", "country/KP"), ("denied", None), True),
        (("possible", "country/KP"), ("denied", None), False),  # what may come has not come yet
        (("possible", "country/KP"), ("denied", "country/RU"), True),
    ],
)
def test_who_tells_of_an_event_does_not_deny_it(
    one: tuple[str, str | None], other: tuple[str, str | None], *, disputed: bool
) -> None:
    parts = [
        says("a", status, attributed_to=(source,) if source else (), trigger=Span(begin, begin + 7)).claims[0]
        for begin, (status, source) in ((10, one), (11, other))
    ]
    event = the_event(replace(says("a", "planned"), claims=tuple(parts)))
    assert ("disputed" in event) is disputed


def test_what_an_article_tells_beside_its_source_is_no_dispute_of_figures() -> None:
    told = says("a", "occurred", 10_000, 10_000).claims[0]
    said = replace(told, attributed_to=("country/KP",), personnel=Figure(WORDS, 3000, 3000, "exactly"))
    other = replace(said, attributed_to=("country/RU",), personnel=Figure(WORDS, 9000, 9000, "exactly"))
    article = says("a", "occurred")
    assert "disputed" not in the_event(replace(article, claims=(told, said)))
    assert the_event(replace(article, claims=(other, said)))["disputed"] == ["true"]


def test_event_whose_bounds_contradict_ranges_over_both() -> None:
    more_than, at_most = says("a", "occurred", 10_000), says("b", "occurred", None, 5000)
    event = the_event(more_than, at_most)
    assert (event["personnelMin"], event["personnelMax"]) == (["5000"], ["10000"])
    assert event["disputed"] == ["true"]
    assert the_event(more_than)["personnelMin"] == ["10000"]
    assert "personnelMax" not in the_event(more_than)


def test_an_edition_of_a_summit_is_its_own_event() -> None:
    summit = Entity(
        "summit/g20-2024", "Summit", "G20-Gipfel 2024", series="G20-Gipfel", series_en="G20 summit", year=2024
    )
    said = says("a", "occurred", type="Summit", roles={"summit": (summit.key,)})
    store = fill_store([replace(said, entities=(EntityInArticle(summit, ()),))], BASE)
    rows = select(store, PREFIX + "SELECT ?event { ?claim lb:about ?event }")
    assert [row["event"] for row in rows] == [MINT.entity(summit.key)]
    rows = select(store, PREFIX + f"SELECT ?series {{ {MINT.entity(summit.key)} lb:series ?series }}")
    assert {row["series"] for row in rows} == {
        Literal("G20-Gipfel", language="de"),
        Literal("G20 summit", language="en"),
    }


def test_event_is_named_after_its_first_claim_and_keeps_the_name() -> None:
    def events(*extractions: Extraction) -> set[str]:
        store = fill_store(extractions, BASE)
        return {row["event"].value for row in select(store, PREFIX + "SELECT ?event { ?claim lb:about ?event }")}

    first, later = says("b", "occurred"), says("a", "denied")
    later = replace(later, article=replace(later.article, published=date(2024, 10, 22)))
    assert events(first, later) == events(first) != events(later)
    (event,) = events(first)
    assert LB.term("eventType") in {
        quad.predicate for quad in to_quads(first, BASE) if quad.subject == MINT.claim_of_event(NamedNode(event))
    }


def test_claim_says_why_it_is_in_an_event() -> None:
    store = fill_store([says("a", "occurred"), says("b", "denied")], BASE)
    rows = select(store, PREFIX + "SELECT ?why { ?claim lb:explanation ?why } ORDER BY ?why")
    assert [row["why"].value for row in rows] == [
        f"event: the same as in {stem}: sender and destination agree, the days of publication allow it" for stem in "ab"
    ]


def test_part_and_total_of_one_source_are_no_dispute() -> None:
    total, part = says("a", "occurred", 10_000, 10_000), says("b", "occurred", 3000, 3000)
    of_one = [replace(said, article=replace(said.article, publisher="Blatt")) for said in (total, part)]
    assert the_event(total, part)["disputed"] == ["true"]
    assert "disputed" not in the_event(*of_one)


def test_sources_are_counted_once() -> None:
    other = replace(says("c", "occurred"), article=replace(says("c", "occurred").article, publisher="Blatt"))
    same = replace(says("d", "occurred"), article=replace(says("d", "occurred").article, publisher="Blatt"))
    event = the_event(says("a", "occurred", attributed_to=("country/RU",)), other, same)
    assert event["claimCount"] == ["3"]
    assert event["sourceCount"] == ["2"]


def test_event_is_named_in_both_languages() -> None:
    day = TimeExpression(WORDS, date(2024, 10, 18), date(2024, 10, 18))
    event = the_event(says("a", "occurred", time=day))
    assert event["label"] == [
        "Deployment of forces: North Korea → Russia, 2024-10-18",
        "Truppenentsendung: Nordkorea → Russland, 18.10.2024",
    ]
    assert event["begin"] == event["end"] == ["2024-10-18"]


def test_undated_event_stays_undated() -> None:
    event = the_event(says("a", "occurred"))
    assert "begin" not in event
    assert event["label"][1] == "Truppenentsendung: Nordkorea → Russland"


def test_rule_of_names_has_the_frames_labels() -> None:
    rule = next(rule.text for rule in load_rules() if rule.name == "event-label")
    for frame in load_frames().values():
        assert f'(lb:{frame.name} "de" "{frame.label.de}") (lb:{frame.name} "en" "{frame.label.en}")' in rule


def test_result_does_not_depend_on_order() -> None:
    extractions = load_gold()
    shuffled = random.Random(7).sample(extractions, len(extractions))  # noqa: S311  no secret
    assert sorted(map(str, fill_store(shuffled, BASE))) == sorted(map(str, fill_store(extractions, BASE)))


def test_removing_an_article_is_as_if_it_had_never_been() -> None:
    extractions = load_gold()
    store = fill_store(extractions, BASE)
    gone = extractions[2]
    store.remove_graph(MINT.article_graph(gone.article.stem))
    derive(store, BASE)
    fresh = fill_store([extraction for extraction in extractions if extraction is not gone], BASE)
    assert {str(quad) for quad in store} == {str(quad) for quad in fresh}


def test_deriving_again_changes_nothing() -> None:
    store = fill_store(load_gold(), BASE)
    before = {str(quad) for quad in store}
    derive(store, BASE)
    assert {str(quad) for quad in store} == before


def test_only_limits_the_events() -> None:
    store = fill_store(load_gold(), BASE)
    whole = derive_events(lambda query: construct(store, query), BASE)
    event = next(quad.subject for quad in whole if quad.predicate == LB.term("disputed"))
    assert isinstance(event, NamedNode)
    limited = derive_events(lambda query: construct(store, query), BASE, only=[event])
    assert limited == {quad for quad in whole if quad.subject == event}
    assert derive_events(lambda query: construct(store, query), BASE, only=[]) == set()


def test_unknown_entity_is_named_by_the_articles() -> None:
    def names(stem: str, name: str) -> Extraction:
        extraction = says(stem, "occurred")
        person = Entity("person/viktor-orban", "Person", name)
        item = EntityInArticle(person, (Mention(WORDS, "name", "Person"),))
        return replace(extraction, entities=(*extraction.entities, item))

    store = fill_store([names("a", "Viktor Orban"), names("b", "Viktor Orbán")], BASE)
    rows = select(store, PREFIX + f"SELECT ?l {{ <{BASE}id/person/viktor-orban> a lb:Person ; rdfs:label ?l }}")
    assert [str(row["l"]) for row in rows] == ['"Viktor Orbán"@de']


def test_no_triple_is_in_two_graphs_but_alternative_labels() -> None:
    store = fill_store(load_gold(), BASE)
    twice: dict[str, int] = {}
    for quad in store:
        triple = f"{quad.subject} {quad.predicate} {quad.object}"
        twice[triple] = twice.get(triple, 0) + 1
    assert {triple.split(" ")[1] for triple, count in twice.items() if count > 1} <= {
        "<http://www.w3.org/2004/02/skos/core#altLabel>"
    }


def test_events_name_only_what_is_described() -> None:
    store = fill_store(load_gold(), BASE)
    missing = select(
        store,
        PREFIX
        + f"SELECT ?filler {{ GRAPH <{MINT.events_graph.value}> {{ ?event ?slot ?filler }} "
        + f'FILTER(STRSTARTS(STR(?filler), "{BASE}id/")) FILTER NOT EXISTS {{ ?filler rdfs:label ?label }} }}',
    )
    assert list(missing) == []


def test_derive_keeps_reference_entities_without_claims() -> None:
    store = Store()
    extraction = replace(says("a", "occurred"), claims=())
    store.extend(to_quads(extraction, BASE))
    store.extend(reference_quads([KOREA, RUSSIA, Entity("country/JP", "Country", "Japan", iso="JP")], BASE))
    derive(store, BASE)
    described = {quad.subject for quad in store.quads_for_pattern(None, None, None, MINT.entities_graph)}
    assert described == {MINT.entity("country/KP"), MINT.entity("country/RU")}
