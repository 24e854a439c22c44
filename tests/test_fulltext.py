"""The index of words beside the store: it follows each publication, and finds what a reader of the snapshot may see."""

import shutil
import sqlite3
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from concurrent.futures.process import BrokenProcessPool
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any
from unittest.mock import Mock, patch

import pytest

from kg import processes
from kg.errors import IndexNotReadyError, QueryTimeoutError
from kg.fulltext import asking, updating
from kg.fulltext.asking import Hit, Index, Wanted
from kg.fulltext.database import FILE, discard, open_for_reading
from kg.fulltext.looser import loosen
from kg.fulltext.words import fold_words, mark, read_question, split, take_apart
from kg.homes import readers
from kg.homes.indexing import documents_of
from kg.model import Extraction, Span
from kg.rdf import reference_quads, to_quads
from kg.rollup import derive
from kg.snapshots import name_snapshot, number_of
from kg.store import Writer, open_snapshot
from tests.gold import BASE, load_gold
from tests.search_index import check_whole, index_lines

KOREA = f"{BASE}id/country/KP"


def change(path: Path, *extractions: Extraction, remove: str = "", publish: bool = True) -> None:
    """Put articles into a store, or take one out."""
    with Writer(path, BASE, derive) as writer:
        for extraction in extractions:
            known = [item.entity for item in extraction.entities]
            writer.replace_article(extraction.article.stem, to_quads(extraction, BASE), reference_quads(known, BASE))
        if remove:
            writer.remove_article(remove)
        if publish:
            writer.publish()


def find(path: Path, kind: Any = "event", **wanted: str) -> list[Hit]:
    return Index(path).find(kind, Wanted(**wanted), number_of(name_snapshot(path)), 1000)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("10.000 Soldaten", "10000 soldaten"),
        ("10 000, 10'000 und 1.250.000", "10000 10000 und 1250000"),
        ("10\u202f000 10\u00a0000", "10000 10000"),
        ("im Jahr 2024 100 Mann", "im jahr 2024 100 mann"),
        ("12.5000 am 3.10.2024", "12 5000 am 3 10 2024"),
        ("Türkei", "turkei tuerkei"),
        ("Straße Œuvre I\u0307", "strasse œuvre i"),
        ("Z\u006f\u0308gern", "zogern zoegern"),
        ("a_b \x00 \udcff *\"'", "a b"),
        ("Київ محمد", "киів محمد"),
    ],
)
def test_words_and_numbers(text: str, words: str) -> None:
    assert " ".join(fold_words(text)) == words


def test_words_stand_where_they_are() -> None:
    text = "Bis zu 10.000 Soldaten"
    assert [text[piece.begin : piece.end] for piece in split(text)] == ["Bis", "zu", "10.000", "Soldaten"]


def test_what_was_asked_for_is_marked() -> None:
    marked = mark("Weniger als 10.000 Elitesoldaten aus Niger", read_question("10 000 soldaten niger"))
    assert "".join(text for text, _ in marked) == "Weniger als 10.000 Elitesoldaten aus Niger"
    assert [text for text, wanted in marked if wanted] == ["10.000", "Elitesoldaten", "Niger"]


