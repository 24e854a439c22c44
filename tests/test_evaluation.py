"""The figures against annotated articles."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest

from kg.errors import DataError
from kg.evaluation import Scores, format_report, load_gold, load_graph, score, to_json
from kg.evaluation.gold import day_of
from kg.evaluation.predicted import fold

TEXT = "Kenia schickt 400 Polizisten nach Haiti, sagte Präsident William Ruto. Später zog Kenia ab."
GOLD: dict[str, Any] = {
    "article": {"published": "2024-06-25"},
    "entities": [
        {"id": "kenia", "type": "Country", "name": "Kenia", "wikidata": "Q114", "mentions": ["Kenia"], "positions": []},
        {"id": "haiti", "type": "Country", "name": "Haiti", "wikidata": "Q790", "mentions": ["Haiti"], "positions": []},
        {
            "id": "ruto",
            "type": "Person",
            "name": "William Ruto",
            "wikidata": None,
            "mentions": ["Ruto"],
            "positions": [],
        },
        {"id": "polizei", "type": "Organization", "name": "Kenianische Polizei", "of": "kenia", "mentions": []},
    ],
    "events": [
        {
            "id": "e1",
            "type": "Deployment",
            "status": "occurred",
            "sender": ["polizei"],
            "destination": ["haiti"],
            "personnel": {"min": 400, "max": 400},
            "time": {"from": "2024-06", "to": "2024-06"},
            "attributed_to": ["ruto"],
            "evidence": "Kenia schickt 400 Polizisten nach Haiti",
        },
        {
            "id": "e2",
            "type": "Withdrawal",
            "status": "occurred",
            "sender": ["kenia"],
            "time": None,
            "attributed_to": ["Kreise der Regierung"],
            "evidence": "Später zog Kenia ab",
        },
    ],
}
HEAD = """
@prefix lb: <https://w3id.org/lagebild/ontology#> . @prefix dcterms: <http://purl.org/dc/terms/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> . @prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix schema: <https://schema.org/> . @prefix prov: <http://www.w3.org/ns/prov#> . @prefix : <http://x/> .
@prefix nif: <http://persistence.uni-leipzig.org/nlp2rdf/ontologies/nif-core#> .
@prefix wd: <http://www.wikidata.org/entity/> . @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
:haiti-1 a lb:Article ; dcterms:identifier "haiti" ; schema:mentions :KE , :HT , :ruto .
:KE a lb:Country ; rdfs:label "Kenya"@en ; owl:sameAs wd:Q114 .
:HT a lb:Country ; rdfs:label "Haiti"@de .
:ruto a lb:Person ; rdfs:label "W. Ruto"@de , "RUTO" .
"""
DEPLOYMENT = """
:c1 a lb:Claim ; lb:eventType lb:Deployment ; prov:wasDerivedFrom :haiti-1 ; lb:status lb:occurred ;
  lb:sender :KE ; lb:destination :HT ; lb:personnelMin 400 ; lb:personnelMax 400 ; lb:attributedTo :ruto ;
  lb:begin "2024-06-01"^^xsd:date ; lb:end "2024-06-30"^^xsd:date ; lb:evidence :s1 .
:s1 nif:anchorOf "Kenia schickt 400 Polizisten nach Haiti, sagte Präsident William Ruto." .
"""
WITHDRAWAL = """
:c2 a lb:Claim ; lb:eventType lb:Withdrawal ; prov:wasDerivedFrom :haiti-1 ; lb:status lb:occurred ; lb:sender :KE ;
  lb:attributionText "laut Kreisen der Regierung"@de .
