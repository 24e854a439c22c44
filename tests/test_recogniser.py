"""Names, found in their context: what is decided of a row of words, and what the bundled recogniser finds."""

from datetime import date

import numpy as np
import pytest
from numpy.typing import NDArray

from kg import german
from kg.encoder import load_encoder, read_halfway
from kg.encoder.windows import LONGEST
from kg.encoder.words import FEATURES, describe
from kg.model import Article, Span
from kg.recogniser import TAGS, _names, find_names, likeliest_names


def found_in(text: str, *noise: Span) -> list[tuple[str, str]]:
    article = Article("a", text, text.split("\n", maxsplit=1)[0], date(2024, 11, 1), "given", noise=noise)
    doc = german.parse(german.load(), article)
    names = find_names(load_encoder(), doc, read_halfway(load_encoder(), doc))
    return [(span.text, span.label_) for span in names]


def likely(*tags: str) -> NDArray[np.float32]:
    """Return log likelihoods in which each word's tag is by far the likeliest."""
    odds = np.full((len(tags), len(TAGS)), -9, dtype=np.float32)
    for row, tag in enumerate(tags):
        odds[row, TAGS.index(tag)] = -0.01
    return odds


@pytest.mark.parametrize(
    ("tags", "names"),
    [
        ((), []),
        (("O", "U-Country", "O"), [(1, 2, "Country")]),
        (("B-Person", "L-Person", "U-Place"), [(0, 2, "Person"), (2, 3, "Place")]),
        (("B-Summit", "I-Summit", "L-Summit"), [(0, 3, "Summit")]),
    ],
)
def test_tags_are_names(tags: tuple[str, ...], names: list[tuple[int, int, str]]) -> None:
    assert list(_names(likely(*tags), [row == 0 for row in range(len(tags))])) == names


def test_a_row_of_tags_that_cannot_be_gives_the_likeliest_that_can() -> None:
    odds = likely("B-Person", "L-Organization")
    odds[1, TAGS.index("L-Person")] = -1
    assert list(_names(odds, [True, False])) == [(0, 2, "Person")]


def test_no_name_goes_on_into_the_next_sentence() -> None:
    assert all(end == begin + 1 for begin, end, _ in _names(likely("B-Person", "L-Person"), [True, True]))


def test_a_sentence_begins_even_where_its_first_word_has_no_piece() -> None:
    doc = german.parse(german.load(), Article("a", "Er war in Kiew. Ja Mali kam.", "", date(2024, 11, 1), "given"))
    assert doc[5].is_sent_start and not doc[6].is_sent_start
    read = np.array([0, 1, 2, 3, 6, 7])  # as if "." and "Ja" had not been read
    odds = likely("O", "O", "O", "B-Place", "L-Place", "O")
    assert (3, 7, "Place") not in likeliest_names(doc, read, odds)
    assert list(likeliest_names(doc, np.array([0, 1, 2, 3, 4, 7]), odds)) == [(3, 5, "Place")]


def test_names_of_the_six_classes_are_found_outside_noise() -> None:
    text = "Nordkoreas Machthaber Kim Jong Un schickt Soldaten nach Kursk. Das sagte Joe Biden.\nWladimir Putin"
    names = dict(found_in(text, Span(text.index("Wladimir"), len(text))))
    assert names["Nordkoreas"] == "Country"
    assert names["Kim Jong Un"] == names["Joe Biden"] == "Person"
    assert names["Kursk"] == "Place"
    assert "Wladimir Putin" not in names


def test_white_space_inside_a_name_is_part_of_it() -> None:
    assert ("Donald  Trump", "Person") in found_in("Am Montag kam Donald  Trump nach Berlin.")


def test_words_are_described_by_lists_and_spelling() -> None:
    doc = german.parse(german.load(), Article("a", "Mali kam.", "Mali kam.", date(2024, 11, 1), "given"))
    words = describe(doc, {"NE": 1})
    assert words.features.shape == (3, FEATURES)
    assert words.features[0, 0] == 1
    assert words.features[1, 0] == 0
    assert words.features[:, -1].tolist() == [1, 0, 0]


@pytest.mark.parametrize("text", ["", "\n", "軍隊", "Ab" * 3000, "Kiew " * 2 * LONGEST])
def test_any_text_is_read(text: str) -> None:
    assert all(name.strip() for name, _ in found_in(text))