@pytest.fixture(scope="module")
def gold(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("fulltext")
    change(path, *load_gold())
    return path


@pytest.mark.parametrize("words", ["nordkorea 15000", "Nordk 15.000", "NORDKOREA 15 000", "korea 15'000"])
def test_a_country_and_a_figure(gold: Path, words: str) -> None:
    for kind in ("event", "claim"):
        assert {hit.type for hit in find(gold, kind, words=words)} == {"Deployment"}, kind
    assert not find(gold, words="nordkorea 1500")


def test_entities_by_name_and_identifier(gold: Path) -> None:
    index, snapshot = Index(gold), number_of(name_snapshot(gold))
    assert find(gold, "entity", words="kp")[0].iri == KOREA
    assert find(gold, "entity", words="korea")[0].label("en")
    assert {each.iri for each in index.identified("Q423", snapshot)} == {KOREA}
    assert {each.iri for each in index.identified("country/KP", snapshot)} == {KOREA}
    for name in ("Kim Jong Un", "Kim Jong-Uhn"):
        assert f"{BASE}id/person/kim-jong-un" in {each.iri for each in index.called(name, ["Person"], snapshot)}
    assert not index.called("Kim Jong Un", ["Country"], snapshot)


def test_texts_of_articles_are_found_and_noise_is_not(tmp_path: Path) -> None:
    extraction = load_gold()[0]
    article = extraction.article
    noise = Span(len(article.text) + 1, len(article.text) + 19)
    text = f"{article.text}\nJetzt Probeabo für"
    assert len(text) == noise.end
    change(tmp_path, replace(extraction, article=replace(article, text=text, noise=(noise,))))
    assert not find(tmp_path, "article", words="probeabo")
    last = [word for word in fold_words(article.text) if word.isalpha()][-1]
    assert [hit.type for hit in find(tmp_path, "article", words=last)] == ["Article"]


def test_letters_and_digits_may_be_set_apart(gold: Path) -> None:
    assert find(gold, "claim", words="F16") == find(gold, "claim", words="f-16") != []
    assert not find(gold, "claim", words="g16")
    assert take_apart("f16") == ("f", "16")
    assert take_apart("16f") == take_apart("16") == take_apart("f") == take_apart("a4m") == ()


@pytest.mark.parametrize(
    ("question", "looser"),
    [
        (
            "Wie viele Soldaten schickte Ungarn nach Mali?",
            [
                ("Soldaten schickte Ungarn Mali", "Wie viele nach"),
                ("schickte Ungarn Mali", "Wie viele Soldaten nach"),
                ("Soldaten Ungarn Mali", "Wie viele schickte nach"),
                ("Ungarn Mali", "Wie viele Soldaten schickte nach"),
            ],
        ),
        ("nordkorea 10.000", [("nordkorea", "10.000")]),
        (
            "who sent 500 to Mali",
            [("sent 500 Mali", "who to"), ("who sent to Mali", "500"), ("sent Mali", "who 500 to")],
        ),
        ("10000", []),
        ("wer wie was", []),
        ("", []),
    ],
)
def test_looser_questions(question: str, looser: list[tuple[str, str]]) -> None:
    found = list(loosen(question, {"Ungarn", "Mali", "nordkorea"}.__contains__))
    assert found[: len(looser)] == looser
    assert len(found) == len(looser) or question.startswith("who")


def test_choices_and_their_counts(gold: Path) -> None:
    index, snapshot = Index(gold), number_of(name_snapshot(gold))
    everything = find(gold)
    for wanted in (Wanted(), Wanted(words="russland"), Wanted(since="2024-01-01", until="2024-12-31")):
        facets = index.facets("event", wanted, snapshot)
        for type_, by_status in facets.types.items():
            for status, number in by_status.items():
                chosen = wanted._replace(type=type_, status=status)
                assert number == len(index.find("event", chosen, snapshot, 1000)) > 0
        for country, number in facets.countries.items():
            assert number == len(index.find("event", wanted._replace(country=country), snapshot, 1000))
        assert index.count(wanted, snapshot)["event"] == sum(sum(each.values()) for each in facets.types.values())
    assert index.find("event", Wanted(), snapshot, 5, 3) == everything[3:8]
    assert [hit.day for hit in everything] == sorted((hit.day for hit in everything), reverse=True)
    assert all((hit.begin or hit.day) <= "2024-12-31" for hit in find(gold, until="2024-12-31"))
    assert not find(gold, "entity", until="2024-12-31")


@pytest.mark.parametrize(
    "words",
    [
        '"',
        "*",
        "a AND b OR NOT",
        "NEAR(a b)",
        "-x",
        "\x00",
        "x" * 10_000,
        "(",
        "{words}:x",
        "^a",
        "\udcff",
        "a* " * 900,
    ],
)
def test_any_words_are_words(gold: Path, words: str) -> None:
    index, snapshot = Index(gold), number_of(name_snapshot(gold))
    assert index.count(Wanted(words), snapshot).keys() == {"entity", "event", "claim", "article"}
    index.called(words, ["Person"], snapshot)
    index.identified(words, snapshot)


def test_wildcards_alone_find_nothing(gold: Path) -> None:
    assert not any(Index(gold).count(Wanted("***"), number_of(name_snapshot(gold))).values())


def test_a_question_that_takes_too_long(gold: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asking, "SECONDS", -1.0)
    monkeypatch.setattr(asking, "_STEPS", 1)
    with pytest.raises(QueryTimeoutError, match="was stopped"):
        find(gold, words="a")


def test_a_snapshot_is_found_in_as_long_as_it_is_read(tmp_path: Path) -> None:
    first, *rest = load_gold()
    change(tmp_path, first)
    index, snapshot = Index(tmp_path), number_of(name_snapshot(tmp_path))
    before = index.find("claim", Wanted(), snapshot, 1000)
    change(tmp_path, *rest, remove=first.article.stem)
    assert index.find("claim", Wanted(), snapshot, 1000) == before
    after = index.find("claim", Wanted(), number_of(name_snapshot(tmp_path)), 1000)
    assert not set(before) & set(after)
    with patch("kg.snapshots._LINGER", 0.0):
        for _ in range(2):
            change(tmp_path)
    with pytest.raises(IndexNotReadyError, match="kg index"):
        index.find("claim", Wanted(), snapshot, 1)
    assert index.find("claim", Wanted(), number_of(name_snapshot(tmp_path)), 1000) == after
    check_whole(tmp_path)


def test_who_may_only_read_finds_it_all_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first, second, *_ = load_gold()
    change(tmp_path, first)

    def refuse(store_path: Path, *, unlocked: bool = False) -> sqlite3.Connection:
        if not unlocked:
            raise sqlite3.OperationalError("unable to open database file")
        return open_for_reading(store_path, unlocked=True)

    monkeypatch.setattr(asking, "open_for_reading", refuse)
    index, names = Index(tmp_path), [number_of(name_snapshot(tmp_path))]
    assert index.find("claim", Wanted(), names[0], 1)
    change(tmp_path, second)
    assert index.find("claim", Wanted(), number_of(name_snapshot(tmp_path)), 1)


def test_a_file_that_is_damaged_while_it_is_read(tmp_path: Path) -> None:
    change(tmp_path, *load_gold())
    with (tmp_path / FILE).open("r+b") as file:
        file.seek(8192)
        file.write(b"\xff" * (tmp_path / FILE).stat().st_size)
    with pytest.raises(IndexNotReadyError):
        for kind in ("entity", "event", "claim"):
            find(tmp_path, kind, words="a")


def damage(path: Path) -> None:
    (path / FILE).write_bytes(b"no database" * 1000)


def remove(path: Path) -> None:
    (path / FILE).unlink()


def outdate(path: Path) -> None:
    with closing(sqlite3.connect(path / FILE)) as database:
        database.execute("PRAGMA user_version = 999")


@pytest.mark.parametrize("spoil", [damage, remove, outdate])
def test_an_index_that_is_no_good_is_made_anew(tmp_path: Path, spoil: Callable[[Path], None]) -> None:
    first, second, *_ = load_gold()
    change(tmp_path / "spoilt", first)
    spoil(tmp_path / "spoilt")
    with pytest.raises(IndexNotReadyError):
        find(tmp_path / "spoilt")
    change(tmp_path / "spoilt", second)
    change(tmp_path / "fresh", first, second)
    assert index_lines(tmp_path / "spoilt") == index_lines(tmp_path / "fresh")
    check_whole(tmp_path / "spoilt")


@pytest.mark.parametrize(
    "where", ["kg.fulltext.updating._Index.finish", "kg.snapshots._drop_superseded", "kg.snapshots.Path.replace"]
)
def test_a_writer_that_is_stopped_leaves_what_readers_see(tmp_path: Path, where: str) -> None:
    first, second, third, *_ = load_gold()
    change(tmp_path / "lived", first, second)
    seen = index_lines(tmp_path / "lived")
    stopped = patch(where, side_effect=KeyboardInterrupt)
    with stopped, patch.object(updating, "BATCH", 7), pytest.raises(KeyboardInterrupt):
        change(tmp_path / "lived", third, remove=first.article.stem)
    if where != "kg.snapshots._drop_superseded":  # it had been published
        assert index_lines(tmp_path / "lived") == seen
    change(tmp_path / "lived")
    change(tmp_path / "fresh", second, third)
    assert index_lines(tmp_path / "lived") == index_lines(tmp_path / "fresh")
    check_whole(tmp_path / "lived")


def test_an_index_that_was_cut_off_while_it_was_first_filled_is_made_whole(tmp_path: Path) -> None:
    first, second, *_ = load_gold()
    with patch.object(updating._Index, "finish", side_effect=KeyboardInterrupt), pytest.raises(KeyboardInterrupt):
        change(tmp_path / "cut", first)
    change(tmp_path / "cut", second)
    change(tmp_path / "fresh", first, second)
    assert index_lines(tmp_path / "cut") == index_lines(tmp_path / "fresh")
    assert "docs_by_day" in schema_of(tmp_path / "cut")
    assert schema_of(tmp_path / "cut") == schema_of(tmp_path / "fresh")


def schema_of(path: Path) -> list[str]:
    with closing(open_for_reading(path)) as database:
        return sorted(name for (name,) in database.execute("SELECT name FROM sqlite_master"))


@pytest.fixture
def pools() -> Iterator[Mock]:
    """Have even a small store read by two processes; this is what starts them."""
    with (
        patch.object(updating, "BATCH", 25),
        patch.multiple(readers, WORTH=3, available_cores=lambda: 2),
        patch.object(readers, "start_pool", wraps=processes.start_pool) as start,
    ):
        yield start


def test_several_processes_read_the_same(gold: Path, tmp_path: Path, pools: Mock) -> None:
    path = shutil.copytree(gold, tmp_path / "store", symlinks=True)
    discard(path)
    change(path)
    pools.assert_called_once()
    assert index_lines(path) == index_lines(gold)
    check_whole(path)


def test_what_a_killed_process_has_not_read_is_read_by_the_writer(
    gold: Path, tmp_path: Path, pools: Mock, caplog: pytest.LogCaptureFixture
) -> None:
    path = shutil.copytree(gold, tmp_path / "store", symlinks=True)
    discard(path)
    first, second = Future[Any](), Future[Any]()
    with open_snapshot(path) as store:
        documents = documents_of(store, BASE)
        first.set_result(documents.read(next(updating._batches(documents.things()))))
    second.set_exception(BrokenProcessPool())
    pools.side_effect = lambda _: Mock(submit=Mock(side_effect=[first, *[second] * 99]))
    change(path)
    assert "was killed" in caplog.text
    assert index_lines(path) == index_lines(gold)
    check_whole(path)
