"""The sentence of an article that shows best why it was found."""

import pytest

from kg.fulltext.snippets import LONGEST, cut_out, find_snippet, split_sentences
from kg.fulltext.words import read_question


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("Er kam am 3. Oktober. Sie ging.", ["Er kam am 3. Oktober.", "Sie ging."]),
        ("Das war 2024. Danach, z. B. im Mai, nicht.", ["Das war 2024.", "Danach, z. B. im Mai, nicht."]),
        ("„Nie!“ Das sagte Dr. Weiß bzw. Frau Rot.", ["„Nie!“", "Das sagte Dr. Weiß bzw. Frau Rot."]),
        ("Schlagzeile\n\nText ohne Punkt\nNoch einer", ["Schlagzeile", "Text ohne Punkt", "Noch einer"]),
        (" \n ", []),
    ],
)
def test_sentences(text: str, sentences: list[str]) -> None:
    assert list(split_sentences(text)) == sentences


def test_noise_is_cut_out() -> None:
    assert cut_out("abc MENÜ def TEASER", [(4, 8), (13, 19), (14, 16)]) == ["abc ", " def "]
    assert cut_out("MENÜ", [(0, 4)]) == []


def test_the_sentence_with_most_words_is_shown() -> None:
    pieces = ["In Mali war es ruhig. Am Abend regnete es in Mali heftig. Es regnete."]
    assert find_snippet(pieces, read_question("mali regn")) == "Am Abend regnete es in Mali heftig."
    assert find_snippet(pieces, read_question("mali")) == "In Mali war es ruhig."
    assert find_snippet(pieces, read_question("regenwurm")) == ""
    assert find_snippet([], read_question("mali")) == ""


def test_a_long_sentence_is_cut_around_the_word() -> None:
    words = " ".join(f"wort{number}" for number in range(200))
    snippet = find_snippet([words], read_question("wort150"))
    assert "wort150" in snippet
    assert snippet.startswith("… wort")
    assert snippet.endswith(" …")
    assert len(snippet) <= LONGEST + 4
    assert len(find_snippet(["x" * 5_000], read_question("xx"))) <= LONGEST + 4
