"""The generator of benchmarks/generator: what it makes up is as the program itself would have made it."""

from datetime import date
from pathlib import Path

import pyoxigraph as ox
import pytest
from click.testing import CliRunner

from benchmarks.generator.command import main
from benchmarks.generator.texts import CORPUS, read_sentences
from benchmarks.generator.world import HUB
from kg.articles import ReadOptions, read_inputs
from kg.errors import ArticleError
from kg.rollup import derive
from kg.validate import validate
from tests.gold import BASE
from tests.gold_store import select


def generate(out: Path, *options: str) -> bytes:
    result = CliRunner().invoke(main, [str(out), "--articles", "200", "--base-iri", BASE, *options])
    assert result.exit_code == 0, result.output
    return out.read_bytes() if out.is_file() else b""


def load(data: bytes) -> ox.Store:
    store = ox.Store()
    store.load(data, format=ox.RdfFormat.N_QUADS)
    return store


@pytest.fixture(scope="module")
def news(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    return generate(tmp_path_factory.mktemp("news") / "news.nq")


def test_same_seed_same_bytes(news: bytes, tmp_path: Path) -> None:
    assert generate(tmp_path / "again.nq") == news
    assert generate(tmp_path / "other.nq", "--seed", "2") != news


def test_deriving_anew_changes_nothing(news: bytes) -> None:
    store = load(news)
    before = {str(quad) for quad in store}
    derive(store, BASE)
    assert {str(quad) for quad in store} == before


def test_conforms_to_the_shapes(news: bytes) -> None:
    assert not validate(load(news)).findings


def test_size_of_an_article(news: bytes) -> None:
    assert 130 < news.count(b"\n") / 200 < 180


def test_hub_has_the_claims_that_are_asked_for(tmp_path: Path) -> None:
    store = load(generate(tmp_path / "hub.nq", "--hub-claims", "300"))
    query = f"""PREFIX lb: <https://w3id.org/lagebild/ontology#>
        SELECT DISTINCT ?claim WHERE {{ ?claim lb:eventType ?type ; ?role <{BASE}id/{HUB}> }}"""
    assert len(list(select(store, query))) == 300


def test_too_many_claims_for_the_hub(tmp_path: Path) -> None:
    result = CliRunner().invoke(main, [str(tmp_path / "hub.nq"), "--articles", "10", "--hub-claims", "300"])
    assert result.exit_code == 2
    assert "too many for 10 articles" in result.output


def test_texts_are_articles_that_nobody_wrote(tmp_path: Path) -> None:
    generate(tmp_path / "one", "--texts")
    generate(tmp_path / "two", "--texts")
    one, two = (sorted((tmp_path / name).rglob("*.*")) for name in ("one", "two"))
    assert [path.read_bytes() for path in one] == [path.read_bytes() for path in two]
    articles = list(read_inputs([str(tmp_path / "one")], ReadOptions(today=date(2024, 1, 1))))
    assert len(articles) == 200
    assert not any(isinstance(article, ArticleError) for article in articles)
    texts = {path.read_text("utf-8") for path in one if path.suffix == ".txt"}
    assert len(texts) == 200
    known = read_sentences(CORPUS)
    # About 95 would be there if nothing were exchanged; some sentences hold neither name nor figure.
    assert sum(sentence in text for text in texts for sentence in known[:200]) < 50
