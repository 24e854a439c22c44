"""The annotated corpus: it passes its checker, its loaders lose nothing, its README counts what is there."""

import json
from collections import Counter
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from kg.errors import DataError
from kg.model import ENTITY_TYPES as MODEL_ENTITY_TYPES
from kg.model import STATUSES as MODEL_STATUSES
from training.corpus import check, export
from training.corpus.check import Counts, article_faults, check_folder
from training.corpus.inputs import main as lay_out
from training.corpus.load import FOLDER, Article, Figure, Period, from_record, load_corpus, load_folder, to_gold
from training.corpus.schema import ENTITY_TYPES, SLOTS, STATUSES, days_of
from training.corpus.statistics import format_statistics, insert_statistics

Mutation = Callable[[dict[str, Any]], object]

TEXT = """Kiew meldet Angriff

Präsidentin Ada Amt sagte am Freitag in Bern, Polen schickt bis zu 500 Soldaten zur KFOR.
"""


def sample() -> dict[str, Any]:
    """A right annotation of TEXT."""
    return {
        "article": {"published": "2024-11-16", "publisher": None, "language": "de"},
        "entities": [
            {
                "id": "amt",
                "type": "Person",
                "name": "Ada Amt",
                "wikidata": None,
                "mentions": ["Ada Amt"],
                "positions": [{"title": "Präsidentin", "of": "pl"}],
            },
            {"id": "pl", "type": "Country", "name": "Polen", "wikidata": "Q36", "mentions": ["Polen"]},
            {"id": "heer", "type": "Organization", "name": "Heer", "wikidata": None, "mentions": [], "of": "pl"},
            {"id": "kfor", "type": "Mission", "name": "KFOR", "wikidata": None, "mentions": ["KFOR"]},
            {"id": "bern", "type": "Place", "name": "Bern", "wikidata": "Q70", "mentions": ["Bern"]},
        ],
        "events": [
            {
                "id": "e1",
                "type": "Deployment",
                "status": "planned",
                "sender": ["heer"],
                "mission": ["kfor"],
                "personnel": {"max": 500},
                "time": None,
                "attributed_to": ["amt"],
                "evidence": "Polen schickt bis zu 500 Soldaten zur KFOR",
                "trigger": ["schickt"],
            },
            {
                "id": "e2",
                "type": "Meeting",
                "status": "occurred",
                "participants": ["amt"],
                "place": ["bern"],
                "time": {"from": "2024-11-15", "to": "2024-11"},
                "attributed_to": [],
                "evidence": "Präsidentin Ada Amt sagte am Freitag in Bern",
            },
        ],
    }


def faults_of(folder: Path, gold: object, text: str = TEXT) -> list[str]:
    (folder / "a.txt").write_text(text, encoding="utf-8")
    path = folder / "a.gold.json"
    path.write_text(json.dumps(gold), encoding="utf-8")
    return list(article_faults(path, Counts()))


@pytest.fixture(scope="module")
def articles() -> list[Article]:
    return list(load_corpus())


@pytest.mark.parametrize("split", ["train", "dev", "cross"])
def test_the_corpus_passes_its_checker(split: str) -> None:
    counts = Counts()
    assert check_folder(FOLDER / split, counts) == []
    assert counts.total["articles"] == len(list((FOLDER / split).glob("*.txt")))


def test_only_train_has_triggers_and_has_them_everywhere(articles: list[Article]) -> None:
    for article in articles:
        assert all(bool(event.trigger) == (article.split == "train") for event in article.events), article.stem


def test_stories_name_the_happening_of_every_event() -> None:
    events = [event for article in load_folder(FOLDER / "cross") for event in article.events]
    told = Counter((event.happening, event.type) for event in events)
    assert all(event.happening and event.trigger for event in events)
    assert len({happening for happening, _ in told}) == len(told)  # one happening is of one type
    assert sum(number > 1 for number in told.values()) >= 20


def test_no_article_is_in_both_splits(articles: list[Article]) -> None:
    assert len({article.stem for article in articles}) == len({article.text for article in articles}) == len(articles)


def test_what_is_loaded_is_what_the_files_hold(articles: list[Article]) -> None:
    for article in articles:
        path = FOLDER / article.split / f"{article.stem}.gold.json"
        assert to_gold(article) == json.loads(path.read_text(encoding="utf-8")), article.stem
        assert article.text == path.with_name(f"{article.stem}.txt").read_text(encoding="utf-8")


