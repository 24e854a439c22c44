"""What the words before a figure say of other figures."""

import pytest
import spacy

from kg.quantities import find_figures
from kg.wholes import share_of, words_of_figure

NLP = spacy.blank("de")


@pytest.mark.parametrize(
    ("text", "words", "share"),
    [
        ("Es kamen weitere 400 Soldaten.", "weitere 400 Soldaten", "more"),
        ("Es kamen 400 zusätzliche Soldaten.", "400 zusätzliche Soldaten", "more"),
        ("Die ersten 400 Soldaten kamen.", "ersten 400 Soldaten", "part"),
        ("Dort stehen nun insgesamt rund 800 Soldaten.", "insgesamt rund 800 Soldaten", "total"),
        ("Im Land stehen damit 200 Soldaten.", "200 Soldaten", None),
        ("Dort stehen inzwischen rund 15.000 Soldaten.", "rund 15.000 Soldaten", None),
        ("400 Soldaten kamen.", "400 Soldaten", None),
        ("Der Abzug dauert nun.\n\n400 Soldaten kamen.", "400 Soldaten", None),
        ("Die Gäste kamen: 400 Soldaten.", "400 Soldaten", None),
    ],
)
def test_words_that_set_a_figure_beside_others(text: str, words: str, share: str | None) -> None:
    (figure,) = find_figures(NLP.make_doc(text))
    assert words_of_figure(figure, text) == words
    assert share_of(words) == share
