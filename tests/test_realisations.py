"""How a name stands to a trigger, in the terms of the frames."""

import pytest

from kg.reading import Reading
from kg.realisations import fitting_roles, left_edge, observed_realisations
from tests.readings import happening, number_of, read

STATES = {"Nordkorea": "country/KP", "Russland": "country/RU"}
FINITE = {"schickt": "Mood=Ind|VerbForm=Fin"}
ACTIVE = read(
    "Nordkorea schickt Soldaten nach Russland.",
    STATES,
    pos="PROPN VERB NOUN ADP PROPN PUNCT",
    deps="nsubj>2 ROOT obj>2 case>5 obl>2 punct>2",
    morph=FINITE,
)
PASSIVE = read(
    "Soldaten werden von Nordkorea nach Russland geschickt.",
    STATES,
    pos="NOUN AUX ADP PROPN ADP PROPN VERB PUNCT",
    deps="nsubj:pass>7 aux:pass>7 case>4 obl>7 case>6 obl>7 ROOT punct>7",
    morph={"geschickt": "VerbForm=Part", "werden": "Mood=Ind|VerbForm=Fin"},
)
NOMINAL = read(
    "Die Entsendung nordkoreanischer Soldaten nach Russland begann.",
    {"nordkoreanischer": "country/KP", "Russland": "country/RU"},
    pos="DET NOUN ADJ NOUN ADP PROPN VERB PUNCT",
    deps="det>2 nsubj>7 amod>4 nmod>2 case>6 nmod>2 ROOT punct>7",
)


def seen(reading: Reading, type_: str, word: str, key: str) -> set[str]:
    (place,) = reading.places_of[number_of(reading, key)]
    return observed_realisations(reading, happening(reading, type_, word), place)


def roles(reading: Reading, type_: str, word: str, key: str) -> list[str]:
    (place,) = reading.places_of[number_of(reading, key)]
    return fitting_roles(reading, happening(reading, type_, word), place)


def test_subject_of_an_active_verb() -> None:
    assert seen(ACTIVE, "Deployment", "schickt", "country/KP") == {"verb:subject", "active:subject"}
    assert "fits=sender" in roles(ACTIVE, "Deployment", "schickt", "country/KP")
    assert "fits=destination" not in roles(ACTIVE, "Deployment", "schickt", "country/KP")


def test_von_with_a_passive_verb_is_who_does_it() -> None:
    assert seen(PASSIVE, "Deployment", "geschickt", "country/KP") == {"verb:von", "passive:von"}
    assert roles(PASSIVE, "Deployment", "geschickt", "country/KP") == ["fits=sender"]


def test_a_finite_verb_beside_a_passive_is_active() -> None:
    reading = read(
        "Soldaten wurden müde, als Nordkorea sie schickte.",
        {"Nordkorea": "country/KP"},
        pos="NOUN AUX ADJ PUNCT SCONJ PROPN PRON VERB PUNCT",
        deps="nsubj>3 cop>3 ROOT punct>8 mark>8 nsubj>8 obj>8 advcl>3 punct>3",
        morph={"schickte": "Mood=Ind|VerbForm=Fin"},
    )
    assert seen(reading, "Deployment", "schickte", "country/KP") == {"verb:subject", "active:subject"}


@pytest.mark.parametrize(("reading", "word"), [(ACTIVE, "schickt"), (PASSIVE, "geschickt"), (NOMINAL, "Entsendung")])
def test_nach_is_where_to(reading: Reading, word: str) -> None:
    assert roles(reading, "Deployment", word, "country/RU") == ["fits=destination"]


def test_the_adjective_of_a_noun_is_who_does_it() -> None:
    assert seen(NOMINAL, "Deployment", "Entsendung", "country/KP") == {"noun:adjective"}
    assert roles(NOMINAL, "Deployment", "Entsendung", "country/KP") == ["fits=sender"]


