"""Whose answers the paragraphs of an article are."""

import pytest

from kg.interviews import find_addressed, find_interview
from kg.reading import Reading
from tests.readings import read

INTRO = "Ruto kennt das Land. Er sprach am Telefon."


def answers(reading: Reading) -> tuple[str | None, list[str]]:
    """Return the guest's key, or name where no entity, and the words that begin each answer."""
    found = find_interview(reading)
    if found is None:
        return None, []
    guest = found.name.of(reading.article.text) if found.guest is None else reading.entities[found.guest].entity.key
    return guest, [reading.doc[begin].text for begin, _ in found.answers]


@pytest.mark.parametrize(
    ("body", "guest", "begins"),
    [
        ("Herr Ruto, was nun?\n\nWarten.\n\nWie lange?\n\nJahre.", "person/ruto", ["Warten", "Jahre"]),
        (
            "Was haben Sie gesehen?\n\nNichts, was mir neu war.\n\nUnd dann?\n\nRegen.",
            "person/ruto",
            ["Nichts", "Regen"],
        ),
        ("Frage: Was nun?\n\nRuto: Warten.\n\nFrage: Und Sie?\n\nRuto: Ich auch.", "person/ruto", ["Warten", "Ich"]),
        (  # the second paragraph of an answer has no label
            "Radio: Herr Ruto, was nun?\n\nRuto: Warten.\n\nEs regnet.\n\nRadio: Wie lange?\n\nRuto: Jahre.",
            "person/ruto",
            ["Warten", "Es", "Jahre"],
        ),
        ("Herr Oberst, was nun?\n\nWarten.\n\nWie lange?\n\nJahre.", "person/ruto", ["Warten", "Jahre"]),
    ],
)
def test_who_answers(body: str, guest: str, begins: list[str]) -> None:
    assert answers(read(f"Der Titel\n\n{INTRO}\n\n{body}", {"Ruto": "person/ruto"})) == (guest, begins)


@pytest.mark.parametrize(
    "body",
    [
        "Was nun?\n\nKenia wartet.\n\nWie lange?\n\nJahre.",  # questions that the article asks itself
        "Was haben Sie davon?\n\nKenia wartet.\n\nWie lange?\n\nJahre.",  # readers are addressed; nobody says "ich"
        "Kennen Sie schon unseren Brief?\n\nKenia wartet, sagte er.",  # a single question
        "Sie fragte ihn.\n\nKenia wartet.",
    ],
)
def test_an_article_with_questions_is_no_interview(body: str) -> None:
    assert answers(read(f"Der Titel\n\n{INTRO}\n\n{body}", {"Ruto": "person/ruto"})) == (None, [])


def test_part_of_a_double_name_is_enough() -> None:
    text = "Titel\n\nEs sprach Tschudin-Wyss.\n\nFrau Tschudin, was nun?\n\nWarten.\n\nWie lange?\n\nJahre."
    assert answers(read(text, {"Tschudin-Wyss": "person/wyss"})) == ("person/wyss", ["Warten", "Jahre"])


def test_nobody_speaks_where_nobody_is_named() -> None:
    assert find_interview(read("Titel\n\nWas haben Sie gesehen?\n\nIch sah nichts.\n\nUnd dann?\n\nRegen.")) is None
    assert find_interview(read("")) is None


def test_one_question_is_enough_where_whom_it_addresses_answers_under_a_label() -> None:
    body = "Herr Ruto, was nun?\n\nRuto: Warten.\n\nDas reicht nicht.\n\nRuto: Doch.\n\nUnd die UN.\n\nRuto: Ja."
    assert answers(read(f"Titel\n\n{body}", {"Ruto": "person/ruto"})) == ("person/ruto", ["Warten", "Doch", "Ja"])


@pytest.mark.parametrize(
    ("text", "addressed"),
    [
        ("Herr Ruto, die UN bitten um Truppen.", True),
        ("Herr Ruto, Sie bitten um Truppen.", False),
        ("Herr Ruto bittet um Truppen.", False),
        ("Gestern kam Herr Ruto, der um Truppen bat.", False),
    ],
)
def test_who_is_but_spoken_to(text: str, *, addressed: bool) -> None:
    reading = read(text, {"Ruto": "person/ruto"})
    assert bool(find_addressed(reading, len(reading.doc) - 1)) is addressed
