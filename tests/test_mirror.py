"""A store that follows its copy."""

from collections.abc import Iterator
from pathlib import Path

import pyoxigraph as ox
import pytest

from kg.homes.mirror import Follower, Mirror

GRAPH = ox.NamedNode("http://example.org/graph")
ONE, OTHER, THIRD = (ox.Quad(GRAPH, GRAPH, ox.Literal(text), GRAPH) for text in ("one", "other", "third"))


@pytest.fixture
def follower(tmp_path: Path) -> Iterator[Follower]:
    follower = Follower(ox.Store(str(tmp_path / "store")))
    yield follower
    follower.close()


def read_copy(follower: Follower, folder: Path) -> set[ox.Quad]:
    follower.copy_to(folder).result()
    return set(ox.Store.read_only(str(folder)))


def test_a_store_follows_in_the_order_of_the_changes(follower: Follower, tmp_path: Path) -> None:
    copy = ox.Store()
    mirror = Mirror(follower, copy)
    mirror.bulk_extend(quad for quad in [ONE])
    mirror.extend(quad for quad in [OTHER])
    mirror.remove(ONE)
    mirror.update(f"INSERT DATA {{ GRAPH {GRAPH} {{ {GRAPH} {GRAPH} 'third' }} }}")
    assert set(mirror) == set(copy) == {OTHER, THIRD}, "which the copy has at once"
    assert read_copy(follower, tmp_path / "first") == {OTHER, THIRD}
    mirror.clear_graph(GRAPH)
    assert not read_copy(follower, tmp_path / "second")


def test_a_store_that_refuses_a_change_is_not_copied(follower: Follower, tmp_path: Path) -> None:
    def refuse(store: ox.Store) -> None:
        raise OSError("No space left on device")

    follower.follow(refuse)
    follower.follow(lambda store: store.add(ONE))
    with pytest.raises(OSError, match="No space left"):
        follower.copy_to(tmp_path / "first").result()
    assert not (tmp_path / "first").exists()
    follower.follow(lambda store: store.add(OTHER))
    assert read_copy(follower, tmp_path / "second") == {OTHER}, "and nothing was written behind what it refused"