def test_the_genitive_of_a_noun() -> None:
    reading = read(
        "Der Angriff Israels begann.",
        {"Israels": "country/IL"},
        pos="DET NOUN PROPN VERB PUNCT",
        deps="det>2 nsubj>4 nmod>2 ROOT punct>4",
    )
    assert seen(reading, "Attack", "Angriff", "country/IL") == {"noun:genitive"}
    assert "fits=attacker" in roles(reading, "Attack", "Angriff", "country/IL")


def test_accusative_and_dative_of_a_verb() -> None:
    reading = read(
        "Die Schweiz hilft Jordanien.",
        {"Schweiz": "country/CH", "Jordanien": "country/JO"},
        pos="DET PROPN VERB PROPN PUNCT",
        deps="det>2 nsubj>3 ROOT iobj>3 punct>3",
    )
    assert seen(reading, "Aid", "hilft", "country/JO") == {"verb:dative", "active:dative"}
    assert "fits=recipient" in roles(reading, "Aid", "hilft", "country/JO")
    reading = read(
        "Israel griff Iran an.",
        {"Israel": "country/IL", "Iran": "country/IR"},
        pos="PROPN VERB PROPN ADP PUNCT",
        deps="nsubj>2 ROOT obj>2 compound:prt>2 punct>2",
        morph={"griff": "VerbForm=Fin"},
    )
    assert seen(reading, "Attack", "griff", "country/IR") == {"verb:accusative", "active:accusative"}
    assert roles(reading, "Attack", "griff", "country/IR") == ["fits=target"]
    assert roles(reading, "Attack", "griff", "country/IL") == ["fits=attacker"]


@pytest.mark.parametrize(
    ("short", "full"), [("im", "in"), ("ins", "in"), ("am", "an"), ("beim", "bei"), ("vom", "von")]
)
def test_a_preposition_with_its_article_is_the_preposition(short: str, full: str) -> None:
    reading = read(
        f"Der Einsatz {short} Sudan dauert.",
        {"Sudan": "country/SD"},
        pos="DET NOUN ADP PROPN VERB PUNCT",
        deps="det>2 nsubj>5 case>4 nmod>2 ROOT punct>5",
    )
    assert seen(reading, "Deployment", "Einsatz", "country/SD") == {f"noun:{full}"}


def test_a_name_of_another_sentence_fits_nothing() -> None:
    reading = read("Nordkorea schweigt. Es schickt Soldaten.", {"Nordkorea": "country/KP"})
    assert roles(reading, "Deployment", "schickt", "country/KP") == []
    assert fitting_roles(reading, happening(reading, "Deployment", "schickt"), None) == []


@pytest.mark.parametrize(
    ("text", "pos", "expected"),
    [
        (
            "Sie kämpfen in der alten Festung Kursk.",
            "PRON VERB ADP DET ADJ NOUN PROPN PUNCT",
            ["art=der", "prep=in"],
        ),
        ("Sie kämpfen nahe Kursk.", "PRON VERB ADP PROPN PUNCT", ["prep=nahe"]),
        ("Gestern fiel Kursk.", "ADV VERB PROPN PUNCT", ["prep=-"]),
        ("Kursk fiel.", "PROPN VERB PUNCT", ["prep=-"]),
    ],
)
def test_left_edge_reads_back_to_the_preposition(text: str, pos: str, expected: list[str]) -> None:
    reading = read(text, {"Kursk": "place/kursk"}, pos=pos)
    found = left_edge(reading, reading.places[0], 0)
    assert [f for f in found if f.startswith(("art=", "prep="))] == expected


def test_left_edge_stops_at_the_sentence_and_sees_the_genitive() -> None:
    reading = read("Man rechnet mit. Russlands Angriff kam.", {"Russlands": "country/RU"})
    begin, _ = reading.sentences[1]
    assert left_edge(reading, reading.places[0], begin) == ["prep=-", "ends=s"]
