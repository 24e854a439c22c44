"""What the second look at the parts is told: chances here and elsewhere, ranks, and whom a pronoun can mean."""

import numpy as np
import pytest

from kg.casting import pair_features
from kg.reading import Reading
from kg.realisations import Happening
from kg.second_look import Chances, SecondLook, column_names
from tests.readings import entity, happening, number_of, read

LABELS = ("participant",)
NAMES = {"Xi": "person/xi", "Putin": "person/putin", "Modi": "person/modi"}
MEETINGS = read(
    "Xi traf Putin. Sie trafen auch Modi.",
    NAMES,
    pos="PROPN VERB PROPN PUNCT PRON VERB ADV PROPN PUNCT",
    deps="nsubj>2 ROOT obj>2 punct>2 nsubj>6 ROOT advmod>6 obj>6 punct>6",
)
PAIR = [happening(MEETINGS, "Meeting", "traf"), happening(MEETINGS, "Meeting", "trafen")]


def chances(**known: float) -> Chances:
    found = np.full((len(MEETINGS.entities), 1), 0.02, dtype=np.float32)
    for name, chance in known.items():
        found[number_of(MEETINGS, f"person/{name}")] = chance
    return found


def told(
    position: int, first: Chances, second: Chances, happenings: list[Happening] = PAIR
) -> dict[str, dict[str, float]]:
    """Return the columns of each person by name."""
    look = SecondLook(MEETINGS, happenings, [pair_features(MEETINGS, h) for h in happenings], [first, second], LABELS)
    numbers, _, matrix = look.cases(position)
    names = column_names(LABELS)
    keys = [MEETINGS.entities[number].entity.key.removeprefix("person/") for number in numbers]
    return {key: dict(zip(names, row.tolist(), strict=True)) for key, row in zip(keys, matrix, strict=True)}


def test_what_was_found_before_and_after() -> None:
    first, second = chances(xi=0.9, putin=0.4), chances(modi=0.5)
    found = told(1, first, second)
    assert found["xi"]["alike before"] == found["xi"]["before"] == pytest.approx(0.9)
    assert found["xi"]["best alike before"] == found["modi"]["best alike before"] == pytest.approx(0.9)
    assert found["modi"]["alike before"] == pytest.approx(0.02)
    assert told(0, first, second)["modi"]["alike after"] == pytest.approx(0.5)
    assert told(0, first, second)["modi"]["alike before"] == 0


def test_ranks_and_rivals() -> None:
    found = told(1, chances(xi=0.9, putin=0.4), chances(modi=0.5, xi=0.3))
    assert [found[name]["rank"] for name in ("modi", "xi", "putin")] == [0, 1, 2]
    assert found["modi"]["best other"] == pytest.approx(0.3)
    assert found["xi"]["best other"] == pytest.approx(0.5)
    assert [found[name]["rank elsewhere"] for name in ("xi", "putin", "modi")] == [0, 1, 2]


def test_a_happening_that_is_none_says_less_of_its_neighbours() -> None:
    doubtful = [Happening("Meeting", PAIR[0].token, probability=0.2), PAIR[1]]
    found = told(1, chances(xi=0.9), chances(modi=0.5), doubtful)
    assert found["xi"]["alike before"] == pytest.approx(0.18)


def test_a_pronoun_means_who_was_named_before_it() -> None:
    found = told(1, chances(), chances())
    assert found["putin"]["recent antecedent"] == 0
    assert found["xi"]["recent antecedent"] == 1
    assert found["xi"]["salient antecedent in place"] == 0
    assert found["modi"]["recent antecedent"] > 3
    assert found["modi"]["anaphors in place"] == 1


def test_who_has_no_chance_anywhere_is_not_looked_at() -> None:
    nobody = np.zeros((len(MEETINGS.entities), 1), dtype=np.float32)
    assert told(1, nobody, nobody) == {}
    assert set(told(1, chances(), nobody + chances(xi=0.02) * 0.001)) == set()


def test_an_article_without_names() -> None:
    reading: Reading = read("Man traf sich.")
    found = happening(reading, "Meeting", "traf")
    look = SecondLook(reading, [found], [{}], [np.zeros((0, 1), dtype=np.float32)], LABELS)
    numbers, columns, matrix = look.cases(0)
    assert (len(numbers), len(columns), matrix.shape) == (0, 0, (0, len(column_names(LABELS))))


def test_a_list_and_a_state_with_its_army() -> None:
    reading = read(
        "Polen und Litauen schicken Soldaten, die Armee Litauens folgt.",
        {
            "Polen": "country/PL",
            "Litauen": "country/LT",
            "Armee Litauens": entity("organization/army", country="country/LT"),
        },
        pos="PROPN CCONJ PROPN VERB NOUN PUNCT DET NOUN PROPN VERB PUNCT",
        deps="nsubj>4 cc>3 conj>1 ROOT obj>4 punct>10 det>8 nsubj>10 nmod>8 parataxis>4 punct>4",
    )
    sending = happening(reading, "Deployment", "schicken")
    first = np.full((len(reading.entities), 1), 0.1, dtype=np.float32)
    first[number_of(reading, "country/PL")] = 0.9
    first[number_of(reading, "organization/army")] = 0.4
    look = SecondLook(reading, [sending], [pair_features(reading, sending)], [first], ("sender",))
    numbers, _, matrix = look.cases(0)
    told_of = {
        reading.entities[number].entity.key: dict(zip(column_names(("sender",)), row.tolist(), strict=True))
        for number, row in zip(numbers, matrix, strict=True)
    }
    lithuania = told_of["country/LT"]
    assert lithuania["best in list"] == lithuania["least in list"] == pytest.approx(0.9)
    assert lithuania["listed"] == 1
    assert lithuania["state or body"] == pytest.approx(0.4)
    assert told_of["country/PL"]["state or body"] == 0
    assert told_of["organization/army"]["listed"] == 0
