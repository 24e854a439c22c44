"""Where trigger words of the frames stand."""

import pytest

from kg.reading import Reading
from kg.wordlists import words_of
from tests.readings import at, read


def hits(reading: Reading, word: str) -> dict[str, str]:
    """Return the frames of a word, each with its greatest strength ("strong" sorts before "weak")."""
    return dict(reversed(reading.lexicon.get(at(reading, word), ())))


def test_the_same_verb_is_a_weak_word_or_a_strong_one_by_its_particle() -> None:
    whole = read("Paris schickt Soldaten nach Mali.", pos="PROPN VERB NOUN ADP PROPN PUNCT")
    assert hits(whole, "schickt")["Deployment"] == "weak"
    split = read("Paris zieht Soldaten ab.", pos="PROPN VERB NOUN ADP PUNCT", morph={"zieht": "VerbForm=Fin"})
    assert hits(split, "zieht")["Withdrawal"] == "strong"
    bare = read("Paris zieht Soldaten zusammen.", pos="PROPN VERB NOUN ADP PUNCT", morph={"zieht": "VerbForm=Fin"})
    assert "Withdrawal" not in hits(bare, "zieht")
    assert hits(bare, "zieht")["Deployment"] == "strong"


@pytest.mark.parametrize(
    ("text", "word", "frame"),
    [
        ("Die Entsendung ist beschlossen.", "Entsendung", "Deployment"),
        ("Die Schützenbrigadenentsendung ist beschlossen.", "Schützenbrigadenentsendung", "Deployment"),
        ("Der Heeresteileabzug hat begonnen.", "Heeresteileabzug", "Withdrawal"),
        ("Der Hubschrauberraketenangriff traf ein Depot.", "Hubschrauberraketenangriff", "Attack"),
    ],
)
def test_nouns_are_found_by_themselves_and_as_the_last_part_of_a_compound(text: str, word: str, frame: str) -> None:
    assert frame in hits(read(text), word)


def test_only_nouns_are_compounds() -> None:
    assert read("Er ist ein vorabendangriff.").lexicon == {}


@pytest.mark.parametrize(
    ("text", "pos"),
    [
        ("Das Land setzt zwei Bataillone in Marsch.", "DET NOUN VERB NUM NOUN ADP NOUN PUNCT"),
        ("Zwei Bataillone wurden in Marsch gesetzt.", "NUM NOUN AUX ADP NOUN VERB PUNCT"),
        ("Man will die Bataillone in Marsch setzen.", "PRON AUX DET NOUN ADP NOUN VERB PUNCT"),
    ],
)
def test_a_light_verb_construction_counts_for_its_noun(text: str, pos: str) -> None:
    assert hits(read(text, pos=pos), "Marsch")["Deployment"] == "strong"


def test_a_light_verb_construction_may_not_spread_over_the_whole_text() -> None:
    far = "Man setzt auf viele neue Wege und auf neue Ideen, bevor die Truppe heute wieder in Marsch kommt."
    pos = " ".join(["X", "VERB"] + ["X"] * 17 + ["PUNCT"])
    assert "Deployment" not in hits(read(far, pos=pos), "Marsch")


def test_an_attack_of_a_striker_is_none() -> None:
    assert "Attack" in hits(read("Der Angriff begann am Abend."), "Angriff")
    assert "Attack" not in hits(read("Der Stürmer leitete den Angriff ein."), "Angriff")
    assert "Attack" in hits(read("Der Stürmer schlief. Der Angriff begann."), "Angriff")


def test_word_lists_are_lower_case_and_disjoint_where_they_exclude_each_other() -> None:
    for table in ("modals", "negations", "passive", "prepositions", "articles", "pronouns", "clause_breaks"):
        assert words_of(table)
        assert all(word == word.lower() for word in words_of(table))
    assert words_of("modals").isdisjoint(words_of("negations") | words_of("prepositions"))
    assert words_of("passive").isdisjoint(words_of("negations"))
    with pytest.raises(KeyError):
        words_of("no such table")
