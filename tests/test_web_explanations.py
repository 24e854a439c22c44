"""Why a claim is what it is, in German and English."""

import pytest
from flask.testing import FlaskClient

from kg.reasons import _NAMES
from kg.web.explanations import explain
from tests.pages import get


@pytest.mark.parametrize(
    ("text", "german"),
    [
        (
            "trigger: „Einsatz“ – a strong trigger of Deployment, probability 0.97",
            "ein starker Auslöser für „Truppenentsendung“, Wahrscheinlichkeit 0,97",
        ),
        ("status: „seit, waren“ – speaks for occurred", "spricht für „eingetreten“"),
        (
            "sender: „Kiew“ – chosen for the preposition “nach” and standing after the trigger",
            "dafür spricht: die Präposition „nach“ und die Stellung nach dem Auslöser",
        ),
        (
            "attribution: „er“ – brought in by “sagte” in the same sentence, meant by “Chef”",
            "eingeführt durch „sagte“ im selben Satz, gemeint mit „Chef“",
        ),
        (
            "event: the same as in kursk-2: sender and destination agree, 3 days lie between them",
            "dasselbe wie in kursk-2: Sender und Zielort stimmen überein, 3 Tage liegen dazwischen",
        ),
    ],
)
def test_clauses_are_told_in_german(text: str, german: str) -> None:
    assert explain(text, "de").why == german
    assert explain(text, "de").language == "de"


@pytest.mark.parametrize("pattern", _NAMES.values())
def test_every_feature_is_known(pattern: str) -> None:
    value = {"fits": "sender", "side": "after"}.get(next(k for k, v in _NAMES.items() if v == pattern), "Wort")
    assert explain(f"sender: „x“ – chosen for {pattern.format(value)}", "de").language == "de"


def test_parts_have_their_names_and_words() -> None:
    assert explain("status: „soll“ – speaks for planned", "de")[:2] == ("Stand", "soll")
    assert explain("attribution: „Kim“ – speaks in the whole article", "en")[:2] == ("who says so", "Kim")


@pytest.mark.parametrize(
    "text", ["no explanation at all", "sender: „x“ – because", "sender: „“ – chosen for a and b", ""]
)
def test_what_fits_no_pattern_stays_as_it_is(text: str) -> None:
    assert explain(text, "de").why == text.rpartition("“ – ")[2]
    assert explain(text, "de").language == "en"


def test_german_page_explains_in_german(client: FlaskClient) -> None:
    text = get(client, "/page/article/hostile")
    assert "Warum so gelesen" in text
    assert "<dt>was</dt>" in text
