"""All that a store holds as one file."""

from pathlib import Path

import pyoxigraph as ox
import pytest

from kg.dump import FORMATS, dump
from kg.errors import SettingError, StoreError
from kg.store import open_snapshot
from tests.small_store import build, exported, quads, writer


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return build(tmp_path / "store")


@pytest.mark.parametrize("ending", FORMATS)
def test_dumps_hold_every_triple_and_are_the_same_for_any_order(path: Path, tmp_path: Path, ending: str) -> None:
    with writer(tmp_path / "other") as other:
        other.replace_article("b", quads("b", "drei"))
        other.replace_article("a", quads("a", "vier"))
        other.replace_article("a", quads("a", "zwei", "eins"))
        other.publish()
    dumped = []
    for place in (path, tmp_path / "other"):
        target = tmp_path / f"dump{ending}"
        with open_snapshot(place) as store:
            assert dump(store, target) == 4
        dumped.append(target.read_bytes())
        loaded = ox.Store()
        loaded.load(path=str(target))
        assert {q.triple for q in loaded} == {
            q.triple for q in ox.parse(input=exported(place), format=ox.RdfFormat.N_QUADS)
        }
    assert dumped[0] == dumped[1]


def test_n_quads_are_in_the_order_of_their_graphs_and_lines(path: Path) -> None:
    graphs = [line.rsplit(" ", 2)[1] for line in exported(path).splitlines()]
    assert graphs == sorted(graphs)


def test_dumping_to_an_unknown_format_or_place(path: Path, tmp_path: Path) -> None:
    with open_snapshot(path) as store:
        with pytest.raises(SettingError, match=r"'\.xls'"):
            dump(store, tmp_path / "out.xls")
        with pytest.raises(StoreError, match="cannot be written"):
            dump(store, tmp_path / "missing" / "out.nq")
