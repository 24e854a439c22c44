"""One writer, and snapshots for readers."""

import json
from pathlib import Path

import pyoxigraph as ox
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg import snapshots
from kg.errors import StoreError
from kg.homes import folder
from kg.layout import FORMAT, read_description
from kg.snapshots import name_snapshot
from kg.store import Writer, base_iri_of, list_articles, open_snapshot
from tests.search_index import index_lines
from tests.small_store import BASE, COUNT, MINT, SAYS, build, derive, exported, quads, writer


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return build(tmp_path / "store")


def test_published_articles_are_read(path: Path) -> None:
    with open_snapshot(path) as store:
        assert list_articles(store, BASE) == ["a", "b"]
        assert [str(q.object) for q in store.quads_for_pattern(None, COUNT, None, None)] == [str(ox.Literal(3))]
    assert base_iri_of(path) == BASE


def test_replacing_leaves_nothing_of_the_old_article(path: Path) -> None:
    with writer(path) as again:
        again.replace_article("a", quads("a", "zwei", 'mit "Zeichen" \\ und\nZeilen'))
        again.publish()
    assert {line.split(" ", 2)[2] for line in exported(path).splitlines() if "/article/a>" in line} == {
        '"zwei"@de <http://example.org/graph/article/a> .',
        '"mit \\"Zeichen\\" \\\\ und\\nZeilen"@de <http://example.org/graph/article/a> .',
    }


def test_replacing_by_the_same_changes_nothing(path: Path) -> None:
    before = exported(path)
    with writer(path) as again:
        again.replace_article("a", quads("a", "zwei", "eins"))
        again.publish()
    assert exported(path) == before


def test_removing(path: Path) -> None:
    with writer(path) as again:
        assert again.remove_article("a")
        assert not again.remove_article("a")
        again.publish()
        assert again.stems() == ["b"]
    assert "/article/a>" not in exported(path)


def test_readers_see_nothing_before_publication(path: Path) -> None:
    before = exported(path)
    with writer(path) as again:
        again.replace_article("c", quads("c", "vier"))
        assert exported(path) == before


