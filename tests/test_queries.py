"""The example queries and the derivation rules."""

from datetime import date
from pathlib import Path

import pytest
from pyoxigraph import Literal, QueryBoolean, QueryTriples, Store

from kg.curation.corrections import Correction, to_quads
from kg.errors import DataError
from kg.queries import Query, load_queries, load_rules, read_query
from kg.rollup import derive
from kg.rollup.rules import limit
from tests.gold import BASE, load_gold
from tests.gold_store import fill_store, select

GROUPS = {"deployments", "sources", "diplomacy", "support", "conflict", "entities", "exports", "timeline"}


@pytest.fixture(scope="module")
def store() -> Store:
    """The graph of the gold articles, with a correction that bears on no claim."""
    filled = fill_store(load_gold(), BASE)
    name = Correction(
        kind="Relabelling",
        target=f"{BASE}id/country/KP",
        label="DPRK",
        language="en",
        author="Ada",
        reason="Der Name, den der Staat sich gibt",
        day=date(2026, 11, 26),
    )
    filled.extend(to_quads(name, BASE))
    derive(filled, BASE)
    return filled


def named(name: str) -> Query:
    return next(query for query in load_queries() if query.name == name)


def rows(store: Store, name: str) -> list[dict[str, str | None]]:
    """The query's rows, each with plain values by variable."""
    found = select(store, named(name).text)
    names = [variable.value for variable in found.variables]
    return [{key: row[key].value if row[key] else None for key in names} for row in found]


def test_there_are_enough_queries() -> None:
    assert len(load_queries()) >= 18
    assert {query.group for query in load_queries()} == GROUPS


@pytest.mark.parametrize("query", load_queries(), ids=lambda query: query.name)
def test_query_is_described_and_returns_rows(store: Store, query: Query) -> None:
    for text in (query.title, query.description):
        assert text.de != text.en
        assert text.de and text.en
    assert query.view in {"", "chart", "map", "timeline", "graph"}
    found = store.query(query.text, use_default_graph_as_union=True)
    assert not isinstance(found, QueryBoolean)
    assert next(iter(found), None) is not None


@pytest.mark.parametrize("query", load_queries(), ids=lambda query: query.name)
def test_query_has_an_order(query: Query) -> None:
    assert "ORDER BY" in query.text or "CONSTRUCT" in query.text


@pytest.mark.parametrize(
    "query", [each for each in load_queries() if "CONSTRUCT" not in each.text], ids=lambda query: query.name
)
def test_query_in_english_returns_the_same_with_english_names(
    store: Store, names_with_english: set[str], query: Query
) -> None:
    answers = [store.query(query.text_in(each), use_default_graph_as_union=True) for each in ("de", "en")]
    german, english = (list(answer) for answer in answers if not isinstance(answer, QueryBoolean))
    assert len(german) == len(english)
    shown = {str(term) for row in english for term in row if isinstance(term, Literal) and term.language == "de"}
    assert shown.isdisjoint(names_with_english)


@pytest.fixture(scope="module")
def names_with_english(store: Store) -> set[str]:
    """The German names of what has an English one too, but for those that something without one has as well."""
    names: dict[bool, set[str]] = {True: set(), False: set()}
    text = """PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
    SELECT ?name ?english WHERE {
      ?thing rdfs:label ?name . FILTER(LANG(?name) = "de")
      OPTIONAL { ?thing rdfs:label ?english . FILTER(LANG(?english) = "en") }
    }"""
    for row in select(store, text):
        names[row["english"] is not None].add(str(row["name"]))
    return names[True] - names[False]


def test_ties_are_cut_in_the_same_way_however_the_graph_was_written(store: Store, tmp_path: Path) -> None:
    quads = sorted(store, key=str)
    answers = []
    for name, given in (("one", quads), ("other", quads[::-1])):
        kept = Store(str(tmp_path / name))
        kept.extend(given)
        answers.append({query.name: _answer(kept, query.text) for query in load_queries()})
    assert answers[0] == answers[1]


