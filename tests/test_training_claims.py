"""The recipe of the claim models: gold articles aligned with readings, anchors, examples, folds, fitting."""

import shutil
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import click
import pytest

from kg import german, triggers
from kg.claims import LINEAR_MODELS, TREES, ClaimModels, draft_claims, find_claims, load_models
from kg.dates import find_times
from kg.encoder import load_encoder, read_halfway
from kg.frames import load_frames
from kg.happenings import judge_words
from kg.linking import link_entities
from kg.maxent import LinearModel
from kg.model import Article
from kg.quantities import find_figures
from kg.reading import Reading
from kg.recogniser import find_names
from tests.readings import entity, read
from training.claims.gold import (
    Anchors,
    GoldArticle,
    align_entities,
    read_events,
    read_gold,
    trigger_parts,
)

GOLD = Path(__file__).parent / "data" / "gold"
STEMS = ("afr-03-us-abzug-niger", "dip-05-belarus-telefonate", "eu-21-koalition-paris")


def _needs_training_libraries() -> None:
    for name in ("sklearn", "lightgbm"):
        pytest.importorskip(name, reason=f"{name} is not installed: pip install '.[train]'")


def gold(id_: str, type_: str, name: str, *mentions: str, wikidata: str | None = None) -> dict[str, Any]:
    return {"id": id_, "type": type_, "name": name, "mentions": list(mentions), "wikidata": wikidata}


def event(type_: str, evidence: str, *trigger: str, **slots: object) -> dict[str, Any]:
    return {"type": type_, "status": "occurred", "evidence": evidence, "trigger": list(trigger), "time": None, **slots}


def test_entities_are_aligned_by_item_then_name_then_mention() -> None:
    reading = read(
        "Kiew und der NIS tagten mit Dolo.", {"Kiew": "country/UA", "NIS": "organization/nis", "Dolo": "person/dolo"}
    )
    items = [
        replace(i, entity=replace(i.entity, wikidata="Q212")) if i.entity.key == "country/UA" else i
        for i in reading.entities
    ]
    found = align_entities(
        items,
        reading.article.text,
        [
            gold("spy", "Organization", "Nationaler Dienst", "NIS"),
            gold("ukraine", "Country", "Ukraine", "Ukrainer", wikidata="Q212"),
            gold("dolo", "Person", "dolo", "Herr D."),
            gold("absent", "Person", "Xi", "Xi"),
        ],
    )
    keys = {name: items[number].entity.key for name, number in found.items()}
    assert keys == {"spy": "organization/nis", "ukraine": "country/UA", "dolo": "person/dolo"}


def test_entities_of_another_type_are_not_aligned_and_none_is_aligned_twice() -> None:
    reading = read("Kiew tagte.", {"Kiew": "place/kiew"})
    text = reading.article.text
    assert align_entities(reading.entities, text, [gold("a", "Country", "Kiew", "Kiew")]) == {}
    twice = [gold("a", "Place", "Kiew", "Kiew"), gold("b", "Place", "Kiew", "Kiew")]
    assert align_entities(reading.entities, text, twice) == {"a": 0}


@pytest.mark.parametrize(
    ("text", "trigger", "expected"),
    [
        ("Er rief am Montag Xi an.", ["rief", "an"], ["rief", "an"]),
        ("Es war ein Gipfel, ein langer Gipfel.", ["Gipfel"], ["Gipfel"]),
        ("Sie setzten ihn in Marsch.", ["in Marsch"], ["in", "Marsch"]),
        ("Der Ab-Abzug kam vor dem Abzug.", ["Abzug"], ["Ab-Abzug"]),
    ],
)
def test_the_tokens_of_a_trigger(text: str, trigger: list[str], expected: list[str]) -> None:
    reading = read(text)
    found = trigger_parts(reading, event("Meeting", text, *trigger))
    assert [reading.doc[i].text for i in found] == expected


def test_a_split_off_particle_is_the_last_of_its_kind() -> None:
    text = "Xi rief ihn an Bord an."
    assert trigger_parts(read(text), event("PhoneCall", text, "rief", "an")) == [1, 5]