def test_a_snapshot_stays_while_it_is_read(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(snapshots, "_LINGER", 0.0)
    with open_snapshot(path) as store:
        with writer(path) as again:
            for _ in range(3):
                again.publish()
            assert sorted(f.name for f in (path / "snapshots").iterdir() if f.is_dir()) == ["1", "4"]
        assert len(list(store)) == 4
    with writer(path) as again:
        again.publish()
    assert sorted(f.name for f in (path / "snapshots").iterdir() if f.is_dir()) == ["5"]


def test_superseded_snapshots_linger_for_readers_that_do_not_lock(path: Path) -> None:
    with writer(path) as again:
        again.publish()
    assert (path / "snapshots" / "1").is_dir()


def test_the_reference_description_of_an_entity_is_replaced(path: Path) -> None:
    entity = MINT.entity("country/KE")

    def described(*labels: str) -> list[ox.Quad]:
        return [ox.Quad(entity, SAYS, ox.Literal(label), MINT.entities_graph) for label in labels]

    for labels in (("Kenia", "Kenja"), ("Kenia", "Kenya")):
        with writer(path) as again:
            again.replace_article("a", quads("a", "eins"), described(*labels))
            again.publish()
        found = [line for line in exported(path).splitlines() if "country/KE" in line]
        assert len(found) == len(labels)
        assert all(any(f'"{label}"' in line for line in found) for label in labels)


def test_a_second_writer_is_told(path: Path) -> None:
    with writer(path), pytest.raises(StoreError, match="Another process is writing"):
        writer(path)
    with writer(path):
        pass


def test_another_base_iri_is_refused(path: Path) -> None:
    with pytest.raises(StoreError, match=r"has the base IRI http://example\.org/, not http://example\.com/"):
        writer(path, "http://example.com/")


def test_a_store_of_the_version_before_is_read_and_brought_up_to_date_by_the_next_writer(path: Path) -> None:
    before = exported(path)
    (path / "store.json").write_text('{"format": 1, "base_iri": "http://example.org/"}')
    assert (exported(path), base_iri_of(path)) == (before, BASE)
    with writer(path) as again:
        assert not (path / "derived").exists()
        again.publish()
    assert exported(path) == before
    assert json.loads((path / "store.json").read_text()) == {"format": FORMAT, "base_iri": BASE}


@pytest.mark.parametrize("content", ["", "{}", "[]", '{"format": 1}', '{"format": 99, "base_iri": "http://x/"}'])
def test_a_store_of_another_version_or_none_is_refused(path: Path, content: str) -> None:
    (path / "store.json").write_text(content)
    for act in (writer, base_iri_of, exported):
        with pytest.raises(StoreError):
            act(path)


def test_a_folder_of_other_files_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("x")
    with pytest.raises(StoreError, match="no store"):
        writer(tmp_path)
    assert not (tmp_path / "data").exists()


@pytest.mark.parametrize(
    ("what", "said"),
    [
        ("missing", "There is no store at .*missing. Build one"),
        ("file", "file is a file, and a store is a folder. Give the folder"),
        ("file/below", "file is a file, and a store is a folder. Give the folder"),
        ("others", "others has files in it but is no store. Give the folder"),
        ("created-only", "There is no graph in .*created-only. Build one"),
    ],
)
def test_what_is_no_store_is_told_alike_by_all(tmp_path: Path, what: str, said: str) -> None:
    place = tmp_path / what
    (tmp_path / "file").write_text("x")
    (tmp_path / "others").mkdir()
    (tmp_path / "others" / "letter.txt").write_text("x")
    if what == "created-only":
        writer(place).close()
    else:
        with pytest.raises(StoreError, match=said):
            read_description(place)
        for create in (False, True) if what != "missing" else (False,):
            with pytest.raises(StoreError, match=said):
                Writer(place, BASE, derive, create=create)
    with pytest.raises(StoreError, match=said), open_snapshot(place):
        pass
    with pytest.raises(StoreError, match=said):
        name_snapshot(place)


def test_a_store_that_may_not_be_created(path: Path) -> None:
    with pytest.raises(StoreError, match="no store at"):
        Writer(path / "other", BASE, derive, create=False)
    assert not (path / "other").exists()


def test_errors_of_the_reader_are_its_own(path: Path) -> None:
    with pytest.raises(FileNotFoundError), open_snapshot(path):
        raise FileNotFoundError


@settings(max_examples=8, deadline=None)
@given(
    st.lists(
        st.tuples(st.sampled_from("abc"), st.lists(st.text(max_size=20), max_size=3) | st.none()),
        min_size=1,
        max_size=8,
    )
)
def test_any_history_gives_what_a_build_of_its_last_state_gives(
    tmp_path_factory: pytest.TempPathFactory, history: list[tuple[str, list[str] | None]]
) -> None:
    folder = tmp_path_factory.mktemp("history")
    with writer(folder / "lived") as lived:
        for stem, texts in history:
            if texts is None:
                lived.remove_article(stem)
            else:
                lived.replace_article(stem, quads(stem, *texts))
        lived.publish()
    last = dict(history)
    with writer(folder / "fresh") as fresh:
        for stem, texts in sorted(last.items(), key=str, reverse=True):
            if texts is not None:
                fresh.replace_article(stem, quads(stem, *texts))
        fresh.publish()
    assert exported(folder / "lived") == exported(folder / "fresh")


@pytest.mark.parametrize("change", ["none", "replaced", "removed", "stated", "guest"])
def test_what_is_kept_in_memory_changes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, change: str) -> None:
    found = []
    for name, limit in (("memory", 10**9), ("half", 300), ("disk", 0)):
        monkeypatch.setattr(folder, "_IN_MEMORY", limit)
        path = tmp_path / name / "store"
        with writer(path) as built:
            built.replace_article("a", quads("a", "eins", "zwei"))
            built.stems()  # has it written
            built.replace_article("b", quads("b", "drei"))
            built.stems()
            if change == "replaced":
                built.replace_article("a", quads("a", "vier"))
            elif change == "removed":
                built.remove_article("a")
            elif change == "stated":
                built.add_statements(quads("b", "fünf"))
            elif change == "guest":
                built.guests.add(ox.NamedNode("http://example.org/guest"), [ox.Triple(SAYS, SAYS, ox.Literal("sechs"))])
            built.replace_article("c", quads("c", "sieben"))
            built.publish()
            built.replace_article("d", quads("d", "acht"))
            built.publish()
        found.append((exported(path), index_lines(path)))
    assert found[0] == found[1] == found[2]
    assert f"{COUNT}" in found[0][0]
