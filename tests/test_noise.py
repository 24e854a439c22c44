"""Lines of a page that are not its article. The rules' own examples stand in kg/data/noise.toml."""

import json
import os
from pathlib import Path

import pytest

from kg.articles import find_noise
from kg.articles.decode import clean_text
from kg.articles.noise import Rule, load_rules

RULES = load_rules()


def noise_lines(*lines: str) -> list[str]:
    text = "\n".join(("Überschrift des Artikels", "", *lines))
    return [span.of(text) for span in find_noise(text)]


@pytest.mark.parametrize(("rule", "line"), [(rule, line) for rule in RULES for line in rule.noise])
def test_rule_matches_the_lines_it_is_for(rule: Rule, line: str) -> None:
    assert rule.matches(line)


@pytest.mark.parametrize("line", [line for rule in RULES for line in rule.keep])
def test_lines_of_the_article_stay(line: str) -> None:
    assert noise_lines(line) == []


def test_every_rule_has_lines_for_and_against() -> None:
    assert [rule.name for rule in RULES if not rule.noise or not rule.keep] == []


@pytest.mark.parametrize("line", ["Teilen | Merken | Drucken", "Startseite | Politik | Sport | Reise", "___", "★★★★☆"])
def test_menus_and_ornaments_are_noise(line: str) -> None:
    assert noise_lines(line) == [line]


@pytest.mark.parametrize(
    "line",
    [
        "13:15 Uhr | Bayern gegen Union abgesagt",
        "+++ 21:40 Ouattara will ein Bataillon stellen +++",
        "Stockholm/Riga, 19. Januar 2025 | Presseinformation",
        "Was gab den Ausschlag?",
        "• Die EU gibt den Afrikanern 50 Millionen Euro.",
    ],
)
def test_tickers_datelines_and_headings_stay(line: str) -> None:
    assert noise_lines(line) == []


def test_the_headline_is_never_noise() -> None:
    text = "Lesen Sie auch: so beginnt diese Überschrift\n\nText."
    assert find_noise(text) == ()


def test_headlines_below_a_teaser_heading_are_noise_up_to_the_next_sentence() -> None:
    lines = ["Mehr zum Thema:", "Wetter: Jetzt kommt der Frühling", "Streit in Rom", "Kenia schickt 400 Polizisten."]
    assert noise_lines(*lines) == lines[:3]


def test_a_question_after_a_gap_belongs_to_the_article() -> None:
    assert noise_lines("Das könnte Sie auch interessieren", "", "Wie geht es weiter?") == [
        "Das könnte Sie auch interessieren"
    ]


def test_a_long_paragraph_is_noise_only_if_it_prompts_throughout() -> None:
    prompt = "Erfahren Sie, wer auf der Liste steht. " * 10
    report = "Die Bundeswehr schickt 300 Soldaten nach Mali, wie das Ministerium mitteilte. " * 5
    assert noise_lines(prompt) == [prompt]
    assert noise_lines(report + "Schreibe einen Kommentar.") == []


def test_readers_comments_are_noise_to_the_end() -> None:
    lines = ["318 Kommentare", "Oma Erna, vor 4 Minuten", "Kiew schickt doch Truppen.", "Antworten | Melden", "Stimmt."]
    assert noise_lines("Ein Satz des Artikels.", *lines) == lines


def test_spans_are_whole_lines() -> None:
    text = "Titel\n\nSatz eins.\nSchreibe einen Kommentar\nSatz zwei."
    assert [(s.begin, s.end) for s in find_noise(text)] == [(18, 42)]


def test_no_line_with_annotated_evidence_is_noise() -> None:
    shared = os.environ.get("LAGEBILD_SHARED")
    if not shared:
        pytest.skip("LAGEBILD_SHARED does not name the folder with the annotated articles")
    lost = []
    for path in sorted(Path(shared, "gold", "train").glob("*.gold.json")):
        gold = json.loads(path.read_text(encoding="utf-8"))
        text = clean_text(
            path.with_name(path.name.replace(".gold.json", ".txt")).read_text(encoding="utf-8"), path.name
        )
        noise = [span.of(text) for span in find_noise(text)]
        lost += [e["evidence"] for e in gold["events"] if any(e["evidence"] in line for line in noise)]
    assert lost == []
