"""Has it happened? What of mood, modality and negation the model is shown."""

import numpy as np
import pytest

from kg import standing
from kg.model import STATUSES
from kg.reading import Reading
from tests.readings import happening, read


def seen(reading: Reading, word: str, type_: str = "Deployment") -> set[str]:
    return set(standing.features(reading, happening(reading, type_, word)))


@pytest.mark.parametrize(
    ("text", "word", "cue"),
    [
        ("Nordkorea könnte Soldaten schicken.", "schicken", "könnte"),
        ("Nordkorea will Soldaten schicken.", "schicken", "will"),
        ("Nordkorea schickt keine Soldaten.", "schickt", "keine"),
        ("Nordkorea hat Soldaten geschickt.", "geschickt", "hat"),
        ("Kim schlug vor, Soldaten zu schicken.", "schicken", "zu"),
    ],
)
def test_modals_negations_and_auxiliaries_of_the_clause(text: str, word: str, cue: str) -> None:
    found = seen(read(text), word)
    assert f"clause:{cue}" in found
    assert f"Deployment|clause:{cue}" in found
    assert f"sentence:{cue}" not in found


def test_what_stands_in_another_clause_is_only_in_the_sentence() -> None:
    found = seen(read("Kim sagte, er wolle nicht reden, und schickte Soldaten."), "schickte")
    assert {"sentence:nicht", "sentence:wolle"} <= found
    assert not any(f.startswith("clause:") for f in found)


def test_the_side_of_a_negation_counts() -> None:
    assert "clause:nicht:after" in seen(read("Kim schickt die Soldaten nicht."), "schickt")
    assert "clause:nicht:before" in seen(read("Kim wird nicht schicken."), "schicken")


def test_what_governs_the_trigger() -> None:
    reading = read(
        "Die Nato forderte den Abzug.",
        pos="DET PROPN VERB DET NOUN PUNCT",
        deps="det>2 nsubj>3 ROOT det>5 obj>3 punct>3",
        morph={"forderte": "Mood=Ind|VerbForm=Fin"},
    )
    assert {"g1=fordern", "g:fordern", "g1:Mood=Ind", "Withdrawal|g:fordern"} <= seen(reading, "Abzug", "Withdrawal")


def test_auxiliaries_and_particles_that_hang_on_the_trigger() -> None:
    reading = read(
        "Die Soldaten seien abgezogen worden.",
        pos="DET NOUN AUX VERB AUX PUNCT",
        deps="det>2 nsubj:pass>4 aux>4 ROOT aux:pass>4 punct>4",
        morph={"abgezogen": "VerbForm=Part"},
    )
    assert {"k:seien", "k:worden", "VerbForm=Part"} <= seen(reading, "abgezogen", "Withdrawal")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Im Mai 2025 schickt Kenia Soldaten.", "time=future"),
        ("Im Mai 2024 schickte Kenia Soldaten.", "time=past"),
        ("Im November 2024 schickte Kenia Soldaten.", "time=now"),
        ("Am 18. November 2024 schickte Kenia Soldaten.", "time=now"),
        ("Am 19. November 2024 schickt Kenia Soldaten.", "time=future"),
    ],
)
def test_dates_are_measured_by_the_day_of_publication(text: str, expected: str) -> None:
    word = "schickt" if "schickt " in text else "schickte"
    times = {f for f in seen(read(text, published="2024-11-18"), word) if f.startswith("time=")}
    assert times == {expected}


def test_headlines_questions_and_bounds() -> None:
    reading = read("Schickt Kenia bis zu 500 Polizisten?\n\nDas Land zögert.")
    assert {"title", "figure=upTo"} <= seen(reading, "Schickt")
    assert "title" not in seen(reading, "zögert")


