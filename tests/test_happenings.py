"""Which words tell of a happening, and which of them tell of the same one."""

import pytest

from kg import triggers
from kg.happenings import find_happenings, join_triggers, judge_words
from kg.reading import Reading
from kg.realisations import Happening
from tests.readings import at, happening, linear, read

TREATY = read(
    "Peking und Moskau unterzeichneten am Montag ein Abkommen.",
    {"Peking": "country/CN", "Moskau": "country/RU"},
    pos="PROPN CCONJ PROPN VERB ADP NOUN DET NOUN PUNCT",
    deps="nsubj>4 cc>3 conj>1 ROOT case>6 obl>4 det>8 obj>4 punct>4",
    morph={"unterzeichneten": "Mood=Ind|Tense=Past|VerbForm=Fin"},
)


def candidate_words(reading: Reading) -> list[str]:
    return [reading.doc[i].text for i in triggers.candidates(reading)]


def word_features(reading: Reading, word: str) -> list[str]:
    i = at(reading, word)
    shared = triggers.sentence_features(reading, reading.sentence_of[i])
    return [*triggers.features(reading, i, shared), *shared]


def joined(text: str, words: str, type_: str = "Meeting") -> list[tuple[str, list[str]]]:
    reading = read(text)
    found = [happening(reading, type_, word, 0.5) for word in words.split()]
    return [(reading.doc[h.token].text, [reading.doc[i].text for i in h.more]) for h in join_triggers(reading, found)]


def test_content_words_are_candidates() -> None:
    assert candidate_words(TREATY) == ["Peking", "Moskau", "unterzeichneten", "Montag", "Abkommen"]


def test_a_word_with_a_hyphen_is_a_candidate_but_a_number_or_a_dash_is_none() -> None:
    reading = read("Der EU-Gipfel – 27 Länder – tagt.", pos="DET NOUN PUNCT NUM NOUN PUNCT VERB PUNCT")
    assert candidate_words(reading) == ["EU-Gipfel", "Länder", "tagt"]


def test_nothing_in_noise_is_a_candidate() -> None:
    line = "Lesen Sie auch: Angriff auf Odessa"
    assert candidate_words(read(f"Ein Angriff.\n\n{line}", noise=[line])) == ["Ein", "Angriff"]


def test_a_candidate_shows_its_word_its_neighbours_its_place_in_the_parse_and_its_sentence() -> None:
    found = word_features(TREATY, "unterzeichneten")
    assert {"l=unterzeichnen", "p=VERB", "-1=<Country>", "+1=am", "d=ROOT", "Tense=Past"} <= set(found)
    assert {"c:nsubj=<Country>", "c:obj=Abkommen", "lex=Agreement"} <= set(found)
    assert {"s:states=2", "s:people=0", "s:time", "lex=Agreement&s:states=2"} <= set(found)
    assert "s:title" not in found, "a text of one sentence has no headline"
    assert not {"s:neg", "s:quote", "s:figure", "again", "s:title"} & set(found)


def test_negation_quotes_and_figures_belong_to_the_sentence() -> None:
    found = word_features(read("„Kein Land schickt 500 Soldaten.“"), "schickt")
    assert {"s:neg", "s:quote", "s:figure", "s:figure=Soldat"} <= set(found)


def test_the_headline_is_marked_and_a_sentence_by_itself_is_none() -> None:
    reading = read("Kenia schickt Helfer\n\nKenia entsendet Helfer nach Haiti.")
    assert "s:title" in word_features(reading, "schickt")
    assert "s:title" not in word_features(reading, "entsendet")
    assert "s:title" not in word_features(read("Kenia schickt Helfer nach Haiti."), "schickt")


def test_a_word_that_a_sentence_before_has_is_there_again() -> None:
    reading = read("Das Treffen fand statt. Das zweite Treffen war kurz.")
    first, second = (token.i for token in reading.doc if token.text == "Treffen")
    features = [triggers.features(reading, i, []) for i in (first, second)]
    assert ["again" in found for found in features] == [False, True]


def test_happenings_are_the_words_that_are_likely_enough() -> None:
    model = linear({"l=unterzeichnen": {"Agreement": 7}, "l=Montag": {"Meeting": 4}}, ("Agreement", "Meeting"))
    found = find_happenings(TREATY, judge_words(TREATY, model), 0.5)
    assert [(h.type, TREATY.doc[h.token].text) for h in found] == [("Agreement", "unterzeichneten")]
    assert found[0].probability == pytest.approx(0.88, abs=0.01)
    assert [h.type for h in find_happenings(TREATY, judge_words(TREATY, model), 0.2)] == ["Agreement", "Meeting"]


def test_a_word_may_tell_of_two_types() -> None:
    model = linear({"l=Abkommen": {"Agreement": 9, "Meeting": 9}}, ("Agreement", "Meeting"))
    found = find_happenings(TREATY, judge_words(TREATY, model), 0.5)
    assert [(h.type, TREATY.doc[h.token].text) for h in found] == [("Agreement", "Abkommen"), ("Meeting", "Abkommen")]


def test_verb_and_noun_of_one_clause_tell_of_it_together_and_the_surer_stands_for_both() -> None:
    model = linear({"l=unterzeichnen": {"Agreement": 6}, "l=Abkommen": {"Agreement": 9}}, ("Agreement",))
    (found,) = find_happenings(TREATY, judge_words(TREATY, model), 0.5)
    assert TREATY.doc[found.token].text == "Abkommen"
    assert [TREATY.doc[i].text for i in found.more] == ["unterzeichneten"]


def test_three_words_of_one_clause_are_one_happening() -> None:
    assert joined("Sie kamen zu einem Treffen zum Gespräch.", "kamen Treffen Gespräch") == [
        ("kamen", ["Treffen", "Gespräch"])
    ]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Er traf Macron und besuchte Scholz.", "traf besuchte"),
        ("Er traf Macron; Scholz besuchte er später.", "traf besuchte"),
        ("Er traf Macron – Scholz besuchte er nicht.", "traf besuchte"),
        ("Er traf Macron, der müde war, besuchte Scholz.", "traf besuchte"),
        ("Er traf Macron. Später besuchte er Scholz.", "traf besuchte"),
    ],
)
def test_words_of_two_clauses_are_two_happenings(text: str, words: str) -> None:
    assert joined(text, words) == [(word, []) for word in words.split()]


def test_types_are_not_joined() -> None:
    reading = read("Beim Treffen schlossen sie ein Abkommen.")
    found = [happening(reading, "Agreement", "Abkommen"), happening(reading, "Meeting", "Treffen")]
    assert [(h.type, h.more) for h in join_triggers(reading, found)] == [("Meeting", ()), ("Agreement", ())]


def test_the_earlier_of_two_equally_sure_words_stands_for_both() -> None:
    reading = read("Sie kamen zu einem Treffen.")
    one, other = happening(reading, "Meeting", "Treffen", 0.5), happening(reading, "Meeting", "kamen", 0.5)
    assert join_triggers(reading, [one, other]) == [Happening("Meeting", other.token, 0.5, (one.token,))]