def test_json_lines_hold_everything(articles: list[Article], tmp_path: Path) -> None:
    file = tmp_path / "corpus.jsonl"
    result = CliRunner().invoke(export.main, ["-o", str(file)])
    assert result.exit_code == 0, result.output
    records = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
    assert [from_record(record) for record in records] == articles
    for record in records:
        for event in record["events"]:
            begin, end = event["evidence_span"]
            assert record["text"][begin:end] == event["evidence"]


def test_a_split_is_exported_by_itself() -> None:
    lines = CliRunner().invoke(export.main, ["--split", "dev"]).output.splitlines()
    assert {json.loads(line)["split"] for line in lines} == {"dev"}


def test_records_are_typed(tmp_path: Path) -> None:
    assert faults_of(tmp_path, sample()) == []
    (article,) = load_folder(tmp_path)
    assert article.entities[0].positions[0].of == "pl"
    assert article.entities[2].of == "pl"
    deployment, meeting = article.events
    assert deployment.roles == {"sender": ("heer",), "mission": ("kfor",)}
    assert deployment.personnel == Figure(None, 500, approx=False)
    assert meeting.time == Period("2024-11-15", "2024-11")
    assert article.text[slice(*article.evidence_span(meeting))] == meeting.evidence


def test_what_cannot_be_read_is_told_with_a_remedy(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"holds no \.gold\.json files"):
        list(load_folder(tmp_path))
    faults_of(tmp_path, {"article": {}, "entities": [], "events": []})
    with pytest.raises(DataError, match=r"a\.gold\.json is no annotation.*training\.corpus\.check"):
        list(load_folder(tmp_path))


def test_the_statistics_are_fresh(articles: list[Article]) -> None:
    page = (FOLDER / "README.md").read_text(encoding="utf-8")
    assert insert_statistics(page, format_statistics(articles)) == page, "run python -m training.corpus.statistics"


def test_every_kind_is_described(articles: list[Article]) -> None:
    kinds = (FOLDER / "README.md").read_text(encoding="utf-8").partition("## Kinds")[2].partition("## Statistics")[0]
    assert all(f"`{article.kind}`" in kinds for article in articles)


def test_every_slot_is_in_the_guidelines() -> None:
    rows = (FOLDER / "GUIDELINES.md").read_text(encoding="utf-8").splitlines()
    for type_, slots in SLOTS.items():
        (row,) = [row for row in rows if row.startswith(f"| `{type_}` |")]
        assert all(f"`{slot}`" in row for slot in slots)


def test_the_vocabulary_is_that_of_the_program() -> None:
    assert set(ENTITY_TYPES) == set(MODEL_ENTITY_TYPES)
    assert set(STATUSES) == set(MODEL_STATUSES)


def put(path: str, value: object) -> Mutation:
    """Return what sets a value at a path of keys and indexes ("events 0 sender")."""

    def mutate(gold: dict[str, Any]) -> None:
        *parents, last = [int(key) if key.isdigit() else key for key in path.split()]
        place: Any = gold
        for key in parents:
            place = place[key]
        place[last] = value

    return mutate


