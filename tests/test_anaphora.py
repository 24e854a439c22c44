"""What points back, and whom it can mean."""

import pytest

from kg.anaphora import FAR, find_anaphors, rank_antecedents
from tests.readings import number_of, read

NAMES = {"Kenia": "country/KE", "Haiti": "country/HT", "Ruto": "person/ruto", "Nato": "organization/nato"}


def named(*names: str) -> dict[str, str]:
    return {name: NAMES[name] for name in names}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Er kam.", ["Er"]),
        ("Kenia half, und das Land zahlte.", ["Land"]),
        ("Man reiste dorthin.", ["dorthin"]),
        ("Man sah das kleine Land.", ["Land"]),
        ("Man lobte den 54-Jährigen.", ["54-Jährigen"]),
        ("Man sah Land.", []),
        ("Man lobte Präsident Ruto.", []),
        ("Man lobte den Präsidenten Ruto.", []),
        ("Kenia half Haiti.", []),
    ],
)
def test_what_points_back(text: str, words: list[str]) -> None:
    pos = {"Man sah das kleine Land.": "PRON VERB DET ADJ NOUN PUNCT"}.get(text, "")
    reading = read(text, {name: key for name, key in NAMES.items() if name in text}, pos=pos)
    assert [reading.doc[anaphor.token].text for anaphor in find_anaphors(reading, 0)] == words


def test_antecedents_are_ranked_by_recency_and_salience() -> None:
    reading = read("Kenia und Haiti tagten. Das half der Nato. Er kam.", named("Kenia", "Haiti", "Nato"))
    (pointing,) = find_anaphors(reading, 2)
    ranks = rank_antecedents(reading, pointing)
    keys = ("country/KE", "country/HT", "organization/nato")
    assert [ranks[number_of(reading, key)][0] for key in keys] == [2, 1, 0]
    assert [ranks[number_of(reading, key)][1] for key in keys] == [0, FAR + 1, FAR + 1]


def test_only_what_fits_and_stands_before() -> None:
    reading = read("Ruto kam nach Haiti. Dort traf er Kenia.", named("Ruto", "Haiti", "Kenia"))
    there, he = find_anaphors(reading, 1)
    assert set(rank_antecedents(reading, there)) == {number_of(reading, "country/HT")}
    assert set(rank_antecedents(reading, he)) == {number_of(reading, "person/ruto"), number_of(reading, "country/HT")}
