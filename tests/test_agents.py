"""What grammar alone says of who attacks whom."""

import numpy as np
import pytest

from kg.agents import heed_grammar
from kg.reading import Reading
from tests.readings import happening, number_of, read

RUSSIA, UKRAINE, ISRAEL = "country/RU", "country/UA", "country/IL"


def attackers(reading: Reading, word: str, *likely: str) -> set[str]:
    """Return who attacks by grammar, of those whom a model finds likely."""
    chances = np.zeros((len(reading.entities), 2), dtype=np.float32)
    chances[[number_of(reading, key) for key in likely], 1] = 0.6
    settled = heed_grammar(reading, happening(reading, "Attack", word), chances, ("target", "attacker"))
    assert not settled[:, 0].any()
    return {reading.entities[number].entity.key for number in np.flatnonzero(settled[:, 1])}


def test_the_state_of_an_adjective_before_the_noun_attacks() -> None:
    text = "Nach dem russischen nächtlichen Angriff auf Charkiw sprach Kiew von Terror."
    pos = "ADP DET ADJ ADJ NOUN ADP PROPN VERB PROPN ADP NOUN PUNCT"
    reading = read(text, {"russischen": RUSSIA, "Kiew": UKRAINE}, pos=pos)
    assert attackers(reading, "Angriff", UKRAINE) == {RUSSIA}


def test_an_adjective_of_another_noun_says_nothing() -> None:
    reading = read(
        "Die russische Stadt erlebte einen Angriff.",
        {"russische": RUSSIA},
        pos="DET ADJ NOUN VERB DET NOUN PUNCT",
    )
    assert attackers(reading, "Angriff") == set()


@pytest.mark.parametrize(
    ("text", "pos", "deps", "word", "expected"),
    [
        ("Israel wurde beschossen .", "PROPN AUX VERB PUNCT", "nsubj>3 aux>3 ROOT punct>3", "beschossen", set()),
        (
            "Er wurde von Israel beschossen .",
            "PRON AUX ADP PROPN VERB PUNCT",
            "nsubj>5 aux>5 case>4 obl>5 ROOT punct>5",
            "beschossen",
            {ISRAEL},
        ),
        ("Israel hat geschossen .", "PROPN AUX VERB PUNCT", "nsubj>3 aux>3 ROOT punct>3", "geschossen", {ISRAEL}),
    ],
)
def test_who_is_done_to_does_not_attack(text: str, pos: str, deps: str, word: str, expected: set[str]) -> None:
    morph = dict.fromkeys(("beschossen", "geschossen"), "VerbForm=Part")
    reading = read(text, {"Israel": ISRAEL}, pos=pos, deps=deps, morph=morph)
    assert attackers(reading, word, ISRAEL) == expected


def test_who_is_named_in_another_sentence_may_have_done_it() -> None:
    morph = {"beschossen": "VerbForm=Part"}
    reading = read("Israel schweigt. Ein Schiff wurde beschossen.", {"Israel": ISRAEL}, morph=morph)
    assert attackers(reading, "beschossen", ISRAEL) == {ISRAEL}


@pytest.mark.parametrize(
    ("text", "pos", "deps", "attacked"),
    [
        (
            "Kiew wurde von russischen Soldaten beschossen .",
            "PROPN AUX ADP ADJ NOUN VERB PUNCT",
            "nsubj>6 aux>6 case>5 amod>5 obl>6 ROOT punct>6",
            False,
        ),
        (
            "Kiew hat die russischen Soldaten beschossen .",
            "PROPN AUX DET ADJ NOUN VERB PUNCT",
            "nsubj>6 aux>6 det>5 amod>5 obj>6 ROOT punct>6",
            True,
        ),
        (
            "Von Kiew wurden die russischen Lager beschossen .",
            "ADP PROPN AUX DET ADJ NOUN VERB PUNCT",
            "case>2 obl>7 aux>7 det>6 amod>6 nsubj>7 ROOT punct>7",
            True,
        ),
    ],
)
def test_by_whom_something_is_done_is_no_target(text: str, pos: str, deps: str, *, attacked: bool) -> None:
    reading = read(text, {"russischen": RUSSIA}, pos=pos, deps=deps, morph={"beschossen": "VerbForm=Part"})
    chances = np.array([[0.9, 0.1]], dtype=np.float32)
    settled = heed_grammar(reading, happening(reading, "Attack", "beschossen"), chances, ("target", "attacker"))
    assert bool(settled[0, 0]) is attacked
    assert (settled[0, 1] > settled[0, 0]) is not attacked
