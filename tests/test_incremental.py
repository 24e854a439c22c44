"""A store that lived through changes holds the same graph as one that is built from scratch."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pyoxigraph as ox
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kg import rollup
from kg.model import Article, Claim, Entity, EntityInArticle, Extraction, Figure, Mention, Span, TimeExpression
from kg.rdf import reference_quads, to_quads
from kg.remote import QuadStore
from kg.rollup import Changes
from kg.rollup.accounts import ABOUT, EVENT_TYPE
from kg.store import Writer, open_snapshot
from tests.gold import BASE, load_gold
from tests.gold_store import fill_store
from tests.search_index import index_lines

TEXT = "Einer schickt viele Soldaten irgendwohin, sagt jemand."
WORDS = Span(0, 5)
STATES = [Entity(f"country/{code}", "Country", code, iso=code) for code in ("AA", "BB")]
FIRST = date(2024, 10, 25)

parties = st.sampled_from(["country/AA", "country/BB", "organization/heer", "person/chef"])
days = st.integers(0, 12).map(lambda number: FIRST + timedelta(number))
times = st.none() | st.tuples(days, st.integers(0, 3)).map(
    lambda span: TimeExpression(WORDS, span[0], span[0] + timedelta(span[1]))
)
claims = st.builds(
    Claim,
    type=st.sampled_from(["Deployment", "Meeting"]),
    status=st.sampled_from(["occurred", "planned", "denied"]),
    trigger=st.integers(6, 9).map(lambda begin: Span(begin, 13)),
    evidence=st.just(Span(0, len(TEXT))),
    roles=st.just({}),
    personnel=st.none() | st.sampled_from([Figure(WORDS, n, n, "exactly") for n in (10, 30, 900)]),
    time=times,
)


@st.composite
def extractions(draw: st.DrawFn, stem: str) -> Extraction:
    """An article whose claims meet others' now and then, about bodies that no reference data know."""
    found = []
    for claim in draw(st.lists(claims, max_size=3, unique_by=lambda claim: (claim.type, claim.trigger))):
        who, whom = draw(st.sets(parties, max_size=2)), draw(st.sets(parties, max_size=1))
        roles = {"participant": who} if claim.type == "Meeting" else {"sender": who, "destination": whom}
        fields = {role: tuple(sorted(fillers)) for role, fillers in roles.items() if fillers}
        found.append(replace(claim, roles=fields))
    owner = draw(st.sampled_from(["country/AA", "country/BB", None]))
    mention = Mention(WORDS, "name", "Person")
    unknown = [
        Entity("organization/heer", "Organization", draw(st.sampled_from(["Heer", "Armee"])), country=owner),
        Entity("person/chef", "Person", "Chef", country="country/AA"),
    ]
    items = [*STATES, *unknown]
    article = Article(stem, TEXT, TEXT, draw(days), "given", draw(st.sampled_from([None, "Blatt"])))
    return Extraction(article, tuple(EntityInArticle(item, (mention,)) for item in items), tuple(found))


stems = st.sampled_from("abcd")
steps = stems.flatmap(lambda stem: st.tuples(st.just(stem), st.none() | extractions(stem)))


def put(store: ox.Store, stem: str, extraction: Extraction | None, changes: Changes) -> None:
    """Change a store in memory as the writer does."""
    graph = ox.NamedNode(f"{BASE}graph/article/{stem}")
    changes.note(graph, list(store.quads_for_pattern(None, None, None, graph)))
    store.remove_graph(graph)
    if extraction:
        store.extend(to_quads(extraction, BASE))
        known = reference_quads((item.entity for item in extraction.entities), BASE)
        changes.described.update(quad.subject for quad in known if isinstance(quad.subject, ox.NamedNode))
        store.extend(known)


def lines(store: QuadStore) -> set[str]:
    return {str(quad) for quad in store}


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(st.lists(st.lists(steps, min_size=1, max_size=2), min_size=1, max_size=6))
def test_any_history_gives_the_graph_of_its_last_state(history: list[list[tuple[str, Extraction | None]]]) -> None:
    lived, last = ox.Store(), dict[str, Extraction | None]()
    for together in history:
        changes = Changes()
        for stem, extraction in together:
            put(lived, stem, extraction, changes)
            last[stem] = extraction
        rollup.derive(lived, BASE, changes)
    fresh = fill_store([extraction for extraction in last.values() if extraction], BASE)
    assert lines(lived) == lines(fresh)


@pytest.mark.parametrize("number", range(len(load_gold())))
def test_each_article_can_come_last_and_go_again(number: int) -> None:
    extractions = load_gold()
    late = extractions[number]
    others = [extraction for extraction in extractions if extraction is not late]
    store = fill_store(others, BASE)
    without = lines(store)
    changes = Changes()
    put(store, late.article.stem, late, changes)
    rollup.derive(store, BASE, changes)
    assert lines(store) == lines(fill_store(extractions, BASE))
    changes = Changes()
    put(store, late.article.stem, None, changes)
    rollup.derive(store, BASE, changes)
    # The reference data of its entities came with it; nothing else is left.
    assert lines(store) == without


def build(path: Path, extractions: Sequence[Extraction]) -> None:
    with Writer(path, BASE, rollup.derive) as writer:
        for extraction in extractions:
            known = [item.entity for item in extraction.entities]
            writer.replace_article(extraction.article.stem, to_quads(extraction, BASE), reference_quads(known, BASE))
        writer.publish()


def published(path: Path) -> set[str]:
    with open_snapshot(path) as store:
        return lines(store) | index_lines(path)


def test_a_store_on_disk_takes_articles_one_by_one(tmp_path: Path) -> None:
    extractions = load_gold()
    build(tmp_path / "at-once", extractions)
    for extraction in extractions:
        build(tmp_path / "one-by-one", [extraction])
    assert published(tmp_path / "one-by-one") == published(tmp_path / "at-once")


def test_what_a_killed_writer_left_underived_is_derived(tmp_path: Path) -> None:
    first, second, *rest = load_gold()
    build(tmp_path / "store", rest)
    writer = Writer(tmp_path / "store", BASE, rollup.derive)
    writer.replace_article(first.article.stem, to_quads(first, BASE))
    assert writer.stems()  # what waits is written
    writer.close()  # and never published
    build(tmp_path / "store", [second])
    with open_snapshot(tmp_path / "store") as store:
        graph = ox.NamedNode(f"{BASE}graph/article/{first.article.stem}")
        claim = next(store.quads_for_pattern(None, EVENT_TYPE, None, graph))
        assert next(store.quads_for_pattern(claim.subject, ABOUT, None, None), None)


def test_other_rules_derive_everything_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = list[object]()

    def derive(store: QuadStore, base_iri: str, changes: Changes | None) -> None:
        asked.append(changes)

    for version in ("one", "one", "other"):
        monkeypatch.setattr("kg.store.version", lambda version=version: version)
        with Writer(tmp_path, BASE, derive) as writer:
            article = load_gold()[len(asked)]
            writer.replace_article(article.article.stem, to_quads(article, BASE))
            writer.publish()
    assert [changes is None for changes in asked] == [True, False, True]


def test_the_same_article_again_changes_nothing(tmp_path: Path) -> None:
    extractions = load_gold()[:2]
    build(tmp_path, extractions)
    asked = list[Changes | None]()
    with Writer(tmp_path, BASE, lambda _, __, changes: asked.append(changes)) as writer:
        for extraction in extractions:
            known = [item.entity for item in extraction.entities]
            writer.replace_article(extraction.article.stem, to_quads(extraction, BASE), reference_quads(known, BASE))
        writer.publish()
    assert asked == [Changes()]