@pytest.mark.parametrize(
    ("feature", "word"),
    [
        ("Deployment|clause:könnte", "könnte"),
        ("clause:nicht:after", "nicht"),
        ("sentence:will", "will"),
        ("g1=fordern", "fordern"),
        ("Withdrawal|g:fordern", "fordern"),
        ("k:seien", "seien"),
        ("time=future", ""),
        ("Mood=Sub", ""),
        ("+1=nach", ""),
        ("t=Deployment", ""),
    ],
)
def test_the_word_that_is_shown_for_a_feature(feature: str, word: str) -> None:
    assert standing.shown_word(feature) == word


def test_the_same_words_give_the_same_features_in_the_same_order() -> None:
    reading = read("Nordkorea könnte im Mai bis zu 500 Soldaten nicht schicken.")
    found = happening(reading, "Deployment", "schicken")
    assert standing.features(reading, found) == standing.features(reading, found)


def test_the_encoder_and_the_linear_model_are_weighed_together() -> None:
    reading = read("Nordkorea schickt 500 Soldaten.")
    even = np.zeros(len(STATUSES), dtype=np.float32)
    no = even.copy()
    no[STATUSES.index("denied")] = 9
    assert STATUSES[int(np.argmax(standing.weigh(reading, 1, even, no)))] == "denied"
    assert standing.weigh(reading, 1, no, None).tolist() == no.tolist()


@pytest.mark.parametrize(
    ("text", "word", "is_open"),
    [
        ("Das Treffen findet derzeit in Wien statt.", "treffen", False),
        ("Das Treffen findet heute in Wien statt.", "treffen", False),
        ("Das Treffen findet morgen in Wien statt.", "treffen", True),
        ("Das Treffen der Minister beginnt heute.", "treffen", True),
        ("Polen plant derzeit den Abzug seiner 300 Soldaten.", "abzug", True),
        ("Momentan bereitet Italien den Abzug vor.", "abzug", True),
        ("Das Treffen soll derzeit in Wien stattfinden.", "treffen", True),
        ("Das Treffen findet in Wien statt, das derzeit überfüllt ist.", "treffen", True),
    ],
)
def test_what_is_going_on_lies_not_ahead(text: str, word: str, *, is_open: bool) -> None:
    ahead = np.array([status == "planned" for status in STATUSES], dtype=np.float32)
    reading = read(text)
    weighed = standing.weigh(reading, reading.lower.index(word), ahead, None)
    assert STATUSES[int(np.argmax(weighed))] == ("planned" if is_open else "occurred")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Geplant ist am Montag ein Treffen mit Selenskyj.", "planned"),
        ("Denkbar sei, dass es ein Treffen gibt.", "possible"),
        ("Erwartet wird ein Treffen.", "possible"),
        ("Geplant ist kein Treffen.", None),
        ("Erwartet wird Macron, der zuletzt ein Treffen absagte.", None),
        ("Ein Treffen ist geplant.", None),
        ("Geplant hatte Macron ein Treffen.", None),
        ("Geplant war ein Treffen, doch Macron sagte ab.", None),
    ],
)
def test_the_predicate_that_opens_a_sentence_says_its_standing(text: str, expected: str | None) -> None:
    reading = read(text)
    i = reading.lower.index("treffen")
    found = standing.find_fronted(reading, i)
    assert (found[1] if found else None) == expected


@pytest.mark.parametrize(
    ("text", "word", "unsaid"),
    [
        ("Moskau äußerte sich zunächst nicht.", "äußerte", True),
        ("Dazu sagte Moskau nichts, Kiew schwieg.", "sagte", False),
        ("Moskau bestätigte das nicht.", "bestätigte", True),
        ("Moskau hat sich dazu nicht geäußert.", "geäußert", True),
        ("Moskau wollte das nicht kommentieren.", "kommentieren", True),
        ("Moskau glaubt nicht, dass Kiew verhandelt.", "glaubt", False),
        ("Moskau hat das nicht ausgeschlossen.", "ausgeschlossen", False),
        ("Moskau sagte, man wisse es nicht.", "sagte", False),
    ],
)
def test_what_is_not_said(text: str, word: str, *, unsaid: bool) -> None:
    reading = read(text)
    assert standing.is_unsaid(reading, reading.lower.index(word)) is unsaid
