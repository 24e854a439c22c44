"""Units and weapons in the article's words."""

import pytest

from kg.items import find_items, find_unit
from tests.readings import happening, read


@pytest.mark.parametrize(
    ("text", "pos", "unit"),
    [
        ("Paris schickt ein Infanteriebataillon.", "PROPN VERB DET NOUN PUNCT", "Infanteriebataillon"),
        ("Paris schickt zwei gepanzerte Brigaden.", "PROPN VERB NUM ADJ NOUN PUNCT", "gepanzerte Brigaden"),
        (
            "Paris schickt eine Fregatte, Rom eine Korvette.",
            "PROPN VERB DET NOUN PUNCT PROPN DET NOUN PUNCT",
            "Fregatte",
        ),
        ("Ohne Brigade im Süden schickt Paris Kampfjets.", "ADP NOUN ADP NOUN VERB PROPN NOUN PUNCT", "Kampfjets"),
        ("Paris schickt 500 Soldaten.", "PROPN VERB NUM NOUN PUNCT", None),
        ("Paris schickt Hilfe. Die Brigade wartet.", "PROPN VERB NOUN PUNCT DET NOUN VERB PUNCT", None),
    ],
)
def test_the_unit_nearest_to_the_trigger(text: str, pos: str, unit: str | None) -> None:
    reading = read(text, pos=pos)
    assert find_unit(reading, happening(reading, "Deployment", "schickt"), None) == unit


def test_a_unit_that_stands_apart_from_the_figure_is_another_force() -> None:
    words = "ADV VERB NUM NOUN ADP PROPN PUNCT PROPN VERB ADV ADP NOUN DET NOUN PUNCT"
    reading = read("Bald gehen 500 Soldaten nach Mali, Estland bietet später im Winter eine Kompanie.", pos=words)
    trigger = happening(reading, "Deployment", "gehen")
    assert find_unit(reading, trigger, None) == "Kompanie"
    assert find_unit(reading, trigger, reading.figures[0]) is None


def test_an_adjective_that_names_a_country_is_no_part_of_the_unit() -> None:
    reading = read(
        "Man entsendet französische Fallschirmjäger.", {"französische": "country/FR"}, pos="PRON VERB ADJ NOUN PUNCT"
    )
    assert find_unit(reading, happening(reading, "Deployment", "entsendet"), None) == "Fallschirmjäger"


def test_only_forces_have_units_and_only_deliveries_have_items() -> None:
    reading = read("Paris liefert einer Brigade Panzer.", pos="PROPN VERB DET NOUN NOUN PUNCT")
    assert find_unit(reading, happening(reading, "ArmsTransfer", "liefert"), None) is None
    assert find_items(reading, happening(reading, "Deployment", "liefert")) == ()
    assert find_items(reading, happening(reading, "ArmsTransfer", "liefert")) == ("Panzer",)


def test_items_stand_in_text_order_and_once() -> None:
    reading = read(
        "Bern liefert Haubitzen, moderne Radare und Haubitzen sowie Decken.",
        pos="PROPN VERB NOUN PUNCT ADJ NOUN CCONJ NOUN CCONJ NOUN PUNCT",
    )
    assert find_items(reading, happening(reading, "ArmsTransfer", "liefert")) == ("Haubitzen", "moderne Radare")


def test_the_trigger_itself_is_no_item() -> None:
    reading = read("Die Waffe kam mit Munition.", pos="DET NOUN VERB ADP NOUN PUNCT")
    assert find_items(reading, happening(reading, "ArmsTransfer", "Waffe")) == ("Munition",)


@pytest.mark.parametrize("word", ["Gegenzug", "Abzug", "Feldzug", "Umzug", "Bezug"])
def test_not_every_zug_is_a_platoon(word: str) -> None:
    reading = read(f"Im {word} schickt Paris Soldaten.", pos="ADP NOUN VERB PROPN NOUN PUNCT")
    assert find_unit(reading, happening(reading, "Deployment", "schickt"), None) is None


@pytest.mark.parametrize("word", ["Haushaltsausschuss", "Zuschuss", "Beschuss", "Termine", "Gesundheitssystem"])
def test_words_that_only_end_like_weapons(word: str) -> None:
    reading = read(f"Trotz {word} liefert Paris Panzer.", pos="ADP NOUN VERB PROPN NOUN PUNCT")
    assert find_items(reading, happening(reading, "ArmsTransfer", "liefert")) == ("Panzer",)


@pytest.mark.parametrize(
    "word", ["Luftabwehrsysteme", "Waffensysteme", "Patriot-Systeme", "Landminen", "Minen", "Seeminen"]
)
def test_systems_and_mines_that_are_weapons(word: str) -> None:
    reading = read(f"Paris liefert {word}.", pos="PROPN VERB NOUN PUNCT")
    assert find_items(reading, happening(reading, "ArmsTransfer", "liefert")) == (word,)
