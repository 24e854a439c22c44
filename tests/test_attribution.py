"""Sources without a name, in the article's words."""

import pytest

from kg.attribution import find_sources
from kg.reading import Reading
from tests.readings import read


def sources(reading: Reading) -> list[tuple[str, str, int]]:
    return [(s.span.of(reading.article.text), s.cue, s.sentence) for s in find_sources(reading)]


@pytest.mark.parametrize(
    ("text", "pos", "words", "cue"),
    [
        ("Laut Diplomaten zögert Paris.", "ADP NOUN VERB PROPN PUNCT", "Diplomaten", "laut"),
        ("Diplomaten zufolge zögert Paris.", "NOUN ADP VERB PROPN PUNCT", "Diplomaten", "zufolge"),
        (
            "Laut westlichen Geheimdienstkreisen zögert Paris.",
            "ADP ADJ NOUN VERB PROPN PUNCT",
            "westlichen Geheimdienstkreisen",
            "laut",
        ),
        (
            "Paris zögere, sagten zwei Beamte des Ministeriums.",
            "PROPN VERB PUNCT VERB NUM NOUN DET NOUN PUNCT",
            "zwei Beamte des Ministeriums",
            "sagen",
        ),
        (
            "Ein Sprecher der Regierung erklärte, man zögere.",
            "DET NOUN DET NOUN VERB PUNCT PRON VERB PUNCT",
            "Sprecher der Regierung",
            "erklären",
        ),
        (
            "Man zögere, so Personen, die mit der Sache vertraut sind, noch.",
            "PRON VERB PUNCT ADV NOUN PUNCT PRON ADP DET NOUN ADJ AUX PUNCT ADV PUNCT",
            "Personen, die mit der Sache vertraut sind",
            "so",
        ),
        (
            "Nach Angaben von Diplomaten zögert Paris.",
            "ADP NOUN ADP NOUN VERB PROPN PUNCT",
            "Angaben von Diplomaten",
            "nach",
        ),
        (
            "Kim schickt nach Angaben Südkoreas Soldaten.",
            "PROPN VERB ADP NOUN PROPN NOUN PUNCT",
            "Angaben Südkoreas",
            "nach",
        ),
        (
            "Nach Einschätzung westlicher Experten zögert Paris.",
            "ADP NOUN ADJ NOUN VERB PROPN PUNCT",
            "westlicher Experten",
            "nach Einschätzung",
        ),
    ],
)
def test_an_unnamed_source_and_what_brings_it_in(text: str, pos: str, words: str, cue: str) -> None:
    ((found, how, _),) = sources(read(text, pos=pos))
    assert found == words
    assert how.casefold() == cue.casefold()


@pytest.mark.parametrize(
    ("text", "pos"),
    [
        ("Der Minister traf drei Diplomaten in Paris.", "DET NOUN VERB NUM NOUN ADP PROPN PUNCT"),
        ("Die Diplomaten schliefen.", "DET NOUN VERB PUNCT"),
        ("Das Land sagte ab.", "DET NOUN VERB ADP PUNCT"),
    ],
)
def test_somebody_in_the_story_is_no_source(text: str, pos: str) -> None:
    assert sources(read(text, pos=pos)) == []


def test_a_named_body_is_an_entity_and_no_unnamed_source() -> None:
    names = {"Geheimdienst": "organization/nis"}
    text, pos = "Laut Geheimdienst zögert Paris.", "ADP NOUN VERB PROPN PUNCT"
    assert sources(read(text, names, pos=pos)) == []
    assert [words for words, _, _ in sources(read(text, pos=pos))] == ["Geheimdienst"]


def test_sources_know_their_sentence_and_noise_has_none() -> None:
    line = "Laut Experten lohnt sich das Abo"
    reading = read(f"Paris zögert. Laut Diplomaten ist es müde.\n\n{line}", noise=[line])
    assert [(words, number) for words, _, number in sources(reading)] == [("Diplomaten", 1)]


def test_one_source_a_sentence() -> None:
    reading = read("Laut Diplomaten und laut Experten zögert Paris.")
    assert [words for words, _, _ in sources(reading)] == ["Diplomaten"]