def test_the_anchor_is_the_word_that_goes_with_the_type() -> None:
    text = "Er will Soldaten schicken. Er will das Abkommen. Er will Truppen schicken."
    reading = read(text, pos="PRON AUX NOUN VERB PUNCT PRON AUX DET NOUN PUNCT PRON AUX NOUN VERB PUNCT")
    events = [
        event("Deployment", "Er will Soldaten schicken.", "will", "schicken"),
        event("Deployment", "Er will Truppen schicken.", "will", "Truppen", "schicken"),
    ]
    anchors = Anchors([(reading, events)])
    chosen = [anchors.choose(reading, found, trigger_parts(reading, found)) for found in events]
    assert [reading.doc[i].text for i in chosen] == ["schicken", "schicken"]
    only = event("Deployment", "Er will das Abkommen.", "will")
    assert reading.doc[anchors.choose(reading, only, trigger_parts(reading, only))].text == "will"


def test_a_modal_is_an_anchor_only_where_there_is_nothing_else() -> None:
    text = "Er will schicken. Sie schicken Post. Wir schicken Post."
    reading = read(text, pos="PRON AUX VERB PUNCT PRON VERB NOUN PUNCT PRON VERB NOUN PUNCT")
    found = event("Deployment", "Er will schicken.", "will", "schicken")
    assert Anchors([(reading, [found])]).choose(reading, found, trigger_parts(reading, found)) == 2


def test_events_speak_of_the_readings_entities() -> None:
    text = "Das Heer schickt 400 Soldaten nach Haiti."
    reading = read(text, {"Haiti": "country/HT", "Soldaten": entity("country/KE")})
    note = {
        "entities": [
            gold("haiti", "Country", "Haiti", "Haiti"),
            gold("kenia", "Country", "Kenia", "Soldaten"),
            {**gold("heer", "Organization", "Heer", "Heer"), "of": "kenia"},
        ],
        "events": [
            event(
                "Deployment",
                text,
                "schickt",
                sender=["heer"],
                destination=["haiti"],
                personnel={"min": 400, "max": 400},
            )
            | {"time": {"from": "2024-05", "to": "2024-05"}, "attributed_to": ["Diplomaten"]}
        ],
    }
    (found,) = read_events(reading, note, Anchors([]))
    numbers = {item.entity.key: number for number, item in enumerate(reading.entities)}
    assert found.fillers == {"sender": {numbers["country/KE"]}, "destination": {numbers["country/HT"]}}
    assert (found.figure, found.time) == ((400, 400), ("2024-05", "2024-05"))
    assert (found.happening.type, reading.doc[found.happening.token].text) == ("Deployment", "schickt")


@pytest.fixture(scope="module")
def articles(tmp_path_factory: pytest.TempPathFactory) -> list[GoldArticle]:
    """Three gold articles whose events have their triggers annotated."""
    folder = tmp_path_factory.mktemp("gold")
    for stem in STEMS:
        for ending in (".txt", ".gold.json"):
            shutil.copy(GOLD / f"{stem}{ending}", folder)
    nlp = german.load()

    def reading(_: int, stem: str, text: str, note: dict[str, Any]) -> Reading:
        published = date.fromisoformat(note["article"]["published"])
        article = Article(stem, text, text.partition("\n")[0], published, "given")
        doc = german.parse(nlp, article)
        doc.ents = find_names(load_encoder(), doc, read_halfway(load_encoder(), doc))
        return Reading(article, doc, link_entities(doc, article), find_times(doc, published), find_figures(doc))

    return read_gold([folder], reading)


def test_gold_articles_are_read_with_their_events_in_text_order(articles: list[GoldArticle]) -> None:
    assert [article.stem for article in articles] == list(STEMS)
    for article in articles:
        assert article.events
        anchors = [event.anchor for event in article.events]
        assert anchors == sorted(anchors)
        for event in article.events:
            assert event.anchor in event.parts
            assert event.type in load_frames()
            assert all(number < len(article.reading.entities) for n in event.fillers.values() for number in n)


def test_most_annotated_triggers_can_be_found_and_most_slots_have_an_entity(articles: list[GoldArticle]) -> None:
    events = [(article, event) for article in articles for event in article.events]
    reachable = [event for article, event in events if event.anchor in triggers.candidates(article.reading)]
    assert len(reachable) / len(events) >= 0.95
    assert sum(bool(event.fillers) for _, event in events) / len(events) >= 0.9


