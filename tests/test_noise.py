"""Lines of a page that are not its article. The rules' own examples stand in kg/data/noise.toml."""

import json
import os
from datetime import date
from pathlib import Path

import pytest

from kg.articles import find_noise
from kg.articles.dateline import Dateline, find_dateline
from kg.articles.decode import clean_text
from kg.articles.noise import Rule, load_rules
from kg.model import Article, Span
from training.corpus.load import SPLITS

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


@pytest.mark.parametrize(
    "line", ["Teilen | Merken | Drucken", "Teilen Merken", "Startseite | Politik | Sport | Reise", "___", "★★★★☆"]
)
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


def test_lines_of_the_page_above_the_headline_are_noise() -> None:
    above = ["Startseite | Politik | Ausland", "Anzeige", "Teilen | Merken"]
    text = "\n".join([*above, "", "Estland schickt Haubitzen nach Kiew", "", "Tallinn. Estland gibt alles her."])
    assert [span.of(text) for span in find_noise(text)] == above
    article = Article("a", text, "", date(2023, 1, 1), "given", noise=find_noise(text))
    assert article.headline.of(text) == "Estland schickt Haubitzen nach Kiew"


@pytest.mark.parametrize("dateline", ["Berlin, 5. März 2024", "Dienstag, 5. März 2024", "05.03.2024"])
def test_a_dateline_is_no_headline_even_where_the_line_above_it_looks_like_the_pages(dateline: str) -> None:
    assert find_noise(f"Weitere Meldungen\n\n{dateline}\n\nKenia schickt 400 Polizisten nach Haiti.") == ()


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


@pytest.mark.parametrize("bullet", ["•", "–", "—", "*", "·", "◦", "▲", "■", "🔹", ">", "1"])
def test_a_list_below_a_heading_is_noise_with_any_bullet(bullet: str) -> None:
    lines = ["Beliebt auf dieser Seite", f"{bullet} Wein wird teurer", f"{bullet} Wie man Pilze trocknet"]
    assert noise_lines(*lines, "", "Kenia schickt 400 Polizisten.") == lines


def test_a_list_with_bullets_ends_where_they_end() -> None:
    lines = ["Andere Leser lasen auch:", "■ Wein wird teurer", "■ Wie man Pilze trocknet"]
    assert noise_lines(*lines, "", "Was bisher geschah", "", "Kenia schickt 400 Polizisten.") == lines


@pytest.mark.parametrize(("below", "noise"), [("· Wein wird teurer", True), ("Kenia schickt 400 Polizisten.", False)])
def test_a_heading_that_the_article_may_have_is_noise_only_above_bullets(below: str, noise: bool) -> None:
    assert noise_lines("Am Rande", below) == (["Am Rande", below] if noise else [])


def test_the_bullets_of_the_article_stay() -> None:
    assert noise_lines("Kurz zusammengefasst:", "• Oslo liefert sechs F-16", "• Der Kreml droht mit Folgen") == []


def test_a_page_in_translation_keeps_the_word_of_its_own_script() -> None:
    lines = ["关于 / MEHR ZUM THEMA", "* Wein wird teurer"]
    assert noise_lines(*lines) == lines


def test_the_date_of_publication_is_read_from_noise_too() -> None:
    text = "Titel\n\nErstellt: 03.05.2024 07:10  Gelesen: 12\n\nOslo liefert sechs F-16."
    assert [span.of(text) for span in find_noise(text)] == ["Erstellt: 03.05.2024 07:10  Gelesen: 12"]
    assert find_dateline(text, find_noise(text)) == Dateline(3, 5, 2024)


def find_evidence_in_noise(folder: Path) -> list[str]:
    """Return the annotated evidence of a folder's articles that stands, in whole or in part, in a line of noise."""
    lost = []
    for path in sorted(folder.glob("*.gold.json")):
        gold = json.loads(path.read_text(encoding="utf-8"))
        text = clean_text(
            path.with_name(path.name.replace(".gold.json", ".txt")).read_text(encoding="utf-8"), path.name
        )
        noise = find_noise(text)
        for event in gold["events"]:
            begin = text.index(event["evidence"])
            evidence = Span(begin, begin + len(event["evidence"]))
            if any(evidence.overlaps(span) for span in noise):
                lost.append(event["evidence"])
    return lost


@pytest.mark.parametrize("split", SPLITS)
def test_no_evidence_of_the_training_corpus_is_noise(split: str) -> None:
    folder = Path(__file__).parents[1] / "training" / "corpus" / split
    assert list(folder.glob("*.gold.json"))
    assert find_evidence_in_noise(folder) == []


def test_no_line_with_annotated_evidence_is_noise() -> None:
    shared = os.environ.get("LAGEBILD_SHARED")
    if not shared:
        pytest.skip("LAGEBILD_SHARED does not name the folder with the annotated articles")
    assert find_evidence_in_noise(Path(shared, "gold", "train")) == []