@pytest.mark.parametrize(
    ("mutate", "fault"),
    [
        (put("extra", 1), "JSON: has to be one object with exactly article, entities, events"),
        (put("article", {}), "article: needs exactly published, publisher, language"),
        (put("article published", "2024-11"), "article: published '2024-11' is no full ISO date"),
        (put("article publisher", ""), "article: publisher has to be text or null"),
        (put("article language", "en"), "article: language has to be de"),
        (put("events", {}), "events: has to be a list of objects"),
        (put("entities 1 id", ""), "entity '': needs an id"),
        (put("entities 4 id", "pl"), "entity 'pl': id is used twice"),
        (put("entities 4", sample()["entities"][1] | {"id": "x"}), "there is more than one Country of this name"),
        (put("entities 4 colour", "red"), "entity 'bern': unknown keys: colour"),
        (put("entities 4 type", "City"), "entity 'bern': type 'City' is not one of Person, Country"),
        (put("entities 4 name", None), "entity 'bern': needs a name"),
        (lambda gold: gold["entities"][4].pop("wikidata"), "entity 'bern': needs wikidata (an item or null)"),
        (put("entities 4 wikidata", "Q0"), "entity 'bern': wikidata 'Q0' is no item"),
        (put("entities 4 mentions", None), "entity 'bern': needs a list of mentions"),
        (put("entities 4 mentions", ["Bern", "Bern"]), "entity 'bern': a mention is listed twice"),
        (put("entities 4 mentions", ["Rom"]), "entity 'bern': mention 'Rom' does not occur in the text"),
        (put("entities 4 mentions", ["Ber"]), "entity 'bern': mention 'Ber' occurs only inside a longer word"),
        (put("events 0 sender", ["pl"]), "entity 'heer': has neither a mention nor a role"),
        (put("entities 4 of", "pl"), "entity 'bern': only organizations have of"),
        (put("entities 2 of", "bern"), "entity 'heer': of 'bern' resolves to no Country"),
        (put("entities 1 positions", [1]), "entity 'pl': only persons have positions"),
        (lambda gold: gold["entities"][0].pop("positions"), "entity 'amt': a person needs positions"),
        (put("entities 0 positions", [{"title": "x"}]), "entity 'amt': position {'title': 'x'} needs exactly"),
        (put("entities 0 positions 0 of", "xx"), "entity 'amt': position of 'xx' resolves to no entity"),
        (put("entities 0 positions 0 title", "Amt of"), "entity 'amt': position 'Amt of' has its of in the title"),
        (put("events 1 id", "e1"), "event 'e1': needs an id of its own"),
        (put("events 1 id", "pl"), "event 'pl': id is also an entity's"),
        (put("events 0 type", "War"), "event 'e1': type 'War' is not one of Deployment"),
        (put("events 0 status", "sure"), "event 'e1': status 'sure' is not one of occurred"),
        (put("events 0 evidence", " "), "event 'e1': needs evidence"),
        (put("events 0 evidence", "Rom"), "event 'e1': evidence does not occur in the text: 'Rom'"),
        (put("events 1 evidence", "Angriff\n\nPräsident"), "event 'e2': evidence runs over a line break"),
        (put("events 0 trigger", []), "event 'e1': trigger has to be a non-empty list of words"),
        (put("events 0 trigger", ["sagte"]), "event 'e1': trigger 'sagte' does not occur in the evidence"),
        (lambda gold: gold["events"][0].pop("time"), "event 'e1': needs time (an object or null)"),
        (put("events 1 time", {"from": "2024"}), "event 'e2': time needs exactly from and to"),
        (put("events 1 time to", "2024-13"), "is not made of ISO dates"),
        (put("events 1 time to", "2023"), "ends before it begins"),
        (put("events 0 attributed_to", "amt"), "event 'e1': attributed_to has to be a list of entity ids or"),
        (put("events 0 attributed_to", ["xx … Bern"]), "'xx … Bern' is neither an entity id nor in the text"),
        (put("events 1 sender", ["pl"]), "event 'e2': Meeting has no slot 'sender' (it has: participants, place)"),
        (put("events 1 type", "SummitEvent"), "event 'e2': SummitEvent needs a summit"),
        (put("events 1", {"id": "e2", "type": "PhoneCall"}), "event 'e2': fills no slot"),
        (put("events 0 unit", []), "event 'e1': unit has to be text"),
        (put("events 0 unit", "Brigade"), "event 'e1': unit 'Brigade' does not occur in the text"),
        (put("events 0 personnel", {"approx": True, "more": 1}), "personnel needs min and/or max and perhaps approx"),
        (put("events 0 personnel", {"min": 1.5}), "personnel: min and max have to be whole numbers"),
        (put("events 0 personnel", {"min": 2, "max": 1}), "personnel: min is greater than max"),
        (put("events 0 personnel approx", True), "personnel: approx has to be true, beside equal min and max"),
        (put("events 0 sender", []), "event 'e1': sender has to be a non-empty list of entity ids"),
        (put("events 0 sender", ["heer", "heer"]), "event 'e1': sender names an entity twice"),
        (put("events 0 sender", ["heer", "xx"]), "event 'e1': sender 'xx' resolves to no entity"),
        (put("events 0 mission", ["pl"]), "event 'e1': mission 'pl' is no Mission"),
        (put("events 1 place", ["kfor"]), "event 'e2': place 'kfor' is neither Place nor Country"),
        (
            put("events 1", sample()["events"][1] | {"type": "SummitEvent", "summit": "pl"}),
            "event 'e2': summit 'pl' resolves to no entity of type Summit",
        ),
        (
            put("events 1", sample()["events"][0] | {"id": "e2", "type": "ArmsTransfer", "items": ["Panzer"]}),
            "event 'e2': items 'Panzer' does not occur in the text",
        ),
    ],
)
def test_the_checker_tells_each_fault(mutate: Mutation, fault: str, tmp_path: Path) -> None:
    gold = sample()
    mutate(gold)
    assert any(fault in found for found in faults_of(tmp_path, gold))


