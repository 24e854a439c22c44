"""Corrections come and go in any order, and leave the graph as if they had been there from the first."""

import random
from collections.abc import Iterable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest.mock import patch

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import Store

from kg import rollup
from kg.curation.checks import make_plan
from kg.curation.corrections import Correction, read_corrections, to_quads
from kg.curation.reading import Reading
from kg.rdf import reference_quads
from kg.rdf import to_quads as article_quads
from kg.rollup import derive
from kg.store import Writer, open_snapshot
from kg.validate import validate
from tests.curated import KIMM, MAYOR, MINT, article, claim, correction, curate, lines, undo
from tests.gold import BASE
from tests.gold_store import fill_store
from tests.search_index import index_lines


@pytest.fixture
def store() -> Store:
    return fill_store([article("eins"), article("zwei", KIMM)], BASE)


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


def test_derivation_reads_the_clock_nowhere(store: Store) -> None:
    curate(store, *some_corrections(store))
    graphs = {MINT.corrected_graph, MINT.entities_graph, MINT.events_graph}
    assert not [quad for quad in store if quad.graph_name in graphs and "2026" in str(quad)]