@pytest.fixture(scope="module")
def trained(articles: list[GoldArticle]) -> ClaimModels:
    """Models of the three articles; scikit-learn comes with the `train` extra only."""
    _needs_training_libraries()
    from training.claims.__main__ import THRESHOLDS
    from training.claims.fit import Trainer

    trainer = Trainer(articles, THRESHOLDS, jobs=2)
    crossed = trainer.cross_train()
    assert len(crossed) == len(articles)
    return trainer.train()


def test_training_learns_its_own_articles_and_finds_their_claims_again(
    articles: list[GoldArticle], trained: ClaimModels
) -> None:
    drafts = [
        (a.stem, draft.claim)
        for a in articles
        for draft in draft_claims(a.reading, judge_words(a.reading, trained.triggers), trained)
    ]
    wanted = {(a.stem, e.type, a.reading.doc[e.anchor].idx) for a in articles for e in a.events}
    found = {(stem, claim.type, claim.trigger.begin) for stem, claim in drafts}
    assert len(wanted & found) / len(wanted) >= 0.7
    assert find_claims(articles[0].reading, trained) == find_claims(articles[0].reading, trained)


def test_trained_models_carry_the_labels_of_the_bundled_ones(trained: ClaimModels) -> None:
    for name in LINEAR_MODELS:
        assert getattr(trained, name).labels == getattr(load_models(), name).labels
    for name in TREES:
        assert getattr(trained, name).columns == getattr(load_models(), name).columns
    assert set(trained.thresholds) == set(load_models().thresholds)


def test_training_again_gives_the_same_bytes(articles: list[GoldArticle], trained: ClaimModels, tmp_path: Path) -> None:
    from training.claims.fit import STRENGTHS, fit, status_examples, trigger_examples

    for name, make in (("triggers", trigger_examples), ("status", status_examples)):
        fit([make(article) for article in articles], STRENGTHS[name]).save(tmp_path / "again.npz")
        getattr(trained, name).save(tmp_path / "first.npz")
        first = (tmp_path / "first.npz").read_bytes()
        assert (tmp_path / "again.npz").read_bytes() == first
        LinearModel.load(tmp_path / "first.npz").save(tmp_path / "loaded.npz")
        assert (tmp_path / "loaded.npz").read_bytes() == first


def test_labels_that_are_not_asked_and_labels_without_an_example() -> None:
    _needs_training_libraries()
    from training.claims.fit import Examples, fit

    examples = Examples(("sender", "host", "target"))
    for _ in range(4):
        examples.add(["prep=von"], [1, 0, -1])
        examples.add(["prep=nach"], [0, 0, 1])
        examples.add(["prep=mit"], [0, 0, 0])
    model = fit([examples], 1.0)
    assert model.probabilities(["prep=von"])[0] > 0.5 > model.probabilities(["prep=nach"])[0]
    assert model.probabilities(["prep=von"])[1] < 1e-6
    assert model.logits(["prep=von"])[2] == model.bias[2]
    assert model.probabilities(["prep=nach"])[2] > 0.5


def test_features_that_few_examples_have_are_left_out() -> None:
    _needs_training_libraries()
    from training.claims.fit import Examples, fit

    examples = Examples(("sender",))
    examples.add(["often", "twice"], [1])
    examples.add(["often", "twice"], [1])
    examples.add(["often"], [0])
    examples.add(["once", "once", "once"], [0])
    assert set(fit([examples], 1.0).rows) == {"often"}


@pytest.mark.parametrize(("count", "parts"), [(3, 5), (5, 5), (12, 5), (7, 2)])
def test_every_article_is_held_out_once(count: int, parts: int) -> None:
    _needs_training_libraries()
    from training.claims.fit import folds

    pairs = list(folds(count, parts))
    assert sorted(number for _, held in pairs for number in held) == list(range(count))
    assert all(sorted(seen + held) == list(range(count)) for seen, held in pairs)


def test_encoders_are_numbered_by_the_part_that_they_lack(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _needs_training_libraries()
    from training.claims import __main__ as recipe

    with pytest.raises(click.ClickException, match="has no encoders"):
        recipe.load_encoders(tmp_path)
    for part in range(11):
        (tmp_path / str(part)).mkdir()
    monkeypatch.setattr(recipe, "load_encoder", lambda folder: folder.name)
    assert list(map(str, recipe.load_encoders(tmp_path))) == [str(part) for part in range(11)]