@pytest.mark.parametrize(
    "path", ["entities 0 id", "entities 0 type", "events 0 type", "events 0 sender", "events 0 id"]
)
@pytest.mark.parametrize("value", [None, 1, [], {}, [[]], [{}]])
def test_the_checker_survives_anything(path: str, value: object, tmp_path: Path) -> None:
    gold = sample()
    put(path, value)(gold)
    assert faults_of(tmp_path, gold)


def test_pairs_are_whole(tmp_path: Path) -> None:
    assert faults_of(tmp_path, sample(), "\nText")[0] == "text: the first line has to be the headline"
    (tmp_path / "b.txt").write_text("Nur Text\n", encoding="utf-8")
    (tmp_path / "c.gold.json").write_text("{", encoding="utf-8")
    faults = check_folder(tmp_path, Counts())
    assert f"{tmp_path / 'b.txt'}: has no gold file" in faults
    assert any("c.gold.json: text: cannot read c.txt as UTF-8" in fault for fault in faults)
    (tmp_path / "c.txt").write_text("Text\n", encoding="utf-8")
    assert any("c.gold.json: JSON: does not parse" in fault for fault in check_folder(tmp_path, Counts()))
    assert check_folder(tmp_path / "none", Counts()) == [f"{tmp_path / 'none'}: is no folder"]
    (tmp_path / "empty").mkdir()
    assert check_folder(tmp_path / "empty", Counts()) == [f"{tmp_path / 'empty'}: holds no gold file"]


def test_the_command_prints_counts_or_faults(tmp_path: Path) -> None:
    faults_of(tmp_path, sample())
    good = CliRunner().invoke(check.main, [str(tmp_path), str(tmp_path)])
    assert good.exit_code == 0
    assert f"{tmp_path}: 1 articles, 19 words, 5 entities, 2 events\n" in good.output
    assert "all: 2 articles, 38 words, 10 entities, 4 events\n" in good.output
    assert "  by status: occurred 1, planned 1\n" in good.output
    faults_of(tmp_path, sample() | {"events": 1})
    bad = CliRunner().invoke(check.main, [str(tmp_path)])
    assert bad.exit_code == 1
    assert f"FAULT {tmp_path.name}/a.gold.json: events: has to be a list of objects\n1 fault(s)\n" in bad.output


@pytest.mark.parametrize(
    ("partial", "expected"),
    [
        ("2024", ((2024, 1, 1), (2024, 12, 31))),
        ("2024-02", ((2024, 2, 1), (2024, 2, 29))),
        ("2024-11-15", ((2024, 11, 15), (2024, 11, 15))),
        ("2023-02-29", None),
        ("2024-00", None),
        ("24", None),
        (2024, None),
    ],
)
def test_partial_dates(partial: object, expected: object) -> None:
    assert days_of(partial) == expected


def test_annotated_articles_are_laid_out_with_their_dates(tmp_path: Path) -> None:
    gold = Path(__file__).parent / "data" / "gold"
    result = CliRunner().invoke(lay_out, [str(gold), str(tmp_path / "in")])
    assert result.exit_code == 0, result.output
    texts = sorted(path.stem for path in (tmp_path / "in").glob("*.txt"))
    assert texts == sorted(path.name.removesuffix(".gold.json") for path in gold.glob("*.gold.json"))
    metadata = json.loads((tmp_path / "in" / f"{texts[0]}.meta.json").read_text(encoding="utf-8"))
    assert date.fromisoformat(metadata["published"])
    empty = CliRunner().invoke(lay_out, [str(tmp_path), str(tmp_path / "out")])
    assert empty.exit_code == 1
    assert "has no STEM.gold.json" in empty.output
