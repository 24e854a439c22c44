"""Features of pairs that are written out only where somebody reads them."""

import pytest

from kg import pairs
from kg.pairs import PairFeatures
from tests.readings import linear

PAIR = PairFeatures("Meeting", "Person", ("e=Person", "inside", "dep=obj"), ("passive", "tp=VERB"), ("x|dep=obj",))
NAMES = [
    "e=Person", "inside", "dep=obj", "t=Meeting",
    "Meeting|e=Person", "Meeting|inside", "Meeting|dep=obj",
    "Meeting|Person|e=Person", "Meeting|Person|dep=obj", "Meeting|Person|passive", "Meeting|Person|tp=VERB",
    "x|dep=obj",
]  # fmt: skip


def test_a_pair_is_the_list_of_its_features() -> None:
    assert list(PAIR) == NAMES
    assert len(PAIR) == len(NAMES)
    assert (PAIR[0], PAIR[-1], PAIR[1:3]) == (NAMES[0], NAMES[-1], NAMES[1:3])
    assert "Meeting|inside" in PAIR


@pytest.mark.parametrize("most", [3_000, 2])
def test_a_model_finds_and_remembers_the_same_rows(most: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pairs, "_MOST", most)
    model = linear({name: {"addressee": float(row)} for row, name in enumerate(NAMES[::2])}, ["addressee"])
    wanted = [model.rows.get(name, -1) for name in NAMES]
    assert [PAIR.rows(model), PAIR.rows(model)] == [wanted, wanted]
    assert model.sums_of_rows([wanted, []]).tolist() == model.sums([NAMES, []]).tolist()
    assert sum(map(len, model.remembered.values())) <= most