"""


def measure(folder: Path, turtle: str) -> Scores:
    (folder / "haiti.txt").write_text(TEXT, encoding="utf-8")
    (folder / "haiti.gold.json").write_text(json.dumps(GOLD), encoding="utf-8")
    (folder / "graph.ttl").write_text(HEAD + turtle, encoding="utf-8")
    return score(load_graph(folder / "graph.ttl"), load_gold([folder]))


def f1(scores: Scores) -> tuple[float, float, float]:
    figures = to_json(scores)
    return figures["entities"]["all"]["f1"], figures["events"]["all"]["f1"], figures["slots"]["all"]["f1"]


def test_a_right_graph(tmp_path: Path) -> None:
    scores = measure(tmp_path, DEPLOYMENT + WITHDRAWAL.replace("lb:sender :KE ;", "lb:sender :KE ; lb:evidence :s2 ;"))
    assert f1(scores) == (1.0, 1.0, 1.0)
    assert (scores.exact, scores.misses) == (2, [])
    assert (scores.attribution.tp, scores.attribution.fp, scores.attribution.fn) == (2, 0, 0)
    assert dict(scores.links) == {"all": 2, "right": 1, "wrong": 0}


def test_missed_and_spurious(tmp_path: Path) -> None:
    meeting = ":c3 a lb:Claim ; lb:eventType lb:Meeting ; prov:wasDerivedFrom :haiti-1 ; lb:participant :US ."
    scores = measure(tmp_path, DEPLOYMENT + meeting + ' :US a lb:Country ; rdfs:label "USA" .')
    assert scores.misses == [
        "haiti: spurious Country ['usa']",
        "haiti: spurious Meeting [\"('participants', 'http://x/US')\"] <- []",
        "haiti: missed Withdrawal e2: Später zog Kenia ab",
    ]
    assert (scores.events["Meeting"].fp, scores.events["Withdrawal"].fn, scores.by_slot["sender"].fn) == (1, 1, 1)


@pytest.mark.parametrize(
    ("old", "new", "miss"),
    [
        ("lb:occurred", "lb:planned", "missing [\"('status', 'occurred')\"] wrong [\"('status', 'planned')\"]"),
        ("lb:personnelMin 400 ;", "", "missing [\"('personnel', (400, 400))\"] wrong [\"('personnel', (None, 400))\"]"),
        ("lb:destination :HT ;", "", "missing [\"('destination', 'haiti')\"] wrong []"),
        ('"2024-06-30"', '"2024-06-25"', "missing [\"('time', ('2024-06-01', '2024-06-30'))\"]"),
    ],
)
def test_a_wrong_slot(tmp_path: Path, old: str, new: str, miss: str) -> None:
    scores = measure(tmp_path, DEPLOYMENT.replace(old, new) + WITHDRAWAL)
    assert len(scores.misses) == 1
    assert scores.misses[0].startswith(f"haiti: e1 Deployment {miss}")
    assert scores.exact == 1


def test_without_a_shared_filler_or_evidence_nothing_is_paired(tmp_path: Path) -> None:
    scores = measure(tmp_path, WITHDRAWAL.replace("lb:sender :KE", "lb:sender :HT"))
    assert (scores.events["Withdrawal"].fp, scores.events["Withdrawal"].fn) == (1, 1)


def test_an_absent_article_is_named(tmp_path: Path) -> None:
    scores = measure(tmp_path, "")
    report = format_report(score(load_graph(tmp_path / "graph.ttl"), load_gold([tmp_path])))
    assert scores.absent == []
    (tmp_path / "graph.ttl").write_text("")
    report = format_report(score(load_graph(tmp_path / "graph.ttl"), load_gold([tmp_path])))
    assert report.startswith("1 articles, ABSENT from the graph: haiti\n")


def test_only_one_article(tmp_path: Path) -> None:
    measure(tmp_path, "")
    assert [article.stem for article in load_gold([tmp_path], only="other")] == []


@pytest.mark.parametrize(
    ("partial", "first", "last"),
    [("2024", "2024-01-01", "2024-12-31"), ("2024-02", "2024-02-01", "2024-02-29"), ("2023-05-03",) * 3],
)
def test_partial_days(partial: str, first: str, last: str) -> None:
    assert (day_of(partial, last=False), day_of(partial, last=True)) == (first, last)


def test_names_are_compared_without_case_and_marks() -> None:
    assert fold("G-20–Gipfel  „Rio“") == fold("g 20 gipfel rio")


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    (tmp_path / "x.gold.json").write_text("[]")
    (tmp_path / "x.ttl").write_text("no turtle")
    with pytest.raises(DataError, match="no annotation"):
        list(load_gold([tmp_path]))
    with pytest.raises(DataError, match="holds no"):
        list(load_gold([tmp_path / "missing"]))
    for name in ("x.ttl", "x.xls", "missing.nq"):
        with pytest.raises(DataError):
            load_graph(tmp_path / name)


@pytest.mark.parametrize("damage", [0, 1])
def test_the_figures_are_those_of_the_reference_scorer(tmp_path: Path, damage: int) -> None:
    """On the graph of a perfect extractor, and on the same with holes in it and fillers exchanged."""
    shared = os.environ.get("LAGEBILD_SHARED")
    if not shared:
        pytest.skip("LAGEBILD_SHARED does not name the folder with the reference scorer")
    tools, folder, graph = Path(shared, "score"), Path(shared, "gold", "dev"), tmp_path / "graph.nq"
    subprocess.run([sys.executable, tools / "gold_graph.py", graph, folder], check=True)
    if damage:
        quads = list(ox.parse(path=str(graph)))
        kept = [q for number, q in enumerate(quads) if number % 11]
        for number in range(0, len(kept) - 1, 17):
            one, two = kept[number], kept[number + 1]
            kept[number] = ox.Quad(one.subject, one.predicate, two.object, one.graph_name)
        ox.serialize(kept, str(graph))
    command: list[str | Path] = [
        sys.executable,
        tools / "score.py",
        graph,
        folder,
        "--misses",
        "--json",
        tmp_path / "theirs.json",
    ]
    theirs = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    scores = score(load_graph(graph), load_gold([folder]))
    ours = "\n".join([*scores.misses, format_report(scores)])
    assert sorted(ours.splitlines()) == sorted(theirs.splitlines())
    assert to_json(scores) == json.loads((tmp_path / "theirs.json").read_text())