def _answer(store: Store, text: str) -> list[str]:
    found = store.query(text, use_default_graph_as_union=True)
    assert not isinstance(found, QueryBoolean)
    return [str(row) for row in found]


@pytest.mark.parametrize("rule", load_rules(), ids=lambda rule: rule.name)
def test_rule_constructs_and_can_be_limited(store: Store, rule: Query) -> None:
    assert rule.group in {"entities", "links", "events"}
    found = store.query(rule.text, use_default_graph_as_union=True)
    assert isinstance(found, QueryTriples)
    limited = store.query(limit(rule, ["https://example.org/none"]), use_default_graph_as_union=True)
    assert isinstance(limited, QueryTriples)
    assert list(limited) == []


def test_who_sends_troops_where_gives_figure_status_and_sentence(store: Store) -> None:
    found = [row for row in rows(store, "who-sends-troops-where") if row["sender"] == "Nordkorea"]
    assert any(
        row["atLeast"] == "25000" and row["atMost"] == "30000" and row["status"] == "possible" and row["sentence"]
        for row in found
    )


def test_contradicting_claims_show_both_sides(store: Store) -> None:
    standings: dict[str | None, set[str | None]] = {}
    for row in rows(store, "contradicting-claims"):
        standings.setdefault(row["event"], set()).add(row["status"])
    assert standings
    assert all("denied" in found and len(found) > 1 for found in standings.values())


def test_summits_name_their_place(store: Store) -> None:
    assert {(row["summit"], row["place"]) for row in rows(store, "summits-and-participants")} == {
        ("Nato-Gipfel in Vilnius 2023", "Vilnius")
    }


def test_calls_pair_two_persons_once(store: Store) -> None:
    pairs = [(row["one"], row["other"], row["event"]) for row in rows(store, "calls-between-leaders")]
    assert ("Emmanuel Macron", "Wladimir Putin") in {pair[:2] for pair in pairs}
    assert len(pairs) == len(set(pairs))


def test_plover_takes_root_types_of_the_contract(store: Store) -> None:
    roots = {row["root"] for row in rows(store, "plover")}
    assert roots <= {"AID", "MOBILIZE", "RETREAT", "CONSULT", "ASSAULT", "REQUEST", "SANCTION", "AGREE"}
    assert {"RETREAT", "CONSULT", "SANCTION", "AGREE"} <= roots


def test_offsets_cut_the_sentence_from_the_text(store: Store) -> None:
    texts = {extraction.article.stem: extraction.article.text for extraction in load_gold()}
    for row in rows(store, "evidence-with-offsets"):
        text = texts[str(row["article"])]
        assert text[int(str(row["begin"])) : int(str(row["end"]))] == row["sentence"]


def test_corrections_say_who_when_and_why(store: Store) -> None:
    found = rows(store, "corrections")[0]
    assert {name: found[name] for name in ("day", "author", "kind", "corrected", "changed")} == {
        "day": "2026-11-26",
        "author": "Ada",
        "kind": "Relabelling",
        "corrected": f"{BASE}id/country/KP",
        "changed": "1",
    }


def test_articles_count_their_claims(store: Store) -> None:
    claims = {extraction.article.title: len(extraction.claims) for extraction in load_gold()}
    assert {str(row["title"]): int(str(row["claims"])) for row in rows(store, "articles-and-publishers")} == claims


def test_read_query_names_the_missing_line(tmp_path: Path) -> None:
    file = tmp_path / "some.rq"
    file.write_text("# title@de: Etwas\n# title@en: Something\nSELECT * { ?s ?p ?o }\n", encoding="utf-8")
    with pytest.raises(DataError, match=r"some\.rq: the head comment has no '# description@de:' line"):
        read_query(file)


def test_query_text_has_no_head_comment() -> None:
    assert all(query.text.startswith("PREFIX") for query in load_queries())
