"""An article becomes an extraction: the same one every time, with every span and key where it belongs."""

import json
import subprocess
import sys
from collections.abc import Iterator
from datetime import date
from functools import cache
from pathlib import Path

import pytest

from kg import selection
from kg.casting import SOURCE_ROLE
from kg.claims import load_models
from kg.details import COUNTED, DATE_COLUMNS
from kg.frames import load_frames
from kg.model import STATUSES, Article, Claim, Extraction, Span
from kg.pipeline import load
from kg.second_look import column_names
from kg.source_cases import COLUMNS

GOLD = Path(__file__).parent / "data" / "gold"
STEMS = sorted(path.stem for path in GOLD.glob("*.txt"))
TEASER = "LESEN SIE AUCH: Kenia schickt 400 Polizisten nach Haiti."


@cache
def article(stem: str) -> Article:
    text = (GOLD / f"{stem}.txt").read_text(encoding="utf-8")
    published = json.loads((GOLD / f"{stem}.gold.json").read_text(encoding="utf-8"))["article"]["published"]
    return Article(stem, text, text.partition("\n")[0], date.fromisoformat(published), "given")


@cache
def extraction(stem: str) -> Extraction:
    return load().extract(article(stem))


def spans_of(claim: Claim) -> Iterator[Span]:
    yield from (claim.trigger, claim.evidence)
    yield from (part.span for part in (claim.personnel, claim.quantity, claim.time) if part is not None)


def test_the_articles_claim_something() -> None:
    assert len(STEMS) >= 8
    assert all(extraction(stem).claims for stem in STEMS)


@pytest.mark.parametrize("stem", STEMS[:3])
def test_two_extractions_are_equal(stem: str) -> None:
    assert load().extract(article(stem)) == extraction(stem)


@pytest.mark.parametrize("stem", STEMS)
def test_spans_lie_in_the_text_and_anchor_words(stem: str) -> None:
    text = article(stem).text
    for claim in extraction(stem).claims:
        assert claim.evidence.contains(claim.trigger)
        for span in spans_of(claim):
            words = span.of(text)
            assert 0 <= span.begin < span.end <= len(text)
            assert words == words.strip()
            assert span.begin == 0 or not (text[span.begin - 1].isalnum() and words[0].isalnum())
    for item in extraction(stem).entities:
        for mention in item.mentions:
            assert mention.span.of(text).strip() == mention.span.of(text) != ""


@pytest.mark.parametrize("stem", STEMS)
def test_every_key_that_is_named_is_an_entity(stem: str) -> None:
    found = extraction(stem)
    keys = {item.entity.key for item in found.entities}
    assert [item.entity.key for item in found.entities] == sorted(keys)
    for claim in found.claims:
        assert {key for fillers in claim.roles.values() for key in fillers} <= keys
        assert {*claim.attributed_to, *claim.relayed_by} <= keys
    for item in found.entities:
        assert {position.of for position in item.positions} - {None} <= keys
        assert {item.entity.country, item.entity.capital} - {None} <= keys


@pytest.mark.parametrize("stem", STEMS)
def test_claims_keep_to_their_frame_and_stand_in_text_order(stem: str) -> None:
    found = extraction(stem)
    types = {item.entity.key: item.entity.type for item in found.entities}
    assert [claim.trigger.begin for claim in found.claims] == sorted(claim.trigger.begin for claim in found.claims)
    for claim in found.claims:
        frame = load_frames()[claim.type]
        for role, keys in claim.roles.items():
            assert keys == tuple(sorted(set(keys)))
            assert {types[key] for key in keys} <= set(frame.roles[role].fillers)
            assert len(keys) <= (frame.roles[role].max or len(keys))
        assert claim.status in STATUSES
        assert 0 <= claim.confidence <= 1
        assert (claim.personnel is None) or "personnel" in frame.figures
        assert (claim.quantity is None) or "quantity" in frame.figures
        assert {reason.part for reason in claim.reasons} >= {"trigger", "status"}


def test_noise_lines_claim_nothing_and_name_nobody() -> None:
    body = article(STEMS[0]).text
    text = f"{body.rstrip()}\n\n{TEASER}\n"
    begin = text.index(TEASER)
    with_noise = Article(
        "noisy", text, text.partition("\n")[0], date(2024, 11, 18), "given", noise=(Span(begin, begin + len(TEASER)),)
    )
    found = load().extract(with_noise)
    assert found.claims
    assert all(span.end <= begin for claim in found.claims for span in spans_of(claim))
    assert all(mention.span.end <= begin for item in found.entities for mention in item.mentions)
    assert "country/HT" not in {item.entity.key for item in found.entities}
    heard = load().extract(Article("heard", text, with_noise.title, with_noise.published, "given"))
    assert "country/HT" in {item.entity.key for item in heard.entities}


@pytest.mark.parametrize(
    "text",
    ["", " ", "\n\n\n", ".", "…", "–", "42", "Ja", "\u00a0\u200b", "????", "x" * 5000, "🙂 🙂", "The army left.", "„“"],
)
def test_next_to_nothing_claims_nothing(text: str) -> None:
    assert load().extract(Article("empty", text, text, date(2024, 11, 18), "given")).claims == ()


def test_the_bundled_models_carry_the_labels_that_the_stages_expect() -> None:
    models, frames = load_models(), load_frames()
    roles = {role for frame in frames.values() for role in frame.roles}
    assert set(models.triggers.labels) == set(frames)
    assert set(models.roles.labels) == roles | {SOURCE_ROLE}
    assert models.status.labels == STATUSES
    assert (models.figures.labels, models.times.labels, models.voices.labels) == (("figure",), ("time",), ("source",))
    assert models.casting.columns == column_names(models.roles.labels)
    assert (models.dating.columns, models.selection.columns) == (DATE_COLUMNS, selection.COLUMNS)
    assert models.sources.columns == COLUMNS
    expected = {"trigger", "figure", "time", "source", "selection", *(f"role:{label}" for label in models.roles.labels)}
    assert expected <= set(models.thresholds)
    assert all(0 < value < 1 for value in models.thresholds.values())
    assert set(COUNTED) <= set(frames)


def test_the_bundled_models_weigh_something_for_every_label() -> None:
    models = load_models()
    rare = {"host", "against", "beneficiary"}
    for model in (models.triggers, models.roles, models.status, models.figures, models.times):
        for column, label in enumerate(model.labels):
            assert label in rare or abs(model.weights[:, column]).max() > 0.1, label


def test_loading_leaves_no_thread_behind() -> None:
    """Processes are forked from some that have loaded the models."""
    asked = "from kg.pipeline import load; load(); import threading; print([t.name for t in threading.enumerate()])"
    told = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)
    assert "beginning" not in told.stdout
