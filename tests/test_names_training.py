"""The training of names, as far as it needs no PyTorch: where they stand, what is asked, how well they are found."""

import numpy as np
import pytest

from kg.encoder import load_encoder
from kg.encoder.windows import LONGEST
from kg.german.sentences import set_sentences
from kg.recogniser import TAGS
from training.encoder.windows import UNASKED, Layouter
from training.german.corpora import GoldArticle
from training.german.stages import blank_pipeline
from training.names.forms import Name, find_names, office_words, to_entity_tags
from training.names.scores import NameScore


def person(name: str, *mentions: str, title: str | None = None) -> dict[str, object]:
    positions = [{"title": title, "of": None}] if title else []
    return {"type": "Person", "name": name, "mentions": list(mentions), "positions": positions}


def names_in(text: str, *entities: dict[str, object]) -> list[tuple[str, str]]:
    article = GoldArticle("x", text, "2024-11-18", entities)
    return [(text[n.begin : n.end], n.type) for n in find_names(article, office_words([article]))]


@pytest.mark.parametrize(
    ("mentions", "text", "expected"),
    [
        (["US-Präsident Joe Biden", "Biden", "Bidens"], "US-Präsident Joe Biden. Bidens Rat.", ["Joe Biden", "Bidens"]),
        (["Präsident von Belarus Joe Biden"], "Der Präsident von Belarus Joe Biden kam.", ["Joe Biden"]),
        (["Präsident", "Joe Biden"], "Der Präsident Joe Biden kam. Der Präsident ging.", ["Joe Biden"]),
        (["al-Biden"], "Es kam al-Biden.", ["al-Biden"]),
    ],
)
def test_the_office_is_no_part_of_the_name(mentions: list[str], text: str, expected: list[str]) -> None:
    assert [name for name, _ in names_in(text, person("Joe Biden", *mentions, title="Präsident"))] == expected


def test_longest_name_wins_and_words_stay_whole() -> None:
    found = names_in(
        "Die Afrikanische Union in Afrika, nicht in Südafrika.",
        {"type": "Organization", "name": "Afrikanische Union", "mentions": ["Afrikanische Union"]},
        {"type": "Place", "name": "Afrika", "mentions": ["Afrika"]},
    )
    assert found == [("Afrikanische Union", "Organization"), ("Afrika", "Place")]


def test_a_capital_is_the_city_after_a_preposition_and_else_the_state() -> None:
    found = names_in(
        "In Moskau wartet man. Moskau zögert.",
        {"type": "Country", "name": "Russland", "mentions": ["Moskau"]},
        {"type": "Place", "name": "Moskau", "mentions": ["Moskau"]},
    )
    assert found == [("Moskau", "Place"), ("Moskau", "Country")]


def test_names_in_lines_like_page_noise_are_unknown_not_absent() -> None:
    text = "Kopf\nJoe Biden kam.\nLesen Sie auch: Berlin\nTeilen | Merken"
    doc = blank_pipeline().make_doc(text)
    tags = to_entity_tags(doc, [Name(5, 14, "Person")])
    assert " ".join(tags) == "O O B-Person L-Person O O O - - - - - - - - -"


def test_each_word_is_asked_in_one_window() -> None:
    doc = blank_pipeline().make_doc("Kiew wartet. " * LONGEST)
    set_sentences(doc)
    windows = Layouter(load_encoder().vocabulary, {"NE": 1}).windows(doc, ["U-Place", "O", "-"] * LONGEST)
    assert len(windows) > 1
    for window in windows:
        assert len(window.numbers) == len(window.word_of) <= LONGEST + 2
        assert sorted({*window.word_of.tolist()} - {-1}) == window.here.tolist()
        assert len(window.here) == len(window.tags) == len(window.features) == len(window.parts_of_speech)
    assert np.concatenate([window.here[window.is_fresh] for window in windows]).tolist() == list(range(len(doc)))
    asked = np.concatenate([window.tags[window.tags != UNASKED] for window in windows])
    assert asked.tolist() == [TAGS.index("U-Place"), TAGS.index("O")] * LONGEST


def test_names_count_where_bounds_and_class_are_right_and_not_in_noise() -> None:
    doc = blank_pipeline().make_doc("Joe Biden kam nach Kiew.\nLesen Sie auch: Berlin")
    score = NameScore()
    gold = [Name(0, 9, "Person"), Name(19, 23, "Place")]
    score.add(doc, gold, [Name(0, 9, "Person"), Name(19, 23, "Country"), Name(41, 47, "Place")])
    assert score.f1("Person") == 1
    assert score.f1("Place") == 0
    assert score.f1() == 0.5
